"""SMEs: they decide, make, sell, settle with their households and learn."""

from __future__ import annotations

from math import exp, floor, inf

import mesa

from tests.benchmarks.plain_mesa import orders
from tests.benchmarks.plain_mesa.ties import draw_beta

WORKING_DAYS = 25.0
NEVER = -1_000


class SME(mesa.Agent):
    """A small firm on its site; money in Rp million, output in worker-months."""

    def __init__(self, model, site):
        super().__init__(model)
        p, chance = model.p, model.random
        self.site = site
        self.workers = draw_workers(p, chance)
        self.quality = self.quality_base = draw_beta(chance, p.cluster_quality, p.cluster_quality_concentration)
        months = p.finance_working_capital * chance.lognormvariate(0.0, p.finance_spread)
        self.working_capital = self.usual_capital = months * self.workers * p.local_price
        self.usual_income = self.workers * (p.local_price - model.input_price - p.local_wage)
        self.conditional = chance.random() >= p.cluster_free_riders
        self.collateral = chance.random() < p.finance_collateral_share
        self.threshold = chance.gauss(p.decision_threshold_mean, p.decision_threshold_spread)
        if p.decision_threshold_whole:
            self.threshold = floor(self.threshold + 0.5)
        self.cooperates = self.chooses = p.start_kind == "cooperating"
        self.held = False
        self.group = None
        self.ties = {}
        self.circle = 0
        self.relations = dict.fromkeys(model.buyers, p.market_linkage)
        self.relations_used = dict.fromkeys(model.buyers, 0)
        self.expected_gain = self.observed_gain = 0.0
        self.work = self.reserved = self.borrowed = 0.0
        self.loan = None
        self.supported = False
        self.last_act = self.last_order_act = self.last_own_act = NEVER
        self.profit = self.local_sales = self.inputs = self.draw = 0.0
        self.open_month()

    def open_month(self):
        """Clear what is counted by the month."""
        self.purchase_gain = self.charges = self.support_days = 0.0
        self.order_income = self.order_volume = self.order_gain = self.order_loan_cost = 0.0

    # R2: cooperation

    def decide(self):
        """Reconsider, or not, whether to cooperate; all firms then do as they chose at once."""
        p = self.model.p
        self.chooses = self.cooperates
        if not p.decision_enabled:
            self.chooses = False
        elif self.held and self.model.month <= p.start_held_months:
            self.chooses = True
        elif self.random.random() < p.decision_reconsider:
            if p.decision_rule == "threshold":
                self.chooses = self.enough_others()
            else:
                self.chooses = self.random.random() < 1.0 / (1.0 + exp(-self.utility()))

    def adopt(self):
        """Do as chosen."""
        self.cooperates = self.chooses

    def enough_others(self):
        """Whether so many partners, or such a share of them, cooperate as the firm's threshold asks for."""
        others = sum(partner.cooperates for partner in self.ties)
        if self.model.p.decision_threshold_measure == "share":
            others = others / len(self.ties) if self.ties else 0.0
        return others >= self.threshold

    def utility(self):
        """Utility of cooperating against standing alone, a pure number."""
        p = self.model.p
        members = len(self.group.members) if self.group else p.groups_minimum
        cost = time_of_taking_part(p, members) / self.workers * (1.0 - self.model.input_price / self.model.price)
        value = p.decision_intercept + p.decision_gain * (self.expected_gain - cost)
        if self.conditional:
            company, trust = self.company()
            value += p.decision_social * company + p.decision_trust * (trust - 0.5)
        return value

    def company(self):
        """Return (share of partners who cooperate, weighted by trust, mean trust in the partners).

        Of partners those count whom the firm trusts most, as many as it had at the opening.
        """
        strongest = sorted(self.ties.items(), key=lambda pair: pair[1].trust, reverse=True)[: max(1, self.circle)]
        total = sum(tie.trust for _, tie in strongest)
        cooperating = sum(tie.trust for partner, tie in strongest if partner.cooperates)
        return (cooperating / total, total / len(strongest)) if total > 0.0 else (0.0, 0.0)

    def trusted_partners(self):
        """Partners who are trusted enough to work with."""
        least = self.model.p.groups_trust
        return [partner for partner, tie in self.ties.items() if tie.trust >= least]

    # R4: what taking part costs, and what it leaves

    def time_lost(self):
        """Output lost to meetings and to the programme this month."""
        lost = self.support_days / WORKING_DAYS
        if self.cooperates:
            lost += time_of_taking_part(self.model.p, len(self.group.members) if self.group else 1)
        return min(lost, max(0.0, self.workers - self.work))

    def local_output(self):
        """Output not committed to orders this month."""
        return max(0.0, self.workers - self.time_lost() - self.work)

    # R7: orders, with the money for them of R13

    def relation_with(self, buyer):
        """Relation with a buyer, 0 to 1."""
        return self.relations[buyer]

    def consider(self, order):
        """Consider an order alone and then, if willing, as prime contractor; return the furthest test passed."""
        p = self.model.p
        reached = orders.UNFILLED
        if p.orders_single:
            reached = orders.try_to_take(self.model, order, orders.SINGLE, [self], self)
        if reached == orders.TAKEN or not p.orders_subcontracting or not self.cooperates:
            return reached
        partners = [sme for sme in self.trusted_partners() if sme.cooperates and sme.group is None]
        if not partners:
            return reached
        return max(reached, orders.try_to_take(self.model, order, orders.PRIME, [self, *partners], self))

    def free_output(self):
        """Output that could be committed to an order over its schedule."""
        return self.local_output() * self.model.p.orders_schedule

    def own_funds(self):
        """Working capital not yet set aside."""
        return max(0.0, self.working_capital - self.reserved)

    def affordable_output(self, jointly_liable):
        """Output whose inputs can be paid from own funds and credit."""
        p = self.model.p
        if not p.finance_enabled or self.model.input_price <= 0.0:
            return inf
        funds = self.own_funds()
        if p.finance_credit and (jointly_liable or self.collateral):
            funds += max(0.0, p.finance_limit * self.workers * p.local_price - self.borrowed)
        return funds / self.model.input_price

    def loan_needed(self, volume):
        """Loan needed for the inputs of a part."""
        if not self.model.p.finance_enabled:
            return 0.0
        return max(0.0, volume * self.model.input_price - self.own_funds())

    def pay(self, owed, account):
        """Pay what is owed as far as working capital goes; return what was paid."""
        paid = min(owed, max(0.0, self.working_capital))
        self.working_capital -= paid
        self.model.accounts[account] += paid
        return paid

    def note_order(self, buyer, success):
        """Let a buyer remember how an order went (R12)."""
        self.relations[buyer] = relation_after_order(self.model.p, self.relations[buyer], success)

    # R9 and R13: the month's trade

    def trade(self):
        """Make, sell, pay and settle with the household; work in progress is carried at cost."""
        p, price, input_price = self.model.p, self.model.price, self.model.input_price
        local = self.local_output()
        unit_cost = input_price + p.local_wage
        wages = self.workers * p.local_wage
        self.local_sales = local * price
        self.inputs = (local + self.work) * input_price - self.purchase_gain
        self.profit = (
            self.local_sales
            - local * unit_cost
            + self.order_income
            - self.order_volume * unit_cost
            - self.order_loan_cost
            - (self.workers - local - self.work) * p.local_wage
            + self.purchase_gain
            - self.charges
        )
        self.observed_gain = (self.order_gain + self.purchase_gain) / (self.workers * price)
        self.reserved = max(0.0, self.reserved - self.work * input_price)
        cash = self.working_capital + self.local_sales - self.inputs - wages
        if p.finance_enabled:
            self.draw = min(cash, self.owners_draw(p))
        else:
            self.draw = cash - self.usual_capital
        self.working_capital = cash - self.draw

    def owners_draw(self, p):
        """What the household would take out of the firm, or below 0 put in."""
        above = self.profit - self.usual_income
        return self.profit - p.finance_retention * above + p.finance_drift * (self.working_capital - self.usual_capital)

    # R11 and R12: learning and forgetting

    def learn(self):
        """Learn from the own month and from partners what cooperation brings, and from the group how to work."""
        p = self.model.p
        if self.cooperates:
            self.expected_gain += p.learning_gain_rate * (self.observed_gain - self.expected_gain)
        else:
            self.expected_gain *= 1.0 - p.learning_gain_fade
        seen = [partner.observed_gain for partner in self.ties if partner.cooperates]
        if seen:
            self.expected_gain += p.learning_gain_watch * (sum(seen) / len(seen) - self.expected_gain)
        if self.group and 0.0 < self.group.quality - self.quality <= p.learning_absorptive_band:
            self.quality += p.learning_quality_spill * (self.group.quality - self.quality)
        self.quality += p.learning_quality_drift * (self.quality_base - self.quality)

    def forget(self):
        """Let relations through which no order is under way fall back towards their base."""
        p, month = self.model.p, self.model.month
        for buyer, used in self.relations_used.items():
            if used < month:
                self.relations[buyer] += p.relations_decay * (p.market_linkage - self.relations[buyer])


def draw_workers(p, chance):
    """Draw the workers of a firm: its size class, then a number inside it."""
    if p.cluster_sizes == "equal":
        return p.cluster_workers
    which = chance.random()
    if which < p.cluster_micro_share:
        return chance.randint(1, 4)
    if which < p.cluster_micro_share + p.cluster_small_share:
        return chance.randint(5, 19)
    return chance.randint(20, 99)


def time_of_taking_part(p, members):
    """Owner's time that taking part costs a month, worker-months."""
    return (p.groups_meeting_days + p.groups_coordination_days * (members - 1)) / WORKING_DAYS


def relation_after_order(p, relation, success):
    """Relation after an order that was a success, or failed."""
    return relation + p.relations_rise * (1.0 - relation) if success else relation - p.relations_fall * relation
