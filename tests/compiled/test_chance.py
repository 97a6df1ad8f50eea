"""Random numbers by key."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klastersim.compiled import Purpose, derive_seed, kernel, one, philox, purposes, two

LARGEST_SEED = 2**63 - 1

# Random123, kat_vectors, philox4x32 with 10 rounds: counter, key, block.
KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def words(text):
    return tuple(int(word, 16) for word in text.split())


@kernel
def draws(seed, numbers):
    for i in range(numbers.size):
        numbers[i] = one(seed, 7, purposes.RECONSIDER, 3, i, 0)


@pytest.mark.parametrize(("counter", "key", "block"), KNOWN_ANSWERS)
def test_philox_gives_the_known_answers_of_random123(counter, key, block):
    assert philox(*words(counter), *words(key)) == words(block)


def test_a_key_names_its_place_in_the_philox_block():
    seed = 0x0123456789ABCDEF
    w0, w1, w2, w3 = map(int, philox(7 | 32 << 16, 3, 4, 5, 0x89ABCDEF, 0x01234567))
    expected = (((w0 << 32 | w1) >> 12) + 0.5) * 2.0**-52, (((w2 << 32 | w3) >> 12) + 0.5) * 2.0**-52
    assert two(seed, 7, 32, 3, 4, 5) == expected


@given(*[st.integers(0, bound) for bound in (LARGEST_SEED, 65535, 65535, 2**32 - 1, 2**32 - 1, 2**32 - 1)])
def test_a_draw_lies_strictly_between_0_and_1_and_one_is_the_first_of_two(seed, month, purpose, cluster, who, whom):
    first, second = two(seed, month, purpose, cluster, who, whom)
    assert 0.0 < first < 1.0
    assert 0.0 < second < 1.0
    assert one(seed, month, purpose, cluster, who, whom) == first


def test_the_largest_and_smallest_draws_are_neither_1_nor_0():
    from klastersim.compiled.chance import _open_unit

    assert _open_unit(2**32 - 1, 2**32 - 1) == 1.0 - 2.0**-53
    assert _open_unit(0, 0) == 2.0**-53


@pytest.mark.parametrize("place", range(6))
def test_every_part_of_the_key_changes_the_draw(place):
    key = [5, 6, 7, 8, 9, 10]
    other = list(key)
    other[place] += 1
    assert one(*key) != one(*other)


def test_the_upper_half_of_the_seed_counts():
    assert one(1, 0, 0, 0, 0, 0) != one(1 + 2**32, 0, 0, 0, 0, 0)


def test_draws_are_uniform():
    # Kolmogorov-Smirnov at a false-alarm rate of 1 in 1000; seeded, so it fails always or never.
    count = 100_000
    numbers = np.empty(count)
    draws(20240229, numbers)
    numbers.sort()
    ranks = np.arange(count)
    distance = max((numbers - ranks / count).max(), ((ranks + 1) / count - numbers).max())
    assert distance < 1.95 / math.sqrt(count)


def test_both_draws_of_a_block_are_uncorrelated():
    # 3.3 standard errors: a false-alarm rate of 1 in 1000.
    pairs = np.array([two(11, 1, 2, 3, i, 0) for i in range(20_000)])
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 3.3 / math.sqrt(len(pairs))


@given(st.integers(0, LARGEST_SEED), st.integers(0, LARGEST_SEED))
def test_a_derived_seed_is_a_seed(seed, replication):
    assert 0 <= derive_seed(seed, replication) <= LARGEST_SEED


def test_replications_have_different_seeds():
    seeds = {derive_seed(seed, replication) for seed in range(50) for replication in range(200)}
    assert len(seeds) == 50 * 200


def test_a_derived_seed_never_changes():
    # Stored results hold these seeds.
    assert (derive_seed(1, 2), derive_seed(LARGEST_SEED, 0)) == (7661332570333979640, 1636722439537120210)


def test_purposes_are_unique_and_fit_16_bits():
    values = [purpose.value for purpose in Purpose]
    assert len(Purpose.__members__) == len(set(values)) == len(values)
    assert all(0 <= value < 2**16 for value in values)


def test_every_purpose_has_its_constant():
    constants = {name: value for name, value in vars(purposes).items() if name.isupper()}
    assert constants == {purpose.name: purpose.value for purpose in Purpose}
    assert all(type(value) is int for value in constants.values())
