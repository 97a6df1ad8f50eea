"""The bargained price against its closed form, its limits and its direction."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from klastersim.rules.bargaining import agreed_price, binds_itself, ceiling_price, final_value, sellers_weight

share = st.floats(0.0, 1.0)
inside = st.floats(1e-6, 1.0 - 1e-6)
demand = st.floats(1e-6, 1e3)
price = st.floats(1e-3, 1e3)


@given(demand, demand, inside)
def test_the_taker_gets_its_chances_of_turning_elsewhere_over_those_of_both_sides(others, here, supply):
    seller, buyer = others / here, (1.0 - supply) / supply
    assert sellers_weight(others, here, supply) == pytest.approx(seller / (seller + buyer), rel=1e-9)


@given(demand, inside)
def test_with_one_buyer_the_price_is_the_floor(here, supply):
    assert sellers_weight(0.0, here, supply) == 0.0
    assert agreed_price(3.0, 4.0, 0.0) == 3.0


@given(demand, demand)
def test_all_supply_in_one_hand_gets_the_ceiling(others, here):
    assert sellers_weight(others, here, 1.0) == 1.0
    assert agreed_price(3.0, 4.0, 1.0) == 4.0


@given(demand, inside)
def test_with_buyers_without_end_the_price_comes_as_near_the_ceiling_as_one_likes(here, supply):
    assert sellers_weight(1e12 * here, here, supply) > 1.0 - 1e-5


@given(demand)
def test_where_neither_side_has_anybody_else_they_halve_the_room(here):
    assert sellers_weight(0.0, here, 1.0) == 0.5
    assert sellers_weight(0.0, 0.0, 0.3) == 0.5


@given(st.integers(2, 40), inside)
def test_equal_buyers_count_by_their_number(buyers, supply):
    # All known as well as this one: n - 1 others over (1 - s) / s.
    expected = (buyers - 1) / (buyers - 1 + (1.0 - supply) / supply)
    assert sellers_weight((buyers - 1) / buyers, 1.0 / buyers, supply) == pytest.approx(expected, rel=1e-9)


@given(demand, demand, share, st.floats(1.0, 10.0))
def test_more_demand_elsewhere_more_supply_and_less_demand_here_never_lower_the_price(others, here, supply, times):
    weight = sellers_weight(others, here, supply) * (1.0 - 1e-12)
    assert sellers_weight(times * others, here, supply) >= weight
    assert sellers_weight(others, here / times, supply) >= weight
    assert sellers_weight(others, here, min(1.0, times * supply)) >= weight


@given(price, price, share)
def test_the_price_lies_between_floor_and_ceiling_and_is_never_more_than_the_buyer_can_pay(floor, ceiling, weight):
    found = agreed_price(floor, ceiling, weight)
    assert found <= ceiling * (1.0 + 1e-12)
    assert found == ceiling if ceiling <= floor else found >= floor


@given(price, inside, inside, share, share)
def test_a_buyer_that_gives_up_what_it_adds_pays_so_much_more_and_one_that_gives_nothing_pays_the_local_price(
    local, inputs, producers, exporters, margin
):
    added = local * (1.0 - inputs)
    found = ceiling_price(local, local * inputs, producers, exporters, margin)
    chain = final_value(local, local * inputs, producers)
    assert chain * producers == pytest.approx(added, rel=1e-9)
    assert found == pytest.approx(local + margin * exporters * chain, rel=1e-9)
    assert ceiling_price(local, local * inputs, producers, exporters, 0.0) == local


@given(price, price, share, share)
def test_a_firm_binds_itself_just_where_that_brings_more_than_joint_work_and_the_local_market(
    offered, local, gain, cost
):
    more = offered / local - 1.0
    assume(abs(more - max(0.0, gain - cost)) > 1e-9)
    assert binds_itself(offered, local, gain, cost) == (more > gain - cost and more > 0.0)
