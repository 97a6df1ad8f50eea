"""The opening of a cluster: its firms, ties, prices and relations, drawn from the scenario's distributions."""

from __future__ import annotations

import numpy as np

from klastersim.compiled import beta_quantile, exp, inner, kernel, normal_quantile, one, power, two
from klastersim.compiled.purposes import (
    OPEN_BUYER,
    OPEN_CAPITAL,
    OPEN_HOLD,
    OPEN_LIFE,
    OPEN_MACHINE,
    OPEN_QUALITY,
    OPEN_SOCIAL,
    OPEN_STAGE,
    OPEN_THRESHOLD,
    OPEN_TIE,
    OPEN_TRUST,
    OPEN_TYPE,
    OPEN_WORKERS,
)
from klastersim.rules.bargaining import ceiling_price, final_value
from klastersim.rules.buyers import drawn_factor, drawn_schedule
from klastersim.rules.cooperation import CONDITIONAL, FREE_RIDER, HUMP_SHAPED, OTHER
from klastersim.rules.growth import FOREVER, months_to_live
from klastersim.rules.orders import WEEKS, YEAR, order_price, volume_distribution
from klastersim.world.codes import (
    PREMIUM_ON_WHOLE,
    SIZES_EQUAL,
    START_COOPERATING,
    TIES_NEAR,
    TIES_RANDOM,
    TYPES_FOUR,
)
from klastersim.world.layout import NEVER, NONE, OPERATES, SUSTAINED, WINDOW

#: Size classes by workers (S11): micro 1 to 4, small 5 to 19, medium 20 to 99.
MICRO_LOW, SMALL_LOW, MEDIUM_LOW, MEDIUM_HIGH = 1, 5, 20, 99


@inner
def _workers(p, which, size):
    """Workers of a firm: its class by one draw, uniform inside the class by another."""
    if p.cluster_sizes == SIZES_EQUAL:
        return p.cluster_workers
    if which < p.cluster_micro_share:
        low, high = MICRO_LOW, SMALL_LOW - 1
    elif which < p.cluster_micro_share + p.cluster_small_share:
        low, high = SMALL_LOW, MEDIUM_LOW - 1
    else:
        low, high = MEDIUM_LOW, MEDIUM_HIGH
    return float(low + int(size * (high - low + 1)))


@kernel
def open_cluster(world, c):
    """Fill in firms, prices and relations of a cluster whose ties are laid."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    cluster.input_price = p.local_input_share * p.local_price
    cluster.opening_input_price = cluster.input_price
    cluster.price = p.local_price
    cluster.order_price = order_price(
        p.local_price,
        cluster.input_price,
        p.local_wage,
        p.orders_premium,
        p.orders_low_weeks / (WEEKS * YEAR),
        p.orders_premium_on == PREMIUM_ON_WHOLE,
        p.orders_allowance,
    )
    cluster.opening_order_price = cluster.order_price
    cluster.order_demand = 1.0
    cluster.local_demand = 1.0
    cluster.local_rival = 1.0
    small = p.orders_low_weeks / WEEKS * p.cluster_workers * p.orders_size
    large = p.orders_high_value / p.local_price * p.orders_size
    cluster.order_log_mean, cluster.order_log_spread = volume_distribution(small, large)
    cluster.buyers = p.market_large_firms + p.market_traders
    cluster.final_value = final_value(p.local_price, cluster.input_price, p.bargaining_producer_share)
    _open_buyers(world, c)
    cluster.linkage = 1.0 - power(1.0 - p.market_linkage, float(cluster.firms)) if cluster.buyers > 0 else 0.0
    _set_windows(p, cluster)
    cluster.opening_supply = 0.0
    cluster.largest_workshop = 0.0
    cluster.cooperating = 0
    for i in range(cluster.firms):
        open_firm(world, c, i, 0)
        firm = world.firms[cluster.first_firm + i]
        cluster.opening_supply += firm.workers
        cluster.largest_workshop = max(cluster.largest_workshop, firm.workers)
        cluster.cooperating += firm.cooperates
        set_relations(world, c, i, p.market_linkage)
    cluster.home_workers = (p.growth_local_labour - 1.0) * cluster.opening_supply
    for trader in range(p.market_traders):
        for buyer in range(p.market_large_firms):
            world.trader_relations[c, trader, buyer] = p.market_trader_linkage


@inner
def share_of_kind(p, number):
    """Share of the potential orders that a buyer places where all of its kind are alike."""
    trader_share = p.market_trader_share
    if p.market_traders == 0:
        trader_share = 0.0
    elif p.market_large_firms == 0:
        trader_share = 1.0
    if number < p.market_large_firms:
        return (1.0 - trader_share) / p.market_large_firms
    return trader_share / p.market_traders


@inner
def _open_buyers(world, c):
    """Set what each buyer asks and can pay: large firms share what traders leave, all alike unless they are unequal."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    ceiling = ceiling_price(
        p.local_price,
        cluster.input_price,
        p.bargaining_producer_share,
        p.bargaining_exporter_share,
        p.bargaining_margin,
    )
    for number in range(cluster.buyers):
        buyer = world.buyers[c, number]
        buyer.share = share_of_kind(p, number)
        buyer.ceiling = ceiling
        buyer.best = NONE
        buyer.volume = 1.0
        buyer.schedule = p.orders_schedule
        buyer.stretch = 1.0
        buyer.principal = p.principals_enabled and number < min(p.principals_number, p.market_large_firms)
    if p.buyers_unequal:
        _draw_buyers(world, c, 0, p.market_large_firms)
        _draw_buyers(world, c, p.market_large_firms, cluster.buyers)


@inner
def _draw_buyers(world, c, first, last):
    """Draw how the buyers of a kind differ; what they place adds up to what the kind does."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    placed = total = 0.0
    for number in range(first, last):
        buyer = world.buyers[c, number]
        rate, volume = two(cluster.seed, 0, OPEN_BUYER, cluster.identity, number, 0)
        quality, months = two(cluster.seed, 0, OPEN_BUYER, cluster.identity, number, 1)
        ceiling = one(cluster.seed, 0, OPEN_BUYER, cluster.identity, number, 2)
        placed += buyer.share
        buyer.share = drawn_factor(rate, p.buyers_rate_spread)
        total += buyer.share
        buyer.volume = drawn_factor(volume, p.buyers_volume_spread)
        buyer.quality = p.buyers_quality_spread * normal_quantile(quality)
        buyer.schedule = drawn_schedule(months, p.orders_schedule, p.buyers_schedule_spread)
        buyer.stretch = buyer.schedule / float(p.orders_schedule)
        buyer.ceiling *= drawn_factor(ceiling, p.buyers_ceiling_spread)
    for number in range(first, last):
        world.buyers[c, number].share *= placed / total


@inner
def _set_windows(p, cluster):
    """Set the months whose value added firms note: up to three years before a programme, and the third to fifth after.

    Before the first order can be due there is work but no delivery: these months are left out.
    """
    cluster.before_last = p.programme_start - 1
    cluster.before_first = max(p.orders_schedule + 1, p.programme_start - WINDOW)
    cluster.after_last = p.programme_end + SUSTAINED
    cluster.after_first = cluster.after_last - WINDOW + 1


@inner
def set_relations(world, c, i, relation):
    """Set a firm's relations with all buyers, with no order under way."""
    cluster = world.clusters[c]
    for buyer in range(cluster.buyers):
        world.relations[cluster.first_firm + i, buyer] = relation
        world.relations_used[cluster.first_firm + i, buyer] = 0


@inner
def open_firm(world, c, i, month):
    """Draw of a firm that opens in a month (0: at the opening) what is not given: what is not a number in its row."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + i]
    which, size = two(cluster.seed, month, OPEN_WORKERS, cluster.identity, i, 0)
    kind, pledge = two(cluster.seed, month, OPEN_TYPE, cluster.identity, i, 0)
    capital = one(cluster.seed, month, OPEN_CAPITAL, cluster.identity, i, 0)
    skill = one(cluster.seed, month, OPEN_QUALITY, cluster.identity, i, 0)
    if np.isnan(firm.workers):
        firm.workers = _workers(p, which, size)
    firm.social = _social(p, kind, cluster.seed, month, cluster.identity, i)
    firm.collateral = pledge < p.finance_collateral_share
    if np.isnan(firm.quality):
        firm.quality = beta_quantile(skill, p.cluster_quality, p.cluster_quality_concentration)
    firm.quality_base = firm.quality
    months = p.finance_working_capital * exp(p.finance_spread * normal_quantile(capital))
    if np.isnan(firm.working_capital):
        firm.working_capital = months * firm.workers * p.local_price
    firm.usual_capital = firm.working_capital
    firm.threshold = _threshold(p, one(cluster.seed, month, OPEN_THRESHOLD, cluster.identity, i, 0))
    firm.cooperates = p.start_kind == START_COOPERATING
    firm.group = NONE
    firm.loan_group = NONE
    firm.body = NONE
    firm.last_act = NEVER
    firm.last_order_act = NEVER
    firm.last_own_act = NEVER
    firm.span = firm.workers
    firm.standing = OPERATES
    firm.born = month
    firm.closes = FOREVER
    firm.specialised = 0
    firm.division = 0.0
    firm.division_gain = 0.0
    firm.visitors = 0
    if p.chain_enabled and month == 0:
        stage, share = two(cluster.seed, 0, OPEN_STAGE, cluster.identity, i, 0)
        firm.specialised = share < p.chain_opening_share
        if firm.stage == 0:
            firm.stage = 1 + int(stage * p.chain_stages)
    if month == 0:
        firm.machine_until = _opening_machine(p, cluster.seed, cluster.identity, i, firm.machine_until)
    if p.growth_enabled:
        life = one(cluster.seed, month, OPEN_LIFE, cluster.identity, i, 0)
        firm.closes = int(min(float(FOREVER), month + months_to_live(life, p.growth_exit_hazard / 100.0)))


@inner
def _opening_machine(p, seed, identity, i, given):
    """Months for which a firm can still use the machine that it has at the opening; drawn where `given` is below 0."""
    if not p.functions_enabled or not p.functions_equipment:
        return 0
    if given >= 0:
        return given
    whether, age = two(seed, 0, OPEN_MACHINE, identity, i, 0)
    return 1 + int(age * p.functions_machine_months) if whether < p.functions_opening_machines else 0


@inner
def _social(p, kind, seed, month, identity, i):
    """Social type of an owner; with four kinds, who is of one of the rarer two is drawn first."""
    if p.types_kinds == TYPES_FOUR:
        rare = one(seed, month, OPEN_SOCIAL, identity, i, 0)
        if rare < p.types_hump:
            return HUMP_SHAPED
        if rare < p.types_hump + p.types_other:
            return OTHER
    return CONDITIONAL if kind >= p.cluster_free_riders else FREE_RIDER


@kernel
def draw_holds(world, c, draws):
    """Draw for every firm; those with the lowest draws are held in."""
    cluster = world.clusters[c]
    for i in range(cluster.firms):
        draws[i] = one(cluster.seed, 0, OPEN_HOLD, cluster.identity, i, 0)


@inner
def _threshold(p, chance):
    value = p.decision_threshold_mean + p.decision_threshold_spread * normal_quantile(chance)
    return np.floor(value + 0.5) if p.decision_threshold_whole else value


@kernel
def count_drawn_ties(p, firms):
    """Most ties that :func:`draw_ties` can draw."""
    if p.ties_kind == TIES_NEAR:
        return firms * (int(p.ties_degree / 2.0) + 1)
    if p.ties_kind == TIES_RANDOM:
        return int(np.floor(firms * p.ties_degree / 2.0 + 0.5))
    return 0


@kernel
def draw_ties(p, seed, identity, firms, first, last, codes):
    """Draw the ties of a cluster as codes ``lower * firms + upper``; return how many there are.

    Near: sites stand along a ring street; each knows the next ``degree / 2`` sites (a fraction by a draw), and with the
    chance of a long tie the far end is a random site instead (Watts and Strogatz 1998). Random: ``firms * degree / 2``
    pairs, of which this call draws numbers `first` to `last - 1`. Firms paired with themselves are dropped; a pair may
    be drawn twice.
    """
    count = 0
    if p.ties_kind == TIES_NEAR:
        reach = p.ties_degree / 2.0
        for i in range(firms):
            for step in range(1, int(reach) + 2):
                keep, stray = two(seed, 0, OPEN_TIE, identity, i, step)
                if keep >= reach - (step - 1):
                    continue
                far = (i + step) % firms
                if stray < p.ties_long_share:
                    far = int(stray / p.ties_long_share * firms)
                count = _add_code(codes, count, i, far, firms)
    elif p.ties_kind == TIES_RANDOM:
        for k in range(first, last):
            a, b = two(seed, 0, OPEN_TIE, identity, k, 0)
            count = _add_code(codes, count, int(a * firms), int(b * firms), firms)
    return count


@inner
def _add_code(codes, count, a, b, firms):
    if a == b:
        return count
    codes[count] = min(a, b) * firms + max(a, b)
    return count + 1


@kernel
def lay_ties(world, c, codes, count, trusts):
    """Lay ties from sorted codes; trust is drawn, or taken from `trusts`, if there are any, where that is 0 or more.

    Links of a firm ascend by partner: first the ties to lower sites, then those to higher ones.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    cluster.ties = count
    for k in range(count):
        tie = world.ties[cluster.first_tie + k]
        lower, upper = codes[k] // cluster.firms, codes[k] % cluster.firms
        if len(trusts) > 0 and trusts[k] >= 0.0:
            tie.trust = trusts[k]
        else:
            chance = one(cluster.seed, 0, OPEN_TRUST, cluster.identity, lower, upper)
            tie.trust = beta_quantile(chance, p.ties_trust, p.ties_concentration)
        tie.base_trust = tie.trust
        _link(world, cluster.first_firm + upper, lower, k)
    for k in range(count):
        _link(world, cluster.first_firm + codes[k] // cluster.firms, codes[k] % cluster.firms, k)
    for i in range(cluster.first_firm, cluster.first_firm + cluster.firms):
        world.firms[i].circle = world.firms[i].links


@inner
def _link(world, row, partner, tie):
    firm = world.firms[row]
    at = firm.first_link + firm.links
    world.links[at].partner = partner
    world.links[at].tie = tie
    firm.links += 1


@kernel
def add_degrees(codes, count, firms, degrees):
    """Add to `degrees` how many ties each firm has."""
    for k in range(count):
        degrees[codes[k] // firms] += 1
        degrees[codes[k] % firms] += 1
