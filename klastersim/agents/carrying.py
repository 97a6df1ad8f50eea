"""What an SME carries alone: indivisible functions and machines of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from klastersim.agents.views import number, outcome
from klastersim.engine.reckoning import EQUIPMENT, LOGISTICS, RESEARCH, SERVICES, TECHNOLOGY, TRAINING
from klastersim.rules.cooperation import NEUTRAL_TRUST
from klastersim.rules.functions import (
    carries,
    chance_among_rivals,
    chance_of_passing,
    logistics_benefit,
    machine_effect,
    months_counted,
    orders_within,
    output_of,
    punctual_rate,
    relation_researched,
    research_benefit,
    share_in_orders,
    share_of_cost,
    technology_benefit,
    technology_flow,
    technology_next,
    training_benefit,
    wear_of_machine,
)
from klastersim.rules.orders import expected_unit_revenue, failure_probability
from klastersim.rules.programme import own_part, trained_quality
from klastersim.world.codes import TIES_ALL
from klastersim.world.layout import NONE, OPERATES, VACANT

if TYPE_CHECKING:
    from klastersim.agents.model import ClusterModel


class Reckoning(NamedTuple):
    """What an owner reckons with this month.

    Attributes
    ----------
    margin : float
        Local price less inputs, Rp million a worker-month.
    order_gain : float
        What a unit brings more in an order than on the local market, Rp million a worker-month.
    punctuality : float
        What logistics adds to the revenue of such a unit, Rp million a worker-month.
    quality_months, relation_months, technology_months : float
        Months for which each counts.
    orders : float
        Orders a month that rivals leave to a taker whom their buyers think of.
    """

    margin: float
    order_gain: float
    punctuality: float
    quality_months: float
    relation_months: float
    technology_months: float
    orders: float


class Carrier:
    """The part of an SME that carries functions (R6); groups do so in a settlement.

    Functions are numbered as in ``klastersim.engine.reckoning``: TRAINING, RESEARCH, LOGISTICS, TECHNOLOGY, EQUIPMENT.
    """

    model: ClusterModel
    _columns: Any
    _row: int
    # What the other part of an SME has.
    partners: Any
    workers: float
    quality: float
    work: float
    working_capital: float
    reserved: float
    group: int
    standing: int

    #: Level of technology as partners see it this month, 0 to 1.
    technology_seen: float = 0.0

    technology = number("technology", "Level of technology, 0 to 1.")
    mechanised = number("mechanised", "What a machine adds to output this month, share.")
    machine_until = number("machine_until", "Last month in which a machine of its own can be used; 0 for none.")
    granted = number("granted", "Part of the price of its machine that a programme paid, %.")
    carried = number("carried", "Functions that it has this month: a sum of their numbers.")
    joint = outcome("joint", "Those of them that it shares with others.")
    services = number("services", "Paid for functions this month, Rp million.")
    wear = number("wear", "Depreciation of machines this month, Rp million.")
    invested = number("invested", "Paid for a machine this month, Rp million.")
    function_gain = outcome("function_gain", "Gain from functions carried with others this month, Rp million.")
    taught = number("taught", "Gap in quality that this month's training meets, 0 to 1.")
    body = outcome("body", "Number of the joint body that it belongs to, or -1.")

    @property
    def capacity(self) -> float:
        """Output that its workers can make in a month with its technology, machine and partners, worker-months."""
        gain = self.model.parameters.functions_technology_gain
        added = self.mechanised + self._columns.division[self._row]
        return output_of(self.workers, gain, self.technology, added)

    @property
    def own_funds(self) -> float:
        """Working capital not set aside for orders, Rp million."""
        return max(0.0, self.working_capital - self.reserved)

    def carry(self) -> None:
        """Act the phase in which firms use or buy machines, and those outside a group carry functions."""
        p = self.model.parameters
        if not p.functions_enabled:
            return
        reckoning = self.reckoning()
        self.technology_seen = self.technology
        if self.standing != OPERATES:
            self.mechanised = 0.0
            return
        self._use_own_machine(reckoning)
        if self.group != NONE:
            return
        self._hopes = self.hopes_for_orders(reckoning)
        for function in SERVICES:
            cost = self.cost_of(function)
            if self.is_offered(function) and self.wants_function(function, reckoning) and self._can_pay(cost):
                self.carried += function
                self.services += cost
                self.taught = 1.0 - self.quality

    def reckoning(self) -> Reckoning:
        """What the owner reckons with, from prices and what is known of orders."""
        p = self.model.parameters
        cluster = self.model.state.cluster
        price, order_price = cluster.price[0], cluster.order_price[0]
        defaults, lates, cut = p.orders_default_rate, p.orders_late_rate, p.functions_logistics_cut
        revenue, punctual = (
            expected_unit_revenue(
                order_price,
                failure_probability(rates[0], NEUTRAL_TRUST),
                failure_probability(rates[1], NEUTRAL_TRUST),
                p.orders_late_discount,
            )
            for rates in ((defaults, lates), (punctual_rate(defaults, cut), punctual_rate(lates, cut)))
        )
        horizon = float(p.functions_horizon)
        return Reckoning(
            price - cluster.input_price[0],
            revenue - price,
            punctual - revenue,
            months_counted(p.learning_quality_drift, horizon),
            months_counted(p.relations_decay, horizon),
            months_counted(p.functions_technology_decay, horizon),
            p.market_potential * chance_among_rivals(cluster.linkage[0]),
        )

    def is_offered(self, function: int) -> bool:
        """Whether a function can be carried at all in this scenario."""
        p = self.model.parameters
        return {
            TRAINING: p.functions_training != 0,
            RESEARCH: p.functions_research != 0 and p.relations_enabled != 0,
            LOGISTICS: p.functions_logistics != 0,
            TECHNOLOGY: p.functions_technology != 0,
        }[function]

    def cost_of(self, function: int) -> float:
        """Fixed cost of a function, Rp million a month."""
        p = self.model.parameters
        return {
            TRAINING: p.functions_training_cost,
            RESEARCH: p.functions_research_cost,
            LOGISTICS: p.functions_logistics_cost,
            TECHNOLOGY: p.functions_technology_cost,
        }[function]

    def _can_pay(self, amount: float) -> bool:
        p = self.model.parameters
        return not p.finance_enabled or self.own_funds - self.services >= amount

    def wants_function(self, function: int, reckoning: Reckoning) -> bool:
        """Whether a function is worth its cost to the owner; may be overridden.

        Parameters
        ----------
        function : int
            Its number.
        reckoning : Reckoning
            What all owners reckon with this month.
        """
        capacity = self.capacity
        return carries(self.benefit_of(function, reckoning), capacity, self.cost_of(function), capacity)

    def benefit_of(self, function: int, reckoning: Reckoning) -> float:
        """Benefit of a function that the owner reckons with, Rp million a worker-month."""
        p = self.model.parameters
        now, then = self._hopes
        if function == TRAINING:
            trained = trained_quality(
                self.quality, 1.0 - self.quality, p.functions_training_dose, p.learning_absorptive_band
            )
            passed, after = (
                chance_of_passing(quality, p.orders_quality, p.orders_quality_spread)
                for quality in (self.quality, trained)
            )
            return training_benefit(now, passed, after, reckoning.order_gain, reckoning.quality_months)
        if function == RESEARCH:
            return research_benefit(now, then, reckoning.order_gain, reckoning.relation_months)
        if function == LOGISTICS:
            return logistics_benefit(self.work, self.capacity, reckoning.punctuality)
        return technology_benefit(
            self.technology,
            p.functions_technology_rise,
            p.functions_technology_gain,
            reckoning.margin,
            reckoning.technology_months,
        )

    def hopes_for_orders(self, reckoning: Reckoning) -> tuple[float, float]:
        """Shares of its output that it could sell to orders, now and after market research, 0 to 1."""
        p = self.model.parameters
        cluster = self.model.state.cluster
        capacity, relation = self.capacity, self.mean_relation()
        within = orders_within(
            reckoning.orders, cluster.order_log_mean[0], cluster.order_log_spread[0], capacity * p.orders_schedule
        )
        after = relation_researched(relation, p.functions_research_rise)
        return share_in_orders(relation, within, capacity), share_in_orders(after, within, capacity)

    def mean_relation(self) -> float:
        """Mean relation with the buyers, weighted by their orders, 0 to 1."""
        relation = 0.0
        for buyers in (self.model.large_firms, self.model.traders):
            total = 0.0
            for buyer in buyers:
                total += buyer.relation_with(self)  # type: ignore[arg-type]
            if buyers:
                relation += buyers[0].share_of_kind * total
        return relation

    # Machines.

    def _use_own_machine(self, reckoning: Reckoning) -> None:
        """Use the machine that it has, or buy one."""
        p, month = self.model.parameters, self.model.month
        shared = self.mechanised if self.machine_until != month - 1 and self.body != NONE else 0.0
        self.mechanised = 0.0
        if not p.functions_equipment:
            return
        effect = machine_effect(p.functions_machine_gain, self.workers, p.functions_machine_throughput, False, 0.0)
        wear = wear_of_machine(p.functions_machine_price, float(p.functions_machine_months))
        if self.machine_until < month:
            funds = p.functions_cash_share * (self.own_funds - self.services)
            affordable = not p.finance_enabled or funds >= p.functions_machine_price
            if not self.wants_machine(effect, shared, reckoning) or not affordable:
                return
            self.working_capital -= p.functions_machine_price
            self.invested += p.functions_machine_price
            self.machine_until = month + p.functions_machine_months - 1
            self.granted = 0
        if carries(effect * reckoning.margin, self.workers, p.functions_machine_upkeep, self.workers):
            self.mechanised = effect
            self.carried += EQUIPMENT
            self.services += p.functions_machine_upkeep
            self.wear += wear * own_part(self.granted)

    def wants_machine(self, effect: float, shared: float, reckoning: Reckoning) -> bool:
        """Whether a machine of its own is worth its cost to the owner; may be overridden.

        Parameters
        ----------
        effect, shared : float
            What it would add to output, and what the machine of the firm's joint body added last month; shares.
        reckoning : Reckoning
            What all owners reckon with this month.
        """
        p, state = self.model.parameters, self.model.state
        cost = wear_of_machine(p.functions_machine_price, float(p.functions_machine_months))
        cost += p.functions_machine_upkeep
        if shared > 0.0:
            users = state.bodies.workers[state.cluster.first_body[0] + self.body]
            if users > 0.0:
                cost -= share_of_cost(p.functions_machine_upkeep, self.workers, users)
        return carries((effect - shared) * reckoning.margin, self.workers, cost, self.workers)

    # What they do.

    def use_functions(self) -> None:
        """Act the phase in which firms learn by the functions that they have, and of their partners' technology."""
        p = self.model.parameters
        if not p.functions_enabled or self.standing == VACANT:
            return
        if self.carried & TRAINING:
            self.quality = trained_quality(
                self.quality, self.taught, p.functions_training_dose, p.learning_absorptive_band
            )
        if self.carried & RESEARCH:
            for buyer in self.model.buyers:
                relation = buyer.relation_with(self)  # type: ignore[arg-type]
                buyer.set_relation(self, relation_researched(relation, p.functions_research_rise))  # type: ignore[arg-type]
        self.technology = technology_next(
            self.technology,
            self.flow_of_technology(),
            p.functions_technology_spill,
            self.carried & TECHNOLOGY != 0,
            p.functions_technology_rise,
            p.functions_technology_decay,
        )

    def flow_of_technology(self) -> float:
        """Mean over the partners of what can be learned of each one's technology, 0 to 1."""
        p = self.model.parameters
        if p.functions_technology_spill <= 0.0 or p.ties_kind == TIES_ALL:
            return 0.0
        # Old ties come first: in what order is added decides the last bit.
        partners, level, total = sorted(self.partners, key=_place), self.technology_seen, 0.0
        for partner, tie in partners:
            total += technology_flow(level, partner.technology_seen, tie.trust, p.learning_absorptive_band)
        return total / len(partners) if partners else 0.0


def _place(each: Any) -> int:
    """Number of the tie to a partner."""
    _, tie = each
    place: int = tie.place
    return place
