"""R1 over arrays: a programme that does not follow the template pays for test orders and plans by what they tell.

The plan costs money before anything is delivered, and so time. Test orders are drawn as all orders are, and put to the
takers as the month's orders are, once these are settled; nothing comes of them.
"""

from __future__ import annotations

from klastersim.compiled import inner, kernel, one, two
from klastersim.compiled.purposes import DELIVERY, ORDER_ARRIVAL, PROGRAMME_SEAT
from klastersim.engine.arriving import add_arrival
from klastersim.engine.delivering import with_logistics
from klastersim.engine.partners import mark_parties, trust_among
from klastersim.engine.purses import FINANCE, INSTRUMENTS, MARKET, PLANNING, TRAINING, TRUST, give_days, spend
from klastersim.engine.takers import draw_buyer
from klastersim.rules.orders import failure_probability
from klastersim.rules.plan import planned_share, shortfall
from klastersim.world.layout import NOBODY, NONE, OPERATES

#: Numbers of test orders begin here, above those that are introduced.
TESTED = 2_000_000

#: How far an order came: the tests it passed, whether it was taken, and, of test orders, whether enough would arrive.
UNFILLED, ORGANISED, SKILLED, FINANCED, TAKEN, DELIVERED = 0, 1, 2, 3, 4, 5

#: Kinds of stakeholders that may have a seat: firms, buyers and traders, support bodies, local government.
SEATS = 4

#: No plan is under way; the first one is; a later one of local government's is.
SETTLED, FIRST, REVISION = 0, 1, 2


@inner
def plans(p):
    """Whether a programme makes a plan of its own."""
    return p.plan_tailored > 0.0 or p.plan_local_room > 0.0


@inner
def seats_in_design(p):
    """Seats of stakeholders where the plan is made."""
    return (
        p.participation_firms_design
        + p.participation_buyers_design
        + p.participation_bodies_design
        + p.participation_government_design
    )


@inner
def seats_in_delivery(p):
    """Seats of stakeholders where the plan is carried out."""
    return (
        p.participation_firms_delivery
        + p.participation_buyers_delivery
        + p.participation_bodies_delivery
        + p.participation_government_delivery
    )


@inner
def pay_for_plan(world, c, month, budget):
    """Let a month's money pay for planning and for seats first; return what is left for instruments.

    Until the first plan stands nothing is delivered, and what is left of the money waits for it.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    _begin_plan(world, c, month)
    cluster.owed += seats_in_delivery(p) * p.prices_seat
    if p.participation_firms_delivery:
        _give_time(world, c, month)
    paid = min(budget, cluster.owed)
    if paid > 0.0:
        cluster.owed -= paid
        spend(world, c, month, paid, PLANNING)
    left = cluster.kept + budget - paid
    cluster.kept = 0.0
    if cluster.planning == FIRST:
        cluster.kept = left
        left = 0.0
    return left


@inner
def _begin_plan(world, c, month):
    """Begin to plan as the programme starts, or where local government's plan is to be revised."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if cluster.planned == 0:
        cluster.planned = month
        if plans(p):
            cluster.planning = FIRST
        if p.plan_tailored > 0.0:
            cluster.owed += p.plan_test_orders * p.prices_test_order
        if p.plan_local_room > 0.0:
            cluster.owed += p.prices_set_up
    elif p.plan_local_room > 0.0 and month >= cluster.planned + p.plan_revision_months:
        cluster.planned = month
        cluster.planning = FIRST if cluster.planning == FIRST else REVISION
        cluster.owed += p.prices_revision
    if cluster.planned == month:
        cluster.owed += seats_in_design(p) * p.prices_seat
        if p.participation_firms_design:
            _give_time(world, c, month)


@inner
def _give_time(world, c, month):
    """Let one of the owners, drawn anew each month, give its time for the firms' seat."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    whose = one(cluster.seed, month, PROGRAMME_SEAT, cluster.identity, 0, 0)
    i = min(cluster.firms - 1, int(whose * cluster.firms))
    if world.firms[cluster.first_firm + i].standing == OPERATES:
        give_days(world, c, i, p.participation_days, PLANNING)


@inner
def share_of(p, cluster, instrument, template):
    """Share of an instrument in the plan, of which the template gives it `template`."""
    return planned_share(
        template, cluster.diagnosed[instrument], cluster.known[instrument], p.plan_tailored, p.plan_local_room
    )


@inner
def _is_due(cluster):
    """Whether a plan is under way and paid for."""
    return cluster.planning != SETTLED and cluster.owed <= 0.0


@inner
def tests_wanted(p, cluster):
    """Test orders of the diagnosis, of what local government knows, and of each seat, for a plan that is due."""
    diagnosis = p.plan_test_orders if p.plan_tailored > 0.0 and cluster.planning == FIRST else 0
    known = p.plan_local_test_orders if p.plan_local_room > 0.0 else 0
    return diagnosis, known, p.participation_insight if seats_in_design(p) > 0 else 0


def most_test_orders(params):
    """Most test orders of any month, in the cluster that has the most."""
    wanted = params["plan_test_orders"] + params["plan_local_test_orders"] + SEATS * params["participation_insight"]
    return int(wanted.max())


@kernel
def let_test_orders_arrive(world, scratch, c, month):
    """Line up the test orders that reach some taker: the diagnosis, local government's, then those of each seat."""
    cluster = world.clusters[c]
    if cluster.buyers == 0 or not _is_due(cluster):
        return
    diagnosis, known, insight = tests_wanted(world.params[world.clusters[c].terms], cluster)
    for number in range(TESTED, TESTED + diagnosis + known + SEATS * insight):
        whose, reach = two(cluster.seed, month, ORDER_ARRIVAL, cluster.identity, number, 0)
        buyer = draw_buyer(world, c, whose)
        if reach < scratch.buyers[buyer].reach:
            add_arrival(world, scratch, c, month, number, buyer, NONE, NOBODY, 0)


@inner
def would_arrive(world, scratch, c, month, n, parties, form, lead):
    """Whether enough of a test order would arrive, by the draws of a delivery."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    arrival = scratch.arrivals[n]
    cluster.stamp += 1
    mark_parties(scratch, parties, cluster.stamp)
    arrived = 0.0
    for k in range(parties):
        i = scratch.candidates[k].firm
        trust = trust_among(world, scratch.month, c, i, form, lead, cluster.stamp)
        never, _ = two(cluster.seed, month, DELIVERY, cluster.identity, i, arrival.number)
        if never >= failure_probability(with_logistics(p, scratch.month[i], p.orders_default_rate), trust):
            arrived += scratch.candidates[k].share
    return arrived >= p.orders_success_share * arrival.volume * (1.0 - 1e-9)


@kernel
def make_plan(world, scratch, c, tests):
    """Plan by what became of the test orders, which stand from place `tests` on; do nothing where none is due."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not _is_due(cluster):
        return
    diagnosis, known, insight = tests_wanted(p, cluster)
    seats = TESTED + diagnosis + known
    if cluster.planning == FIRST and p.plan_tailored > 0.0:
        _estimate(p, scratch, cluster, tests, TESTED, TESTED + diagnosis, seats, insight, cluster.diagnosed)
    if p.plan_local_room > 0.0:
        _estimate(p, scratch, cluster, tests, TESTED + diagnosis, seats, seats, insight, cluster.known)
    cluster.planning = SETTLED


@inner
def _knows(p, seat, test):
    """Whether who has a seat in the design (firms, buyers, bodies, government) can tell how orders fare in a test.

    Firms know how they work together, deliver and pay; buyers what reaches the cluster and whether it is good enough;
    trainers and bankers what firms can make and pay; officials which firms are organised.
    """
    if seat == 0:
        return p.participation_firms_design and (test == ORGANISED or test == FINANCED or test == DELIVERED)
    if seat == 1:
        return p.participation_buyers_design and (test == UNFILLED or test == SKILLED)
    if seat == 2:
        return p.participation_bodies_design and (test == SKILLED or test == FINANCED)
    return p.participation_government_design and test == ORGANISED


@kernel
def _lost(p, scratch, cluster, tests, begin, end, seats, insight, test):
    """Part that one test has in the loss of the test orders `begin` to `end`, and of those of the seats that know it.

    Tests are numbered by what an order has come to that passes them; `UNFILLED` is to reach some taker at all.
    """
    before = test - 1
    tried = 0
    passed = 0
    if test == UNFILLED:
        tried = end - begin
        for seat in range(SEATS):
            if _knows(p, seat, test):
                tried += insight
    for n in range(tests, cluster.arrivals):
        number = scratch.arrivals[n].number
        counts = begin <= number < end
        if number >= seats and insight > 0:
            counts = _knows(p, (number - seats) // insight, test)
        if counts:
            came = scratch.arrivals[n].came
            passed += came >= test
            if test != UNFILLED:
                tried += came >= before
    return shortfall(passed, tried)


@kernel
def _estimate(p, scratch, cluster, tests, begin, end, seats, insight, shares):
    """Share the plan over instruments by the part that each constraint has in the loss of test orders.

    Who finds no taker lacks a market, who finds none with the output or is let down lacks trust, and so on. No test
    tells whether machines are lacking: equipment has a part in the template alone.
    """
    shares[MARKET] = _lost(p, scratch, cluster, tests, begin, end, seats, insight, UNFILLED)
    shares[TRUST] = _lost(p, scratch, cluster, tests, begin, end, seats, insight, ORGANISED) + _lost(
        p, scratch, cluster, tests, begin, end, seats, insight, DELIVERED
    )
    shares[TRAINING] = _lost(p, scratch, cluster, tests, begin, end, seats, insight, SKILLED)
    shares[FINANCE] = _lost(p, scratch, cluster, tests, begin, end, seats, insight, FINANCED)
    total = 0.0
    for instrument in range(INSTRUMENTS):
        total += shares[instrument]
    for instrument in range(INSTRUMENTS):
        shares[instrument] /= total
