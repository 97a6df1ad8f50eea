"""Buyers outside the cluster (R7): large firms, and traders who also stand between firms and large firms."""

from __future__ import annotations

from math import log
from statistics import NormalDist

import mesa

from tests.benchmarks.plain_mesa import orders
from tests.benchmarks.plain_mesa.firms import relation_after_order

WEEKS = 52.0 / 12.0


class Buyer(mesa.Agent):
    """Places orders; `share` is its share of the potential orders, `reach` the chance that one reaches a taker."""

    def __init__(self, model, share):
        super().__init__(model)
        self.share = share
        self.reach = 0.0

    def look_round(self):
        """Find how far orders reach among this month's takers."""
        missed = 1.0
        for taker in self.model.takers:
            missed *= 1.0 - taker.relation_with(self)
        self.reach = 1.0 - missed

    def new_order(self):
        """Draw what an order asks for."""
        model, p = self.model, self.model.p
        quality = min(1.0, max(0.0, self.random.gauss(p.orders_quality, p.orders_quality_spread)))
        return orders.Order(self, self.random.lognormvariate(*model.order_size), quality, model.order_price)

    def place_order(self):
        """Place an order that may reach the cluster, and ask one taker after the other until one takes it."""
        model = self.model
        model.counts["potential"] += 1
        if self.random.random() >= self.reach:
            return
        order = self.new_order()
        model.counts["reached"] += 1
        model.counts["single_share"] += order.volume <= model.largest_workshop * model.p.orders_schedule
        furthest = orders.UNFILLED
        for taker in self.sequence():
            furthest = max(furthest, taker.consider(order))
            if furthest == orders.TAKEN:
                break
        for test, name in enumerate(("organised", "skilled", "financed", "taken"), start=1):
            model.counts[name] += furthest >= test

    def sequence(self):
        """Takers in the order of draws without replacement, weighted by relation (first arrivals at these rates)."""
        known = [(taker, taker.relation_with(self)) for taker in self.model.takers]
        arrivals = [(self.random.expovariate(rate), k) for k, (_, rate) in enumerate(known) if rate > 0.0]
        return [known[k][0] for _, k in sorted(arrivals)]


class LargeFirm(Buyer):
    """A large firm."""


class Trader(Buyer):
    """A trader, who has relations with the large firms."""

    def __init__(self, model, share):
        super().__init__(model, share)
        self.relations = {buyer: model.p.market_trader_linkage for buyer in model.buyers}

    def note_order(self, buyer, success):
        """Let a large firm remember how an order through this trader went."""
        self.relations[buyer] = relation_after_order(self.model.p, self.relations[buyer], success)

    def forget(self):
        """Let relations fall back towards their base."""
        p = self.model.p
        for buyer in self.relations:
            self.relations[buyer] += p.relations_decay * (p.market_trader_linkage - self.relations[buyer])


def create_buyers(model):
    """Create the large firms, then the traders."""
    p = model.p
    traders = p.market_trader_share
    if p.market_traders == 0 or p.market_large_firms == 0:
        traders = 1.0 if p.market_traders else 0.0
    for _ in range(p.market_large_firms):
        model.buyers.append(LargeFirm(model, (1.0 - traders) / p.market_large_firms))
    model.traders = [Trader(model, traders / p.market_traders) for _ in range(p.market_traders)]
    model.buyers += model.traders


def order_size(p):
    """Mean and spread of the logarithm of an order's volume in worker-months, from its 5 % and 95 % quantiles."""
    low = log(p.orders_low_weeks / WEEKS * p.cluster_workers)
    high = log(p.orders_high_value / p.local_price)
    if high <= low:
        return low, 0.0
    return 0.5 * (low + high), (high - low) / (2.0 * NormalDist().inv_cdf(0.95))


def order_price(p, input_price):
    """Price of all orders, fixed at the opening, Rp million a worker-month."""
    share = p.orders_low_weeks / 52.0 if p.orders_premium_on == "whole" else 1.0
    profit = p.local_price - input_price - p.local_wage
    return (p.local_price + p.orders_premium * profit / share) / (1.0 - p.orders_allowance)
