"""R15 over arrays: joint bodies are founded by groups that act, fall asleep, revive, dissolve and are remembered."""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.engine.machines import leading_body
from klastersim.rules.joint_bodies import (
    is_dormant,
    memory_after_failure,
    memory_next,
    share_kept,
    starting_trust,
    trust_moved,
)
from klastersim.world.codes import TIES_ALL
from klastersim.world.ends import write_ends
from klastersim.world.layout import NONE

#: Marks a body that is being dissolved, in the place of the number of its members who act.
ENDING = -1


@inner
def _body_at(world, c, number):
    return world.bodies[world.clusters[c].first_body + number]


@kernel
def keep_bodies(world, scratch, c, month):
    """Let memories fade, bodies note who acted, groups that act found or join one, and idle bodies be dissolved.

    A body is a list of members, so it is the same body whatever groups its members form: a member belongs to it until
    it is dissolved. It has a joint transaction in a month in which two of its members act jointly.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not p.bodies_enabled:
        return
    _fade(world, c)
    for number in range(cluster.body_room):
        _body_at(world, c, number).acting = 0
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        if firm.body != NONE and _acted(p, firm, scratch.month[i], month):
            _body_at(world, c, firm.body).acting += 1
    for number in range(cluster.body_room):
        body = _body_at(world, c, number)
        if body.acting > 1:
            body.last_act = month
    for group in range(cluster.groups):
        _enrol(world, scratch, c, month, group)
    idle = 0
    for number in range(cluster.body_room):
        body = _body_at(world, c, number)
        if body.members > 0 and month - body.last_act >= p.bodies_patience:
            body.acting = ENDING
            idle += 1
    if idle > 0:
        _dissolve(world, scratch, c)


@inner
def _acted(p, firm, own, month):
    """Whether a firm had a joint transaction this month: an order, a purchase, a function or machine in common."""
    return firm.last_act == month or (p.functions_enabled != 0 and own.joint != 0)


@inner
def _enrol(world, scratch, c, month, group):
    """Let the members of a group that acted who are in no body join that of the others, or found one.

    They join the body to which the most of the others belong, unless they are more than those and enough for a body.
    """
    cluster = world.clusters[c]
    first, last = scratch.groups[group].first, scratch.groups[group + 1].first
    acting = 0
    free = 0
    for k in range(first, last):
        i = scratch.members[k]
        firm = world.firms[cluster.first_firm + i]
        acting += _acted(world.params[world.clusters[c].terms], firm, scratch.month[i], month)
        free += firm.body == NONE
    if acting < 2 or free == 0:
        return
    number = leading_body(world, scratch, c, first, last)
    if number == NONE or (
        free > _body_at(world, c, number).here and free >= world.params[world.clusters[c].terms].groups_minimum
    ):
        number = found(world, c, month)
    for k in range(first, last):
        firm = world.firms[cluster.first_firm + scratch.members[k]]
        if firm.body == NONE:
            join(world, c, firm, number)


@inner
def found(world, c, month):
    """Found a body in the lowest free place and return its number.

    There is always a place: bodies have no member in common, and each at least as many as the smallest group.
    """
    cluster = world.clusters[c]
    number = 0
    while number < cluster.body_room - 1 and _body_at(world, c, number).members > 0:
        number += 1
    body = _body_at(world, c, number)
    body.founded = month
    body.last_act = month
    body.machine_until = 0
    body.granted = 0
    body.acting = 0
    body.here = 0
    body.workers = 0.0
    return number


@inner
def join(world, c, firm, number):
    """Make a firm a member of a body."""
    firm.body = number
    _body_at(world, c, number).members += 1


@kernel
def leave_body(world, scratch, c, i):
    """Take a firm that closes out of its body, which is dissolved where fewer than the smallest group remain."""
    firm = world.firms[world.clusters[c].first_firm + i]
    number = firm.body
    if number == NONE:
        return
    firm.body = NONE
    body = _body_at(world, c, number)
    body.members -= 1
    if body.members < world.params[world.clusters[c].terms].groups_minimum:
        body.acting = ENDING
        _dissolve(world, scratch, c)


@inner
def _dissolve(world, scratch, c):
    """Dissolve the bodies that end: members remember that theirs failed, and the trust of their ties starts lower."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        scratch.month[i].mark = 0
        if firm.body != NONE and _body_at(world, c, firm.body).acting == ENDING:
            scratch.month[i].mark = 1
            cluster.remembering += firm.memory <= 0.0 and p.bodies_memory > 0.0
    if p.ties_kind != TIES_ALL and p.bodies_memory > 0.0:
        write_ends(world, c, scratch.ends)
        for k in range(cluster.ties):
            tie, ends = world.ties[cluster.first_tie + k], scratch.ends[k]
            lower, upper = world.firms[cluster.first_firm + ends.lower], world.firms[cluster.first_firm + ends.upper]
            mine, others = lower.memory, upper.memory
            if scratch.month[ends.lower].mark:
                mine = memory_after_failure(mine, p.bodies_memory)
            if scratch.month[ends.upper].mark:
                others = memory_after_failure(others, p.bodies_memory)
            before = starting_trust(tie.base_trust, lower.memory, upper.memory)
            tie.trust = trust_moved(tie.trust, before, starting_trust(tie.base_trust, mine, others))
    for i in range(cluster.firms):
        if scratch.month[i].mark:
            firm = world.firms[cluster.first_firm + i]
            firm.memory = memory_after_failure(firm.memory, p.bodies_memory)
            firm.body = NONE
            scratch.month[i].mark = 0
    for number in range(cluster.body_room):
        body = _body_at(world, c, number)
        if body.acting == ENDING:
            body.members = 0
            body.machine_until = 0
            body.acting = 0


@inner
def _fade(world, c):
    """Let every owner's memory of failed bodies fade, as trust did this month."""
    cluster = world.clusters[c]
    if cluster.remembering == 0:
        return
    kept = share_kept(world.params[world.clusters[c].terms].bodies_half_life)
    cluster.remembering = 0
    for i in range(cluster.first_firm, cluster.first_firm + cluster.firms):
        firm = world.firms[i]
        firm.memory = memory_next(firm.memory, kept)
        cluster.remembering += firm.memory > 0.0


@inner
def bodies_now(world, c, month):
    """Return (bodies, share of them that are dormant) of a cluster."""
    bodies = dormant = 0
    for number in range(world.clusters[c].body_room):
        body = _body_at(world, c, number)
        if body.members > 0:
            bodies += 1
            dormant += is_dormant(month - body.last_act)
    return float(bodies), dormant / bodies if bodies > 0 else 0.0


@inner
def machines_of_bodies(world, c, month):
    """How many machines joint bodies have."""
    count = 0
    for number in range(world.clusters[c].body_room):
        body = _body_at(world, c, number)
        count += body.members > 0 and body.machine_until >= month
    return count
