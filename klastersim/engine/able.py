"""R7 over arrays: what each taker could do for this month's orders."""

from __future__ import annotations

import numpy as np

from klastersim.compiled import inner
from klastersim.engine.grouping import time_lost
from klastersim.engine.money import affordable, own_funds
from klastersim.engine.takers import as_group, sort_able
from klastersim.rules.groups import works_together
from klastersim.world.layout import GROUP, NONE, SINGLE


@inner
def find_able(world, scratch, c, takers):
    """Note what firms can commit, and list the takers that could fill any of this month's orders; return how many."""
    p = world.params[c]
    cluster = world.clusters[c]
    cluster.stamp = 0
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        scratch.mark[i] = 0
        scratch.place[i] = NONE
        scratch.quality[i] = firm.quality
        note_limits(p, cluster, firm, scratch, i)
    _list_joint(world, scratch, c, takers)
    smallest = scratch.arrivals[0].volume
    for n in range(cluster.arrivals):
        smallest = min(smallest, scratch.arrivals[n].volume)
    able = sort_able(scratch.most, scratch.bins, scratch.able, takers, smallest)
    for k in range(able):
        taker = scratch.takers[scratch.able[k]]
        scratch.refused_volume[k] = np.inf
        scratch.refused_at[k] = 0
        scratch.output[k] = 0.0
        scratch.alone[k] = 0.0
        if taker >= 0 and p.orders_single:
            scratch.place[taker] = k
            scratch.skill[k] = scratch.quality[taker]
            note_alone(world.firms[cluster.first_firm + taker], scratch, taker)
    return able


@inner
def note_limits(p, cluster, firm, scratch, i):
    """Note what a firm could commit to an order over its schedule, and of how much it could pay the inputs."""
    scratch.free_output[i] = max(0.0, firm.workers - time_lost(p, firm) - firm.work) * p.orders_schedule
    scratch.funded[i] = affordable(p, cluster, firm, SINGLE)
    scratch.funded_in_group[i] = affordable(p, cluster, firm, GROUP) if firm.group != NONE else 0.0


@inner
def note_alone(firm, scratch, i):
    """Note at its place what an able firm could make, what it could make and pay, and its own funds."""
    k = scratch.place[i]
    scratch.own[k] = own_funds(firm)
    scratch.output[k] = scratch.free_output[i]
    scratch.alone[k] = min(scratch.free_output[i], scratch.funded[i])


@inner
def _list_joint(world, scratch, c, takers):
    """List with whom each taker can act jointly, and note the largest order that it could fill.

    These are the members of a group, or a firm and the partners that it trusts. No taker's free output rises while
    orders are taken.
    """
    p = world.params[c]
    cluster = world.clusters[c]
    count = 0
    for k in range(takers):
        taker = scratch.takers[k]
        scratch.joint_first[k] = count
        largest = 0.0
        if taker < 0:
            group = as_group(taker)
            for at in range(scratch.group_first[group], scratch.group_first[group + 1]):
                scratch.joint[count] = scratch.members[at]
                count += 1
        else:
            scratch.taker_number[taker] = k
            if p.orders_single:
                largest = scratch.free_output[taker]
            if p.orders_subcontracting:
                count += list_subcontractors(p, cluster, world, scratch.joint, count, taker)
        together = 0.0
        for at in range(scratch.joint_first[k], count):
            together += scratch.free_output[scratch.joint[at]]
        scratch.most[k] = max(largest, together)
    scratch.joint_first[takers] = count


@inner
def list_subcontractors(p, cluster, world, listed, first, lead):
    """List, from a place on, a firm and the willing partners outside a group that it trusts; return how many.

    0 where the firm is not willing itself, or has no such partner.
    """
    firm = world.firms[cluster.first_firm + lead]
    if not firm.cooperates:
        return 0
    listed[first] = lead
    count = 1
    for k in range(firm.first_link, firm.first_link + firm.links):
        link = world.links[k]
        partner = world.firms[cluster.first_firm + link.partner]
        trust = world.ties[cluster.first_tie + link.tie].trust
        if partner.group == NONE and works_together(True, partner.cooperates != 0, trust, p.groups_trust):
            listed[first + count] = link.partner
            count += 1
    return count if count > 1 else 0


@inner
def acts_jointly(scratch, k):
    """Whether the taker at an able place may act jointly."""
    taker = scratch.able[k]
    return scratch.joint_first[taker + 1] > scratch.joint_first[taker]


@inner
def list_candidates(world, scratch, c, taker, way):
    """List who would fill an order together, the lead first, in ``scratch.candidates``; return how many."""
    p = world.params[c]
    if way == SINGLE:
        scratch.candidates[0] = taker
        return int(p.orders_single)
    index = as_group(taker)
    if taker >= 0:
        if world.firms[world.clusters[c].first_firm + taker].group != NONE:
            # Only an introduction asks a member of a group by itself.
            if not p.orders_subcontracting:
                return 0
            return list_subcontractors(p, world.clusters[c], world, scratch.candidates, 0, taker)
        index = scratch.taker_number[taker]
    first = scratch.joint_first[index]
    count = scratch.joint_first[index + 1] - first
    for k in range(count):
        scratch.candidates[k] = scratch.joint[first + k]
    return count
