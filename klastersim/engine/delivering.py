"""R7 over arrays: orders are delivered, paid, and remembered."""

from __future__ import annotations

from klastersim.compiled import inner, kernel, two
from klastersim.compiled.purposes import DELIVERY
from klastersim.engine.acquaintance import become_acquainted, find_tie, has_room
from klastersim.engine.measuring import row_of
from klastersim.engine.partners import trust_among
from klastersim.engine.reckoning import LOGISTICS
from klastersim.engine.relating import traders_remember
from klastersim.rules.functions import punctual_rate
from klastersim.rules.learning import DEFAULTED, WORKED
from klastersim.rules.orders import failure_probability
from klastersim.rules.relations import relation_after_order
from klastersim.world.codes import TIES_ALL
from klastersim.world.layout import DEFAULT, GROUP, LATE, NONE, ON_TIME, PRIME, SINGLE

#: Parts add up to an order but for a rounding.
ROUNDING = 1e-9


@inner
def order_at(world, c, number):
    """The order with an absolute number in the ring."""
    cluster = world.clusters[c]
    return world.orders[cluster.first_order + number % cluster.order_room]


@inner
def part_at(world, c, number):
    """The part with an absolute number in the ring."""
    cluster = world.clusters[c]
    return world.parts[cluster.first_part + number % cluster.part_room]


@kernel
def deliver_orders(world, scratch, c, month):
    """Deliver the orders that are due, oldest first."""
    cluster = world.clusters[c]
    for i in range(cluster.firms):
        scratch.month[i].mark = 0
    stamp = 0
    for number in range(cluster.oldest_order, cluster.next_order):
        order = order_at(world, c, number)
        if order.due == month:
            stamp += 1
            _deliver(world, scratch, c, month, order, stamp)


@inner
def _deliver(world, scratch, c, month, order, stamp):
    """Let each party deliver, late or not at all; then settle what that means for all."""
    p = world.params[c]
    arrived = 0.0
    for k in range(order.first_part, order.first_part + order.parts):
        scratch.month[part_at(world, c, k).firm].mark = stamp
    for k in range(order.first_part, order.first_part + order.parts):
        part = part_at(world, c, k)
        part.outcome = _outcome(world, scratch, c, month, order, part.firm, stamp)
        if part.outcome != DEFAULT:
            arrived += part.volume
    order.success = arrived >= p.orders_success_share * order.volume * (1.0 - ROUNDING)
    row = row_of(world, c, month)
    row.due += 1.0
    row.delivered += order.success
    traders_remember(world, c, order, order.success != 0)
    for k in range(order.first_part, order.first_part + order.parts):
        _settle_part(world, scratch, c, month, order, part_at(world, c, k), row)
    if order.taker != SINGLE:
        _remember(world, scratch, c, order)
        if order.success and order.taker == GROUP:
            _acquaint(world, c, order)


@inner
def _outcome(world, scratch, c, month, order, i, stamp):
    """Whether a party delivers on time, late or never, by two draws."""
    p = world.params[c]
    cluster = world.clusters[c]
    trust = trust_among(world, scratch.month, c, i, order.taker, order.lead, stamp)
    never, late = two(cluster.seed, month, DELIVERY, cluster.identity, i, order.number)
    defaults = p.orders_default_rate
    lates = p.orders_late_rate
    if p.functions_enabled and scratch.month[i].carried & LOGISTICS:
        defaults = punctual_rate(defaults, p.functions_logistics_cut)
        lates = punctual_rate(lates, p.functions_logistics_cut)
    if never < failure_probability(defaults, trust):
        return DEFAULT
    if late < failure_probability(lates, trust):
        return LATE
    return ON_TIME


@inner
def _settle_part(world, scratch, c, month, order, part, row):
    """Free the capacity, count income, gain and the collective act, and let the buyer remember."""
    p = world.params[c]
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + part.firm]
    firm.work = max(0.0, firm.work - part.volume / p.orders_schedule)
    if part.outcome == DEFAULT:
        cluster.goods_lost += part.volume
    else:
        part.income = order.price * part.volume
        if part.outcome == LATE:
            part.income *= 1.0 - p.orders_late_discount
        if not order.success:
            part.income *= 1.0 - p.orders_failed_discount
        cluster.goods_delivered += part.volume
    own = scratch.month[part.firm]
    own.order_income += part.income
    own.order_volume += part.volume
    own.order_loan_cost += part.loan_cost
    if p.relations_enabled and order.remembered:
        _move_relation(world, c, part.firm, order.buyer, order.success != 0)
        if order.trader != NONE:
            _move_relation(world, c, part.firm, p.market_large_firms + order.trader, order.success != 0)
    if order.taker == SINGLE:
        return
    own.order_gain += part.income - part.forgone - part.loan_cost
    if order.success and part.outcome != DEFAULT:
        row.collective_sales += part.income
        firm.last_act = month
        firm.last_order_act = month
        if not order.subsidised:
            row.own_sales += part.income
            firm.last_own_act = month


@inner
def _move_relation(world, c, i, buyer, success):
    """Let a buyer remember how an order went."""
    p = world.params[c]
    row = world.clusters[c].first_firm + i
    world.relations[row, buyer] = relation_after_order(
        world.relations[row, buyer], success, p.relations_rise, p.relations_fall
    )


@inner
def _remember(world, scratch, c, order):
    """Note on the ties among the parties what they lived through; subcontractors deal with the prime alone."""
    if world.params[c].ties_kind == TIES_ALL:
        return
    cluster = world.clusters[c]
    for k in range(order.first_part, order.first_part + order.parts):
        part = part_at(world, c, k)
        scratch.month[part.firm].mark = -1 - (part.outcome == DEFAULT)
    for k in range(order.first_part, order.first_part + order.parts):
        i = part_at(world, c, k).firm
        firm = world.firms[cluster.first_firm + i]
        for at in range(firm.first_link, firm.first_link + firm.links):
            link = world.links[at]
            if link.partner <= i or scratch.month[link.partner].mark >= 0:
                continue
            if order.taker == PRIME and order.lead != i and order.lead != link.partner:
                continue
            tie = cluster.first_tie + link.tie
            if scratch.month[i].mark == -2 or scratch.month[link.partner].mark == -2:
                world.tie_events[tie] |= DEFAULTED
            elif order.success:
                world.tie_events[tie] |= WORKED
    for k in range(order.first_part, order.first_part + order.parts):
        scratch.month[part_at(world, c, k).firm].mark = 0


@inner
def _acquaint(world, c, order):
    """Let parties that share no tie become acquainted, in the order of their parts."""
    last = order.first_part + order.parts
    for k in range(order.first_part, last):
        i = part_at(world, c, k).firm
        for m in range(k + 1, last):
            if not has_room(world, c, i):
                break
            become_acquainted(world, c, i, part_at(world, c, m).firm)


@kernel
def pay_orders(world, scratch, c, month):
    """Pay what is due: parts on time after the delay, late ones a month later; then repay loans and close the order."""
    p = world.params[c]
    cluster = world.clusters[c]
    for number in range(cluster.oldest_order, cluster.next_order):
        order = order_at(world, c, number)
        payday = order.due + p.orders_payment_delay
        if month == payday:
            _pay(world, c, order, ON_TIME)
        elif month == payday + 1:
            _pay(world, c, order, LATE)
            _repay(world, scratch, c, order)
            cluster.oldest_order = number + 1
            cluster.oldest_part = order.first_part + order.parts


@inner
def _pay(world, c, order, outcome):
    """Let the buyer pay the parts with an outcome."""
    cluster = world.clusters[c]
    for k in range(order.first_part, order.first_part + order.parts):
        part = part_at(world, c, k)
        if part.outcome == outcome:
            firm = world.firms[cluster.first_firm + part.firm]
            firm.working_capital += part.income
            cluster.buyers_account -= part.income


@inner
def _repay(world, scratch, c, order):
    """Repay the loans of an order with their cost; in a group the others stand in, and the bank bears the rest.

    Who stands in pays an equal share of what is missing, as far as its working capital goes. That is no profit, and no
    gain from working together.
    """
    first = world.clusters[c].first_firm
    missing = 0.0
    for k in range(order.first_part, order.first_part + order.parts):
        part = part_at(world, c, k)
        if part.loan > 0.0:
            short = _take(world, c, part.firm, part.loan + part.loan_cost)
            missing += short
            if short > 0.0 and order.taker == GROUP:
                _let_down(world, c, order, part.firm)
            firm = world.firms[first + part.firm]
            firm.borrowed = max(0.0, firm.borrowed - part.loan)
    if missing <= 0.0 or order.taker != GROUP:
        return
    share = missing / order.parts
    for k in range(order.first_part, order.first_part + order.parts):
        i = part_at(world, c, k).firm
        paid = share - _take(world, c, i, share)
        world.firms[first + i].charges += paid
        scratch.month[i].order_gain -= paid


@inner
def _let_down(world, c, order, i):
    """Note on its ties with the other parties that a firm left them its debt."""
    cluster = world.clusters[c]
    if world.params[c].ties_kind == TIES_ALL:
        return
    for k in range(order.first_part, order.first_part + order.parts):
        tie = find_tie(world, c, i, part_at(world, c, k).firm)
        if tie != NONE:
            world.tie_events[cluster.first_tie + tie] |= DEFAULTED


@inner
def _take(world, c, i, owed):
    """Let firm `i` pay the bank what it owes as far as its working capital goes; return what is missing."""
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + i]
    paid = min(owed, max(0.0, firm.working_capital))
    firm.working_capital -= paid
    cluster.bank_account += paid
    return owed - paid
