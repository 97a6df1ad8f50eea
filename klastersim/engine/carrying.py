"""R6 over arrays: indivisible functions are carried by the firms and groups to whom they are worth their cost."""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.engine.capacity import capacity_of
from klastersim.engine.machines import least_for_machine, use_joint_machines, use_own_machine
from klastersim.engine.money import own_funds
from klastersim.engine.reckoning import (
    LOGISTICS,
    RESEARCH,
    SERVICES,
    TECHNOLOGY,
    TRAINING,
    benefit_of,
    cost_of,
    hopes_for_orders,
    is_offered,
    least_outputs,
    mean_relation,
    mean_relation_of_group,
    reckon,
    shares_of_buyers,
)
from klastersim.rules.functions import carries, share_of_cost
from klastersim.world.layout import NONE, OPERATES


@kernel
def carry_alone(world, scratch, c, month):
    """Let firms use or buy machines, and those outside a group carry functions; each writes its own row."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not p.functions_enabled:
        return
    reckoning = reckon(p, cluster)
    least_training, least_pulled, least_research, least_technology = least_outputs(p, reckoning)
    least_workers = least_for_machine(p, reckoning[0])
    shares = shares_of_buyers(world, c)
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        own = scratch.month[i]
        if firm.standing != OPERATES:
            firm.mechanised = 0.0
            continue
        use_own_machine(p, cluster, world.bodies, firm, own, reckoning[0], least_workers, month)
        if firm.group != NONE:
            continue
        capacity = capacity_of(p, firm)
        trains = capacity > least_training
        seeks = capacity > least_research
        now = then = 0.0
        if trains or seeks:
            relations = world.relations[cluster.first_firm + i]
            relation = mean_relation(relations, p.market_large_firms, cluster.buyers, shares)
            trains &= capacity * relation > least_pulled
            if trains or seeks:
                now, then = hopes_for_orders(p, cluster, relation, capacity, reckoning[6])
        if trains:
            _carry(p, firm, own, TRAINING, reckoning, capacity, now, then)
        if seeks:
            _carry(p, firm, own, RESEARCH, reckoning, capacity, now, then)
        if firm.work > 0.0 and is_offered(p, LOGISTICS):
            _carry(p, firm, own, LOGISTICS, reckoning, capacity, now, then)
        if capacity > least_technology:
            _carry(p, firm, own, TECHNOLOGY, reckoning, capacity, now, then)


@inner
def _carry(p, firm, own, function, reckoning, capacity, now, then):
    """Let a firm alone carry a function where that is worth its cost and can be paid."""
    cost = cost_of(p, function)
    gap = 1.0 - firm.quality
    benefit = benefit_of(p, firm, function, reckoning, capacity, gap, now, then)
    if carries(benefit, capacity, cost, capacity) and can_pay(p, firm, own, cost, 1.0):
        own.carried += function
        own.services += cost
        own.taught = gap


@inner
def can_pay(p, firm, own, amount, limit):
    """Whether a firm can pay an amount out of so much of the funds that this month's functions leave it."""
    return not p.finance_enabled or limit * (own_funds(firm) - own.services) >= amount


@kernel
def carry_together(world, scratch, c, month):
    """Let joint bodies use or buy machines, and groups, by number, carry functions that their members pay by output."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not p.functions_enabled or cluster.groups == 0:
        return
    reckoning = reckon(p, cluster)
    use_joint_machines(world, scratch, c, month, reckoning[0])
    for group in range(cluster.groups):
        _carry_in_group(world, scratch, c, month, group, reckoning)


@inner
def _carry_in_group(world, scratch, c, month, group, reckoning):
    """Let a group carry, one after the other, the functions that are worth their cost to some of its members."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    first, last = scratch.groups[group].first, scratch.groups[group + 1].first
    capacity = 0.0
    gap = 0.0
    for k in range(first, last):
        firm = world.firms[cluster.first_firm + scratch.members[k]]
        capacity += capacity_of(p, firm)
        gap += 1.0 - firm.quality
    gap /= last - first
    now = then = 0.0
    if is_offered(p, TRAINING) or is_offered(p, RESEARCH):
        relation = mean_relation_of_group(
            world.relations,
            scratch.members[first:last],
            cluster.first_firm,
            p.market_large_firms,
            cluster.buyers,
            shares_of_buyers(world, c),
        )
        now, then = hopes_for_orders(p, cluster, relation, capacity, reckoning[6])
    for function in SERVICES:
        if not is_offered(p, function):
            continue
        for k in range(first, last):
            candidate = scratch.candidates[k - first]
            candidate.firm = scratch.members[k]
            firm = world.firms[cluster.first_firm + candidate.firm]
            candidate.share = capacity_of(p, firm)
            candidate.free = benefit_of(p, firm, function, reckoning, candidate.share, gap, now, then)
        cost = cost_of(p, function)
        count, carriers = keep_carriers(world, scratch, c, last - first, cost, cost, 1.0)
        _note_carriers(world, scratch, c, month, function, count, carriers)


@inner
def keep_carriers(world, scratch, c, count, cost, outlay, limit):
    """Keep, of so many candidates, the largest set in which each gains by its share of a cost and can pay it.

    What a candidate can gain for each unit stands in ``free``, its output in ``share``. Who drops out leaves the others
    a larger share, so it is looked again until all stay. Return (how many are left, their output).
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    while count > 0:
        total = 0.0
        for k in range(count):
            total += scratch.candidates[k].share
        kept = 0
        for k in range(count):
            candidate = scratch.candidates[k]
            firm = world.firms[cluster.first_firm + candidate.firm]
            own = scratch.month[candidate.firm]
            part = share_of_cost(outlay, candidate.share, total)
            if carries(candidate.free, candidate.share, cost, total) and can_pay(p, firm, own, part, limit):
                scratch.candidates[kept].firm = candidate.firm
                scratch.candidates[kept].free = candidate.free
                scratch.candidates[kept].share = candidate.share
                kept += 1
        if kept == count:
            return count, total
        count = kept
    return 0, 0.0


@inner
def _note_carriers(world, scratch, c, month, function, count, carriers):
    """Charge the carriers their shares; where several carry a function that is a collective act."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    gap = 0.0
    for k in range(count):
        gap += 1.0 - world.firms[cluster.first_firm + scratch.candidates[k].firm].quality
    for k in range(count):
        candidate = scratch.candidates[k]
        firm = world.firms[cluster.first_firm + candidate.firm]
        own = scratch.month[candidate.firm]
        share = share_of_cost(cost_of(p, function), candidate.share, carriers)
        own.carried += function
        own.services += share
        if function == TRAINING:
            own.taught = gap / count
        if count > 1:
            own.joint += function
            firm.last_act = month
            firm.last_own_act = month
            if function == LOGISTICS:
                # What it saves shows in the orders that arrive; the others stay with the firm whoever it works with.
                own.function_gain -= share
