"""Effects of factors and pairs: known ones are found, and nothing is found where nothing is."""

import numpy as np
import pytest

from klastersim.analysis.sweeps.effects import effects_of, factors_of
from klastersim.analysis.sweeps.gains import gains_of
from klastersim.indicators.intervals import student_quantile
from klastersim.lab.design import Arm, Axis, Map
from tests.analysis.sweeps.made import factorial, outcomes, sampled

F1, F2, F4 = "programme.market_networks", "programme.self_organisation", "plan.tailored"
FACTORS = factorial({F1: (False, True), F2: (False, True), F4: (0.0, 1.0)})


def made(effect: float, together: float, replications: int = 40, noise: float = 0.0) -> np.ndarray:
    """Value added of the eight arms: F1 adds `effect`, F1 and F2 together `together` more."""
    chance = np.random.default_rng(1)
    arms = np.array([effect * arm.changes[F1] + together * arm.changes[F1] * arm.changes[F2] for arm in FACTORS.arms])
    luck = chance.normal(size=(1, 1, replications))  # shared by all arms
    return arms[:, None, None] + luck + noise * chance.normal(size=(8, 1, replications))


def test_arms_that_combine_two_levels_are_found_to_be_a_design() -> None:
    factors, of_arms = factors_of(FACTORS)
    assert of_arms
    assert [factor.key for factor in factors] == [F1, F2, F4]
    assert [(factor.low, factor.high) for factor in factors] == [(False, True), (False, True), (0.0, 1.0)]


def test_arms_that_do_not_balance_each_other_are_no_design() -> None:
    unbalanced = Map("m", "", "", (), FACTORS.arms[:-1])
    assert factors_of(unbalanced)[0] == ()
    named = Map("m", "", "", (), (Arm("none", "none", {"programme.enabled": False}), *FACTORS.arms[1:]))
    assert factors_of(named)[0] == ()


def test_known_effects_and_pairs_come_out_exactly_however_wild_the_shared_luck() -> None:
    values = made(4.0, 2.0)
    found = effects_of(outcomes(FACTORS, active=np.zeros_like(values), value_added=values), ["value_added"])
    assert found is not None
    told = dict(zip(found.data.titles, found.data.estimates["value_added"], strict=True))
    first, second, fourth = list(told)[:3]
    assert told[first].value == pytest.approx(5.0), "4, and 2 more in the half of the arms in which the other is on"
    assert told[second].value == pytest.approx(1.0)
    assert told[fourth].value == pytest.approx(0.0)
    assert told[f"{first} x {second}"].value == pytest.approx(1.0)
    assert told[f"{first} x {fourth}"].value == pytest.approx(0.0)
    assert told[first].low == pytest.approx(told[first].high), "shared luck leaves no doubt of a difference"


def test_the_interval_of_an_effect_is_students_over_replications() -> None:
    values = made(4.0, 0.0, noise=1.0)
    found = effects_of(outcomes(FACTORS, active=np.zeros_like(values), value_added=values), ["value_added"])
    assert found is not None
    estimate = found.data.estimates["value_added"][0]
    signs = np.array([1.0 if arm.changes[F1] else -1.0 for arm in FACTORS.arms])
    each = signs @ values[:, 0, :] / 4.0
    half = student_quantile(39) * each.std(ddof=1) / 40**0.5
    assert (estimate.low, estimate.high) == pytest.approx((each.mean() - half, each.mean() + half))


def test_a_factor_without_effect_is_said_not_to_be_identified_and_a_large_one_is_named() -> None:
    active = np.zeros((8, 1, 40))
    active[[arm.changes[F1] for arm in FACTORS.arms]] = 1.0
    found = effects_of(outcomes(FACTORS, active=active))
    assert found is not None
    assert found.sentences[0].startswith("F1 market networks considered: P(active) moves by +1.000")
    assert "No effect on P(active) identified (with 95 % intervals): F2" in found.sentences[1]
    assert found.estimates[F1].value == 1.0
    assert found.estimates[F2].low < 0.0 < found.estimates[F2].high, (
        "forty replications that agree leave something open"
    )


def test_fewer_than_six_replications_identify_no_effect() -> None:
    found = effects_of(outcomes(FACTORS, active=np.ones((8, 1, 5))))
    assert found is not None
    assert found.sentences == ["No effect is identified with fewer than six replications."]
    assert found.estimates == {}


def test_a_fraction_tells_factors_but_no_pairs() -> None:
    axes = [Axis(key, (False, True), "list", key) for key in (F1, F2, "programme.spread_loss", "finance.credit")]
    each = sampled("fractional_factorial", axes)
    active = np.array([row[F1] for row in each.coordinates()], float)[None, :, None].repeat(10, axis=2)
    found = effects_of(outcomes(each, active=active))
    assert found is not None
    assert len(found.data.titles) == 4
    assert found.estimates[F1].value == 1.0
    assert found.estimates[F2].value == 0.0


def test_use_is_held_against_cost() -> None:
    value, cost = made(4.0, 0.0, noise=0.1), 0.0 * made(0.0, 0.0)
    cost[[arm.changes[F1] for arm in FACTORS.arms]] = 10.0
    told = outcomes(FACTORS, active=np.zeros_like(value), value_added_total=value, social_cost_total=cost)
    found = effects_of(told, ["value_added_total", "social_cost_total"])
    assert found is not None
    assert any("F1" in line and "its cost exceeds its use" in line and "-6" in line for line in found.sentences)


def test_who_gains_is_told_against_the_first_arm_on_the_same_luck() -> None:
    arms = (Arm("none", "nothing", {}), Arm("some", "something", {}))
    luck = np.random.default_rng(2).normal(size=(1, 3, 20))
    micro = np.concatenate([luck, luck + 0.5])
    each = Map("m", "", "", (Axis("ties.trust", (0.3, 0.5, 0.7), "linear", ""),), arms)
    found = gains_of(outcomes(each, active=np.zeros((2, 3, 20)), micro_profit=micro))
    assert found is not None
    assert "the monthly profit of a micro firm moves by +0.500" in found.sentences[0]
    assert "what becomes of the Gini coefficient of profits is not identified" in found.sentences[0]
