"""R6 over arrays: a machine that a programme gives to a firm, or to a joint body.

Who pays for it, and picks the recipients, is the programme's business.
"""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.engine.joint_bodies import found, join
from klastersim.engine.machines import has_machine
from klastersim.world.layout import NONE


@inner
def takes_machines(p):
    """Whether machines have any use in this scenario."""
    return p.functions_enabled != 0 and p.functions_equipment != 0


@kernel
def grant_machine(world, c, i, month):
    """Give a machine to a firm that has none; return whether it took it. The firm uses it from this month on."""
    p = world.params[world.clusters[c].terms]
    firm = world.firms[world.clusters[c].first_firm + i]
    if not takes_machines(p) or has_machine(firm, month):
        return False
    firm.machine_until = month + p.functions_machine_months - 1
    firm.granted = 1
    return True


@kernel
def grant_machine_jointly(world, scratch, c, count, month):
    """Give a machine to the joint body of the first `count` candidates; return whether they took it.

    It is the body to which the most of them belong. Where none belongs to any they found one, if they are as many as
    the smallest group. A body that has a machine takes no second one.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not takes_machines(p) or cluster.body_room == 0:
        return False
    for k in range(count):
        firm = world.firms[cluster.first_firm + scratch.candidates[k].firm]
        if firm.body != NONE:
            world.bodies[cluster.first_body + firm.body].here = 0
    number = NONE
    most = 0
    for k in range(count):
        firm = world.firms[cluster.first_firm + scratch.candidates[k].firm]
        if firm.body != NONE:
            body = world.bodies[cluster.first_body + firm.body]
            body.here += 1
            if body.here > most or (body.here == most and firm.body < number):
                number = firm.body
                most = body.here
    if number == NONE:
        if count < p.groups_minimum:
            return False
        number = found(world, c, month)
        for k in range(count):
            join(world, c, world.firms[cluster.first_firm + scratch.candidates[k].firm], number)
    body = world.bodies[cluster.first_body + number]
    if body.machine_until >= month:
        return False
    body.machine_until = month + p.functions_machine_months - 1
    body.granted = 1
    return True
