from __future__ import annotations

import builtins
import io
import zipfile
from pathlib import Path

import pytest

from klastersim.dashboard.choice import Choice
from klastersim.dashboard.outcome import Outcome
from klastersim.dashboard.problems import explain
from klastersim.dashboard.summary import summary_page
from klastersim.dashboard.uploads import MOST_BYTES, choice_of, shown_name, with_table
from klastersim.errors import InputError
from klastersim.figures.words import Words

FIRMS = b"firm;workers;quality\nA;3;0,5\nB;2;0,6\nC;5;0,4\nD;1;0,5\nE;2;0,7\n"
TIES = b"firm;partner;trust\nA;B;0,8\nB;C;0,7\nC;D;0,6\nD;E;0,9\n"


def workbook() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a", "b")
    return held.getvalue()


BAD_SCENARIOS = {
    "huge": b"a" * (MOST_BYTES + 1),
    "binary": b"\x00\x01\x02",
    "other characters": "title = 'é'".encode("latin-1"),
    "empty": b"",
    "no TOML": b"cluster = {",
    "nested": b"a = " + b"[" * 20_000 + b"]" * 20_000,
    "digits": b"a = " + b"1" * 5_000,
    "unknown key": b"[cluster]\nfrims = 3\n",
    "path": b'[ties]\nkind = "file"\nfile = "/etc/passwd"\n',
    "path up": b'[cluster]\nfile = "../../firms.csv"\n',
    "formula": b'[cluster]\nfirms = "=1+1"\n',
    "too many": b"[cluster]\nfirms = 1000000\n",
    "contradiction": b"[programme]\nstart = 90\nend = 10\n",
}

BAD_TABLES = {
    "huge": b"a" * (MOST_BYTES + 1),
    "binary": b"\x00\x01\x02",
    "workbook": workbook(),
    "empty": b"",
    "wrong columns": b"x;y\n1;2\n",
    "formula": b"firm;workers\n=1+1;=cmd()\n",
    "one name twice": b"firm;workers\nA;3\nA;4\n",
    "ragged": b"firm;workers\nA;3;9;9\n",
}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", BAD_SCENARIOS)
def test_a_bad_scenario_is_refused_in_plain_words(name, language):
    with pytest.raises(InputError) as caught:
        choice_of("mine.toml", BAD_SCENARIOS[name])
    told = explain(caught.value, Words(language))
    assert told
    assert "Traceback" not in told
    if language == "id":
        assert "is not" not in told


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", BAD_TABLES)
def test_a_bad_table_is_refused_in_plain_words(name, language):
    with pytest.raises(InputError) as caught:
        with_table(Choice.preset("sentra"), "firms", "mine.csv", BAD_TABLES[name])
    told = explain(caught.value, Words(language))
    assert told.startswith("mine.csv")
    if language == "id":
        assert "is not" not in told


def test_an_upload_that_was_downloaded_is_the_same_scenario():
    choice = Choice.preset("gap-skill").change({"programme.budget": 75.0})
    for language in ("en", "id"):
        again = choice_of("mine.toml", choice.scenario.to_toml(language).encode())
        assert again.scenario.flat() == choice.scenario.flat()
        assert again.uploaded


def test_own_firms_and_ties_make_the_cluster():
    choice = with_table(with_table(Choice.preset("sentra"), "firms", "firms.csv", FIRMS), "ties", "ties.csv", TIES)
    outcome = Outcome.of(choice.change({}, months=3))
    assert choice["cluster.firms"] == 5
    assert outcome.run.world.clusters[0].firms == 5


def test_an_upload_touches_no_disk(monkeypatch):
    choice = Choice.preset("sentra")
    text = choice.scenario.to_toml().encode()
    with_table(choice, "firms", "firms.csv", FIRMS)  # modules are imported now

    def refuse(*arguments: object, **named: object) -> None:
        raise AssertionError(f"a file was opened: {arguments}")

    for where, name in ((builtins, "open"), (io, "open"), (Path, "open")):
        monkeypatch.setattr(where, name, refuse)
    choice_of("../../etc/passwd", text)
    with_table(with_table(choice, "firms", "/etc/passwd", FIRMS), "ties", "..\\ties.csv", TIES)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\a\\b.toml", "b.toml"),
        ("a\x00\nb", "ab"),
        ("", "TOML"),
        ("x" * 500, "x" * 60),
    ],
)
def test_only_the_last_part_of_a_name_is_shown(name, shown):
    assert shown_name(name) == shown


def test_what_a_visitor_wrote_does_no_harm_in_the_summary():
    choice = choice_of("mine.toml", b'title = "<script>alert(1)</script>"\n[cluster]\nfirms = 12\n')
    page = summary_page(Words("id"), Outcome.of(choice.change({}, months=13)), "")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
