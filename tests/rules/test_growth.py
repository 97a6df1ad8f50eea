"""The rules of growth, exit and entry against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from klastersim.rules.growth import (
    FOREVER,
    against_ordinary,
    entry_chance,
    months_to_live,
    workers_next,
    workers_wanted,
)


def test_a_firm_outlives_each_month_with_the_probability_of_the_hazard():
    # The draw at which a firm lives longer than k months is the probability of that.
    for hazard in (0.102, 0.5, 0.95):
        for months in (1, 5, 12, 60, 74):
            survives = (1.0 - hazard) ** (months / 12.0)
            assert months_to_live(survives * (1.0 - 1e-9), hazard) > months
            assert months_to_live(survives * (1.0 + 1e-9), hazard) <= months


def test_the_baseline_loses_the_cohort_that_the_evidence_tells():
    chances = (np.arange(100_000) + 0.5) / 100_000
    lives = np.array([months_to_live(chance, 0.102) for chance in chances])
    assert (lives <= 60).mean() == pytest.approx(0.415, abs=0.005)
    # S39: half of a cohort is gone in about six years, 5 to 8.
    assert 60 < np.median(lives) < 96


def test_without_a_hazard_a_firm_lives_forever():
    assert months_to_live(0.001, 0.0) == FOREVER
    assert months_to_live(2.0**-53, 1e-9) == FOREVER


def test_at_the_ordinary_margin_and_without_orders_an_owner_wants_its_span():
    for span in (1.0, 3.7, 99.0):
        assert workers_wanted(span, 1.0, 2.5, 0.0, 1.0) == span


@pytest.mark.parametrize(
    ("success", "response", "wanted"), [(1.5, 1.0, 9.0), (0.5, 1.0, 3.0), (0.5, 3.0, 0.0), (4.0, 0.0, 6.0)]
)
def test_workers_wanted_follow_the_margin_up_and_down(success, response, wanted):
    assert workers_wanted(6.0, success, response, 0.0, 1.0) == pytest.approx(wanted)


def test_orders_add_as_much_as_is_declared_to_what_the_market_wants():
    assert workers_wanted(6.0, 1.0, 1.0, 4.0, 1.0) == 10.0
    assert workers_wanted(6.0, 1.0, 1.0, 4.0, 0.0) == 6.0


def test_workers_go_part_of_the_way_within_what_can_be_paid_and_what_has_to_stay():
    assert workers_next(6.0, 10.0, 0.25, 100.0, 1.0) == 7.0
    assert workers_next(6.0, 10.0, 0.25, 0.4, 1.0) == 6.4
    assert workers_next(6.0, 2.0, 0.25, 0.0, 1.0) == 5.0
    assert workers_next(6.0, 0.0, 1.0, 0.0, 2.5) == 2.5
    assert workers_next(6.0, 60.0, 0.0, 9.0, 1.0) == 6.0


def test_entry_follows_success_and_is_a_probability():
    assert entry_chance(0.2, 1.0, 1.0) == 0.2
    assert entry_chance(0.2, 2.0, 1.25) == pytest.approx(0.3)
    assert entry_chance(0.2, 1.0, -3.0) == 0.0
    assert entry_chance(0.2, 1.0, 100.0) == 1.0
    assert entry_chance(0.2, 0.0, math.pi) == 0.2


def test_where_the_opening_had_no_margin_nothing_is_known_of_the_ordinary():
    assert against_ordinary(0.3, 0.0) == against_ordinary(-0.3, -0.1) == 1.0
    assert against_ordinary(0.3, 0.2) == pytest.approx(1.5)
