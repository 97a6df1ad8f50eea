"""Patterns 1, 2 and 3: regimes in social capital, critical mass, hysteresis."""

from __future__ import annotations

import pytest

from tests.patterns.looks import counter, found

pytestmark = pytest.mark.slow

THRESHOLDS = ("trust to work together 0.35", "", "trust to work together 0.65")

#: Ends of the range that the evidence leaves to mean trust.
EVIDENCE = (0.3, 0.8)


@pytest.mark.parametrize("under", THRESHOLDS)
def test_pattern_1_clusters_are_mostly_passive_at_low_and_mostly_active_at_high_social_capital(under):
    assert found(1, "regimes", under).held is True


def test_pattern_1_the_boundary_lies_inside_the_range_that_the_evidence_leaves_and_above_the_default():
    rows = [row for row in found(1, "regimes").detail if EVIDENCE[0] <= row["ties.trust"] <= EVIDENCE[1]]
    assert len(rows) > 8
    assert all(row["high"] < 0.2 for row in rows if row["ties.trust"] <= 0.5)
    assert rows[-1]["low"] > 0.5


def test_pattern_1_the_active_regime_needs_joint_work():
    other = counter(1, "regimes", "no groups and no subcontracting")
    assert other.held is False
    assert max(row["p_active"] for row in other.detail) == 0.0


def test_pattern_1_the_active_regime_needs_trust_in_the_choice_itself():
    """Without c_trust there is one regime only: company and gain do not carry cooperation."""
    other = found(1, "regimes", "no trust in the choice")
    assert other.held is False
    assert all(row["high"] < 0.15 for row in other.detail)


def test_pattern_1_clusters_turn_active_only_beyond_the_percolation_line():
    look = found(1, "percolation")
    assert look.held is True
    lines, boundaries = ([row[name] for row in look.detail] for name in ("line", "boundary"))
    assert lines == sorted(lines)
    assert boundaries == sorted(boundaries)
    # The boundary moves by less than a half of what the line moves: trusted ties are not what is short.
    assert boundaries[-1] - boundaries[0] < 0.5 * (lines[-1] - lines[0])


def test_pattern_1_where_all_are_willing_the_boundary_lies_on_the_percolation_line():
    other = counter(1, "percolation", "firms that are always willing")
    assert other.held is not True
    assert abs(other.estimate) < 0.05


@pytest.mark.parametrize("under", ["", "trust to work together 0.65", "no trust in the choice"])
def test_pattern_1_there_is_no_band_where_history_decides(under):
    """The absence found: after twenty years less than a tenth of the clusters differs by the start alone."""
    assert found(1, "band", under).held is False


def test_pattern_1_nor_is_one_shown_where_little_trust_is_needed_to_work_together():
    look = found(1, "band", "trust to work together 0.35")
    assert look.held is not True
    assert look.high < 0.2


def test_pattern_1_the_start_shows_after_two_years_and_is_gone_after_twenty():
    """About a tenth of the clusters still differ after five and ten years."""
    gaps = [row["cooperating"] - row["passive"] for row in found(1, "band").detail]
    assert gaps[0] > 0.25
    assert max(gaps[1:3]) < 0.2
    assert abs(gaps[-1]) < 0.06


def test_pattern_1_history_is_seen_where_it_is_put_in():
    assert counter(1, "band", "a choice that follows company alone").held is True


def test_pattern_2_the_more_firms_are_held_in_the_more_clusters_stay_active():
    look = found(2, "rise")
    assert look.held is True
    assert look.low > 0.3
    shares = [row["p_active"] for row in look.detail]
    assert shares == sorted(shares)


def test_pattern_2_the_rise_needs_memory():
    assert counter(2, "rise", "nothing learned and nobody remembered").held is not True


def test_pattern_2_the_rise_is_steeper_than_even_and_far_from_a_jump():
    """As found: a fifth of the firms carries between a fifth and 0.6 of the rise; a critical mass is not identified."""
    look = found(2, "steepness")
    assert look.identified
    assert 0.2 < look.low < look.high < 0.6


def test_pattern_2_a_jump_is_seen_where_it_is_put_in():
    other = counter(2, "steepness", "a choice that follows company alone")
    assert other.held is True
    assert other.low > 0.8


def test_pattern_3_clusters_are_a_little_more_active_on_the_way_down():
    """As found: a gap, of less than a fifth of the clusters."""
    look = found(3, "gap")
    assert look.low > 0.0
    assert look.high < 0.2


def test_pattern_3_two_crossing_budgets_are_not_identified():
    """The absence found: over the spending that both ways have, the share active on the way up passes no half."""
    assert not found(3, "crossing").identified


def test_pattern_3_the_gap_is_not_shown_to_last_at_half_the_speed():
    """The absence found: so it is no hysteresis."""
    assert found(3, "speed").held is not True


@pytest.mark.parametrize("part", ["gap", "crossing"])
def test_pattern_3_money_that_buys_nothing_shows_no_gap(part):
    assert counter(3, part, "money that buys nothing but meetings that teach nothing").held is not True


def test_pattern_3_without_memory_there_is_no_gap_to_compare():
    assert not counter(3, "speed", "nothing learned and nobody remembered").identified
