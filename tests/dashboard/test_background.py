from __future__ import annotations

import asyncio
import time
from base64 import b64decode
from concurrent.futures import CancelledError, ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klastersim.compiled import derive_seed
from klastersim.dashboard.chance import Counted
from klastersim.dashboard.choice import Choice
from klastersim.dashboard.cluster import as_sent
from klastersim.dashboard.keeping import harmless
from klastersim.dashboard.outcome import last_year, total
from klastersim.dashboard.tipping import MAPS, STEPS, batches
from klastersim.dashboard.worker import Errand, close, replicate, submit, turn_active
from klastersim.figures.cluster_data import (
    CROWD,
    DELIVERED,
    FREE,
    LOST,
    MOST_MOMENTS,
    WON,
    can_be_drawn,
    cluster_data,
    sites,
)
from klastersim.scenario import Scenario
from klastersim.simulation import simulate, twin
from klastersim.world.layout import YEAR

SMALL = Scenario.preset("sentra").replace(
    {"cluster.firms": 12, "programme.start": 5, "programme.end": 20, "programme.budget": 100.0}
)


def test_the_map_plays_the_run_that_everything_else_shows():
    data = cluster_data(SMALL, 40, 3)
    run = simulate(SMALL, 40, 3)
    assert np.array_equal(data.world.series, run.world.series)
    assert np.array_equal(data.capital[-1], run.firms["working_capital"].to_numpy(np.float32))
    assert np.array_equal(data.acting, run.measures["acting"])
    assert np.allclose((data.group > 0).mean(axis=1), run.measures["in_groups"])
    assert np.array_equal(data.supported, run.world.firms["supported"])
    assert data.programme == (5, 20)


def test_the_map_counts_the_orders_of_the_series():
    """A month in which orders were delivered with success has firms that delivered, and one without has none."""
    scenario = SMALL.replace({"market.potential": 20.0, "programme.enabled": False})
    data, run = cluster_data(scenario, 40, 3), simulate(scenario, 40, 3)
    taken = (data.event == WON).any(axis=1)
    assert np.all(run.measures["taken"][taken] > 0)
    assert taken.any()
    due = ((data.event == DELIVERED) | (data.event == LOST)).any(axis=1)
    assert np.array_equal(due, run.measures["due"] > 0)
    assert np.all((data.event == LOST).any(axis=1)[due & (run.measures["delivered"] == 0)])


def test_ties_stand_on_the_map_from_the_month_in_which_they_form():
    data = cluster_data(SMALL.replace({"market.potential": 20.0}), 40, 3)
    assert len(data.tied) == len(data.ties) == data.trust.shape[1]
    assert np.all(np.diff(data.tied) >= 0)
    assert data.trust.shape[0] == 4
    assert (data.tied == 0).sum() == simulate(SMALL, 1, 3).world.clusters[0].ties


def test_a_map_is_sent_as_plain_values():
    sent = as_sent(cluster_data(SMALL, 13, 1))
    assert sent["months"] == 13
    assert len(sent["x"]) == 12
    assert isinstance(sent["moment"], str)
    assert len(b64decode(sent["workers"])) == 4 * 12


def test_a_map_tells_workers_and_free_sites_where_firms_come_and_go():
    growing = SMALL.replace({"growth.enabled": True, "growth.exit_hazard": 60.0, "growth.entry": 0.05})
    data, run = cluster_data(growing, 40, 3), simulate(growing, 40, 3)
    assert np.allclose((data.state != FREE).sum(axis=1), run.measures["firms"])
    assert (data.state == FREE).any()
    assert np.allclose(data.workers.sum(axis=1), run.measures["jobs"], rtol=1e-5)
    sent = as_sent(data)
    assert sent["grows"]
    assert len(b64decode(sent["workers"])) == 4 * 12 * 40


LARGE = SMALL.replace({"cluster.firms": CROWD + 1})


def test_what_moves_slowly_in_a_crowd_is_sent_by_the_year():
    data, run = cluster_data(LARGE, 30, 3), simulate(LARGE, 30, 3)
    assert data.pace == YEAR
    assert data.quality.shape == data.capital.shape == data.workers.shape == (3, CROWD + 1)
    assert np.array_equal(data.capital[-1], run.firms["working_capital"].to_numpy(np.float32))
    assert data.state.shape == (30, CROWD + 1)


def test_the_largest_map_that_is_sent_is_a_few_megabytes():
    assert can_be_drawn(8_000, 240)
    assert not can_be_drawn(8_000, 1_200)
    sent = as_sent(cluster_data(LARGE, 240, 3))
    large = sum(len(value) for value in sent.values() if isinstance(value, str)) / (240 * (CROWD + 1))
    assert large * MOST_MOMENTS < 8e6


@pytest.mark.parametrize("firms", [CROWD + 1, 8_000])
def test_every_firm_of_a_crowd_has_room_on_the_street(firms):
    """Within a circle of radius 1, and no two nearer than half of what equal shares of its area would give them."""
    x, y = sites(firms)
    assert np.hypot(x, y).max() <= 1.0 + 1e-12
    grid = np.argsort(x, kind="stable")
    near = np.inf
    for k in range(1, 400):
        away = np.hypot(x[grid[k:]] - x[grid[:-k]], y[grid[k:]] - y[grid[:-k]])
        near = min(near, float(away.min()))
    assert near > 0.5 * np.sqrt(np.pi * 0.75 / firms)


def test_the_background_counts_the_replications_of_a_sweep():
    months, points = 30, [{}, {"ties.trust": 0.9}]
    counts = turn_active(SMALL, points, months, 5, 1, 4)
    for point, count in zip(points, counts, strict=True):
        runs = [simulate(SMALL.replace(point), months, derive_seed(5, k)) for k in range(1, 4)]
        assert count == sum(run.state.active for run in runs)


def test_a_worker_that_died_is_replaced():
    try:
        assert submit(abs, -1).result() == 1
        with pytest.raises(Exception):  # noqa: B017, PT011
            submit(_die).result()
        assert submit(abs, -2).result() == 2
    finally:
        close()


def _die() -> None:
    import os

    os._exit(1)


def test_an_errand_that_is_called_off_ends_before_the_worker_comes_to_it():
    try:
        with ThreadPoolExecutor(1) as thread:
            blocking, errand = submit(time.sleep, 3.0), Errand()
            queued = [submit(abs, -k) for k in range(5)]
            asking = thread.submit(asyncio.run, errand.ask(abs, -1))
            while errand.waiting is None:
                time.sleep(0.01)
            # From another thread, as a visitor's page does it.
            errand.call_off()
            with pytest.raises((CancelledError, asyncio.CancelledError)):
                asking.result(60.0)
            assert errand.waiting.cancelled()
            assert not blocking.done()
            assert [each.result() for each in queued] == [0, 1, 2, 3, 4]
    finally:
        close()


def test_an_errand_that_is_called_off_asks_no_more():
    errand = Errand()
    errand.call_off()
    # In a thread of its own: a browser that another test has opened keeps a loop running in this one.
    with ThreadPoolExecutor(1) as thread, pytest.raises((CancelledError, asyncio.CancelledError)):
        thread.submit(asyncio.run, errand.ask(abs, -1)).result()
    assert errand.waiting is None


@given(st.integers(0, 3), st.integers(1, 60))
def test_each_step_of_refinement_brings_every_point_to_its_replications(step, many):
    runs: dict[tuple[int, int], int] = {}
    previous = 0
    for points, replications in STEPS[: step + 1]:
        if points != previous:
            factor = (points - 1) // (previous - 1) if previous else 1
            runs = {(a * factor, u * factor): count for (a, u), count in runs.items()}
            previous = points
        for places, first, last in list(batches(points, replications, runs, many)):
            assert len(places) * (last - first) <= many
            for place in places:
                assert runs.get(place, 0) == first - 1
                runs[place] = last - 1
    assert set(runs.values()) == {STEPS[step][1]}
    assert len(runs) == STEPS[step][0] ** 2


@pytest.mark.parametrize("name", MAPS)
def test_the_coarse_points_of_a_map_stand_among_the_fine_ones(name):
    for side in MAPS[name]:
        assert side.values(9)[::2] == pytest.approx(side.values(5))
        for k, value in enumerate(side.values(9)):
            assert side.place(value, 9) == pytest.approx(k, abs=0.01)
        assert side.place(side.high * 2, 9) is None


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@a", "\t=1"])
def test_no_cell_of_a_download_is_a_formula(cell):
    assert harmless(cell) == f"'{cell}"
    assert harmless("kelompok 1") == "kelompok 1"


def test_costs_are_those_of_pairs_on_the_same_luck():
    points = replicate(SMALL, [{}, {"programme.enabled": False}], 30, 5, 1, 6)
    counted = Counted(Choice(SMALL), tuple(map(tuple, points)))
    pairs = [twin(SMALL, derive_seed(5, k), 30) for k in range(1, 6)]
    assert [row[1] for row in points[0]] == [total(each.with_, "public_cost") for each in pairs]
    assert [row[2] for row in points[1]] == [total(each.without, "value_added") for each in pairs]
    changed = sum(each.with_.state.active - each.without.state.active for each in pairs)
    assert counted.cost().added.value == changed / 5
    active = [[run.state.active for run in (each.with_, each.without)] for each in pairs]
    assert counted.active == tuple(map(sum, zip(*active, strict=True)))


def test_jobs_are_counted_over_pairs_on_the_same_luck_where_firms_grow():
    growing = SMALL.replace({"growth.enabled": True})
    points = replicate(growing, [{}, {"programme.enabled": False}], 30, 5, 1, 6)
    more, _ = Counted(Choice(growing), tuple(map(tuple, points))).jobs()
    pairs = [twin(growing, derive_seed(5, k), 30) for k in range(1, 6)]
    moved = [last_year(each.with_, "jobs") - last_year(each.without, "jobs") for each in pairs]
    assert more.value == pytest.approx(sum(moved) / 5, abs=1e-9)
