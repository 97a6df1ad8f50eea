"""Limits that the declarations promise, and the same bits without the compiler."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from klastersim import Scenario, simulate
from klastersim.engine.run import advance
from klastersim.world.build import build

ROOT = Path(__file__).parents[2]

SHORT = {
    "cluster.firms": 8,
    "ties.trust": 0.9,
    "start.kind": "cooperating",
    "market.potential": 6.0,
    "orders.low_weeks": 1.0,
    "orders.high_value": 60.0,
    "market.linkage": 0.3,
    "orders.schedule": 1,
    "orders.payment_delay": 0,
    "programme.enabled": False,
}

DIGEST = f"""
from klastersim import Scenario, simulate
print(simulate(Scenario.preset("sentra").replace({SHORT!r}), 8, 3).digest)
"""


def outstanding(world):
    """Credit of every firm for orders not yet settled, Rp million."""
    cluster = world.clusters[0]
    owed = np.zeros(int(cluster.firms))
    for number in range(int(cluster.oldest_part), int(cluster.next_part)):
        part = world.parts[int(cluster.first_part) + number % int(cluster.part_room)]
        owed[part.firm] += part.loan
    return owed


def test_a_bank_never_lends_a_firm_more_than_its_limit():
    scenario = Scenario.preset("sentra").replace(
        {
            "programme.enabled": False,
            "finance.working_capital": 0.2,
            "finance.collateral_share": 1.0,
            "market.potential": 20.0,
            "market.linkage": 0.3,
            "orders.premium": 2.0,
            "orders.low_weeks": 1.0,
            "orders.high_value": 60.0,
        }
    )
    most = 0.0
    for seed in range(5):
        world = build([scenario], [seed])
        limit = scenario["finance.limit"] * np.array(world.firms["workers"]) * scenario["local.price"]
        for month in range(1, 37):
            world = advance(world, month)
            most = max(most, float((outstanding(world) / limit).max()))
    assert most <= 1.0 + 1e-9


@pytest.mark.parametrize("trust", [0.3, 0.8])
def test_the_loans_of_one_order_are_within_the_limit(trust):
    scenario = Scenario.preset("sentra").replace(
        {"programme.enabled": False, "finance.working_capital": 0.2, "market.potential": 20.0, "ties.trust": trust}
    )
    world = advance(build([scenario], [1]), 36)
    cluster = world.clusters[0]
    for number in range(int(cluster.oldest_part), int(cluster.next_part)):
        part = world.parts[int(cluster.first_part) + number % int(cluster.part_room)]
        limit = scenario["finance.limit"] * world.firms["workers"][part.firm] * scenario["local.price"]
        assert part.loan <= limit * (1.0 + 1e-9)


@pytest.mark.slow
def test_a_run_has_the_same_bits_without_the_compiler():
    finished = subprocess.run(
        [sys.executable, "-c", DIGEST],
        env={**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.stdout.strip() == simulate(Scenario.preset("sentra").replace(SHORT), 8, 3).digest, finished.stderr
