"""Ties between two firms: finding one, and forming one between firms that meet or work together."""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.rules.joint_bodies import starting_trust
from klastersim.rules.learning import WORKED
from klastersim.world.codes import TIES_ALL
from klastersim.world.layout import NONE


@kernel
def find_tie(world, c, a, b):
    """Return the number of the tie between firms `a` and `b`, or NONE."""
    firm = world.firms[world.clusters[c].first_firm + a]
    for k in range(firm.first_link, firm.first_link + firm.links):
        if world.links[k].partner == b:
            return world.links[k].tie
    return NONE


@inner
def _insert_link(world, firm, partner, tie):
    """Put a link in its place among the firm's links, which ascend by partner."""
    k = firm.first_link + firm.links
    while k > firm.first_link and world.links[k - 1].partner > partner:
        world.links[k].partner = world.links[k - 1].partner
        world.links[k].tie = world.links[k - 1].tie
        k -= 1
    world.links[k].partner = partner
    world.links[k].tie = tie
    firm.links += 1


@kernel
def become_acquainted(world, c, a, b):
    """Form a tie between two firms that share none, where both have room; return whether one was formed."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    one = world.firms[cluster.first_firm + a]
    other = world.firms[cluster.first_firm + b]
    if p.ties_kind == TIES_ALL or a == b or cluster.ties >= cluster.tie_room:
        return False
    if one.links >= p.ties_most or other.links >= p.ties_most or find_tie(world, c, a, b) != NONE:
        return False
    tie = world.ties[cluster.first_tie + cluster.ties]
    tie.trust = starting_trust(p.ties_newcomer_trust, one.memory, other.memory)
    tie.base_trust = p.ties_newcomer_trust
    world.tie_events[cluster.first_tie + cluster.ties] = 0
    _insert_link(world, one, b, cluster.ties)
    _insert_link(world, other, a, cluster.ties)
    cluster.ties += 1
    return True


@inner
def meet(world, c, a, b):
    """Note that two firms met: a tie that they share will learn of it (R11), or they become acquainted."""
    tie = find_tie(world, c, a, b)
    if tie != NONE:
        world.tie_events[world.clusters[c].first_tie + tie] |= WORKED
    else:
        become_acquainted(world, c, a, b)


@kernel
def has_room(world, c, i):
    """Whether firm `i` may still form a tie."""
    return world.firms[world.clusters[c].first_firm + i].links < world.params[world.clusters[c].terms].ties_most
