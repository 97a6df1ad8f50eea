"""Trust among those who fill an order together."""

from __future__ import annotations

from klastersim.compiled import inner
from klastersim.engine.acquaintance import find_tie
from klastersim.rules.cooperation import NEUTRAL_TRUST
from klastersim.world.codes import TIES_ALL
from klastersim.world.layout import NONE, PRIME, SINGLE


@inner
def mark_parties(scratch, count, stamp):
    """Mark the first candidates by a stamp of their own."""
    for k in range(count):
        scratch.month[scratch.candidates[k].firm].mark = stamp


@inner
def trust_among(world, months, c, i, taker, lead, stamp):
    """Trust that decides whether party `i` keeps its word.

    A single firm and a prime contractor owe only the buyer: one half. A subcontractor: its tie with the prime
    contractor, or only the buyer where that has closed. A member of a group: its mean trust over the ties that bind it
    to other marked parties (trust at least that of joint work), or a newcomer's trust where it has none. Weaker ties do
    not count, so that a new acquaintance as such makes nobody less reliable.
    """
    p = world.params[world.clusters[c].terms]
    if taker == SINGLE or i == lead or (taker == PRIME and lead == NONE):
        return NEUTRAL_TRUST
    if p.ties_kind == TIES_ALL:
        return p.ties_trust
    cluster = world.clusters[c]
    if taker == PRIME:
        tie = find_tie(world, c, lead, i)
        return world.ties[cluster.first_tie + tie].trust if tie != NONE else p.ties_newcomer_trust
    firm = world.firms[cluster.first_firm + i]
    total = 0.0
    count = 0.0
    for k in range(firm.first_link, firm.first_link + firm.links):
        link = world.links[k]
        if months[link.partner].mark == stamp:
            trust = world.ties[cluster.first_tie + link.tie].trust
            if trust >= p.groups_trust:
                total += trust
                count += 1.0
    return total / count if count > 0.0 else p.ties_newcomer_trust
