"""The run against closed forms: price, decay, a firm alone computed by hand, the fixed point of the choice rule."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from klastersim import Scenario, simulate
from klastersim.analysis.patterns.remains import fixed_point
from klastersim.compiled import one, purposes, two
from klastersim.engine.run import advance
from klastersim.world.build import build
from tests.verification.runs import load


def logistic(x):
    return 1.0 / (1.0 + math.exp(-x))


@pytest.mark.parametrize(("share", "elasticity"), [(0.25, 1.5), (1.0, 1.5), (0.6, 0.7), (1.0, 8.0)])
def test_the_price_of_every_month_follows_from_what_is_brought_to_the_market(share, elasticity):
    scenario = Scenario.preset("sentra").replace(
        {"local.cluster_share": share, "local.elasticity": elasticity, "ties.trust": 0.8, "market.potential": 8.0}
    )
    world = build([scenario], [2])
    prices = []
    for month in range(1, 41):
        sold = float(world.clusters["goods_sold"][0])
        world = advance(world, month)
        cluster = world.clusters[0]
        supply = (float(cluster.goods_sold) - sold) / float(cluster.opening_supply)
        relative = 1.0 + share * (supply - 1.0)
        expected = min(10.0, relative ** (-1.0 / elasticity)) * scenario["local.price"]
        assert float(cluster.price) == pytest.approx(expected, rel=1e-10)
        prices.append(float(cluster.price))
    assert max(prices) > scenario["local.price"] * 1.001


@pytest.mark.parametrize("drift", [0.0, 0.01, 0.2, 1.0])
def test_trust_without_events_decays_exponentially_to_its_base(drift):
    world = build([load("alone", learning__trust_drift=drift)], [4])
    base = np.array(world.ties["base_trust"])
    world.ties["trust"] = start = np.linspace(0.0, 1.0, len(base))
    months = 17
    world = advance(world, months)
    ties = int(world.clusters["ties"][0])
    expected = base + (start - base) * (1.0 - drift) ** months
    assert np.array(world.ties["trust"])[:ties] == pytest.approx(expected[:ties], rel=1e-12, abs=1e-14)


def test_a_base_that_learns_meets_trust_half_way_as_computed():
    drift, learning, months = 0.05, 0.02, 30
    world = build([load("alone", learning__trust_drift=drift, learning__base_learning=learning)], [4])
    ties = int(world.clusters["ties"][0])
    base = np.array(world.ties["base_trust"])[:ties]
    trust = 1.0 - base
    world.ties["trust"][:ties] = trust
    world = advance(world, months)
    for _ in range(months):
        trust = trust + drift * (base - trust)
        base = base + learning * (trust - base)
    assert np.array(world.ties["trust"])[:ties] == pytest.approx(trust, rel=1e-12)
    assert np.array(world.ties["base_trust"])[:ties] == pytest.approx(base, rel=1e-12)


@pytest.mark.parametrize("decay", [0.0, 0.03, 1.0])
def test_relations_without_orders_decay_exponentially_to_their_base(decay):
    world = build([load("alone", relations__decay=decay)], [4])
    start = np.linspace(0.0, 1.0, world.relations.size).reshape(world.relations.shape)
    world.relations[:] = start
    traders = np.linspace(0.0, 1.0, world.trader_relations.size).reshape(world.trader_relations.shape)
    world.trader_relations[:] = traders
    world = advance(world, 23)
    base = Scenario.preset("sentra")["market.linkage"]
    assert world.relations == pytest.approx(base + (start - base) * (1.0 - decay) ** 23, rel=1e-12, abs=1e-15)
    base = Scenario.preset("sentra")["market.trader_linkage"]
    assert world.trader_relations == pytest.approx(base + (traders - base) * (1.0 - decay) ** 23, rel=1e-12, abs=1e-15)


def test_a_relation_that_decays_three_in_a_hundred_has_a_half_life_of_23_months():
    world = build([load("alone", market__linkage=0.0)], [4])
    world.relations[:] = 1.0
    values = [float(advance(world, month).relations[0, 0]) for month in range(1, 25)]
    assert values[21] > 0.5 > values[22]


def test_what_firms_outside_expect_fades_exponentially():
    world = build([load("alone", decision__enabled=False)], [4])
    start = np.linspace(-0.2, 0.5, 50)
    world.firms["expected_gain"] = start
    world = advance(world, 12)
    fade = Scenario.preset("sentra")["learning.gain_fade"]
    assert np.array(world.firms["expected_gain"]) == pytest.approx(start * (1.0 - fade) ** 12, rel=1e-12)


def test_quality_without_a_group_returns_exponentially_to_its_base():
    world = build([load("alone", decision__enabled=False)], [4])
    base = np.array(world.firms["quality_base"])
    world.firms["quality"] = start = np.linspace(0.0, 1.0, 50)
    world = advance(world, 12)
    drift = Scenario.preset("sentra")["learning.quality_drift"]
    expected = base + (start - base) * (1.0 - drift) ** 12
    assert np.array(world.firms["quality"]) == pytest.approx(expected, rel=1e-12)


ALONE = {
    "cluster.firms": 1,
    "cluster.sizes": "equal",
    "cluster.workers": 20.0,
    "decision.enabled": False,
    "market.potential": 0.8,
    "market.linkage": 0.7,
    "market.large_firms": 2,
    "market.traders": 1,
    "orders.low_weeks": 1.0,
    "orders.high_value": 200.0,
    "orders.quality": 0.3,
    "orders.default_rate": 0.15,
    "orders.late_rate": 0.3,
    "orders.premium": 0.5,
    "orders.allowance": 0.15,
    "finance.working_capital": 0.6,
    "finance.collateral_share": 1.0,
    "programme.enabled": False,
}


def by_hand(s, seed, months):
    """A firm alone, computed month by month; every line is a line of the documented month."""
    uniform = lambda month, purpose, who=0, whom=0: two(seed, month, purpose, 0, who, whom)  # noqa: E731
    price0, workers, schedule = s["local.price"], s["cluster.workers"], s["orders.schedule"]
    inputs, wage = s["local.input_share"] * price0, s["local.wage"]
    default, late, discount = s["orders.default_rate"], s["orders.late_rate"], s["orders.late_discount"]
    kept = (1.0 - default) * (1.0 - late * discount)
    order_price = (price0 + s["orders.premium"] * (price0 - inputs - wage)) / (1.0 - s["orders.allowance"])
    low = math.log(s["orders.low_weeks"] * 12.0 / 52.0 * workers)
    high = math.log(s["orders.high_value"] / price0)
    mean, spread = (low + high) / 2.0, (high - low) / (2.0 * stats.norm.ppf(0.95))
    a, b = s["cluster.quality"] * 10.0, (1.0 - s["cluster.quality"]) * 10.0
    quality = stats.beta.ppf(one(seed, 0, purposes.OPEN_QUALITY, 0, 0, 0), a, b)
    usual = workers * price0 * s["finance.working_capital"]
    usual *= math.exp(s["finance.spread"] * stats.norm.ppf(one(seed, 0, purposes.OPEN_CAPITAL, 0, 0, 0)))
    usual_income = workers * (price0 - inputs - wage)
    capital, reserved, price = usual, 0.0, price0
    relations = [s["market.linkage"]] * 3
    used_until = [0, 0, 0]
    shares = [0.25, 0.25, 0.5]
    orders, rows, loans = [], [], 0
    for month in range(1, months + 1):
        income = volume_done = interest_done = 0.0
        for order in orders:
            if order["due"] == month:
                never, slow = uniform(month, purposes.DELIVERY, 0, order["number"])
                order["late"] = slow < late
                order["income"] = 0.0 if never < default else order_price * order["volume"]
                order["income"] *= 1.0 - discount if order["late"] else 1.0
                order["lost"] = never < default
                income += order["income"]
                volume_done += order["volume"]
                interest_done += order["interest"]
                r = relations[order["buyer"]]
                worked, failed = r + s["relations.rise"] * (1.0 - r), r - s["relations.fall"] * r
                relations[order["buyer"]] = failed if order["lost"] else worked
        for order in orders:
            payday = order["due"] + s["orders.payment_delay"]
            if not order["due"] > month and not order["lost"] and month == payday + order["late"]:
                capital += order["income"]
            if month == payday + 1:
                capital -= min(order["loan"] + order["interest"], max(0.0, capital)) if order["loan"] else 0.0
        work = sum(order["volume"] / schedule for order in orders if order["due"] > month)
        arrivals = stats.poisson.ppf(uniform(month, purposes.ORDER_COUNT)[0], s["market.potential"])
        for number in range(int(arrivals)):
            whose, reach = uniform(month, purposes.ORDER_ARRIVAL, number)
            buyer = next(k for k in range(3) if whose < sum(shares[: k + 1]))
            if reach >= relations[buyer]:
                continue
            size, standard = uniform(month, purposes.ORDER_SIZE, number)
            volume = math.exp(mean + spread * stats.norm.ppf(size))
            asked = s["orders.quality"] + s["orders.quality_spread"] * stats.norm.ppf(standard)
            own = max(0.0, capital - reserved)
            closing = s["orders.payment_delay"] + 1
            owed = sum(order["loan"] for order in orders if month < order["due"] + closing)
            line = max(0.0, s["finance.limit"] * workers * price0 - owed)
            loan = max(0.0, volume * inputs - own)
            interest = loan * s["finance.rate"] / 100.0 * (schedule + s["orders.payment_delay"] + 1) / 12.0
            interest += s["finance.loan_cost"] if loan > 0.0 else 0.0
            if (workers - work) * schedule < volume or quality < asked or loan > line:
                continue
            if volume * (order_price * kept - price) - interest <= 0.0:
                continue
            loans += loan > 0.0
            capital += loan
            reserved += volume * inputs
            work += volume / schedule
            due = month + schedule
            used_until[buyer] = due
            orders.append(dict(due=due, number=number, volume=volume, buyer=buyer, loan=loan, interest=interest))
        local = workers - work
        relative = 1.0 + s["local.cluster_share"] * (local / workers - 1.0)
        price = price0 * relative ** (-1.0 / s["local.elasticity"])
        profit = local * (price - inputs - wage) + income - volume_done * (inputs + wage) - interest_done
        reserved = max(0.0, reserved - work * inputs)
        draw = profit - s["finance.retention"] * (profit - usual_income) + s["finance.drift"] * (capital - usual)
        cash = capital + local * price - workers * (inputs + wage)
        capital = cash - min(draw, cash)
        for buyer in range(3):
            if used_until[buyer] < month:
                relations[buyer] += s["relations.decay"] * (s["market.linkage"] - relations[buyer])
        rows.append((price, profit, capital, *relations, local * price + income))
    return rows, orders, loans


@pytest.mark.parametrize("seed", range(1, 13))
def test_a_firm_alone_lives_as_computed_by_hand(seed):
    scenario = Scenario.preset("sentra").replace(ALONE)
    rows, orders, _ = by_hand(scenario, seed, 36)
    world = build([scenario], [seed])
    for month, row in enumerate(rows, 1):
        world = advance(world, month)
        firm = world.firms[0]
        found = (world.clusters["price"][0], firm.profit, firm.working_capital, *world.relations[0], firm.income)
        assert [float(value) for value in found] == pytest.approx(row, rel=1e-9, abs=1e-9), month
    assert int(world.clusters["next_order"][0]) == len(orders)


def test_the_firms_computed_by_hand_take_lose_and_borrow_for_orders():
    scenario = Scenario.preset("sentra").replace(ALONE)
    lives = [by_hand(scenario, seed, 36) for seed in range(1, 13)]
    orders = [order for _, taken, _ in lives for order in taken if "lost" in order]
    assert len(orders) > 20
    assert any(order["lost"] for order in orders)
    assert any(order["late"] for order in orders)
    assert sum(loans for _, _, loans in lives) > 3


def mean_field(free_riders, intercept, social, trust_weight, trust, start):
    x = start
    for _ in range(2000):
        willing = logistic(intercept + social * x + trust_weight * (trust - 0.5))
        x = free_riders * logistic(intercept) + (1.0 - free_riders) * willing
    return x


@pytest.mark.parametrize("start", ["passive", "cooperating"])
@pytest.mark.parametrize(
    ("intercept", "social", "trust_weight", "trust"),
    [(-2.0, 1.5, 3.0, 0.5), (-2.0, 1.5, 3.0, 0.8), (-4.0, 10.0, 0.0, 0.5), (-1.0, 3.0, 6.0, 0.2)],
)
def test_the_choice_rule_alone_settles_at_the_fixed_point_of_its_mean_field(
    intercept, social, trust_weight, trust, start
):
    # Share of 40,000 firms, standard error 0.0025 a month at most; 12 months are averaged: 5 standard errors.
    firms = 40_000
    scenario = load(
        "alone",
        cluster__firms=firms,
        ties__kind="all",
        ties__trust=trust,
        groups__enabled=False,
        decision__gain=0.0,
        decision__intercept=intercept,
        decision__social=social,
        decision__trust=trust_weight,
        start__kind=start,
    )
    world = build([scenario], [8])
    free_riders = 1.0 - float(np.mean(world.firms["social"]))
    series = advance(world, 60).series["cooperating"][0]
    expected = mean_field(free_riders, intercept, social, trust_weight, trust, float(start == "cooperating"))
    assert float(np.mean(series)) == pytest.approx(expected, abs=0.008)


def test_on_dense_random_ties_the_choice_rule_settles_at_the_same_fixed_point():
    # Trust is alike (concentration 10,000), so weighting by trust changes nothing; 100 partners leave 0.05 of noise in
    # the share that a firm sees, which moves the mean by less than 0.002.
    scenario = load(
        "alone",
        cluster__firms=10_000,
        ties__kind="random",
        ties__degree=100.0,
        ties__most=0,
        ties__trust=0.6,
        ties__concentration=10_000.0,
        groups__enabled=False,
        decision__gain=0.0,
    )
    world = build([scenario], [8])
    free_riders = 1.0 - float(np.mean(world.firms["social"]))
    series = advance(world, 60).series["cooperating"][0]
    assert float(np.mean(series)) == pytest.approx(mean_field(free_riders, -2.0, 1.5, 3.0, 0.6, 0.0), abs=0.008)


def test_where_cooperation_brings_nothing_it_falls_to_the_fixed_point_of_the_choice_rule():
    # Pattern 16, from the cooperating start, committed defaults. 80 clusters, months 61 to 120: the mean's standard
    # error is about 0.002, and what the share seen by six partners varies moves the fixed point by less than 0.003.
    scenario = load("alone", start__kind="cooperating")
    expected = np.mean([fixed_point(build([scenario], [seed]), 0, scenario) for seed in range(1, 81)])
    world = build([scenario] * 80, range(1, 81), months_kept=120)
    series = advance(world, 120).series["cooperating"]
    found = float(np.mean(series[:, 60:120]))
    assert series[:, 0].mean() > 0.7
    assert found == pytest.approx(expected, abs=0.012)
    print(f"fixed point {expected:.4f}, found {found:.4f}")  # shown with -s


def test_a_run_in_pieces_is_the_run_in_one():
    scenario = Scenario.preset("sentra").replace({"ties.trust": 0.8, "market.potential": 8.0})
    whole = simulate(scenario, 60, seed=5)
    world = build([scenario], [5], months_kept=60)
    for month in (1, 2, 7, 30, 31, 60):
        world = advance(world, month)
    assert world.series.tobytes() == whole.world.series.tobytes()
    assert world.firms.tobytes() == whole.world.firms.tobytes()
