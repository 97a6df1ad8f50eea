"""R1 over arrays: the programme buys introductions, orders that are offered to one recipient each."""

from __future__ import annotations

from klastersim.compiled import inner, kernel, two
from klastersim.compiled.purposes import PROGRAMME_INTRODUCE
from klastersim.engine.accepting import INTRODUCED
from klastersim.engine.arriving import add_arrival
from klastersim.engine.happening import is_absent, present_buyer, programme_runs
from klastersim.engine.purses import CHANNELS, MARKET, TOGETHER, purse_number, spend
from klastersim.engine.recipients import pick, score
from klastersim.engine.takers import draw_buyer, relation_of
from klastersim.world.layout import NONE


@inner
def introductions_possible(world, c):
    """Most orders that the programme can pay for this month."""
    p = world.params[world.clusters[c].terms]
    if not p.programme_enabled:
        return 0
    count = 0
    for channel in range(CHANNELS):
        money = world.purses[c, purse_number(MARKET, channel)]
        count += min(world.clusters[c].firms, int(money / p.prices_introduction))
    return count


@kernel
def introduce_orders(world, scratch, c, month):
    """Buy introductions: orders that are offered to one recipient each, while market money lasts."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not p.programme_enabled or cluster.buyers == 0 or not programme_runs(world, c, month):
        return
    number = INTRODUCED
    for channel in range(CHANNELS):
        purse = purse_number(MARKET, channel)
        if world.purses[c, purse] < p.prices_introduction:
            continue
        score(world, scratch, c, month, MARKET)
        while world.purses[c, purse] >= p.prices_introduction:
            lead = pick(scratch, cluster.firms)
            if lead == NONE:
                break
            scratch.month[lead].mark = 1
            world.purses[c, purse] -= p.prices_introduction
            spend(world, c, month, p.prices_introduction, MARKET)
            _introduce(world, scratch, c, month, number, lead, channel)
            number += 1


@inner
def _introduce(world, scratch, c, month, number, lead, channel):
    """Line up an order for a firm, or for its group; F1 decides whether it comes through relations that remember."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + lead]
    if firm.supported == 0:
        firm.supported = month
    firm.visited = month
    taker = lead
    if channel == TOGETHER and firm.group != NONE:
        taker = -1 - firm.group
    chance, route = two(cluster.seed, month, PROGRAMME_INTRODUCE, cluster.identity, number, 0)
    buyer = draw_buyer(world, c, chance)
    trader = NONE
    if p.programme_market_networks:
        buyer, trader = _through_relations(world, scratch, c, taker, chance, route)
    buyer = present_buyer(world, c, buyer)
    if buyer == NONE:
        # Money was spent in vain: nobody is left who buys.
        return
    add_arrival(world, scratch, c, month, number, buyer, trader, taker, p.programme_market_networks != 0)


@inner
def _through_relations(world, scratch, c, taker, chance, route):
    """Draw the buyer by the recipient's relations and those of traders; return it and the trader on the way.

    A large firm counts by the larger of the recipient's relation and the best trader's relation to it, a trader by the
    recipient's relation.
    """
    cluster = world.clusters[c]
    total = 0.0
    for buyer in range(cluster.buyers):
        total += _closeness(world, scratch, c, taker, buyer)[0]
    if total <= 0.0:
        return draw_buyer(world, c, chance), NONE
    target = chance * total
    for buyer in range(cluster.buyers):
        close, trader = _closeness(world, scratch, c, taker, buyer)
        target -= close
        if target < 0.0 or buyer == cluster.buyers - 1:
            return buyer, trader
    return draw_buyer(world, c, route), NONE


@inner
def _closeness(world, scratch, c, taker, buyer):
    """Return (relation by which a buyer is reached, trader on the way or NONE); (0, NONE) of one that is absent."""
    if is_absent(world, c, buyer):
        return 0.0, NONE
    own = relation_of(world, scratch, c, taker, buyer)
    trader, reach = _best_trader(world, c, buyer)
    return max(own, reach), (trader if reach > own else NONE)


@inner
def _best_trader(world, c, buyer):
    """Return (trader with the best relation with a large firm, that relation); (NONE, 0) for a trader as buyer."""
    p = world.params[world.clusters[c].terms]
    best = NONE
    reach = 0.0
    if buyer < p.market_large_firms:
        for trader in range(p.market_traders):
            if is_absent(world, c, p.market_large_firms + trader):
                continue
            if world.trader_relations[c, trader, buyer] > reach:
                best = trader
                reach = world.trader_relations[c, trader, buyer]
    return best, reach
