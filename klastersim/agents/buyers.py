"""Buyers from outside: large firms and traders, who remember the firms that served them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from klastersim.rules.relations import relation_unused

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

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, buyer {self.number}>"

    @property
    def share(self) -> float:
        """Share of the potential orders that it places, 0 to 1."""
        p = self.model.parameters
        by_traders = p.market_trader_share
        if p.market_traders == 0:
            by_traders = 0.0
        elif p.market_large_firms == 0:
            by_traders = 1.0
        if self.number < p.market_large_firms:
            return (1.0 - by_traders) / p.market_large_firms
        return by_traders / p.market_traders

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
        number, month = self.number, self.model.month
        for site in range(len(self.model.smes)):
            if used[site, number] < month:
                relations[site, number] = self.relation_after_silence(relations[site, number])

    def relation_after_silence(self, relation: float) -> float:
        """Relation after a month in which nothing was traded through it; may be overridden."""
        p = self.model.parameters
        return relation_unused(relation, p.market_linkage, p.relations_decay)


class LargeFirm(Buyer):
    """A large firm that buys from the cluster."""


class Trader(Buyer):
    """A trader: buys from the cluster and knows large firms, to which a programme may ask it to open the door."""

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
