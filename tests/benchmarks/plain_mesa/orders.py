"""Orders (R7): how takers are tested, and how orders are delivered, paid and remembered."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from tests.benchmarks.plain_mesa.ties import become_acquainted

#: How an order is taken.
SINGLE, GROUP, PRIME = "single", "group", "prime"

#: What becomes of a part.
ON_TIME, LATE, NEVER = "on time", "late", "never"

#: The furthest test that a taker has passed.
UNFILLED, ORGANISED, SKILLED, FINANCED, TAKEN = range(5)


@dataclass(slots=True, eq=False)
class Part:
    """What one firm makes of an order: worker-months and Rp million."""

    firm: Any
    volume: float
    loan: float
    loan_cost: float = 0.0
    income: float = 0.0
    forgone: float = 0.0
    outcome: str = ""


@dataclass(slots=True, eq=False)
class Order:
    """An order of a buyer, from the offer to the last payment: volume in worker-months, price in Rp million for one."""

    buyer: Any
    volume: float
    quality: float
    price: float
    remembered: bool = True
    subsidised: bool = False
    trader: Any = None
    kind: str = ""
    lead: Any = None
    parts: list[Part] = field(default_factory=list)
    due: int = 0
    success: bool = False

    @property
    def joint(self):
        """Whether it is filled by several firms."""
        return len(self.parts) > 1

    def trust(self, p, firm, parties):
        """Trust that decides whether a party keeps its word."""
        if not self.joint or firm is self.lead:
            return 0.5
        if self.kind == PRIME:
            return firm.ties[self.lead].trust
        return trust_in_group(p, firm, parties)


def trust_in_group(p, firm, parties):
    """Mean trust of a firm in those it works with, over the ties that bind a group."""
    binding = [tie.trust for partner, tie in firm.ties.items() if partner in parties and tie.trust >= p.groups_trust]
    return sum(binding) / len(binding) if binding else p.ties_newcomer_trust


def failure_probability(rate, trust):
    """Chance that a party defaults, or is late."""
    return min(1.0, 4.0 * rate * (1.0 - trust) ** 2)


def interest(principal, yearly_rate, months):
    """Simple interest, Rp million; the rate in per cent a year."""
    return principal * yearly_rate / 100.0 * months / 12.0


def try_to_take(model, order, kind, candidates, lead=None):
    """Put candidates to the tests and let them take the order where all are passed; return the furthest one passed."""
    free = [(sme, sme.free_output()) for sme in candidates]
    if sum(output for _, output in free) < order.volume:
        return UNFILLED
    skilled = [(sme, output) for sme, output in free if sme.quality >= order.quality]
    if sum(output for _, output in skilled) < order.volume:
        return ORGANISED
    financed = [(sme, min(output, sme.affordable_output(kind == GROUP))) for sme, output in skilled]
    total = sum(output for _, output in financed)
    if total < order.volume:
        return SKILLED
    parts = []
    for sme, output in financed:
        if output > 0.0:
            volume = order.volume * (output / total)
            parts.append(Part(sme, volume, sme.loan_needed(volume)))
    if kind == PRIME and (len(parts) < 2 or parts[0].firm is not lead):
        return FINANCED
    order.kind, order.lead, order.parts = kind, lead, parts
    price_loans(model.p, order)
    if expected_gain(model, order) <= 0.0:
        return FINANCED
    accept(model, order)
    return TAKEN


def price_loans(p, order):
    """Note what the loans of an order will cost; a group pays for arranging them once."""
    borrowing = [part for part in order.parts if part.loan > 0.0]
    for part in borrowing:
        fee = p.finance_loan_cost / len(borrowing) if order.kind == GROUP else p.finance_loan_cost
        part.loan_cost = fee + interest(part.loan, p.finance_rate, p.orders_schedule + p.orders_payment_delay + 1)


def expected_gain(model, order):
    """What the parties together expect to gain against selling the same output locally, Rp million."""
    p = model.p
    parties = {part.firm for part in order.parts}
    gain = 0.0
    for part in order.parts:
        trust = order.trust(p, part.firm, parties)
        arrives = 1.0 - failure_probability(p.orders_default_rate, trust)
        discounted = 1.0 - failure_probability(p.orders_late_rate, trust) * p.orders_late_discount
        gain += part.volume * (order.price * arrives * discounted - model.price) - part.loan_cost
    return gain


def accept(model, order):
    """Commit output and inputs, and pay out loans."""
    order.due = model.month + model.p.orders_schedule
    model.orders.append(order)
    for part in order.parts:
        sme = part.firm
        sme.working_capital += part.loan
        sme.borrowed += part.loan
        model.accounts["bank"] -= part.loan
        sme.work += part.volume / model.p.orders_schedule
        sme.reserved += part.volume * model.input_price
        if order.remembered:
            sme.relations_used[order.buyer] = order.due


def deliver(model, order):
    """Let each party deliver, late or never, and settle what that means for all."""
    p = model.p
    parties = {part.firm for part in order.parts}
    arrived = 0.0
    for part in order.parts:
        trust = order.trust(p, part.firm, parties)
        part.outcome = ON_TIME
        if model.random.random() < failure_probability(p.orders_default_rate, trust):
            part.outcome = NEVER
        elif model.random.random() < failure_probability(p.orders_late_rate, trust):
            part.outcome = LATE
        if part.outcome != NEVER:
            arrived += part.volume
    order.success = arrived >= p.orders_success_share * order.volume
    model.counts["due"] += 1
    model.counts["delivered"] += order.success
    if order.trader and p.relations_enabled:
        order.trader.note_order(order.buyer, order.success)
    for part in order.parts:
        settle(model, order, part)
    if order.joint:
        remember(model, order)


def settle(model, order, part):
    """Free a party's capacity, count its income, gain and collective act, and let the buyer remember it."""
    p, sme = model.p, part.firm
    sme.work = max(0.0, sme.work - part.volume / p.orders_schedule)
    if part.outcome != NEVER:
        part.income = order.price * part.volume
        if part.outcome == LATE:
            part.income *= 1.0 - p.orders_late_discount
        if not order.success:
            part.income *= 1.0 - p.orders_failed_discount
    sme.order_income += part.income
    sme.order_volume += part.volume
    sme.order_loan_cost += part.loan_cost
    if order.remembered and p.relations_enabled:
        sme.note_order(order.buyer, order.success)
        if order.trader:
            sme.note_order(order.trader, order.success)
    if not order.joint:
        return
    sme.order_gain += part.income - part.forgone - part.loan_cost
    if order.success and part.outcome != NEVER:
        model.counts["collective_sales"] += part.income
        sme.last_act = sme.last_order_act = model.month
        if not order.subsidised:
            model.counts["own_sales"] += part.income
            sme.last_own_act = model.month


def remember(model, order):
    """Note on the ties among the parties what they lived through; subcontractors deal with the prime alone."""
    for one, other in combinations(order.parts, 2):
        if order.kind == PRIME and one.firm is not order.lead:
            continue
        tie = one.firm.ties.get(other.firm)
        if tie is None:
            if order.kind == GROUP and order.success:
                become_acquainted(model, one.firm, other.firm)
        elif NEVER in (one.outcome, other.outcome):
            tie.failed = True
        elif order.success:
            tie.worked = True


def pay(model, order, outcome):
    """Let the buyer pay the parts with an outcome."""
    for part in order.parts:
        if part.outcome == outcome:
            part.firm.working_capital += part.income
            model.accounts["buyers"] -= part.income


def repay(model, order):
    """Repay the loans of an order; in a group the others stand in for who cannot, and the bank bears the rest."""
    missing = 0.0
    for part in order.parts:
        if part.loan > 0.0:
            owed = part.loan + part.loan_cost
            short = owed - part.firm.pay(owed, "bank")
            missing += short
            if short > 0.0 and order.kind == GROUP and order.joint:
                for other in order.parts:
                    if other.firm in part.firm.ties:
                        part.firm.ties[other.firm].failed = True
            part.firm.borrowed = max(0.0, part.firm.borrowed - part.loan)
    if missing > 0.0 and order.kind == GROUP and order.joint:
        for part in order.parts:
            paid = part.firm.pay(missing / len(order.parts), "bank")
            part.firm.charges += paid
            part.firm.order_gain -= paid
