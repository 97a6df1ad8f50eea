"""What is taken out of the whole model leaves no trace in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klastersim import Scenario, simulate
from klastersim.engine.run import advance
from klastersim.rules.cooperation import HUMP_SHAPED, OTHER
from klastersim.scenario.whole import KNOCKOUTS
from klastersim.world.build import build
from klastersim.world.layout import GROUP, NONE, PRIME, SINGLE, VACANT, World
from tests.verification.test_nothing_comes_of_nothing import scenarios

#: A cluster of the whole model in which much happens.
LIVELY = {
    "cluster.firms": 40,
    "ties.trust": 0.85,
    "start.kind": "cooperating",
    "market.potential": 12.0,
    "market.linkage": 0.2,
    "market.trader_linkage": 0.9,
    "orders.low_weeks": 4.0,
    "finance.working_capital": 3.0,
    "chain.opening_share": 0.5,
    "growth.entry": 0.4,
    "growth.suspension": 0.9,
    "contracts.rate": 0.5,
    "purchase.ceiling": 0.06,
    "functions.training_cost": 0.1,
    "functions.research_cost": 0.1,
    "functions.logistics_cost": 0.1,
    "functions.technology_cost": 0.3,
    "functions.machine_price": 20.0,
    "programme.enabled": False,
}

MONTHS = 36


def lively(changes: Mapping[str, object] | None = None) -> Scenario:
    return Scenario.preset("whole").replace({**LIVELY, **(changes or {})})


def measured(*names: str) -> Callable[[World], np.ndarray]:
    return lambda world: np.array([world.series[name] for name in names])


def of_firms(*names: str) -> Callable[[World], np.ndarray]:
    return lambda world: np.array([np.asarray(world.firms[name], float) for name in names])


def of_buyers(*names: str) -> Callable[[World], np.ndarray]:
    return lambda world: np.array([np.asarray(world.buyers[name], float) for name in names])


def taken_by(kind: int) -> Callable[[World], np.ndarray]:
    """How many of the orders that are remembered were taken so."""

    def count(world: World) -> np.ndarray:
        cluster = world.clusters[0]
        numbers = np.arange(int(cluster.oldest_order), int(cluster.next_order)) % int(cluster.order_room)
        return np.asarray(world.orders["taker"])[numbers] == kind

    return count


def of_types(world: World) -> np.ndarray:
    return np.isin(np.asarray(world.firms["social"]), (HUMP_SHAPED, OTHER))


def moved_relations(world: World) -> np.ndarray:
    here = np.asarray(world.firms["standing"]) != VACANT
    return world.relations[here] - world.params["market_linkage"][0]


def uneven_buyers(world: World) -> np.ndarray:
    share, volume, stretch, quality = (
        np.asarray(world.buyers[name]).ravel() for name in ("share", "volume", "stretch", "quality")
    )
    kinds = np.split(share, [int(world.params[0].market_large_firms)])
    return np.concatenate([[np.ptp(kind) for kind in kinds if len(kind)], volume - 1.0, stretch - 1.0, quality])


def in_bodies(world: World) -> np.ndarray:
    return np.asarray(world.firms["body"]) != NONE


def refused_for_money(world: World) -> np.ndarray:
    return np.asarray(world.series["skilled"] - world.series["financed"])


def moved_workers(world: World) -> np.ndarray:
    return np.asarray(np.diff(world.series["jobs"], axis=1))


#: What each mechanism leaves behind where it is at work; exactly zero without it.
TRACES: dict[str, tuple[Callable[[World], np.ndarray], ...]] = {
    "cooperation": (
        measured("cooperating", "groups", "in_groups", "acting", "collective_share", "collective_sales", "active"),
        taken_by(GROUP),
        taken_by(PRIME),
    ),
    "social-types": (of_types,),
    "chain": (
        measured("specialised", "matched", "stage_trade", "stage_bridges"),
        of_firms("specialised", "division", "division_gain"),
    ),
    "groups": (measured("groups", "in_groups", "largest_group", "bodies"), taken_by(GROUP)),
    "bodies": (measured("bodies", "dormant_share"), of_firms("memory"), in_bodies),
    "functions": (
        measured("technology", "functions_alone", "functions_joint", "machines", "invested"),
        of_firms("technology", "mechanised"),
    ),
    "technology": (measured("technology"), of_firms("technology")),
    "machines": (measured("machines", "invested"), of_firms("mechanised")),
    "single-orders": (taken_by(SINGLE),),
    "subcontracting": (measured("subcontracts"), taken_by(PRIME)),
    "capture": (measured("captured"),),
    "contracts": (measured("contracted"), of_firms("contract_end"), of_buyers("contracted")),
    "unequal-buyers": (uneven_buyers,),
    "principals": (measured("prefinanced"), of_buyers("principal", "advanced", "lost")),
    "traders": (measured("trader_margin"), of_buyers("earned"), lambda world: world.clusters["traders_account"]),
    "purchase": (measured("purchase_gain"),),
    "external": (measured("external_economies"),),
    "relations": (moved_relations,),
    "credit": (measured("bank_credit"), of_firms("borrowed"), lambda world: world.clusters["bank_account"]),
    "finance": (refused_for_money, of_firms("borrowed")),
    "growth": (measured("entries", "exits", "suspended"), moved_workers, of_firms("born")),
}

#: For what leaves no trace of its own: parameters under which it does nothing, which must come to the same.
SAME: dict[str, dict[str, object]] = {
    "training": {"functions.training_dose": 0.0},
    "research": {"functions.research_rise": 0.0},
    "logistics": {"functions.logistics_cut": 0.0},
    "technology": {"functions.technology_gain": 0.0},
    "machines": {"functions.machine_gain": 0.0},
    "capture": {"capture.share": 0.0},
    "contracts": {"contracts.rate": 0.0},
    "purchase": {"purchase.ceiling": 0.0},
    "external": {"external.ceiling": 0.0},
    "credit": {"finance.limit": 0.0},
    "principals": {"principals.number": 0},
    "social-types": {"types.hump": 0.0, "types.other": 0.0},
}


def run(scenario: Scenario, seed: int, months: int = MONTHS) -> World:
    return advance(build([scenario], [seed], months_kept=months), months)


def test_every_mechanism_has_a_trace_or_parameters_at_which_it_does_nothing():
    assert set(TRACES) | set(SAME) | {"bargaining"} == set(KNOCKOUTS)


@pytest.fixture(scope="module")
def whole() -> World:
    return run(lively(), 5)


@pytest.mark.parametrize("name", TRACES)
def test_a_mechanism_leaves_its_traces_in_the_whole_model_and_none_once_it_is_taken_out(name, whole):
    without = run(lively(dict(KNOCKOUTS[name])), 5)
    assert any(np.any(trace(whole)) for trace in TRACES[name]), "the lively cluster does not show it"
    assert not any(np.any(trace(without)) for trace in TRACES[name])


def test_without_bargaining_all_orders_pay_what_traders_pay(whole):
    without = run(lively(KNOCKOUTS["bargaining"]), 5)
    assert np.ptp(whole.series["bargaining"]) > 0.0
    assert np.asarray(without.series["bargaining"]) == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("name", SAME)
def test_taking_a_mechanism_out_equals_the_parameters_at_which_it_does_nothing(name):
    switched, same = (simulate(lively(changes), MONTHS, 5) for changes in (KNOCKOUTS[name], SAME[name]))
    assert switched.digest == same.digest
    assert switched.digest != simulate(lively(), MONTHS, 5).digest


@pytest.mark.slow
@pytest.mark.parametrize("name", TRACES)
@settings(max_examples=25)
@given(changes=scenarios, seed=st.integers(0, 2**63 - 1))
def test_what_is_taken_out_leaves_no_trace_whatever_the_scenario(name, changes, seed):
    changes = {**changes, "mix.equipment": 0.0, "programme.enabled": False, "events": []}
    if changes["ties.kind"] == "all":
        changes["ties.kind"] = "near"
    whole = Scenario.preset("whole").replace({key: value for key, value in changes.items() if ".enabled" not in key})
    without = run(whole.replace({"programme.enabled": False, **KNOCKOUTS[name]}), seed, 18)
    assert not any(np.any(trace(without)) for trace in TRACES[name])
