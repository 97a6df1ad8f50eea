"""R1, R6 over arrays: machines that a programme helps a firm, or a joint body, to buy.

Who pays for it and picks the recipients is the programme's business (:mod:`klastersim.engine.equipping`). A recipient
weighs the machine as it would one that it buys itself, at the part of the price that it has to pay.
"""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.engine.joint_bodies import found, join
from klastersim.engine.machines import affords, gains_by_machine, has_machine, shared_effect
from klastersim.engine.measuring import row_of
from klastersim.engine.outcomes import note_invested
from klastersim.rules.functions import carries, machine_effect, share_of_cost, wear_of_machine
from klastersim.world.layout import NONE


@inner
def takes_machines(p):
    """Whether machines have any use in this scenario."""
    return p.functions_enabled != 0 and p.functions_equipment != 0


@inner
def _percent(public):
    return int(100.0 * public + 0.5)


@inner
def _pay_part(world, c, i, month, amount):
    """Let a firm pay its part of a machine."""
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + i]
    firm.working_capital -= amount
    cluster.suppliers_account += amount
    row_of(world, c, month).invested += amount
    # Where firms grow, what owners leave in is their investment, whatever they buy with it.
    if not world.params[cluster.terms].growth_enabled:
        note_invested(world, c, i, month, amount)


@kernel
def grant_machine(world, c, i, month, public):
    """Help a firm that has none to buy a machine; return whether it took it. The firm uses it from this month on.

    It takes it where what the machine adds exceeds upkeep and the wear of the part `1 - public` of the price that it
    pays itself, and it can pay that.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + i]
    if not takes_machines(p) or has_machine(firm, month):
        return False
    price = (1.0 - public) * p.functions_machine_price
    effect = machine_effect(p.functions_machine_gain, firm.workers, p.functions_machine_throughput, False, 0.0)
    wear = wear_of_machine(price, float(p.functions_machine_months))
    shared = shared_effect(firm, month)
    margin = cluster.price - cluster.input_price
    if not gains_by_machine(p, cluster, world.bodies, firm, effect, shared, wear, margin):
        return False
    if not affords(p, firm, 0.0, price):
        return False
    _pay_part(world, c, i, month, price)
    firm.machine_until = month + p.functions_machine_months - 1
    firm.granted = _percent(public)
    return True


@kernel
def grant_machine_jointly(world, scratch, c, count, month, public):
    """Help the joint body of the first `count` candidates to buy a machine; return whether they took it.

    It is the body to which the most of them belong. Where none belongs to any they found one, if they are as many as
    the smallest group. A body that has a machine takes no second one. Of the members among the candidates those who
    cooperate, since nobody else would use it, gain by it and can pay share what the programme does not pay, by output,
    as when they buy one by themselves; two at least.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not takes_machines(p) or cluster.body_room == 0:
        return False
    number = _body_of(world, scratch, c, count)
    if number == NONE and count < p.groups_minimum:
        return False
    if number != NONE and world.bodies[cluster.first_body + number].machine_until >= month:
        return False
    if not _share_price(world, scratch, c, count, month, number, public):
        return False
    if number == NONE:
        number = found(world, c, month)
        for k in range(count):
            join(world, c, world.firms[cluster.first_firm + scratch.candidates[k].firm], number)
    body = world.bodies[cluster.first_body + number]
    body.machine_until = month + p.functions_machine_months - 1
    body.granted = _percent(public)
    return True


@inner
def _body_of(world, scratch, c, count):
    """Body to which the most of the first `count` candidates belong, of equals the lowest; NONE for none."""
    cluster = world.clusters[c]
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
    return number


@inner
def _share_price(world, scratch, c, count, month, number, public):
    """Let willing candidates of a body (of NONE, all) pay the rest of a machine's price; return whether they do.

    ``share`` of a candidate tells whether it is among those who pay.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    price = (1.0 - public) * p.functions_machine_price
    users = 0.0
    payers = 0
    for k in range(count):
        firm = world.firms[cluster.first_firm + scratch.candidates[k].firm]
        uses = firm.cooperates != 0 and firm.body == number and not has_machine(firm, month)
        scratch.candidates[k].share = uses
        if scratch.candidates[k].share > 0.0:
            users += firm.workers
            payers += 1
    effect = machine_effect(
        p.functions_machine_gain, users, p.functions_machine_throughput, True, p.functions_sharing_loss
    )
    benefit = effect * (cluster.price - cluster.input_price)
    cost = p.functions_machine_upkeep + wear_of_machine(price, float(p.functions_machine_months))
    output = users
    while payers > 1:
        kept = 0
        remaining = 0.0
        for k in range(count):
            firm = world.firms[cluster.first_firm + scratch.candidates[k].firm]
            if scratch.candidates[k].share > 0.0:
                pays = affords(p, firm, 0.0, share_of_cost(price, firm.workers, output))
                scratch.candidates[k].share = pays and carries(benefit, firm.workers, cost, output)
                if scratch.candidates[k].share > 0.0:
                    remaining += firm.workers
                    kept += 1
        if kept == payers:
            break
        payers = kept
        output = remaining
    if payers < 2:
        return False
    for k in range(count):
        i = scratch.candidates[k].firm
        if scratch.candidates[k].share > 0.0:
            _pay_part(world, c, i, month, share_of_cost(price, world.firms[cluster.first_firm + i].workers, output))
    return True
