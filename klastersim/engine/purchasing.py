"""R10 over arrays: groups buy inputs together."""

from __future__ import annotations

from klastersim.compiled import inner, kernel, two
from klastersim.compiled.purposes import PURCHASE
from klastersim.engine.acquaintance import become_acquainted, has_room
from klastersim.engine.partners import mark_parties, trust_among
from klastersim.rules.groups import WORKING_DAYS
from klastersim.rules.joint_purchase import joint_purchase_saving, purchase_cost
from klastersim.rules.learning import DEFAULTED, WORKED
from klastersim.rules.orders import failure_probability
from klastersim.world.codes import TIES_ALL
from klastersim.world.layout import GROUP, NONE


@kernel
def buy_together(world, scratch, c, month):
    """Let each group, by number, buy the month's inputs together where that pays its members."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not p.purchase_enabled:
        return
    for i in range(cluster.firms):
        scratch.month[i].mark = 0
    for group in range(cluster.groups):
        _buy(world, scratch, c, month, group)


@inner
def _buy(world, scratch, c, month, group):
    """One group's purchase: members for whom it pays, an organiser who may fail, and what they learn of each other."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    count = _buyers(world, scratch, c, group)
    if count < p.groups_minimum:
        return
    capacity = 0.0
    for k in range(count):
        capacity += world.firms[cluster.first_firm + scratch.candidates[k].firm].workers
    saving = joint_purchase_saving(capacity, p.purchase_ceiling, p.purchase_half_way)
    chance, whose = two(cluster.seed, month, PURCHASE, cluster.identity, scratch.candidates[0].firm, 0)
    organiser = scratch.candidates[min(count - 1, int(whose * count))].firm
    stamp = group + 1
    mark_parties(scratch, count, stamp)
    trust = trust_among(world, scratch.month, c, organiser, GROUP, NONE, stamp)
    failed = chance < failure_probability(p.orders_default_rate, trust)
    for k in range(count):
        firm = world.firms[cluster.first_firm + scratch.candidates[k].firm]
        bill = firm.workers * cluster.input_price
        cost = purchase_cost(bill, _handling(p), p.purchase_waiting)
        own = scratch.month[scratch.candidates[k].firm]
        own.purchase_gain = -cost if failed else saving * bill - cost
        if not failed:
            own.saving = saving
            firm.last_act = month
            firm.last_own_act = month
    _remember_purchase(world, scratch, c, count, stamp, organiser, failed)


@inner
def _handling(p):
    return p.purchase_handling_days / WORKING_DAYS * p.local_wage


@inner
def _buyers(world, scratch, c, group):
    """List the members for whom the saving of the whole group exceeds their own cost; return how many."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    capacity = 0.0
    for k in range(scratch.groups[group].first, scratch.groups[group + 1].first):
        capacity += world.firms[cluster.first_firm + scratch.members[k]].workers
    saving = joint_purchase_saving(capacity, p.purchase_ceiling, p.purchase_half_way)
    count = 0
    for k in range(scratch.groups[group].first, scratch.groups[group + 1].first):
        i = scratch.members[k]
        bill = world.firms[cluster.first_firm + i].workers * cluster.input_price
        if saving * bill > purchase_cost(bill, _handling(p), p.purchase_waiting):
            scratch.candidates[count].firm = i
            count += 1
    return count


@inner
def _remember_purchase(world, scratch, c, count, stamp, organiser, failed):
    """After success all ties among the buyers have worked; after failure those with the organiser were let down."""
    cluster = world.clusters[c]
    if world.params[world.clusters[c].terms].ties_kind == TIES_ALL:
        return
    for k in range(count):
        i = scratch.candidates[k].firm
        firm = world.firms[cluster.first_firm + i]
        for at in range(firm.first_link, firm.first_link + firm.links):
            link = world.links[at]
            if link.partner <= i or scratch.month[link.partner].mark != stamp:
                continue
            tie = cluster.first_tie + link.tie
            if not failed:
                world.tie_events[tie] |= WORKED
            elif i == organiser or link.partner == organiser:
                world.tie_events[tie] |= DEFAULTED
    if failed:
        return
    for k in range(count):
        for m in range(k + 1, count):
            if not has_room(world, c, scratch.candidates[k].firm):
                break
            become_acquainted(world, c, scratch.candidates[k].firm, scratch.candidates[m].firm)
