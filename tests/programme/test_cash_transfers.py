"""R1: a cash transfer is money and nothing else; it is public cost at once and never comes back."""

from __future__ import annotations

import numpy as np
import pytest

from klastersim import Scenario, simulate, twin
from klastersim.analysis.patterns.balance import ROUNDING, imbalance, money
from klastersim.engine.giving import give_cash
from klastersim.engine.measuring import open_month
from klastersim.engine.purses import FINANCE, INDIVIDUAL, purse_number
from klastersim.engine.run import advance, scratch_for
from klastersim.world.build import build

CASH = {"mix.training": 0.0, "mix.finance": 1.0, "mix.market": 0.0, "mix.trust": 0.0,
        "programme.finance_form": "transfer", "programme.budget": 600.0}  # fmt: skip
GIVEN = Scenario.preset("sentra").replace(CASH)


def given(**changes):
    return GIVEN.replace({key.replace("__", "."): value for key, value in changes.items()})


def test_a_transfer_goes_from_government_to_the_firm_and_is_public_cost():
    world = build([GIVEN], [1])
    open_month(world, 0, 1)
    scratch = scratch_for(world)
    for k, i in enumerate((4, 9)):
        scratch.candidates[k].firm = i
    purse = purse_number(FINANCE, INDIVIDUAL)
    world.purses[0, purse] = 20.0
    before = world.firms["working_capital"].copy()
    give_cash(world, scratch, 0, 1, INDIVIDUAL, 2)
    expected = np.zeros(50)
    expected[[4, 9]] = 13.4, 6.6
    assert world.firms["working_capital"] - before == pytest.approx(expected)
    cluster = world.clusters[0]
    assert cluster.government_account == pytest.approx(-20.0)
    assert world.series["public_cost"].sum() == pytest.approx(20.0)
    assert cluster.spent[FINANCE] == pytest.approx(20.0)
    assert world.purses[0, purse] == 0.0
    assert (world.firms["loan"] == 0.0).all()
    assert cluster.loans_out == 0


@pytest.mark.parametrize("channel", ["individual", "group", "mixed", "individual_first"])
def test_what_is_given_and_what_is_left_is_the_budget(channel):
    run = simulate(given(programme__channel=channel), months=100)
    spent = float(run.measures["public_cost"].sum())
    assert spent + float(run.world.purses.sum()) == pytest.approx(1800.0)
    assert spent > 1500.0
    assert run.measures["public_cost"][72:].sum() == 0.0


@pytest.mark.parametrize("channel", ["individual", "group"])
def test_money_balances_in_every_month(channel):
    world = build([given(programme__channel=channel, programme__start=3, programme__end=30)] * 2, [1, 2])
    opening = money(world)
    for month in range(1, 37):
        world = advance(world, month)
        assert max(imbalance(world, opening, np.abs(opening))) < ROUNDING
    assert (world.clusters["government_account"] < -100.0).all()


def test_in_its_month_a_transfer_changes_nothing_of_a_firm_but_its_money_and_time():
    """No trust, skill, relation, choice or order comes with it."""
    pair = twin(given(programme__start=37, market__potential=0.0), months=37)
    with_, without = pair.with_.world, pair.without.world
    assert (with_.firms["working_capital"] != without.firms["working_capital"]).any()
    money_of = {
        "working_capital",
        "supported",
        "visited",
        "support_days",
        "profit",
        "income",
        "expected_gain",
        "usual_capital",
    }
    for name in with_.firms.dtype.names:
        if name not in money_of:
            assert np.array_equal(with_.firms[name], without.firms[name]), name
    assert np.array_equal(with_.relations, without.relations)
    assert np.array_equal(with_.ties["trust"], without.ties["trust"])


def test_the_household_draws_what_the_workshop_has_beyond_its_usual_capital():
    """Without orders to pay inputs for nothing keeps the money in the firm: 3 % of the excess is drawn each month."""
    scenario = given(programme__end=37, market__potential=0.0, programme__budget=600.0, finance__retention=0.0)
    pair = twin(scenario, months=60)
    extra = pair.with_.measures["working_capital"] - pair.without.measures["working_capital"]
    assert extra[36] > 0.0
    assert extra[59] / extra[37] == pytest.approx(0.97**22, rel=1e-6)


def test_the_form_of_finance_is_nothing_where_there_is_no_money_for_it():
    base = Scenario.preset("sentra").replace({"mix.finance": 0.0, "programme.budget": 300.0})
    assert simulate(base.replace({"programme.finance_form": "transfer"}), 60).digest == simulate(base, 60).digest


def test_transfers_cost_the_public_more_than_loans_of_the_same_budget():
    costs = [simulate(given(programme__finance_form=form), 100).measures["public_cost"].sum()
             for form in ("loan", "transfer")]  # fmt: skip
    assert costs[1] > 3.0 * costs[0]
