"""Functions and joint bodies over whole runs: switches, thresholds, half-lives, bodies over their life."""

from __future__ import annotations

import numpy as np
import pytest

from klastersim import Scenario, simulate
from klastersim.engine.acquaintance import become_acquainted
from klastersim.engine.granting import grant_machine_jointly
from klastersim.engine.joint_bodies import leave_body
from klastersim.engine.run import advance, scratch_for
from klastersim.indicators.digest import digest_of
from klastersim.world.build import build
from klastersim.world.ends import ties_of
from klastersim.world.layout import MEASURES

FUNCTIONS = ("training", "research", "logistics", "technology", "equipment")

#: A cluster in which everything is carried by somebody.
LIVELY = {
    "programme.enabled": False,
    "cluster.firms": 40,
    "ties.trust": 0.75,
    "market.potential": 10.0,
    "market.linkage": 0.1,
    "finance.working_capital": 3.0,
    "start.kind": "cooperating",
    "functions.training_cost": 0.05,
    "functions.research_cost": 0.2,
    "functions.logistics_cost": 0.1,
    "functions.technology_cost": 0.3,
    "functions.machine_price": 25.0,
    "bodies.patience": 8,
}

#: Nobody could pay, or gain by, any of them.
TOO_DEAR = {
    "training": {"functions.training_cost": 1e6},
    "research": {"functions.research_cost": 1e6},
    "logistics": {"functions.logistics_cost": 1e6},
    "technology": {"functions.technology_cost": 1e6},
    "equipment": {"functions.machine_price": 1e9},
}


def lively(**changes):
    return Scenario.preset("sentra").replace(LIVELY).replace({k.replace("__", "."): v for k, v in changes.items()})


def story(run, leave_out=()):
    """Digest of the measures and of the state of firms, ties and relations at the end."""
    arrays = {name: run.measures[name] for name in MEASURES if name not in leave_out}
    arrays |= {
        f"firms.{name}": np.array(run.world.firms[name]) for name in ("working_capital", "quality", "technology")
    }
    arrays["trust"] = np.array(run.world.ties["trust"])
    return digest_of(arrays | {"relations": run.world.relations})


@pytest.mark.parametrize("seed", [1, 2])
def test_functions_switched_off_one_by_one_equal_none_at_all(seed):
    off = {f"functions__{name}": False for name in FUNCTIONS}
    none = simulate(lively(functions__enabled=True, **off), 40, seed)
    assert story(none) == story(simulate(lively(), 40, seed))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_switched_off_equals_one_that_is_worth_its_cost_to_nobody(name):
    bodies = {"bodies__enabled": True, "functions__enabled": True}
    off, dear, on = (
        simulate(lively(**bodies).replace(changes), 40, 3)
        for changes in ({f"functions.{name}": False}, TOO_DEAR[name], {})
    )
    assert story(off) == story(dear)
    assert story(off) != story(on), "the function does nothing here, so the test shows nothing"


@pytest.mark.parametrize("seed", [1, 2])
def test_bodies_that_own_nothing_and_are_not_remembered_leave_no_trace(seed):
    about = ("bodies", "dormant_share")
    without = simulate(lively(), 60, seed)
    bodies = simulate(lively(bodies__enabled=True, bodies__memory=0.0), 60, seed)
    assert bodies.series["bodies"].max() > 0.0
    assert story(bodies, about) == story(without, about)
    functions = {"functions__enabled": True, "functions__equipment": False}
    without = simulate(lively(**functions), 60, seed)
    assert story(simulate(lively(**functions, bodies__enabled=True, bodies__memory=0.0), 60, seed), about) == story(
        without, about
    )


def test_without_memory_of_buyers_nobody_does_market_research():
    run = simulate(lively(functions__enabled=True, relations__enabled=False), 30)
    assert story(run) == story(
        simulate(lively(functions__enabled=True, relations__enabled=False, functions__research=False), 30)
    )


def test_where_orders_never_come_only_technology_and_machines_are_worth_anything():
    changes = {"functions__enabled": True, "bodies__enabled": True, "market__potential": 0.0}
    run = simulate(lively(**changes), 30, 2)
    off = {f"functions__{name}": False for name in ("training", "research", "logistics")}
    assert story(run) == story(simulate(lively(**changes, **off), 30, 2))
    assert run.series["functions_alone"].max() > 0.0


def alone(workers, **changes):
    """Firms of one size that never cooperate, on a market whose price does not move."""
    still = {"decision__enabled": False, "cluster__sizes": "equal", "local__cluster_share": 0.0, "ties__kind": "all"}
    quiet = {"market__potential": 0.0, "functions__enabled": True, "finance__working_capital": 50.0}
    return lively(**(still | quiet | {"cluster__workers": workers} | changes))


@pytest.mark.parametrize(("side", "expected"), [(0.99, 0.0), (1.01, 1.0)])
def test_a_firm_works_on_technology_from_the_output_at_which_the_first_month_pays(side, expected):
    scenario = alone(1.0, functions__technology_cost=1.5, functions__equipment=False)
    margin = scenario["local.price"] * (1.0 - scenario["local.input_share"])
    months = sum((1.0 - scenario["functions.technology_decay"]) ** n for n in range(scenario["functions.horizon"]))
    benefit = scenario["functions.technology_rise"] * scenario["functions.technology_gain"] * margin * months
    scenario = scenario.replace({"cluster.workers": side * 1.5 / benefit})
    assert simulate(scenario, 1).series["functions_alone"].iloc[0] == expected


@pytest.mark.parametrize(("side", "expected"), [(0.99, 0.0), (1.01, 40.0)])
def test_a_firm_buys_a_machine_from_the_size_at_which_it_earns_wear_and_upkeep(side, expected):
    scenario = alone(1.0, functions__technology=False, functions__machine_price=60.0)
    margin = scenario["local.price"] * (1.0 - scenario["local.input_share"])
    cost = 60.0 / scenario["functions.machine_months"] + scenario["functions.machine_upkeep"]
    scenario = scenario.replace({"cluster.workers": side * cost / (margin * scenario["functions.machine_gain"])})
    series = simulate(scenario, 2).series
    assert series["machines"].tolist() == [expected, expected]
    assert series["invested"].tolist() == [60.0 * expected, 0.0]


def test_a_machine_is_used_for_its_life_and_then_bought_anew():
    run = simulate(alone(20.0, functions__technology=False, functions__machine_months=10), 25)
    assert np.flatnonzero(run.series["invested"]).tolist() == [0, 10, 20]


def test_working_capital_pays_for_machines_and_suppliers_get_what_was_invested():
    scenario = alone(20.0, functions__technology=False, functions__machine_upkeep=0.0)
    on, off = (simulate(scenario.replace({"functions.equipment": flag}), 1) for flag in (True, False))
    more = 20.0 * scenario["functions.machine_gain"] * 40
    inputs = more * scenario["local.input_share"] * scenario["local.price"]
    paid = on.world.clusters["suppliers_account"][0] - off.world.clusters["suppliers_account"][0]
    assert paid == pytest.approx(40 * scenario["functions.machine_price"] + inputs)
    assert on.series["sales"].iloc[0] - off.series["sales"].iloc[0] == pytest.approx(more * scenario["local.price"])


def failed_body(half_life=5.0, months=0, **changes):
    """Return (world with a failed body of ten, trust before it failed) after so many months without any event."""
    still = {f"learning__{name}": 0.0 for name in ("trust_rise", "trust_fall", "trust_drift")}
    scenario = lively(
        bodies__enabled=True,
        functions__enabled=True,
        decision__enabled=False,
        ties__trust=0.9,
        ties__concentration=1000.0,
        bodies__half_life=half_life,
        **(still | changes),
    )
    world = build([scenario], [1])
    before = np.array(world.ties["trust"])
    scratch = scratch_for(world)
    for k in range(10):
        scratch.candidates[k].firm = k
    assert grant_machine_jointly(world, scratch, 0, 10, 1)
    for i in range(6):
        leave_body(world, scratch, 0, i)
    return advance(world, months) if months else world, before


@pytest.mark.parametrize("years", [2.0, 5.0])
def test_half_of_the_trust_that_a_failed_body_took_is_back_after_the_half_life(years):
    lost = []
    for months in (0, int(12 * years), int(24 * years)):
        world, before = failed_body(years, months)
        ties = ties_of(world)
        # The four who were left remember, and the ties among them fell by the whole.
        among = np.isin(ties["lower"], range(6, 10)) & np.isin(ties["upper"], range(6, 10))
        assert among.any()
        lost.append((before[: len(ties)] - ties["trust"])[among])
    assert lost[0] == pytest.approx(0.2)
    assert lost[1] == pytest.approx(0.1)
    assert lost[2] == pytest.approx(0.05)


def test_a_failure_is_forgotten_in_the_end_and_trust_is_what_it_was():
    world, before = failed_body(0.5, 60)
    assert world.clusters["remembering"][0] == 0
    assert np.array(world.ties["trust"])[: len(before)] == pytest.approx(before)


def test_who_remembers_a_failed_body_starts_lower_with_strangers_too():
    lowered = []
    for memory in (0.0, 0.2):
        world, _ = failed_body(bodies__memory=memory)
        ties = int(world.clusters["ties"][0])
        stranger = next(j for j in range(20, 40) if become_acquainted(world, 0, 6, j))
        assert {int(ties_of(world)["lower"][ties]), int(ties_of(world)["upper"][ties])} == {6, stranger}
        lowered.append(float(world.ties["trust"][ties]))
        assert world.ties["base_trust"][ties] == 0.3
    assert lowered == pytest.approx([0.3, 0.2])


def test_bodies_are_founded_fall_asleep_and_are_dissolved_when_their_members_stop_acting():
    scenario = lively(bodies__enabled=True, bodies__patience=20, ties__trust=0.9, decision__reconsider=0.0)
    world = advance(build([scenario], [1], months_kept=60), 6)
    bodies = int((world.bodies["members"] > 0).sum())
    assert bodies > 0
    assert world.series["dormant_share"][0, 5] == 0.0
    # Everybody leaves: orders under way are still delivered, then nothing is done together.
    world.firms["cooperates"] = 0
    world.clusters["cooperating"] = 0
    world = advance(world, 50)
    last = int(world.bodies["last_act"].max()) if bodies else 0
    series = world.series[0]
    assert series["dormant_share"].max() == 1.0
    assert np.flatnonzero(series["bodies"] > 0.0)[-1] + 2 == last + 20
    assert (np.array(world.firms["body"]) == -1).all()
    assert np.array(world.firms["memory"]).max() > 0.0


def test_a_dormant_body_revives_with_the_same_members():
    scenario = lively(bodies__enabled=True, bodies__patience=100, ties__trust=0.9, decision__reconsider=0.0)
    world = advance(build([scenario], [1], months_kept=60), 4)
    members = np.array(world.firms["body"])
    willing = np.array(world.firms["cooperates"])
    world.firms["cooperates"], world.clusters["cooperating"] = 0, 0
    world = advance(world, 30)
    assert world.series["dormant_share"][0, 29] == 1.0
    world.firms["cooperates"], world.clusters["cooperating"] = willing, int(willing.sum())
    world = advance(world, 36)
    assert world.series["dormant_share"][0, 35] == 0.0
    known = members >= 0
    assert np.array_equal(np.array(world.firms["body"])[known], members[known])


def test_every_member_of_a_body_is_counted_and_every_body_has_as_many_as_the_smallest_group():
    for seed in range(4):
        world = build([lively(bodies__enabled=True, bodies__patience=6, functions__enabled=True)], [seed])
        for month in range(1, 40):
            world = advance(world, month)
            members = np.array(world.bodies["members"])
            body = np.array(world.firms["body"])
            assert np.bincount(body[body >= 0], minlength=len(members)).tolist() == members.tolist()
            assert ((members == 0) | (members >= 5)).all()
