"""R1: a programme helps firms and groups to buy machines; the recipient pays its part or does without."""

from __future__ import annotations

import math

import numpy as np
import pytest

from klastersim import Scenario, simulate
from klastersim.analysis.patterns.balance import money
from klastersim.engine.granting import grant_machine, grant_machine_jointly
from klastersim.engine.measuring import open_month
from klastersim.engine.month import begin_month
from klastersim.engine.run import advance, scratch_for
from klastersim.errors import InputError
from klastersim.rules.programme import CONSTANT, DECLINING, own_part, public_part
from klastersim.world.build import build

ONLY = {"mix.training": 0.0, "mix.finance": 0.0, "mix.market": 0.0, "mix.trust": 0.0, "mix.equipment": 1.0}

EQUIPPED = Scenario.preset("sentra").replace(
    {
        "cluster.firms": 30,
        "functions.enabled": True,
        "bodies.enabled": True,
        "programme.start": 1,
        "programme.end": 36,
        "programme.budget": 1500.0,
        "programme.channel": "individual",
        "finance.working_capital": 4.0,
        "ties.trust": 0.75,
        "start.kind": "cooperating",
        **ONLY,
    }
)


def own(changes):
    return EQUIPPED.replace({key.replace("__", "."): value for key, value in changes.items()})


def opened(seed=1, **changes):
    """Return (world whose first month is open, scratch) of an equipped cluster."""
    world = build([own(changes)], [seed])
    open_month(world, 0, 1)
    return world, scratch_for(world)


def test_the_public_part_is_constant_or_falls_in_equal_yearly_steps_and_owners_bear_the_rest():
    assert [public_part(0.6, month, 37, 72, CONSTANT) for month in (1, 37, 72, 99)] == [0.6] * 4
    assert [public_part(0.6, month, 37, 72, DECLINING) for month in (37, 48, 49, 61, 72, 80)] == [
        0.6, 0.6, 0.4, 0.2, 0.2, 0.2,
    ]  # fmt: skip
    assert [own_part(percent) for percent in (0, 40, 100)] == [1.0, 0.6, 0.0]


def test_without_a_part_of_the_budget_neither_price_nor_public_part_of_machines_matters():
    base = own({"mix__equipment": 0.0, "mix__training": 1.0})
    other = base.replace({"programme.equipment_share": 1.0, "prices.equipment": 7.0})
    assert simulate(base, 24).digest == simulate(other, 24).digest


@pytest.mark.parametrize("channel", ["individual", "group", "mixed"])
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_what_is_spent_on_machines_and_what_is_left_is_the_budget(channel, share):
    run = simulate(own({"programme__channel": channel, "programme__equipment_share": share}), 36)
    spent, left = float(run.series["public_cost"].sum()), float(run.world.purses.sum())
    assert spent + left == pytest.approx(4500.0)
    assert spent > 0.0


def test_who_is_helped_pays_its_part_at_once_and_bears_its_part_of_the_wear():
    scenario = own({"cluster__sizes": "equal"})
    world, _ = opened(cluster__sizes="equal")
    before, capital = float(money(world)[0]), float(world.firms["working_capital"][3])
    world.firms["working_capital"][3] = 100.0
    before += 100.0 - capital
    assert grant_machine(world, 0, 3, 1, 0.4)
    price = scenario["functions.machine_price"]
    assert world.firms["working_capital"][3] == pytest.approx(100.0 - 0.6 * price)
    assert world.series["invested"][0, 0] == pytest.approx(0.6 * price)
    assert float(money(world)[0]) == pytest.approx(before)
    assert world.firms["granted"][3] == 40


@pytest.mark.parametrize("public", [0.0, 0.5, 1.0])
def test_a_firm_takes_a_machine_just_where_it_gains_and_can_pay(public):
    """Plain reckoning: extra output at the margin against upkeep and own wear; half of own funds at most."""
    s = EQUIPPED
    world, _ = opened(finance__spread=1.0)
    margin = s["local.price"] * (1.0 - s["local.input_share"])
    own_price = (1.0 - public) * s["functions.machine_price"]
    taken, expected = [], []
    for i, firm in enumerate(world.firms):
        workers = float(firm["workers"])
        added = s["functions.machine_gain"] * min(1.0, s["functions.machine_throughput"] / workers) * workers * margin
        gains = added > s["functions.machine_upkeep"] + own_price / s["functions.machine_months"]
        pays = s["functions.cash_share"] * float(firm["working_capital"]) >= own_price
        expected.append(gains and pays)
        taken.append(bool(grant_machine(world, 0, i, 1, public)))
        assert not grant_machine(world, 0, i, 1, public), "nobody takes a second one, or changes its mind"
    assert taken == expected
    assert 0 < sum(taken) < len(taken)


def plain_payers(world, members, public, s):
    """Who of some who own nothing would share the rest of a price, and what each pays."""
    margin = s["local.price"] * (1.0 - s["local.input_share"])
    price = (1.0 - public) * s["functions.machine_price"]
    size = {i: float(world.firms["workers"][i]) for i in members}
    whole = sum(size.values())
    added = s["functions.machine_gain"] * min(1.0, s["functions.machine_throughput"] / whole)
    added *= (1.0 - s["functions.sharing_loss"]) * margin
    cost = s["functions.machine_upkeep"] + price / s["functions.machine_months"]
    payers = list(members)
    while payers:
        output = sum(size[i] for i in payers)
        kept = [
            i
            for i in payers
            if added * size[i] > cost * size[i] / output
            and s["functions.cash_share"] * float(world.firms["working_capital"][i]) >= price * size[i] / output
        ]
        if kept == payers:
            break
        payers = kept
    output = sum(size[i] for i in payers)
    return {i: price * size[i] / output for i in payers} if len(payers) > 1 else {}


@pytest.mark.parametrize("seed", range(1, 7))
@pytest.mark.parametrize("public", [0.0, 0.3, 1.0])
def test_members_of_a_body_share_what_the_programme_does_not_pay_as_in_the_plain_version(seed, public):
    world, scratch = opened(seed, finance__working_capital=1.0)
    members = list(range(2 * seed, 2 * seed + 7))
    for k, i in enumerate(members):
        scratch.candidates[k].firm = i
    expected = plain_payers(world, members, public, EQUIPPED)
    before = np.array(world.firms["working_capital"])
    whole = float(money(world)[0])
    assert grant_machine_jointly(world, scratch, 0, len(members), 1, public) == bool(expected)
    paid = before - np.array(world.firms["working_capital"])
    assert {int(i): float(paid[i]) for i in np.flatnonzero(paid > 1e-12)} == pytest.approx(
        {i: part for i, part in expected.items() if part > 0.0}
    )
    assert float(money(world)[0]) == pytest.approx(whole)
    in_body = np.flatnonzero(np.array(world.firms["body"]) >= 0).tolist()
    assert in_body == (members if expected else []), "no body is founded for a machine that nobody takes"


def test_owners_who_do_not_cooperate_pay_for_no_machine_that_only_groups_use():
    world, scratch = opened(start__kind="passive")
    willing = [2, 3, 5, 7, 8, 11]
    world.firms["cooperates"][willing] = 1
    world.firms["working_capital"][:14] = 200.0
    for k in range(14):
        scratch.candidates[k].firm = k
    before = np.array(world.firms["working_capital"])
    assert grant_machine_jointly(world, scratch, 0, 14, 1, 0.5)
    assert np.flatnonzero(before - np.array(world.firms["working_capital"])).tolist() == willing
    passive = own({"start__kind": "passive", "decision__enabled": False, "programme__channel": "group"})
    assert not np.array(advance(build([passive], [1]), 6).bodies["granted"]).any()


@pytest.mark.parametrize("self_organised", [True, False])
def test_in_the_group_channel_nobody_is_helped_alone_because_others_were_asked_before(self_organised):
    idle = {"start__kind": "passive", "decision__enabled": False, "ties__trust": 0.9, "finance__working_capital": 50.0}
    channel = {"programme__channel": "group", "programme__self_organisation": self_organised}
    world = advance(build([own(idle | channel)], [1]), 4)
    assert float(world.purses.sum()) == pytest.approx(4 * 1500.0 / 12.0)
    assert not np.array(world.firms["granted"]).any()
    lonely = own(idle | channel | {"ties__degree": 0.0})
    assert bool(np.array(advance(build([lonely], [1]), 4).firms["granted"]).any()) == self_organised


def test_visits_go_by_the_score_until_the_purse_is_too_small_as_in_the_plain_version():
    """The least able first, each at its price, who would not take one passed over."""
    scenario = own({"programme__selection": "neediest", "programme__budget": 1000.0, "finance__spread": 0.8})
    world = build([scenario], [3])
    firms = np.array(world.firms)
    begin_month(world, scratch_for(world), 0, 1)
    margin = scenario["local.price"] * (1.0 - scenario["local.input_share"])
    purse, own_price, expected = 1000.0 / 12.0, 0.5 * scenario["functions.machine_price"], []
    for i in sorted(range(30), key=lambda i: float(firms["working_capital"][i])):
        cost = sum(scenario[f"prices.{name}"] for name in ("search", "visit", "member", "equipment")) + own_price
        workers, capital = float(firms["workers"][i]), float(firms["working_capital"][i])
        added = scenario["functions.machine_gain"] * min(workers, scenario["functions.machine_throughput"]) * margin
        worth = added > scenario["functions.machine_upkeep"] + own_price / scenario["functions.machine_months"]
        if cost > purse:
            break
        if worth and scenario["functions.cash_share"] * capital >= own_price:
            expected.append(i)
            purse -= cost
    assert sorted(expected) == np.flatnonzero(np.array(world.firms["granted"])).tolist()
    assert len(expected) == 2
    assert float(world.purses.sum()) == pytest.approx(purse)


def test_a_machine_that_a_programme_helped_to_buy_wears_out_and_is_not_replaced_for_nothing():
    scenario = own({"functions__machine_months": 6, "programme__end": 3, "cluster__sizes": "equal"})
    series = simulate(scenario.replace({"finance.working_capital": 1.2, "finance.spread": 0.0}), 24).series
    assert series["machines"][2] == series["machines"].max() == 0.0, "nobody can pay a half of sixty"
    series = simulate(scenario.replace({"programme.equipment_share": 1.0, "finance.working_capital": 1.2}), 24).series
    assert series["machines"][:8].max() > 0.0
    assert series["machines"][12:].max() == 0.0


def test_a_group_machine_is_shared_and_one_alone_is_not():
    """In the group channel a group's body owns it; without partners a firm is helped alone."""
    group = own({"programme__channel": "group", "programme__equipment_share": 1.0, "functions__machine_gain": 0.4})
    world = advance(build([group], [1]), 2)
    assert (np.array(world.bodies["granted"]) == 100).any()
    alone = group.replace({"ties.trust": 0.1, "start.kind": "passive"})
    world = advance(build([alone], [1]), 2)
    assert not np.array(world.bodies["granted"]).any()
    assert (np.array(world.firms["granted"]) == 100).any()


@pytest.mark.parametrize(
    ("changes", "remedy"),
    [
        ({"functions.enabled": False}, "functions.enabled"),
        ({"functions.equipment": False}, "functions.equipment"),
        ({"bodies.enabled": False, "programme.channel": "group"}, "bodies.enabled"),
        ({"bodies.enabled": False, "programme.channel": "mixed"}, "individual"),
    ],
)
def test_machines_that_nobody_could_use_or_own_are_refused(changes, remedy):
    with pytest.raises(InputError, match=remedy) as caught:
        EQUIPPED.replace(changes)
    assert caught.value.key == "mix.equipment"


def test_firms_own_machines_without_joint_bodies():
    assert simulate(EQUIPPED.replace({"bodies.enabled": False}), 3).series["machines"].max() > 0.0


def test_neediest_and_promising_pick_differently():
    """The one rule of selection holds for machines too."""
    picked = {}
    for selection in ("neediest", "promising", "random"):
        scenario = own({"programme__selection": selection, "programme__equipment_share": 1.0, "programme__end": 2})
        world = advance(build([scenario.replace({"finance.spread": 1.0})], [5]), 2)
        helped = np.array(world.firms["granted"]) == 100
        assert 0 < helped.sum() < 30
        picked[selection] = float(np.log(np.array(world.firms["usual_capital"])[helped]).mean())
    assert picked["neediest"] < picked["random"]
    assert not math.isclose(picked["promising"], picked["neediest"])
