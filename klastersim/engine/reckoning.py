"""R6 over arrays: what owners reckon that a function brings, Rp million for each unit of their output.

Everybody reckons alike, a firm and a group, each for its own output; no function is worth anything by its name.
"""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.engine.accepting import revenue_at
from klastersim.rules.cooperation import NEUTRAL_TRUST
from klastersim.rules.functions import (
    chance_among_rivals,
    chance_of_passing,
    logistics_benefit,
    months_counted,
    orders_within,
    punctual_rate,
    relation_researched,
    research_benefit,
    share_in_orders,
    technology_benefit,
    training_benefit,
)
from klastersim.rules.orders import expected_unit_revenue, failure_probability
from klastersim.rules.programme import trained_quality
from klastersim.world.opening import share_of_kind

#: Functions as they are noted of a firm, to be added up.
TRAINING, RESEARCH, LOGISTICS, TECHNOLOGY, EQUIPMENT = 1, 2, 4, 8, 16

#: Those that are paid month by month, in the order in which they are carried as far as cash goes.
SERVICES = (TRAINING, RESEARCH, LOGISTICS, TECHNOLOGY)

#: The steepest rise of a normal distribution, for a standard deviation of one (a trifle above).
STEEPEST = 0.399

#: Bounds are held a trifle below what they are.
SAFE = 0.999


@inner
def reckon(p, cluster):
    """Return what all owners of a cluster reckon with this month.

    (margin of a unit on the local market, what it brings more in an order, what logistics adds to that, the months for
    which quality, relations and technology count, and orders a month that rivals leave to a taker thought of)
    """
    horizon = float(p.functions_horizon)
    margin = cluster.price - cluster.input_price
    revenue = revenue_at(p, cluster.order_price, NEUTRAL_TRUST)
    punctual = expected_unit_revenue(
        cluster.order_price,
        failure_probability(punctual_rate(p.orders_default_rate, p.functions_logistics_cut), NEUTRAL_TRUST),
        failure_probability(punctual_rate(p.orders_late_rate, p.functions_logistics_cut), NEUTRAL_TRUST),
        p.orders_late_discount,
    )
    return (
        margin,
        revenue - cluster.price,
        punctual - revenue,
        months_counted(p.learning_quality_drift, horizon),
        months_counted(p.relations_decay, horizon),
        months_counted(p.functions_technology_decay, horizon),
        p.market_potential * chance_among_rivals(cluster.linkage),
    )


@inner
def is_offered(p, function):
    """Whether a function can be carried at all in this scenario."""
    if function == TRAINING:
        return p.functions_training != 0
    if function == RESEARCH:
        return p.functions_research != 0 and p.relations_enabled != 0
    if function == LOGISTICS:
        return p.functions_logistics != 0
    return p.functions_technology != 0


@inner
def cost_of(p, function):
    """Fixed cost of a function, Rp million a month."""
    if function == TRAINING:
        return p.functions_training_cost
    if function == RESEARCH:
        return p.functions_research_cost
    if function == LOGISTICS:
        return p.functions_logistics_cost
    return p.functions_technology_cost


@inner
def shares_of_buyers(world, c):
    """Shares of the orders that each large firm, and each trader, places."""
    p = world.params[world.clusters[c].terms]
    return share_of_kind(p, 0), share_of_kind(p, world.clusters[c].buyers - 1)


@inner
def mean_relation(relations, large_firms, buyers, shares):
    """Mean relation of a firm with the buyers, weighted by their orders."""
    large = traders = 0.0
    for buyer in range(large_firms):
        large += relations[buyer]
    for buyer in range(large_firms, buyers):
        traders += relations[buyer]
    return shares[0] * large + shares[1] * traders


@inner
def mean_relation_of_group(relations, members, first_firm, large_firms, buyers, shares):
    """Mean relation of a group with the buyers, weighted by their orders; with each the largest of its members'."""
    total = 0.0
    for buyer in range(buyers):
        best = 0.0
        for member in members:
            best = max(best, relations[first_firm + member, buyer])
        total += best * (shares[0] if buyer < large_firms else shares[1])
    return total


@inner
def hopes_for_orders(p, cluster, relation, capacity, orders):
    """Return the shares of its output that a taker could sell to orders, now and after market research."""
    output = capacity * p.orders_schedule
    within = orders_within(orders, cluster.order_log_mean, cluster.order_log_spread, output)
    after = relation_researched(relation, p.functions_research_rise)
    return share_in_orders(relation, within, capacity), share_in_orders(after, within, capacity)


@kernel
def benefit_of(p, firm, function, reckoning, capacity, gap, now, then):
    """Benefit of a function to a firm, Rp million a worker-month.

    `gap` is the gap in quality that training would meet, `now` and `then` the shares that :func:`hopes_for_orders`
    gives for the firm, or for its group.
    """
    margin, order_gain, punctuality, quality_months, relation_months, technology_months, _ = reckoning
    benefit = 0.0
    if function == TRAINING:
        trained = trained_quality(firm.quality, gap, p.functions_training_dose, p.learning_absorptive_band)
        benefit = training_benefit(
            now,
            chance_of_passing(firm.quality, p.orders_quality, p.orders_quality_spread),
            chance_of_passing(trained, p.orders_quality, p.orders_quality_spread),
            order_gain,
            quality_months,
        )
    elif function == RESEARCH:
        benefit = research_benefit(now, then, order_gain, relation_months)
    elif function == LOGISTICS:
        benefit = logistics_benefit(firm.work, capacity, punctuality)
    else:
        benefit = technology_benefit(
            firm.technology, p.functions_technology_rise, p.functions_technology_gain, margin, technology_months
        )
    return benefit


@inner
def least_outputs(p, reckoning):
    """Return bounds below which a function cannot be worth its cost to a firm alone; they spare most firms reckoning.

    (output for training, output times mean relation for training, output for market research, output for technology)
    """
    training = pulled = research = technology = 1e300
    order_gain, quality_months, relation_months, orders = reckoning[1], reckoning[3], reckoning[4], reckoning[6]
    if is_offered(p, TECHNOLOGY):
        most = technology_benefit(
            0.0, p.functions_technology_rise, p.functions_technology_gain, reckoning[0], reckoning[5]
        )
        technology = SAFE * p.functions_technology_cost / most if most > 0.0 else technology
    if order_gain <= 0.0:
        return training, pulled, research, technology
    if is_offered(p, TRAINING):
        passed = 1.0
        if p.orders_quality_spread > 0.0 and p.functions_training_dose < 1.0:
            passed = min(1.0, STEEPEST * p.functions_training_dose / p.orders_quality_spread)
        # Of what it makes, no more goes to orders than all of it, or all orders at the largest size that it can make.
        training = SAFE * p.functions_training_cost / (passed * order_gain * quality_months)
        pulled = training / (orders * p.orders_schedule)
        training = max(training, pulled)
    if is_offered(p, RESEARCH):
        hoped = p.functions_research_rise * orders * p.orders_schedule
        research = SAFE * p.functions_research_cost / (hoped * order_gain * relation_months)
    return training, pulled, research, technology
