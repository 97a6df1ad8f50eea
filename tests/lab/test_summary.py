"""Counts, intervals and the sentences computed from them."""

import numpy as np
import pytest
from scipy.stats import binomtest

from klastersim.indicators.intervals import Estimate
from klastersim.indicators.outcomes import CostOfActivation
from klastersim.lab.answer import Phase, crossing, phases_of, sentences
from klastersim.lab.design import Arm, Axis, Map
from klastersim.lab.summary import as_csv, wilson

TRUST = Axis("ties.trust", (0.3, 0.5, 0.7), "linear", "trust")
POTENTIAL = Axis("market.potential", (1.0, 4.0, 16.0), "log", "orders")
NONE, LARGE = Arm("none", "no programme", {}), Arm("large", "large budget", {})


@pytest.mark.parametrize(("successes", "trials"), [(0, 1), (1, 1), (0, 40), (40, 40), (20, 40), (2, 22), (7, 1000)])
def test_wilson_agrees_with_scipy(successes: int, trials: int) -> None:
    known = binomtest(successes, trials).proportion_ci(method="wilson")
    assert wilson(successes, trials) == pytest.approx((known.low, known.high), abs=1e-12)


def test_wilson_meets_a_printed_example() -> None:
    """Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662, and 15 of 148 gives 0.0624 to 0.1605."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)


def test_without_trials_nothing_is_known() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_csv_writes_truth_as_toml_does_and_nothing_for_none() -> None:
    assert as_csv([{"a": True, "b": None, "c": 0.5}]) == "a,b,c\ntrue,,0.5\n"


@pytest.mark.parametrize(
    ("axis", "chance", "known"),
    [
        (TRUST, [0.0, 0.0, 1.0], 0.6),
        (TRUST, [1.0, 0.0, 0.0], 0.4),
        (POTENTIAL, [0.0, 1.0, 1.0], 2.0),
        (TRUST, [0.0, 0.1, 0.2], None),
        (TRUST, [0.9, 0.9, 0.9], None),
    ],
)
def test_the_crossing_is_interpolated_on_the_axis_s_own_scale(axis: Axis, chance: list[float], known: float) -> None:
    assert crossing(axis, np.array(chance)) == (None if known is None else pytest.approx(known))


def phase(arm: Arm, active: list[list[int]]) -> Phase:
    counts = np.array(active)
    return Phase(Map("m", "map", "", (POTENTIAL, TRUST), (NONE, LARGE)), arm, np.full(counts.shape, 40), counts)


def test_a_line_that_is_not_reached_is_said_not_to_be() -> None:
    (told,) = sentences([phase(NONE, [[0, 0, 0], [0, 1, 2], [0, 3, 8]])])
    assert told.startswith("No programme: P(active) = 1/2 is not reached on these axes")
    assert "the most is 0.20 (95 % interval 0.10 to 0.35, 40 runs) at market.potential = 16, ties.trust = 0.7" in told


def test_a_map_that_is_active_throughout_is_said_to_be() -> None:
    (told,) = sentences([phase(NONE, [[40] * 3, [40] * 3, [30] * 3])])
    assert "at least 1/2 on the whole map; the least is 0.75" in told


def test_the_sentence_names_where_the_line_runs_and_what_a_programme_moves() -> None:
    told = sentences(
        [phase(NONE, [[0, 0, 40], [0, 0, 40], [0, 0, 40]]), phase(LARGE, [[0, 0, 40], [0, 40, 40], [0, 40, 40]])]
    )
    trust = "at mean trust (ties.trust)"
    orders = "market.potential = "
    assert f"3 of 9 points; it passes 1/2 {trust} = 0.6 where {orders}1 and 0.6 where {orders}16." in told[0]
    assert f"5 of 9 points; it passes 1/2 {trust} = 0.6 where {orders}1 and 0.4 where {orders}16." in told[1]
    assert "moves by +0.222 on average" in told[2]
    assert "2 of 9 points rise to 1/2 or more, 0 fall below; the line of 1/2 moves by -0.133 in mean trust" in told[2]


def test_the_line_is_looked_for_along_the_axis_that_passes_it_more_often() -> None:
    (told,) = sentences([phase(NONE, [[0, 0, 0], [0, 40, 40], [40, 40, 40]])])
    assert "market opportunity (market.potential) = 8 where ties.trust = 0.3 and 2 where ties.trust = 0.7." in told


def test_points_whose_interval_holds_one_half_are_unsure() -> None:
    unsure = phase(NONE, [[0, 10, 14], [20, 26, 28], [30, 39, 40]]).unsure
    assert unsure.tolist() == [[False, False, True], [True, True, False], [False, False, False]]


def test_phases_are_read_from_the_summary_by_map_and_arm() -> None:
    each = Map("m", "map", "", (TRUST,), (NONE, LARGE))
    rows = [
        {"map": name, "arm": arm.name, "n": 10, "p_active": number / 10}
        for name in ("other", "m")
        for arm in (NONE, LARGE)
        for number in ((1, 2, 3) if arm is NONE else (4, 5, 6))
    ]
    none, large = phases_of(each, rows)
    assert none.active.tolist() == [1, 2, 3]
    assert large.chance.tolist() == [0.4, 0.5, 0.6]


def test_the_sentence_says_what_an_additional_active_cluster_cost_or_that_it_is_not_identified() -> None:
    phases = [phase(NONE, [[0] * 3] * 3), phase(LARGE, [[0, 0, 40]] * 3)]
    added = Estimate(0.25, 0.125, 0.375)

    def told(cost: CostOfActivation | None) -> str:
        return sentences(phases, {("m", "large"): cost})[2].partition("fall below. ")[2]

    assert told(CostOfActivation(added, Estimate(1234.5, 987.6, 45.67), Estimate(0.5, 0.25, 2.0))) == (
        "Over the whole map this takes Rp 1,234 million of public money per additional active cluster "
        "(95 % interval 988 to 45.7). Over the whole run each additional rupiah of value added cost the public 0.5 "
        "(95 % interval 0.25 to 2)."
    )
    assert told(CostOfActivation(added, Estimate(-54.0, -80.0, -30.0), Estimate(-0.05, -0.09, -0.02))) == (
        "Public money per additional active cluster: none, less is spent. "
        "Public money per rupiah of value added: none, less is spent."
    )
    assert told(CostOfActivation(Estimate(0.001, -0.01, 0.012), None)) == (
        "Public money per additional active cluster: not identified, the share active moves by +0.001 "
        "(95 % interval -0.010 to +0.012). Public money per rupiah of value added: not identified, no rise is sure."
    )
    assert told(None) == "Public money per additional active cluster: not identified with fewer than six replications."
    assert sentences(phases, {}) == sentences(phases)
