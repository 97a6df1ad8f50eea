"""R7: what larger members of a group draw to themselves of a joint order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klastersim import Scenario, simulate
from klastersim.rules.orders import diverted_gain

GROUPS = Scenario.preset("sentra").replace(
    {
        "cluster.firms": 40,
        "ties.trust": 0.85,
        "start.kind": "cooperating",
        "market.potential": 12.0,
        "market.linkage": 0.1,
        "programme.enabled": False,
    }
)

MEMBERS = st.lists(st.tuples(st.floats(0.0, 50.0), st.floats(1.0, 99.0)), min_size=1, max_size=20)


@given(MEMBERS, st.floats(0.0, 1.0))
def test_what_some_draw_to_themselves_others_lose_and_nobody_more_than_its_gain(members, capture):
    total = sum(gain for gain, _ in members)
    if total <= 0.0:
        return
    mean = sum(gain * workers for gain, workers in members) / total
    moved = [diverted_gain(gain, workers, mean, capture) for gain, workers in members]
    assert sum(moved) == pytest.approx(0.0, abs=1e-9 * max(1.0, total))
    for (gain, workers), more in zip(members, moved, strict=True):
        assert more >= -gain - 1e-12
        assert more == 0.0 or (more > 0.0) == (workers > mean)


def test_among_equals_nothing_moves():
    assert diverted_gain(3.0, 6.0, 6.0, 0.7) == 0.0
    equal = GROUPS.replace({"cluster.sizes": "equal"})
    runs = [
        simulate(equal.replace({"capture.enabled": True, "capture.share": part}), 40, 2).measures for part in (0.0, 0.9)
    ]
    assert runs[0]["collective_sales"].sum() > 0.0
    for name in ("collective_sales", "profit", "trust", "expected_gain"):
        assert runs[1][name] == pytest.approx(runs[0][name])


def test_capture_moves_expected_gains_from_small_members_to_large_ones():
    """40 clusters for two years. What a firm expects is what it learned; small: up to four workers."""
    gap = {}
    for part in (0.0, 0.8):
        small, large = [], []
        for seed in range(1, 41):
            firms = simulate(GROUPS.replace({"capture.enabled": True, "capture.share": part}), 18, seed).world.firms
            gain, workers = np.array(firms["expected_gain"]), np.array(firms["workers"])
            small.append(gain[workers <= 4].mean())
            large.append(gain[workers >= 10].mean())
        gap[part] = float(np.mean(small) - np.mean(large))
    assert gap[0.8] < gap[0.0]


def test_capture_that_is_off_or_takes_no_part_leaves_every_bit():
    base = simulate(GROUPS, 24, 5).digest
    assert simulate(GROUPS.replace({"capture.share": 0.9}), 24, 5).digest == base
    assert simulate(GROUPS.replace({"capture.enabled": True, "capture.share": 0.0}), 24, 5).digest == base
    assert simulate(GROUPS.replace({"capture.enabled": True, "capture.share": 0.9}), 24, 5).digest != base
