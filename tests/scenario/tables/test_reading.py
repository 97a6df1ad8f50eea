"""Tables of firms and ties are understood as spreadsheets export them, and what they leave open is told."""

import pickle
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klastersim.errors import InputError
from klastersim.scenario import Scenario
from klastersim.scenario.tables.filled import filled
from klastersim.scenario.tables.firms import COLUMNS, MEASURES, OwnFirms, read_firms
from klastersim.scenario.tables.ties import Sites, read_ties

#: One table, as different programs write it.
PLAIN = "firm,workers,quality\nSari,3,0.5\nBudi,12.5,\n"
SEMICOLONS = "firm;workers;quality\nSari;3;0,5\nBudi;12,5;\n"
EXPORTS = {
    "commas": PLAIN.encode(),
    "byte order mark": PLAIN.encode("utf-8-sig"),
    "carriage returns": PLAIN.replace("\n", "\r\n").encode(),
    "old carriage returns": PLAIN.replace("\n", "\r").encode(),
    "semicolons and decimal commas": SEMICOLONS.replace("\n", "\r\n").encode("utf-8-sig"),
    "decimal points between semicolons": PLAIN.replace(",", ";").encode(),
    "tabs in UTF-16": SEMICOLONS.replace(";", "\t").encode("utf-16"),
    "UTF-16 with the high byte first": b"\xfe\xff" + SEMICOLONS.encode("utf-16-be"),
    "a separator named": f"sep=;\n{SEMICOLONS}".encode(),
    "quotes": b'"firm","workers","quality"\n"Sari","3","0.5"\n"Budi","12.5",""\n',
    "Indonesian names": SEMICOLONS.replace("firm;workers;quality", "Usaha;Pekerja;Mutu").encode(),
    "empty lines and columns": b"firm,workers,quality,,\nSari,3,0.5,,\n,,,,\n\nBudi,12.5,,,\n,,,,\n",
    "spaces": b" firm , Workers,quality\n Sari,3 , 0.5\nBudi,12.5, \n",
    "another order": b"quality,firm,workers\n0.5,Sari,3\n,Budi,12.5\n",
    "no line break at the end": PLAIN.strip().encode(),
    "an exponent": b"firm,workers,quality\nSari,3e0,5.0E-1\nBudi,1.25e+1,\n",
    "a column of one's own": b"firm,workers,quality,telephone\nSari,3,0.5,=1\nBudi,12.5,,+62\n",
}


@pytest.mark.parametrize("export", EXPORTS)
def test_an_export_of_a_spreadsheet_is_understood(export: str) -> None:
    firms = read_firms("firms.csv", EXPORTS[export])
    assert firms.names == ("Sari", "Budi")
    assert firms.values["workers"].tolist() == [3.0, 12.5]
    assert firms.values["quality"][0] == 0.5
    assert np.isnan(firms.values["quality"][1])
    assert set(firms.values) == {"workers", "quality"}
    assert firms.unused == (("telephone",) if "own" in export else ())


def test_thousands_may_be_parted_by_points_where_a_decimal_comma_tells_them_from_decimals() -> None:
    firms = read_firms("firms.csv", b"firm;workers;capital\nSari;3;1.250,5\nBudi;0,125;0.125\n")
    assert firms.values["capital"].tolist() == [1250.5, 0.125]
    assert firms.values["workers"].tolist() == [3.0, 0.125]


def test_every_column_is_read_under_both_names() -> None:
    for column in COLUMNS:
        for name in (column.name, column.indonesian):
            firms = read_firms("firms.csv", f"{name.replace('_', ' ').title()}\n1\n".encode())
            assert len(firms) == 1
            assert set(firms.values) == ({column.name} - {"firm"})


def test_firms_stand_in_the_order_of_their_positions_and_equal_ones_in_that_of_their_lines() -> None:
    firms = read_firms("firms.csv", b"firm,position,workers,stage\nA,7,1,2\nB,-3,2,1\nC,7,3,\nD,0.5,4,3\n")
    assert firms.names == ("B", "D", "A", "C")
    assert firms.values["workers"].tolist() == [2.0, 4.0, 1.0, 3.0]
    assert firms.values["stage"][:3].tolist() == [1.0, 3.0, 2.0]
    assert firms.sites == {"B": 0, "D": 1, "A": 2, "C": 3}


def test_firms_without_names_are_called_by_their_line_and_keep_it_when_positions_move_them() -> None:
    firms = read_firms("firms.csv", b"position\n30\n10\n20\n")
    assert firms.names == ("1", "2", "0")
    ties = read_ties("ties.csv", b"firm,partner\n0,1\n", Sites(3, firms.sites, "firms.csv"))
    assert (ties.lower.tolist(), ties.upper.tolist()) == ([0], [2])


def test_ties_are_found_by_name_and_ascend_by_site() -> None:
    firms = read_firms("firms.csv", b"firm\nSari\nBudi\nTono\n")
    table = "usaha;mitra;kepercayaan\nTono;Budi;0,25\nBudi;Sari;\n".encode("utf-16")
    ties = read_ties("ties.csv", table, Sites(3, firms.sites, "firms.csv"))
    assert (ties.lower.tolist(), ties.upper.tolist()) == ([0, 1], [1, 2])
    assert np.isnan(ties.trust[0])
    assert ties.trust[1] == 0.25
    assert ties.missing == 1


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(*(st.floats(max(each.low, -1e6), min(each.high, 1e6)) for each in MEASURES if not each.whole)),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from([(",", "."), (";", ","), ("\t", ",")]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_every_number_reads_back_to_the_last_bit(
    rows: list[tuple[float, ...]], marks: tuple[str, str], encoding: str
) -> None:
    separator, decimal = marks
    names = [each.column.name for each in MEASURES if not each.whole]
    lines = [names, *([repr(value).replace(".", decimal) for value in row] for row in rows)]
    firms = read_firms("firms.csv", "\n".join(map(separator.join, lines)).encode(encoding))
    given_rows = sorted(rows, key=lambda row: row[names.index("position")])
    for place, name in enumerate(names):
        assert firms.values[name].tolist() == [row[place] for row in given_rows]


def in_memory(firms: bytes, ties: bytes | None = None, **changes: object) -> Scenario:
    tables = {"preset": "sentra", "cluster.file": "firms.csv", **changes}
    contents = {"firms.csv": firms}
    if ties is not None:
        contents["ties.csv"] = ties
        tables |= {"ties.kind": "file", "ties.file": "ties.csv"}
    return Scenario.from_dict(tables, contents=contents)


def test_the_table_gives_the_number_of_firms() -> None:
    scenario = in_memory(b"workers\n1\n2\n3\n")
    assert scenario["cluster.firms"] == 3
    assert scenario.replace({"cluster.firms": 3}) == scenario
    with pytest.raises(InputError, match=r"cluster\.firms = 4 is not 3, the number of firms in firms\.csv"):
        scenario.replace({"cluster.firms": 4})
    with pytest.raises(InputError, match=r"start\.held = 4 is not at most cluster\.firms = 3"):
        scenario.replace({"start.held": 4})


def test_a_scenario_file_names_tables_in_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "firms.csv").write_bytes(EXPORTS["semicolons and decimal commas"])
    (tmp_path / "mine.toml").write_text('[cluster]\nfile = "firms.csv"\n', encoding="utf-8")
    scenario = Scenario.load(tmp_path / "mine.toml")
    assert scenario["cluster.firms"] == 2
    assert scenario.own.firms is not None
    assert scenario.own.firms.names == ("Sari", "Budi")
    assert Scenario.from_dict(scenario.to_dict()) == scenario
    assert Scenario.from_dict(tomllib.loads(scenario.to_toml())) == scenario


def test_a_table_that_changes_on_disk_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "firms.csv"
    path.write_text("workers\n1\n2\n", encoding="utf-8")
    scenario = Scenario.from_dict({"cluster.file": str(path)})
    before = scenario.file_digests()
    path.write_text("workers\n1\n2.25\n", encoding="utf-8")
    assert scenario.own.firms is not None
    assert scenario.own.firms.values["workers"].tolist() == [1.0, 2.25]
    assert scenario.file_digests() != before
    assert before.keys() == {"firms"}


def test_tables_in_memory_are_looked_for_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.csv").write_text("workers\n1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    contents = {"firms.csv": b"workers\n1\n"}
    for name in ("secret.csv", str(tmp_path / "secret.csv"), "../secret.csv", "/etc/passwd"):
        with pytest.raises(InputError, match=r'is not one of the files given: "firms\.csv"'):
            Scenario.from_dict({"cluster.file": name}, contents=contents)
        with pytest.raises(InputError, match="is not one of the files given"):
            in_memory(b"workers\n1\n").replace({"ties.kind": "file", "ties.file": name})
    with pytest.raises(InputError, match="one of the files given: none"):
        Scenario.from_dict({"ties.kind": "file", "ties.file": "secret.csv"}, contents={})


def test_a_scenario_with_tables_in_memory_is_kept_whole_by_copies_and_changes() -> None:
    scenario = in_memory(b"firm,workers\nA,1\nB,2\n", b"firm,partner\nA,B\n")
    assert pickle.loads(pickle.dumps(scenario)) == scenario  # noqa: S301
    changed = scenario.replace({"ties.trust": 0.7})
    assert changed.own == scenario.own
    assert changed.own.firms is not None
    assert changed.replace({"ties.kind": "near", "ties.file": "", "cluster.file": ""}).own.firms is None
    other = scenario.replace({"ties.file": "more.csv"}, contents={"more.csv": b"firm,partner,trust\nB,A,1\n"})
    assert other.own.ties is not None
    assert other.own.ties.trust.tolist() == [1.0]
    assert other != scenario
    assert in_memory(b"firm,workers\nA,1\nB,3\n") != in_memory(b"firm,workers\nA,1\nB,2\n")


def test_ties_no_longer_belong_where_the_firms_are_taken_away() -> None:
    scenario = in_memory(b"firm,workers\nA,1\nB,2\n", b"firm,partner\nA,B\n")
    with pytest.raises(InputError, match=r'ties\.csv, line 2: firm = "A" is not a whole number from 0 to 1'):
        scenario.replace({"cluster.file": ""})


def test_what_a_table_leaves_open_is_told_with_what_it_is_drawn_from() -> None:
    scenario = in_memory(
        b"firm,workers,quality,stage,colour\nA,1,,1,red\nB,2,0.4,,\nC,,,,\n",
        b"firm,partner,trust\nA,B,0.5\nB,C,\n",
        **{"ties.trust": 0.6},
    )
    assert [each.told() for each in filled(scenario)] == [
        "firms.csv: the column colour is not known and not used.",
        "firms.csv: position is not given; sites follow the order of the lines.",
        "firms.csv: workers of 1 of 3 firms is drawn from cluster.micro_share = 0.75, cluster.small_share = 0.22.",
        "firms.csv: stage is read, but no rule uses it.",
        "firms.csv: quality of 2 of 3 firms is drawn from cluster.quality = 0.5, cluster.quality_concentration = 10.0.",
        "firms.csv: working_capital of 3 of 3 firms is drawn from finance.working_capital = 1.5, finance.spread = 0.5.",
        "ties.csv: trust of 1 of 2 ties is drawn from ties.trust = 0.6, ties.concentration = 10.0.",
    ]
    assert "untuk 1 dari 2 hubungan diundi dari ties.trust = 0.6" in filled(scenario)[-1].told("id")


def test_capital_is_told_to_be_drawn_or_not_used_as_machines_are_of_use_or_not() -> None:
    table = b"position,capital\n1,5\n2,\n3,0\n"
    machines = {"functions.enabled": True, "functions.opening_machines": 0.25}
    drawn = "firms.csv: capital of {} of 3 firms is drawn from functions.opening_machines = 0.25."
    for content, changes, told in (
        (table, machines, drawn.format(1)),
        (b"position\n1\n2\n3\n", machines, drawn.format(3)),
        (table, {}, "firms.csv: capital is read, but no rule uses it."),
        (table, {**machines, "functions.equipment": False}, "firms.csv: capital is read, but no rule uses it."),
    ):
        assert told in [each.told() for each in filled(in_memory(content, **changes))]
    assert not any(each.column == "capital" for each in filled(in_memory(b"position\n1\n2\n")))


def test_what_is_drawn_for_all_is_told_too_and_nothing_where_nothing_is_open() -> None:
    equal = in_memory(b"position\n1\n2\n", **{"cluster.sizes": "equal"})
    told = [each.told() for each in filled(equal)]
    assert "firms.csv: workers of 2 of 2 firms is drawn from cluster.workers = 6.0." in told
    assert told[-1].startswith("firms.csv: who knows whom is drawn from ties.kind = near, ties.degree = 6.0")
    whole = in_memory(b"workers,position,quality,working_capital\n1,1,1,1\n2,2,0,0\n", b"firm,partner,trust\n0,1,1\n")
    assert filled(whole) == ()
    assert filled(Scenario.preset("sentra")) == ()


def test_equal_content_is_an_equal_table_whatever_its_name() -> None:
    one, other = (read_firms(name, EXPORTS["commas"]) for name in ("a.csv", "b.csv"))
    assert isinstance(one, OwnFirms)
    assert one == other
    assert one != read_firms("a.csv", EXPORTS["quotes"])
