"""R1: single firms first and then groups, through the two channels that there are."""

from __future__ import annotations

import numpy as np
import pytest

from klastersim import Scenario, simulate
from klastersim.engine.run import advance
from klastersim.rules.programme import serves_single_firms
from klastersim.world.build import build

SENTRA = Scenario.preset("sentra").replace({"programme.budget": 300.0})


def with_(channel, **changes):
    return SENTRA.replace({"programme.channel": channel, **{k.replace("__", "."): v for k, v in changes.items()}})


def turns(part, start=37, end=72):
    return sum(serves_single_firms(month, start, end, part) for month in range(start, end + 1))


@pytest.mark.parametrize(("part", "months"), [(0.0, 0), (0.25, 9), (0.5, 18), (0.51, 19), (1.0, 36)])
def test_single_firms_have_their_part_of_the_months_and_have_it_first(part, months):
    assert turns(part) == months
    told = [serves_single_firms(month, 37, 72, part) for month in range(37, 73)]
    assert told == sorted(told, reverse=True)


def test_a_month_outside_the_programme_belongs_to_whose_turn_is_nearest():
    assert [serves_single_firms(month, 37, 72, 0.5) for month in (1, 200)] == [True, False]
    assert [serves_single_firms(month, 37, 72, part) for part in (0.0, 1.0) for month in (1, 200)] == [
        False, False, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(("part", "channel"), [(1.0, "individual"), (0.0, "group")])
def test_all_of_the_months_for_one_of_them_is_that_channel_to_the_bit(part, channel):
    first = with_("individual_first", programme__individual_part=part)
    assert simulate(first, 100, 3).digest == simulate(with_(channel), 100, 3).digest


def test_the_part_is_nothing_in_another_channel():
    for channel in ("individual", "group", "mixed"):
        changed = with_(channel, programme__individual_part=0.1)
        assert simulate(changed, 60).digest == simulate(with_(channel), 60).digest


def test_until_the_turn_of_groups_all_is_as_for_single_firms_and_then_no_longer():
    first, single = (simulate(with_(channel), 72, 3).measures for channel in ("individual_first", "individual"))
    assert np.array_equal(first[:54], single[:54])
    assert not np.array_equal(first[54:], single[54:])


def test_groups_get_what_single_firms_left_and_what_they_pay_back():
    only_loans = {"mix__training": 0.0, "mix__market": 0.0, "mix__trust": 0.0}
    world = build([with_("individual_first", **only_loans)], [1])
    for month in range(1, 73):
        world = advance(world, month)
        single, group = world.purses[0].reshape(-1, 2).sum(axis=0)
        if 37 <= month < 55:
            assert group == 0.0
            assert world.firms["loan"].sum() > 0.0
        if month >= 55:
            assert single == 0.0
    assert group > 0.0


def test_spent_and_left_is_the_budget():
    run = simulate(with_("individual_first", mix__finance=0.0), 100)
    assert run.measures["public_cost"].sum() + run.world.purses.sum() == pytest.approx(900.0)
