"""R4 over arrays: groups are connected components of ties between cooperating firms that trust each other."""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.engine.capacity import capacity_of
from klastersim.rules.groups import WORKING_DAYS, time_of_taking_part, works_together
from klastersim.world.codes import TIES_ALL
from klastersim.world.layout import NONE


@inner
def _search(world, scratch, c, start, first, limit):
    """Place `start` and whom it reaches, breadth first, in scratch.members from `first`; return how many."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    scratch.members[first] = start
    scratch.month[start].mark = 1
    count = 1
    done = 0
    while done < count and count < limit:
        firm = world.firms[cluster.first_firm + scratch.members[first + done]]
        for k in range(firm.first_link, firm.first_link + firm.links):
            link = world.links[k]
            partner = link.partner
            if scratch.month[partner].mark or count >= limit:
                continue
            other = world.firms[cluster.first_firm + partner]
            if cluster.network and not other.member:
                continue
            trust = world.ties[cluster.first_tie + link.tie].trust
            if works_together(firm.cooperates != 0, other.cooperates != 0, trust, p.groups_trust):
                scratch.month[partner].mark = 1
                scratch.members[first + count] = partner
                count += 1
        done += 1
    return count


@inner
def _take_next(world, scratch, c, start, first, limit):
    """Where everybody knows everybody: place the next cooperating firms from `start` on; return how many."""
    cluster = world.clusters[c]
    count = 0
    for i in range(start, cluster.firms):
        if count >= limit:
            break
        firm = world.firms[cluster.first_firm + i]
        if firm.cooperates and not scratch.month[i].mark and not (cluster.network and not firm.member):
            scratch.month[i].mark = 1
            scratch.members[first + count] = i
            count += 1
    return count


@kernel
def form_groups(world, scratch, c):
    """Group the cooperating firms: from the lowest site not yet placed, breadth first, up to the largest group.

    Fewer than the smallest group act alone. Members stand in scratch in the order in which they were found.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    cluster.groups = 0
    scratch.groups[0].first = 0
    for i in range(cluster.firms):
        world.firms[cluster.first_firm + i].group = NONE
        world.firms[cluster.first_firm + i].group_size = 0
        scratch.month[i].mark = 0
    if not p.groups_enabled:
        return
    all_known = p.ties_kind == TIES_ALL
    if all_known and p.ties_trust < p.groups_trust:
        return
    for i in range(cluster.firms):
        if scratch.month[i].mark or not world.firms[cluster.first_firm + i].cooperates:
            continue
        if cluster.network and not world.firms[cluster.first_firm + i].member:
            continue
        first = scratch.groups[cluster.groups].first
        if all_known:
            count = _take_next(world, scratch, c, i, first, p.groups_maximum)
        else:
            count = _search(world, scratch, c, i, first, p.groups_maximum)
        if count >= p.groups_minimum:
            _found(world, scratch, c, first, count)


@inner
def _found(world, scratch, c, first, count):
    """Number a new group and note its mean quality."""
    cluster = world.clusters[c]
    quality = 0.0
    for k in range(first, first + count):
        firm = world.firms[cluster.first_firm + scratch.members[k]]
        firm.group = cluster.groups
        firm.group_size = count
        quality += firm.quality
    scratch.groups[cluster.groups].quality = quality / count
    cluster.groups += 1
    scratch.groups[cluster.groups].first = first + count


@inner
def time_lost(p, firm):
    """Output that taking part costs a firm this month, worker-months; at most what orders leave it."""
    if firm.support_days <= 0.0 and not firm.cooperates:
        return 0.0
    lost = firm.support_days / WORKING_DAYS
    if firm.cooperates:
        members = float(max(1, firm.group_size))
        lost += time_of_taking_part(p.groups_meeting_days, p.groups_coordination_days, members)
    return min(lost, max(0.0, capacity_of(p, firm) - firm.work))
