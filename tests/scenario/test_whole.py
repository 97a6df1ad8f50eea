"""The whole model leaves no mechanism out, and each can be taken out of it."""

import pytest

from klastersim.scenario import PARAMETERS, PRESETS, Scenario
from klastersim.scenario.whole import KNOCKOUTS, WHOLE

SENTRA, ALL = Scenario.preset("sentra"), Scenario.preset("whole")

#: Switches that the whole model leaves as they are in the sentra, by the reason.
LEFT = {
    "a lever of policy, no mechanism (R1)": {each.key for each in PARAMETERS if each.kind == "lever"},
    "a price of policy, no mechanism (R1)": {"prices.group_ratio"},
    "what the cluster is like at the opening, no mechanism": {
        "chain.opening_share",
        "cluster.file",
        "cluster.sizes",
        "ensemble.held",
        "ensemble.unequal",
        "functions.opening_machines",
        "start.held",
        "start.kind",
        "ties.file",
        "ties.kind",
    },
    "another form of a mechanism that is on, for known cases and comparison": {
        "decision.rule",
        "decision.threshold_file",
        "decision.threshold_measure",
        "decision.threshold_whole",
        "growth.newcomer_base",
        "orders.premium_on",
        "trade.partner",
        "trade.supply",
    },
    "its default of none is the model's own: bases of trust do not learn (R11)": {"learning.base_learning"},
}


def switches() -> set[str]:
    """Parameters that switch something: true or false, one of several words, a file, or nothing at the default."""
    return {each.key for each in PARAMETERS if isinstance(each.default, bool | str) or each.default == 0}


def test_no_switch_is_forgotten():
    left = [key for keys in LEFT.values() for key in keys]
    assert len(left) == len(set(left))
    on = {key for key in switches() if SENTRA[key] is True}
    assert switches() == on | set(WHOLE) | (set(left) & switches())
    assert not set(WHOLE) & set(left)


def test_what_is_on_in_the_sentra_is_on_in_the_whole_model_and_the_rest_differs_by_switches_alone():
    assert set(ALL.differences(SENTRA)) == set(WHOLE) <= switches()
    assert all(SENTRA[key] in (False, "two") for key in WHOLE)
    assert PRESETS["whole"].changes == WHOLE


@pytest.mark.parametrize("name", KNOCKOUTS)
def test_every_knock_out_takes_something_out_of_a_model_that_stays_valid(name):
    changes = KNOCKOUTS[name]
    assert set(ALL.replace(changes).differences(ALL)) == set(changes)
    assert set(changes) <= switches()


def test_every_mechanism_that_the_whole_model_adds_can_be_taken_out():
    taken = {key for changes in KNOCKOUTS.values() for key in changes}
    assert taken >= set(WHOLE)
    assert taken >= {each.key for each in PARAMETERS if each.section == "functions" and each.default is True}
    assert all(changes[key] == SENTRA[key] for changes in KNOCKOUTS.values() for key in changes if key in WHOLE)
