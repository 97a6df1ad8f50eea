"""Patterns 1, 2 and 3: regimes in social capital, critical mass, hysteresis."""

from __future__ import annotations

import numpy as np
import pytest

from klastersim.scenario.parameters import THIN_BUDGET
from tests.patterns.ensemble import ensemble, mean_interval, paired_share_interval, share_interval

pytestmark = pytest.mark.slow

ALONE = {"programme.enabled": False}
TRUST = (0.4, 0.6, 0.7, 0.8, 0.9, 0.95)

#: Largest difference that history makes after twenty years: below this there is no band where it decides.
BAND = 0.25


def active_at_the_end(points, replications=150, months=240):
    return ensemble(points, replications, months)["active"][:, :, -1] > 0.0


@pytest.mark.parametrize(
    "changes",
    [{}, {"groups.trust": 0.35}, {"groups.trust": 0.65}],
    ids=["trust to work together 0.5", "0.35", "0.65"],
)
def test_pattern_1_clusters_are_passive_at_low_and_active_at_high_social_capital(changes):
    low, high = active_at_the_end([{**ALONE, **changes, "ties.trust": trust} for trust in (0.4, 0.95)])
    assert share_interval(low)[1] < 0.10
    assert share_interval(high)[0] > 0.40


def test_pattern_1_needs_trust_in_the_choice():
    """Without c_trust, social capital no longer activates clusters: company and gain alone do not carry it."""
    (high,) = active_at_the_end([{**ALONE, "ties.trust": 0.95, "decision.trust": 0.0}])
    assert share_interval(high)[1] < 0.20


def test_pattern_1_needs_joint_work():
    """Without groups and subcontracting no cluster is ever active."""
    (high,) = active_at_the_end(
        [{**ALONE, "ties.trust": 0.95, "groups.enabled": False, "orders.subcontracting": False}], replications=60
    )
    assert not high.any()


@pytest.mark.parametrize("changes", [{}, {"decision.trust": 0.0}, {"groups.trust": 0.35}, {"groups.trust": 0.65}])
def test_pattern_1_there_is_no_band_where_history_decides(changes):
    """The absence found: from both starts the same share of clusters is active after twenty years.

    Bonferroni over the points keeps the false-alarm rate of the whole at 0.001.
    """
    points = [
        {**ALONE, **changes, "ties.trust": trust, "start.kind": start}
        for trust in TRUST
        for start in ("passive", "cooperating")
    ]
    active = active_at_the_end(points)
    for k in range(len(TRUST)):
        low, high = paired_share_interval(active[2 * k], active[2 * k + 1], 0.001 / len(TRUST))
        assert -BAND < low <= high < BAND, TRUST[k]


def test_the_look_at_history_would_see_it_where_it_is_put_in():
    """With a choice that follows company alone and strongly, the two starts do part: the test above can fail."""
    herd = {**ALONE, "decision.intercept": -4.0, "decision.social": 8.0, "decision.trust": 0.0, "ties.trust": 0.8}
    herd["cluster.free_riders"] = 0.0
    active = active_at_the_end([{**herd, "start.kind": start} for start in ("passive", "cooperating")])
    assert paired_share_interval(active[0], active[1])[0] > BAND


HELD = (0, 10, 25, 50)


def held_in(changes, replications=200):
    """Active 60 months after the release of m random firms that were held in for 24 months, by m."""
    points = [{**ALONE, **changes, "ties.trust": 0.85, "start.held": m} for m in HELD]
    return active_at_the_end(points, replications, 84)


def test_pattern_2_more_firms_held_in_leave_more_clusters_active_but_none_tips():
    """P(active) rises with the number held, without a jump: no step between two sizes carries most of the rise."""
    shares = held_in({})
    assert paired_share_interval(shares[0], shares[-1])[0] > 0.05
    assert share_interval(shares[0])[0] > 0.05
    steps = np.diff(shares.mean(axis=1))
    assert steps.max() < 0.9 * steps.sum()


def test_pattern_2_needs_memory():
    """With nothing learned from the time together, having been held in leaves no trace."""
    forgetful = {
        "learning.trust_rise": 0.0,
        "learning.gain_rate": 0.0,
        "learning.gain_watch": 0.0,
        "relations.enabled": False,
        "ties.most": 0,
    }
    shares = held_in(forgetful)
    low, high = paired_share_interval(shares[0], shares[-1])
    assert low <= 0.0 <= high


def crossing_gap(months, changes, replications=120):
    """Mean of P(active) on the way down less on the way up, over the same budgets."""
    points = [
        {
            "ties.trust": 0.75,
            "programme.path": "ramp",
            "programme.budget": 60.0 * THIN_BUDGET,
            "programme.start": 13,
            "programme.end": 12 + months,
            **changes,
        }
    ]
    active = ensemble(points, replications, 12 + months)["active"][0]
    half = 12 + months // 2
    return active[:, half : 12 + months].mean(axis=1) - active[:, 12:half].mean(axis=1)


def test_pattern_3_clusters_stay_active_at_budgets_that_did_not_activate_them():
    """Hysteresis at both speeds of the ramp; at half the speed the gap is smaller but not gone."""
    fast, slow = crossing_gap(240, {}), crossing_gap(480, {})
    assert mean_interval(fast)[0] > 0.10
    assert mean_interval(slow)[0] > 0.05
    assert mean_interval(fast - slow)[0] > -0.10
