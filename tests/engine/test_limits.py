"""Limits that the declarations promise, and the same bits without the compiler."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from klastersim import Scenario, simulate
from klastersim.engine.month import run_clusters
from klastersim.engine.run import advance, scratch_for
from klastersim.world.build import build
from klastersim.world.layout import GROUP, PRIME
from tests.parity.compare import CASES, case

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

#: Groups, prime contractors, joint purchase, and a programme of all instruments in both channels.
BUSY = {
    **SHORT,
    "cluster.firms": 10,
    "cluster.sizes": "equal",
    "cluster.quality": 0.7,
    "ties.trust": 0.95,
    "market.potential": 8.0,
    "orders.premium": 2.0,
    "programme.enabled": True,
    "programme.start": 2,
    "programme.end": 60,
    "programme.channel": "mixed",
    "programme.budget": 600.0,
}


def busy():
    """(scenario, months, seed) of a run in which everything happens."""
    return Scenario.preset("sentra").replace(BUSY), 10, 4


def digests():
    """Digests of the busy run, of one without a programme, and of each of the parity tests' clusters, kept small."""
    found = {"busy": simulate(*busy()).digest, "short": simulate(Scenario.preset("sentra").replace(SHORT), 8, 3).digest}
    return found | {name: simulate(case(name, firms=10), 9, 1).digest for name in CASES}


DIGESTS = "import json; from tests.engine.test_limits import digests; print(json.dumps(digests()))"


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


def test_in_the_busy_run_groups_prime_contractors_buyers_and_all_instruments_act():
    scenario, months, seed = busy()
    world = build([scenario], [seed], months_kept=months)
    seen = {"group": 0, "prime": 0, "introduced": 0, "bought": 0, "lent": 0}
    for month in range(1, months + 1):
        world = advance(world, month)
        cluster, firms = world.clusters[0], world.firms
        for number in range(int(cluster.oldest_order), int(cluster.next_order)):
            order = world.orders[int(cluster.first_order) + number % int(cluster.order_room)]
            seen["group"] += order.accepted == month and order.taker == GROUP
            seen["prime"] += order.accepted == month and order.taker == PRIME
            seen["introduced"] += order.accepted == month and order.subsidised
        seen["bought"] += int(np.sum((firms["last_act"] == month) & (firms["last_order_act"] < month)))
        seen["lent"] += int(cluster.loans_out)
    assert min(seen.values()) > 0, seen
    # A purse for each instrument and channel: none holds all that came in.
    came_in = scenario["programme.budget"] / 12.0 * (months - 1) / world.purses.size
    assert (world.purses < came_in).all()


@pytest.mark.slow
def test_runs_have_the_same_bits_without_the_compiler():
    finished = subprocess.run(
        [sys.executable, "-c", DIGESTS],
        env={**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout) == digests()


def test_a_member_of_a_group_whom_an_introduction_asks_by_itself_has_room_in_the_list_of_joint_parties():
    changes = {"cluster.firms": 1, "ties.degree": 0.0, "ties.most": 0, "groups.minimum": 1, "programme.budget": 100.0}
    introduced = {"programme.start": 1, "programme.channel": "individual", "start.kind": "cooperating"}
    scenario = Scenario.preset("sentra").replace({**changes, **introduced, "decision.reconsider": 0.0})
    world = build([scenario], [1])
    scratch = scratch_for(world)
    # What lies behind the list must stay as it was.
    behind = np.full(3, -7)
    room = np.concatenate((scratch.joint, behind))
    run_clusters(world, scratch._replace(joint=room[: len(scratch.joint)]), 0, 1, 6)
    assert float(world.series["public_cost"].sum()) > 0.0
    assert room[len(scratch.joint) :].tolist() == behind.tolist()
