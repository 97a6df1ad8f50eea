"""R6 over arrays: machines of firms and of joint bodies: bought, used, worn out, given up."""

from __future__ import annotations

from klastersim.compiled import inner
from klastersim.engine.money import own_funds
from klastersim.engine.reckoning import EQUIPMENT, SAFE
from klastersim.rules.functions import carries, machine_effect, share_of_cost, wear_of_machine
from klastersim.rules.programme import own_part
from klastersim.world.layout import NONE


@inner
def can_invest(p, firm, own, amount):
    """Whether an amount is no more than the part of its own funds that a firm puts into a machine."""
    return affords(p, firm, own.services, amount)


@inner
def affords(p, firm, services, amount):
    """The same for a firm that has spent so much on services this month."""
    return not p.finance_enabled or p.functions_cash_share * (own_funds(firm) - services) >= amount


@inner
def has_machine(firm, month):
    """Whether a firm has a machine of its own."""
    return firm.machine_until >= month


@inner
def wear_of(p):
    """What a machine that was bought at the whole price loses in a month, Rp million."""
    return wear_of_machine(p.functions_machine_price, float(p.functions_machine_months))


@inner
def invest(firm, own, amount):
    """Pay for a machine out of working capital."""
    firm.working_capital -= amount
    own.invested += amount


@inner
def shared_effect(firm, month):
    """What the machine of its joint body added to a firm's output last month, share."""
    return firm.mechanised if firm.machine_until != month - 1 and firm.body != NONE else 0.0


@inner
def gains_by_machine(p, cluster, bodies, firm, effect, shared, wear, margin):
    """Whether a machine of its own that costs it so much wear is worth its cost to a firm, beside the one it shares."""
    cost = wear + p.functions_machine_upkeep
    if shared > 0.0:
        # A body that was founded since has had no users yet.
        users = bodies[cluster.first_body + firm.body].workers
        if users > 0.0:
            cost -= share_of_cost(p.functions_machine_upkeep, firm.workers, users)
    return carries((effect - shared) * margin, firm.workers, cost, firm.workers)


@inner
def least_for_machine(p, margin):
    """Workers below whom a machine of its own cannot be worth its cost to a firm that shares none."""
    cost = wear_of(p) + p.functions_machine_upkeep
    most = p.functions_machine_gain * margin
    return SAFE * cost / most if most > 0.0 else 1e300


@inner
def use_own_machine(p, cluster, bodies, firm, own, margin, least, month):
    """Let a firm use the machine that it has, or buy one where that is worth it beside the one that it shares.

    Whether it pays is reckoned as for any function: what the machine adds to the output of the firm's workers, at
    today's price less inputs, against wear and upkeep. With no more than so many workers the `least` it cannot.
    """
    shared = shared_effect(firm, month)
    firm.mechanised = 0.0
    if not p.functions_equipment:
        return
    if not has_machine(firm, month) and shared <= 0.0 and firm.workers <= least:
        return
    effect = machine_effect(p.functions_machine_gain, firm.workers, p.functions_machine_throughput, False, 0.0)
    wear = wear_of(p)
    if not has_machine(firm, month):
        if not gains_by_machine(p, cluster, bodies, firm, effect, shared, wear, margin):
            return
        if not can_invest(p, firm, own, p.functions_machine_price):
            return
        invest(firm, own, p.functions_machine_price)
        firm.machine_until = month + p.functions_machine_months - 1
        firm.granted = 0
    if carries(effect * margin, firm.workers, p.functions_machine_upkeep, firm.workers):
        firm.mechanised = effect
        own.carried += EQUIPMENT
        own.services += p.functions_machine_upkeep
        own.wear += wear * own_part(firm.granted)


@inner
def use_joint_machines(world, scratch, c, month, margin):
    """Let the groups buy machines for their bodies, and the members who are in a group use those that bodies have."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not p.functions_equipment or cluster.body_room == 0:
        return
    for group in range(cluster.groups):
        body = leading_body(world, scratch, c, scratch.groups[group].first, scratch.groups[group + 1].first)
        if body != NONE and world.bodies[cluster.first_body + body].machine_until < month:
            _buy_jointly(world, scratch, c, month, group, body, margin)
    _count_users(world, c, month)
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        if _shares_machine(world, c, firm, month):
            _use_joint_machine(world, c, firm, scratch.month[i], month, margin)


@inner
def leading_body(world, scratch, c, first, last):
    """Body to which the most of the members that stand from `first` on belong, of equals the lowest; NONE for none."""
    cluster = world.clusters[c]
    for k in range(first, last):
        body = world.firms[cluster.first_firm + scratch.members[k]].body
        if body != NONE:
            world.bodies[cluster.first_body + body].here = 0
    best = NONE
    most = 0
    for k in range(first, last):
        body = world.firms[cluster.first_firm + scratch.members[k]].body
        if body == NONE:
            continue
        world.bodies[cluster.first_body + body].here += 1
        here = world.bodies[cluster.first_body + body].here
        if here > most or (here == most and body < best):
            best = body
            most = here
    return best


@inner
def _buy_jointly(world, scratch, c, month, group, body, margin):
    """Let the members of a group who belong to its body buy a machine, where it pays those who would use it.

    The price is shared by output among those who can pay their share; two at least.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    count = 0
    users = 0.0
    for k in range(scratch.groups[group].first, scratch.groups[group + 1].first):
        i = scratch.members[k]
        firm = world.firms[cluster.first_firm + i]
        if firm.body == body and not has_machine(firm, month):
            scratch.candidates[count].firm = i
            users += firm.workers
            count += 1
    if count < 2:
        return
    effect = machine_effect(
        p.functions_machine_gain, users, p.functions_machine_throughput, True, p.functions_sharing_loss
    )
    cost = wear_of(p) + p.functions_machine_upkeep
    while count > 1:
        payers = 0.0
        for k in range(count):
            payers += world.firms[cluster.first_firm + scratch.candidates[k].firm].workers
        kept = 0
        for k in range(count):
            i = scratch.candidates[k].firm
            firm = world.firms[cluster.first_firm + i]
            price = share_of_cost(p.functions_machine_price, firm.workers, payers)
            if carries(effect * margin, firm.workers, cost, payers) and can_invest(p, firm, scratch.month[i], price):
                scratch.candidates[kept].firm = i
                kept += 1
        if kept == count:
            break
        count = kept
    if count < 2:
        return
    for k in range(count):
        i = scratch.candidates[k].firm
        firm = world.firms[cluster.first_firm + i]
        invest(firm, scratch.month[i], share_of_cost(p.functions_machine_price, firm.workers, payers))
    world.bodies[cluster.first_body + body].machine_until = month + p.functions_machine_months - 1
    world.bodies[cluster.first_body + body].granted = 0


@inner
def _shares_machine(world, c, firm, month):
    """Whether a firm uses the machine of its body: in a group this month, without one of its own."""
    cluster = world.clusters[c]
    if firm.group == NONE or firm.body == NONE or has_machine(firm, month):
        return False
    return world.bodies[cluster.first_body + firm.body].machine_until >= month


@inner
def _count_users(world, c, month):
    """Note for each body's machine how many would use it, and their workers."""
    cluster = world.clusters[c]
    for b in range(cluster.first_body, cluster.first_body + cluster.body_room):
        world.bodies[b].here = 0
        world.bodies[b].workers = 0.0
    for i in range(cluster.first_firm, cluster.first_firm + cluster.firms):
        firm = world.firms[i]
        if _shares_machine(world, c, firm, month):
            body = world.bodies[cluster.first_body + firm.body]
            body.here += 1
            body.workers += firm.workers


@inner
def _use_joint_machine(world, c, firm, own, month, margin):
    """Let a member use its body's machine, at its share of upkeep and wear, where it adds more than upkeep to all."""
    p = world.params[world.clusters[c].terms]
    body = world.bodies[world.clusters[c].first_body + firm.body]
    effect = machine_effect(
        p.functions_machine_gain,
        body.workers,
        p.functions_machine_throughput,
        body.here > 1,
        p.functions_sharing_loss,
    )
    if not carries(effect * margin, firm.workers, p.functions_machine_upkeep, body.workers):
        return
    upkeep = share_of_cost(p.functions_machine_upkeep, firm.workers, body.workers)
    wear = share_of_cost(wear_of(p) * own_part(body.granted), firm.workers, body.workers)
    firm.mechanised = effect
    own.carried += EQUIPMENT
    own.services += upkeep
    own.wear += wear
    if body.here > 1:
        own.joint += EQUIPMENT
        own.function_gain += effect * firm.workers * margin - upkeep - wear
        # What a programme paid for is no collective act.
        if not body.granted:
            firm.last_act = month
            firm.last_own_act = month
