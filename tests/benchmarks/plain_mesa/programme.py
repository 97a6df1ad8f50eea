"""The programme of the local government (R1): training, loans, meetings and introductions, as far as money goes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, islice
from math import ceil
from typing import Any

import mesa

from tests.benchmarks.plain_mesa.ties import become_acquainted

TRAINING, FINANCE, MARKET, TRUST = "training", "finance", "market", "trust"
INDIVIDUAL, TOGETHER = "individual", "group"


@dataclass(slots=True, eq=False)
class Loan:
    """A programme loan, Rp million; those who borrowed `together` stand for each other."""

    left: float
    instalment: float
    defaults: bool
    due: int
    purse: tuple[str, str]
    together: list[Any]


class Programme(mesa.Agent):
    """Spends the budget; money waits in purses by instrument and channel."""

    def __init__(self, model):
        super().__init__(model)
        p = model.p
        shares = {"individual": 0.0, "group": 1.0, "mixed": p.programme_group_share}
        together = shares[p.programme_channel]
        mix = {TRAINING: p.mix_training, FINANCE: p.mix_finance, MARKET: p.mix_market, TRUST: p.mix_trust}
        parts = sum(mix.values())
        self.shares, self.purses = {}, {}
        for instrument, part in mix.items():
            for channel, share in ((INDIVIDUAL, 1.0 - together), (TOGETHER, together)):
                self.shares[instrument, channel] = part / parts * share if parts > 0.0 else 0.0
                self.purses[instrument, channel] = 0.0
        self.attendance = {}

    def support(self):
        """Collect instalments, fill the purses and deliver training, loans and meetings."""
        self.collect_loans()
        budget = monthly_budget(self.model.p, self.model.month)
        if budget <= 0.0:
            return
        for purse, share in self.shares.items():
            self.purses[purse] += budget * share
        self.attendance = {}
        for channel in (INDIVIDUAL, TOGETHER):
            for instrument in (TRAINING, FINANCE, TRUST):
                self.visit(instrument, channel)

    def spend(self, cost):
        """Pay staff and services."""
        self.model.accounts["government"] -= cost
        self.model.accounts["suppliers"] += cost
        self.model.counts["public_cost"] += cost

    # who is reached

    def ranking(self, instrument):
        """Firms in the order in which an instrument goes to them; among equals a draw decides."""
        p = self.model.p
        smes = self.random.sample(self.model.smes, len(self.model.smes))
        if p.programme_selection == "promising":
            smes.sort(key=lambda sme: round(sme.profit / sme.workers, 9), reverse=True)
        elif p.programme_selection == "neediest":
            smes.sort(key=NEED[instrument], reverse=True)
        return smes

    def visit(self, instrument, channel):
        """Visit recipients in the order of the ranking until the purse is too small for the next."""
        p, purse = self.model.p, (instrument, channel)
        if self.purses[purse] < p.prices_visit + p.prices_member:
            return
        waiting = dict.fromkeys(self.ranking(instrument))
        if instrument == FINANCE:
            waiting = {sme: None for sme in waiting if sme.loan is None}
        while waiting:
            members = self.gather(waiting, instrument, channel)
            if instrument == TRUST and len(members) < 2:
                del waiting[members[0]]
                continue
            if instrument == FINANCE:
                members = self.within_means(members, purse)
            cost = self.cost_of_visit(members, purse)
            if not members or cost > self.purses[purse]:
                return
            self.purses[purse] -= cost
            self.spend(cost)
            for sme in members:
                del waiting[sme]
                sme.supported = True
            self.serve(members, instrument, purse)

    def gather(self, waiting, instrument, channel):
        """Return a recipient: a lead, and its group, those it trusts or the next on the list."""
        p = self.model.p
        wanted = 2 if instrument == TRUST else 1
        if channel == TOGETHER:
            wanted = p.programme_group_size
        if not p.programme_self_organisation:
            return list(islice(waiting, wanted))
        lead = next(iter(waiting))
        if lead.group is not None and wanted > 2:
            others = lead.group.members
        else:
            others = sorted(lead.trusted_partners(), key=lambda sme: lead.ties[sme].trust, reverse=True)
            others = [sme for sme in others if sme in waiting][: wanted - 1]
            if instrument == TRUST and not others:
                named = (sme for sme in lead.ties if sme in waiting)
                others = sorted(named, key=lambda sme: lead.ties[sme].trust, reverse=True)[:1]
        return [lead, *(sme for sme in others if sme in waiting and sme is not lead)]

    def cost_of_visit(self, members, purse):
        """Price of a visit from the one list of both channels: who has to be found, and a group formed, costs more."""
        p, (instrument, channel) = self.model.p, purse
        new = [sme for sme in members if not sme.supported]
        found = new if not p.programme_self_organisation else [sme for sme in new if sme is members[0]]
        staff = {TRAINING: p.prices_training, TRUST: p.prices_facilitator}.get(instrument, 0.0)
        cost = len(found) * p.prices_search + p.prices_visit + len(members) * p.prices_member + staff
        if channel == TOGETHER and new and len(members) > 1:
            if members[0].group is None or not p.programme_self_organisation:
                cost += p.prices_formation
        return cost

    def within_means(self, members, purse):
        """Return the members, lead first, to whom the purse can lend, the last of them at least the least loan."""
        p = self.model.p
        for count in range(len(members), 0, -1):
            lent = (count - 1) * p.programme_loan + min(p.programme_loan, p.programme_loan_least)
            if self.cost_of_visit(members[:count], purse) + lent <= self.purses[purse]:
                return members[:count]
        return []

    # what they get

    def serve(self, members, instrument, purse):
        """Deliver an instrument to the members of one recipient."""
        if instrument == TRUST:
            self.meet(members)
            return
        if instrument == TRAINING:
            self.train(members)
        else:
            self.lend(members, purse)
        for sme in members:
            sme.support_days += self.model.p.groups_meeting_days

    def train(self, members):
        """Teach the members together: to their mean gap, or to each one's own."""
        p = self.model.p
        mean = sum(1.0 - sme.quality for sme in members) / len(members)
        for sme in members:
            gap = 1.0 - sme.quality
            distance = abs(gap - mean) if p.programme_spread_loss else 0.0
            fit = max(0.0, 1.0 - distance / max(p.learning_absorptive_band, 1e-12))
            sme.quality += p.programme_training_dose * gap * fit

    def lend(self, members, purse):
        """Lend to each member, lead first, the usual loan or what is left of the purse."""
        p = self.model.p
        together = list(members) if purse[1] == TOGETHER else []
        for sme in members:
            lent = min(p.programme_loan, self.purses[purse])
            instalment = lent / p.programme_loan_months
            defaults = self.random.random() < p.programme_arrears
            due = self.model.month + p.programme_loan_months
            sme.loan = Loan(lent, instalment, defaults, due, purse, together)
            sme.working_capital += lent
            self.purses[purse] -= lent
            self.model.accounts["government"] -= lent

    def meet(self, members):
        """Hold a meeting: pairs that both came learn of each other."""
        p = self.model.p
        came = []
        for sme in members:
            if sme not in self.attendance:
                self.attendance[sme] = self.random.random() < p.programme_attendance
            if self.attendance[sme]:
                came.append(sme)
                sme.support_days += p.groups_meeting_days
        if not p.programme_meetings_build_trust:
            return
        for one, other in combinations(came, 2):
            if other in one.ties:
                one.ties[other].worked = True
            else:
                become_acquainted(self.model, one, other)

    # loans

    def collect_loans(self):
        """Collect instalments; a defaulter's fall on those who stand for it, and what is left on public money."""
        p, counts, month = self.model.p, self.model.counts, self.model.month
        borrowers = [sme for sme in self.model.smes if sme.loan is not None]
        for sme in borrowers:
            if sme.loan.defaults:
                counts["public_cost"] += sme.loan.left * max(p.finance_rate, p.programme_loan_rate) / 1200.0
                self.let_others_pay(sme, min(sme.loan.left, sme.loan.instalment))
        for sme in borrowers:
            loan = sme.loan
            principal = min(loan.left, loan.instalment)
            if not loan.defaults:
                counts["public_cost"] += loan.left * max(0.0, p.finance_rate - p.programme_loan_rate) / 1200.0
                interest = loan.left * p.programme_loan_rate / 1200.0
                paid = sme.pay(interest + principal, "government")
                sme.charges += min(paid, interest)
                self.take_back(loan, max(0.0, paid - interest))
            if loan.left <= 1e-9 or (loan.defaults and month >= loan.due):
                counts["public_cost"] += loan.left
                sme.loan = None

    def take_back(self, loan, repaid):
        """Return repaid principal to its purse."""
        loan.left -= repaid
        self.purses[loan.purse] += repaid

    def let_others_pay(self, defaulter, principal):
        """Let those who borrowed together pay a defaulter's instalment in equal shares, as far as capital goes.

        The first time they trust it less for it.
        """
        loan = defaulter.loan
        first = self.model.month == loan.due - self.model.p.programme_loan_months + 1
        standing = [
            sme
            for sme in loan.together
            if sme.loan is not None and sme.loan.together is loan.together and not sme.loan.defaults
        ]
        for sme in standing:
            paid = sme.pay(principal / len(standing), "government")
            sme.charges += paid
            self.take_back(loan, paid)
            if first and sme in defaulter.ties:
                defaulter.ties[sme].failed = True

    # introductions

    def introduce(self):
        """Buy orders and offer each to one recipient, while market money lasts."""
        p = self.model.p
        if not self.model.buyers or not p.programme_start <= self.model.month <= p.programme_end:
            return
        for channel in (INDIVIDUAL, TOGETHER):
            purse = (MARKET, channel)
            if self.purses[purse] < p.prices_introduction:
                continue
            for sme in self.ranking(MARKET):
                if self.purses[purse] < p.prices_introduction:
                    break
                self.purses[purse] -= p.prices_introduction
                self.spend(p.prices_introduction)
                sme.supported = True
                self.offer(sme.group if channel == TOGETHER and sme.group else sme)

    def offer(self, taker):
        """Offer one order to a firm or a group, through relations that remember or through nobody's."""
        model, trader = self.model, None
        buyer = self.random.choices(model.buyers, [buyer.share for buyer in model.buyers])[0]
        if model.p.programme_market_networks:
            routes = [self.best_route(taker, buyer) for buyer in model.buyers]
            if sum(relation for relation, _ in routes) > 0.0:
                k = self.random.choices(range(len(routes)), [relation for relation, _ in routes])[0]
                buyer, trader = model.buyers[k], routes[k][1]
        order = buyer.new_order()
        order.remembered = model.p.programme_market_networks
        order.subsidised = True
        order.trader = trader
        taker.consider(order)

    def best_route(self, taker, buyer):
        """Return (best relation by which a recipient reaches a buyer, the trader on the way or None)."""
        relation, through = taker.relation_with(buyer), None
        for trader in self.model.traders:
            if trader.relations.get(buyer, 0.0) > relation:
                relation, through = trader.relations[buyer], trader
        return relation, through


#: Gap of a firm that an instrument could close.
NEED = {
    TRAINING: lambda sme: 1.0 - sme.quality,
    FINANCE: lambda sme: -sme.working_capital / sme.workers,
    MARKET: lambda sme: -max(sme.relations.values(), default=0.0),
    TRUST: lambda sme: -sme.company()[1],
}


def monthly_budget(p, month):
    """Public money of a month, Rp million; 0 outside the programme."""
    if not p.programme_start <= month <= p.programme_end:
        return 0.0
    months, number = p.programme_end - p.programme_start + 1, month - p.programme_start
    even = p.programme_budget / 12.0
    if p.programme_path == "ramp":
        return even * (1.0 - abs(2.0 * number - months + 1.0) / months)
    if p.programme_path == "declining":
        years = ceil(months / 12.0)
        total = sum((years - year) * min(12.0, months - 12.0 * year) for year in range(years))
        return even * (years - number // 12) * months / total
    return even
