"""A scenario keeps exactly what was said, however it was said."""

import contextlib
import copy
import pickle
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klastersim.errors import InputError
from klastersim.scenario import PARAMETERS, PRESETS, Parameter, Scenario, parameter, parse_setting
from klastersim.scenario.catalogue import by_key, sections
from klastersim.scenario.declaration import LARGEST_INTEGER


def values_of(declared: Parameter) -> st.SearchStrategy[Any]:
    if declared.choices:
        return st.sampled_from(declared.choices)
    if isinstance(declared.default, bool):
        return st.booleans()
    if isinstance(declared.default, int):
        low = -LARGEST_INTEGER if declared.low is None else int(declared.low)
        return st.integers(low, LARGEST_INTEGER if declared.high is None else int(declared.high))
    if isinstance(declared.default, float):
        return st.floats(declared.low, declared.high, allow_nan=False, allow_infinity=False)
    return st.just(declared.default)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Draw valid values for some parameters, name and title, and drop what contradicts the rest."""
    chosen = draw(st.lists(st.sampled_from(PARAMETERS), max_size=30, unique_by=lambda declared: declared.key))
    scenario = Scenario.preset(draw(st.sampled_from(sorted(PRESETS))))
    printable = st.characters(exclude_categories=["C", "Z"], include_characters=" ")
    words = st.text(printable, min_size=1, max_size=50).filter(str.strip)
    scenario = scenario.replace({"name": draw(words), "title": draw(words)})
    for declared in chosen:
        value = declared.check(draw(values_of(declared)), "drawn")
        with contextlib.suppress(InputError):
            scenario = scenario.replace({declared.key: value})
    return scenario


def same(one: Scenario, other: Scenario) -> bool:
    """Equal to the last bit, type and word."""
    return (
        one == other
        and hash(one) == hash(other)
        and (one.name, one.title) == (other.name, other.title)
        and repr(one.flat()) == repr(other.flat())
    )


@settings(deadline=None)
@given(scenarios())
def test_a_dictionary_holds_a_scenario_exactly(scenario: Scenario) -> None:
    assert same(Scenario.from_dict(scenario.to_dict()), scenario)
    assert Scenario.from_dict(scenario.flat()) == scenario


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scenarios())
def test_a_file_holds_a_scenario_exactly(tmp_path: Path, scenario: Scenario) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(scenario.to_toml(), encoding="utf-8")
    assert same(Scenario.load(path), scenario)


@settings(deadline=None)
@given(scenarios())
def test_a_scenario_survives_copies_and_other_processes(scenario: Scenario) -> None:
    assert same(pickle.loads(pickle.dumps(scenario)), scenario)  # noqa: S301
    assert same(copy.deepcopy(scenario), scenario)


@settings(deadline=None)
@given(scenarios(), scenarios())
def test_the_differences_lead_from_one_scenario_to_the_other(one: Scenario, other: Scenario) -> None:
    there = {key: value for key, (_, value) in one.differences(other).items()}
    assert one.replace(there) == other
    assert (not there) == (one == other)


@settings(deadline=None)
@given(st.data())
def test_a_setting_on_the_command_line_holds_a_value_exactly(data: st.DataObject) -> None:
    declared = data.draw(st.sampled_from([declared for declared in PARAMETERS if not declared.file]))
    value = declared.check(data.draw(values_of(declared)), "test")
    written = str(value).lower() if isinstance(value, bool) else str(value) or '""'
    key, raw = parse_setting(f"{declared.key}={written}")
    assert key == declared.key
    assert repr(declared.check(raw, "--set")) == repr(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("programme.channel=group", "group"),
        ('programme.channel="group"', "group"),
        ("programme.channel = group", "group"),
        ("ties.trust=.5", 0.5),
        ("cluster.firms=1_000", 1000),
        ("programme.enabled=false", False),
        ("ties.file=2024", "2024"),
        ("ties.file=C:\\data\\a=b.csv", "C:\\data\\a=b.csv"),
        ("ties.file=''", ""),
        ("sweep.replications=3", 3),
        ("sweep.title=some words", "some words"),
        ("sweep.values=[1, 2]", [1, 2]),
        ("name=plain", "plain"),
    ],
)
def test_a_setting_needs_no_quotes_for_text(text: str, value: Any) -> None:
    assert parse_setting(text) == (text.partition("=")[0].strip(), value)


def test_a_file_may_start_from_a_preset(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('preset = "gap-trust"\n[cluster]\nfirms = 80\n', encoding="utf-8")
    scenario = Scenario.load(path)
    assert scenario.differences("gap-trust") == {"cluster.firms": (80, 50)}
    assert (scenario.name, scenario.title) == ("mine", "mine")


def test_a_file_that_only_names_a_preset_is_that_preset(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('preset = "gap-trust"\n', encoding="utf-8")
    assert same(Scenario.load(path), Scenario.preset("gap-trust"))


def test_a_file_without_preset_starts_from_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("programme.start = 38\n", encoding="utf-8")
    assert Scenario.load(path).differences("sentra") == {"programme.start": (38, 37)}


def test_byte_order_mark_and_windows_line_ends_are_welcome(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf[cluster]\r\nfirms = 80\r\n")
    assert Scenario.load(path)["cluster.firms"] == 80


def test_a_path_in_a_file_starts_from_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "study").mkdir()
    ties = tmp_path / "study" / "ties.csv"
    ties.write_text("firm,partner\n", encoding="utf-8")
    (tmp_path / "study" / "mine.toml").write_text('ties = {kind = "file", file = "ties.csv"}\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    scenario = Scenario.load("study/mine.toml")
    assert scenario.path("ties.file") == ties
    assert scenario.path("decision.threshold_file") is None
    monkeypatch.chdir(tmp_path / "study")
    assert same(Scenario.from_dict(scenario.to_dict()), scenario)
    assert scenario.replace({"ties.file": "ties.csv"}) == scenario
    assert scenario.replace({"ties.file": "study/ties.csv"}, folder=tmp_path) == scenario


def test_nested_and_dotted_changes_say_the_same() -> None:
    base = Scenario.preset("sentra")
    dotted = base.replace({"cluster.firms": 150, "programme.end": 90})
    nested = base.replace({"cluster": {"firms": 150}, "programme": {"end": 90}})
    assert dotted == nested
    assert dotted["cluster.firms"] == 150
    assert base["cluster.firms"] == 50


def test_dates_may_move_together_past_each_other() -> None:
    moved = Scenario.preset("sentra").replace({"programme.start": 100, "programme.end": 130})
    assert moved["programme.start"] == 100


def test_name_and_title_change_nothing_in_a_run() -> None:
    base = Scenario.preset("sentra")
    renamed = base.replace({"name": "x", "title": "X"})
    assert renamed == base
    assert (renamed.name, renamed.title) == ("x", "X")


def test_a_scenario_cannot_be_changed() -> None:
    scenario = Scenario.preset("sentra")
    with pytest.raises(AttributeError):
        scenario.name = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        scenario["cluster.firms"] = 3  # type: ignore[index]
    scenario.flat()["cluster.firms"] = 3
    scenario.to_dict()["cluster"]["firms"] = 3
    assert scenario == Scenario.preset("sentra")


def test_a_scenario_lists_its_keys_in_the_order_of_declaration() -> None:
    scenario = Scenario.preset("sentra")
    assert list(scenario) == [declared.key for declared in PARAMETERS]
    assert len(scenario) == len(PARAMETERS)
    assert "cluster.firms" in scenario
    assert "cluster.frims" not in scenario


def test_a_scenario_shows_what_differs_from_the_defaults() -> None:
    assert repr(Scenario.preset("sentra").replace({"cluster.firms": 7})) == "<Scenario 'sentra': cluster.firms=7>"
    assert repr(Scenario.preset("sentra")) == "<Scenario 'sentra'>"


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_is_valid_and_found_by_its_name(name: str) -> None:
    assert PRESETS[name].name == name
    preset = Scenario.preset(name)
    assert same(Scenario.find(name), preset)
    assert {key: preset[key] for key in PRESETS[name].changes} == dict(PRESETS[name].changes)


@pytest.mark.parametrize("declared", PARAMETERS, ids=lambda declared: declared.key)
def test_the_file_says_of_every_value_what_it_means_and_where_it_comes_from(declared: Parameter) -> None:
    lines = Scenario.preset("sentra").to_toml().splitlines()
    value = lines.index(f"[{declared.section}]")
    value = next(place for place in range(value, len(lines)) if lines[place].startswith(f"{declared.name} = "))
    first = value
    while lines[first - 1].startswith("#"):
        first -= 1
    comment = " ".join(line.lstrip("# ") for line in lines[first:value])
    for part in (declared.label, declared.unit, declared.help, declared.allowed, declared.source, declared.grade):
        assert " ".join(part.split()) in comment
    if declared.grade == "A":
        assert "assumption" in comment
    if declared.range is not None:
        assert f"{declared.range[0]} to {declared.range[1]}" in comment


def test_the_file_keeps_to_lines_that_a_screen_shows() -> None:
    assert max(len(line) for line in Scenario.preset("sentra").to_toml().splitlines()) <= 120


def test_two_scenarios_of_different_type_are_not_equal() -> None:
    assert Scenario.preset("sentra") != "sentra"


def test_a_table_of_parameters_in_which_two_collide_is_refused() -> None:
    one = parameter("cluster.firms")
    with pytest.raises(ValueError, match=r"cluster\.firms is declared twice"):
        by_key([one, one])
    words = {
        "unit": "",
        "label": "x",
        "label_id": "x",
        "help": "x",
        "help_id": "x",
        "grade": "A",
        "source": "assumption: x",
    }
    with pytest.raises(ValueError, match=r"cluster\.firms is also the section"):
        by_key([one, Parameter(key="cluster.firms.more", default=1, **words)])


def test_sections_may_be_nested() -> None:
    assert dict(sections(["a.b", "a.c.d", "a.c.e"])) == {"": ("a",), "a": ("b", "c"), "a.c": ("d", "e")}


def test_the_scenario_package_imports_nothing_heavy() -> None:
    heavy = "{'numpy', 'numba', 'pandas', 'mesa', 'scipy', 'matplotlib', 'pyarrow', 'rich'}"
    script = f"import sys, klastersim.scenario; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_file_is_toml_with_a_format() -> None:
    tables = tomllib.loads(Scenario.preset("sentra").to_toml())
    assert tables == Scenario.preset("sentra").to_dict()
    assert tables["format"] == 1
