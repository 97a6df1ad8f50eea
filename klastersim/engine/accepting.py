"""R7 over arrays: what parties gain by an order, and what they commit when they take it."""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.engine.money import advance_for, charge_on, loan_months, loan_needed
from klastersim.engine.partners import mark_parties, trust_among
from klastersim.engine.positions import note_inputs
from klastersim.rules.finance import interest
from klastersim.rules.orders import expected_unit_revenue, failure_probability
from klastersim.world.layout import GROUP, NONE

#: Numbers of introduced orders begin here, above those that arrive by themselves.
INTRODUCED = 1_000_000


@kernel
def gain_of(world, scratch, c, n, parties, taker, lead):
    """What the parties together expect to gain against selling the same output locally, Rp million."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    arrival = scratch.arrivals[n]
    cluster.stamp += 1
    mark_parties(scratch, parties, cluster.stamp)
    gain = 0.0
    borrowed = 0.0
    borrowers = 0
    for k in range(parties):
        i = scratch.candidates[k].firm
        trust = trust_among(world, scratch.month, c, i, taker, lead, cluster.stamp)
        revenue = revenue_at(p, arrival.price, trust)
        gain += scratch.candidates[k].share * (revenue - cluster.price)
        loan = loan_needed(p, cluster, world.firms[cluster.first_firm + i], scratch.candidates[k].share * arrival.own)
        if loan > 0.0:
            borrowed += loan
            borrowers += 1
    loans = min(borrowers, 1) if taker == GROUP else borrowers
    return gain_with_loans(p, cluster, arrival, gain, borrowed, loans)


@inner
def revenue_at(p, price, trust):
    """Revenue that a party expects of a unit of an order, at the trust that holds it to its word, Rp million."""
    return expected_unit_revenue(
        price,
        failure_probability(p.orders_default_rate, trust),
        failure_probability(p.orders_late_rate, trust),
        p.orders_late_discount,
    )


@inner
def gain_with_loans(p, cluster, arrival, gain, borrowed, loans):
    """Gain less the cost of what is borrowed for an order, in so many loans, and of what is advanced, Rp million."""
    charge = charge_on(p, advance_for(cluster, arrival.volume, arrival.own), arrival.schedule)
    return (
        gain
        - loans * p.finance_loan_cost
        - interest(borrowed, p.finance_rate, loan_months(p, arrival.schedule))
        - charge
    )


@kernel
def accept(world, scratch, c, month, n, parties, taker, lead):
    """Write the order and its parts, commit output and inputs, and pay out loans."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    arrival = scratch.arrivals[n]
    order = world.orders[cluster.first_order + cluster.next_order % cluster.order_room]
    order.number = arrival.number
    order.accepted = month
    order.due = month + arrival.schedule
    order.buyer = arrival.buyer
    order.trader = arrival.trader
    order.carried = arrival.carrier != NONE
    if order.carried:
        order.trader = arrival.carrier
    order.taker = taker
    order.lead = lead
    order.parts = parties
    order.remembered = arrival.remembered
    order.subsidised = arrival.number >= INTRODUCED
    order.success = 0
    order.closed = 0
    order.first_part = cluster.next_part
    order.volume = arrival.volume
    order.price = arrival.price
    order.margin = arrival.margin
    cluster.next_order += 1
    fee = p.finance_loan_cost
    if taker == GROUP:
        borrowers = 0
        for k in range(parties):
            firm = world.firms[cluster.first_firm + scratch.candidates[k].firm]
            borrowers += loan_needed(p, cluster, firm, scratch.candidates[k].share * arrival.own) > 0.0
        fee /= max(1, borrowers)
    for k in range(parties):
        i = scratch.candidates[k].firm
        _commit(world, c, i, arrival, scratch.candidates[k].share, fee, order.due)
    note_inputs(world, c, month, arrival)


@inner
def _commit(world, c, i, arrival, volume, fee, due):
    """Write a part of an order, commit a firm's output and inputs to it, and pay out its loan and advance."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + i]
    part = world.parts[cluster.first_part + cluster.next_part % cluster.part_room]
    part.firm = i
    part.outcome = 0
    part.volume = volume
    part.income = 0.0
    part.forgone = 0.0
    part.loan = loan_needed(p, cluster, firm, volume * arrival.own)
    part.loan_cost = 0.0
    if part.loan > 0.0:
        part.loan_cost = fee + interest(part.loan, p.finance_rate, loan_months(p, arrival.schedule))
        firm.working_capital += part.loan
        firm.borrowed += part.loan
        cluster.bank_account -= part.loan
        cluster.bank_credit += part.loan
    part.advance = advance_for(cluster, volume, arrival.own)
    if part.advance > 0.0:
        firm.working_capital += part.advance
        cluster.buyers_account -= part.advance
        world.buyers[c, arrival.buyer].advanced += part.advance
    firm.work += volume / arrival.schedule
    firm.reserved += volume * cluster.input_price
    if arrival.remembered:
        # The buyer does not know to whom a trader carries its order.
        known = arrival.buyer if arrival.carrier == NONE else p.market_large_firms + arrival.carrier
        world.relations_used[cluster.first_firm + i, known] = due
    cluster.next_part += 1
