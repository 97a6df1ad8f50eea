"""R1 over arrays: the programme helps firms and groups to buy machines, as far as its purse for equipment goes."""

from __future__ import annotations

from klastersim.compiled import inner
from klastersim.engine.granting import grant_machine, grant_machine_jointly, takes_machines
from klastersim.engine.purses import EQUIPMENT, purse_number, spend
from klastersim.engine.recipients import eligible, gather, is_passed_over, members_wanted, pick, score
from klastersim.engine.visiting import cheapest_visit, cost_of_visit, give_time, note_support
from klastersim.rules.programme import public_part
from klastersim.world.codes import TIES_ALL
from klastersim.world.layout import NONE, OPERATES


@inner
def deliver_machines(world, scratch, c, month, channel):
    """Help recipients to buy machines, highest score first, until the purse is too small for the next.

    Who would not take one is passed over: nobody is visited in vain. In the group channel who has nobody to come with
    is helped alone, at the price of one; who is left over since others were asked before is not.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    purse = purse_number(EQUIPMENT, channel)
    if world.purses[c, purse] <= 0.0 or not takes_machines(p):
        return
    public = public_part(p.programme_equipment_share, month, p.programme_start, p.programme_end, p.programme_path)
    transfer = public * p.functions_machine_price
    if world.purses[c, purse] < cheapest_visit(p, EQUIPMENT, channel) + transfer:
        return
    score(world, scratch, c, month, EQUIPMENT)
    while True:
        lead = pick(scratch, cluster.firms)
        if lead == NONE:
            return
        if not eligible(world, c, lead, EQUIPMENT):
            scratch.month[lead].mark = 1
            continue
        wanted = members_wanted(p, EQUIPMENT, channel)
        count = gather(world, scratch, c, lead, wanted, EQUIPMENT)
        if count == 1 and wanted > 1 and not _has_nobody(world, c, lead):
            continue
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
            give_time(world, scratch, c, count, EQUIPMENT)
        else:
            # They were not visited, so others may still come with them.
            for k in range(1, count):
                scratch.month[scratch.candidates[k].firm].mark = 0


@inner
def _has_nobody(world, c, lead):
    """Whether a firm that brings its own has no partner without a machine whom it would work with."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not p.programme_self_organisation:
        return False
    if p.ties_kind == TIES_ALL:
        return p.ties_trust < p.groups_trust
    firm = world.firms[cluster.first_firm + lead]
    for k in range(firm.first_link, firm.first_link + firm.links):
        link = world.links[k]
        partner = world.firms[cluster.first_firm + link.partner]
        trusted = world.ties[cluster.first_tie + link.tie].trust >= p.groups_trust
        served = partner.standing == OPERATES and not is_passed_over(p, partner, link.partner)
        if trusted and served and eligible(world, c, link.partner, EQUIPMENT):
            return False
    return True
