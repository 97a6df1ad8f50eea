"""How many of the active clusters would have been active anyway (S16)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from klastersim.analysis.sweeps.anyway import anyway_of, share_anyway
from klastersim.lab.design import Arm, Axis, Map
from klastersim.scenario import Scenario
from tests.analysis.sweeps.made import outcomes

BASE = Scenario.preset("sentra")
NONE = Arm("none", "no programme", {"programme.enabled": False})
THIN = Arm("thin", "thin budget", {"programme.budget": 11.17})


def found_of(arms: list[Arm], active: Any, axes: tuple[Axis, ...] = (), base: Scenario = BASE) -> Any:
    return anyway_of(outcomes(Map("m", "A map", "", axes, tuple(arms)), active=np.asarray(active, float)), base)


def test_only_what_is_active_with_the_programme_counts_and_its_twin_is_the_same_place_and_replication() -> None:
    rng = np.random.default_rng(1)
    alone, supported = (rng.random((6, 40)) < share for share in (0.3, 0.6))
    found = found_of([NONE, THIN], [alone, supported], (Axis("ties.trust", tuple(np.linspace(0.3, 0.8, 6)), "", ""),))
    share = (alone & supported).sum() / supported.sum()
    told = found.estimates["anyway: thin"]
    assert told.value == pytest.approx(share)
    assert told.low < share < told.high
    assert found.rows == [
        [
            "thin budget",
            "no programme",
            f"{supported.sum()}",
            f"{(alone & supported).sum()}",
            f"{share:.3f}",
            f"{told.low:.3f} to {told.high:.3f}",
        ]
    ]
    assert f"{share:.3f} (95 % interval" in found.sentences[0]


def test_the_interval_over_replications_covers_the_truth_as_often_as_it_says() -> None:
    """Places share the luck of a replication, so that they count for less than so many runs.

    With 400 samples a true cover of 0.95 lies below 0.91 with a chance of about 0.0003.
    """
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(400):
        luck = rng.random((1, 40))
        supported = (luck + 0.3 * rng.random((12, 40)) < 0.8).astype(float)
        alone = (luck + 0.3 * rng.random((12, 40)) < 0.5).astype(float)
        found = share_anyway(supported, alone)[1]
        assert found is not None
        hits += found.low <= TRUE_SHARE <= found.high
    assert hits / 400 > 0.91


def _true_share() -> float:
    grid = (np.arange(2_000) + 0.5) / 2_000
    supported = np.clip((0.8 - grid) / 0.3, 0.0, 1.0)
    alone = np.clip((0.5 - grid) / 0.3, 0.0, 1.0)
    return float((supported * alone).sum() / supported.sum())


TRUE_SHARE = _true_share()


def test_where_all_replications_agree_the_share_is_not_held_for_certain() -> None:
    told = share_anyway(np.ones((3, 8)), np.zeros((3, 8)))[1]
    assert told is not None
    assert (told.value, told.low) == (0.0, 0.0)
    assert 0.2 < told.high < 0.5


def test_a_run_that_failed_counts_for_neither() -> None:
    supported, alone = np.array([[1.0, 1.0, np.nan, 1.0]]), np.array([[1.0, np.nan, 1.0, 0.0]])
    assert share_anyway(supported, alone)[0] == (2, 1)


def test_without_an_active_cluster_no_share_is_made_up() -> None:
    found = found_of([NONE, THIN], np.zeros((2, 1, 8)))
    assert found.rows[0][2:] == ["0", "0", "-", "not identified"]
    assert found.sentences == ["Thin budget: no cluster is active, so none would have been anyway."]


@pytest.mark.parametrize(
    "arms",
    [
        [THIN, Arm("sixty", "", {"programme.budget": 670.2})],
        [NONE, Arm("none_too", "", {"programme.budget": 0.0})],
        [NONE, Arm("other", "", {"programme.budget": 11.17, "market.potential": 9.0})],
        [NONE, Arm("events", "", {"events": [{"kind": "demand", "month": 3, "factor": 2.0}]})],
    ],
    ids=["no arm without", "no arm with", "another place", "another history"],
)
def test_arms_that_differ_in_more_than_a_programme_are_no_twins(arms: list[Arm]) -> None:
    assert found_of(arms, np.ones((2, 1, 8))) is None


def test_the_twin_is_the_arm_without_a_programme_that_is_otherwise_the_same() -> None:
    arms = [
        Arm("poor", "poor", {"market.potential": 1.0, "programme.enabled": False}),
        Arm("rich", "rich", {"market.potential": 9.0, "programme.enabled": False}),
        Arm("poor_helped", "poor, helped", {"market.potential": 1.0}),
        Arm("rich_helped", "rich, helped", {"market.potential": 9.0, "plan.tailored": 1.0}),
    ]
    found = found_of(arms, np.ones((4, 1, 8)))
    assert [row[:2] for row in found.rows] == [["poor, helped", "poor"], ["rich, helped", "rich"]]


def test_a_programme_that_only_an_event_pays_for_is_a_programme() -> None:
    paid = [{"kind": "programme", "month": 3, "until": 8, "budget": 20.0}]
    dated = BASE.replace({"programme.enabled": False, "events": paid})
    assert (
        found_of([Arm("a", "", {}), Arm("b", "", {"programme.path": "ramp"})], np.ones((2, 1, 8)), base=dated) is None
    )


def test_arms_whose_budget_is_varied_are_told_only_where_all_of_it_is_a_programme() -> None:
    axis = Axis("programme.budget", (0.0, 20.0), "list", "")
    assert found_of([NONE, Arm("some", "", {"programme.enabled": True})], np.ones((2, 2, 8)), (axis,)) is None
    axis = Axis("programme.budget", (10.0, 20.0), "list", "")
    assert found_of([NONE, Arm("all", "", {"programme.enabled": True})], np.ones((2, 2, 8)), (axis,)) is not None
