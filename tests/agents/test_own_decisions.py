"""A user's own SME through `simulate`."""

from __future__ import annotations

import pytest

from klastersim import SME, InputError, Scenario, simulate
from klastersim.engine.reckoning import TECHNOLOGY

SMALL = Scenario.preset("sentra").replace({"cluster.firms": 12})


class Willing(SME):
    """An owner who always cooperates once it reconsiders."""

    def decide(self) -> bool:
        return True


def test_simulate_runs_a_users_own_sme():
    own = simulate(SMALL, 24, 1, "agents", sme=Willing)
    assert own.series["cooperating"].iloc[-1] > simulate(SMALL, 24, 1).series["cooperating"].iloc[-1]


def test_arrays_refuse_a_users_own_sme_and_name_the_driver_that_takes_it():
    with pytest.raises(InputError, match='driver="agents"'):
        simulate(SMALL, 24, 1, sme=Willing)


class Modern(SME):
    """An owner who pays for technology, and buys a machine, whatever it brings."""

    def wants_function(self, function, reckoning):
        return function == TECHNOLOGY

    def wants_machine(self, effect, shared, reckoning):
        return True


def test_owners_may_carry_functions_and_buy_machines_for_reasons_of_their_own():
    functions = {"functions.enabled": True, "finance.working_capital": 200.0, "programme.enabled": False}
    scenario = SMALL.replace(functions | {"cluster.sizes": "equal", "cluster.workers": 3.0, "decision.enabled": False})
    usual, own = (simulate(scenario, 12, 1, "agents", sme=kind).series.iloc[-1] for kind in (SME, Modern))
    assert (usual["machines"], usual["technology"]) == (0.0, 0.0)
    assert own["machines"] == 12.0
    assert own["technology"] > 0.3
    assert own["sales"] > usual["sales"]
    assert own["profit"] < usual["profit"]
