"""R14 over arrays: firms hire and dismiss, stop for a time and come back; labour is counted."""

from __future__ import annotations

from klastersim.compiled import inner, kernel, one
from klastersim.compiled.purposes import SUSPENSION
from klastersim.engine.money import own_funds
from klastersim.rules.growth import against_ordinary, workers_next, workers_wanted
from klastersim.world.layout import NONE, OPERATES, SUSPENDED, VACANT

#: Less work than this is none: what rounding leaves.
NO_WORK = 1e-9

#: Months of loss are counted up to this.
MOST_MONTHS = 120


@inner
def local_margin(p, cluster):
    """What a worker-month sold locally brings beyond inputs and wage at the last price, Rp million."""
    return cluster.price - cluster.input_price - p.local_wage


@inner
def ordinary_margin(p):
    """The same at the opening, Rp million."""
    return p.local_price - p.local_input_share * p.local_price - p.local_wage


@inner
def payable_workers(p, cluster, firm):
    """New workers whose first month, with its inputs, a firm's own funds can pay."""
    cost = cluster.input_price + p.local_wage
    if not p.finance_enabled or cost <= 0.0:
        return 1e300
    return own_funds(firm) / cost


@inner
def opening_workers(p, firm):
    """Workers with whom a workshop opens, or opens again: the owner at least."""
    return max(min(1.0, firm.span), p.growth_opening_size * firm.span)


@kernel
def employ(world, scratch, c, month):
    """Let every firm hire or dismiss, stop or come back; a firm writes only its own row (and leaves the willing)."""
    p = world.params[world.clusters[c].terms]
    if not p.growth_enabled:
        return
    cluster = world.clusters[c]
    margin = local_margin(p, cluster)
    success = against_ordinary(margin, ordinary_margin(p))
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        own = scratch.month[i]
        own.hired = 0.0
        if firm.standing == VACANT:
            continue
        before = firm.workers
        firm.loss_months = months_of_loss(firm)
        if firm.standing == SUSPENDED or (margin < 0.0 and firm.work < NO_WORK):
            _stop_or_come_back(p, cluster, firm, margin, one(cluster.seed, month, SUSPENSION, cluster.identity, i, 0))
        else:
            wanted = workers_wanted(firm.span, success, p.growth_response, firm.work, p.growth_order_hiring)
            least = max(min(1.0, firm.span), min(before, firm.work))
            payable = payable_workers(p, cluster, firm)
            firm.workers = workers_next(before, wanted, p.growth_adjustment, payable, least)
        own.hired = firm.workers - before


@inner
def months_of_loss(firm):
    """Months of loss or suspension in a row, up to the last month."""
    if firm.standing == SUSPENDED or firm.profit < 0.0:
        return min(MOST_MONTHS, firm.loss_months + 1)
    return 0


@inner
def _stop_or_come_back(p, cluster, firm, margin, chance):
    """Stop where the price does not cover inputs and wages; come back where it does."""
    if chance >= p.growth_suspension:
        return
    if firm.standing == OPERATES:
        firm.standing = SUSPENDED
        firm.workers = 0.0
        firm.work = 0.0
        cluster.cooperating -= firm.cooperates
        firm.cooperates = 0
        firm.group = NONE
        firm.group_size = 0
    elif margin >= 0.0:
        firm.standing = OPERATES
        firm.workers = opening_workers(p, firm)


@kernel
def count_labour(world, scratch, c):
    """Take hands from the households, or send them back, and find the largest workshop."""
    if not world.params[world.clusters[c].terms].growth_enabled:
        return
    cluster = world.clusters[c]
    cluster.largest_workshop = 0.0
    for i in range(cluster.firms):
        cluster.home_workers -= scratch.month[i].hired
        cluster.largest_workshop = max(cluster.largest_workshop, world.firms[cluster.first_firm + i].workers)
