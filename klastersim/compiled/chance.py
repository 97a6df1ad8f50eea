"""Chance: every random number is a pure function of the seed and of what it is drawn for.

Philox4x32-10 turns a counter (month and purpose, cluster, who, whom) and a key (the seed) into 128 random bits. Nothing
is drawn in sequence, so skipped branches, the order of agents and the number of workers change nothing.

Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw (2011), Parallel random numbers: as easy as 1, 2, 3. SC '11.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from klastersim.compiled.decorators import rule
from klastersim.compiled.purposes import SEED

# All arithmetic is between uint64 values: compiled code turns a sum of int64 and uint64 into a float, NumPy too.
MULTIPLIER_0: Final = np.uint64(0xD2511F53)
MULTIPLIER_1: Final = np.uint64(0xCD9E8D57)
WEYL_0: Final = np.uint64(0x9E3779B9)
WEYL_1: Final = np.uint64(0xBB67AE85)
LOW_WORD: Final = np.uint64(0xFFFFFFFF)
WORD: Final = np.uint64(32)
HALF_WORD: Final = np.uint64(16)
ROUNDS: Final = 10

# 52 bits, not 53: then k + 1/2 is exact, so no number is rounded up to 1 and u is as likely as 1 - u.
DROPPED_BITS: Final = np.uint64(12)
STEP: Final = 2.0**-52


@rule("UniTuple(u4, 4)(u4, u4, u4, u4, u4, u4)")
def philox(c0, c1, c2, c3, k0, k1):
    """Return a block of Philox4x32-10.

    Parameters
    ----------
    c0, c1, c2, c3 : int
        Words of the counter, 0 to 2**32 - 1.
    k0, k1 : int
        Words of the key, 0 to 2**32 - 1.

    Returns
    -------
    tuple of int
        Four words, 0 to 2**32 - 1.

    Notes
    -----
    Salmon et al. (2011); known answers from their library Random123 are in the tests.
    """
    x0, x1, x2, x3 = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    key0, key1 = np.uint64(k0), np.uint64(k1)
    for _ in range(ROUNDS):
        product0 = MULTIPLIER_0 * x0
        product1 = MULTIPLIER_1 * x2
        x0 = (product1 >> WORD) ^ x1 ^ key0
        x1 = product1 & LOW_WORD
        x2 = (product0 >> WORD) ^ x3 ^ key1
        x3 = product0 & LOW_WORD
        key0 = (key0 + WEYL_0) & LOW_WORD
        key1 = (key1 + WEYL_1) & LOW_WORD
    return np.uint32(x0), np.uint32(x1), np.uint32(x2), np.uint32(x3)


@rule("f8(u4, u4)")
def _open_unit(high, low):
    """Return 52 of 64 random bits as a number strictly between 0 and 1."""
    bits = ((np.uint64(high) << WORD) | np.uint64(low)) >> DROPPED_BITS
    # Through int64, for which processors have an instruction.
    return (np.float64(np.int64(bits)) + 0.5) * STEP


@rule("UniTuple(f8, 2)(i8, i8, i8, i8, i8, i8)")
def two(seed, month, purpose, cluster, who, whom):
    """Return two independent random numbers, uniform strictly between 0 and 1.

    Parameters
    ----------
    seed : int
        Of the run, 0 to 2**63 - 1.
    month : int
        0 to 65535.
    purpose : int
        What the numbers are drawn for, 0 to 65535: a constant of :mod:`klastersim.compiled.purposes`.
    cluster : int
        Identity of the cluster, 0 to 2**32 - 1.
    who, whom : int
        Who draws, and about whom or for which try; 0 to 2**32 - 1, by convention 0 where there is none.

    Returns
    -------
    tuple of float
        Odd multiples of 2**-53: neither 0 nor 1, and their logarithms are finite.

    Notes
    -----
    Bounds are not checked: a value outside them would repeat the numbers of another key.
    """
    seed_bits = np.uint64(seed)
    first = np.uint64(month) | (np.uint64(purpose) << HALF_WORD)
    w0, w1, w2, w3 = philox(
        np.uint32(first & LOW_WORD),
        np.uint32(np.uint64(cluster) & LOW_WORD),
        np.uint32(np.uint64(who) & LOW_WORD),
        np.uint32(np.uint64(whom) & LOW_WORD),
        np.uint32(seed_bits & LOW_WORD),
        np.uint32(seed_bits >> WORD),
    )
    return _open_unit(w0, w1), _open_unit(w2, w3)


@rule("f8(i8, i8, i8, i8, i8, i8)")
def one(seed, month, purpose, cluster, who, whom):
    """Return a random number, uniform strictly between 0 and 1: the first of :func:`two` for the same key.

    Parameters
    ----------
    seed, month, purpose, cluster, who, whom : int
        As for :func:`two`.

    Returns
    -------
    float
        An odd multiple of 2**-53.
    """
    return two(seed, month, purpose, cluster, who, whom)[0]


@rule("i8(i8, i8)")
def derive_seed(seed, replication):
    """Return the seed of a replication.

    Parameters
    ----------
    seed : int
        Of the experiment, 0 to 2**63 - 1.
    replication : int
        Its number, 0 to 2**63 - 1.

    Returns
    -------
    int
        0 to 2**63 - 1: the upper 63 bits of the first half of the Philox block with the experiment's seed as key and
        (SEED in the place of the purpose, two words of the replication's number, 0) as counter.

    Notes
    -----
    Two of n replications share a seed with probability of about n**2 / 2**64.
    """
    seed_bits = np.uint64(seed)
    number = np.uint64(replication)
    w0, w1, _, _ = philox(
        np.uint32(np.uint64(SEED) << HALF_WORD),
        np.uint32(number & LOW_WORD),
        np.uint32(number >> WORD),
        np.uint32(0),
        np.uint32(seed_bits & LOW_WORD),
        np.uint32(seed_bits >> WORD),
    )
    return np.int64(((np.uint64(w0) << WORD) | np.uint64(w1)) >> np.uint64(1))
