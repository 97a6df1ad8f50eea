"""R7 over arrays: what each taker could do for this month's orders."""

from __future__ import annotations

import numpy as np

from klastersim.compiled import inner, kernel
from klastersim.engine.capacity import capacity_of
from klastersim.engine.contracting import bound_share
from klastersim.engine.grouping import time_lost
from klastersim.engine.money import affordable, own_funds
from klastersim.engine.takers import as_group, sort_able
from klastersim.rules.groups import works_together
from klastersim.world.layout import GROUP, NONE, SINGLE, STEPS

#: Sums in another order may come out a rounding lower: what could be filled at most is held a trifle above.
ROUNDING = 1.0 + 1e-9


@kernel
def find_able(world, scratch, c, takers):
    """Note what firms can commit, and list the takers that could fill any of this month's orders; return how many."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    cluster.stamp = 0
    smallest = scratch.arrivals[0].needed
    for n in range(cluster.arrivals):
        smallest = min(smallest, scratch.arrivals[n].needed)
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        own = scratch.month[i]
        own.mark = 0
        own.place = NONE
        # A trifle less, since what is needed may come out a rounding higher than what it was reckoned from.
        note_limits(p, cluster, firm, own, smallest / ROUNDING)
    _list_joint(world, scratch, c, takers)
    count = sort_able(scratch.takers, scratch.bins, scratch.able, takers, smallest)
    for k in range(count):
        able = scratch.able[k]
        scratch.takers[able.taker].place = k
        taker = scratch.takers[able.taker].code
        able.joint = scratch.takers[able.taker + 1].joint_first > scratch.takers[able.taker].joint_first
        able.output = 0.0
        able.funded = 0.0
        scratch.alone[k] = 0.0
        if taker >= 0 and p.orders_single:
            own = scratch.month[taker]
            own.place = k
            able.skill = own.skill
            note_alone(scratch, world.firms[cluster.first_firm + taker], own)
        if able.joint:
            scratch.alone[k] = np.inf
            note_joint(scratch, k)
    following = count
    for k in range(count - 1, -1, -1):
        scratch.able[k].next_joint = following
        if scratch.able[k].joint:
            following = k
    return count


@inner
def note_limits(p, cluster, firm, own, smallest):
    """Note what a firm could commit to an order over the usual schedule, and of how much it could pay the inputs.

    The latter is of no use where a firm acts alone and could not fill the smallest order. An owner about to close
    takes no work that would not be done before, a month late included.
    """
    free = max(0.0, capacity_of(p, firm) - time_lost(p, firm) - firm.work) * (1.0 - bound_share(p, cluster, firm))
    if firm.closes <= cluster.month + p.orders_schedule + 1:
        free = 0.0
    own.free_output = free * p.orders_schedule
    if firm.cooperates or own.free_output >= smallest:
        own.skill = firm.quality
        own.funded = affordable(p, cluster, firm, SINGLE)
        own.funded_in_group = affordable(p, cluster, firm, GROUP) if firm.group != NONE else 0.0


@inner
def note_alone(scratch, firm, own):
    """Note what an able firm could make, of how much it could pay the inputs, and its own funds."""
    able = scratch.able[own.place]
    able.own = own_funds(firm)
    able.output = own.free_output
    able.funded = own.funded
    if not able.joint:
        scratch.alone[own.place] = min(able.output, able.funded) * ROUNDING


@inner
def step_of(quality):
    """Step of quality, from 0 to `STEPS` - 1: the highest that a quality reaches."""
    return min(STEPS - 1, int(quality * STEPS))


@kernel
def note_joint(scratch, k):
    """Note what the taker at an able place could jointly fill and pay, by the step of the quality asked, and make."""
    able = scratch.able[k]
    taker = scratch.takers[able.taker]
    could = scratch.could
    for step in range(STEPS):
        could[step, k] = 0.0
    output = 0.0
    for at in range(taker.joint_first, scratch.takers[able.taker + 1].joint_first):
        own = scratch.month[scratch.joint[at]]
        funded = own.funded_in_group if taker.code < 0 else own.funded
        could[step_of(own.skill), k] += min(own.free_output, funded)
        output += own.free_output
    total = 0.0
    for step in range(STEPS - 1, -1, -1):
        total += could[step, k]
        could[step, k] = total * ROUNDING
    could[STEPS, k] = output * ROUNDING
    able.outdated = 0


@inner
def could_jointly(scratch, k, step, volume):
    """Whether the taker at an able place could jointly fill a volume, as far as is known without the tests.

    What others leave it is looked at again only where it matters: it can only have fallen.
    """
    if scratch.could[step, k] >= volume and scratch.able[k].outdated:
        note_joint(scratch, k)
    return scratch.could[step, k] >= volume


@inner
def outdate_joint(scratch, firm, own):
    """Note that whoever could act jointly with a firm has to be looked at anew, since it took an order.

    A firm outside a group stands in its own list and in those of the partners in it, for ties bind both ways.
    """
    if firm.group != NONE:
        _outdate(scratch, firm.group)
        return
    _outdate(scratch, own.taker)
    for at in range(scratch.takers[own.taker].joint_first, scratch.takers[own.taker + 1].joint_first):
        _outdate(scratch, scratch.month[scratch.joint[at]].taker)


@inner
def _outdate(scratch, taker):
    place = scratch.takers[taker].place
    if place != NONE:
        scratch.able[place].outdated = scratch.able[place].joint


@kernel
def _list_joint(world, scratch, c, takers):
    """List with whom each taker can act jointly, and note the largest order that it could fill.

    These are the members of a group, or a firm and the partners that it trusts. No taker's free output rises while
    orders are taken.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    count = 0
    for k in range(takers):
        taker = scratch.takers[k]
        taker.joint_first = count
        taker.place = NONE
        largest = 0.0
        if taker.code < 0:
            group = as_group(taker.code)
            for at in range(scratch.groups[group].first, scratch.groups[group + 1].first):
                scratch.joint[count] = scratch.members[at]
                count += 1
        else:
            scratch.month[taker.code].taker = k
            if p.orders_single:
                largest = scratch.month[taker.code].free_output
            if p.orders_subcontracting:
                count += list_subcontractors(p, cluster, world, scratch.joint, count, taker.code)
        together = 0.0
        for at in range(taker.joint_first, count):
            together += scratch.month[scratch.joint[at]].free_output
        taker.most = max(largest, together)
    scratch.takers[takers].joint_first = count


@inner
def list_subcontractors(p, cluster, world, joint, first, lead):
    """List, from a place on, a firm and the willing partners outside a group that it trusts; return how many.

    0 where the firm is not willing itself, or has no such partner.
    """
    firm = world.firms[cluster.first_firm + lead]
    if not firm.cooperates:
        return 0
    joint[first] = lead
    count = 1
    for k in range(firm.first_link, firm.first_link + firm.links):
        link = world.links[k]
        partner = world.firms[cluster.first_firm + link.partner]
        trust = world.ties[cluster.first_tie + link.tie].trust
        if partner.group == NONE and works_together(True, partner.cooperates != 0, trust, p.groups_trust):
            joint[first + count] = link.partner
            count += 1
    return count if count > 1 else 0


@kernel
def list_candidates(world, scratch, c, taker, way, takers):
    """List who would fill an order together, the lead first, in ``scratch.candidates``; return how many."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if way == SINGLE:
        scratch.candidates[0].firm = taker
        return int(p.orders_single)
    if taker >= 0 and world.firms[cluster.first_firm + taker].group != NONE:
        # Only an introduction asks a member of a group by itself: its partners are listed behind all others.
        first = scratch.takers[takers].joint_first
        count = 0
        if p.orders_subcontracting:
            count = list_subcontractors(p, cluster, world, scratch.joint, first, taker)
    else:
        number = as_group(taker) if taker < 0 else scratch.month[taker].taker
        first = scratch.takers[number].joint_first
        count = scratch.takers[number + 1].joint_first - first
    for k in range(count):
        scratch.candidates[k].firm = scratch.joint[first + k]
    return count
