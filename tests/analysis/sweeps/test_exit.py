"""What is left when a programme ends, of histories that are made up."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from klastersim.analysis.sweeps.exit import exits_of
from klastersim.analysis.sweeps.fates import fates_of
from klastersim.analysis.sweeps.outcomes import Outcomes
from klastersim.analysis.sweeps.ramps import ramps_of
from klastersim.analysis.sweeps.shares import ratio_of, share_among, share_less
from klastersim.indicators.outcomes import GRADES, deadweight_of, gain_left_of, persistence_of
from klastersim.lab.design import Arm, Axis, Map
from klastersim.lab.endings import STEPS, ending_of
from klastersim.scenario import Scenario
from tests.analysis.sweeps.made import outcomes

BASE = Scenario.preset("sentra").replace({"programme.start": 61, "programme.end": 96})
NONE = Arm("none", "no programme", {"programme.enabled": False})
WITH = Arm("with", "with", {"programme.enabled": True})
LONGER = Arm("longer", "longer", {"programme.start": 49, "programme.end": 120})
MONTHS = 240


def by_year(arms: list[Arm], active: np.ndarray, value: np.ndarray, cost: np.ndarray | None = None) -> Outcomes:
    """Outcomes from what is told of each month, shape (arms, places, replications, months)."""
    whole = (*active.shape[:3], active.shape[3] // 12, 12)
    cost = np.zeros_like(value) if cost is None else cost
    told: dict[str, Any] = {}
    for year in range(whole[3]):
        told[f"year_{year + 1}_active_own"] = active.reshape(whole)[..., year, -1]
        told[f"year_{year + 1}_months_active"] = active.reshape(whole)[..., year, :].mean(axis=-1)
        told[f"year_{year + 1}_value_added"] = value.reshape(whole)[..., year, :].sum(axis=-1)
        told[f"year_{year + 1}_public_cost"] = cost.reshape(whole)[..., year, :].sum(axis=-1)
    axes = (Axis("ties.trust", tuple(np.linspace(0.4, 0.8, active.shape[1])), "", ""),) if active.shape[1] > 1 else ()
    return outcomes(Map("m", "A map", "", axes, tuple(arms)), active=active[..., -1], **told)


def histories(seed: int, arms: int = 2, places: int = 3, replications: int = 30) -> tuple[np.ndarray, np.ndarray]:
    """Clusters that turn active and passive again, with value added that hangs on it and on luck."""
    rng = np.random.default_rng(seed)
    turns = rng.random((arms, places, replications, MONTHS)) < 0.03
    active = (np.cumsum(turns, axis=3) % 2).astype(float)
    value = 50.0 + 20.0 * active + rng.normal(0.0, 8.0, active.shape) + 10.0 * rng.normal(size=(1, places, 30, 1))
    return active, value


def series_of(active: np.ndarray, value: np.ndarray) -> np.ndarray:
    found = np.zeros(len(active), [("active_own", float), ("value_added", float)])
    found["active_own"], found["value_added"] = active, value
    return found


def test_of_whole_years_the_definitions_are_those_that_a_single_pair_is_held_to() -> None:
    active, value = histories(1)
    ending = ending_of(WITH, BASE)
    assert ending is not None
    found = fates_of(by_year([NONE, WITH], active, value), 1, 0, ending)
    scenario = BASE.replace({"programme.start": 61, "programme.end": 96})
    activated = 0
    for place, r in np.ndindex(3, 30):
        without, with_ = (series_of(active[arm, place, r], value[arm, place, r]) for arm in (0, 1))
        lasts = persistence_of(with_[:216], without[:216], scenario)
        assert lasts["activated"] == found.activated[place, r]
        assert lasts["late"] == found.late[place, r]
        for look, months in enumerate((24, 60, 120)):
            assert bool(lasts[f"active_after_{months}"]) == found.lasting[look, place, r]
        gains = gain_left_of(with_, without, scenario)
        for look, months in enumerate((24, 60, 120)):
            told = gains[f"gain_left_{months}"]
            if told is not None:
                assert found.left[look, place, r] / found.gained[place, r] == pytest.approx(told)
        graded = deadweight_of(with_, without, scenario)
        assert graded is not None
        assert GRADES[found.grades[place, r]] == graded.grade
        activated += bool(lasts["activated"])
    assert activated > 10


def test_a_pair_of_which_a_run_failed_is_nowhere_counted() -> None:
    active, value = histories(2)
    active[1, 0, :5] = value[1, 0, :5] = np.nan
    ending = ending_of(WITH, BASE)
    assert ending is not None
    found = fates_of(by_year([NONE, WITH], active, value), 1, 0, ending)
    assert not found.told[0, :5].any()
    for each in (found.activated, found.late, found.reverse, *found.lasting):
        assert not each[0, :5].any()
    assert np.isnan(found.gained[0, :5]).all()
    assert (found.grades[0, :5] == -1).all()
    assert (found.grades[found.told] >= 0).all()


def test_what_lasts_after_longer_programmes_is_compared_with_the_first_and_each_sentence_stands_in_a_table() -> None:
    active, value = histories(3, arms=3, places=8)
    left, lasting, deadweight = exits_of(by_year([NONE, WITH, LONGER], active, value), BASE)
    for finding in (left, lasting, deadweight):
        for sentence in finding.sentences:
            title = sentence.partition(" against")[0] if " against" in sentence else sentence.partition(":")[0]
            row = next(row for row in finding.rows if row[0] == title.lower())
            for value_, low, high in re.findall(r"([-+.\d]+) \(95 % interval ([-+.\d]+) to ([-+.\d]+)\)", sentence):
                assert f"{value_} ({low} to {high})" in row
        assert all("95 % interval" in sentence or "not identified" in sentence for sentence in finding.sentences)
    assert lasting.rows[0][0] == "longer"
    assert set(lasting.estimates) == {"persistence: longer"}


def test_where_few_are_activated_nothing_is_said_of_whether_more_lasts() -> None:
    active, value = histories(7, arms=3, places=8)
    active[1, :, 2:] = active[0, :, 2:]  # of the shorter programme at most 16 pairs differ
    _, lasting, _ = exits_of(by_year([NONE, WITH, LONGER], active, value), BASE)
    assert lasting.rows == [["with", "not identified", "not identified", "not identified"]]
    assert "cannot be compared" in lasting.sentences[0]
    assert lasting.estimates == {}


def test_a_programme_that_changes_nothing_activates_nothing_and_leaves_no_gain() -> None:
    active, value = histories(4)
    active[1], value[1] = active[0], value[0]
    left, deadweight = exits_of(by_year([NONE, WITH], active, value), BASE)
    assert left.rows[0][1].startswith("0.000 (0.000 to")
    assert left.rows[0][7:] == ["not identified"] * 3
    assert deadweight.rows[0][GRADES.index("zero") + 1].startswith("0.000")


def test_an_effect_that_ends_with_the_programme_is_not_said_to_last() -> None:
    active, value = np.zeros((2, 3, 30, MONTHS)), np.full((2, 3, 30, MONTHS), 50.0)
    value += np.random.default_rng(5).normal(size=value.shape)
    active[1, :, :, 60:96], value[1, :, :, 60:96] = 1.0, 80.0
    left, _ = exits_of(by_year([NONE, WITH], active, value), BASE)
    assert left.estimates["persistence_24: with"].value == 0.0
    assert left.estimates["persistence_24: with"].high < 0.2
    assert re.match(r"-?0\.0\d \(-", left.rows[0][7])


def test_shares_of_few_are_not_held_for_certain_and_a_difference_has_the_interval_of_what_was_drawn() -> None:
    rng = np.random.default_rng(6)
    hits = 0
    for _ in range(300):
        luck = rng.random((1, 60))
        whole, other = (rng.random((8, 60)) < 0.5 for _ in range(2))
        part = whole & (0.5 * luck + 0.5 * rng.random((8, 60)) < 0.6)
        less = other & (0.5 * luck + 0.5 * rng.random((8, 60)) < 0.4)
        found = share_less(part, whole, less, other)
        assert found is not None
        hits += found.low <= 0.36 <= found.high  # P(U + U' < 1.2) - P(U + U' < 0.8), of two uniform numbers
    # With a true cover of 0.95 fewer than 0.91 are hit with a chance of about 0.002.
    assert hits / 300 > 0.91
    one = np.ones((2, 8), bool)
    assert share_among(one, one).low > 0.5  # type: ignore[union-attr]
    assert share_among(~one, ~one) is None
    assert share_less(one, one, ~one, one).low < 1.0  # type: ignore[union-attr]
    assert ratio_of(np.ones(8), np.array([1.0, -1.0] * 4)) is None


RAMP = {"programme.path": "ramp", "programme.start": 49}
FAST = Arm("fast", "fast", {**RAMP, "programme.end": 48 + 240})
SLOW = Arm("slow", "slow", {**RAMP, "programme.end": 48 + 480})


def ramped(state: Any) -> Outcomes:
    """Ramps of 240 and 480 months, of which `state` makes shares of months active from the yearly spending."""
    rng = np.random.default_rng(8)
    active, cost = np.zeros((3, 2, 12, 528)), np.zeros((3, 2, 12, 528))
    for arm, months in ((1, 240), (2, 480)):
        steps = np.arange(months)
        budget = 1.0 - np.abs(2.0 * steps - months + 1.0) / months
        cost[arm, ..., 48 : 48 + months] = 60.0 * 11.17 / 12.0 * budget
        told = state(budget)[None, None] + rng.normal(0.0, 0.02, (2, 12, 1))
        active[arm, ..., 48 : 48 + months] = told
    return by_year([NONE, FAST, SLOW], active, np.zeros_like(active), cost)


def lagging(budget: np.ndarray) -> np.ndarray:
    """A state that follows the budget by so many months, whatever its speed."""
    return np.concatenate([np.zeros(24), budget[:-24]])


def remaining(budget: np.ndarray) -> np.ndarray:
    """A state that is lost only at a budget far below the one at which it was won."""
    half = len(budget) // 2
    return np.concatenate([np.clip(2.0 * budget[:half] - 0.8, 0.0, 1.0), np.clip(2.0 * budget[half:] - 0.2, 0.0, 1.0)])


@pytest.mark.parametrize(
    ("state", "told", "least", "most"),
    [(lagging, "At half the speed the gap shrinks", 0.4, 0.75), (remaining, "does not shrink towards zero", 0.75, 1.3)],
)
def test_a_state_that_only_lags_is_told_from_one_that_remembers(
    state: Any, told: str, least: float, most: float
) -> None:
    (found,) = ramps_of(ramped(state), BASE)
    assert told in found.sentences[-1]
    ratio = re.search(r"it is ([\d.]+) \(95 % interval", found.sentences[-1])
    assert ratio is not None
    assert least < float(ratio[1]) < most
    assert found.rows[-1][2].startswith(f"{ratio[1]} (")
    assert [row[1] for row in found.rows] == ["240", "480", ""]
    for row, sentence in zip(found.rows, found.sentences[::2], strict=False):
        assert re.sub(r" \(95 % interval", " (", row[2]).split(" ")[0] in sentence


def test_without_a_gap_nothing_is_said_of_how_it_shrinks() -> None:
    (found,) = ramps_of(ramped(lambda budget: 0.5 * budget), BASE)
    assert found.sentences[-1].startswith("Whether the gap shrinks at half the speed is not identified")


def test_a_ramp_is_cut_into_whole_years() -> None:
    for arm in (FAST, SLOW):
        ending = ending_of(arm, BASE)
        assert ending is not None
        assert ending.is_ramp
        assert (ending.end - ending.start + 1) % (2 * STEPS * 12) == 0
