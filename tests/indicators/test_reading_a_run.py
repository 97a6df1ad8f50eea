"""State, funnel, binding constraint, deadweight, persistence, inequality and digests, on hand examples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klastersim import Scenario
from klastersim.engine.structure import gini
from klastersim.indicators.digest import digest_of
from klastersim.indicators.firm_effects import firm_effects
from klastersim.indicators.outcomes import deadweight_of, gain_left_of, grade_of, persistence_of
from klastersim.indicators.state import binding_of, funnel_of, state_of
from klastersim.world.layout import SERIES

SENTRA = Scenario.preset("sentra")
WITHOUT = SENTRA.replace({"programme.enabled": False})


def series(months, **columns):
    rows = np.zeros(months, SERIES)
    rows["month"] = np.arange(1, months + 1)
    for name, values in columns.items():
        rows[name] = values
    return rows


ORDERS = dict(potential=10, reached=8, organised=6, skilled=3, financed=3, taken=2, due=4, delivered=3)


def test_the_funnel_gives_pass_rates_of_the_last_twelve_months():
    assert funnel_of(series(20, **ORDERS)) == {
        "reached": 0.8,
        "organised": 0.75,
        "skilled": 0.5,
        "financed": 1.0,
        "taken": pytest.approx(2 / 3),
        "delivered": 0.75,
    }
    old = series(30, **ORDERS)
    for name in ORDERS:
        old[name][18:] = 0
    assert set(funnel_of(old).values()) == {None}


def test_a_test_that_no_order_came_to_has_no_rate():
    funnel = funnel_of(series(12, potential=3, reached=2))
    assert funnel == {
        "reached": pytest.approx(2 / 3),
        "organised": 0.0,
        "skilled": None,
        "financed": None,
        "taken": None,
        "delivered": None,
    }


def test_the_binding_constraints_share_the_shortfall():
    binding = binding_of(series(12, **ORDERS))
    passes = {"market": [(96, 120)], "trust": [(72, 96), (36, 48)], "skill": [(36, 72)], "capital": [(36, 36)]}
    lost = {name: -sum(math.log((x + 0.5) / (n + 1)) for x, n in counts) for name, counts in passes.items()}
    assert binding == {name: pytest.approx(value / sum(lost.values())) for name, value in lost.items()}
    assert sum(binding.values()) == pytest.approx(1.0)
    assert max(binding, key=binding.get) == "skill"


def test_nothing_binds_where_no_order_was_possible():
    assert binding_of(series(12)) == dict.fromkeys(("market", "trust", "skill", "capital"))
    assert binding_of(series(12, potential=5)) == {"market": 1.0, "trust": 0.0, "skill": 0.0, "capital": 0.0}


@pytest.mark.parametrize(
    ("last", "kind"),
    [
        ({"active": 0, "collective_share": 0.5, "quality": 0.9, "trust_density": 0.9}, "artisanal"),
        ({"active": 1, "collective_share": 0.19}, "active"),
        ({"active": 1, "collective_share": 0.20}, "dynamic"),
        ({"active": 1, "collective_share": 0.20, "quality": 0.7, "trust_density": 0.49}, "dynamic"),
        ({"active": 1, "collective_share": 0.20, "quality": 0.69, "trust_density": 0.5}, "dynamic"),
        ({"active": 1, "collective_share": 0.20, "quality": 0.7, "trust_density": 0.5}, "advanced"),
        ({"active": 1, "collective_share": 0.19, "quality": 0.9, "trust_density": 0.9}, "active"),
    ],
)
def test_types_of_clusters_follow_the_documented_rules(last, kind):
    state = state_of(series(24, **last), WITHOUT)
    assert (state.type, state.active) == (kind, bool(last["active"]))


def test_a_cluster_sustains_itself_where_it_is_active_sixty_months_after_the_end():
    end = SENTRA["programme.end"]
    active = np.zeros(end + 60)
    assert state_of(series(end + 59), SENTRA).self_sustaining is None
    assert state_of(series(end + 60), SENTRA).self_sustaining is False
    active[-1] = 1
    assert state_of(series(end + 60, active=active), SENTRA).self_sustaining is True
    assert state_of(series(end + 60, active=active), WITHOUT).self_sustaining is None
    assert state_of(series(end + 60, active=active), SENTRA.replace({"programme.budget": 0.0})).self_sustaining is None


@pytest.mark.parametrize(
    ("with_", "without", "grade"),
    [
        (1.99, 0.0, "no gain"),
        (-1.99, -50.0, "no gain"),
        (2.0, 0.2, "zero"),
        (2.0, -5.0, "zero"),
        (10.0, 1.0, "zero"),
        (10.0, 1.01, "partial"),
        (10.0, 8.99, "partial"),
        (10.0, 9.0, "absolute"),
        (10.0, 12.0, "absolute"),
        (-10.0, -12.1, "loss avoided"),
        (-10.0, -11.9, "loss"),
        (-10.0, -10.0, "loss"),
        (-10.0, 3.0, "loss"),
    ],
)
def test_deadweight_is_graded_with_its_bounds(with_, without, grade):
    assert grade_of(with_, without, 100.0) == grade


def test_deadweight_compares_the_36_months_before_with_those_to_sixty_months_after():
    scenario = SENTRA.replace({"programme.start": 40, "programme.end": 50})
    value = np.full(110, 1_000.0)
    value[3:39] = 1.0
    value[74:110] = 2.0
    twin = value.copy()
    twin[74:110] = 1.05
    found = deadweight_of(series(110, value_added=value), series(110, value_added=twin), scenario)
    assert (found.gain_with, found.gain_without) == (pytest.approx(36.0), pytest.approx(1.8))
    assert found.grade == "zero"
    assert deadweight_of(series(109), series(109), scenario) is None
    assert deadweight_of(series(240), series(240), SENTRA.replace({"programme.start": 36})) is None
    assert deadweight_of(series(240), series(240), SENTRA.replace({"programme.start": 37})) is not None


def test_persistence_is_read_after_24_60_and_120_months():
    active, never = np.zeros(200), np.zeros(200)
    active[61:97] = 1
    found = persistence_of(series(200, active_own=active), series(200), SENTRA)
    assert found == {
        "activated": True,
        "active_after_24": True,
        "active_after_60": False,
        "active_after_120": False,
        "late": False,
    }
    short = persistence_of(series(96, active_own=active[:96]), series(96), SENTRA)
    assert (short["active_after_24"], short["active_after_60"]) == (True, None)
    twin_too = persistence_of(series(200, active_own=active), series(200, active_own=active), SENTRA)
    assert twin_too["activated"] is False
    assert twin_too["active_after_24"] is None
    never[-1] = 1
    assert persistence_of(series(200, active_own=never), series(200), SENTRA)["late"] is True
    assert persistence_of(series(200, active_own=never), series(200, active_own=never), SENTRA)["late"] is False
    assert set(persistence_of(series(71), series(71), SENTRA).values()) == {None}
    bought = persistence_of(series(200, active=active), series(200), SENTRA)
    assert bought["activated"] is False


def test_firms_are_counted_by_support_and_change():
    with_ = np.array([103.0, 97.0, 101.0, 103.0, 97.0, 99.0])
    supported = np.array([True, True, True, False, False, False])
    found = firm_effects(with_, np.full(6, 100.0), np.full(6, 33.0 * 100.0 / 36.0), supported, 33)
    assert (found.gained, found.lost, found.spillover, found.displacement) == (1, 1, 1, 1)
    assert found.grades == {"no gain": 2, "zero": 2, "loss": 2, "absolute": 0, "partial": 0, "loss avoided": 0}


def test_gain_left_is_what_remains_of_the_gain_at_the_programmes_end():
    value = np.full(240, 10.0)
    twin = value.copy()
    end = SENTRA["programme.end"]
    value[end - 12 : end] = 14.0
    value[end + 12 : end + 24] = 13.0
    value[end + 48 : end + 60] = 12.0
    value[end + 108 : end + 120] = 9.0
    found = gain_left_of(series(240, value_added=value), series(240, value_added=twin), SENTRA)
    assert found == {"gain_left_24": 0.75, "gain_left_60": 0.5, "gain_left_120": -0.25}
    short = gain_left_of(series(100, value_added=value[:100]), series(100, value_added=twin[:100]), SENTRA)
    assert short == {"gain_left_24": 0.75, "gain_left_60": None, "gain_left_120": None}
    none = gain_left_of(series(240, value_added=twin), series(240, value_added=twin), SENTRA)
    assert set(none.values()) == {None}


def test_the_first_months_in_which_no_order_can_be_due_are_no_part_of_the_base():
    value = np.full(240, 10.0)
    value[:3] = 1.0
    found = deadweight_of(series(240, value_added=value), series(240, value_added=value), SENTRA)
    assert (found.gain_with, found.gain_without, found.grade) == (0.0, 0.0, "no gain")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([5.0, 5.0, 5.0], 0.0),
        ([0.0, 0.0, 0.0, 1.0], 0.75),
        ([1.0, 3.0], 0.25),
        ([1.0, 2.0, 3.0, 4.0], 0.25),
        ([7.0], 0.0),
    ],
)
def test_gini_of_hand_examples(values, expected):
    assert gini(np.array(values)) == pytest.approx(expected)


def test_gini_is_not_defined_where_any_lost_or_nobody_earned():
    assert np.isnan(gini(np.array([-1.0, 3.0])))
    assert np.isnan(gini(np.zeros(4)))
    assert np.isnan(gini(np.zeros(0)))
    assert np.isnan(gini(np.array([1.0, np.nan])))


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30))
def test_gini_is_half_the_mean_difference_over_the_mean(values):
    array = np.array(values)
    expected = np.abs(array[:, None] - array[None, :]).mean() / (2.0 * array.mean())
    assert gini(array.copy()) == pytest.approx(expected, abs=1e-9)
    assert gini(array[::-1] * 3.0) == pytest.approx(expected, abs=1e-9)


VALUES = np.array([[0.0, 1.5], [np.nan, -2.25]])


def test_a_digest_knows_one_zero_and_one_nan():
    assert digest_of({"a": np.array([0.0, 1.0])}) == digest_of({"a": np.array([-0.0, 1.0])})
    payload = np.array([0x7FF8000000000001, 0xFFF8000000000123], np.uint64).view(np.float64)
    assert np.isnan(payload).all()
    assert digest_of({"a": payload}) == digest_of({"a": np.array([np.nan, np.nan])})


@pytest.mark.parametrize("dtype", [">f8", "<f8"])
def test_byte_order_and_layout_in_memory_do_not_change_a_digest(dtype):
    expected = digest_of({"a": VALUES})
    assert digest_of({"a": VALUES.astype(dtype)}) == expected
    assert digest_of({"a": np.asfortranarray(VALUES)}) == expected
    assert digest_of({"a": np.repeat(VALUES, 2, axis=1)[:, ::2]}) == expected


def test_the_order_in_which_arrays_are_named_does_not_change_a_digest():
    assert digest_of({"a": VALUES, "b": VALUES + 1.0}) == digest_of({"b": VALUES + 1.0, "a": VALUES})


@pytest.mark.parametrize(
    "other",
    [
        {"b": VALUES},
        {"a": VALUES.ravel()},
        {"a": VALUES.T.copy()},
        {"a": np.nextafter(VALUES, 9.0)},
        {"a": VALUES, "b": VALUES},
        {"a": np.array([["0.0", "1.5"], ["nan", "-2.25"]])},
        {},
    ],
)
def test_another_name_shape_or_value_gives_another_digest(other):
    assert digest_of(other) != digest_of({"a": VALUES})


def test_whole_numbers_and_floats_of_the_same_value_have_different_digests():
    assert digest_of({"a": np.array([1, 2])}) != digest_of({"a": np.array([1.0, 2.0])})
    assert digest_of({"a": np.array([1, 2], np.int32)}) == digest_of({"a": np.array([1, 2], np.int64)})


def test_a_text_and_the_next_do_not_run_into_each_other():
    assert digest_of({"a": np.array(["ab", "c"])}) != digest_of({"a": np.array(["a", "bc"])})
