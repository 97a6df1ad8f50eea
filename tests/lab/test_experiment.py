"""An experiment file says what is swept; whatever is wrong with it is told with file, key, value and remedy."""

from pathlib import Path
from typing import Any

import pytest

from klastersim.errors import InputError
from klastersim.lab.design import points_of, read_changes, read_grid, swept_keys
from klastersim.lab.experiment import Experiment
from klastersim.scenario import Scenario
from klastersim.scenario.parameters import THIN_BUDGET

ROOT = Path(__file__).resolve().parents[2]
GRID = "[grid]\nties.trust = [0.3, 0.7]\n"

EXIT = "[analysis]\nkind = 'exit'\n"
PROGRAMME = "[arms.none]\nprogramme.enabled = false\n[arms.a]\nprogramme.enabled = true\n"

# Text of the file; words that the message must hold.
BAD: list[Any] = [
    ("", ["is empty", "write [grid] and under it"]),
    ("# nothing\n", ["is empty"]),
    ("title = 'x'\n", ["sweeps nothing", "write [grid]"]),
    ("grid = 3\n", ["[grid]: 3 is not a table"]),
    ("[[grid]]\nties.trust = [0.3, 0.7]\n", ["is not a table"]),
    ("[grid]\n", ["sweeps nothing", "ties.trust = {"]),
    (GRID + "[analysis]\nkind = 'discovry'\n", ["[analysis]", 'Did you mean "discovery"?']),
    (GRID + "[analysis]\nkind = 'discovery'\n", ["is a grid", "take [latin_hypercube]"]),
    (GRID + "[analysis]\nkind = 'field_study'\n", ["is not what a field study could be drawn from", "two arms"]),
    (GRID + "[analysis]\nkind = 'field_study'\nsentra = 2.5\n", ["sentra = 2.5", "a whole number from 4"]),
    (GRID + "[analysis]\nkind = 'discovery'\ndensty = 0.5\n", ["densty", 'Did you mean "density"?']),
    ("[scenario]\nprogramme.enabled = false\n" + GRID + EXIT,
     ["[analysis]: kind = \"exit\" has no programme to be compared with none", "an arm without"]),
    (GRID + EXIT + "[arms.a]\nprogramme.start = 61\nprogramme.end = 96\n", ["has no programme to be compared with"]),
    (GRID + EXIT + "map = 'map'\n", ["[analysis]", "map"]),
    (GRID + EXIT + PROGRAMME, ["arm a: programme.start = 37 is not the first month of a year, from 49 on"]),
    (GRID + EXIT + PROGRAMME + "programme.start = 62\n", ["arm a: programme.start = 62", "month 61 on"]),
    (GRID + EXIT + PROGRAMME + "programme.start = 61\nprogramme.end = 130\n",
     ["arm a: programme.end = 130 is not the last month of a year"]),
    ("months = 240\n" + GRID + EXIT + PROGRAMME + "programme.start = 61\nprogramme.end = 132\n",
     ["arm a: months = 240 is not at least 252", "Run the map longer"]),
    (GRID + EXIT + PROGRAMME + "programme.start = 61\nprogramme.end = 132\nprogramme.path = 'ramp'\n",
     ["arm a: programme.end = 132 is not a ramp of 240 months or a multiple"]),
    ("[grid]\nprogramme.end = [96, 108]\n" + EXIT + PROGRAMME, ["programme.end is swept by map", "Put it into arms"]),
    ("[maps.a]\nmonths = 0\n[maps.a.grid]\nties.trust = [0.3, 0.7]\n", ["months = 0 is not a whole number from 1"]),
    ("[maps.a]\nmonths = 'x'\n[maps.a.grid]\nties.trust = [0.3, 0.7]\n", ["[maps.a]: months = \"x\""]),
    ("analysis = 3\n" + GRID, ["analysis = 3 is not a table"]),
    (GRID + "[expected]\nfactor = 'ties.trst'\nchange = 'most'\n", ["factor", 'Did you mean "ties.trust"?']),
    (GRID + "[expected]\nfactor = 'ties.trust'\nchange = 'mst'\n", ["change", 'Did you mean "most"?']),
    (GRID + "[expected]\nfactor = 'ties.trust'\narm = 'a'\nchange = 'more'\n", ["factor stands beside arm"]),
    (GRID + "[arms.a]\nevents = 3\n", ["events = 3 is not a list of tables"]),
    (GRID + "[arms.a]\nevents = [{kind = 'demnd', month = 3, factor = 2}]\n", ['Did you mean "demand"?']),
    ("[gird]\nties.trust = [0.3, 0.7]\n", ['Did you mean "grid"?']),
    (GRID + "[scenario]\nties.trst = 0.3\n", ["[scenario]", 'Did you mean "ties.trust"?']),
    (GRID + "[scenario]\nties.trust = 3\n", ["[scenario]: ties.trust = 3 is not a number from 0 to 1"]),
    ("[scenario]\npreset = 'sentr'\n" + GRID, ['Did you mean "sentra"?']),
    ("[grid]\nties.trst = [0.3, 0.7]\n", ["[grid]: ties.trst", 'Did you mean "ties.trust"?']),
    ("[grid]\ntrust = [0.3, 0.7]\n", ["trust", '"ties.trust"']),
    ("[grid]\n'ties.trust' = [0.3, 0.7]\n", ["Write ties.trust without quotes."]),
    ("[grid]\nties = 3\n", ["[grid]: ties = 3 is not a table"]),
    ("[grid]\nties.trust = 0.3\n", ["ties.trust = 0.3 is a single value, which sweeps nothing"]),
    ("[grid]\nties.trust = [0.3]\n", ["ties.trust = [0.3]", "at least two values"]),
    ("[grid]\nties.trust = []\n", ["at least two values"]),
    ("[grid]\nties.trust = [0.3, 0.3]\n", ["ties.trust = 0.3 is listed twice"]),
    ("[grid]\nties.trust = [0.3, nan]\n", ["ties.trust = nan", "from 0 to 1"]),
    ("[grid]\nties.trust = [0.3, 1.7]\n", ["ties.trust = 1.7", "from 0 to 1"]),
    ("[grid]\nties.trust = [0.3, 'a']\n", ['ties.trust = "a"', "from 0 to 1"]),
    ("[grid]\nties.kind = ['near', 'al']\n", ['ties.kind = "al"', 'Did you mean "all"?']),
    ("[grid]\nties.kind = {from = 1, to = 2, points = 2}\n", ["ties.kind", "no number", "List them"]),
    ("[grid]\nties.trust = {from = 0.3, to = 0.9}\n", ["lacks points"]),
    ("[grid]\nties.trust = {from = 0.3, points = 3}\n", ["lacks to"]),
    ("[grid]\nties.trust = {from = 0.3, to = 0.9, points = 1}\n", ["ties.trust.points = 1", "from 2 to"]),
    ("[grid]\nties.trust = {from = 0.3, to = 0.9, points = 2.5}\n", ["ties.trust.points = 2.5", "a whole number"]),
    ("[grid]\nties.trust = {from = 0.9, to = 0.3, points = 3}\n", ["ties.trust.to = 0.3", "Swap from and to."]),
    ("[grid]\nties.trust = {from = 0.3, to = 0.3, points = 3}\n", ["two different ends"]),
    ("[grid]\nties.trust = {from = nan, to = 0.9, points = 3}\n", ["ties.trust.from = nan"]),
    ("[grid]\nties.trust = {from = 0.3, to = inf, points = 3}\n", ["ties.trust.to = inf"]),
    ("[grid]\nties.trust = {from = 0.3, to = 1.9, points = 3}\n", ["ties.trust = 1.9", "from 0 to 1"]),
    ("[grid]\nmarket.potential = {from = 0, to = 9, points = 3, scale = 'log'}\n", ["market.potential.from = 0"]),
    ("[grid]\nties.trust = {from = 0.3, to = 0.9, points = 3, scale = 'lgo'}\n", ['Did you mean "log"?']),
    ("[grid]\nties.trust = {form = 0.3, to = 0.9, points = 3}\n", ["ties.trust.form", 'Did you mean "from"?']),
    ("[grid]\nties.trust = {values = [0.3, 0.5], points = 3}\n", ["ties.trust.points = 3", "stands beside values"]),
    ("[grid]\nties.trust = {values = 0.3}\n", ["ties.trust.values = 0.3 is not a list"]),
    ("[grid]\ncluster.firms = {from = 20, to = 25, points = 3}\n", ["cluster.firms gives 22.5", "no whole number"]),
    ("[grid]\nprogramme.start = [10, 90]\n", ["programme.end"]),
    ("replications = 0\n" + GRID, ["replications = 0 is not a whole number from 1 to"]),
    ("replications = 2.0\n" + GRID, ["replications = 2.0"]),
    ("months = 0\n" + GRID, ["months = 0 is not a whole number from 1 to 1200"]),
    ("months = 1201\n" + GRID, ["months = 1201"]),
    ("seed = -1\n" + GRID, ["seed = -1"]),
    ("format = 2\n" + GRID, ["format = 2"]),
    ("title = 3\n" + GRID, ["title = 3 is not text"]),
    ("replications = 1000000\n[grid]\nties.trust = {from = 0, to = 1, points = 1000}\n", ["runs, more than"]),
    ("[grid]\nties.trust = {from = 0, to = 1, points = 2000}\nties.concentration = {from = 1, to = 9, points = 2000}\n",
     ["4,000,000 points"]),
    (GRID + "[maps.a.grid]\nties.trust = [0.3, 0.7]\n", ["maps stands beside [grid]"]),
    ("maps = 3\n", ["maps = 3 is not a table"]),
    ("[maps]\n", ["names no map"]),
    ("[maps.a]\ntitle = 'x'\n", ["[maps.a]: sweeps nothing"]),
    ("[maps.'a b'.grid]\nties.trust = [0.3, 0.7]\n", ['"a b" is not a name']),
    ("[maps.a]\narms = ['non']\n[maps.a.grid]\nties.trust = [0.3, 0.7]\n[arms.none]\nprogramme.enabled = false\n",
     ['arms = "non"', 'Did you mean "none"?']),
    ("[maps.a]\narms = [['none']]\n[maps.a.grid]\nties.trust = [0.3, 0.7]\n[arms.none]\nprogramme.enabled = false\n",
     ["arms = [\"none\"] is not one of the arms none"]),
    ("[maps.a]\narms = ['none', 'none']\n[maps.a.grid]\nties.trust = [0.3, 0.7]\n[arms.none]\nties.long_share = 0.1\n",
     ["is listed twice"]),
    ("seed = 9223372036854775808\n" + GRID, ["seed = 9223372036854775808", "from 0 to 9223372036854775807"]),
    ("months = true\n" + GRID, ["months = true"]),
    ("[maps.a]\narms = []\n[maps.a.grid]\nties.trust = [0.3, 0.7]\n", ["arms = [] is not a list of arms"]),
    (GRID + "[arms.a]\nties.trust = 0.3\n", ["ties.trust is swept, and also set by the arm a"]),
    (GRID + "[arms.a]\nprogramme.budgt = 3\n", ["[arms.a]", 'Did you mean "programme.budget"?']),
    (GRID + "[arms.a]\nprogramme.budget = {times = 3}\n", ["times_default"]),
    (GRID + "[arms.a]\nprogramme.channel = {times_default = 3}\n", ["programme.channel", 'one of "individual"']),
    (GRID + "[arms]\na = 3\n", ["[arms.a]: 3 is not a table"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), BAD)
def test_a_bad_experiment_is_refused_with_file_key_value_and_remedy(
    text: str, words: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Experiment.load(path)
    message = str(caught.value)
    for word in [str(path), *words]:
        assert word in message


@pytest.mark.parametrize(
    "tables", [{3: 4}, {"grid": {3: 4}}, {"arms": {"a": {"ties": {3: 0.5}}}, "grid": {"ties": {"trust": [0.3, 0.7]}}}]
)
def test_a_key_that_is_no_text_is_refused(tables: Any) -> None:
    with pytest.raises(InputError, match=r"3 is not a key\. Keys are text\."):
        Experiment.from_dict(tables)


def test_all_that_is_wrong_with_a_grid_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        read_grid({"ties": {"trust": 3, "trst": [1, 2]}, "cluster": {"firms": [0, 5]}}, "here")
    assert len(caught.value.problems) == 3


def test_what_is_set_on_the_command_line_may_not_be_swept() -> None:
    with pytest.raises(InputError, match="is varied by here"):
        Experiment.from_dict({"grid": {"ties": {"trust": [0.3, 0.7]}}}, where="here", settings={"ties.trust": 0.5})


def test_a_list_sweeps_only_where_the_table_says_so() -> None:
    with pytest.raises(InputError, match=r"ties.trust = \[0.3, 0.7\] is not a number"):
        Experiment.from_dict({"grid": {"cluster": {"firms": [5, 6]}}, "scenario": {"ties": {"trust": [0.3, 0.7]}}})


def test_a_linear_axis_has_equal_steps_and_a_log_axis_equal_ratios() -> None:
    table = {
        "ties": {"trust": {"from": 0.3, "to": 0.9, "points": 7}},
        "market": {"potential": {"from": 0.25, "to": 64, "points": 9, "scale": "log"}},
        "cluster": {"firms": {"from": 20, "to": 320, "points": 5, "scale": "log"}},
    }
    trust, potential, firms = read_grid(table, "here")
    assert trust.values == (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
    assert potential.values == (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
    assert firms.values == (20, 40, 80, 160, 320)
    assert all(isinstance(value, int) for value in firms.values)


def test_words_and_truth_values_can_be_swept() -> None:
    kind, enabled = read_grid({"ties": {"kind": ["near", "all"]}, "programme": {"enabled": [True, False]}}, "here")
    assert kind.values == ("near", "all")
    assert enabled.values == (True, False)


def test_a_multiple_of_the_default_is_that() -> None:
    assert read_changes({"programme": {"budget": {"times_default": 15}}}, "here") == {
        "programme.budget": pytest.approx(15 * THIN_BUDGET)
    }


def test_points_are_the_arms_by_the_grid() -> None:
    experiment = Experiment.from_dict(
        {
            "arms": {"none": {"programme": {"enabled": False}}, "plain": {}},
            "grid": {"ties": {"trust": [0.3, 0.7]}, "cluster": {"firms": [5, 6, 7]}},
            "replications": 3,
        }
    )
    points = points_of(experiment.maps)
    assert len(points) == 12
    assert experiment.runs == 36
    assert points[0].changes == {"programme.enabled": False, "ties.trust": 0.3, "cluster.firms": 5}
    assert points[-1].changes == {"ties.trust": 0.7, "cluster.firms": 7}
    assert swept_keys(experiment.maps) == ("cluster.firms", "ties.trust", "programme.enabled")


def test_the_phase_diagram_asks_what_it_should() -> None:
    experiment = Experiment.load(ROOT / "experiments" / "phase_diagram.toml")
    opportunity, linkage = experiment.maps
    assert experiment.months == 240
    assert experiment.replications == 40
    assert experiment.base["start.kind"] == "passive"
    assert [axis.key for axis in opportunity.axes] == ["market.potential", "ties.trust"]
    assert [axis.key for axis in linkage.axes] == ["market.linkage", "ties.trust"]
    assert all(len(axis.values) >= 9 for each in experiment.maps for axis in each.axes)
    budgets = [arm.changes.get("programme.budget") for arm in opportunity.arms]
    assert budgets == [None, *(pytest.approx(times * THIN_BUDGET) for times in (1, 15, 60))]
    assert opportunity.arms[0].changes == {"programme.enabled": False}
    assert [arm.name for arm in linkage.arms] == ["none"]


def test_every_experiment_has_question_hypothesis_and_a_quick_version() -> None:
    for path in sorted((ROOT / "experiments").glob("*.toml")):
        experiment, small = Experiment.load(path), Experiment.load(path, quick=True)
        assert experiment.title
        assert experiment.question.endswith("?")
        assert experiment.hypothesis
        assert small.runs < experiment.runs / 10


def test_the_record_holds_the_whole_question() -> None:
    experiment = Experiment.load(ROOT / "experiments" / "phase_diagram.toml", settings={"cluster.firms": 20})
    record = experiment.record()
    assert Scenario.from_dict(record["scenario"]) == experiment.base
    assert experiment.base["cluster.firms"] == 20
    assert record["maps"]["opportunity"]["grid"]["ties.trust"]["values"] == list(experiment.maps[0].axes[1].values)
    assert record["maps"]["opportunity"]["arms"]["none"]["programme.enabled"] is False
    assert {"klastersim", "python", "numpy", "numba"} <= set(record["versions"])
