"""R7 over arrays: orders are delivered, paid, and remembered."""

from __future__ import annotations

from klastersim.compiled import inner, kernel, two
from klastersim.compiled.purposes import DELIVERY
from klastersim.engine.acquaintance import become_acquainted, find_tie, has_room
from klastersim.engine.measuring import row_of
from klastersim.engine.money import charge_on
from klastersim.engine.partners import trust_among
from klastersim.engine.positions import note_received
from klastersim.engine.reckoning import LOGISTICS
from klastersim.engine.relating import traders_remember
from klastersim.rules.buyers import deducted
from klastersim.rules.functions import punctual_rate
from klastersim.rules.learning import DEFAULTED, WORKED
from klastersim.rules.orders import diverted_gain, failure_probability
from klastersim.rules.programme import trained_quality
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


@inner
def is_present(part):
    """Whether the firm that took a part of an order is still there."""
    return part.firm != NONE


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
    p = world.params[world.clusters[c].terms]
    arrived = 0.0
    for k in range(order.first_part, order.first_part + order.parts):
        part = part_at(world, c, k)
        if is_present(part):
            scratch.month[part.firm].mark = stamp
    for k in range(order.first_part, order.first_part + order.parts):
        part = part_at(world, c, k)
        if not is_present(part):
            continue
        part.outcome = _outcome(world, scratch, c, order, part.firm, stamp)
        if part.outcome != DEFAULT:
            arrived += part.volume
    order.success = arrived >= p.orders_success_share * order.volume * (1.0 - ROUNDING)
    row = row_of(world, c, month)
    row.due += 1.0
    row.delivered += order.success
    traders_remember(world, c, order, order.success != 0)
    captured = p.capture_enabled and p.capture_share > 0.0 and order.taker == GROUP
    if captured:
        row.captured += _divert(world, scratch, c, order)
    for k in range(order.first_part, order.first_part + order.parts):
        part = part_at(world, c, k)
        if is_present(part):
            diverted = scratch.candidates[k - order.first_part].share if captured else 0.0
            _settle_part(world, scratch, c, month, order, part, row, diverted)
    if world.buyers[c, order.buyer].principal:
        _teach(world, c, order)
    if order.taker != SINGLE:
        _remember(world, scratch, c, order)
        if order.success and order.taker == GROUP:
            _acquaint(world, c, order)


@inner
def with_logistics(p, own, rate):
    """Rate of default or lateness of a firm, lower where it carries logistics this month."""
    if p.functions_enabled and own.carried & LOGISTICS:
        return punctual_rate(rate, p.functions_logistics_cut)
    return rate


@inner
def _outcome(world, scratch, c, order, i, stamp):
    """Whether a party delivers on time, late or never, by two draws."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    trust = trust_among(world, scratch.month, c, i, order.taker, order.lead, stamp)
    # By the month in which it would be due on the usual schedule, so that orders of one number never share a draw.
    usual = order.accepted + p.orders_schedule
    never, late = two(cluster.seed, usual, DELIVERY, cluster.identity, i, order.number)
    own = scratch.month[i]
    if never < failure_probability(with_logistics(p, own, p.orders_default_rate), trust):
        return DEFAULT
    if late < failure_probability(with_logistics(p, own, p.orders_late_rate), trust):
        return LATE
    return ON_TIME


@inner
def _income(p, order, part):
    """What the buyer owes for a part that arrived, Rp million."""
    income = order.price * part.volume
    if part.outcome == LATE:
        income *= 1.0 - p.orders_late_discount
    if not order.success:
        income *= 1.0 - p.orders_failed_discount
    return income


@inner
def _divert(world, scratch, c, order):
    """Put into ``share`` of a candidate, by part, what it draws to itself; return what the larger members get."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    total = weighted = 0.0
    for k in range(order.parts):
        part = part_at(world, c, order.first_part + k)
        scratch.candidates[k].share = 0.0
        if is_present(part) and part.outcome != DEFAULT:
            scratch.candidates[k].share = max(0.0, _income(p, order, part) - part.forgone)
            total += scratch.candidates[k].share
            weighted += scratch.candidates[k].share * world.firms[cluster.first_firm + part.firm].workers
    captured = 0.0
    for k in range(order.parts):
        part = part_at(world, c, order.first_part + k)
        if scratch.candidates[k].share > 0.0:
            workers = world.firms[cluster.first_firm + part.firm].workers
            scratch.candidates[k].share = diverted_gain(
                scratch.candidates[k].share, workers, weighted / total, p.capture_share
            )
            captured += max(0.0, scratch.candidates[k].share)
    return captured


@inner
def _settle_part(world, scratch, c, month, order, part, row, diverted):
    """Free the capacity, count income, gain and the collective act, and let the buyer remember."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + part.firm]
    firm.work = max(0.0, firm.work - part.volume / (order.due - order.accepted))
    if part.outcome == DEFAULT:
        cluster.goods_lost += part.volume
    else:
        part.income = _income(p, order, part)
        if diverted != 0.0:
            part.income += diverted
        cluster.goods_delivered += part.volume
        note_received(world, c, month, order, part)
    own = scratch.month[part.firm]
    own.order_income += part.income
    own.order_volume += part.volume
    cost = part.loan_cost + _cost_of_advance(p, order, part)
    own.order_loan_cost += cost
    if p.relations_enabled and order.remembered:
        if not order.carried:
            _move_relation(world, c, part.firm, order.buyer, order.success != 0)
        if order.trader != NONE:
            _move_relation(world, c, part.firm, p.market_large_firms + order.trader, order.success != 0)
    if order.taker == SINGLE:
        return
    own.order_gain += part.income - part.forgone - cost
    if order.success and part.outcome != DEFAULT:
        row.collective_sales += part.income
        firm.last_act = month
        firm.last_order_act = month
        if not order.subsidised:
            row.own_sales += part.income
            firm.last_own_act = month


@inner
def _owed(p, order, part):
    """What a party owes a principal for its advance, with the charge, Rp million."""
    return part.advance + charge_on(p, part.advance, order.due - order.accepted)


@inner
def _cost_of_advance(p, order, part):
    """What the principal keeps back less what it advanced; below 0 for who keeps an advance that it cannot return."""
    return deducted(part.income, _owed(p, order, part)) - part.advance


@inner
def _teach(world, c, order):
    """Let a principal's technician, at its cost, have taught those who delivered, to their mean gap."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    cluster.buyers_account -= p.principals_technician
    cluster.suppliers_account += p.principals_technician
    gap = 0.0
    count = 0
    for k in range(order.first_part, order.first_part + order.parts):
        part = part_at(world, c, k)
        if part.outcome != DEFAULT:
            gap += 1.0 - world.firms[cluster.first_firm + part.firm].quality
            count += 1
    for k in range(order.first_part, order.first_part + order.parts):
        part = part_at(world, c, k)
        if part.outcome != DEFAULT:
            firm = world.firms[cluster.first_firm + part.firm]
            firm.quality = trained_quality(firm.quality, gap / count, p.principals_dose, p.learning_absorptive_band)


@inner
def _move_relation(world, c, i, buyer, success):
    """Let a buyer remember how an order went."""
    p = world.params[world.clusters[c].terms]
    row = world.clusters[c].first_firm + i
    world.relations[row, buyer] = relation_after_order(
        world.relations[row, buyer], success, p.relations_rise, p.relations_fall
    )


@inner
def _remember(world, scratch, c, order):
    """Note on the ties among the parties what they lived through; subcontractors deal with the prime alone."""
    if world.params[world.clusters[c].terms].ties_kind == TIES_ALL:
        return
    cluster = world.clusters[c]
    for k in range(order.first_part, order.first_part + order.parts):
        part = part_at(world, c, k)
        if is_present(part):
            scratch.month[part.firm].mark = -1 - (part.outcome == DEFAULT)
    for k in range(order.first_part, order.first_part + order.parts):
        i = part_at(world, c, k).firm
        if i == NONE:
            continue
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
        part = part_at(world, c, k)
        if is_present(part):
            scratch.month[part.firm].mark = 0


@inner
def _acquaint(world, c, order):
    """Let parties that share no tie become acquainted, in the order of their parts."""
    last = order.first_part + order.parts
    for k in range(order.first_part, last):
        i = part_at(world, c, k).firm
        if i == NONE:
            continue
        for m in range(k + 1, last):
            if not has_room(world, c, i):
                break
            other = part_at(world, c, m)
            if is_present(other):
                become_acquainted(world, c, i, other.firm)


@kernel
def pay_orders(world, scratch, c, month):
    """Pay what is due: parts on time after the delay, late ones a month later; then repay loans and close the order.

    Where schedules differ a later order may be closed before an earlier one, and waits in the ring.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    for number in range(cluster.oldest_order, cluster.next_order):
        order = order_at(world, c, number)
        payday = order.due + p.orders_payment_delay
        if month == payday:
            _pay(world, c, order, ON_TIME)
            _pay(world, c, order, DEFAULT)
        elif month == payday + 1:
            _pay(world, c, order, LATE)
            _repay(world, scratch, c, order)
            order.closed = 1
    while cluster.oldest_order < cluster.next_order and order_at(world, c, cluster.oldest_order).closed:
        order = order_at(world, c, cluster.oldest_order)
        cluster.oldest_part = order.first_part + order.parts
        cluster.oldest_order += 1


@inner
def _pay(world, c, order, outcome):
    """Let the buyer pay the parts with an outcome, less what it advanced; what that falls short of is its loss."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    for k in range(order.first_part, order.first_part + order.parts):
        part = part_at(world, c, k)
        if part.outcome == outcome:
            owed = _owed(p, order, part)
            kept = deducted(part.income, owed)
            cluster.buyers_account -= part.income - kept
            if is_present(part):
                world.firms[cluster.first_firm + part.firm].working_capital += part.income - kept
            else:
                _pay_household(cluster, part, part.income - kept)
            if order.margin > 0.0:
                _pay_trader(world, c, order, part)
            if part.advance > 0.0:
                world.buyers[c, order.buyer].advanced -= part.advance
                world.buyers[c, order.buyer].lost += owed - kept


@inner
def _pay_trader(world, c, order, part):
    """Let the buyer pay the trader who carried an order, as it pays the part."""
    cluster = world.clusters[c]
    margin = order.margin * (part.income / order.price)
    cluster.buyers_account -= margin
    cluster.traders_account += margin
    world.buyers[c, world.params[world.clusters[c].terms].market_large_firms + order.trader].earned += margin


@inner
def _pay_household(cluster, part, paid):
    """Pay for the part of a firm that has closed: first the bank what it owes for it, then its household."""
    owed = min(paid, part.loan)
    part.loan -= owed
    cluster.bank_account += owed
    cluster.households_account += paid - owed


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
        if not is_present(part):
            missing += part.loan
        elif part.loan > 0.0:
            short = pay_bank(world, c, part.firm, part.loan + part.loan_cost)
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
        if i == NONE:
            continue
        paid = share - pay_bank(world, c, i, share)
        world.firms[first + i].charges += paid
        scratch.month[i].order_gain -= paid


@inner
def _let_down(world, c, order, i):
    """Note on its ties with the other parties that a firm left them its debt."""
    cluster = world.clusters[c]
    if world.params[world.clusters[c].terms].ties_kind == TIES_ALL:
        return
    for k in range(order.first_part, order.first_part + order.parts):
        other = part_at(world, c, k)
        tie = find_tie(world, c, i, other.firm) if is_present(other) else NONE
        if tie != NONE:
            world.tie_events[cluster.first_tie + tie] |= DEFAULTED


@inner
def pay_bank(world, c, i, owed):
    """Let firm `i` pay the bank what it owes as far as its working capital goes; return what is missing."""
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + i]
    paid = min(owed, max(0.0, firm.working_capital))
    firm.working_capital -= paid
    cluster.bank_account += paid
    return owed - paid
