"""The Mesa model of one cluster, a step a month."""

from __future__ import annotations

from collections import Counter, deque

import mesa

from tests.benchmarks.plain_mesa import orders
from tests.benchmarks.plain_mesa.buyers import Trader, create_buyers, order_price, order_size
from tests.benchmarks.plain_mesa.firms import SME
from tests.benchmarks.plain_mesa.groups import form_groups
from tests.benchmarks.plain_mesa.measures import REPORTERS, YEAR, sales, total
from tests.benchmarks.plain_mesa.parameters import read
from tests.benchmarks.plain_mesa.programme import Programme
from tests.benchmarks.plain_mesa.ties import lay_ties


class PlainCluster(mesa.Model):
    """A cluster of SMEs with its buyers and its programme; money in Rp million, output in worker-months."""

    def __init__(self, scenario, seed):
        super().__init__(rng=seed)
        self.p = p = read(scenario)
        self.month = 0
        self.input_price = p.local_input_share * p.local_price
        self.price = p.local_price
        self.order_price = order_price(p, self.input_price)
        self.order_size = order_size(p)
        self.buyers, self.traders = [], []
        create_buyers(self)
        self.smes = [SME(self, site) for site in range(p.cluster_firms)]
        self.ties, self.orders, self.groups, self.takers = [], [], [], []
        lay_ties(self)
        for sme in self.random.sample(self.smes, min(p.start_held, len(self.smes))):
            sme.held = True
        self.programme = Programme(self) if p.programme_enabled else None
        self.opening_supply = sum(sme.workers for sme in self.smes)
        self.largest_workshop = max(sme.workers for sme in self.smes)
        self.counts = Counter()
        self.accounts = dict.fromkeys(("buyers", "suppliers", "households", "bank", "government"), 0.0)
        self.year = deque(maxlen=YEAR)
        self.datacollector = mesa.DataCollector(model_reporters=REPORTERS)

    def step(self):
        """Run one month."""
        self.month += 1
        self.counts.clear()
        firms = self.agents_by_type[SME]
        firms.do("open_month")
        if self.programme:
            self.programme.support()
        firms.do("decide")
        firms.do("adopt")
        self.groups = form_groups(self)
        self.deliver_orders()
        self.pay_orders()
        if self.programme:
            self.programme.introduce()
        self.take_orders()
        if self.p.purchase_enabled:
            for group in self.groups:
                group.buy_together()
        self.clear_market()
        firms.do("trade")
        firms.do("learn")
        for tie in self.ties:
            tie.learn(self.p)
        if self.p.relations_enabled:
            firms.do("forget")
            if self.traders:
                self.agents_by_type[Trader].do("forget")
        self.keep_accounts()
        self.datacollector.collect(self)

    def deliver_orders(self):
        """Deliver the orders that are due."""
        for order in self.orders:
            if order.due == self.month:
                orders.deliver(self, order)

    def pay_orders(self):
        """Let buyers pay, late parts a month later; then credit is repaid and the order closed."""
        delay, under_way = self.p.orders_payment_delay, []
        for order in self.orders:
            if self.month == order.due + delay:
                orders.pay(self, order, orders.ON_TIME)
            if self.month == order.due + delay + 1:
                orders.pay(self, order, orders.LATE)
                orders.repay(self, order)
            else:
                under_way.append(order)
        self.orders = under_way

    def take_orders(self):
        """Let this month's orders arrive and be offered to groups and firms outside groups."""
        self.takers = [*self.groups, *(sme for sme in self.smes if sme.group is None)]
        for buyer in self.buyers:
            buyer.look_round()
        if not self.buyers:
            return
        shares = [buyer.share for buyer in self.buyers]
        for buyer in self.random.choices(self.buyers, shares, k=self.rng.poisson(self.p.market_potential)):
            buyer.place_order()

    def clear_market(self):
        """Find the price at which the local market takes what firms bring (R9), and what order work forgoes at it."""
        p = self.p
        if p.local_cluster_share > 0.0:
            supply = sum(sme.local_output() for sme in self.smes)
            relative = 1.0 + p.local_cluster_share * (supply / self.opening_supply - 1.0)
            rise = relative ** (-1.0 / p.local_elasticity) if relative > 0.0 else 10.0
            self.price = p.local_price * min(10.0, rise)
        for order in self.orders:
            if order.due > self.month:
                for part in order.parts:
                    part.forgone += part.volume / p.orders_schedule * self.price

    def keep_accounts(self):
        """Note what the month's trade brought to those outside, and the year's sales."""
        self.accounts["buyers"] -= total(self, lambda sme: sme.local_sales)
        self.accounts["suppliers"] += total(self, lambda sme: sme.inputs)
        wages = self.opening_supply * self.p.local_wage
        self.accounts["households"] += wages + total(self, lambda sme: sme.draw)
        year = {kind: self.counts[kind] for kind in ("collective_sales", "own_sales")}
        self.year.append(year | {"sales": total(self, sales)})
