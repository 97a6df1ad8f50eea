"""R1 over arrays: visits to recipients, what they cost and what they do.

Each firm is visited at most once a month by an instrument and channel.
"""

from __future__ import annotations

from klastersim.compiled import inner, kernel, one
from klastersim.compiled.purposes import PROGRAMME_PICK
from klastersim.engine.acquaintance import meet
from klastersim.engine.giving import give_cash
from klastersim.engine.lending import lend
from klastersim.engine.planning import seats_in_delivery
from klastersim.engine.purses import (
    COMING,
    EQUIPMENT,
    FINANCE,
    INDIVIDUAL,
    TOGETHER,
    TRAINING,
    TRUST,
    give_days,
    purse_number,
    spend,
)
from klastersim.engine.recipients import eligible, gather, members_wanted, pick, score
from klastersim.rules.participation import attendance_with_seats
from klastersim.rules.programme import trained_quality, visit_cost, visit_cost_at_ratio
from klastersim.world.codes import FINANCE_TRANSFER, TIES_ALL
from klastersim.world.layout import NONE


@inner
def deliver_visits(world, scratch, c, month, instrument, channel):
    """Visit recipients, highest score first, until the purse is too small for the next."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    purse = purse_number(instrument, channel)
    least = min(p.programme_loan, p.programme_loan_least) if instrument == FINANCE else 0.0
    if world.purses[c, purse] < cheapest_visit(p, instrument, channel) + least:
        return
    score(world, scratch, c, month, instrument)
    while True:
        lead = pick(scratch, cluster.firms)
        if lead == NONE:
            return
        if not eligible(world, c, lead, instrument):
            scratch.month[lead].mark = 1
            continue
        count = gather(world, scratch, c, lead, members_wanted(p, instrument, channel), instrument)
        if instrument == TRUST and count < 2:
            # Nobody holds a meeting with one.
            continue
        while instrument == FINANCE and count > 1:
            # Members borrow or are given cash one by one, the lead first, as far as the purse goes.
            cost = cost_of_visit(world, scratch, c, instrument, channel, count)
            if cost + (count - 1) * p.programme_loan + least <= world.purses[c, purse]:
                break
            count -= 1
        cost = cost_of_visit(world, scratch, c, instrument, channel, count)
        if cost + (count - 1) * p.programme_loan * (instrument == FINANCE) + least > world.purses[c, purse]:
            return
        world.purses[c, purse] -= cost
        spend(world, c, month, cost, instrument)
        _serve(world, scratch, c, month, instrument, channel, count)


@kernel
def cost_of_visit(world, scratch, c, instrument, channel, count):
    """Cost of a visit to the first `count` candidates, Rp million.

    The programme has to find the lead, and without self-organisation each of the others too. It forms a group where it
    calls one together in which anybody is new. Where a ratio of unit costs is declared, a group costs that ratio of
    what its members would cost outside it.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    found = 0.0
    new = 0
    for k in range(count):
        if world.firms[cluster.first_firm + scratch.candidates[k].firm].supported == 0:
            new += 1
            found += k == 0 or not p.programme_self_organisation
    if _goes_by_ratio(p, channel, count):
        return _cost_at_ratio(p, instrument, count, new)
    lead = world.firms[cluster.first_firm + scratch.candidates[0].firm]
    called = lead.group == NONE or not p.programme_self_organisation
    return visit_cost(
        float(count),
        found,
        p.prices_search,
        p.prices_formation,
        p.prices_visit,
        p.prices_member,
        staff_price(p, instrument),
        channel == TOGETHER and called and count > 1 and new > 0,
    )


@inner
def _goes_by_ratio(p, channel, count):
    """Whether a visit's cost is told by the ratio of unit costs; who comes alone is served alone."""
    return channel == TOGETHER and count > 1 and p.prices_group_ratio > 0.0


@inner
def _cost_at_ratio(p, instrument, count, new):
    """Cost of a visit to a group, by the ratio of unit costs, where `new` members are new to the programme."""
    alone = float(members_wanted(p, instrument, INDIVIDUAL))
    # Outside groups, too, who comes at the lead's word is found by the lead.
    found = new / alone if p.programme_self_organisation else float(new)
    return visit_cost_at_ratio(
        float(count),
        alone,
        found,
        p.prices_search,
        p.prices_visit,
        p.prices_member,
        staff_price(p, instrument),
        p.prices_group_ratio,
    )


@kernel
def cheapest_visit(p, instrument, channel):
    """Less than this no visit costs: one to a single firm, or, by the ratio of unit costs, one to a group of two."""
    cost = p.prices_visit + p.prices_member + staff_price(p, instrument)
    if _goes_by_ratio(p, channel, 2):
        cost = min(cost, _cost_at_ratio(p, instrument, 2, 0))
    return cost


@inner
def staff_price(p, instrument):
    """What trainer, facilitator or technician of a visit cost, Rp million."""
    if instrument == TRAINING:
        return p.prices_training
    if instrument == EQUIPMENT:
        return p.prices_equipment
    return p.prices_facilitator if instrument == TRUST else 0.0


@inner
def _serve(world, scratch, c, month, instrument, channel, count):
    """Deliver an instrument to the members of one recipient."""
    note_support(world, scratch, c, month, count)
    if instrument == TRAINING:
        _train(world, scratch, c, count)
    elif instrument == FINANCE:
        if world.params[world.clusters[c].terms].programme_finance_form == FINANCE_TRANSFER:
            give_cash(world, scratch, c, month, channel, count)
        else:
            lend(world, scratch, c, month, channel, count)
    else:
        _meet(world, scratch, c, month, count)
        return
    give_time(world, scratch, c, count, instrument)


@inner
def note_support(world, scratch, c, month, count):
    """Note of the members of a recipient that a programme has reached them."""
    for k in range(count):
        firm = world.firms[world.clusters[c].first_firm + scratch.candidates[k].firm]
        if firm.supported == 0:
            firm.supported = month


@inner
def give_time(world, scratch, c, count, instrument):
    """Let the members of a recipient give the time of a visit."""
    days = world.params[world.clusters[c].terms].groups_meeting_days
    for k in range(count):
        give_days(world, c, scratch.candidates[k].firm, days, instrument)


@inner
def _train(world, scratch, c, count):
    """Teach the members together: to their mean gap, or to each one's own."""
    p = world.params[world.clusters[c].terms]
    first = world.clusters[c].first_firm
    mean = 0.0
    for k in range(count):
        mean += 1.0 - world.firms[first + scratch.candidates[k].firm].quality
    mean /= count
    for k in range(count):
        firm = world.firms[first + scratch.candidates[k].firm]
        gap = mean if p.programme_spread_loss and count > 1 else 1.0 - firm.quality
        firm.quality = trained_quality(firm.quality, gap, p.programme_training_dose, p.learning_absorptive_band)


@inner
def _meet(world, scratch, c, month, count):
    """Hold a meeting: each comes or not by a draw, at half a day; pairs that met learn of each other."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    attendance = attendance_with_seats(p.programme_attendance, p.participation_uptake, seats_in_delivery(p))
    came = 0
    for k in range(count):
        i = scratch.candidates[k].firm
        attends = one(cluster.seed, month, PROGRAMME_PICK, cluster.identity, i, COMING)
        if attends < attendance:
            scratch.candidates[came].firm = i
            give_days(world, c, i, p.groups_meeting_days, TRUST)
            came += 1
    if not p.programme_meetings_build_trust or p.ties_kind == TIES_ALL:
        return
    for k in range(came):
        for m in range(k + 1, came):
            meet(world, c, scratch.candidates[k].firm, scratch.candidates[m].firm)
