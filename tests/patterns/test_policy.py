"""Patterns 4, 5 and 8: what lasts, whom to support, and what no budget can replace."""

from __future__ import annotations

import numpy as np
import pytest

from klastersim.scenario.parameters import THIN_BUDGET
from tests.patterns.ensemble import ensemble, mean_interval, share_interval

pytestmark = pytest.mark.slow

ALONE = {"programme.enabled": False}


def persistence(months, changes, replications=300):
    """(clusters that a programme of so many months activated, those of them still active five years later)."""
    end = 36 + months
    point = {"ties.trust": 0.7, "programme.budget": 60.0 * THIN_BUDGET, "programme.end": end, **changes}
    with_, without = (ensemble([each], replications, end + 60)["active"][0] > 0.0 for each in (point, point | ALONE))
    activated = with_[:, end - 1] & ~without[:, end - 1]
    return activated, with_[:, end + 59] & activated


def test_pattern_4_persistence_does_not_fall_with_the_length_of_a_programme():
    (short, short_lasts), (long, long_lasts) = persistence(12, {}), persistence(120, {})
    assert share_interval(long_lasts[long])[1] > share_interval(short_lasts[short])[0]
    # More: the longer programme's effect lasts in more clusters of all.
    assert share_interval(long_lasts)[0] > share_interval(short_lasts)[1]


UNIT = {
    "prices.search": 0.0,
    "prices.visit": 0.0,
    "prices.formation": 0.0,
    "prices.training": 0.0,
    "prices.facilitator": 0.0,
    "prices.member": 0.3,
}
NO_TRUST = {"programme.meetings_build_trust": False}
WAYS = {"full": {}, "equal unit cost": UNIT, "no trust from meetings": NO_TRUST, "both": UNIT | NO_TRUST}


def added_by_groups(trust, changes, replications=120):
    """Value added to five years after the end, group support less individual support, Rp million."""
    points = [
        {"ties.trust": trust, "programme.budget": 15.0 * THIN_BUDGET, "programme.channel": channel, **changes}
        for channel in ("individual", "group")
    ]
    value = ensemble(points, replications, 132)["value_added"][:, :, 36:].sum(axis=2)
    return value[1] - value[0]


def test_pattern_5_groups_do_better_where_finding_and_visiting_firms_is_dear():
    """At the full price list group support adds more value; at equal unit cost that advantage is gone."""
    full = added_by_groups(0.85, {"programme.selection": "promising"}, 300)
    equal = added_by_groups(0.85, {"programme.selection": "promising", **UNIT}, 300)
    assert mean_interval(full)[0] > 0.0
    assert mean_interval(full - equal)[0] > 0.0


def test_pattern_5_individual_support_does_better_among_the_neediest_at_equal_unit_cost():
    assert mean_interval(added_by_groups(0.7, {"programme.selection": "neediest", **UNIT}, 300))[1] < 0.0


@pytest.mark.parametrize("trust", [0.5, 0.7, 0.85])
@pytest.mark.parametrize("way", WAYS)
def test_pattern_5_the_channels_differ_by_less_than_a_percent_of_value_added(way, trust):
    """Whoever wins, wins little: Rp 400 million a month over eight years is the scale."""
    low, high = mean_interval(added_by_groups(trust, WAYS[way]))
    assert max(abs(low), abs(high)) < 0.02 * 385.0 * 96.0


#: Social capital at which the largest budget activates at least half of the clusters at the default potential.
ABLE = 0.95


def self_sustaining(potential, replications=150, **changes):
    point = {"ties.trust": ABLE, "market.potential": potential, "programme.budget": 60.0 * THIN_BUDGET}
    point |= {key.replace("__", "."): value for key, value in changes.items()}
    return ensemble([point], replications, 132)["active"][0, :, -1] > 0.0


def test_pattern_8_below_a_market_potential_no_budget_makes_a_cluster_self_sustaining():
    assert share_interval(self_sustaining(4.0))[0] > 0.5
    assert share_interval(self_sustaining(0.125))[1] < 0.15


def test_pattern_8_holds_without_joint_purchase_too():
    assert share_interval(self_sustaining(0.125, purchase__enabled=False))[1] < 0.15


def test_pattern_8_is_not_identified_at_the_default_social_capital():
    """At mean trust 0.5 sixty times the thin budget activates next to nothing at any potential."""
    point = {"programme.budget": 60.0 * THIN_BUDGET, "market.potential": 4.0}
    ever = (ensemble([point], 150, 132)["active"][0, :, 36:72] > 0.0).any(axis=1)
    assert share_interval(ever)[1] < 0.5


def test_pattern_8_paid_introductions_carry_activity_only_while_they_last():
    point = {"ties.trust": ABLE, "market.potential": 0.125, "programme.budget": 60.0 * THIN_BUDGET}
    active = ensemble([point], 150, 132)["active"][0] > 0.0
    assert share_interval(active[:, 71])[0] > share_interval(active[:, 131])[1]
    assert np.mean(active[:, 131]) < 0.1
