"""The ratio of unit costs at which channels break even: known ones are found, and none where none is to be found."""

from __future__ import annotations

import math

import numpy as np
import pytest

from klastersim import Scenario
from klastersim.analysis.sweeps.break_even import CHANNEL, ENABLED, RATIO, break_even_of, roles_of
from klastersim.figures.findings import draw_finding
from klastersim.indicators.intervals import student_quantile
from klastersim.lab.design import Arm, Axis, Map
from tests.analysis.sweeps.made import outcomes

SENTRA = Scenario.preset("sentra")
RATIOS = Axis(RATIO, (0.25, 0.5, 1.0, 2.0), "log", "ratio")
TRUST = Axis("ties.trust", (0.4, 0.6, 0.8), "linear", "Mean trust")
ARMS = (
    Arm("individual", "firms one by one", {CHANNEL: "individual"}),
    Arm("group", "groups", {CHANNEL: "group"}),
    Arm("none", "no programme", {ENABLED: False}),
)
REPLICATIONS = 12


def made(even, axes=(RATIOS, TRUST), noise=0.01, cost=(100.0, 100.0), arms=ARMS):
    """Runs in which groups gain `log2(even / ratio)` more for each rupiah spent than single firms, who gain 3."""
    each = Map("m", "A map", "", tuple(axes), arms)
    chance = np.random.default_rng(1)
    values = np.zeros((len(arms), each.places, REPLICATIONS))
    luck = chance.normal(size=REPLICATIONS)  # shared by all
    for place, held in enumerate(each.coordinates()):
        more = math.log2((even(held) if callable(even) else even) / held[RATIO])
        values[0, place] = 3.0 * cost[0]
        values[1, place] = (3.0 + more + noise * chance.normal(size=REPLICATIONS)) * cost[1]
    spent = np.zeros_like(values)
    spent[0], spent[1] = cost
    return outcomes(each, active=np.zeros_like(values), value_added_total=values + luck, public_cost_total=spent)


def found(told, base=SENTRA):
    finding = break_even_of(told, base)
    assert finding is not None
    return finding, finding.data.lines["value_added_total"] if finding.data else ()


def test_a_known_ratio_is_found_at_each_place_whatever_the_shared_luck():
    even = {0.4: 0.3, 0.6: 0.7, 0.8: 1.6}
    finding, lines = found(made(lambda held: even[held["ties.trust"]]))
    for line in lines:
        expected = even[line.place["ties.trust"]]
        assert line.low < expected * 1.01
        assert line.high > expected * 0.99
        assert line.value == pytest.approx(expected, rel=0.02)
        assert any(f"break even at a ratio of {line.value:.2f}" in sentence for sentence in finding.sentences)


def test_the_order_of_axes_and_of_ratios_is_nothing():
    turned = Axis(RATIO, (1.0, 0.25, 2.0, 0.5), "list", "ratio")
    lines = found(made(0.7, (TRUST, turned), noise=0.0))[1]
    assert [line.place["ties.trust"] for line in lines] == [0.4, 0.6, 0.8]
    assert [line.value for line in lines] == pytest.approx([0.7] * 3)


def test_the_interval_holds_the_ratios_at_which_students_interval_holds_zero():
    told = made(0.7, (RATIOS,), noise=1.0)
    line = found(told)[1][0]
    gains = (told["value_added_total"][1] - told["value_added_total"][0]) / 100.0
    half = student_quantile(REPLICATIONS - 1) * gains.std(axis=1, ddof=1) / REPLICATIONS**0.5
    low, high = gains.mean(axis=1) - half, gains.mean(axis=1) + half
    logs = np.log(RATIOS.values)
    assert math.log(line.low) == pytest.approx(np.interp(0.0, -low, logs))
    assert math.log(line.high) == pytest.approx(np.interp(0.0, -high, logs))


@pytest.mark.parametrize(
    ("even", "told", "cell"),
    [
        (100.0, "groups do better at every ratio from 0.25 to 2", "above 2"),
        (0.01, "single firms do better at every ratio from 0.25 to 2", "below 0.25"),
    ],
)
def test_where_one_channel_is_better_everywhere_it_says_so_and_names_no_ratio(even, told, cell):
    finding, _ = found(made(even))
    assert all(told in sentence for sentence in finding.sentences[:3])
    assert [row[2] for row in finding.rows[:3]] == [cell] * 3


def test_where_nothing_is_sure_nothing_is_identified():
    finding, lines = found(made(0.7, noise=60.0))
    assert all("not identified" in sentence for sentence in finding.sentences)
    assert all(row[2] == "not identified" and row[3] == "open to open" for row in finding.rows)
    assert all(line.winner(k) == "" for line in lines for k in range(4))


def test_an_end_that_was_not_run_is_open():
    line = found(made(1.9, (RATIOS,), noise=0.5))[1][0]
    assert 0.25 < line.low < 1.9
    assert line.high == math.inf
    sentence = found(made(1.9, (RATIOS,), noise=0.5))[0].sentences[0]
    assert (
        f"groups do better up to a ratio of {line.low:.2f}; whether single firms do above is not identified" in sentence
    )


def test_who_spends_less_is_compared_at_equal_spending():
    """Single firms spend a tenth more and gain a tenth more by it: for a rupiah they gain the same."""
    line = found(made(1.0, (RATIOS,), noise=0.0, cost=(110.0, 100.0)))[1][0]
    assert line.value == pytest.approx(1.0)
    assert [each.value for each in line.differences] == pytest.approx([2.0, 1.0, 0.0, -1.0], abs=1e-9)


def test_where_one_spends_much_more_nothing_is_said():
    finding, lines = found(made(0.7, noise=0.0, cost=(100.0, 150.0)))
    assert all("one channel spends much more" in sentence for sentence in finding.sentences)
    assert all(row[2] == "not identified" for row in finding.rows)
    assert not any(line.winner(k) for line in lines for k in range(4))


def test_activity_that_no_channel_moves_is_not_identified_however_alike_the_runs():
    lines = found(made(0.7))[0].data.lines["active"]
    assert all(each.low < 0.0 < each.high for line in lines for each in line.differences)


def test_fewer_than_six_replications_identify_nothing():
    each = Map("m", "A map", "", (RATIOS,), ARMS)
    finding, _ = found(outcomes(each, active=np.zeros((3, 4, 5))))
    assert finding.sentences == ["Not identified with fewer than six replications."]
    assert finding.data is None


def test_only_a_grid_over_the_ratio_with_one_arm_for_each_channel_and_one_for_none_is_compared():
    grid = Map("m", "", "", (RATIOS, TRUST), ARMS)
    assert roles_of(grid, SENTRA) == (2, 0, 1)
    assert roles_of(Map("m", "", "", (TRUST,), ARMS), SENTRA) is None
    assert roles_of(Map("m", "", "", (RATIOS,), ARMS[:2]), SENTRA) is None
    assert roles_of(Map("m", "", "", (RATIOS,), (*ARMS, Arm("b", "b", {CHANNEL: "group"}))), SENTRA) is None
    listed = Map("m", "", "", (Axis(RATIO, (0.0, 1.0), "list", ""),), ARMS)
    assert roles_of(listed, SENTRA) is None, "0 is no ratio but the price list"
    # What an arm leaves out is as the scenario says.
    plain = (*ARMS[:1], Arm("group", "groups", {}), ARMS[2])
    assert roles_of(Map("m", "", "", (RATIOS,), plain), SENTRA.replace({CHANNEL: "group"})) == (2, 0, 1)


@pytest.mark.parametrize(
    "axes",
    [(RATIOS,), (RATIOS, TRUST), (RATIOS, Axis("programme.selection", ("random", "neediest"), "list", "Selection"))],
)
def test_it_is_drawn_whatever_else_is_varied(axes):
    finding, lines = found(made(0.7, axes))
    figure = draw_finding(finding, "A question?", "A note.")
    assert figure is not None
    panels = figure.get_axes()
    assert [panel.get_title(loc="left") for panel in panels] == ["By value added", "By P(active)"]
    assert len(panels[0].get_yticks()) == len(lines)
