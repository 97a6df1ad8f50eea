"""R8 measured: what firms receive for what goes to orders, against what traders pay and what the chain makes of it."""

from __future__ import annotations

from klastersim.compiled import inner
from klastersim.world.layout import YEAR


@inner
def this_month(world, c, month):
    """Row of the year in which this month's deliveries are noted."""
    return world.year[c, (month - 1) % YEAR]


@inner
def open_positions(world, c, month):
    """Clear what is noted by the month."""
    now = this_month(world, c, month)
    now.order_value = 0.0
    now.order_volume = 0.0
    now.order_margin = 0.0
    now.order_inputs = 0.0
    now.advanced = 0.0


@inner
def note_received(world, c, month, order, part):
    """Note a part of an order that arrived, its value at the price agreed and a trader's margin, both by the floor."""
    now = this_month(world, c, month)
    now.order_value += order.price / world.clusters[c].order_price * part.volume
    now.order_margin += order.margin / world.clusters[c].order_price * part.volume
    now.order_volume += part.volume


@inner
def note_inputs(world, c, month, arrival):
    """Note the inputs of an order that was taken, and what of them is advanced."""
    now = this_month(world, c, month)
    bill = arrival.volume * world.clusters[c].input_price
    now.order_inputs += bill
    now.advanced += bill * (1.0 - arrival.own)


@inner
def measure_positions(world, scratch, c, month, row):
    """Measure bargaining, margins, prefinance over the last year; take account of output sold under contracts."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    value = volume = margin = inputs = advanced = 0.0
    for past in range(max(1, month - YEAR + 1), month + 1):
        then = this_month(world, c, past)
        value += then.order_value
        volume += then.order_volume
        margin += then.order_margin
        inputs += then.order_inputs
        advanced += then.advanced
    row.bargaining = 1.0
    row.producer_share = p.bargaining_producer_share
    if volume > 0.0:
        row.bargaining = value / volume
        row.producer_share = (row.bargaining * cluster.order_price - cluster.input_price) / cluster.final_value
    row.trader_margin = margin / (value + margin) if margin > 0.0 else 0.0
    row.prefinanced = advanced / inputs if inputs > 0.0 else 0.0
    row.contracted = 0.0
    if p.contracts_enabled:
        _account_contracts(world, scratch, c, row)


@inner
def _account_contracts(world, scratch, c, row):
    """Let buyers pay for what they got under contracts, and count the firms bound."""
    cluster = world.clusters[c]
    for buyer in range(cluster.buyers):
        world.buyers[c, buyer].contracted = 0.0
    bound = 0
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        if firm.contract_end >= cluster.month:
            own = scratch.month[i]
            bound += 1
            world.buyers[c, firm.contract_buyer].contracted += own.contract_volume
            cluster.buyers_account -= own.contract_income
            cluster.goods_delivered += own.contract_volume
    row.contracted = bound / max(1.0, row.firms)
