"""Buyers from outside: large firms and traders, who remember the firms that served them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from klastersim.agents.views import flag, outcome
from klastersim.agents.views import number as column
from klastersim.compiled import one
from klastersim.compiled.purposes import CONTRACT
from klastersim.engine.happening import is_absent
from klastersim.rules.bargaining import agreed_price, sellers_weight
from klastersim.rules.relations import relation_unused
from klastersim.world.layout import NONE, OPERATES

if TYPE_CHECKING:
    from klastersim.agents.model import ClusterModel
    from klastersim.agents.sme import SME


class Buyer(mesa.Agent):
    """A buyer: what it remembers of each SME is the SME's relation with it.

    It places orders, and remembers how they went, in the settlements of orders.

    Parameters
    ----------
    model : ClusterModel
        The model.
    number : int
        Number among the buyers; large firms come first, then traders.
    """

    model: ClusterModel

    def __init__(self, model: ClusterModel, number: int) -> None:
        super().__init__(model)
        self.number = number
        self._columns = model.state.buyers
        self._row = number

    share = outcome("share", "Share of the potential orders that it places.")
    volume = outcome("volume", "Volume of its orders, in terms of those of all.")
    quality = outcome("quality", "Quality that it asks on average above that of all.")
    schedule = outcome("schedule", "Schedule of its orders, months.")
    ceiling = column("ceiling", "The most it can pay, Rp million a worker-month.")
    contracted = outcome("contracted", "Output that it got under bilateral contracts last month, worker-months.")

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, buyer {self.number}>"

    @property
    def share_of_kind(self) -> float:
        """Share of the potential orders that a buyer of its kind places on average, 0 to 1."""
        p = self.model.parameters
        by_traders = p.market_trader_share
        if p.market_traders == 0:
            by_traders = 0.0
        elif p.market_large_firms == 0:
            by_traders = 1.0
        if self.number < p.market_large_firms:
            return (1.0 - by_traders) / p.market_large_firms
        return by_traders / p.market_traders

    @property
    def absent(self) -> bool:
        """Whether it has not come yet, or has left, by a dated event."""
        events = self.model.state.cluster.events[0]
        return events > 0 and bool(is_absent(self.model.world, 0, self.number))

    def relation_with(self, sme: SME) -> float:
        """Relation with an SME, 0 to 1."""
        return self.model.state.relations[sme.site, self.number]

    def set_relation(self, sme: SME, value: float) -> None:
        """Set the relation with an SME, 0 to 1."""
        self.model.state.relations[sme.site, self.number] = value

    def trades_with(self, sme: SME) -> bool:
        """Whether an order of this buyer is under way with an SME."""
        return self.model.state.relations_used[sme.site, self.number] >= self.model.month

    def forget(self) -> None:
        """Act the phase in which relations through which nothing is traded fall back (R12)."""
        if not self.model.parameters.relations_enabled:
            return
        relations, used = self.model.state.relations, self.model.state.relations_used
        number, month, smes = self.number, self.model.month, self.model.smes
        for site in range(len(smes)):
            if used[site, number] < month and not smes[site].vacant:
                relations[site, number] = self.relation_after_silence(relations[site, number])

    def relation_after_silence(self, relation: float) -> float:
        """Relation after a month in which nothing was traded through it; may be overridden."""
        p = self.model.parameters
        return relation_unused(relation, p.market_linkage, p.relations_decay)


class LargeFirm(Buyer):
    """A large firm that buys from the cluster, and may want the best firm for itself (R8)."""

    principal = flag("principal", "Whether it advances inputs, lends a technician, and may want the best firm.")
    advanced = outcome("advanced", "What it advanced as a principal and has not yet settled, Rp million.")
    lost = outcome("lost", "What it lost of its advances since the opening, Rp million.")
    best_site = column("best", "Site of the SME that it offers a contract to this month, or -1.")
    offered = column("offered", "Price that it offers, Rp million a worker-month.")

    def offer_contract(self) -> None:
        """Act the phase in which large firms offer bilateral contracts."""
        p = self.model.parameters
        if not p.contracts_enabled:
            return
        self.best_site = NONE
        cluster = self.model.state.cluster
        if not self.wants_contracts():
            return
        if one(cluster.seed[0], self.model.month, CONTRACT, cluster.identity[0], self.number, 0) >= p.contracts_rate:
            return
        best = self.best_firm()
        if best is not None:
            self.best_site = best.site
            # Nothing is left to fail month by month, so nothing is paid for failing.
            self.offered = self.price_for(best) * (1.0 - p.orders_allowance)

    def wants_contracts(self) -> bool:
        """Whether it offers contracts: where it is there and dominant, or a principal that wants the best firm."""
        p = self.model.parameters
        if self.absent:
            return False
        return self.share >= p.contracts_dominance or (self.principal and bool(p.principals_exclusive))

    def best_firm(self) -> SME | None:
        """Return the SME whose quality and relation promise most, of those at work, free and skilled."""
        quality, month = self.model.parameters.orders_quality + self.quality, self.model.month
        best, highest = None, 0.0
        for sme in self.model.smes:
            if sme.standing != OPERATES or sme.contract_end >= month or sme.quality < quality:
                continue
            promise = self.relation_with(sme) * sme.quality
            if promise > highest:
                best, highest = sme, promise
        return best

    def price_for(self, sme: SME) -> float:
        """Price that it would agree on with an SME alone, Rp million a worker-month."""
        p, cluster = self.model.parameters, self.model.state.cluster
        if not p.bargaining_enabled:
            return cluster.order_price[0]
        others = max(0.0, sme.demand_reached() - self.share * self.relation_with(sme))
        supply = min(1.0, sme.workers / ((1.0 + p.bargaining_outside_supply) * cluster.supply[0]))
        return agreed_price(cluster.order_price[0], self.ceiling, sellers_weight(others, self.share, supply))


class Trader(Buyer):
    """A trader: buys from the cluster and knows large firms, whose orders it may carry to single firms for a margin.

    A programme may ask it to open the door to them.
    """

    earned = outcome("earned", "What it earned by carrying orders since the opening, Rp million.")

    @property
    def place(self) -> int:
        """Number among the traders, from 0."""
        return self.number - self.model.parameters.market_large_firms

    def relation_to(self, large_firm: LargeFirm) -> float:
        """Relation with a large firm, 0 to 1."""
        return self.model.state.trader_relations[self.place, large_firm.number]

    def forget_large_firms(self) -> None:
        """Act the phase in which relations with large firms fall back (R12)."""
        p = self.model.parameters
        if p.relations_enabled:
            relations = self.model.state.trader_relations
            for buyer in range(p.market_large_firms):
                relations[self.place, buyer] = relation_unused(
                    relations[self.place, buyer], p.market_trader_linkage, p.relations_decay
                )
