"""A user's own SME through `simulate`."""

from __future__ import annotations

import pytest

from klastersim import SME, InputError, Scenario, simulate

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
