"""Patterns 6, 7, 11 and 15: failure factors, instruments, agencies, and how few clusters are active."""

from __future__ import annotations

import pytest

from klastersim.analysis.patterns import patterns
from tests.patterns.looks import counter, found

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("part", [each.part for each in patterns(6)])
def test_pattern_6_no_failure_factor_moves_value_added_by_half_a_rupiah_for_each_rupiah_spent(part):
    """As found: no sign is told, of four effects and six interactions; each is small beside what clusters differ in."""
    look = found(6, part)
    assert look.held is None
    assert -0.5 < look.low < 0.0 < look.high < 0.5


def test_pattern_7_training_is_best_where_skill_is_lacking_and_no_other_cluster_has_a_best_instrument():
    """The absence found: that the best instrument differs is not shown."""
    look = found(7, "best instrument")
    assert look.held is None
    told = {row["cluster"]: row["best"] for row in look.detail}
    assert told["gap-skill"] == "training"
    assert sum("tie" in best for best in told.values()) == 3


def test_pattern_7_instruments_that_do_nothing_are_never_the_best():
    assert counter(7, "best instrument", "instruments that do nothing").estimate == 0.0


def test_pattern_11_bundled_support_is_not_shown_to_add_more_or_less():
    look = found(11, "bundled")
    assert look.held is None
    assert -0.5 < look.low < look.high < 0.5


def test_pattern_15_few_are_active_after_four_years_of_thin_support():
    look = found(15, "few")
    assert look.held is True
    shares = [row["active"] for row in look.detail]
    assert shares[0] <= shares[2] <= shares[3]


def test_pattern_15_where_nothing_stands_in_the_way_nearly_all_are():
    assert counter(15, "few", "willing firms that trust each other and that orders find").held is False
