"""R5 over arrays: loyal trade, in which the trust of a tie between stages is the profit remembered of it."""

from __future__ import annotations

import numpy as np

from klastersim.compiled import inner, one
from klastersim.compiled.purposes import TRADE_CHOICE, TRADE_TURN
from klastersim.rules.value_chain import memory_of_trade, quantity_wanted, revenue_of, weight_of_supplier
from klastersim.world.codes import SUPPLY_PLENTY
from klastersim.world.layout import NONE, OPERATES


@inner
def trade_loyally(world, scratch, c, month):
    """Let each buyer visit one supplier, by remembered profit, and buy as long as that one has goods.

    Buyers come by site, beginning with one that a draw names, so that none is served first for good.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    quantity = quantity_wanted(p.trade_price, p.trade_revenue, p.trade_half_way)
    payment = p.trade_price * quantity
    revenue = revenue_of(quantity, p.trade_revenue, p.trade_half_way)
    _bring(p, cluster, world.firms, scratch)
    turn = int(one(cluster.seed, month, TRADE_TURN, cluster.identity, 0, 0) * cluster.firms)
    buyers = served = loyalty = 0.0
    for step in range(cluster.firms):
        i = (turn + step) % cluster.firms
        chosen, order = _visit(world, scratch, c, month, i)
        if chosen == NONE:
            continue
        buyers += 1.0
        loyalty += order
        seller = scratch.month[world.links[chosen].partner]
        seller.visits += 1.0
        profit = 0.0
        if seller.stock >= 1.0:
            seller.stock -= 1.0
            served += 1.0
            profit = revenue - payment
            scratch.month[i].stage_income += revenue
            scratch.month[i].stage_bought += payment
            scratch.month[i].buying_profit += profit
            seller.stage_income += payment
            cluster.stage_trade += payment
            cluster.buyers_account -= revenue
        _remember(world, c, i, chosen, profit)
    _settle_suppliers(p, cluster, world.firms, scratch, quantity)
    cluster.stage_buyers = buyers
    cluster.stage_served = served
    cluster.loyalty = loyalty / buyers if buyers > 0.0 else 0.0


@inner
def supplies(p, cluster, firms, supplier, buyer):
    """Whether a firm is at the stage before another's."""
    return (
        supplier.specialised
        and supplier.standing == OPERATES
        and buyer.specialised
        and buyer.standing == OPERATES
        and supplier.stage + 1 == buyer.stage
    )


@inner
def _bring(p, cluster, firms, scratch):
    """Let suppliers bring goods for as many visitors as came last month, or for all."""
    for i in range(cluster.firms):
        brought = float(firms[cluster.first_firm + i].visitors)
        if p.trade_supply == SUPPLY_PLENTY:
            brought = float(cluster.firms)
        scratch.month[i].stock = brought
        scratch.month[i].visits = 0.0


@inner
def _visit(world, scratch, c, month, i):
    """Return (link to the supplier that a firm visits, or NONE; sum of squares of the chances of all suppliers)."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    buyer = world.firms[cluster.first_firm + i]
    best = -1.0
    for k in range(buyer.first_link, buyer.first_link + buyer.links):
        link = world.links[k]
        if supplies(p, cluster, world.firms, world.firms[cluster.first_firm + link.partner], buyer):
            best = max(best, world.ties[cluster.first_tie + link.tie].trust)
    if best < 0.0:
        return NONE, 0.0
    total = squares = 0.0
    for k in range(buyer.links):
        link = world.links[buyer.first_link + k]
        scratch.trusts[k] = 0.0
        if supplies(p, cluster, world.firms, world.firms[cluster.first_firm + link.partner], buyer):
            memory = world.ties[cluster.first_tie + link.tie].trust
            weight = weight_of_supplier(memory, best, p.trade_choosiness, p.trade_forgetting)
            scratch.trusts[k] = weight
            total += weight
            squares += weight * weight
    point = one(cluster.seed, month, TRADE_CHOICE, cluster.identity, i, 0) * total
    chosen = NONE
    reached = 0.0
    for k in range(buyer.links):
        weight = scratch.trusts[k]
        if weight > 0.0 and (chosen == NONE or reached <= point):
            chosen = buyer.first_link + k
        reached += weight
    return chosen, squares / (total * total)


@inner
def _remember(world, c, i, chosen, profit):
    """Let a buyer remember what it made with the supplier it visited, and forget a part of the rest."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    buyer = world.firms[cluster.first_firm + i]
    for k in range(buyer.first_link, buyer.first_link + buyer.links):
        link = world.links[k]
        if supplies(p, cluster, world.firms, world.firms[cluster.first_firm + link.partner], buyer):
            tie = world.ties[cluster.first_tie + link.tie]
            tie.trust = memory_of_trade(tie.trust, profit if k == chosen else 0.0, p.trade_forgetting)


@inner
def _settle_suppliers(p, cluster, firms, scratch, quantity):
    """Let suppliers pay for what they brought, and note how many came."""
    cluster.stage_unsold = 0.0
    for i in range(cluster.firms):
        firm = firms[cluster.first_firm + i]
        own = scratch.month[i]
        brought = float(firm.visitors)
        if p.trade_supply == SUPPLY_PLENTY:
            brought = own.visits
        else:
            cluster.stage_unsold += own.stock * quantity
        cost = brought * quantity * p.trade_cost
        own.stage_bought += cost
        own.trade_profit = own.stage_income - own.stage_bought
        firm.visitors = int(np.floor(own.visits))
