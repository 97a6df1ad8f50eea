"""R14 over arrays: newcomers take free sites, and firms close."""

from __future__ import annotations

import numpy as np

from klastersim.compiled import inner, kernel, one, two
from klastersim.compiled.purposes import APPRENTICE, ENTRY, EXIT
from klastersim.engine.closing import close_firms
from klastersim.engine.employing import local_margin, opening_workers, ordinary_margin
from klastersim.engine.measuring import row_of
from klastersim.rules.growth import against_ordinary, entry_chance
from klastersim.rules.joint_bodies import starting_trust
from klastersim.world.codes import BASE_OF_NEWCOMER, TIES_ALL
from klastersim.world.layout import HERE, NOBODY_THEN, NONE, VACANT
from klastersim.world.opening import open_firm, set_relations


@kernel
def renew(world, scratch, c, month):
    """Let newcomers take sites that were free when the month began, then firms close; both by ascending site."""
    p = world.params[world.clusters[c].terms]
    if not p.growth_enabled:
        return
    cluster = world.clusters[c]
    if cluster.vacant > 0:
        _enter(world, c, month)
    leaving = 0
    for i in range(cluster.firms):
        leaves = _leaves(p, cluster, world.firms[cluster.first_firm + i], i, month)
        scratch.month[i].mark = leaves
        leaving += leaves
    if leaving > 0:
        close_firms(world, scratch, c, month)


@inner
def _leaves(p, cluster, firm, i, month):
    """Whether a firm closes now: its time has come, or it gives up after long losses."""
    if firm.standing == VACANT:
        return False
    if firm.closes <= month:
        return True
    if firm.loss_months < p.growth_loss_months:
        return False
    return one(cluster.seed, month, EXIT, cluster.identity, i, 0) < p.growth_loss_exit


@inner
def _enter(world, c, month):
    """Let each free site be taken or not, by how those do whom it knows."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    ordinary = ordinary_margin(p)
    known = p.ties_kind != TIES_ALL
    success = against_ordinary(local_margin(p, cluster), ordinary)
    if not known:
        success = _success_of_all(world, c, month, ordinary, success)
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        if firm.standing != VACANT:
            continue
        near = _success_near(world, c, firm, month, ordinary, success) if known else success
        chance = one(cluster.seed, month, ENTRY, cluster.identity, i, 0)
        if chance < entry_chance(p.growth_entry, p.growth_attraction, near):
            _take_site(world, c, i, month)


@inner
def _profit_per_worker(firm):
    """Profit of the last month for each worker, Rp million; 0 of a workshop that stands still."""
    return firm.profit / firm.workers if firm.workers > 0.0 else 0.0


@inner
def _success_near(world, c, site, month, ordinary, market):
    """Mean profit per worker of the firms that a site has ties with, over the ordinary.

    Who opened this month has shown nothing yet. Where nobody else is left, what the market tells.
    """
    first = world.clusters[c].first_firm
    total = 0.0
    count = 0
    for k in range(site.first_link, site.first_link + site.links):
        other = world.firms[first + world.links[k].partner]
        if other.standing != VACANT and other.born < month:
            total += _profit_per_worker(other)
            count += 1
    return against_ordinary(total / count, ordinary) if count > 0 else market


@inner
def _success_of_all(world, c, month, ordinary, market):
    """The same over all firms, where everybody knows everybody."""
    cluster = world.clusters[c]
    total = 0.0
    count = 0
    for i in range(cluster.first_firm, cluster.first_firm + cluster.firms):
        other = world.firms[i]
        if other.standing != VACANT and other.born < month:
            total += _profit_per_worker(other)
            count += 1
    return against_ordinary(total / count, ordinary) if count > 0 else market


@inner
def _take_site(world, c, i, month):
    """Let a newcomer open on a free site, with all that a firm draws at the opening drawn anew."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + i]
    firm.workers = np.nan
    firm.quality = np.nan
    firm.working_capital = np.nan
    open_firm(world, c, i, month)
    firm.cooperates = 0
    firm.workers = opening_workers(p, firm)
    firm.working_capital = firm.usual_capital * (firm.workers / firm.span)
    firm.circle = firm.links
    if firm.predecessor == HERE and month > cluster.before_last:
        firm.predecessor = NOBODY_THEN
    set_relations(world, c, i, p.market_linkage)
    _forget_predecessor(world, c, firm, _master_of(world, c, i, month))
    row = row_of(world, c, month)
    row.entries += 1.0
    row.investment += firm.working_capital
    cluster.households_account -= firm.working_capital
    cluster.home_workers -= firm.workers
    cluster.vacant -= 1


@inner
def _master_of(world, c, i, month):
    """The neighbour with whom a newcomer learned the trade, drawn by workers among those there; or NONE."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    site = world.firms[cluster.first_firm + i]
    whether, which = two(cluster.seed, month, APPRENTICE, cluster.identity, i, 0)
    if whether >= p.growth_apprentices:
        return NONE
    target = 0.0
    for k in range(site.first_link, site.first_link + site.links):
        target += which * world.firms[cluster.first_firm + world.links[k].partner].workers
    master = NONE
    for k in range(site.first_link, site.first_link + site.links):
        workers = world.firms[cluster.first_firm + world.links[k].partner].workers
        if workers > 0.0 and (target >= 0.0 or master == NONE):
            master = world.links[k].partner
        target -= workers
    return master


@inner
def _forget_predecessor(world, c, firm, master):
    """Let trust on all ties of a site be that in a newcomer, but on the one with whom it learned the trade the base."""
    p = world.params[world.clusters[c].terms]
    first = world.clusters[c].first_tie
    for k in range(firm.first_link, firm.first_link + firm.links):
        tie = world.ties[first + world.links[k].tie]
        known = world.links[k].partner == master
        trust = tie.base_trust if known else p.ties_newcomer_trust
        tie.trust = starting_trust(
            trust, 0.0, world.firms[world.clusters[c].first_firm + world.links[k].partner].memory
        )
        if p.growth_newcomer_base == BASE_OF_NEWCOMER and not known:
            tie.base_trust = p.ties_newcomer_trust
        world.tie_events[first + world.links[k].tie] = 0
