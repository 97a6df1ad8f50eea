"""R5 over arrays: specialised firms of neighbouring stages divide their work, and trade what they make."""

from __future__ import annotations

from klastersim.compiled import inner, kernel, one
from klastersim.compiled.purposes import TRADE_DELIVERY
from klastersim.engine.loyal import trade_loyally
from klastersim.engine.trading import local_output
from klastersim.rules.learning import DEFAULTED, TRADED, WORKED
from klastersim.rules.orders import failure_probability
from klastersim.rules.specialisation import division_effect
from klastersim.rules.value_chain import matched_work
from klastersim.world.codes import PARTNER_LOYAL
from klastersim.world.ends import note_ends
from klastersim.world.layout import OPERATES


@inner
def are_at_neighbouring_stages(firm, other):
    """Whether two firms do neighbouring stages, and nothing else, this month."""
    if not (firm.specialised and other.specialised) or firm.standing != OPERATES or other.standing != OPERATES:
        return False
    return abs(int(firm.stage) - int(other.stage)) == 1


@kernel
def divide_work(world, scratch, c, month):
    """Match the work of specialised firms with partners whom they trust, and note what that adds to their output.

    Ties by number. A partner may fail the other, as in orders: then neither has work matched on the tie.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not p.chain_enabled or p.trade_partner == PARTNER_LOYAL:
        return
    first = cluster.first_firm
    note_ends(world, scratch, c)
    for k in range(cluster.first_tie, cluster.first_tie + cluster.ties):
        trust = world.ties[k].trust
        tie = scratch.ends[k - cluster.first_tie]
        if trust >= p.chain_trust and are_at_neighbouring_stages(
            world.firms[first + tie.lower], world.firms[first + tie.upper]
        ):
            scratch.month[tie.lower].partners += 1.0
            scratch.month[tie.upper].partners += 1.0
            rate = failure_probability(p.orders_default_rate, trust)
            fails = one(cluster.seed, month, TRADE_DELIVERY, cluster.identity, tie.lower, tie.upper) < rate
            world.tie_events[k] |= DEFAULTED if fails else WORKED | TRADED
    for k in range(cluster.first_tie, cluster.first_tie + cluster.ties):
        if world.tie_events[k] & TRADED:
            tie = scratch.ends[k - cluster.first_tie]
            work = _work_on(world, scratch, first, tie)
            scratch.month[tie.lower].matched += work / world.firms[first + tie.lower].workers
            scratch.month[tie.upper].matched += work / world.firms[first + tie.upper].workers
    for i in range(cluster.firms):
        firm = world.firms[first + i]
        own = scratch.month[i]
        own.matched = min(1.0, own.matched)
        firm.division = 0.0
        if firm.specialised and firm.standing == OPERATES:
            firm.division = division_effect(own.matched, p.chain_matched_gain, p.chain_unmatched_loss)


@inner
def _work_on(world, scratch, first, tie):
    """Work that each of two partners puts into what they make together, worker-months."""
    return matched_work(
        world.firms[first + tie.lower].workers,
        scratch.month[tie.lower].partners,
        world.firms[first + tie.upper].workers,
        scratch.month[tie.upper].partners,
    )


@kernel
def trade_between_stages(world, scratch, c, month):
    """Let each stage buy from the one before: of what suppliers made for the market, the part that partners matched.

    Goods change hands at the local price, so that what the chain brings is what its firms make more, and no price
    shares it out.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not p.chain_enabled:
        return
    if p.trade_partner == PARTNER_LOYAL:
        trade_loyally(world, scratch, c, month)
        return
    first = cluster.first_firm
    note_ends(world, scratch, c)
    for k in range(cluster.first_tie, cluster.first_tie + cluster.ties):
        if not world.tie_events[k] & TRADED:
            continue
        tie = scratch.ends[k - cluster.first_tie]
        lower_supplies = world.firms[first + tie.lower].stage < world.firms[first + tie.upper].stage
        seller = tie.lower if lower_supplies else tie.upper
        buyer = tie.upper if lower_supplies else tie.lower
        supplier = world.firms[first + seller]
        share = _work_on(world, scratch, first, tie) / supplier.workers
        volume = share * local_output(p, cluster, supplier)
        scratch.month[seller].stage_volume -= volume
        scratch.month[buyer].stage_volume += volume
        scratch.month[seller].stage_income += volume * cluster.price
        scratch.month[buyer].stage_bought += volume * cluster.price
        cluster.stage_trade += volume * cluster.price
