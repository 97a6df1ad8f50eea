"""R8 over arrays: buyers offer bilateral contracts to the best firms they know, and firms take them or not."""

from __future__ import annotations

from klastersim.compiled import exp, inner, kernel, one
from klastersim.compiled.purposes import CONTRACT
from klastersim.engine.bargaining import demand_reached, price_for
from klastersim.engine.happening import is_absent
from klastersim.rules.bargaining import binds_itself
from klastersim.rules.groups import cost_of_taking_part, time_of_taking_part
from klastersim.world.layout import NONE, OPERATES


@inner
def bound_share(p, cluster, firm):
    """Share of its free output that a firm has bound by a contract."""
    return p.contracts_share if firm.contract_end >= cluster.month else 0.0


@inner
def _wants_contracts(world, c, number):
    """Whether a large firm offers contracts: a dominant one does, and a principal that wants the best firm."""
    p = world.params[world.clusters[c].terms]
    if is_absent(world, c, number):
        return False
    buyer = world.buyers[c, number]
    return buyer.share >= p.contracts_dominance or (buyer.principal != 0 and p.principals_exclusive != 0)


@kernel
def offer_contracts(world, c, month):
    """Let every large firm that wants one offer a contract to the best firm it knows; it writes only its own row."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not p.contracts_enabled:
        return
    for number in range(p.market_large_firms):
        buyer = world.buyers[c, number]
        buyer.best = NONE
        if not _wants_contracts(world, c, number):
            continue
        if one(cluster.seed, month, CONTRACT, cluster.identity, number, 0) >= p.contracts_rate:
            continue
        buyer.best = _best_firm(world, c, number)
        if buyer.best != NONE:
            firm = world.firms[cluster.first_firm + buyer.best]
            relation = world.relations[cluster.first_firm + buyer.best, number]
            demand = demand_reached(world, c, buyer.best)
            price = price_for(p, cluster, buyer, demand, relation, firm.workers)
            # Nothing is left to fail month by month, so nothing is paid for failing.
            buyer.offered = price * (1.0 - p.orders_allowance)


@inner
def _best_firm(world, c, number):
    """The firm at work without a contract, with the usual quality, whose quality and relation promise most; or NONE."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    quality = p.orders_quality + world.buyers[c, number].quality
    best = NONE
    highest = 0.0
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        if firm.standing != OPERATES or firm.contract_end >= cluster.month or firm.quality < quality:
            continue
        promise = world.relations[cluster.first_firm + i, number] * firm.quality
        if promise > highest:
            best = i
            highest = promise
    return best


@kernel
def answer_offers(world, c, month):
    """Let every firm look at the best offer made to it, and take it or not; a firm writes only its own row."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not p.contracts_enabled:
        return
    for number in range(p.market_large_firms):
        buyer = world.buyers[c, number]
        if buyer.best == NONE or _outbid(world, c, number):
            continue
        firm = world.firms[cluster.first_firm + buyer.best]
        members = float(p.groups_minimum if firm.group == NONE else firm.group_size)
        time = time_of_taking_part(p.groups_meeting_days, p.groups_coordination_days, members)
        cost = cost_of_taking_part(time, firm.workers, cluster.price, cluster.input_price)
        if binds_itself(buyer.offered, cluster.price, firm.expected_gain, cost):
            firm.contract_buyer = number
            firm.contract_end = month + p.contracts_months - 1
            firm.contract_price = buyer.offered
            world.relations_used[cluster.first_firm + buyer.best, number] = firm.contract_end


@inner
def _outbid(world, c, number):
    """Whether another large firm offers the same firm more, or as much and stands before."""
    buyer = world.buyers[c, number]
    for other in range(world.params[world.clusters[c].terms].market_large_firms):
        rival = world.buyers[c, other]
        if other != number and rival.best == buyer.best:
            if rival.offered > buyer.offered or (rival.offered == buyer.offered and other < number):
                return True
    return False


@inner
def count_wanting(world, scratch, c):
    """Note which share of its orders each buyer still places: what it gets by contract it does not order."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    volume = exp(cluster.order_log_mean + 0.5 * cluster.order_log_spread * cluster.order_log_spread)
    potential = p.market_potential * cluster.order_demand
    for number in range(cluster.buyers):
        wanting = 1.0
        buyer = world.buyers[c, number]
        if buyer.contracted > 0.0:
            wanting = max(0.0, 1.0 - buyer.contracted / (potential * buyer.share * buyer.volume * volume))
        scratch.buyers[number].wanting = wanting
