"""R7 over arrays: orders arrive, are offered and accepted."""

from __future__ import annotations

from klastersim.compiled import inner, kernel, one, poisson_quantile, two
from klastersim.compiled.purposes import ORDER_ARRIVAL, ORDER_COUNT, ORDER_OFFER, ORDER_SIZE
from klastersim.engine.grouping import time_lost
from klastersim.engine.partners import mark_parties, trust_among
from klastersim.engine.takers import (
    as_group,
    build_tree,
    draw_buyer,
    draw_taker,
    leaves_for,
    linkage_of,
    list_takers,
    restore,
    set_weight,
)
from klastersim.rules.finance import interest
from klastersim.rules.groups import works_together
from klastersim.rules.orders import expected_unit_revenue, failure_probability, order_volume, quality_asked
from klastersim.world.layout import GROUP, NONE, PRIME, SINGLE

#: How far an order came: the tests it passed, and whether it was taken.
UNFILLED, ORGANISED, SKILLED, FINANCED, TAKEN = 0, 1, 2, 3, 4


@inner
def row_of(world, c, month):
    """Row of this month's measures."""
    return world.series[c, (month - 1) % world.series.shape[1]]


@inner
def potential_orders(world, c, month):
    """Number of potential orders this month: Poisson."""
    cluster = world.clusters[c]
    potential = world.params[c].market_potential
    if potential <= 0.0 or cluster.buyers == 0:
        return 0
    return poisson_quantile(one(cluster.seed, month, ORDER_COUNT, cluster.identity, 0, 0), potential)


@kernel
def take_orders(world, scratch, c, month):
    """Let this month's orders arrive, by number, and offer each that reaches the cluster."""
    p = world.params[c]
    cluster = world.clusters[c]
    row = row_of(world, c, month)
    takers = list_takers(world, scratch, c)
    note_free_output(world, scratch, c)
    _note_largest_orders(world, scratch, c, takers)
    row.linkage = linkage_of(world, scratch, c)
    for i in range(cluster.firms):
        scratch.mark[i] = 0
    stamp = 0
    count = potential_orders(world, c, month)
    row.potential = count
    for number in range(count):
        whose, reach = two(cluster.seed, month, ORDER_ARRIVAL, cluster.identity, number, 0)
        buyer = draw_buyer(world, c, whose)
        if reach >= scratch.reach[buyer]:
            continue
        size, standard = two(cluster.seed, month, ORDER_SIZE, cluster.identity, number, 0)
        volume = order_volume(size, cluster.order_log_mean, cluster.order_log_spread)
        asked = quality_asked(standard, p.orders_quality, p.orders_quality_spread)
        reached, stamp = _offer(world, scratch, c, month, number, buyer, volume, asked, takers, stamp)
        row.reached += 1.0
        row.single_share += volume <= cluster.largest_workshop * p.orders_schedule
        count_tests(row, reached)


@inner
def count_tests(row, reached):
    """Count an order in the funnel by the furthest test that any taker passed."""
    row.organised += reached >= ORGANISED
    row.skilled += reached >= SKILLED
    row.financed += reached >= FINANCED
    row.taken += reached >= TAKEN


@inner
def note_free_output(world, scratch, c):
    """Note what each firm could commit to orders as they begin to arrive; accepted orders reduce it."""
    p = world.params[c]
    cluster = world.clusters[c]
    for i in range(cluster.firms):
        scratch.free_output[i] = free_output(p, world.firms[cluster.first_firm + i])


@inner
def _note_largest_orders(world, scratch, c, takers):
    """Note the largest order that each taker could fill now, so that larger ones need not be put to it.

    No taker's free output rises while orders are taken: who could not fill an order now cannot later in the month.
    """
    p = world.params[c]
    cluster = world.clusters[c]
    for k in range(takers):
        taker = scratch.takers[k]
        largest = 0.0
        if taker < 0:
            count = _list_group(scratch.group_first, scratch.members, scratch.candidates, as_group(taker))
            largest = _free_together(scratch.candidates, scratch.free_output, count)
        else:
            if p.orders_single:
                largest = scratch.free_output[taker]
            if p.orders_subcontracting and world.firms[cluster.first_firm + taker].cooperates:
                count = _list_subcontractors(p, cluster, world, scratch.candidates, taker)
                if count > 1:
                    largest = max(largest, _free_together(scratch.candidates, scratch.free_output, count))
        scratch.most[k] = largest


@inner
def _free_together(candidates, free_output, count):
    """Output that the candidates could commit together over the schedule of an order, worker-months."""
    total = 0.0
    for k in range(count):
        total += free_output[candidates[k]]
    return total


@inner
def _offer(world, scratch, c, month, number, buyer, volume, asked, takers, stamp):
    """Offer an order to takers until one accepts; return the furthest test passed and the last stamp used."""
    p = world.params[c]
    cluster = world.clusters[c]
    if not scratch.built[buyer]:
        build_tree(scratch, buyer, takers)
    tree = scratch.trees[buyer]
    leaves = leaves_for(takers)
    furthest = UNFILLED
    offers = 0
    most = min(p.orders_offers, takers)
    while offers < most and furthest < TAKEN:
        chance = one(cluster.seed, month, ORDER_OFFER, cluster.identity, number, offers)
        k = draw_taker(tree, leaves, chance)
        if k == NONE:
            break
        scratch.queue[offers] = k
        set_weight(tree, leaves, k, 0.0)
        offers += 1
        if volume > scratch.most[k]:
            continue
        stamp += 2
        reached = offer_to(world, scratch, c, month, number, buyer, volume, asked, scratch.takers[k], stamp, True)
        furthest = max(furthest, reached)
    full = scratch.full_trees[buyer]
    for k in range(offers):
        restore(tree, full, leaves + scratch.queue[k])
    return furthest, stamp


@inner
def offer_to(world, scratch, c, month, number, buyer, volume, asked, taker, stamp, remembered):
    """Offer an order to one taker: a group, a firm alone, or a firm with those it trusts. Uses two stamps.

    Return how far it came. What the firms could commit must have been noted (:func:`note_free_output`).
    """
    p = world.params[c]
    cluster = world.clusters[c]
    if taker < 0:
        count = _list_group(scratch.group_first, scratch.members, scratch.candidates, as_group(taker))
        return _consider(world, scratch, c, month, number, buyer, volume, asked, count, GROUP, NONE, stamp, remembered)
    reached = UNFILLED
    if p.orders_single:
        scratch.candidates[0] = taker
        reached = _consider(world, scratch, c, month, number, buyer, volume, asked, 1, SINGLE, taker, stamp, remembered)
    if reached == TAKEN or not p.orders_subcontracting or not world.firms[cluster.first_firm + taker].cooperates:
        return reached
    count = _list_subcontractors(p, cluster, world, scratch.candidates, taker)
    if count < 2:
        return reached
    jointly = _consider(
        world, scratch, c, month, number, buyer, volume, asked, count, PRIME, taker, stamp + 1, remembered
    )
    return max(reached, jointly)


@inner
def _list_group(group_first, members, candidates, group):
    """List the members of a group; return how many."""
    first = group_first[group]
    count = group_first[group + 1] - first
    for k in range(count):
        candidates[k] = members[first + k]
    return count


@inner
def _list_subcontractors(p, cluster, world, candidates, lead):
    """List a willing firm and the willing partners outside a group that it trusts; return how many."""
    firm = world.firms[cluster.first_firm + lead]
    candidates[0] = lead
    count = 1
    for k in range(firm.first_link, firm.first_link + firm.links):
        link = world.links[k]
        partner = world.firms[cluster.first_firm + link.partner]
        trust = world.ties[cluster.first_tie + link.tie].trust
        willing = works_together(firm.cooperates != 0, partner.cooperates != 0, trust, p.groups_trust)
        if willing and partner.group == NONE:
            candidates[count] = link.partner
            count += 1
    return count


@inner
def _consider(world, scratch, c, month, number, buyer, volume, asked, count, taker, lead, stamp, remembered):
    """Put the candidates to the tests; accept the order where all are passed. Return how far it came."""
    reached, financed = _test(
        world.params[c],
        world.clusters[c],
        world.firms,
        scratch.candidates,
        scratch.free_output,
        scratch.free,
        count,
        taker,
        volume,
        asked,
    )
    if reached < FINANCED:
        return reached
    parties = _share_out(scratch.candidates, scratch.free, scratch.share, count, volume, financed)
    if _gain(world, scratch, c, volume, parties, taker, lead, stamp) <= 0.0:
        return FINANCED
    _accept(world, scratch, c, month, number, buyer, volume, parties, taker, lead, remembered)
    return TAKEN


@inner
def _test(p, cluster, firms, candidates, free_output, free, count, taker, volume, asked):
    """Whether the candidates have the output, the skill and the money; return how far they came, and what they can pay.

    What each can make and pay is left in `free`.
    """
    organised = 0.0
    skilled = 0.0
    financed = 0.0
    for k in range(count):
        i = candidates[k]
        firm = firms[cluster.first_firm + i]
        organised += free_output[i]
        free[k] = 0.0
        if firm.quality >= asked:
            skilled += free_output[i]
            free[k] = min(free_output[i], affordable(p, cluster, firm, taker))
            financed += free[k]
    if organised < volume:
        return UNFILLED, financed
    if skilled < volume:
        return ORGANISED, financed
    return (SKILLED if financed < volume else FINANCED), financed


@inner
def free_output(p, firm):
    """Output that a firm could commit to an order over its schedule, worker-months."""
    return max(0.0, firm.workers - time_lost(p, firm) - firm.work) * p.orders_schedule


@inner
def own_funds(firm):
    """Working capital not yet set aside, Rp million."""
    return max(0.0, firm.working_capital - firm.reserved)


@inner
def credit_line(p, firm, taker):
    """What a bank would lend to a party: against collateral, or in a group that is jointly liable."""
    if not p.finance_credit or not (taker == GROUP or firm.collateral):
        return 0.0
    return max(0.0, p.finance_limit * firm.workers * p.local_price - firm.borrowed)


@inner
def affordable(p, cluster, firm, taker):
    """Output whose inputs a party can pay, worker-months."""
    if not p.finance_enabled or cluster.input_price <= 0.0:
        return 1e300
    return (own_funds(firm) + credit_line(p, firm, taker)) / cluster.input_price


@inner
def _share_out(candidates, free, share, count, volume, financed):
    """Share the work pro rata to free, qualified, financed capacity; keep only those who get some."""
    parties = 0
    for k in range(count):
        if free[k] > 0.0:
            candidates[parties] = candidates[k]
            share[parties] = volume * (free[k] / financed)
            parties += 1
    return parties


@inner
def loan_needed(p, cluster, firm, part):
    """Loan that a party needs for the inputs of its part, Rp million."""
    if not p.finance_enabled:
        return 0.0
    return max(0.0, part * cluster.input_price - own_funds(firm))


@inner
def loan_months(p):
    """Months from acceptance to the last payment."""
    return float(p.orders_schedule + p.orders_payment_delay + 1)


@inner
def _gain(world, scratch, c, volume, parties, taker, lead, stamp):
    """What the parties together expect to gain against selling the same output locally, Rp million."""
    p = world.params[c]
    cluster = world.clusters[c]
    mark_parties(scratch, scratch.candidates, parties, stamp)
    gain = 0.0
    borrowed = 0.0
    borrowers = 0
    for k in range(parties):
        i = scratch.candidates[k]
        trust = trust_among(world, scratch.mark, c, i, taker, lead, stamp)
        revenue = expected_unit_revenue(
            cluster.order_price,
            failure_probability(p.orders_default_rate, trust),
            failure_probability(p.orders_late_rate, trust),
            p.orders_late_discount,
        )
        gain += scratch.share[k] * (revenue - cluster.price)
        loan = loan_needed(p, cluster, world.firms[cluster.first_firm + i], scratch.share[k])
        if loan > 0.0:
            borrowed += loan
            borrowers += 1
    loans = min(borrowers, 1) if taker == GROUP else borrowers
    return gain - loans * p.finance_loan_cost - interest(borrowed, p.finance_rate, loan_months(p))


@inner
def _accept(world, scratch, c, month, number, buyer, volume, parties, taker, lead, remembered):
    """Write the order and its parts, commit output and inputs, and pay out loans."""
    p = world.params[c]
    cluster = world.clusters[c]
    order = world.orders[cluster.first_order + cluster.next_order % cluster.order_room]
    order.number = number
    order.accepted = month
    order.due = month + p.orders_schedule
    order.buyer = buyer
    order.trader = NONE
    order.taker = taker
    order.lead = lead
    order.parts = parties
    order.remembered = remembered
    order.subsidised = 0
    order.success = 0
    order.first_part = cluster.next_part
    order.volume = volume
    order.price = cluster.order_price
    cluster.next_order += 1
    borrowers = 0
    for k in range(parties):
        firm = world.firms[cluster.first_firm + scratch.candidates[k]]
        borrowers += loan_needed(p, cluster, firm, scratch.share[k]) > 0.0
    fee = p.finance_loan_cost / borrowers if taker == GROUP and borrowers > 0 else p.finance_loan_cost
    for k in range(parties):
        i = scratch.candidates[k]
        firm = world.firms[cluster.first_firm + i]
        part = world.parts[cluster.first_part + cluster.next_part % cluster.part_room]
        part.firm = i
        part.outcome = 0
        part.volume = scratch.share[k]
        part.income = 0.0
        part.forgone = 0.0
        part.loan = loan_needed(p, cluster, firm, part.volume)
        part.loan_cost = 0.0
        if part.loan > 0.0:
            part.loan_cost = fee + interest(part.loan, p.finance_rate, loan_months(p))
            firm.working_capital += part.loan
            firm.borrowed += part.loan
            cluster.bank_account -= part.loan
        firm.work += part.volume / p.orders_schedule
        firm.reserved += part.volume * cluster.input_price
        scratch.free_output[i] = free_output(p, firm)
        if remembered:
            world.relations_used[cluster.first_firm + i, buyer] = order.due
        cluster.next_part += 1


@inner
def most_parties(world, scratch, c):
    """Most parties that any order can have, as groups and ties now stand."""
    p = world.params[c]
    cluster = world.clusters[c]
    most = 1
    for group in range(cluster.groups):
        most = max(most, scratch.group_first[group + 1] - scratch.group_first[group])
    if not p.orders_subcontracting:
        return most
    for i in range(cluster.first_firm, cluster.first_firm + cluster.firms):
        firm = world.firms[i]
        if not firm.cooperates or firm.group != NONE:
            continue
        willing = 1
        for k in range(firm.first_link, firm.first_link + firm.links):
            partner = world.firms[cluster.first_firm + world.links[k].partner]
            willing += partner.cooperates != 0 and partner.group == NONE
        most = max(most, willing)
    return most
