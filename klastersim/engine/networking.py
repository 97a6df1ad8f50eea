"""R1 and R4 over arrays: a programme calls a closed network together; its members stay, and they alone act together."""

from __future__ import annotations

from klastersim.compiled import inner
from klastersim.engine.purses import TRUST
from klastersim.engine.recipients import gather, pick, score
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
    count = 0
    while count < p.groups_minimum:
        lead = pick(scratch, cluster.firms)
        if lead == NONE:
            return
        count = gather(world, scratch, c, lead, max(p.organisation_members, p.groups_minimum), TRUST)
    found = 0
    for k in range(count):
        world.firms[cluster.first_firm + scratch.candidates[k].firm].member = 1
        found += k == 0 or not p.programme_self_organisation
    cluster.network = 1
    cluster.owed += p.prices_formation + found * p.prices_search
