"""Whatever is wrong with a scenario, the error says where, which key, what was found, what is allowed, what to do."""

import math
import os
from pathlib import Path
from typing import Any

import pytest

from klastersim.errors import InputError
from klastersim.scenario import Scenario, parse_setting
from klastersim.scenario.catalogue import CATALOGUE
from klastersim.scenario.consistency import CHECKS

HUGE = "1" + "0" * 5000

# Text of the file; words that the message must hold: key and value found, what is allowed, nearest name or remedy.
BAD_FILES: list[Any] = [
    # Nothing said.
    ("", ["is empty", 'Write preset = "sentra"']),
    ("\n# only a comment\n", ["is empty", 'Write preset = "sentra"']),
    ("\ufeff\r\n", ["is empty"]),
    ('format = 1\nname = "x"\n', ["says nothing about a scenario", 'Write preset = "sentra"']),
    ("[cluster]\n", ["says nothing about a scenario"]),
    # Top-level entries.
    ("format = 2\n[cluster]\nfirms = 9\n", ["format = 2", "newer", "format 1", "Install a newer klastersim"]),
    ("format = 0\n[cluster]\nfirms = 9\n", ["format = 0", "1, the format that"]),
    ("format = true\n[cluster]\nfirms = 9\n", ["format = true", "1, the format that"]),
    ('format = "1"\n[cluster]\nfirms = 9\n', ['format = "1"', "1, the format that"]),
    ('preset = "sentr"\n', ['preset = "sentr"', 'one of "sentra", "gap-trust"', 'Did you mean "sentra"?']),
    ("preset = 3\n", ["preset = 3", 'one of "sentra"']),
    ('preset = "sentra"\nname = ""\n', ['name = ""', "text in quotes, 1 to 200 characters"]),
    ('preset = "sentra"\ntitle = "a\\nb"\n', ["title =", "in one line"]),
    ('preset = "sentra"\nname = 5\n', ["name = 5", "text in quotes"]),
    # Unknown keys.
    (
        "[programm]\nstart = 3\n",
        ["programm = {start = 3}", "one of the sections: cluster", 'Did you mean "programme"?'],
    ),
    ("[qqq]\nzzz = 3\n", ["qqq = {zzz = 3}", "one of the sections: cluster, ties"]),
    ("[cluster]\nfrims = 3\n", ["cluster.frims = 3", "keys of [cluster]: firms", 'Did you mean "cluster.firms"?']),
    ("cluster.frims = 3\n", ["cluster.frims = 3", 'Did you mean "cluster.firms"?']),
    ("firms = 3\n", ["firms = 3", "one of the sections", 'Did you mean "cluster.firms"?']),
    ("[cluster]\npotential = 3\n", ["cluster.potential = 3", 'Did you mean "market.potential"?']),
    ("[cluster]\nFirms = 3\n", ["cluster.Firms = 3", 'Did you mean "cluster.firms"?']),
    ("[cluster]\n'' = 3\n", ['cluster."" = 3', "one of the keys of [cluster]"]),
    ('[cluster]\n"a\\nb c" = 3\n', ['cluster."a\\nb c" = 3', "one of the keys of [cluster]"]),
    ("[cluster.more.and.more]\nx = 1\n", ["cluster.more = {and = {...}}", "one of the keys of [cluster]"]),
    # Dots inside quotes.
    ('"cluster.firms" = 3\n', ['"cluster.firms" = 3', "single name", "Write cluster.firms without quotes."]),
    ('["programme.start"]\nx = 3\n', ['"programme.start"', "Write programme.start without quotes."]),
    # A table for a value, a value for a table.
    ("[cluster.firms]\ncount = 3\n", ["cluster.firms = {count = 3}", "a whole number from 1", "Write firms = 50"]),
    ("cluster = 3\n", ["cluster = 3", "a section", "Write [cluster] and under it its keys: firms"]),
    ("[[cluster]]\nfirms = 3\n", ["cluster = [{firms = 3}]", "one section", "Write [cluster] in single brackets."]),
    # Wrong types.
    ('[cluster]\nfirms = "50"\n', ['cluster.firms = "50"', "a whole number from 1", "Leave out the quotes."]),
    ("[cluster]\nfirms = 50.0\n", ["cluster.firms = 50.0", "a whole number", "Write 50 without the decimal point."]),
    ("[cluster]\nfirms = true\n", ["cluster.firms = true", "a whole number from 1"]),
    ("[cluster]\nfirms = [50]\n", ["cluster.firms = [50]", "a whole number from 1"]),
    ("[cluster]\nfirms = 2020-01-01\n", ["cluster.firms = 2020-01-01", "a whole number from 1"]),
    ("[ties]\ntrust = true\n", ["ties.trust = true", "a number from 0 to 1"]),
    ('[ties]\ntrust = "0,5"\n', ['ties.trust = "0,5"', "a number from 0 to 1", "decimal point: 0.5"]),
    ("[programme]\nenabled = 1\n", ["programme.enabled = 1", "true or false"]),
    ('[programme]\nenabled = "yes"\n', ['programme.enabled = "yes"', "true or false", "Did you mean true"]),
    ("[programme]\nchannel = 1\n", ["programme.channel = 1", 'one of "individual", "group"']),
    ('[programme]\nchannel = "grup"\n', ['programme.channel = "grup"', 'one of "individual"', 'Did you mean "group"?']),
    ('[programme]\nchannel = ""\n', ['programme.channel = ""', 'one of "individual"']),
    ("[ties]\nfile = 3\n", ["ties.file = 3", "the path of a file in quotes"]),
    # Out of bounds, and no number at all.
    ("[cluster]\nfirms = 0\n", ["cluster.firms = 0", "a whole number from 1", "The default is 50."]),
    ("[cluster]\nfirms = -5\n", ["cluster.firms = -5", "a whole number from 1"]),
    ("[cluster]\nfirms = 99999999999999999999999999\n", ["cluster.firms = 9999", "a whole number from 1"]),
    pytest.param(f"[cluster]\nfirms = {HUGE}\n", ["line 2", "more than 4,000 digits"], id="digits"),
    pytest.param(f"[cluster]\nfirms = 0x{HUGE}\n", ["cluster.firms = a whole number of", "from 1 to"], id="hex digits"),
    pytest.param("[ties]\ntrust = 1" + "0" * 4000 + "\n", ["ties.trust = a whole number of", "0 to 1"], id="huge"),
    ("[ties]\ntrust = 1.5\n", ["ties.trust = 1.5", "a number from 0 to 1", "The default is 0.5."]),
    ("[ties]\ntrust = nan\n", ["ties.trust = nan", "is not a number (NaN)", "from 0 to 1", "Give a finite number."]),
    ("[ties]\ntrust = inf\n", ["ties.trust = inf", "is infinite", "from 0 to 1", "Give a finite number."]),
    ("[ties]\ntrust = 1e999\n", ["ties.trust = inf", "is infinite"]),
    ("[cluster]\nfirms = nan\n", ["cluster.firms = nan", "is not a number (NaN)", "a whole number"]),
    # Values that contradict each other.
    (
        "[programme]\nstart = 50\nend = 40\n",
        ["programme.end = 40", "at or after programme.start = 50", "Set programme.end to 50 or later"],
    ),
    ("[programme]\nend = 3\n", ["programme.end = 3", "at or after programme.start = 37", "or programme.start to 3"]),
    (
        "[groups]\nminimum = 9\nmaximum = 8\n",
        ["groups.maximum = 8", "at least groups.minimum = 9", "Set groups.maximum"],
    ),
    (
        "[cluster]\nmicro_share = 0.8\nsmall_share = 0.3\n",
        ["cluster.small_share = 0.3", "at most 1 - cluster.micro_share = 0.2", "may reach 1"],
    ),
    (
        "[mix]\ntraining = 0\nfinance = 0\nmarket = 0\ntrust = 0\n",
        ["mix.training = 0.0", "no instrument", "set programme."],
    ),
    (
        "[mix]\nequipment = 1\n[bodies]\nenabled = true\n",
        ["mix.equipment = 1", "of no use to anybody", "Set functions.enabled and functions.equipment to true"],
    ),
    (
        "[mix]\nequipment = 1\n[functions]\nenabled = true\n",
        ["mix.equipment = 1", "no group can own a machine", "Set bodies.enabled to true"],
    ),
    ("[types]\nhump = 0.7\nother = 0.4\n", ["types.other = 0.4", "at most 1 less types.hump = 0.7", "Lower one"]),
    ('[ties]\nkind = "file"\n', ['ties.file = ""', "the path of a file", "Name a CSV file"]),
    ('[ties]\nfile = "present.csv"\n', ["ties.file", 'used by ties.kind = "near"', 'Set ties.kind to "file"']),
    (
        '[decision]\nthreshold_file = "present.csv"\n',
        ["decision.threshold_file", 'used by decision.rule = "logit"', 'Set decision.rule to "threshold"'],
    ),
    ("[start]\nheld = 51\n", ["start.held = 51", "at most cluster.firms = 50", "Hold fewer firms"]),
    ("[market]\ntraders = 0\n", ["market.trader_share = 0.5", "market.traders = 0", "Set market.trader_share to 0"]),
    (
        "[market]\nlarge_firms = 0\n",
        ["market.trader_share = 0.5", "market.large_firms = 0", "Set market.trader_share to 1"],
    ),
    (
        "[orders]\nhigh_value = 1\n",
        ["orders.high_value = 1.0", "above the value of a small order", "Raise orders.high_value"],
    ),
    # Files named by a file.
    (
        '[ties]\nkind = "file"\nfile = "presnt.csv"\n',
        ['ties.file = "presnt.csv"', "does not exist", "present.csv"],
    ),
    ('[ties]\nkind = "file"\nfile = "no/such/x.csv"\n', ["ties.file", "does not exist", "There is no folder"]),
    ('[ties]\nkind = "file"\nfile = "."\n', ['ties.file = "."', "is a folder", "Name a file in it."]),
    ('[ties]\nkind = "file"\nfile = "a\\u0000b"\n', ["ties.file", "No path holds a zero character."]),
    # No TOML.
    (
        "[cluster]\nfirms = 30\nfirms = 40\n",
        ["line 3", "firms = 40", "Cannot overwrite a value", "Give each key once."],
    ),
    ("[cluster]\nfirms = 30\n[ties]\n[cluster]\n", ["line 4", "[cluster]", "twice", "Write each section once."]),
    ("[cluster]\nfirms = 30\ncluster.x = 3\n[cluster.firms]\n", ["line 4", "[cluster.firms]"]),
    ("[cluster]\nfirms 30\n", ["line 2", "firms 30", "Write key = value."]),
    ("[cluster\nfirms = 30\n", ["line 1", "[cluster", "Write a section as [section]."]),
    ("[ties]\ntrust = 0,5\n", ["line 2", "trust = 0,5", "decimal point"]),
    ("[ties]\ntrust = .5\n", ["line 2", "trust = .5", "a digit before and after a point"]),
    ("[ties]\nkind = near\n", ["line 2", "kind = near", "Put text in quotes"]),
    ("[programme]\nenabled = True\n", ["line 2", "enabled = True", "lower case"]),
    ('[ties]\nkind = "near\n', ["line 2", "Text ends on its line with the quote it began with"]),
    ('[ties]\nfile = "C:\\data\\x.csv"\n', ["line 2", "A backslash in text is written twice."]),
    ("[ties]\nkind = [1\n", ["line 2", "A bracket is not closed."]),
    pytest.param("[ties]\nkind = " + "[" * 100_000, ["is nested too deeply"], id="nested arrays"),
    pytest.param("cluster" + ".firms" * 5_000 + " = 1", ["cluster.firms", "a whole number"], id="nested tables"),
    pytest.param("x = '''" + "y" * 100_000, ["line 1", "Text is not closed"], id="endless text"),
    pytest.param('x = """' + "y" * 100_000, ["line 1", "Text is not closed"], id="endless text in double quotes"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "present.csv").write_text("firm,partner\n0,1\n", encoding="utf-8")
    return tmp_path


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        Scenario.load(path)
    return str(caught.value)


@pytest.mark.parametrize(("text", "words"), BAD_FILES)
def test_a_bad_file_is_refused_with_file_key_value_and_remedy(folder: Path, text: str, words: list[str]) -> None:
    path = folder / "failure.toml"
    path.write_text(text, encoding="utf-8", newline="")
    message = refusal(path)
    assert message.startswith(f"{path}: ")
    assert len(message.splitlines()) == 1
    assert len(message) < len(str(path)) * 2 + 500
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x00\x01\x02\xff", "is binary, not text. A scenario is a TOML file."),
        ("[cluster]".encode("utf-16"), "is text in UTF-16, not in UTF-8. Save it as text in UTF-8."),
        (b'[cluster]\nname = "caf\xe9"', "is not text in UTF-8: line 2 holds the byte 0xE9. Save it as text in UTF-8."),
    ],
)
def test_a_file_that_is_no_text_in_utf_8_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "failure.toml"
    path.write_bytes(content)
    assert refusal(path) == f"{path}: {words}"


def test_a_folder_is_no_scenario(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path}: is a folder, not a file. Name a file in it."


def test_a_missing_file_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "failure.toml").touch()
    path = tmp_path / "failures.toml"
    assert refusal(path) == f'{path}: does not exist. Did you mean "{tmp_path / "failure.toml"}"?'


def test_a_file_under_a_missing_folder_is_refused_with_that_folder(tmp_path: Path) -> None:
    path = tmp_path / "no" / "failure.toml"
    assert refusal(path) == f"{path}: does not exist. There is no folder {path.parent}."


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "failure.toml"
    path.write_text("[cluster]\nfirms = 3\n", encoding="utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):  # the administrator may read everything

        def refuse_to_open(*_: Any, **__: Any) -> Any:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("builtins.open", refuse_to_open)
    message = refusal(path)
    monkeypatch.undo()
    assert message == f"{path}: may not be read by this user. Change its permissions, or copy it."


def test_a_path_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    assert "holds a zero character" in refusal(tmp_path / "a\0b")
    assert "cannot be read" in refusal(tmp_path / ("x" * 5000))
    with pytest.raises(InputError, match="Name a preset or a TOML file"):
        Scenario.load("")


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="needs a device that never ends")
def test_an_endless_file_is_refused() -> None:
    assert refusal(Path("/dev/zero")) == (
        "/dev/zero: is larger than 50 MB. A scenario is a TOML file of some hundred lines."
    )


def test_all_errors_of_a_file_come_in_one_message(tmp_path: Path) -> None:
    path = tmp_path / "failure.toml"
    path.write_text(
        'format = 7\npreset = "gap-trst"\n[cluster]\nfrims = 3\nquality = 2\n[programme]\nchannel = "grup"\n',
        encoding="utf-8",
    )
    lines = refusal(path).splitlines()
    assert len(lines) == 5
    assert all(line.startswith(f"{path}: ") for line in lines)


def test_more_than_twenty_errors_are_counted_and_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "failure.toml"
    path.write_text("[cluster]\n" + "".join(f"x{number} = 1\n" for number in range(30)), encoding="utf-8")
    lines = refusal(path).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "and 10 more"


def test_a_misspelt_key_is_not_also_reported_as_a_contradiction(tmp_path: Path) -> None:
    path = tmp_path / "failure.toml"
    path.write_text("[programme]\nstart = 100\nennd = 200\n", encoding="utf-8")
    message = refusal(path)
    assert len(message.splitlines()) == 1
    assert "programme.ennd" in message


def test_a_wrong_value_is_not_also_reported_as_a_contradiction(tmp_path: Path) -> None:
    path = tmp_path / "failure.toml"
    path.write_text("[programme]\nstart = 100\nend = 200.0\n[groups]\nminimum = 50\n", encoding="utf-8")
    lines = refusal(path).splitlines()
    assert [line.split(": ")[1].split(" = ")[0] for line in lines] == ["programme.end", "groups.maximum"]


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ([], ["[] is not a table of keys and values"]),
        (None, ["is not a table of keys and values"]),
        ({3: 4}, ["3 is not a key. Keys are text."]),
        ({"cluster": {3: 4}}, ["cluster = 3 is not a key"]),
        ({"": 3}, ['"" = 3', "one of the sections"]),
        ({"cluster.frims": 3}, ["cluster.frims = 3", 'Did you mean "cluster.firms"?']),
        ({"cluster.firms": 3, "cluster": {"firms": 4}}, ["cluster.firms = 4 is given twice. It is 3 in another place"]),
        ({"cluster.firms": {"a": 1}}, ["cluster.firms = {a = 1} is not a whole number"]),
        ({"cluster": {"firms": None}}, ["cluster.firms = None is not a whole number"]),
        ({"ties.trust": math.nan}, ["ties.trust = nan is not a number (NaN)"]),
        ({"ties.file": "\ud800"}, ["ties.file", "UTF-8"]),
    ],
)
def test_a_bad_dictionary_is_refused_in_the_same_way(tables: Any, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        Scenario.from_dict(tables)
    assert str(caught.value).startswith("from_dict: ")
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("programme.channel=grup", ['programme.channel = "grup"', 'one of "individual"', 'Did you mean "group"?']),
        ("programme.chanel=group", ["programme.chanel", 'Did you mean "programme.channel"?']),
        ("programme.channel", ["of the form key=value", "--set cluster.firms=150"]),
        ("programme.chanel", ["of the form key=value", 'Did you mean "programme.channel"?']),
        ("=5", ["no key before the equals sign"]),
        ("", ["of the form key=value"]),
        ("cluster.firms=", ["cluster.firms has no value", "a whole number from 1"]),
        ("cluster.firms=many", ['cluster.firms = "many"', "a whole number from 1"]),
        ("cluster.firms=1e3", ["cluster.firms = 1000.0", "Write 1000 without the decimal point."]),
        ("ties.trust=0,5", ['ties.trust = "0,5"', "decimal point: 0.5"]),
        ("ties.trust=nan", ["ties.trust = nan", "is not a number (NaN)"]),
        ("ties.trust=5\nties.long_share=0.3", ["ties.trust =", "a number from 0 to 1"]),
        ("programme.enabled=yes", ['programme.enabled = "yes"', "Did you mean true"]),
        ("cluster=5", ["cluster = 5", "a section"]),
        ("programme.end=3", ["programme.end = 3", "at or after programme.start = 37"]),
        ("ties.file=nowhere.csv", ["ties.file", "does not exist"]),
        ("preset=sentra", ["preset", "cannot be changed afterwards"]),
    ],
)
def test_a_bad_setting_is_refused_in_the_same_way(setting: str, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        Scenario.preset("sentra").replace(dict([parse_setting(setting)]), where="--set")
    assert str(caught.value).startswith("--set: ")
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sentr", ['"sentr"', '"sentra", "gap-trust"', 'Did you mean "sentra"?']),
        ("qqq", ['"qqq"', '"sentra", "gap-trust"', "or a TOML file"]),
        ("qqq.toml", ["qqq.toml: does not exist"]),
        ("no/qqq", ["no/qqq: does not exist", "There is no folder no"]),
    ],
)
def test_neither_preset_nor_file_is_refused_with_the_presets(name: str, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        Scenario.find(name)
    for word in words:
        assert word in str(caught.value)


def test_a_missing_key_of_a_scenario_is_refused_with_the_nearest() -> None:
    scenario = Scenario.preset("sentra")
    with pytest.raises(InputError, match=r'cluster\.frims .* Did you mean "cluster\.firms"\?'):
        scenario["cluster.frims"]
    with pytest.raises(InputError, match="is a section, not a value"):
        scenario["cluster"]


def test_every_rule_between_parameters_reads_parameters_that_exist() -> None:
    for check in CHECKS:
        assert set(check.keys) <= set(CATALOGUE)
        assert check.rule(*(CATALOGUE[key].default for key in check.keys)) is None


def test_there_are_bad_files_for_every_rule_between_parameters() -> None:
    texts = [case[0] if type(case) is tuple else case.values[0] for case in BAD_FILES]
    for check in CHECKS:
        names = [key.partition(".")[2] for key in check.keys]
        assert any(name in text for text in texts for name in names)
