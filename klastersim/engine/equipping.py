"""R1 over arrays: the programme helps firms and groups to buy machines, as far as its purse for equipment goes."""

from __future__ import annotations

from klastersim.compiled import inner
from klastersim.engine.granting import grant_machine, grant_machine_jointly, takes_machines
from klastersim.engine.purses import EQUIPMENT, purse_number, spend
from klastersim.engine.recipients import eligible, gather, members_wanted, pick, score
from klastersim.engine.visiting import cost_of_visit, give_time, note_support, staff_price
from klastersim.rules.programme import public_part
from klastersim.world.layout import NONE


@inner
def deliver_machines(world, scratch, c, month, channel):
    """Help recipients to buy machines, highest score first, until the purse is too small for the next.

    Who would not take one is passed over: nobody is visited in vain. Who comes alone in the group channel is helped
    alone, at the price of one.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    purse = purse_number(EQUIPMENT, channel)
    if world.purses[c, purse] <= 0.0 or not takes_machines(p):
        return
    public = public_part(p.programme_equipment_share, month, p.programme_start, p.programme_end, p.programme_path)
    transfer = public * p.functions_machine_price
    if world.purses[c, purse] < p.prices_visit + p.prices_member + staff_price(p, EQUIPMENT) + transfer:
        return
    score(world, scratch, c, month, EQUIPMENT)
    while True:
        lead = pick(scratch, cluster.firms)
        if lead == NONE:
            return
        if not eligible(world, c, lead, EQUIPMENT):
            scratch.month[lead].mark = 1
            continue
        count = gather(world, scratch, c, lead, members_wanted(p, EQUIPMENT, channel), EQUIPMENT)
        cost = cost_of_visit(world, scratch, c, EQUIPMENT, channel, count) + transfer
        if cost > world.purses[c, purse]:
            return
        if count > 1:
            taken = grant_machine_jointly(world, scratch, c, count, month, public)
        else:
            taken = grant_machine(world, c, lead, month, public)
        if taken:
            world.purses[c, purse] -= cost
            spend(world, c, month, cost, EQUIPMENT)
            note_support(world, scratch, c, month, count)
            give_time(world, scratch, c, count)
