"""The consumer price index and the deflator made from it."""

import csv
import math
from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klastersim.data import consumer_prices, deflator
from klastersim.errors import InputError

YEARS = st.integers(1996, 2020)


def test_every_year_from_1996_to_2020_has_a_price_level():
    assert list(consumer_prices()) == list(range(1996, 2021))


def test_the_index_is_what_the_yearly_inflation_makes_of_it():
    with resources.files("klastersim.data").joinpath("consumer_prices.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    level = {int(row["year"]): float(row["index"]) for row in rows}
    assert level[2010] == 100.0
    for row in rows[1:]:
        year = int(row["year"])
        change = 100.0 * (level[year] / level[year - 1] - 1.0)
        # The index is printed to four decimals, so a change of a level near 20 is known to about 0.0005 per cent.
        assert change == pytest.approx(float(row["inflation"]), abs=1e-3)


@pytest.mark.parametrize(
    ("year", "published"),
    [
        (1996, 20.9350),
        (1997, 22.2392),
        (1998, 35.2240),
        (2000, 44.0200),
        (2005, 68.6839),
        (2007, 82.6658),
        (2014, 124.3863),
    ],
)
def test_the_index_agrees_with_the_levels_of_another_release(year, published):
    assert consumer_prices()[year] == pytest.approx(published, rel=4e-4)


def test_money_of_1997_is_worth_four_and_a_half_times_as_much_as_money_of_2010():
    assert deflator(1997) == pytest.approx(4.497, abs=5e-4)


def test_a_year_deflated_to_itself_is_unchanged():
    assert deflator(2010) == 1.0


@given(YEARS, YEARS, YEARS)
def test_the_way_through_a_third_year_makes_no_difference(first, between, last):
    assert math.isclose(deflator(first, between) * deflator(between, last), deflator(first, last), rel_tol=1e-12)


def test_a_year_may_be_a_numpy_integer():
    assert deflator(np.int64(2007)) == deflator(2007)


@pytest.mark.parametrize("year", [1995, 2021, 2007.0, "2007", True, None, float("nan"), [2007]])
def test_a_year_without_a_price_level_is_refused_with_the_years_there_are(year):
    with pytest.raises(InputError, match=r"deflator: from_year = .* is not a year from 1996 to 2020\."):
        deflator(year)


def test_the_error_names_the_year_that_is_wrong():
    with pytest.raises(InputError, match=r"deflator: to_year = 1990 is not a year from 1996 to 2020\."):
        deflator(2007, 1990)
