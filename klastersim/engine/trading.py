"""R9 and R13 over arrays: the local market clears, firms sell, pay and settle with their households."""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.engine.capacity import capacity_of
from klastersim.engine.contracting import bound_share
from klastersim.engine.grouping import time_lost
from klastersim.engine.money import kept_capital
from klastersim.engine.outcomes import note_outcomes
from klastersim.rules.events import shifted_price
from klastersim.rules.finance import owners_draw
from klastersim.rules.local_market import local_price
from klastersim.rules.specialisation import gain_from_specialising


@inner
def free_output(p, firm):
    """Output that orders leave to a firm this month, worker-months."""
    return max(0.0, capacity_of(p, firm) - time_lost(p, firm) - firm.work)


@inner
def local_output(p, cluster, firm):
    """Output that a firm brings to the local market this month, worker-months."""
    return free_output(p, firm) * (1.0 - bound_share(p, cluster, firm))


@kernel
def clear_market(world, c):
    """Find the price at which the local market takes what the firms bring, and what order work forgoes at it."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    supply = 0.0
    for i in range(cluster.firms):
        supply += local_output(p, cluster, world.firms[cluster.first_firm + i])
    cluster.price = local_price(
        p.local_price, supply, cluster.opening_supply, p.local_cluster_share, p.local_elasticity
    )
    if cluster.events > 0:
        cluster.price = shifted_price(cluster.price, cluster.local_demand, cluster.local_rival, p.local_elasticity)
    for number in range(cluster.oldest_order, cluster.next_order):
        order = world.orders[cluster.first_order + number % cluster.order_room]
        if order.due > cluster.month:
            for k in range(order.first_part, order.first_part + order.parts):
                part = world.parts[cluster.first_part + k % cluster.part_room]
                part.forgone += part.volume / (order.due - order.accepted) * cluster.price


@inner
def _division_gain(cluster, firm, own):
    """Gain of a specialised firm from specialising this month, share of stand-alone sales."""
    if not firm.specialised or firm.workers <= 0.0:
        return 0.0
    return gain_from_specialising(firm.division, firm.workers, cluster.price, cluster.input_price, own.trade_profit)


@kernel
def trade(world, scratch, c, month):
    """Let every firm make, sell, pay and settle with its household; a firm writes only its own row."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    services = wear = function_gain = stage_volume = stage_income = stage_bought = 0.0
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        own = scratch.month[i]
        if p.functions_enabled:
            services, wear, function_gain = own.services, own.wear, own.function_gain
        if p.chain_enabled:
            stage_volume, stage_income, stage_bought = own.stage_volume, own.stage_income, own.stage_bought
            own.division_gain_now = _division_gain(cluster, firm, own)
        local = local_output(p, cluster, firm)
        own.contract_volume = free_output(p, firm) * bound_share(p, cluster, firm)
        own.contract_income = own.contract_volume * firm.contract_price
        unit_cost = cluster.input_price + p.local_wage
        saved = own.saving * firm.workers * cluster.input_price
        handling = saved - own.purchase_gain
        wages = firm.workers * p.local_wage
        bought = (local + own.contract_volume + firm.work) * cluster.input_price
        own.inputs = bought - saved + handling + services + stage_bought
        sales = (local + stage_volume) * cluster.price
        # Work in progress is carried at cost, so that an order counts when it is delivered.
        firm.profit = (
            sales
            - local * unit_cost
            + own.order_income
            - own.order_volume * unit_cost
            - own.order_loan_cost
            - (firm.workers - local - own.contract_volume - firm.work) * p.local_wage
            + own.purchase_gain
            - firm.charges
            - services
            - wear
            + (own.contract_income - own.contract_volume * unit_cost)
            + (stage_income - stage_bought)
        )
        firm.income = sales + own.order_income + own.contract_income + stage_income
        sales += own.contract_income + stage_income
        own.observed_gain = 0.0
        if firm.workers > 0.0:
            gain = own.order_gain + own.purchase_gain + function_gain
            own.observed_gain = gain / (firm.workers * cluster.price)
        firm.reserved = max(0.0, firm.reserved - firm.work * cluster.input_price)
        before = firm.working_capital
        usual_capital = kept_capital(p, firm)
        if p.finance_enabled:
            usual_profit = firm.workers * (p.local_price - (cluster.opening_input_price + p.local_wage))
            draw = owners_draw(firm.profit, usual_profit, before, usual_capital, p.finance_retention, p.finance_drift)
            # A firm cannot spend what it does not have: the household goes short, or puts money in.
            own.draw = min(draw, before + sales - own.inputs - wages)
        else:
            # Money does not bind: the household takes, or puts in, whatever keeps working capital as it was.
            own.draw = before + sales - own.inputs - wages - usual_capital
        firm.working_capital = before + sales - own.inputs - wages - own.draw
        note_outcomes(world, c, i, own, month)
