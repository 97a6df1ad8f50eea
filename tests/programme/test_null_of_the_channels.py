"""The null test of the channels, instrument by instrument: where nothing favours a group, the two arms agree.

Equal unit cost, no trust from meetings, no loss by spread, no action through groups, the same recipients. Budgets are
such that the money serves a part of the firms each month: where it serves all, the arms agree whatever differs. The
arms are compared on what each instrument moves first (cost, owners' time, quality, capital, orders, firms reached),
which shows a difference long before value added does.
"""

from __future__ import annotations

import numpy as np
import pytest

from klastersim import Scenario, simulate

SENTRA = Scenario.preset("sentra")

NULL = {
    "prices.search": 0.0,
    "prices.visit": 0.0,
    "prices.formation": 0.0,
    "prices.training": 0.0,
    "prices.facilitator": 0.0,
    "programme.meetings_build_trust": False,
    "programme.spread_loss": False,
    "programme.self_organisation": False,
    "groups.enabled": False,
    "programme.group_size": 5,
    # Loans to a group are backed by its members, which is no part of what is compared.
    "programme.arrears": 0.0,
}

#: Rp million a year, and parts of the budget: about half of the firms are trained or meet in a month, three to four
#: loans and five introductions are given.
BUDGETS = {
    "training": (30.0, {"training": 1.0}),
    "finance": (600.0, {"finance": 1.0}),
    "market": (120.0, {"market": 1.0}),
    "trust": (30.0, {"trust": 1.0}),
    "all": (780.0, {"training": 30.0, "finance": 600.0, "market": 120.0, "trust": 30.0}),
}

START, MONTHS, SEEDS = 36, 96, range(1, 61)

#: Largest difference between the arms, as a share. Purses are emptied in whole visits, of one or of five, so that one
#: visit in the first month may be left for later: about 1 % of those reached by then, 0.1 % of the cost.
MARGINS = {"value": 0.003, "cost": 0.003, "time": 0.005, "quality": 0.002, "capital": 0.002, "trust": 0.001,
           "orders": 0.005, "reached": 0.02}  # fmt: skip


def arm(channel, instrument, seed, **changes):
    """Measure one arm, summed over the months from the start of the programme."""
    budget, mix = BUDGETS[instrument]
    parts = {f"mix.{name}": mix.get(name, 0.0) for name in ("training", "finance", "market", "trust")}
    scenario = SENTRA.replace({"programme.budget": budget, **NULL, **parts})
    changed = {"programme.channel": channel, **{k.replace("__", "."): v for k, v in changes.items()}}
    series = simulate(scenario.replace(changed), MONTHS, seed).measures[START:]
    return {
        "value": series["value_added"].sum(),
        "cost": series["public_cost"].sum(),
        "time": (series["social_cost"] - series["public_cost"]).sum(),
        "quality": series["quality"].sum(),
        "capital": series["working_capital"].sum(),
        "trust": series["trust"].sum(),
        "orders": series["taken"].sum() + series["due"].sum(),
        "reached": series["supported"][:6].sum(),
    }


def gaps(instrument, **changes):
    """By measure: difference of the arms as a share, and the half-width of its interval, 3.7 standard errors."""
    arms = [[arm(channel, instrument, seed, **changes) for seed in SEEDS] for channel in ("individual", "group")]
    found = {}
    for name in MARGINS:
        single, group = (np.array([row[name] for row in rows]) for rows in arms)
        level = max(single.mean(), 1e-12)
        difference = (group - single) / level
        found[name] = float(difference.mean()), 3.7 * float(difference.std(ddof=1)) / len(SEEDS) ** 0.5
    return found


@pytest.mark.parametrize("instrument", BUDGETS)
def test_where_nothing_favours_a_group_the_arms_agree(instrument):
    found = gaps(instrument)
    for name, (mean, half) in found.items():
        assert abs(mean) + half <= MARGINS[name], (name, mean, half)


#: The prices of the list, at equal unit cost by the ratio.
LISTED = {f"prices__{name}": SENTRA[f"prices.{name}"] for name in ("search", "visit", "training", "facilitator")}


@pytest.mark.parametrize("instrument", BUDGETS)
def test_at_a_ratio_of_one_the_arms_agree_by_the_listed_prices_too(instrument):
    """Visits are dearer here, and a whole group's waits longer for its money: so the margin is wider."""
    found = gaps(instrument, **LISTED, prices__group_ratio=1.0)
    for name in ("value", "cost", "time", "quality", "capital", "trust"):
        mean, half = found[name]
        assert abs(mean) + half <= 0.01, (name, mean, half)


@pytest.mark.parametrize("instrument", BUDGETS)
def test_the_programme_of_the_null_test_does_something_and_does_not_reach_everybody_at_once(instrument):
    reached = [arm("individual", instrument, seed)["reached"] / 6.0 for seed in SEEDS]
    assert 0.0 < np.mean(reached) < 0.995
    assert arm("individual", instrument, 1)["cost"] > 1.0


@pytest.mark.parametrize(
    ("instrument", "changes", "shows"),
    [
        ("training", {"programme__spread_loss": True}, "quality"),
        ("training", {"prices__visit": 0.1}, "time"),
        ("training", {"prices__formation": 0.5}, "time"),
        ("training", {"programme__self_organisation": True}, "quality"),
        ("finance", {"prices__visit": 0.1}, "cost"),
        ("finance", {"programme__arrears": 0.04}, "cost"),
        ("trust", {"programme__meetings_build_trust": True, "ties__trust": 0.3}, "trust"),
        ("trust", {"prices__facilitator": 0.2}, "time"),
        ("all", {"programme__spread_loss": True}, "quality"),
    ],
)
def test_the_null_test_fails_where_one_of_its_conditions_is_dropped(instrument, changes, shows):
    mean, half = gaps(instrument, **changes)[shows]
    assert abs(mean) - half > MARGINS[shows], (mean, half)


def test_introductions_are_the_same_to_the_bit_where_there_are_no_groups():
    for seed in (1, 2, 3):
        assert arm("individual", "market", seed) == arm("group", "market", seed)


def test_introductions_differ_where_there_are_groups():
    lively = {"groups__enabled": True, "ties__trust": 0.8, "start__kind": "cooperating"}
    assert any(arm("individual", "market", seed, **lively) != arm("group", "market", seed, **lively) for seed in SEEDS)
