"""R7 over arrays: this month's orders are offered, one after the other, until somebody takes them."""

from __future__ import annotations

from klastersim.compiled import inner, kernel, two
from klastersim.compiled.purposes import ORDER_OFFER
from klastersim.engine.able import (
    could_jointly,
    find_able,
    list_candidates,
    note_alone,
    note_limits,
    outdate_joint,
    step_of,
)
from klastersim.engine.accepting import accept, gain_of, gain_with_loans, revenue_at
from klastersim.engine.arriving import let_orders_arrive
from klastersim.engine.bargaining import demand_reached, highest_price, price_for
from klastersim.engine.brokering import best_route, carried_terms
from klastersim.engine.contracting import count_wanting
from klastersim.engine.measuring import row_of
from klastersim.engine.planning import (
    FINANCED,
    ORGANISED,
    SKILLED,
    TAKEN,
    TESTED,
    UNFILLED,
    let_test_orders_arrive,
    make_plan,
    would_arrive,
)
from klastersim.engine.takers import (
    as_group,
    count_able,
    draw_any,
    draw_one,
    linkage_of,
    list_takers,
    relation_of,
    sum_up,
    weigh,
)
from klastersim.rules.cooperation import NEUTRAL_TRUST
from klastersim.world.layout import GROUP, NOBODY, NONE, PRIME, SINGLE, STEPS

#: A taker acts jointly: as a group or as a prime contractor.
JOINT = 3

#: Where more takers than this are able, an order first falls so many times on any of them, before they are listed.
MANY, TRIES = 64, 8


@kernel
def take_orders(world, scratch, c, month):
    """Offer the orders that were introduced, those that arrive by themselves, and test orders, each by number."""
    cluster = world.clusters[c]
    row = row_of(world, c, month)
    takers = list_takers(world, scratch, c)
    row.linkage = linkage_of(world, scratch, c)
    cluster.linkage = row.linkage
    count_wanting(world, scratch, c)
    introduced = cluster.arrivals
    let_orders_arrive(world, scratch, c, month, row)
    tests = cluster.arrivals
    if cluster.planning:
        let_test_orders_arrive(world, scratch, c, month)
    if cluster.arrivals > 0:
        _settle(world, scratch, c, month, takers, introduced, tests, row)
    if cluster.planning:
        make_plan(world, scratch, c, tests)


@kernel
def _settle(world, scratch, c, month, takers, introduced, tests, row):
    """Offer the orders in the list, and count how far those came that arrived by themselves."""
    cluster = world.clusters[c]
    able = find_able(world, scratch, c, takers)
    largest = cluster.largest_workshop * world.params[world.clusters[c].terms].orders_schedule
    for n in range(cluster.arrivals):
        reached = _offer(world, scratch, c, month, n, takers, able)
        scratch.arrivals[n].came = reached
        if introduced <= n < tests:
            row.reached += 1.0
            row.single_share += scratch.arrivals[n].needed <= largest
            row.organised += reached >= ORGANISED
            row.skilled += reached >= SKILLED
            row.financed += reached >= FINANCED
            row.taken += reached >= TAKEN


@kernel
def _offer(world, scratch, c, month, n, takers, able):
    """Offer an order to takers until one accepts; return the furthest test that any passed.

    Each draw falls, by relation, on a taker. First on anybody, where many are able and gain alone: one of them is soon
    found. Then, who would take it alone and who could fill it jointly are listed and drawn from; where the latter fail
    a test they are not drawn again. An introduction is offered to its recipient only: alone, then jointly.
    """
    cluster = world.clusters[c]
    arrival = scratch.arrivals[n]
    introduced = arrival.taker != NOBODY
    furthest = UNFILLED
    count = 0
    tries = 0
    listed = NONE
    if not introduced:
        count = count_able(scratch.bins, arrival.needed)
        if count > 0 and not scratch.buyers[arrival.buyer].weighed:
            weigh(scratch, arrival.buyer, able)
        if count > MANY and most_alone(world, c, arrival) > 0.0:
            tries = TRIES
    draws = 0
    rest = 0
    while True:
        taker = arrival.taker
        way = SINGLE if draws == 0 and taker >= 0 else JOINT
        drawn = introduced
        if not introduced:
            if draws >= tries and listed == NONE:
                listed = _list_takers_of(world, scratch, c, n, count)
            place = NONE
            if draws < tries or listed > 0:
                chance, stays = two(cluster.seed, month, ORDER_OFFER, cluster.identity, arrival.number, draws)
                if draws < tries:
                    place = draw_any(scratch.running[arrival.buyer], count, chance)
                    way = _way_of(world, scratch, c, arrival, place)
                    if way == JOINT and not _stays_drawn(world, scratch, c, arrival.buyer, place, stays):
                        way = NONE
                    if way == NONE:
                        draws += 1
                        continue
                else:
                    at = draw_one(scratch.listed, scratch.sums, listed, chance)
                    if at != NONE:
                        place = scratch.listed[at].place
                        way = scratch.listed[at].way
            drawn = place != NONE
            if not drawn:
                # Who cannot pay was not listed; how far the order comes may hang on them.
                if rest == 0:
                    furthest = max(furthest, _furthest_alone(scratch, n, count))
                listed = 0
                if furthest >= SKILLED or rest == count:
                    break
                place = rest
                rest += 1
                if not scratch.able[place].joint or _joint_weight(world, scratch, c, arrival.buyer, place) <= 0.0:
                    continue
                if not could_jointly(scratch, place, STEPS, arrival.needed):
                    continue
                way = JOINT
            taker = scratch.takers[scratch.able[place].taker].code
        reached, parties, form, lead = _try(world, scratch, c, n, takers, taker, way)
        furthest = max(furthest, reached)
        if drawn and reached == TAKEN:
            if arrival.number >= TESTED:
                furthest += would_arrive(world, scratch, c, month, n, parties, form, lead)
                break
            accept(world, scratch, c, month, n, parties, form, lead)
            if not introduced:
                _note_form(row_of(world, c, month), form)
            _note_commitments(world, scratch, c, parties)
            break
        draws += 1
        if introduced and way == JOINT:
            break
    return furthest


@inner
def _note_form(row, form):
    """Count an order that one firm took alone, or a prime contractor with subcontractors."""
    row.taken_alone += form == SINGLE
    row.subcontracts += form == PRIME


@inner
def _gain_at(cluster, arrival, revenue):
    """What a firm alone would gain by an order at so much revenue of a unit, without a loan, Rp million."""
    return arrival.volume * (revenue - cluster.price)


@inner
def most_alone(world, c, arrival):
    """What any firm alone would gain by an order at most, without a loan, Rp million."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    highest = highest_price(p, cluster, world.buyers[c, arrival.buyer])
    return _gain_at(cluster, arrival, revenue_at(p, highest, NEUTRAL_TRUST))


@inner
def takes_alone(world, scratch, c, arrival, k, most, bill):
    """Whether the firm at an able place, which could make and pay an order, would gain by it alone."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    gain = most
    if p.bargaining_enabled:
        gain = _gain_at(cluster, arrival, _revenue_alone(world, scratch, c, arrival.buyer, k))
    loan = max(0.0, bill - scratch.able[k].own)
    if loan > 0.0 or arrival.own < 1.0:
        gain = gain_with_loans(p, cluster, arrival, gain, loan, int(loan > 0.0))
    return gain > 0.0


@inner
def bill_of(p, cluster, arrival):
    """What the taker has to pay for the inputs of an order, Rp million; 0 where money does not bind."""
    return arrival.volume * arrival.own * cluster.input_price if p.finance_enabled else 0.0


@inner
def _joint_weight(world, scratch, c, buyer, place):
    """Relation with a buyer of the taker at an able place: who acts jointly is carried by no trader."""
    taker = scratch.takers[scratch.able[place].taker].code
    if taker >= 0 and world.params[world.clusters[c].terms].traders_enabled:
        return world.relations[world.clusters[c].first_firm + taker, buyer]
    return scratch.weights[buyer, place]


@inner
def _stays_drawn(world, scratch, c, buyer, place, chance):
    """Whether who was drawn as if it acted alone is drawn too by its weight as a joint taker, which is no larger."""
    return chance * scratch.weights[buyer, place] < _joint_weight(world, scratch, c, buyer, place)


@inner
def _revenue_alone(world, scratch, c, buyer, k):
    """Revenue that the firm at an able place expects of a unit of an order of a buyer that it fills alone, Rp million.

    It stays what it is for the month, and is noted: many orders look at the same firms.
    """
    if scratch.revenues[buyer, k] < 0.0:
        price = _price_alone(world, scratch, c, buyer, scratch.able[k].taker)
        scratch.revenues[buyer, k] = revenue_at(world.params[world.clusters[c].terms], price, NEUTRAL_TRUST)
    return scratch.revenues[buyer, k]


@inner
def _price_alone(world, scratch, c, buyer, number):
    """Price that a firm among the takers would get for an order that it fills alone, Rp million a worker-month."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    taker = scratch.takers[number]
    trader = best_route(world, c, taker.code, buyer)[1]
    if trader != NONE:
        return carried_terms(world, scratch, c, trader, buyer)[0]
    row = cluster.first_firm + taker.code
    relation = world.relations[row, buyer]
    return price_for(p, cluster, world.buyers[c, buyer], taker.demand, relation, world.firms[row].workers)


@inner
def _way_of(world, scratch, c, arrival, k):
    """How the taker at an able place might take an order: alone, jointly as far as is known without tests, or NONE."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if scratch.alone[k] < arrival.eased or scratch.weights[arrival.buyer, k] <= 0.0:
        return NONE
    able = scratch.able[k]
    if _fills_alone(able, arrival):
        most = most_alone(world, c, arrival)
        if takes_alone(world, scratch, c, arrival, k, most, bill_of(p, cluster, arrival)):
            return SINGLE
    if able.joint and could_jointly(scratch, k, step_of(arrival.quality), arrival.eased):
        return JOINT
    return NONE


@kernel
def _list_takers_of(world, scratch, c, n, count):
    """List whom an order may be drawn to, in order of their places; return how many.

    These are the firms that would take it alone, and takers that could still fill and pay it jointly.
    """
    arrival = scratch.arrivals[n]
    most = most_alone(world, c, arrival)
    listed = 0
    if most > 0.0:
        bill = bill_of(world.params[world.clusters[c].terms], world.clusters[c], arrival)
        for k in range(count):
            if scratch.alone[k] < arrival.eased or scratch.weights[arrival.buyer, k] <= 0.0:
                continue
            if _fills_alone(scratch.able[k], arrival) and takes_alone(world, scratch, c, arrival, k, most, bill):
                _list(scratch.listed[listed], k, SINGLE, scratch.weights[arrival.buyer, k])
                listed += 1
            elif scratch.able[k].joint:
                listed += _list_if_joint(world, scratch, c, arrival, k, scratch.listed[listed])
    else:
        k = 0 if scratch.able[0].joint else scratch.able[0].next_joint
        while k < count:
            listed += _list_if_joint(world, scratch, c, arrival, k, scratch.listed[listed])
            k = scratch.able[k].next_joint
    sum_up(scratch.listed, scratch.sums, listed)
    return listed


@inner
def _fills_alone(able, arrival):
    """Whether an able firm could make, well enough, and pay an order by itself."""
    return (
        able.output * arrival.stretch >= arrival.volume
        and able.skill >= arrival.quality
        and able.funded / arrival.own >= arrival.volume
    )


@inner
def _list_if_joint(world, scratch, c, arrival, k, listed):
    """List the taker at an able place where it could jointly fill an order that reaches it; return how many that is."""
    weight = _joint_weight(world, scratch, c, arrival.buyer, k)
    if weight <= 0.0 or not could_jointly(scratch, k, step_of(arrival.quality), arrival.eased):
        return 0
    _list(listed, k, JOINT, weight)
    return 1


@kernel
def _furthest_alone(scratch, n, count):
    """Return how far an order came with anybody alone, short of being taken."""
    arrival = scratch.arrivals[n]
    weights = scratch.weights[arrival.buyer]
    furthest = UNFILLED
    for k in range(count):
        able = scratch.able[k]
        organised = (weights[k] > 0.0) & (able.output * arrival.stretch >= arrival.volume)
        skilled = organised & (able.skill >= arrival.quality)
        financed = skilled & (able.funded / arrival.own >= arrival.volume)
        furthest = max(furthest, int(organised) + int(skilled) + int(financed))
        if furthest == FINANCED:
            break
    return furthest


@inner
def _list(listed, place, way, weight):
    listed.place = place
    listed.way = way
    listed.weight = weight


@inner
def _try(world, scratch, c, n, takers, taker, way):
    """Put a taker to the tests; return how far it came, and how many parties would take the order, in what form, led.

    Parties and shares are left in ``scratch.candidates``.
    """
    lead = taker
    form = way
    if way == JOINT:
        form = PRIME
        if taker < 0:
            form = GROUP
            lead = NONE
    arrival = scratch.arrivals[n]
    count = list_candidates(world, scratch, c, taker, form, takers)
    arrival.price = _agree(world, scratch, c, n, taker, count)
    arrival.carrier = NONE
    arrival.margin = 0.0
    p = world.params[world.clusters[c].terms]
    if form == SINGLE and arrival.taker == NOBODY and p.traders_enabled:
        arrival.carrier = best_route(world, c, taker, arrival.buyer)[1]
        if arrival.carrier != NONE:
            arrival.price, arrival.margin = carried_terms(world, scratch, c, arrival.carrier, arrival.buyer)
    reached, financed = _test(scratch, count, form, arrival)
    parties = 0
    if reached == FINANCED:
        parties = _share_out(scratch.candidates, count, arrival.volume, financed)
        if form == GROUP and parties == 1:
            # Work that falls to one member alone is owed to the buyer only, and nobody stands for it.
            form = SINGLE
            lead = scratch.candidates[0].firm
        able = True
        if form == SINGLE:
            able = p.orders_single and scratch.month[lead].funded / arrival.own >= arrival.volume
        elif form == PRIME:
            # Without a part of its own, or without anybody to share with, it has no joint order to take.
            able = parties > 1 and scratch.candidates[0].firm == lead
        if able:
            if gain_of(world, scratch, c, n, parties, form, lead) > 0.0:
                reached = TAKEN
    return reached, parties, form, lead


@inner
def _agree(world, scratch, c, n, taker, count):
    """Price that a taker agrees on with the buyer for the candidates listed, Rp million a worker-month."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not p.bargaining_enabled:
        return cluster.order_price
    buyer = scratch.arrivals[n].buyer
    workers = 0.0
    for k in range(count):
        workers += world.firms[cluster.first_firm + scratch.candidates[k].firm].workers
    if taker >= 0 and world.firms[cluster.first_firm + taker].group != NONE:
        # Only an introduction asks a member of a group by itself: it is not among the takers.
        demand = demand_reached(world, c, taker)
    else:
        number = as_group(taker) if taker < 0 else scratch.month[taker].taker
        demand = scratch.takers[number].demand
    relation = relation_of(world, scratch, c, taker, buyer)
    return price_for(p, cluster, world.buyers[c, buyer], demand, relation, workers)


@kernel
def _note_commitments(world, scratch, c, parties):
    """Note what the parties of an order could still commit to others."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    for k in range(parties):
        i = scratch.candidates[k].firm
        firm = world.firms[cluster.first_firm + i]
        own = scratch.month[i]
        note_limits(p, cluster, firm, own, 0.0)
        if own.place != NONE:
            note_alone(scratch, firm, own)
        outdate_joint(scratch, firm, own)


@kernel
def _test(scratch, count, way, arrival):
    """Whether the candidates have the output, the skill and the money; return how far they came, and what they can pay.

    What each can make and pay is left with it.
    """
    organised = 0.0
    skilled = 0.0
    financed = 0.0
    for k in range(count):
        candidate = scratch.candidates[k]
        own = scratch.month[candidate.firm]
        output = own.free_output * arrival.stretch
        organised += output
        candidate.free = 0.0
        if own.skill >= arrival.quality:
            skilled += output
            candidate.free = min(output, (own.funded_in_group if way == GROUP else own.funded) / arrival.own)
            financed += candidate.free
    reached = FINANCED
    if organised < arrival.volume or count == 0:
        reached = UNFILLED
    elif skilled < arrival.volume:
        reached = ORGANISED
    elif financed < arrival.volume:
        reached = SKILLED
    return reached, financed


@kernel
def _share_out(candidates, count, volume, financed):
    """Share the work pro rata to free, qualified, financed capacity; keep only those who get some."""
    parties = 0
    for k in range(count):
        if candidates[k].free > 0.0:
            candidates[parties].firm = candidates[k].firm
            candidates[parties].share = volume * (candidates[k].free / financed)
            parties += 1
    return parties


@inner
def most_parties(world, scratch, c):
    """Most parties that any order can have, as groups and ties now stand."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    most = 1
    for group in range(cluster.groups):
        most = max(most, scratch.groups[group + 1].first - scratch.groups[group].first)
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
