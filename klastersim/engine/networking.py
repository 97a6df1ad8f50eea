"""R1 and R4 over arrays: a programme calls a closed network together; its members stay, and they alone act together."""

from __future__ import annotations

from klastersim.compiled import inner
from klastersim.engine.purses import TRUST
from klastersim.engine.recipients import gather, pick, score
from klastersim.engine.visiting import note_support
from klastersim.world.codes import TIES_ALL
from klastersim.world.layout import NONE


@inner
def found_network(world, scratch, c):
    """Call the members of a network together, as those of a meeting are; the programme owes what that costs.

    Leads are tried as recipients are picked, until one brings as many as can act as a group; companies too small are
    passed over. Where there is none, the next month tries again.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    score(world, scratch, c, cluster.month, TRUST)
    most = max(p.organisation_members, p.groups_minimum)
    count = 0
    while count < p.groups_minimum:
        lead = pick(scratch, cluster.firms)
        if lead == NONE:
            return
        count = gather(world, scratch, c, lead, most, TRUST)
        if count > most:
            count = _keep_nearest(world, scratch, c, count, most)
    found = 0
    for k in range(count):
        firm = world.firms[cluster.first_firm + scratch.candidates[k].firm]
        firm.member = 1
        found += firm.supported == 0 and (k == 0 or not p.programme_self_organisation)
    cluster.network = 1
    cluster.owed += p.prices_formation + found * p.prices_search
    note_support(world, scratch, c, cluster.month, count)


@inner
def _keep_nearest(world, scratch, c, count, most):
    """Keep so many of a group that is too large: the lead and those nearest to it over trusted ties, breadth first."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if p.ties_kind == TIES_ALL:
        return most
    kept = 1
    done = 0
    while done < kept:
        firm = world.firms[cluster.first_firm + scratch.candidates[done].firm]
        for k in range(firm.first_link, firm.first_link + firm.links):
            link = world.links[k]
            if world.ties[cluster.first_tie + link.tie].trust < p.groups_trust:
                continue
            for at in range(kept, count if kept < most else kept):
                if scratch.candidates[at].firm == link.partner:
                    scratch.candidates[at].firm = scratch.candidates[kept].firm
                    scratch.candidates[kept].firm = link.partner
                    kept += 1
                    break
        done += 1
    return kept
