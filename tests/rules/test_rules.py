"""Each rule against its closed form, its limits and its direction."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from klastersim.rules.cooperation import (
    CONDITIONAL,
    FREE_RIDER,
    HUMP_SHAPED,
    OTHER,
    company_felt,
    reaches_threshold,
    utility,
)
from klastersim.rules.finance import interest, owners_draw
from klastersim.rules.groups import cost_of_taking_part, time_of_taking_part, works_together
from klastersim.rules.joint_purchase import joint_purchase_saving, purchase_cost
from klastersim.rules.learning import base_next, expected_gain_next, quality_next, trust_next
from klastersim.rules.local_market import local_price
from klastersim.rules.orders import (
    expected_unit_revenue,
    failure_probability,
    order_price,
    order_volume,
    quality_asked,
    volume_distribution,
)
from klastersim.rules.programme import CONSTANT, DECLINING, RAMP, monthly_budget, trained_quality, visit_cost
from klastersim.rules.relations import relation_after_order, relation_unused

share = st.floats(0.0, 1.0)
chance = st.floats(1e-9, 1.0 - 1e-9)
amount = st.floats(0.0, 1e4)
positive = st.floats(1e-3, 1e4)
weight = st.floats(-20.0, 20.0)

ROUNDING = 1e-12


# R2


@given(weight, weight, weight, weight, share, share, share, share)
def test_utility_adds_what_an_owner_weighs(c0, cg, cs, ct, gain, cost, company, trust):
    own = c0 + cg * (gain - cost)
    assert utility(c0, cg, cs, ct, gain, cost, company, trust, FREE_RIDER, 0.5) == pytest.approx(own, abs=1e-9)
    all_in_all = own + cs * company + ct * (trust - 0.5)
    assert utility(c0, cg, cs, ct, gain, cost, company, trust, CONDITIONAL, 0.5) == pytest.approx(all_in_all, abs=1e-9)
    felt = own + cs * company_felt(company, 0.5) + ct * (trust - 0.5)
    assert utility(c0, cg, cs, ct, gain, cost, company, trust, HUMP_SHAPED, 0.5) == pytest.approx(felt, abs=1e-9)
    assert utility(c0, cg, cs, ct, gain, cost, company, trust, HUMP_SHAPED, 1.0) == pytest.approx(all_in_all, abs=1e-9)
    assert utility(c0, cg, cs, ct, gain, cost, company, trust, OTHER, 0.5) == 0.0


@given(share, st.floats(0.01, 0.99))
def test_company_draws_a_hump_shaped_owner_up_to_the_peak_and_nothing_where_all_are_in(company, peak):
    felt = company_felt(company, peak)
    assert 0.0 <= felt <= min(company, peak) + ROUNDING
    assert company_felt(peak, peak) == peak
    assert company_felt(1.0, peak) == 0.0
    if company > peak:
        assert company_felt(peak + (company - peak) / 2.0, peak) >= felt
    else:
        assert felt == company


@given(share, share, share, share)
def test_a_free_rider_does_not_look_at_company_or_trust(company, trust, other_company, other_trust):
    one, two = (
        utility(-2.0, 7.0, 1.5, 3.0, 0.1, 0.0, *seen, FREE_RIDER, 0.5)
        for seen in ((company, trust), (other_company, other_trust))
    )
    assert one == two


@given(st.integers(0, 500), st.integers(1, 500), st.floats(-2.0, 2.0))
def test_a_threshold_counts_at_least(cooperating, partners, threshold):
    assert reaches_threshold(cooperating, partners, float(cooperating), False)
    assert not reaches_threshold(cooperating, partners, math.nextafter(float(cooperating), math.inf), False)
    assert reaches_threshold(cooperating, partners, -1.0, False)
    assert reaches_threshold(cooperating, partners, threshold, False) == (cooperating >= threshold)


def test_a_share_that_is_just_reached_counts_whatever_the_number_of_partners():
    missed = [(n, m) for m in range(1, 201) for n in range(m + 1) if not reaches_threshold(n, m, n / m, True)]
    missed += [
        (n, 100) for n in range(101) if not reaches_threshold(n, 100, float(f"0.{n:02d}" if n < 100 else 1), True)
    ]
    assert not missed


# R4


@given(share, share)
def test_firms_work_together_where_both_want_and_trust_reaches_the_threshold(trust, threshold):
    assert works_together(True, True, trust, threshold) == (trust >= threshold)
    assert not works_together(True, False, trust, threshold)
    assert not works_together(False, True, trust, threshold)


@given(st.floats(0.0, 25.0), st.floats(0.0, 25.0), st.integers(1, 500))
def test_time_of_taking_part_grows_by_a_fixed_time_with_each_member(meeting, coordination, members):
    assert time_of_taking_part(meeting, coordination, 1) == pytest.approx(meeting / 25.0)
    more = time_of_taking_part(meeting, coordination, members + 1) - time_of_taking_part(meeting, coordination, members)
    assert more == pytest.approx(coordination / 25.0, abs=1e-9)


# R7


@given(st.floats(0.1, 100.0), st.floats(1.0, 50.0), share)
def test_five_in_a_hundred_orders_are_smaller_than_the_small_one_and_larger_than_the_large_one(small, factor, u):
    large = small * (1.0 + factor)
    mean, spread = volume_distribution(small, large)
    assert order_volume(0.05, mean, spread) == pytest.approx(small, rel=1e-9)
    assert order_volume(0.95, mean, spread) == pytest.approx(large, rel=1e-9)
    assert order_volume(0.5, mean, spread) == pytest.approx(math.sqrt(small * large), rel=1e-9)
    if 1e-6 < u < 1.0 - 1e-6:
        expected = stats.lognorm.ppf(u, spread, scale=math.exp(mean))
        assert order_volume(u, mean, spread) == pytest.approx(expected, rel=1e-8)


@given(positive, st.floats(0.01, 1.0))
def test_a_small_order_as_large_as_the_large_one_makes_all_orders_alike(volume, below):
    mean, spread = volume_distribution(volume, volume * below)
    assert spread == 0.0
    assert order_volume(0.999, mean, spread) == pytest.approx(volume)


@given(chance, share, share)
def test_the_quality_asked_is_normal_and_cut_to_its_scale(u, mean, spread):
    expected = min(1.0, max(0.0, stats.norm.ppf(u, mean, spread) if spread else mean))
    assert quality_asked(u, mean, spread) == pytest.approx(expected, abs=1e-9)


@given(positive, share, share, st.floats(-0.5, 2.0), st.floats(0.0, 0.5))
def test_who_loses_just_the_allowance_keeps_the_premium_on_what_it_sells_to_orders(
    price, inputs, labour, premium, allowance
):
    cost, wage = price * inputs * 0.6, price * labour * 0.4
    found = order_price(price, cost, wage, premium, 0.2, False, allowance)
    assert found * (1.0 - allowance) - cost - wage == pytest.approx(
        (1.0 + premium) * (price - cost - wage), rel=1e-9, abs=1e-9
    )


@given(st.floats(0.01, 1.0))
def test_a_premium_on_the_whole_profit_is_spread_over_the_part_that_went_to_the_order(part):
    margin = 10.0 - 6.0 - 2.0
    found = order_price(10.0, 6.0, 2.0, 0.2, part, True, 0.0)
    assert part * (found - 10.0) == pytest.approx(0.2 * margin)


def test_without_a_premium_a_firm_that_never_fails_gets_the_local_price():
    assert order_price(2.736, 1.6, 0.66, 0.0, 0.2, False, 0.0) == 2.736


@given(share, share)
def test_failures_come_at_the_declared_rate_at_half_trust_never_at_full_and_at_most_surely(rate, trust):
    assert failure_probability(rate, 0.5) == pytest.approx(rate)
    assert failure_probability(rate, 1.0) == 0.0
    assert failure_probability(rate, trust) == pytest.approx(min(1.0, 4.0 * rate * (1.0 - trust) ** 2))


@given(share, share, share)
def test_more_trust_never_makes_failure_likelier(rate, one, other):
    assert failure_probability(rate, max(one, other)) <= failure_probability(rate, min(one, other))


@given(positive, share, share, share)
def test_expected_revenue_weighs_the_outcomes(price, default, late, discount):
    expected = (1.0 - default) * ((1.0 - late) * price + late * price * (1.0 - discount))
    assert expected_unit_revenue(price, default, late, discount) == pytest.approx(expected, rel=1e-9, abs=1e-9)


# R9


@given(positive, st.floats(0.05, 3.0), st.floats(0.05, 1.0), st.floats(0.2, 10.0))
def test_the_local_price_clears_a_market_of_constant_elasticity(price, relative, part, elasticity):
    # Others bring (1 - part) / part for each unit of the cluster, whatever the cluster does.
    others = (1.0 - part) / part
    found = local_price(price, relative, 1.0, part, elasticity)
    demanded = (1.0 + others) * (found / price) ** -elasticity
    if found < 10.0 * price:
        assert demanded == pytest.approx(others + relative, rel=1e-7)


@given(positive, amount, amount, share, st.floats(0.1, 10.0))
def test_more_supply_never_raises_the_local_price(price, one, other, part, elasticity):
    high, low = (local_price(price, supply, 100.0, part, elasticity) for supply in sorted((one, other)))
    assert low <= high * (1.0 + ROUNDING) <= 10.0 * price * (1.0 + 2.0 * ROUNDING)


@given(positive, positive, share, st.floats(0.01, 1e6))
def test_the_opening_supply_sells_at_exactly_the_opening_price(price, supply, part, elasticity):
    assert local_price(price, supply, supply, part, elasticity) == price
    assert local_price(price, 0.3 * supply, supply, 0.0, elasticity) == price
    assert local_price(price, 0.0, supply, 1.0, elasticity) == 10.0 * price


# R10


@given(amount, share, positive)
def test_joint_purchase_saves_half_of_the_ceiling_half_way_and_never_more_than_it(capacity, ceiling, half_way):
    saving = joint_purchase_saving(capacity, ceiling, half_way)
    assert saving == pytest.approx(ceiling * (1.0 - 2.0 ** (-capacity / half_way)), abs=1e-12)
    assert 0.0 <= saving <= ceiling
    assert joint_purchase_saving(half_way, ceiling, half_way) == pytest.approx(ceiling / 2.0)
    assert joint_purchase_saving(0.0, ceiling, half_way) == 0.0


@given(amount, amount, share, positive)
def test_a_larger_group_never_saves_less_and_each_further_worker_adds_less(one, other, ceiling, half_way):
    low, high = sorted((one, other))
    at = [joint_purchase_saving(k, ceiling, half_way) for k in (low, 0.5 * (low + high), high)]
    assert at[0] <= at[1] + ROUNDING
    assert at[1] <= at[2] + ROUNDING
    assert at[1] - at[0] >= at[2] - at[1] - 1e-12


@given(amount, amount, share)
def test_a_purchase_costs_time_and_waiting(bill, handling, waiting):
    assert purchase_cost(bill, handling, waiting) == pytest.approx(handling + waiting * bill)


# R11


@given(share, share, st.integers(0, 3), share, share, share)
def test_trust_stays_on_its_scale(trust, base, event, rise, fall, drift):
    assert -ROUNDING <= trust_next(trust, base, event, rise, fall, drift) <= 1.0 + ROUNDING


@given(share, share, share, share, share)
def test_a_default_outweighs_what_worked(trust, base, rise, fall, drift):
    after = [trust_next(trust, base, event, rise, fall, drift) for event in range(4)]
    assert after[3] == after[2]
    assert after[2] <= after[0] + ROUNDING
    assert after[0] <= after[1] + ROUNDING


@given(share, share, share)
def test_trust_moves_by_its_closed_forms(trust, rise, fall):
    assert trust_next(trust, 0.2, 1, rise, fall, 0.0) == pytest.approx(1.0 - (1.0 - rise) * (1.0 - trust), abs=1e-12)
    assert trust_next(trust, 0.2, 2, rise, fall, 0.0) == pytest.approx((1.0 - fall) * trust, abs=1e-12)
    assert trust_next(trust, trust, 0, rise, fall, 0.37) == pytest.approx(trust, abs=1e-12)


@given(share, share, share)
def test_a_base_moves_towards_trust_and_not_beyond(base, trust, rate):
    after = base_next(base, trust, rate)
    assert min(base, trust) - ROUNDING <= after <= max(base, trust) + ROUNDING
    assert base_next(base, trust, 0.0) == base


@given(st.floats(-2.0, 2.0), st.floats(-2.0, 2.0), st.floats(-2.0, 2.0), share, share, share)
def test_expected_gain_is_learned_inside_and_fades_outside(expected, own, seen, rate, fade, watch):
    inside = expected_gain_next(expected, own, True, seen, False, rate, fade, watch)
    assert inside == pytest.approx((1.0 - rate) * expected + rate * own, abs=1e-12)
    outside = expected_gain_next(expected, own, False, seen, False, rate, fade, watch)
    assert outside == pytest.approx((1.0 - fade) * expected, abs=1e-12)
    watched = expected_gain_next(expected, own, True, seen, True, rate, fade, watch)
    assert watched == pytest.approx((1.0 - watch) * inside + watch * seen, abs=1e-12)


@given(share, share, share, share, share)
def test_quality_is_learned_from_the_better_within_reach_only(quality, teacher, spill, band, drift):
    still = quality_next(quality, quality, quality, spill, band, drift)
    assert still == pytest.approx(quality, abs=1e-12)
    after = quality_next(quality, quality, teacher, spill, band, 0.0)
    within = 0.0 < teacher - quality <= band
    assert after == pytest.approx(quality + spill * (teacher - quality) * within, abs=1e-12)


# R12


@given(share, share, share)
def test_a_relation_rises_with_success_and_falls_with_failure_on_its_scale(relation, rise, fall):
    up, down = (relation_after_order(relation, success, rise, fall) for success in (True, False))
    assert up == pytest.approx(1.0 - (1.0 - rise) * (1.0 - relation), abs=1e-12)
    assert down == pytest.approx((1.0 - fall) * relation, abs=1e-12)
    assert -ROUNDING <= down <= relation + ROUNDING <= up + 2.0 * ROUNDING <= 1.0 + 3.0 * ROUNDING


@given(share, share, share)
def test_an_unused_relation_moves_towards_its_base(relation, base, decay):
    after = relation_unused(relation, base, decay)
    assert after - base == pytest.approx((1.0 - decay) * (relation - base), abs=1e-12)


# R13


@given(amount, amount, share, share)
def test_at_the_usual_profit_and_capital_the_owner_draws_the_profit(income, capital, retention, drift):
    assert owners_draw(income, income, capital, capital, retention, drift) == pytest.approx(income)


@given(amount, amount, amount, share)
def test_of_profit_above_the_usual_a_share_stays(extra, usual, capital, retention):
    draw = owners_draw(usual + extra, usual, capital, capital, retention, 0.03)
    assert usual + extra - draw == pytest.approx(retention * extra, abs=1e-6)


@given(amount, st.floats(0.0, 100.0), st.integers(0, 120))
def test_interest_is_simple(principal, rate, months):
    assert interest(principal, rate, months) == pytest.approx(principal * rate * months / 1200.0)


# R1


@pytest.mark.parametrize("path", [CONSTANT, DECLINING])
@given(amount, st.integers(1, 300), st.integers(0, 200))
def test_a_budget_is_spread_over_the_programme_with_the_same_total(path, yearly, start, length):
    end = start + length
    total = math.fsum(monthly_budget(yearly, month, start, end, path) for month in range(start - 1, end + 2))
    assert total == pytest.approx(yearly / 12.0 * (length + 1), rel=1e-9)


@given(st.integers(1, 300), st.integers(0, 200))
def test_a_declining_budget_never_rises_and_changes_with_the_year_only(start, length):
    spent = [
        monthly_budget(100.0, month, start, start + length, DECLINING) for month in range(start, start + length + 1)
    ]
    assert all(a >= b > 0.0 for a, b in itertools.pairwise(spent))
    assert all(len(set(spent[k : k + 12])) == 1 for k in range(0, len(spent), 12))


@given(st.integers(1, 300), st.integers(0, 200))
def test_a_ramp_rises_and_falls_evenly_and_is_its_own_mirror(start, length):
    spent = [monthly_budget(120.0, month, start, start + length, RAMP) for month in range(start, start + length + 1)]
    assert spent == pytest.approx(spent[::-1])
    assert 0.0 < min(spent) <= max(spent) <= 10.0 + ROUNDING
    rising = spent[: (length + 2) // 2]
    assert all(a < b for a, b in itertools.pairwise(rising))


@given(st.integers(1, 100), st.integers(0, 100), amount, amount, amount, amount, amount)
def test_a_visit_costs_the_same_per_price_whoever_is_visited(members, found, search, formation, visit, member, staff):
    again = visit_cost(members, 0, search, formation, visit, member, staff, False)
    assert again == pytest.approx(visit + members * member + staff)
    first = visit_cost(members, found, search, formation, visit, member, staff, False)
    assert first == pytest.approx(again + found * search)
    called = visit_cost(members, found, search, formation, visit, member, staff, True)
    assert called == pytest.approx(first + formation)


@given(positive, positive, positive, share)
def test_time_costs_the_output_it_takes_less_its_inputs(time, workers, price, input_share):
    found = cost_of_taking_part(time, workers, price, input_share * price)
    assert found == pytest.approx(time / workers * (1.0 - input_share), rel=1e-9)


@given(share, share, share, share)
def test_training_closes_at_most_the_dose_of_a_firms_own_gap_and_never_harms(quality, taught, dose, band):
    after = trained_quality(quality, taught, dose, band)
    assert quality <= after <= quality + dose * (1.0 - quality) + ROUNDING
    assert trained_quality(quality, 1.0 - quality, dose, band) == pytest.approx(quality + dose * (1.0 - quality))
