"""Patterns 14 and 16: balances, and what remains where cooperation brings nothing."""

from __future__ import annotations

import pytest

from tests.patterns.looks import counter, found

pytestmark = pytest.mark.slow


def test_pattern_14_money_and_goods_balance_every_month():
    """That the look sees what is wrong is shown in tests/analysis, with a rupiah from nowhere."""
    assert found(14, "balances").held is True


def test_pattern_16_cooperation_that_brings_nothing_falls_to_the_fixed_point_of_the_choice_rule():
    look = found(16, "fixed point")
    assert look.held is True
    print(look.note)  # shown with -s


def test_pattern_16_a_choice_by_a_threshold_ends_elsewhere():
    assert counter(16, "fixed point", "a threshold in place of the choice").held is False


def test_pattern_16_is_not_identified_at_the_default_social_capital():
    assert not found(16, "half", "mean trust 0.5").identified


def test_pattern_16_what_remains_is_nearly_as_much_as_at_default_potential():
    """The absence found: where clusters are active hardly more firms are willing than where it brings nothing."""
    look = found(16, "half")
    assert look.held is False
    assert 0.8 < look.low < look.high < 1.0


def test_pattern_16_holds_where_gain_weighs_much_more():
    assert counter(16, "half", "gain that weighs thirty times as much").held is True
