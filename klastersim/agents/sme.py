"""SMEs: small firms whose owners decide, trade, learn and trust."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import mesa

from klastersim.agents.carrying import Carrier
from klastersim.agents.specialist import Specialist
from klastersim.agents.ties import Tie
from klastersim.agents.views import flag, noted, number, outcome
from klastersim.compiled import logistic, one, two
from klastersim.compiled.purposes import RECONSIDER, SUSPENSION
from klastersim.engine.employing import MOST_MONTHS, NO_WORK
from klastersim.errors import KlastersimError
from klastersim.rules.bargaining import binds_itself
from klastersim.rules.cooperation import reaches_threshold, utility
from klastersim.rules.finance import owners_draw
from klastersim.rules.groups import WORKING_DAYS, cost_of_taking_part, time_of_taking_part
from klastersim.rules.growth import against_ordinary, workers_next, workers_wanted
from klastersim.rules.joint_bodies import share_kept, trust_moved
from klastersim.rules.learning import base_next, expected_gain_next, quality_next, trust_next
from klastersim.world.codes import MEASURE_SHARE, RULE_THRESHOLD, TIES_ALL
from klastersim.world.layout import HERE, NONE, OPERATES, SUSPENDED, VACANT

if TYPE_CHECKING:
    from klastersim.agents.buyers import Buyer, LargeFirm
    from klastersim.agents.model import ClusterModel


class Company(NamedTuple):
    """What an owner sees of its partners.

    Attributes
    ----------
    share : float
        Share of the partners that count who cooperate, weighted by trust, 0 to 1.
    trust : float
        Mean trust in the partners that count, 0 to 1.
    cooperating, partners : float
        Partners who cooperate, and all partners.
    """

    share: float
    trust: float
    cooperating: float
    partners: float


class SME(Carrier, Specialist, mesa.Agent):
    """A small firm on its site, and its owner.

    Where firms come and go (R14), the agent stays on the site: it is that site's firm, one after the other, and between
    two of them nobody (`vacant`). Site and month of birth (`born`) tell which firm it is.

    **Decisions**, each a method that a subclass may override alone:

    ========================  ==========================================================================
    :meth:`reconsiders`       whether the owner thinks again this month about cooperating
    :meth:`decide`            whether the owner wants to cooperate
    :meth:`accepts`           whether the firm binds itself to a large firm that offers a contract
    :meth:`household_draw`    what the owner's household would take out this month
    :meth:`expectation`       what the owner expects cooperation to bring, after what was seen this month
    :meth:`trust_after`       trust of a tie after the month, asked of the SME at the lower site
    :meth:`wanted_workers`    workers that market and orders could use
    :meth:`stops`             whether the owner stops for a time
    :meth:`comes_back`        whether one who stopped opens again
    :meth:`wants_function`    whether a function is worth carrying alone
    :meth:`wants_machine`     whether a machine of its own is worth buying
    :meth:`specialises`       whether the owner does one stage of the value chain only
    ========================  ==========================================================================

    **The month**: :meth:`employ`, :meth:`choose`, :meth:`choose_stage`, :meth:`carry`, :meth:`answer_offers`,
    :meth:`trade`, :meth:`use_functions`, :meth:`learn`, :meth:`learn_specialising` and :meth:`update_ties` act one
    phase each. In a phase an SME reads others as they were when it began and writes only its own attributes (or
    ties), so that the order of visits changes nothing; a subclass that keeps to this stays independent of the order,
    too.

    Groups, orders, joint purchase, trade between stages, the local price, the programme, and who closes and who comes
    are settled among all at once, in compiled code that both drivers share; they are no methods here.

    Parameters
    ----------
    model : ClusterModel
        The model.
    site : int
        Site, from 0.

    Notes
    -----
    Attributes are thin views of the world's arrays: what is written to them, compiled settlements read.
    """

    model: ClusterModel

    def __init__(self, model: ClusterModel, site: int) -> None:
        super().__init__(model)
        self._columns = model.state.firms
        self._row = site

    # Who it is.
    quality = number("quality", "Product quality, 0 to 1.")
    quality_base = number("quality_base", "What quality falls back to, 0 to 1.")
    social = number("social", "Social type of the owner: free rider (0), conditional (1), hump-shaped (2), other (3).")
    collateral = flag("collateral", "Whether the owner can pledge collateral to a bank.")
    circle = number("circle", "Partners at the opening: as many, the most trusted, count when the owner chooses.")
    born = outcome("born", "Month of birth; 0 for who was there at the opening.")
    span = number("span", "Workers that the owner leads at the ordinary margin.")
    loss_months = number("loss_months", "Months of loss or suspension in a row, up to the last month.")
    standing = outcome("standing", "Whether it operates (0), is suspended (1), or nobody is there (2).")
    threshold = number("threshold", 'Threshold of decision.rule = "threshold", a number or share of partners.')
    held = flag("held", "Whether the firm is held in through the first months of the scenario.")

    # What it wants and expects.
    chooses = flag("chooses", "What the owner chose this month: to cooperate or not; done when all have chosen.")
    expected_gain = number("expected_gain", "Gain expected of cooperation, share of stand-alone sales.")
    observed_gain = number("observed_gain", "Gain from cooperation this month, share of stand-alone sales.")

    # With whom it acts.
    group = outcome("group", "Number of its group this month, or -1.")
    group_size = outcome("group_size", "Members of its group this month, or 0.")
    last_act = number("last_act", "Month of the last collective act; far below 0 for never.")
    last_order_act = number("last_order_act", "The same without joint purchase.")
    last_own_act = number("last_own_act", "The same without orders that a programme paid for.")
    memory = number("memory", "What it remembers of failed joint bodies: takes so much from trust, 0 to 1.")
    supported = number("supported", "Month in which a programme first reached it, or 0.")
    member = flag("member", "Whether it is a member of the closed network.")
    visited = outcome("visited", "Month in which its owner last met an official or a support body, or 0.")
    support_days = number("support_days", "Owner's days given to the programme this month.")

    # Bilateral work.
    contract_buyer = number("contract_buyer", "Number of the large firm that its last bilateral contract is with.")
    contract_end = number("contract_end", "Last month of its last bilateral contract, or 0.")
    contract_price = number("contract_price", "Price under that contract, Rp million a worker-month.")
    contract_income = number("contract_income", "Sold under a contract this month, Rp million.")
    contract_volume = number("contract_volume", "Sold under a contract this month, worker-months.")

    # Its business: Rp million, worker-months.
    work = number("work", "Output a month committed to orders, worker-months.")
    working_capital = number("working_capital", "Working capital, Rp million.")
    reserved = number("reserved", "Working capital set aside for the inputs of orders, Rp million.")
    usual_capital = number(
        "usual_capital", "Working capital that the owner keeps at its span in ordinary times, Rp million."
    )
    profit = number("profit", "Profit this month, Rp million.")
    income = number("income", "Value of what was sold or delivered this month, Rp million.")
    inputs = number("inputs", "Inputs bought this month, Rp million.")
    draw = number("draw", "Taken out by the owner's household this month, Rp million; put in where below 0.")
    hired = number("hired", "Workers hired this month; dismissed where below 0.")
    saving = number("saving", "Saved on this month's inputs by buying together, share of the price.")
    purchase_gain = number("purchase_gain", "Gain from buying together this month, Rp million.")
    order_gain = number("order_gain", "Gain from joint orders delivered this month, Rp million.")
    order_income = number("order_income", "Income of all orders delivered this month, Rp million.")
    order_volume = number("order_volume", "Volume of all orders delivered this month, worker-months.")
    order_loan_cost = number("order_loan_cost", "Cost of loans for orders delivered this month, Rp million.")
    loan = number("loan", "Programme loan outstanding, Rp million.")
    charges = number("charges", "Interest on the programme loan, and paid for others, this month, Rp million.")
    value_before = number("value_before", "Value added over the months before the programme, Rp million.")
    jobs_before = noted("jobs_before", "Workers over the months before the programme, worker-months.")
    jobs_after = noted("jobs_after", "Workers over the months to the measuring date after it, worker-months.")
    invested_before = noted("invested_before", "Invested over the months before the programme, Rp million.")
    invested_after = noted("invested_after", "Invested over the months to the measuring date after it, Rp million.")
    predecessor = outcome("predecessor", "What became of the firm on the site when a programme could begin.")
    value_after = number("value_after", "Value added over the months to the measuring date after it, Rp million.")

    @property
    def site(self) -> int:
        """Site of the firm, from 0."""
        return self._row

    @property
    def workers(self) -> float:
        """Workers; output a month in worker-months."""
        return self._columns.workers[self._row]

    @workers.setter
    def workers(self, value: float) -> None:
        self._columns.workers[self._row] = value
        # The funnel asks which orders the largest workshop could fill alone.
        self.model.state.cluster.largest_workshop[0] = max(self._columns.workers)

    @property
    def cooperates(self) -> bool:
        """Whether the owner wants to cooperate, as everybody sees it."""
        return self._columns.cooperates[self._row] != 0

    @cooperates.setter
    def cooperates(self, value: bool) -> None:
        # Where everybody knows everybody, owners see only how many cooperate.
        self.model.state.cluster.cooperating[0] += bool(value) - self.cooperates
        self._columns.cooperates[self._row] = 1 if value else 0

    @property
    def vacant(self) -> bool:
        """Whether nobody is on the site."""
        return self._columns.standing[self._row] == VACANT

    @property
    def suspended(self) -> bool:
        """Whether the workshop stands still for a time."""
        return self._columns.standing[self._row] == SUSPENDED

    def __repr__(self) -> str:
        return f"<{type(self).__name__} at site {self.site}>"

    def remove(self) -> None:
        """Refuse: sites stay, whoever is on them."""
        raise KlastersimError(f"{self!r} cannot be removed: who closes leaves its site, which another may take.")

    @property
    def partners(self) -> list[tuple[SME, Tie]]:
        """Partners with the tie to each, by ascending site; none are stored where everybody knows everybody."""
        firms, links, model = self._columns, self.model.state.links, self.model
        first = firms.first_link[self._row]
        partner, tie = links.partner, links.tie
        return [(model.smes[partner[k]], model.ties[tie[k]]) for k in range(first, first + firms.links[self._row])]

    def trust_in(self, other: SME) -> float | None:
        """Trust in another SME, 0 to 1; None where the two share no tie."""
        if self.model.parameters.ties_kind == TIES_ALL:
            return None if other is self else self.model.parameters.ties_trust
        return next((tie.trust for partner, tie in self.partners if partner is other), None)

    def relation_with(self, buyer: Buyer) -> float:
        """Relation with a buyer, 0 to 1: the buyer's memory of this firm."""
        return buyer.relation_with(self)

    def chances(self, purpose: int, whom: int = 0) -> tuple[float, float]:
        """Return two random numbers between 0 and 1, the same whenever asked for in this month.

        Parameters
        ----------
        purpose : int
            What they are drawn for, 0 to 65534; for draws of your own a number that
            `klastersim.compiled.Purpose` does not use.
        whom : int, default 0
            About whom, or for which try.
        """
        cluster = self.model.state.cluster
        return two(cluster.seed[0], cluster.month[0], purpose, cluster.identity[0], self._row, whom)

    # R14: growth and suspension.

    def employ(self) -> None:
        """Act the phase in which firms hire and dismiss, stop for a time and come back."""
        p = self.model.parameters
        if not p.growth_enabled:
            return
        self.hired = 0.0
        if self.vacant:
            return
        before = self.workers
        losing = self.suspended or self.profit < 0.0
        self.loss_months = min(MOST_MONTHS, self.loss_months + 1) if losing else 0
        if self.suspended:
            if self.comes_back():
                self._open_again()
        elif self.local_margin < 0.0 and self.work < NO_WORK:
            if self.stops():
                self._suspend()
        else:
            least = max(min(1.0, self.span), min(before, self.work))
            wanted = self.wanted_workers()
            self._columns.workers[self._row] = workers_next(
                before, wanted, p.growth_adjustment, self.payable_workers(), least
            )
        self.hired = self.workers - before

    @property
    def local_margin(self) -> float:
        """What a worker-month sold locally brings beyond inputs and wage at the last price, Rp million."""
        cluster = self.model.state.cluster
        return cluster.price[0] - cluster.input_price[0] - self.model.parameters.local_wage

    def wanted_workers(self) -> float:
        """Workers that the firm's market and orders could use."""
        p = self.model.parameters
        ordinary = p.local_price - p.local_input_share * p.local_price - p.local_wage
        success = against_ordinary(self.local_margin, ordinary)
        return workers_wanted(self.span, success, p.growth_response, self.work, p.growth_order_hiring)

    def payable_workers(self) -> float:
        """New workers whose first month, with its inputs, the firm's own funds can pay."""
        p = self.model.parameters
        cost = self.model.state.cluster.input_price[0] + p.local_wage
        if not p.finance_enabled or cost <= 0.0:
            return 1e300
        return max(0.0, self.working_capital - self.reserved) / cost

    def stops(self) -> bool:
        """Whether the owner, whose price does not cover inputs and wages, stops for a time."""
        return self.chances(SUSPENSION)[0] < self.model.parameters.growth_suspension

    def comes_back(self) -> bool:
        """Whether an owner who stopped opens again."""
        return self.chances(SUSPENSION)[0] < self.model.parameters.growth_suspension and self.local_margin >= 0.0

    def _suspend(self) -> None:
        self._columns.standing[self._row] = SUSPENDED
        self._columns.workers[self._row] = 0.0
        self.work = 0.0
        self.cooperates = False
        self._columns.group[self._row] = NONE
        self._columns.group_size[self._row] = 0

    def _open_again(self) -> None:
        self._columns.standing[self._row] = OPERATES
        size = max(min(1.0, self.span), self.model.parameters.growth_opening_size * self.span)
        self._columns.workers[self._row] = size

    # R2: cooperate?

    def choose(self) -> None:
        """Act the phase in which owners choose; all then do as they chose, at once."""
        p = self.model.parameters
        if not p.decision_enabled or self.standing != OPERATES:
            self.chooses = False
        elif self.held and self.model.month <= p.start_held_months:
            self.chooses = True
        elif self.reconsiders():
            self.chooses = self.decide()
        else:
            self.chooses = self.cooperates

    def reconsiders(self) -> bool:
        """Whether the owner thinks again this month; otherwise it goes on as before."""
        cluster = self.model.state.cluster
        chance = one(cluster.seed[0], cluster.month[0], RECONSIDER, cluster.identity[0], self._row, 0)
        return chance < self.model.parameters.decision_reconsider

    def decide(self) -> bool:
        """Whether the owner wants to cooperate, by what it expects and by the company it keeps."""
        p = self.model.parameters
        company = self.company()
        if p.decision_rule == RULE_THRESHOLD:
            as_share = p.decision_threshold_measure == MEASURE_SHARE
            return reaches_threshold(company.cooperating, company.partners, self.threshold, as_share)
        return self.chances(RECONSIDER)[1] < logistic(self.utility_of_cooperating(company))

    def cost_of_taking_part(self) -> float:
        """Cost of taking part in its group, or in the smallest one for a firm outside, share of stand-alone sales."""
        p, cluster = self.model.parameters, self.model.state.cluster
        members = float(p.groups_minimum if self.group == NONE else self.group_size)
        time = time_of_taking_part(p.groups_meeting_days, p.groups_coordination_days, members)
        return cost_of_taking_part(time, self.workers, cluster.price[0], cluster.input_price[0])

    def utility_of_cooperating(self, company: Company) -> float:
        """Utility of cooperating in such company against standing alone."""
        p = self.model.parameters
        return utility(
            p.decision_intercept,
            p.decision_gain,
            p.decision_social,
            p.decision_trust,
            self.expected_gain,
            self.cost_of_taking_part(),
            company.share,
            company.trust,
            self.social,
            p.types_peak,
        )

    def company(self) -> Company:
        """Look at the partners: how many cooperate, and how far they can be trusted."""
        if self.model.parameters.ties_kind == TIES_ALL:
            return self._company_of_all()
        partners = [each for each in self.partners if not each[0].vacant]
        # As many as there were at the opening, the most trusted; of equals the higher sites.
        outside = len(partners) - max(1, self.circle)
        circle = set(sorted(range(len(partners)), key=lambda k: (partners[k][1].trust, k))[max(0, outside) :])
        total = size = cooperating = count = 0.0
        for place, (partner, tie) in enumerate(partners):
            willing = partner.cooperates
            count += willing
            if place in circle:
                trust = tie.trust
                total += trust
                size += 1.0
                if willing:
                    cooperating += trust
        if total <= 0.0:
            return Company(0.0, 0.0, count, float(len(partners)))
        return Company(cooperating / total, total / size, count, float(len(partners)))

    def _company_of_all(self) -> Company:
        """Look at everybody; the count includes the firm itself, as in Granovetter's map."""
        cluster = self.model.state.cluster
        trust = self.model.parameters.ties_trust
        firms, cooperating = cluster.firms[0] - cluster.vacant[0], cluster.cooperating[0]
        share = float(cooperating - self.cooperates) / float(firms - 1) if firms > 1 else 0.0
        return Company(share, trust, float(cooperating), float(firms))

    # R8: bilateral work.

    def answer_offers(self) -> None:
        """Act the phase in which firms look at the best contract offered to them, and take it or not."""
        if not self.model.parameters.contracts_enabled:
            return
        offers = [firm for firm in self.model.large_firms if firm.best_site == self._row]
        if not offers:
            return
        best = max(offers, key=lambda firm: (firm.offered, -firm.number))
        if self.accepts(best):
            months = self.model.parameters.contracts_months
            self.contract_buyer = best.number
            self.contract_end = end = self.model.month + months - 1
            self.contract_price = best.offered
            self.model.state.relations_used[self._row, best.number] = end

    def accepts(self, buyer: LargeFirm) -> bool:
        """Whether to bind itself to a large firm at the price it offers."""
        price = self.model.state.cluster.price[0]
        return binds_itself(buyer.offered, price, self.expected_gain, self.cost_of_taking_part())

    def demand_reached(self) -> float:
        """Demand of the buyers that are there that it reaches by its own relations, share of the potential orders."""
        demand = 0.0
        for buyer in self.model.buyers:
            if not buyer.absent:
                demand += buyer.share * self.relation_with(buyer)
        return demand

    def bound_share(self) -> float:
        """Share of its free output that a contract binds this month."""
        return self.model.parameters.contracts_share if self.contract_end >= self.model.month else 0.0

    # R9 and R13: the local market and the household.

    def time_lost(self) -> float:
        """Output that taking part costs this month, worker-months; at most what orders leave."""
        p = self.model.parameters
        lost = self.support_days / WORKING_DAYS
        if self.cooperates:
            members = float(max(1, self.group_size))
            lost += time_of_taking_part(p.groups_meeting_days, p.groups_coordination_days, members)
        return min(lost, max(0.0, self.capacity - self.work))

    def free_output(self) -> float:
        """Output that orders leave to the firm this month, worker-months."""
        return max(0.0, self.capacity - self.time_lost() - self.work)

    def local_output(self) -> float:
        """Output that the firm brings to the local market this month, worker-months."""
        return self.free_output() * (1.0 - self.bound_share())

    def trade(self) -> None:
        """Act the phase in which firms make, sell, pay, and settle with their households."""
        p = self.model.parameters
        cluster = self.model.state.cluster
        price, input_price = cluster.price[0], cluster.input_price[0]
        local, work, workers = self.local_output(), self.work, self.workers
        stage_volume = stage_income = stage_bought = 0.0
        if p.chain_enabled:
            stage_volume, stage_income, stage_bought = self.stage_volume, self.stage_income, self.stage_bought
            self._note_division_gain()
        contracted = self.free_output() * self.bound_share()
        contract_income = contracted * self.contract_price
        self.contract_volume, self.contract_income = contracted, contract_income
        unit_cost = input_price + p.local_wage
        saved = self.saving * workers * input_price
        handling = saved - self.purchase_gain
        wages = workers * p.local_wage
        inputs = (local + contracted + work) * input_price - saved + handling + self.services + stage_bought
        sales = (local + stage_volume) * price
        self.inputs = inputs
        # Work in progress is carried at cost, so that an order counts when it is delivered.
        self.profit = (
            sales
            - local * unit_cost
            + self.order_income
            - self.order_volume * unit_cost
            - self.order_loan_cost
            - (workers - local - contracted - work) * p.local_wage
            + self.purchase_gain
            - self.charges
            - self.services
            - self.wear
            + (contract_income - contracted * unit_cost)
            + (stage_income - stage_bought)
        )
        self.income = sales + self.order_income + contract_income + stage_income
        sales += contract_income + stage_income
        gain = self.order_gain + self.purchase_gain + self.function_gain
        self.observed_gain = gain / (workers * price) if workers > 0.0 else 0.0
        self.reserved = max(0.0, self.reserved - work * input_price)
        before = self.working_capital
        if p.finance_enabled:
            # A firm cannot spend what it does not have: the household goes short, or puts money in.
            draw = min(self.household_draw(), before + sales - inputs - wages)
        else:
            # Money does not bind: the household takes, or puts in, whatever keeps working capital as it was.
            draw = before + sales - inputs - wages - self.kept_capital
        self.draw = draw
        self.working_capital = before + sales - inputs - wages - draw
        self._note_outcomes()

    def _note_outcomes(self) -> None:
        """Note the month's outcomes, where it falls in a window before or after the programme."""
        cluster, month = self.model.state.cluster, self.model.month
        if cluster.before_first[0] <= month <= cluster.before_last[0]:
            self.value_before += self.income - self.inputs
            if self._outcomes_change:
                self.jobs_before += self.workers
                self.invested_before += self._put_in()
        elif cluster.after_first[0] <= month <= cluster.after_last[0] and self.predecessor == HERE:
            self.value_after += self.income - self.inputs
            if self._outcomes_change:
                self.jobs_after += self.workers
                self.invested_after += self._put_in()

    @property
    def _outcomes_change(self) -> bool:
        """Whether workers and investment of firms can change at all: only then are they noted."""
        p = self.model.parameters
        return bool(p.growth_enabled or p.functions_enabled)

    def _put_in(self) -> float:
        """What the owner left in this month, or where firms do not grow paid for machines, Rp million."""
        p = self.model.parameters
        if p.growth_enabled:
            return self.profit - self.draw
        return self.invested

    @property
    def kept_capital(self) -> float:
        """Working capital that the owner keeps in ordinary times at the present size, Rp million."""
        if not self.model.parameters.growth_enabled:
            return self.usual_capital
        return self.usual_capital * (self.workers / self.span) if self.span > 0.0 else 0.0

    @property
    def usual_profit(self) -> float:
        """Profit of an ordinary month at the opening price, Rp million."""
        p = self.model.parameters
        return self.workers * (p.local_price - (self.model.state.cluster.opening_input_price[0] + p.local_wage))

    def household_draw(self) -> float:
        """What the household would take out this month, Rp million; it gets no more than the firm has."""
        p = self.model.parameters
        return owners_draw(
            self.profit,
            self.usual_profit,
            self.working_capital,
            self.kept_capital,
            p.finance_retention,
            p.finance_drift,
        )

    # R11: learning.

    def learn(self) -> None:
        """Act the phase in which firms learn from their own month and from their partners'."""
        p = self.model.parameters
        self.expected_gain = self.expectation()
        self.quality = quality_next(
            self.quality,
            self.quality_base,
            self.teachers_quality(),
            p.learning_quality_spill,
            p.learning_absorptive_band,
            p.learning_quality_drift,
        )

    def expectation(self) -> float:
        """What the owner now expects cooperation to bring, share of stand-alone sales."""
        p = self.model.parameters
        seen = self.seen_gain() if p.learning_gain_watch > 0.0 else None
        return expected_gain_next(
            self.expected_gain,
            self.observed_gain,
            self.cooperates,
            0.0 if seen is None else seen,
            seen is not None,
            p.learning_gain_rate,
            p.learning_gain_fade,
            p.learning_gain_watch,
        )

    def seen_gain(self) -> float | None:
        """Mean gain this month of the partners who cooperate; None where none does."""
        total = count = 0.0
        for partner, _ in self.partners:
            if partner.cooperates:
                total += partner.observed_gain
                count += 1.0
        return total / count if count > 0.0 else None

    def teachers_quality(self) -> float:
        """Mean quality of the group when it formed this month; outside a group, the firm's own."""
        group = self.group
        return self.quality if group == NONE else self.model.state.group_quality[group]

    def update_ties(self) -> None:
        """Act the phase in which trust moves: each tie once, from its lower site."""
        p = self.model.parameters
        kept = share_kept(p.bodies_half_life) if self.model.state.cluster.remembering[0] else 1.0
        for partner, tie in self.partners:
            if partner._row > self._row:
                trust = self.trust_after(tie)
                seen = trust
                if kept < 1.0:
                    # What is remembered fades, and trust comes back with it.
                    faded, base = tie.starting_trust_after(kept), tie.base_trust
                    trust = trust_moved(trust, tie.starting_trust, faded)
                    seen = min(1.0, trust + (base - faded))
                tie.trust = trust
                tie.base_trust = base_next(tie.base_trust, seen, p.learning_base_learning)
                tie.event = 0

    def trust_after(self, tie: Tie) -> float:
        """Trust of a tie after what its two SMEs lived through this month, 0 to 1."""
        p = self.model.parameters
        return trust_next(
            tie.trust,
            tie.starting_trust,
            tie.event,
            p.learning_trust_rise,
            p.learning_trust_fall,
            p.learning_trust_drift,
        )


def is_kind_of_sme(given: Any) -> bool:
    """Whether something is SME or a subclass of it."""
    return isinstance(given, type) and issubclass(given, SME)
