"""R2: four social types against the mean field of the choice rule, and what they leave of unaided cooperation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from klastersim import Scenario, simulate
from klastersim.analysis.patterns.remains import fixed_point
from klastersim.compiled import logistic
from klastersim.engine.run import advance
from klastersim.errors import InputError
from klastersim.rules.cooperation import CONDITIONAL, FREE_RIDER, HUMP_SHAPED, OTHER, company_felt
from klastersim.world.build import build
from tests.verification.runs import load

SENTRA = Scenario.preset("sentra")

#: Rate of false alarms of a test of shares.
CHANCE = 1e-4


def share_of(social, kind):
    return float(np.mean(np.asarray(social) == kind))


def test_with_two_kinds_what_is_said_of_the_others_has_no_effect():
    other = SENTRA.replace({"types.hump": 0.5, "types.other": 0.3, "types.peak": 0.1})
    assert simulate(SENTRA, 60, 3).digest == simulate(other, 60, 3).digest


def test_four_kinds_of_which_two_have_nobody_are_two():
    four = SENTRA.replace({"types.kinds": "four", "types.hump": 0.0, "types.other": 0.0})
    assert simulate(SENTRA, 60, 3).digest == simulate(four, 60, 3).digest


def test_the_types_have_the_shares_found_by_experiment():
    """S34: 50, 33, 14 and 3 of a hundred; free riders keep their share among those of the common types."""
    world = build([SENTRA.replace({"types.kinds": "four", "cluster.firms": 20_000})], [3])
    social = np.array(world.firms["social"])
    for kind, expected in ((CONDITIONAL, 0.498), (FREE_RIDER, 0.332), (HUMP_SHAPED, 0.14), (OTHER, 0.03)):
        assert stats.binomtest(int((social == kind).sum()), 20_000, expected).pvalue > CHANCE
    two = np.array(build([SENTRA.replace({"cluster.firms": 20_000})], [3]).firms["social"])
    common = (social == CONDITIONAL) | (social == FREE_RIDER)
    assert (social[common] == two[common]).all(), "who is of a common type is what it was with two kinds"


def mixed_field(social, p, trust, start):
    """Fixed point of the choice rule where everybody meets everybody and nothing is gained."""
    own, pull = p["decision.intercept"], p["decision.trust"] * (trust - 0.5)
    x = start
    for _ in range(2_000):
        willing = logistic(own + p["decision.social"] * x + pull)
        hump = logistic(own + p["decision.social"] * company_felt(x, p["types.peak"]) + pull)
        chances = {FREE_RIDER: logistic(own), CONDITIONAL: willing, HUMP_SHAPED: hump, OTHER: 0.5}
        x = sum(share_of(social, kind) * chance for kind, chance in chances.items())
    return x


@pytest.mark.parametrize(("weight", "hump"), [(1.5, 0.14), (6.0, 0.5)])
def test_with_four_types_the_choice_rule_settles_at_the_fixed_point_of_its_mean_field(weight, hump):
    scenario = load(
        "alone",
        cluster__firms=40_000,
        ties__kind="all",
        ties__trust=0.7,
        groups__enabled=False,
        decision__gain=0.0,
        decision__social=weight,
        start__kind="cooperating",
        types__kinds="four",
        types__hump=hump,
        types__other=0.2,
    )
    world = build([scenario], [8])
    expected = mixed_field(world.firms["social"], scenario, 0.7, 1.0)
    series = advance(world, 60).series["cooperating"][0]
    assert float(np.mean(series)) == pytest.approx(expected, abs=0.008)


def test_unaided_cooperation_unravels_round_by_round_to_its_fixed_point():
    """C7: from full cooperation, with nothing to gain, it falls; each reconsiders once a round. 60 clusters of 100."""
    scenario = load("alone", start__kind="cooperating", types__kinds="four", decision__reconsider=1.0).replace(
        {"cluster.firms": 100}
    )
    worlds = build([scenario] * 60, range(1, 61))
    expected = np.mean([fixed_point(worlds, c, scenario) for c in range(60)])
    rounds = [
        1.0,
        *advance(build([scenario] * 60, range(1, 61), months_kept=40), 40).series["cooperating"].mean(axis=0),
    ]
    assert rounds[0] > rounds[1] > rounds[2] > rounds[3]
    # Standard error of a mean of 6,000 choices: 0.005 a round, less over ten.
    assert np.mean(rounds[-10:]) == pytest.approx(expected, abs=0.015)
    assert max(rounds[4:]) < rounds[1]


def test_owners_of_no_clear_type_are_moved_neither_by_gain_nor_by_people():
    base = load("alone", types__kinds="four", types__hump=0.0, types__other=1.0, decision__reconsider=1.0)
    runs = [
        simulate(base.replace({"ties.trust": trust, "decision.gain": gain, "decision.intercept": -5.0}), 40)
        for trust, gain in ((0.1, 0.0), (0.9, 50.0))
    ]
    assert runs[0].measures["cooperating"].tolist() == runs[1].measures["cooperating"].tolist()
    # 2,000 even choices: standard error 0.011.
    assert runs[0].measures["cooperating"].mean() == pytest.approx(0.5, abs=0.05)


def test_rare_types_that_are_more_than_all_are_refused():
    with pytest.raises(InputError, match=r"types\.hump"):
        SENTRA.replace({"types.hump": 0.7, "types.other": 0.5})
