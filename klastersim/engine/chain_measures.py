"""R3 and R5 measured: who is specialised, what partners match, and what passes between stages."""

from __future__ import annotations

from klastersim.compiled import inner
from klastersim.world.codes import PARTNER_LOYAL
from klastersim.world.ends import has_both_owners, note_ends
from klastersim.world.layout import VACANT


@inner
def measure_chain(world, scratch, c, row):
    """Measure the value chain of a cluster in which it is on."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    present = specialised = suppliers = 0
    matched = buying = selling = 0.0
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        own = scratch.month[i]
        if firm.standing == VACANT:
            continue
        present += 1
        specialised += firm.specialised
        matched += own.matched
        buying += own.buying_profit
        if p.trade_partner == PARTNER_LOYAL and _has_buyer(world, cluster, firm):
            suppliers += 1
            selling += own.trade_profit - own.buying_profit
    row.specialised = specialised / float(max(1, present))
    row.matched = matched / float(max(1, specialised))
    row.stage_trade = cluster.stage_trade
    row.stage_bridges = _bridges(world, scratch, c)
    if p.trade_partner == PARTNER_LOYAL:
        row.matched = cluster.stage_served / max(1.0, cluster.stage_buyers)
        row.stage_unsold = cluster.stage_unsold
        row.loyalty = cluster.loyalty
        row.buyer_profit = buying / max(1.0, cluster.stage_buyers)
        row.supplier_profit = selling / float(max(1, suppliers))


@inner
def _has_buyer(world, cluster, firm):
    """Whether a specialised firm has a tie to one at the next stage."""
    if not firm.specialised:
        return False
    for k in range(firm.first_link, firm.first_link + firm.links):
        other = world.firms[cluster.first_firm + world.links[k].partner]
        if other.specialised and other.standing != VACANT and other.stage == firm.stage + 1:
            return True
    return False


@inner
def _bridges(world, scratch, c):
    """Share of the ties on which firms would trade that lead to another stage."""
    cluster = world.clusters[c]
    p = world.params[cluster.terms]
    trusted = bridging = 0
    note_ends(world, scratch, c)
    for k in range(cluster.ties):
        if world.ties[cluster.first_tie + k].trust < p.chain_trust or not has_both_owners(scratch, k):
            continue
        ends = scratch.ends[k]
        trusted += 1
        bridging += (
            world.firms[cluster.first_firm + ends.lower].stage != world.firms[cluster.first_firm + ends.upper].stage
        )
    return bridging / float(trusted) if trusted > 0 else 0.0
