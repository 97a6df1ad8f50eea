"""Patterns 9, 10 and 12 on the whole model: horizontal and vertical cooperation, falling demand, closed networks."""

from __future__ import annotations

import pytest

from klastersim.analysis.patterns import patterns
from klastersim.analysis.patterns.living import LIVING_NAME
from tests.patterns.looks import counter, found

pytestmark = pytest.mark.slow

GROUPS, LINKS = "joint-action groups", "links up and down the chain"


def living(number, part):
    return found(number, part, LIVING_NAME)


@pytest.mark.parametrize("part", ["profit", "productivity"])
def test_pattern_9_groups_raise_what_firms_earn(part):
    assert living(9, f"{GROUPS}, {part}").held is True


def test_pattern_9_single_firms_take_fewer_orders_where_groups_take_some():
    look = living(9, f"{GROUPS}, single-firm orders")
    assert look.held is True
    assert look.high < 0.3


def test_pattern_9_links_are_not_shown_to_make_clusters_active_sooner():
    """As found: less than a quarter of the time that it takes, and neither sign is told."""
    look = living(9, f"{LINKS}, speed")
    assert look.held is None
    assert -10.0 < look.low < look.high < 10.0


def test_pattern_9_links_are_not_shown_to_make_firms_more_productive():
    look = living(9, f"{LINKS}, productivity")
    assert look.held is None
    assert -0.03 < look.low < look.high < 0.03


@pytest.mark.parametrize("part", [each.part for each in patterns(9)])
def test_pattern_9_what_is_without_effect_makes_no_difference_at_all(part):
    name = "firms that never cooperate" if part.startswith(GROUPS) else "nobody to link up with"
    other = counter(9, part, name, LIVING_NAME)
    assert other.estimate == 0.0
    assert other.held is None


def test_pattern_10_active_clusters_lose_less_value_added_when_local_demand_falls():
    look = living(10, "value added")
    assert look.held is True
    assert look.high < 0.1


def test_pattern_10_of_profit_that_is_not_shown():
    look = living(10, "profit")
    assert look.held is None
    assert -0.05 < look.low < look.high < 0.1


def test_pattern_10_active_clusters_lose_less_than_they_would_without_cooperation():
    look = living(10, "value added, same clusters")
    assert look.held is True
    assert look.low > 0.03


@pytest.mark.parametrize("part", [each.part for each in patterns(10)])
def test_pattern_10_without_outside_orders_nobody_is_active_and_nothing_is_told(part):
    assert not counter(10, part, "no outside orders", LIVING_NAME).identified


def test_pattern_12_a_closed_network_is_active_later_than_an_open_cluster():
    assert living(12, "speed").held is False


def test_pattern_12_it_reaches_the_same_firms_and_has_a_few_jobs_less():
    reached, jobs = living(12, "firms reached"), living(12, "jobs")
    assert reached.held is None
    assert -0.01 < reached.low < reached.high < 0.01
    assert jobs.held is False
    assert jobs.low > -0.1


@pytest.mark.parametrize("part", ["firms reached", "jobs"])
def test_pattern_12_with_ordinary_exit_neither_reach_nor_jobs_are_shown_to_differ(part):
    look = found(12, part, "whole model, mean trust 0.5")
    assert look.held is None
    assert -0.02 < look.low < look.high < 0.02


def test_pattern_12_too_few_networks_last_for_the_loss_of_a_buyer_to_be_told():
    look = living(12, "loss of the largest buyer")
    assert not look.identified
    cluster, network = look.detail
    assert network["still active without the loss"] < 20
    assert cluster["and with it"] > 0.6 * cluster["still active without the loss"]


@pytest.mark.parametrize("part", ["speed", "firms reached", "jobs"])
def test_pattern_12_without_a_programme_there_is_no_network_and_no_difference(part):
    assert counter(12, part, "no programme", LIVING_NAME).estimate == 0.0
