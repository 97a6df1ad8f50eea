"""R6: who carries a function, and what it brings, against closed forms."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from klastersim.compiled import normal_chance
from klastersim.rules.functions import (
    carries,
    chance_among_rivals,
    chance_of_passing,
    logistics_benefit,
    machine_effect,
    months_counted,
    orders_within,
    output_of,
    punctual_rate,
    relation_researched,
    research_benefit,
    share_in_orders,
    share_of_cost,
    technology_benefit,
    technology_flow,
    technology_next,
    training_benefit,
    wear_of_machine,
)

share = st.floats(0.0, 1.0)
size = st.floats(0.1, 1e4)
money = st.floats(0.001, 1e4)


@given(benefit=money, cost=money, capacity=size)
def test_a_firm_carries_a_function_from_the_output_at_which_it_earns_its_cost(benefit, cost, capacity):
    threshold = cost / benefit
    if abs(capacity - threshold) > 1e-9 * threshold:
        assert carries(benefit, capacity, cost, capacity) == (capacity > threshold)


@given(benefit=money, cost=money, parts=st.lists(size, min_size=2, max_size=20))
def test_a_group_has_the_threshold_of_a_firm_as_large_as_all_its_members(benefit, cost, parts):
    whole = sum(parts)
    if abs(whole * benefit - cost) > 1e-9 * cost:
        assert {carries(benefit, part, cost, whole) for part in parts} == {carries(benefit, whole, cost, whole)}


@given(cost=money, parts=st.lists(size, min_size=1, max_size=20))
def test_shares_by_output_add_up_to_the_cost_of_a_firm_alone(cost, parts):
    assert sum(share_of_cost(cost, part, sum(parts)) for part in parts) == pytest.approx(cost)


@given(decay=share, horizon=st.integers(1, 120))
def test_months_counted_are_the_sum_of_what_is_left(decay, horizon):
    expected = math.fsum((1.0 - decay) ** n for n in range(horizon))
    assert months_counted(decay, float(horizon)) == pytest.approx(expected, rel=1e-6)


@given(mean=st.floats(-1.0, 6.0), spread=st.floats(0.05, 1.5), output=st.floats(0.01, 1e4))
def test_orders_within_reach_are_the_partial_mean_of_their_volume(mean, spread, output):
    # The partial mean of a lognormal is its mean times the chance of another, moved by the variance.
    moved = stats.lognorm(spread, scale=math.exp(mean + spread**2))
    expected = 3.0 * math.exp(mean + spread**2 / 2.0) * moved.cdf(output)
    assert orders_within(3.0, mean, spread, output) == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_orders_of_one_size_are_within_reach_or_not():
    assert orders_within(2.0, math.log(10.0), 0.0, 9.9) == 0.0
    assert orders_within(2.0, math.log(10.0), 0.0, 10.1) == pytest.approx(20.0)
    assert orders_within(0.0, 1.0, 1.0, 10.0) == orders_within(1.0, 1.0, 1.0, 0.0) == 0.0


@given(st.floats(0.0, 30.0))
def test_a_taker_among_a_poisson_number_of_others_gets_its_share_of_the_orders(rivals):
    linkage = 1.0 - math.exp(-rivals)
    expected = 1.0 if rivals == 0.0 else math.fsum(
        math.exp(-rivals) * rivals**n / math.factorial(n) / (n + 1) for n in range(150)
    )  # fmt: skip
    assert chance_among_rivals(linkage) == pytest.approx(expected, rel=1e-3)


def test_without_a_market_or_without_end_of_it_hopes_stay_within_bounds():
    assert chance_among_rivals(0.0) == 1.0
    assert 0.0 < chance_among_rivals(1.0) < 0.03
    assert share_in_orders(1.0, 1e9, 1.0) == 1.0


@given(quality=st.floats(0.0, 0.999), mean=share, spread=st.floats(0.01, 0.5))
def test_the_chance_to_pass_is_that_of_the_quality_that_orders_ask_for(quality, mean, spread):
    assert chance_of_passing(quality, mean, spread) == pytest.approx(stats.norm(mean, spread).cdf(quality), abs=1e-12)
    assert chance_of_passing(1.0, mean, spread) == 1.0
    assert chance_of_passing(quality, mean, 0.0) == (quality >= mean)


@given(st.floats(-36.0, 36.0))
def test_the_normal_chance_is_that_of_scipy(z):
    assert normal_chance(z) == pytest.approx(stats.norm.cdf(z), rel=1e-7, abs=1e-15)
    assert normal_chance(z) + normal_chance(-z) == pytest.approx(1.0)


def test_the_normal_chance_ends_at_none_and_one():
    assert (normal_chance(-40.0), normal_chance(40.0), normal_chance(0.0)) == (0.0, 1.0, 0.5)


@given(now=share, then=share, gain=st.floats(-1.0, 1.0), months=st.floats(1.0, 60.0))
def test_nothing_is_hoped_for_where_orders_bring_no_more_than_the_local_market(now, then, gain, months):
    for benefit in (research_benefit(now, then, gain, months), training_benefit(0.5, now, then, gain, months)):
        assert benefit >= 0.0
        if gain <= 0.0 or then <= now:
            assert benefit == 0.0


def test_benefits_are_what_a_unit_brings():
    assert training_benefit(0.5, 0.2, 0.3, 0.4, 10.0) == pytest.approx(0.5 * 0.1 * 0.4 * 10.0)
    assert research_benefit(0.2, 0.3, 0.4, 10.0) == pytest.approx(0.1 * 0.4 * 10.0)
    assert logistics_benefit(3.0, 12.0, 0.2) == pytest.approx(0.05)
    assert technology_benefit(0.25, 0.1, 0.2, 1.5, 20.0) == pytest.approx(0.1 * 0.75 * 0.2 * 1.5 * 20.0)
    assert technology_benefit(0.25, 0.1, 0.2, -1.0, 20.0) == 0.0
    assert punctual_rate(0.2, 0.25) == pytest.approx(0.15)
    assert wear_of_machine(60.0, 96.0) == 0.625


@given(relation=share, rise=share)
def test_market_research_brings_a_relation_part_of_the_way_to_one(relation, rise):
    after = relation_researched(relation, rise)
    assert 1.0 - after == pytest.approx((1.0 - rise) * (1.0 - relation), abs=1e-12)


@given(level=share, partner=share, trust=share, band=share)
def test_nobody_learns_of_who_is_behind_or_too_far_ahead(level, partner, trust, band):
    flow = technology_flow(level, partner, trust, band)
    if level < partner <= level + band and partner - level <= band:
        assert flow == trust * (partner - level)
    elif partner <= level:
        assert flow == 0.0


@given(level=share, flow=share, spill=share, carried=st.booleans(), rise=share, decay=share)
def test_technology_stays_between_none_and_the_highest(level, flow, spill, carried, rise, decay):
    flow = min(flow, 1.0 - level)
    assert 0.0 <= technology_next(level, flow, spill, carried, rise, decay) <= 1.0


def test_technology_that_is_worked_on_settles_where_rise_and_ageing_balance():
    level, rise, decay = 0.0, 0.05, 0.02
    for _ in range(2000):
        level = technology_next(level, 0.0, 0.0, True, rise, decay)
    assert level == pytest.approx((1.0 - decay) * rise / (1.0 - (1.0 - decay) * (1.0 - rise)))


def test_technology_that_nobody_works_on_ages_exponentially():
    assert technology_next(0.8, 0.0, 0.1, False, 0.5, 0.02) == pytest.approx(0.8 * 0.98)


@given(capacity=size, throughput=size, loss=share)
def test_a_machine_serves_its_throughput_and_no_more(capacity, throughput, loss):
    alone = machine_effect(0.15, capacity, throughput, False, loss)
    assert alone * capacity == pytest.approx(0.15 * min(capacity, throughput))
    assert machine_effect(0.15, capacity, throughput, True, loss) == pytest.approx(alone * (1.0 - loss))


@given(size)
def test_without_technology_and_machine_workers_make_exactly_what_they_are(workers):
    assert output_of(workers, 0.13, 0.0, 0.0) == workers
    assert output_of(workers, 0.0, 1.0, 0.0) == workers
    assert output_of(workers, 0.13, 0.5, 0.15) == pytest.approx(workers * 1.215)
