"""R1 over arrays: whom the programme picks, and who comes along.

Recipients are picked by a score that is drawn, or read from what can be observed.
"""

from __future__ import annotations

import numpy as np

from klastersim.compiled import inner, one
from klastersim.compiled.purposes import PROGRAMME_AGENCIES, PROGRAMME_CAPTURE, PROGRAMME_PICK
from klastersim.engine.deciding import company_of
from klastersim.engine.machines import has_machine
from klastersim.engine.purses import COMMON_LIST, EQUIPMENT, EQUIPMENT_LIST, FINANCE, TOGETHER, TRAINING, TRUST
from klastersim.world.codes import SELECT_NEEDIEST, SELECT_PROMISING, TIES_ALL
from klastersim.world.layout import HERE, NONE, OPERATES

#: Scores that differ by less than one over this are equal.
ROUNDING = 1e9


@inner
def score(world, scratch, c, month, instrument):
    """Score all firms: who scores highest is picked first, and a draw decides among equals.

    Marks are cleared, but for those not at work and who is passed over.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    common = False
    if p.agencies_coherence > 0.0:
        common = one(cluster.seed, month, PROGRAMME_AGENCIES, cluster.identity, 0, 0) < p.agencies_coherence
    captured = False
    capture = p.plan_local_room * p.plan_capture
    if capture > 0.0:
        captured = one(cluster.seed, month, PROGRAMME_CAPTURE, cluster.identity, instrument, 0) < capture
    # Bodies with a list in common draw from it; otherwise each has its own.
    whose = EQUIPMENT_LIST if instrument == EQUIPMENT else instrument
    if common:
        whose = COMMON_LIST
    for i in range(cluster.firms):
        scratch.month[i].mark = 0
        firm = world.firms[cluster.first_firm + i]
        # The same draw in both channels, so that they can be compared on the same recipients.
        scratch.month[i].chance = one(cluster.seed, month, PROGRAMME_PICK, cluster.identity, i, whose)
        scratch.month[i].score = 0.0
        if firm.standing != OPERATES or is_passed_over(p, firm, i):
            scratch.month[i].mark = 1
        elif captured:
            scratch.month[i].score = firm.links
        elif p.programme_selection == SELECT_PROMISING:
            # Equal but for rounding is equal.
            scratch.month[i].score = np.floor(firm.profit / firm.workers * ROUNDING + 0.5)
        elif p.programme_selection == SELECT_NEEDIEST:
            need = -firm.profit / firm.workers if common else _need(world, scratch, c, i, instrument)
            scratch.month[i].score = np.floor(need * ROUNDING + 0.5)


@inner
def is_passed_over(p, firm, i):
    """Whether the programme passes over a firm: the one on a site as it could begin, as long as that is there."""
    return p.programme_passed_over == i and firm.predecessor == HERE


@inner
def _need(world, scratch, c, i, instrument):
    """Gap of a firm that an instrument could close, as far as it can be observed."""
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + i]
    if instrument == TRAINING:
        return 1.0 - firm.quality
    if instrument == FINANCE:
        return -firm.working_capital / firm.workers
    if instrument == EQUIPMENT:
        # All who lack a machine lack the same: least able to buy it is who has least.
        return -firm.working_capital
    if instrument == TRUST:
        return -company_of(
            world.params[world.clusters[c].terms], cluster, world.firms, world.links, world.ties, scratch.trusts, firm
        )[1]
    best = 0.0
    for buyer in range(cluster.buyers):
        best = max(best, world.relations[cluster.first_firm + i, buyer])
    return -best


@inner
def pick(scratch, firms):
    """Pick the unmarked firm with the highest score, by the draw among equals; NONE where all are marked."""
    best = NONE
    for i in range(firms):
        here = scratch.month[i]
        if here.mark:
            continue
        if best == NONE or here.score > scratch.month[best].score:
            best = i
        elif here.score == scratch.month[best].score and here.chance > scratch.month[best].chance:
            best = i
    return best


@inner
def eligible(world, c, i, instrument):
    """Whether a firm can be served: no second loan while one is out, no machine for who has one."""
    firm = world.firms[world.clusters[c].first_firm + i]
    if instrument == EQUIPMENT:
        return not has_machine(firm, world.clusters[c].month)
    return instrument != FINANCE or firm.loan <= 0.0


@inner
def _add_member(scratch, count, i):
    scratch.candidates[count].firm = i
    scratch.month[i].mark = 1
    return count + 1


@inner
def gather(world, scratch, c, lead, wanted, instrument):
    """List a recipient's members in scratch.candidates: the lead and those who come with it; return how many.

    With self-organisation the lead's own group, or the partners it trusts most first; without it the next on the list.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + lead]
    count = _add_member(scratch, 0, lead)
    if not p.programme_self_organisation:
        while count < wanted:
            following = pick(scratch, cluster.firms)
            if following == NONE:
                break
            if eligible(world, c, following, instrument):
                count = _add_member(scratch, count, following)
            else:
                scratch.month[following].mark = 1
        return count
    if firm.group != NONE and wanted > 2:
        for i in range(cluster.firms):
            member = world.firms[cluster.first_firm + i]
            if member.group == firm.group and not scratch.month[i].mark and eligible(world, c, i, instrument):
                count = _add_member(scratch, count, i)
        return count
    while count < wanted:
        # A meeting needs two: the lead names one at least, whatever the trust.
        least = 0.0 if instrument == TRUST and count == 1 else p.groups_trust
        partner = _most_trusted(world, scratch, c, lead, instrument, least)
        if partner == NONE:
            break
        count = _add_member(scratch, count, partner)
    return count


@inner
def _most_trusted(world, scratch, c, lead, instrument, least):
    """The unmarked partner whom the lead trusts most, and at least so much; NONE where there is none."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + lead]
    best = NONE
    if p.ties_kind == TIES_ALL:
        # All are trusted alike: the next on the list.
        return pick(scratch, cluster.firms) if p.ties_trust >= least else NONE
    highest = least
    for k in range(firm.first_link, firm.first_link + firm.links):
        link = world.links[k]
        trust = world.ties[cluster.first_tie + link.tie].trust
        if scratch.month[link.partner].mark or not eligible(world, c, link.partner, instrument):
            continue
        if trust > highest or (trust == highest and best == NONE):
            best = link.partner
            highest = trust
    return best


@inner
def members_wanted(p, instrument, channel):
    """Members of a recipient: one firm, the two of a meeting, or a group."""
    if channel == TOGETHER:
        return p.programme_group_size
    return 2 if instrument == TRUST else 1
