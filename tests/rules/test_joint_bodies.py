"""R15: how the failure of a joint body is remembered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klastersim.rules.joint_bodies import (
    DORMANT,
    FORGOTTEN,
    is_dormant,
    memory_after_failure,
    memory_next,
    share_kept,
    starting_trust,
    trust_moved,
)

share = st.floats(0.0, 1.0)


@given(st.floats(0.1, 50.0))
def test_after_its_half_life_half_of_a_memory_is_left(years):
    assert share_kept(years) ** (12.0 * years) == pytest.approx(0.5)


@given(memory=share, kept=share)
def test_a_memory_fades_and_is_forgotten_in_the_end(memory, kept):
    after = memory_next(memory, kept)
    assert after <= memory
    assert after in (0.0, memory * kept)
    assert after == 0.0 or after >= FORGOTTEN


@given(memory=share, fall=share)
def test_a_second_failure_adds_to_the_memory_of_the_first(memory, fall):
    assert memory_after_failure(memory, fall) == min(1.0, memory + fall)


@given(base=share, one=share, other=share)
def test_two_members_of_a_failed_body_start_lower_by_all_of_it_and_one_by_half(base, one, other):
    assert starting_trust(base, one, one) == pytest.approx(max(0.0, base - one))
    assert starting_trust(base, one, 0.0) == pytest.approx(max(0.0, base - one / 2.0))
    assert starting_trust(base, one, other) == starting_trust(base, other, one)
    assert starting_trust(base, 0.0, 0.0) == base


@given(trust=share, before=share, after=share)
def test_trust_moves_with_what_it_starts_from(trust, before, after):
    moved = trust_moved(trust, before, after)
    assert 0.0 <= moved <= 1.0
    assert moved == pytest.approx(min(1.0, max(0.0, trust + after - before)))
    assert trust_moved(trust, before, before) == trust


def test_a_body_is_dormant_after_twelve_months_without_a_transaction():
    assert DORMANT == 12
    assert [is_dormant(idle) for idle in (0, 11, 12, 60)] == [False, False, True, True]
