"""Patterns 4, 5 and 8: what lasts, whom to support, and what no budget can replace."""

from __future__ import annotations

import pytest

from tests.patterns.looks import counter, found

pytestmark = pytest.mark.slow

IDLE = "money that buys nothing but meetings that teach nothing"


def test_pattern_4_persistence_does_not_fall_with_the_length_of_a_programme():
    """More: it rises."""
    look = found(4, "length")
    assert look.held is True
    assert look.low > 0.0


def test_pattern_4_where_buyers_forget_hardly_less_lasts():
    """As found: without orders that the programme buys a difference is not shown, and none of more than 0.15."""
    look = found(4, "memory")
    assert look.identified
    assert -0.1 < look.low < look.high < 0.15


def test_pattern_4_a_memory_that_holds_nothing_makes_no_difference():
    other = counter(4, "memory", "a memory that holds nothing")
    assert other.held is not True
    assert other.estimate == 0.0


def test_pattern_4_some_clusters_turn_active_only_after_the_end():
    assert found(4, "late").held is True
    assert counter(4, "late", IDLE).held is not True


@pytest.mark.parametrize("way", ["full", "no trust from meetings"])
def test_pattern_5_groups_do_better_at_the_listed_prices(way):
    look = found(5, way)
    assert look.held is True
    assert not [row for row in look.detail if row["winner"] == "individual"]


@pytest.mark.parametrize("way", ["equal unit cost", "both"])
def test_pattern_5_single_firms_do_better_at_equal_unit_cost(way):
    """The absence found: what speaks for groups is the price list alone."""
    look = found(5, way)
    assert look.held is False
    assert not [row for row in look.detail if row["winner"] == "group"]


@pytest.mark.parametrize("way", ["full", "equal unit cost", "no trust from meetings", "both"])
def test_pattern_5_the_arms_spend_the_same(way):
    for row in found(5, way).detail:
        assert row["spent_group"] == pytest.approx(row["spent_individual"], rel=0.03)


def test_pattern_5_which_channel_is_better_turns_with_the_ratio_of_unit_costs():
    look = found(5, "ratio of unit costs")
    assert look.held is True
    assert look.low >= 0.25
    assert look.high <= 1.0


def test_pattern_5_with_nothing_special_to_groups_the_channels_agree():
    other = counter(5, "both", "nothing special to groups")
    assert other.held is None
    assert -0.15 < other.low < other.high < 0.15


def test_pattern_8_is_not_identified_at_the_default_social_capital():
    look = found(8, "activity", "mean trust 0.5")
    assert not look.identified
    assert look.detail[-1]["60 x"] < 0.1


@pytest.mark.parametrize("under", ["", "no joint purchase"])
def test_pattern_8_below_a_market_potential_no_budget_makes_clusters_active_for_good(under):
    assert found(8, "activity", under).held is True


@pytest.mark.parametrize("measure", ["value added", "profit"])
def test_pattern_8_below_a_market_potential_no_budget_raises_income_for_good(measure):
    assert found(8, measure).held is True


def test_pattern_8_fails_where_little_but_the_number_of_orders_is_in_the_way():
    """Few willing firms whom orders reach are active at the lowest potential looked at, with no budget at all."""
    other = counter(8, "activity", "twenty willing firms that orders reach")
    assert other.held is False
    assert other.detail[0]["0 x"] > 0.2
