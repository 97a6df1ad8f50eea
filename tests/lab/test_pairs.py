"""Costs of activation over a map: pairs on the same luck, added up by replication."""

from typing import Any

import numpy as np
import pytest

from klastersim.indicators.intervals import student_quantile
from klastersim.indicators.outcomes import CostOfActivation
from klastersim.lab.design import Point
from klastersim.lab.pairs import FEWEST, Pairs
from klastersim.lab.rows import ROW

#: Two maps: one of three arms by two places, one of one arm.
POINTS = [Point("m", arm, {}, {}) for arm in ("none", "thin", "large") for _ in range(2)] + [
    Point("other", "none", {}, {})
]
WIDTH = len(POINTS)


def rows(active: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """Runs in their order from arrays of shape (replications, points)."""
    found = np.zeros(active.size, ROW)
    found["run"] = np.arange(active.size)
    found["point"] = found["run"] % WIDTH
    found["active"], found["public_cost_total"] = active.ravel(), cost.ravel()
    return found


def runs(replications: int) -> tuple[np.ndarray, np.ndarray]:
    """The large programme activates two places in even replications and one in odd ones, at 50 a place."""
    active, cost = np.zeros((replications, WIDTH)), np.zeros((replications, WIDTH))
    active[:, 4] = 1
    active[::2, 5] = 1
    cost[:, 2:4], cost[:, 4:6] = 10.0, 50.0
    return active, cost


def costs(
    active: np.ndarray,
    cost: np.ndarray,
    batch: int = 10**6,
    value: np.ndarray | None = None,
    jobs: np.ndarray | None = None,
) -> dict[tuple[str, str], CostOfActivation | None]:
    table, pairs = rows(active, cost), Pairs(POINTS)
    if jobs is not None:
        table["jobs"] = jobs.ravel()
    if value is not None:
        table["value_added_total"] = value.ravel()
    for begin in range(0, len(table), batch):
        pairs.add(table[begin : begin + batch])
    return pairs.costs()


def identified(found: Any) -> CostOfActivation:
    assert found is not None
    assert found.per_cluster is not None
    return found


def test_the_cost_is_that_of_the_whole_map_over_all_that_it_added() -> None:
    found = identified(costs(*runs(40))["m", "large"])
    half = student_quantile(39) * 0.5 / np.sqrt(39)
    assert found.added.value == pytest.approx(0.75)
    assert (found.added.low, found.added.high) == pytest.approx(((1.5 - half) / 2, (1.5 + half) / 2))
    told = found.per_cluster
    assert told is not None
    assert (told.value, told.low, told.high) == pytest.approx((100 / 1.5, 100 / (1.5 + half), 100 / (1.5 - half)))


def test_a_rupiah_of_value_added_costs_what_was_paid_over_what_was_gained() -> None:
    """Value added rises by 40 and 60 by turns at each place of the large programme, which costs 50 a place."""
    active, cost = runs(40)
    value = np.full((40, WIDTH), 1000.0)
    value[::2, 4:6] += 40.0
    value[1::2, 4:6] += 60.0
    found = identified(costs(active, cost, value=value)["m", "large"]).per_value_added
    assert found is not None
    half = student_quantile(39) * 20.0 / np.sqrt(39)
    assert (found.value, found.low, found.high) == pytest.approx((1.0, 100 / (100 + half), 100 / (100 - half)))


def test_a_job_costs_what_was_paid_over_the_jobs_added_and_nothing_is_told_where_workers_are_fixed() -> None:
    active, cost = runs(40)
    jobs = np.full((40, WIDTH), 300.0)
    jobs[::2, 4:6] += 4.0
    jobs[1::2, 4:6] += 6.0
    found = identified(costs(active, cost, jobs=jobs)["m", "large"]).per_job
    assert found is not None
    half = student_quantile(39) * 2.0 / np.sqrt(39)
    assert (found.value, found.low, found.high) == pytest.approx((10.0, 100 / (10 + half), 100 / (10 - half)))
    fixed = identified(costs(active, cost, jobs=np.full((40, WIDTH), np.nan))["m", "large"])
    assert fixed.per_job is None
    assert fixed.per_cluster == identified(costs(active, cost, jobs=jobs)["m", "large"]).per_cluster


def test_value_added_that_may_have_fallen_has_no_cost() -> None:
    active, cost = runs(40)
    value = np.zeros((40, WIDTH))
    value[::2, 4:6], value[1::2, 4:6] = 40.0, -39.0
    assert identified(costs(active, cost, value=value)["m", "large"]).per_value_added is None


def test_costs_do_not_depend_on_how_runs_come_in() -> None:
    once = costs(*runs(40))
    for batch in (1, 3, WIDTH, 50):
        assert costs(*runs(40), batch) == once


def test_the_cost_of_what_adds_nothing_is_not_identified() -> None:
    found = costs(*runs(40))["m", "thin"]
    assert found is not None
    assert (found.added.value, found.per_cluster) == (0.0, None)


def test_fewer_clusters_have_no_cost() -> None:
    active, cost = runs(40)
    found = costs(1.0 - active, cost)["m", "large"]
    assert found is not None
    assert found.added.high < 0.0
    assert found.per_cluster is None


def test_fewer_than_six_replications_tell_nothing() -> None:
    assert costs(*runs(FEWEST - 1))["m", "large"] is None
    identified(costs(*runs(FEWEST))["m", "large"])


def test_arms_that_cost_what_the_first_costs_are_left_out() -> None:
    active, cost = runs(40)
    cost[:, 2:4] = 0.0
    assert set(costs(active, cost)) == {("m", "large")}


def test_failed_runs_leave_out_their_pairs() -> None:
    active, cost = runs(40)
    active[:, 1] = -1
    cost[:, 1] = np.nan
    found = identified(costs(active, cost)["m", "large"])
    assert found.added.value == 1.0
    assert found.per_cluster is not None
    assert found.per_cluster.value == pytest.approx(50.0)


def test_places_that_share_their_luck_are_no_independent_evidence() -> None:
    """A thousand places that turn alike tell no more than one."""
    wide = [Point("m", arm, {}, {}) for arm in ("none", "thin") for _ in range(1000)]
    table = np.zeros(40 * 2000, ROW)
    table["run"] = np.arange(len(table))
    table["point"] = table["run"] % 2000
    under_thin = table["point"] >= 1000
    table["active"][under_thin & (np.arange(len(table)) // 2000 < 3)] = 1
    table["public_cost_total"][under_thin] = 10.0
    pairs = Pairs(wide)
    pairs.add(table)
    found = pairs.costs()["m", "thin"]
    assert found is not None
    assert found.per_cluster is None


def test_the_interval_misses_in_about_one_of_twenty() -> None:
    """Seeded: 1,000 experiments of 40 replications, places that share luck; 95 % would be within 0.93 to 0.97."""
    chance = np.random.default_rng(5)
    hits = told = 0
    for _ in range(1000):
        luck = chance.random((40, 1))
        active, cost = np.zeros((40, WIDTH)), np.zeros((40, WIDTH))
        active[:, 4:6] = 0.5 * luck + 0.5 * chance.random((40, 2)) < 0.4
        cost[:, 4:6] = 20.0 + 40.0 * active[:, 4:6] + chance.random((40, 2))
        # Half plus half of two uniforms lies below 0.4 with chance 2 (0.4)^2.
        added = 2.0 * 0.4**2
        found = costs(active, cost)["m", "large"]
        assert found is not None
        if found.per_cluster is not None:
            told += 1
            hits += found.per_cluster.low <= (20.5 + 40.0 * added) / added <= found.per_cluster.high
    assert told > 990
    assert 0.93 <= hits / told <= 0.97


def test_what_an_arm_adds_is_told_also_where_it_costs_nothing_and_is_never_quite_sure() -> None:
    active, cost = runs(40)
    pairs = Pairs(POINTS)
    pairs.add(rows(active, np.zeros_like(cost)))
    assert pairs.costs() == {}
    added = pairs.added()["m", "large"]
    assert added is not None
    assert added.value == pytest.approx(0.75)
    thin = pairs.added()["m", "thin"]
    assert thin is not None
    assert thin.value == 0.0
    assert thin.low == -thin.high < 0.0, "forty replications that agree leave open what others would do"


def test_the_share_active_under_an_arm_is_that_of_its_places_with_an_interval_over_replications() -> None:
    pairs = Pairs(POINTS)
    pairs.add(rows(*runs(40)))
    share = pairs.shares()["m", "large"]
    assert share is not None
    half = student_quantile(39) * 0.25 / np.sqrt(39)
    assert (share.value, share.low, share.high) == pytest.approx((0.75, 0.75 - half, 0.75 + half))
    none = pairs.shares()["m", "none"]
    assert none is not None
    assert (none.value, none.low) == (0.0, 0.0)
    assert 0.0 < none.high < 0.1


def test_replications_that_lack_points_do_not_count() -> None:
    """Points stop once they are precise enough; those that go on are no sample of all."""
    table = rows(*runs(8))
    whole, cut = Pairs(POINTS), Pairs(POINTS)
    whole.add(table[: 6 * WIDTH])
    cut.add(np.delete(table, [6 * WIDTH + 1, 7 * WIDTH + 4]))
    assert cut.added() == whole.added()
    assert cut.shares() == whole.shares()
