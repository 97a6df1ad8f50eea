"""The month is opened and measured."""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.engine.bridging import measure_bridges
from klastersim.engine.chain_measures import measure_chain
from klastersim.engine.joint_bodies import bodies_now, machines_of_bodies
from klastersim.engine.neighbours import spared
from klastersim.engine.positions import measure_positions, open_positions
from klastersim.world.ends import has_both_owners, note_ends
from klastersim.world.layout import NONE, SUSPENDED, VACANT, YEAR

#: A cluster is active where at least this share of firms took part in a collective act within twelve months ...
ACTING = 0.30

#: ... and at least this share of sales was collective.
COLLECTIVE = 0.05


@inner
def row_of(world, c, month):
    """Row of this month's measures."""
    return world.series[c, (month - 1) % world.series.shape[1]]


@kernel
def open_month(world, c, month):
    """Clear what is counted by the month."""
    cluster = world.clusters[c]
    cluster.month = month
    row = row_of(world, c, month)
    row.month = month
    row.potential = 0.0
    row.reached = 0.0
    row.organised = 0.0
    row.skilled = 0.0
    row.financed = 0.0
    row.taken = 0.0
    row.taken_alone = 0.0
    row.subcontracts = 0.0
    row.due = 0.0
    row.delivered = 0.0
    row.single_share = 0.0
    row.collective_sales = 0.0
    row.public_cost = 0.0
    row.social_cost = 0.0
    row.own_sales = 0.0
    row.entries = 0.0
    row.exits = 0.0
    row.investment = 0.0
    row.invested = 0.0
    cluster.bank_credit = 0.0
    row.captured = 0.0
    open_positions(world, c, month)
    for i in range(cluster.first_firm, cluster.first_firm + cluster.firms):
        world.firms[i].support_days = 0.0
        world.firms[i].charges = 0.0


@kernel
def open_books(world, scratch, c):
    """Clear what each firm's month comes to, and the list of orders that are offered."""
    cluster = world.clusters[c]
    cluster.arrivals = 0
    cluster.supply = 0.0
    scratch.noted[0] = 0
    p = world.params[world.clusters[c].terms]
    functions = p.functions_enabled
    chain = p.chain_enabled
    cluster.stage_trade = 0.0
    for i in range(cluster.firms):
        cluster.supply += world.firms[cluster.first_firm + i].workers
        own = scratch.month[i]
        own.saving = 0.0
        own.purchase_gain = 0.0
        own.order_gain = 0.0
        own.order_income = 0.0
        own.order_volume = 0.0
        own.order_loan_cost = 0.0
        if functions:
            own.services = 0.0
            own.wear = 0.0
            own.invested = 0.0
            own.function_gain = 0.0
            own.carried = 0
            own.joint = 0
        if chain:
            own.partners = 0.0
            own.matched = 0.0
            own.stage_volume = 0.0
            own.stage_income = 0.0
            own.stage_bought = 0.0
            own.trade_profit = 0.0
            own.buying_profit = 0.0


@inner
def _sum_year(world, c, month, row):
    """Note this month's sales; return (collective sales, those that nobody subsidised, sales) of the last year."""
    now = world.year[c, (month - 1) % YEAR]
    now.collective_sales = row.collective_sales
    now.own_sales = row.own_sales
    now.sales = row.sales
    collective = own = sales = 0.0
    for past in range(max(1, month - YEAR + 1), month + 1):
        then = world.year[c, (past - 1) % YEAR]
        collective += then.collective_sales
        own += then.own_sales
        sales += then.sales
    return collective, own, sales


@inner
def is_active(acting, collective, factor):
    """Whether a cluster is active at `factor` times the thresholds."""
    return acting >= factor * ACTING and collective >= factor * COLLECTIVE


@kernel
def measure(world, scratch, c, month):
    """Measure the month, and keep the accounts with those outside the cluster."""
    cluster = world.clusters[c]
    row = row_of(world, c, month)
    _measure_firms(world, scratch, c, month, row)
    _measure_ties(world, scratch, c, row)
    row.groups = cluster.groups
    row.largest_group = 0.0
    for group in range(cluster.groups):
        row.largest_group = max(row.largest_group, float(scratch.groups[group + 1].first - scratch.groups[group].first))
    row.bodies, row.dormant_share = bodies_now(world, c, month)
    row.price = cluster.price
    row.bank_credit = cluster.bank_credit
    row.unspent = cluster.kept
    for purse in range(world.purses.shape[1]):
        row.unspent += world.purses[c, purse]
    collective, own, sales = _sum_year(world, c, month, row)
    row.collective_share = collective / sales if sales > 0.0 else 0.0
    row.own_share = own / sales if sales > 0.0 else 0.0
    row.active = is_active(row.acting, row.collective_share, 1.0)
    row.active_half = is_active(row.acting, row.collective_share, 0.5)
    row.active_double = is_active(row.acting, row.collective_share, 2.0)
    row.active_orders = is_active(row.acting_orders, row.collective_share, 1.0)
    row.active_own = is_active(row.acting_own, row.own_share, 1.0)
    cluster.active = row.active > 0.0
    measure_bridges(world, c, month, row)
    measure_positions(world, scratch, c, month, row)
    if world.params[world.clusters[c].terms].chain_enabled:
        measure_chain(world, scratch, c, row)


@inner
def _measure_firms(world, scratch, c, month, row):
    """Sum over firms, in ascending order."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    cooperating = in_groups = acting = acting_orders = acting_own = supported = 0
    present = suspended = 0
    alone = joint = machines = 0
    gain = quality = capital = sales = profit = wages = inputs = draws = made = sold = jobs = technology = best = 0.0
    invested = joint_gain = purchase_gain = services = stage_income = stage_volume = 0.0
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        own = scratch.month[i]
        scratch.there[i] = firm.standing != VACANT
        if not scratch.there[i]:
            # What a firm that closed has still to be paid, or still owes, is no longer the cluster's.
            continue
        present += 1
        suspended += firm.standing == SUSPENDED
        jobs += firm.workers
        cooperating += firm.cooperates
        in_groups += firm.group != NONE
        acting += month - firm.last_act < YEAR
        acting_orders += month - firm.last_order_act < YEAR
        acting_own += month - firm.last_own_act < YEAR
        supported += firm.supported > 0
        gain += firm.expected_gain
        quality += firm.quality
        capital += firm.working_capital
        sales += firm.income
        profit += firm.profit
        inputs += own.inputs
        if p.functions_enabled:
            technology += firm.technology
            best = max(best, firm.technology)
            invested += own.invested
            joint_gain += own.function_gain
            services += own.services
            alone += own.carried != own.joint
            joint += own.joint != 0
            machines += firm.machine_until >= month
        joint_gain += own.order_gain + own.purchase_gain
        purchase_gain += own.purchase_gain
        if p.chain_enabled:
            stage_income, stage_volume = own.stage_income, own.stage_volume
        draws += own.draw
        wages += firm.workers * p.local_wage
        local = (firm.income - own.order_income - own.contract_income - stage_income) / cluster.price
        sold += local
        made += local - stage_volume + firm.work + own.contract_volume
    n = float(max(1, present))
    row.firms = present
    row.suspended = suspended / n
    row.jobs = jobs
    row.local_labour = 1.0 + min(0.0, cluster.home_workers) / jobs if jobs > 0.0 else 1.0
    row.investment += profit - draws
    row.cooperating = cooperating / n
    row.in_groups = in_groups / n
    row.acting = acting / n
    row.acting_orders = acting_orders / n
    row.acting_own = acting_own / n
    row.supported = supported / n
    row.expected_gain = gain / n
    row.quality = quality / n
    row.working_capital = capital / n
    cluster.best_technology = best
    row.technology = technology / n
    row.functions_alone = alone / n
    row.functions_joint = joint / n
    row.machines = machines + machines_of_bodies(world, c, month)
    # Beside what was paid for machines that a programme helped to buy.
    row.invested += invested
    # What one firm sold to another is no sale of the cluster.
    sales -= cluster.stage_trade
    inputs -= cluster.stage_trade
    row.sales = sales
    row.profit = profit
    row.wages = wages
    row.inputs = inputs
    row.draws = draws
    row.value_added = sales - inputs
    row.productivity = row.value_added / jobs if jobs > 0.0 else 0.0
    row.external_economies = spared(world, c, inputs - services)
    row.joint_gain = joint_gain
    row.purchase_gain = purchase_gain
    bought = inputs - services + cluster.stage_trade
    row.local_inputs = cluster.stage_trade / bought if bought > 0.0 else 0.0
    cluster.buyers_account -= sold * cluster.price
    cluster.suppliers_account += inputs + invested
    cluster.households_account += wages + draws
    cluster.goods_made += made
    cluster.goods_sold += sold


@inner
def _measure_ties(world, scratch, c, row):
    """Mean trust, and the share of ties on which firms would work together."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    total = 0.0
    dense = 0
    count = cluster.ties
    if cluster.vacant > 0:
        note_ends(world, scratch, c)
    for k in range(cluster.ties):
        if cluster.vacant > 0 and not has_both_owners(scratch, k):
            count -= 1
            continue
        trust = world.ties[cluster.first_tie + k].trust
        total += trust
        dense += trust >= p.groups_trust
    if count > 0:
        row.trust = total / count
        row.trust_density = dense / count
    else:
        row.trust = p.ties_trust
        row.trust_density = 1.0 if p.ties_trust >= p.groups_trust else 0.0
