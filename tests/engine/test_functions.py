"""Functions, machines and joint bodies against the plain Python version of `plain_functions.py`."""

from __future__ import annotations

import numpy as np
import pytest

from klastersim import Scenario
from klastersim.engine.applying import use_functions
from klastersim.engine.carrying import carry_alone, carry_together
from klastersim.engine.delivering import deliver_orders, pay_orders
from klastersim.engine.granting import grant_machine, grant_machine_jointly
from klastersim.engine.joint_bodies import keep_bodies, leave_body
from klastersim.engine.measuring import open_books
from klastersim.engine.month import begin_month, form_groups, run_clusters
from klastersim.engine.offering import take_orders
from klastersim.engine.purchasing import buy_together
from klastersim.engine.run import advance, scratch_for
from klastersim.world.build import build, make_room
from klastersim.world.ends import ties_of
from klastersim.world.layout import OPERATES, SUSPENDED
from tests.engine.plain import near
from tests.engine.plain_functions import EQUIPMENT, LOGISTICS, RESEARCH, TECHNOLOGY, TRAINING, Plain

BASE = {
    "programme.enabled": False,
    "cluster.firms": 30,
    "functions.enabled": True,
    "bodies.enabled": True,
    "bodies.patience": 6,
    "ties.trust": 0.75,
    "start.kind": "cooperating",
    "orders.high_value": 250.0,
    "orders.low_weeks": 3.0,
    "finance.working_capital": 3.0,
}

CHEAP = {
    "functions.training_cost": 0.05,
    "functions.research_cost": 0.2,
    "functions.logistics_cost": 0.1,
    "functions.technology_cost": 0.3,
    "functions.machine_price": 25.0,
    "functions.machine_months": 5,
}

#: Corners in which functions are carried, or not, for different reasons.
CORNERS = {
    "defaults": {},
    "cheap": {**CHEAP, "market.potential": 10.0, "market.linkage": 0.1},
    "poor": {**CHEAP, "finance.working_capital": 0.15},
    "no finance": {**CHEAP, "finance.enabled": False, "functions.sharing_loss": 0.0, "functions.machine_price": 60.0},
    "small groups": {**CHEAP, "groups.minimum": 2, "groups.maximum": 6, "functions.machine_throughput": 8.0},
    "passive": {
        **CHEAP,
        "start.kind": "passive",
        "market.traders": 0,
        "market.trader_share": 0.0,
        "orders.premium": 1.0,
    },
}

MONTHS = (0, 1, 6, 13)


def scenario_of(name):
    return Scenario.preset("sentra").replace({**BASE, **CORNERS[name]})


def before_functions(scenario, seed, months):
    """Return (world, scratch, month): a cluster whose groups are formed and whose functions are not yet carried."""
    world = advance(build([scenario], [seed], months_kept=max(12, months + 1)), months)
    room = np.array([2048])
    world = make_room(world, room, room * 16)
    scratch = scratch_for(world)
    begin_month(world, scratch, 0, months + 1)
    form_groups(world, scratch, 0)
    open_books(world, scratch, 0)
    return world, scratch, months + 1


def differences(world, scratch, plain):
    """What of a world differs from its plain version."""
    found = Plain(world, scratch, plain.s)
    names = [name for name in ("ties", "relations") if not near(vars(found)[name], vars(plain)[name])]
    for number, (a, b) in enumerate(zip(found.bodies, plain.bodies, strict=True)):
        # What an empty place still says is of no account.
        if (a["members"] or b["members"]) and not near(a, b):
            names.append(f"body {number}: {a} != {b}")
    for i, (a, b) in enumerate(zip(found.firms, plain.firms, strict=True)):
        names += [f"firm {i} {key}: {a[key]} != {b[key]}" for key in a if not near(a[key], b[key])]
    return names


@pytest.mark.parametrize("name", CORNERS)
@pytest.mark.parametrize("month", MONTHS)
def test_functions_and_machines_are_those_of_the_plain_version(name, month):
    for seed in (1, 2):
        scenario = scenario_of(name)
        world, scratch, month_now = before_functions(scenario, seed, month)
        plain = Plain(world, scratch, scenario)
        steps = ((carry_alone, (month_now,)), (carry_together, (month_now,)), (use_functions, ()))
        for kernel, arguments in steps:
            kernel(world, scratch, 0, *arguments)
            getattr(plain, kernel.__name__)(month_now)
            assert not differences(world, scratch, plain), kernel.__name__


@pytest.mark.parametrize("name", ["defaults", "cheap", "small groups"])
@pytest.mark.parametrize("month", [0, 2, 9, 16, 24])
def test_bodies_are_those_of_the_plain_version(name, month):
    for seed in (1, 2, 3):
        scenario = scenario_of(name).replace({"bodies.half_life": 1.0})
        world, scratch, month_now = before_functions(scenario, seed, month)
        for kernel in (carry_alone, carry_together, deliver_orders, pay_orders, take_orders, buy_together):
            kernel(world, scratch, 0, month_now)
        plain = Plain(world, scratch, scenario)
        keep_bodies(world, scratch, 0, month_now)
        plain.keep_bodies(month_now)
        assert not differences(world, scratch, plain)


def test_the_corners_hold_every_function_alone_and_together_and_every_fate_of_machines_and_bodies():
    alone = joint = 0
    seen = dict.fromkeys(("own machine", "joint machine", "dissolved", "dormant", "revived"), 0)
    for name in CORNERS:
        world = build([scenario_of(name)], [1], months_kept=60)
        scratch = scratch_for(world)
        dormant = np.zeros(len(world.bodies), bool)
        for month in range(1, 46):
            members = np.array(world.bodies["members"])
            world, scratch = step(world, scratch)
            carried, shared = np.array(scratch.month["carried"][:30]), np.array(scratch.month["joint"][:30])
            alone |= int(np.bitwise_or.reduce(carried & ~shared))
            joint |= int(np.bitwise_or.reduce(shared))
            seen["own machine"] += int((np.array(world.firms["machine_until"]) >= month).sum())
            seen["joint machine"] += int((shared & EQUIPMENT != 0).sum())
            gone = (members > 0) & (np.array(world.bodies["members"]) == 0)
            seen["dissolved"] += int(gone.sum())
            asleep = (np.array(world.bodies["members"]) > 0) & (month - np.array(world.bodies["last_act"]) >= 3)
            seen["revived"] += int((dormant & ~asleep & ~gone).sum())
            seen["dormant"] += int(asleep.sum())
            dormant = asleep
    assert alone == joint == TRAINING | RESEARCH | LOGISTICS | TECHNOLOGY | EQUIPMENT
    assert min(seen.values()) > 0, seen


def step(world, scratch):
    """Run a month with working memory that can be looked at afterwards."""
    month = int(world.clusters["month"][0]) + 1
    while run_clusters(world, scratch, 0, 1, month):
        world = make_room(world, world.clusters["order_room"] * 2, world.clusters["part_room"] * 2)
    return world, scratch


def test_a_joint_machine_is_given_up_for_own_ones_once_its_members_can_pay_them():
    off = {f"functions.{name}": False for name in ("training", "research", "logistics", "technology")}
    changes = {"cluster.sizes": "equal", "ties.kind": "all", "ties.trust": 0.9, "finance.spread": 0.0}
    machine = {"functions.machine_price": 20.0, "functions.sharing_loss": 0.6, "finance.working_capital": 0.9}
    still = {"decision.reconsider": 0.0, "market.potential": 0.0}
    world = build([scenario_of("defaults").replace({**off, **changes, **machine, **still})], [1])
    scratch = scratch_for(world)
    for _ in range(3):
        world, scratch = step(world, scratch)
    shared = np.array(scratch.month["joint"][:30]) & EQUIPMENT != 0
    assert shared.any()
    assert (np.array(world.firms["machine_until"]) == 0).all(), "nobody could pay one alone"
    rich = np.flatnonzero(shared)[:3]
    world.firms["working_capital"][rich] = 100.0
    world, scratch = step(world, scratch)
    assert (np.array(world.firms["machine_until"])[rich] >= 4).all()
    still_shared = np.array(scratch.month["joint"][:30]) & EQUIPMENT != 0
    assert still_shared.sum() == shared.sum() - 3
    assert not still_shared[rich].any()
    effect = world.firms["mechanised"]
    assert effect[rich].min() > effect[still_shared].max()


def test_a_granted_machine_belongs_to_its_firm_and_is_no_cost_to_it():
    scenario = scenario_of("defaults").replace({"start.kind": "passive", "cluster.sizes": "equal"})
    world = build([scenario], [1])
    assert grant_machine(world, 0, 3, 1, 1.0)
    assert not grant_machine(world, 0, 3, 1, 1.0), "it has one"
    capital = float(world.firms["working_capital"][3])
    scratch = scratch_for(world)
    begin_month(world, scratch, 0, 1)
    form_groups(world, scratch, 0)
    open_books(world, scratch, 0)
    carry_alone(world, scratch, 0, 1)
    own = scratch.month[3]
    assert own.carried & EQUIPMENT
    assert (own.wear, own.invested) == (0.0, 0.0)
    assert own.services == pytest.approx(scenario["functions.machine_upkeep"])
    assert world.firms["working_capital"][3] == capital
    assert world.firms["mechanised"][3] == pytest.approx(scenario["functions.machine_gain"])


def test_a_machine_granted_to_several_founds_their_body_and_using_it_is_no_collective_act():
    scenario = scenario_of("defaults").replace({"purchase.enabled": False, "ties.kind": "all", "ties.trust": 0.9})
    off = {f"functions.{name}": False for name in ("training", "research", "logistics", "technology")}
    scenario = scenario.replace({**off, "market.potential": 0.0, "functions.machine_throughput": 1000.0})
    world = build([scenario], [1])
    scratch = scratch_for(world)
    begin_month(world, scratch, 0, 1)
    form_groups(world, scratch, 0)
    open_books(world, scratch, 0)
    members = scratch.members[:6].tolist()
    for k, i in enumerate(members):
        scratch.candidates[k].firm = i
    assert not grant_machine_jointly(world, scratch, 0, 4, 1, 1.0), "four are no body"
    assert grant_machine_jointly(world, scratch, 0, 6, 1, 1.0)
    assert not grant_machine_jointly(world, scratch, 0, 6, 1, 1.0), "their body has one"
    assert world.firms["body"][members].tolist() == [0] * 6
    carry_alone(world, scratch, 0, 1)
    carry_together(world, scratch, 0, 1)
    users = [i for i in members if scratch.month["joint"][i] & EQUIPMENT]
    assert len(users) > 1
    assert (np.array(scratch.month["wear"][users]) == 0.0).all()
    assert (np.array(world.firms["last_act"][users]) < 0).all()
    assert (np.array(world.firms["last_own_act"][users]) < 0).all()


def test_no_machine_is_granted_where_machines_have_no_use():
    for changes in ({"functions.enabled": False}, {"functions.equipment": False}):
        world = build([scenario_of("defaults").replace(changes)], [1])
        assert not grant_machine(world, 0, 3, 1, 1.0)


def test_a_body_that_loses_a_member_too_many_is_dissolved_and_remembered_by_the_rest():
    scenario = scenario_of("defaults")
    world = build([scenario], [1])
    scratch = scratch_for(world)
    for k in range(5):
        scratch.candidates[k].firm = k
    assert grant_machine_jointly(world, scratch, 0, 5, 1, 1.0)
    before = np.array(world.ties["trust"])
    leave_body(world, scratch, 0, 2)
    assert world.bodies["members"][0] == 0
    assert (np.array(world.firms["body"]) == -1).all()
    assert np.flatnonzero(world.firms["memory"]).tolist() == [0, 1, 3, 4]
    fall = before - np.array(world.ties["trust"])
    ends = ties_of(world)
    for k in range(len(ends)):
        remembering = sum(end in (0, 1, 3, 4) for end in (int(ends[k].lower), int(ends[k].upper)))
        expected = min(remembering * scenario["bodies.memory"] / 2.0, before[k])
        assert fall[k] == pytest.approx(expected, abs=1e-12)


def at_work(world, month):
    """Let the firms of a world use or buy machines of their own, alone, as a month is under way; return scratch."""
    scratch = scratch_for(world)
    open_books(world, scratch, 0)
    carry_alone(world, scratch, 0, month)
    return scratch


def test_who_comes_back_after_standing_still_weighs_no_machine_that_it_used_before():
    small = {"cluster.sizes": "equal", "cluster.workers": 1.0, "finance.working_capital": 500.0}
    world = build([scenario_of("passive").replace({**small, "functions.machine_price": 60.0})], [1])
    assert grant_machine_of_a_body(world, range(6))
    # The first used the machine of their body as it stopped; nobody has used it since.
    world.firms["mechanised"][0] = 0.1
    world.firms["standing"][0] = SUSPENDED
    at_work(world, 5)
    assert world.firms["mechanised"][0] == 0.0
    world.firms["standing"][0] = OPERATES
    at_work(world, 6)
    assert (np.array(world.firms["machine_until"]) == 0).all(), "one worker earns no machine"


def test_who_joined_a_body_since_it_used_the_machine_of_another_buys_none_that_is_not_worth_it():
    small = {"cluster.sizes": "equal", "cluster.workers": 1.0, "finance.working_capital": 500.0}
    world = build([scenario_of("passive").replace({**small, "functions.machine_price": 60.0})], [1])
    assert grant_machine_of_a_body(world, range(6))
    world.firms["mechanised"][:6] = 0.1
    assert not grant_machine(world, 0, 0, 3, 0.0)
    at_work(world, 3)
    assert (np.array(world.firms["machine_until"]) == 0).all()


def grant_machine_of_a_body(world, members):
    """Give some firms a machine that a programme pays, in a body of their own."""
    scratch = scratch_for(world)
    world.firms["cooperates"][list(members)] = 1
    for k, i in enumerate(members):
        scratch.candidates[k].firm = i
    return grant_machine_jointly(world, scratch, 0, len(members), 1, 1.0)
