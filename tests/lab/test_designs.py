"""Designs span the points they promise; whatever is wrong with one is told with file, key, value and remedy."""

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from klastersim.errors import InputError
from klastersim.lab.design import points_of
from klastersim.lab.experiment import Experiment

TRUST = {"from": 0.3, "to": 0.9}
POTENTIAL = {"from": 0.25, "to": 64, "scale": "log"}
TWO = {"ties": {"trust": TRUST}, "market": {"potential": POTENTIAL}}
CORNERS = {"ties": {"trust": [0.3, 0.9], "kind": ["near", "all"]}, "market": {"potential": [1.0, 8.0]}}
MANY = {
    "ties": {"trust": [0.3, 0.9], "long_share": [0.0, 0.3]},
    "market": {"potential": [1.0, 8.0], "linkage": [0.1, 0.5]},
    "decision": {"gain": [6.0, 8.0]},
}

DESIGNS: list[Any] = [
    ({"latin_hypercube": {"samples": 20, **TWO}}, 20),
    ({"sobol": {"samples": 16, "seed": 3, **TWO}}, 16),
    ({"sobol_indices": {"samples": 8, **TWO}}, 8 * 4),
    ({"sobol_indices": {"samples": 8, "second_order": True, **TWO}}, 8 * 6),
    ({"morris": {"trajectories": 5, **TWO}}, 5 * 3),
    ({"factorial": CORNERS}, 8),
    ({"fractional_factorial": MANY}, 16),
    ({"zip": {"ties": {"trust": [0.3, 0.5, 0.3]}, "market": {"potential": [1.0, 4.0, 9.0]}}}, 3),
    ({"list": [{"ties": {"trust": 0.3}}, {"market": {"potential": 9.0}}]}, 2),
]


def coordinates(tables: dict[str, Any]) -> list[Any]:
    return [point.coordinates for point in points_of(Experiment.from_dict(tables).maps)]


@pytest.mark.parametrize(("tables", "count"), DESIGNS)
def test_a_design_has_its_points_every_time_and_its_record_gives_them_back(tables: Any, count: int) -> None:
    experiment = Experiment.from_dict(tables)
    points = coordinates(tables)
    assert len(points) == count
    assert points == coordinates(tables)
    record = json.loads(json.dumps(experiment.record()))
    again = Experiment.from_record(record)
    assert again == experiment
    assert json.loads(json.dumps(again.record())) == record
    assert [point.changes for point in points_of(again.maps)] == [point.changes for point in points_of(experiment.maps)]


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol", "sobol_indices", "morris"])
def test_a_sample_keeps_within_its_range_and_fills_it(kind: str) -> None:
    size = {"trajectories": 40} if kind == "morris" else {"samples": 64}
    table = {**size, **TWO, "cluster": {"firms": {"from": 10, "to": 14}}, "programme": {"enabled": [True, False]}}
    points = coordinates({kind: table})
    trust = np.array([point["ties.trust"] for point in points])
    logs = np.log(np.array([point["market.potential"] for point in points]) / 4.0) / np.log(16.0)
    for values, low, high in ((trust, 0.3, 0.9), (logs, -1.0, 1.0)):
        assert low <= values.min() < low + 0.05 * (high - low)
        assert high >= values.max() > high - 0.05 * (high - low)
        assert abs(values.mean() - (low + high) / 2) < 0.1 * (high - low)
    assert {point["programme.enabled"] for point in points} == {True, False}
    firms = [point["cluster.firms"] for point in points]
    assert all(type(each) is int for each in firms)
    assert {10, 14} <= set(firms) <= {10, 11, 12, 13, 14}


def test_each_part_of_a_latin_hypercube_is_met_once() -> None:
    points = coordinates({"latin_hypercube": {"samples": 30, **TWO}})
    parts = sorted(int((point["ties.trust"] - 0.3) / 0.6 * 30) for point in points)
    assert parts == list(range(30))


def test_the_seed_of_a_design_moves_its_points() -> None:
    one, two = (coordinates({"latin_hypercube": {"samples": 5, "seed": seed, **TWO}}) for seed in (1, 2))
    assert one != two


def test_a_full_factorial_meets_every_corner_and_a_fraction_keeps_effects_apart() -> None:
    full = coordinates({"factorial": CORNERS})
    assert len({tuple(point.values()) for point in full}) == 8
    points = coordinates({"fractional_factorial": MANY})
    keys = list(points[0])
    signs = np.array([[2 * (point[key] == max(each[key] for each in points)) - 1 for key in keys] for point in points])
    assert (signs.sum(axis=0) == 0).all(), "each parameter is as often high as low"
    for a, b in itertools.combinations(range(5), 2):
        assert signs[:, a] @ signs[:, b] == 0
        for c in set(range(5)) - {a, b}:
            assert (signs[:, a] * signs[:, b]) @ signs[:, c] == 0, "no main effect is that of a pair"


def test_the_range_of_the_evidence_can_be_asked_for_by_name() -> None:
    (axis,) = Experiment.from_dict({"sobol": {"samples": 4, "ties": {"trust": "evidence"}}}).maps[0].axes
    assert axis.values == (0.3, 0.8)


def test_a_list_gives_each_point_its_own_parameters_on_the_base() -> None:
    assert coordinates({"list": [{"ties": {"trust": 0.3}}, {"market": {"potential": 9}}]}) == [
        {"ties.trust": 0.3},
        {"market.potential": 9.0},
    ]


@pytest.mark.parametrize("name", ["points.csv", "points.parquet"])
def test_any_table_of_points_can_be_run(name: str, tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "ties.trust": [0.3, 0.7],
            "cluster.firms": [5, 6],
            "ties.kind": ["near", "all"],
            "programme.enabled": [True, False],
        }
    )
    frame.to_csv(tmp_path / name, index=False) if name.endswith("csv") else frame.to_parquet(tmp_path / name)
    (tmp_path / "experiment.toml").write_text(f'[table]\nfile = "{name}"\n', encoding="utf-8")
    experiment = Experiment.load(tmp_path / "experiment.toml")
    assert [point.coordinates for point in points_of(experiment.maps)] == frame.to_dict("records")
    assert Experiment.from_record(json.loads(json.dumps(experiment.record()))) == experiment


def test_levers_and_uncertainties_are_crossed_and_kept_apart() -> None:
    tables = {
        "levers": {"grid": {"programme": {"channel": ["individual", "group"], "budget": [10.0, 20.0]}}},
        "uncertainties": {"latin_hypercube": {"samples": 4, **TWO}},
        "replications": 2,
    }
    experiment = Experiment.from_dict(tables)
    (only,) = experiment.maps
    assert [arm.name for arm in only.arms] == [
        "channel individual, budget 10", "channel individual, budget 20", "channel group, budget 10",
        "channel group, budget 20",
    ]  # fmt: skip
    assert [axis.key for axis in only.axes] == ["ties.trust", "market.potential"]
    assert experiment.runs == 4 * 4 * 2
    points = points_of(experiment.maps)
    assert [point.coordinates for point in points[:4]] == [point.coordinates for point in points[4:8]]
    assert Experiment.from_record(json.loads(json.dumps(experiment.record()))) == experiment


def test_named_arms_are_crossed_with_levers() -> None:
    tables = {
        "arms": {"none": {"programme": {"enabled": False}}, "with": {"title": "with it"}},
        "levers": {"grid": {"start": {"kind": ["passive", "cooperating"]}}},
    }
    (only,) = Experiment.from_dict(tables).maps
    assert [arm.name for arm in only.arms] == [
        "none: kind passive", "none: kind cooperating", "with: kind passive", "with: kind cooperating"
    ]  # fmt: skip
    assert only.size == 4


def test_the_quick_version_of_a_sample_is_smaller_and_of_the_same_kind() -> None:
    tables = {"latin_hypercube": {"samples": 100, **TWO}, "quick": {"samples": 6, "replications": 1}}
    assert len(points_of(Experiment.from_dict(tables, quick=True).maps)) == 6
    tables = {"zip": {"ties": {"trust": [0.1, 0.2, 0.3, 0.4, 0.5]}}, "quick": {"points": 3}}
    quick = Experiment.from_dict(tables, quick=True)
    assert [point.coordinates["ties.trust"] for point in points_of(quick.maps)] == [0.1, 0.3, 0.5]


LHS = "[latin_hypercube]\nsamples = 4\n"
# Text of the file; words that the message must hold beside its name.
BAD: list[Any] = [
    (LHS, ["[latin_hypercube]: varies nothing", "ties.trust = {"]),
    ("[latin_hypercube]\nties.trust = {from = 0.3, to = 0.9}\n", ["samples is missing", "samples = 64"]),
    ("[latin_hypercube]\nsamples = 1\nties.trust = {from = 0.3, to = 0.9}\n", ["samples = 1", "from 2 to"]),
    ("[latin_hypercube]\nsamples = 4.0\nties.trust = {from = 0.3, to = 0.9}\n", ["samples = 4.0", "whole number"]),
    ("[latin_hypercube]\nsample = 4\nties.trust = {from = 0.3, to = 0.9}\n", ['Did you mean "samples"?']),
    ("[latin_hypercubes]\nsamples = 4\n", ['Did you mean "latin_hypercube"?']),
    (LHS + "seed = -1\nties.trust = {from = 0.3, to = 0.9}\n", ["seed = -1", "from 0 to"]),
    (LHS + "ties.trust = 0.3\n", ["ties.trust = 0.3 is a single value"]),
    (LHS + "ties.trst = {from = 0.3, to = 0.9}\n", ['Did you mean "ties.trust"?']),
    (LHS + "ties.trust = {from = 0.3, to = 0.9, points = 3}\n", ["ties.trust.points = 3", "Leave it out."]),
    (LHS + "ties.trust = {from = 0.9, to = 0.3}\n", ["Swap from and to."]),
    (LHS + "ties.trust = {from = 0.3}\n", ["lacks to"]),
    (LHS + "ties.trust = {from = 0.3, to = 1.3}\n", ["ties.trust = 1.3", "from 0 to 1"]),
    (LHS + "market.potential = {from = 0, to = 9, scale = 'log'}\n", ["market.potential.from = 0"]),
    (LHS + "ties.kind = 'near'\n", ["ties.kind", "a list of values"]),
    (LHS + "ties.kind = ['near', 'al']\n", ['Did you mean "all"?']),
    (LHS + "cluster.sizes = 'evidence'\n", ["cluster.sizes", "a list of values"]),
    (LHS + "programme.start = 'evidence'\n", ["programme.start", "no range"]),
    ("[sobol]\nsamples = 100\nties.trust = {from = 0.3, to = 0.9}\n", ["samples = 100 is not a power of two", "64"]),
    ("[sobol_indices]\nsamples = 100\nties.trust = {from = 0.3, to = 0.9}\n", ["a power of two"]),
    ("[sobol_indices]\nsamples = 64\nsecond_order = 1\nties.trust = {from = 0.3, to = 0.9}\n", ["second_order = 1"]),
    ("[sobol_indices]\nsamples = 1048576\nties.trust = {from = 0.3, to = 0.9}\n", ["samples = 1048576"]),
    ("[sobol_indices]\nsamples = 524288\nties.trust = {from = 0.3, to = 0.9}\n", ["1,572,864 points, more than"]),
    ("[morris]\nties.trust = {from = 0.3, to = 0.9}\n", ["trajectories is missing"]),
    ("[morris]\ntrajectories = 4\nlevels = 3\nties.trust = {from = 0.3, to = 0.9}\n", ["levels = 3 is not an even"]),
    ("[factorial]\nties.trust = [0.3, 0.5, 0.9]\n", ["ties.trust", "two levels", "[grid]"]),
    ("[fractional_factorial]\nties.trust = [0.3]\n", ["at least two values"]),
    ("[zip]\nties.trust = [0.3, 0.5]\nmarket.potential = [1, 2, 3]\n", ["market.potential has 3 values beside the 2"]),
    ("[zip]\nties.trust = [0.3, 0.3]\n", ["holds point 2 twice"]),
    ("[list]\nties.trust = 0.3\n", ["[list]", "[[list]]"]),
    ("[[list]]\nties.trust = 0.3\n", ["fewer than two points"]),
    ("[[list]]\nties.trust = [0.3, 0.5]\n[[list]]\nties.trust = 0.3\n",
     ["point 1", "ties.trust = [0.3, 0.5] is not a number"]),
    ("[[list]]\nties.trust = 0.3\n[[list]]\nties.trust = 0.3\n", ["point 2 twice"]),
    ("[table]\nfile = 'none.csv'\n", ["none.csv", "does not exist"]),
    ("[table]\nfile = 'points.xlsx'\n", ["points.xlsx", "neither .csv nor .parquet"]),
    ("[table]\nfile = 3\n", ["file = 3", "points.csv"]),
    ("[table]\nfiel = 'points.csv'\n", ['Did you mean "file"?']),
    ("table = 3\n", ["table = 3 is not a table"]),
    ("[table]\nfile = 'unknown.csv'\n", ["unknown.csv, row 1: ties.trst", 'Did you mean "ties.trust"?']),
    ("[table]\nfile = 'beyond.csv'\n", ["beyond.csv, row 2: ties.trust = 1.5", "from 0 to 1"]),
    ("[table]\nfile = 'gap.csv'\n", ["gap.csv: ties.trust has a gap"]),
    ("[table]\nfile = 'empty.csv'\n", ["empty.csv", "cannot be read"]),
    ("[table]\nfile = 'headed.csv'\n", ["headed.csv: holds no points"]),
    ("[grid]\nties.trust = [0.3, 0.7]\n[zip]\nties.trust = [0.3, 0.7]\n", ["zip stands beside grid"]),
    ("[grid]\nties.trust = [0.3, 0.7]\n[uncertainties.grid]\nties.trust = [0.3, 0.7]\n", ["stands beside [grid]"]),
    ("[uncertainties]\nties.trust = [0.3, 0.7]\n", ["[uncertainties]: ties", "one of the keys grid"]),
    ("[uncertainties]\n", ["[uncertainties]: sweeps nothing"]),
    ("levers = 3\n", ["levers = 3 is not a table"]),
    ("[levers.grid]\nties.trust = [0.3, 0.7]\n[grid]\nties.trust = [0.3, 0.7]\n", ["is swept, and also set by"]),
    ("[levers.grid]\nties.trust = [0.3, 0.7]\n[arms.a]\nties.trust = 0.4\n", ["is a lever, and also set by the arm a"]),
    ("outputs = 'sales'\n[grid]\nties.trust = [0.3, 0.7]\n", ['outputs = "sales" is not a list']),
    ("outputs = ['sale']\n[grid]\nties.trust = [0.3, 0.7]\n", ['Did you mean "sales"?']),
    ("outputs = ['sales', 'sales']\n[grid]\nties.trust = [0.3, 0.7]\n", ["is listed twice"]),
    ("precision = 0.6\n[grid]\nties.trust = [0.3, 0.7]\n", ["precision = 0.6", "half the width"]),
    ("precision = true\n[grid]\nties.trust = [0.3, 0.7]\n", ["precision = true"]),
]  # fmt: skip
TABLES = {
    "unknown.csv": "ties.trst\n0.3\n0.4\n",
    "beyond.csv": "ties.trust\n0.3\n1.5\n",
    "gap.csv": "ties.trust,cluster.firms\n0.3,5\n,6\n",
    "empty.csv": "",
    "headed.csv": "ties.trust\n",
    "points.xlsx": "",
}


@pytest.mark.parametrize(("text", "words"), BAD)
def test_a_bad_design_is_refused_with_file_key_value_and_remedy(text: str, words: list[str], tmp_path: Path) -> None:
    for name, content in TABLES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Experiment.load(path)
    message = str(caught.value)
    assert str(tmp_path) in message
    for word in words:
        assert word in message, message


def test_quick_of_a_file_that_has_none_is_refused(tmp_path: Path) -> None:
    for quick, words in (({}, None), ({"points": 1}, "points = 1"), ({"samples": 0}, "samples = 0")):
        tables = {"grid": {"ties": {"trust": [0.3, 0.7]}}, "quick": quick}
        if words:
            with pytest.raises(InputError, match=words):
                Experiment.from_dict(tables, quick=True)
    with pytest.raises(InputError, match="quick is missing"):
        Experiment.from_dict({"grid": {"ties": {"trust": [0.3, 0.7]}}}, quick=True)
