"""The normal distribution with the same bits everywhere."""

from __future__ import annotations

from klastersim.compiled.decorators import rule
from klastersim.compiled.maths import exp

#: Beyond so many standard deviations the chance of more is no number above 0.
FARTHEST = 38.0

#: From here on the tail is a continued fraction.
TAIL = 7.07106781186547
ROOT_OF_TWO_PI = 2.506628274631000502


@rule("f8(f8)")
def normal_chance(z):
    r"""Chance that a standard normal number is at most :math:`z`, within 1e-14.

    Parameters
    ----------
    z : float
        Any number.

    Returns
    -------
    float
        0 to 1.

    Notes
    -----
    Hart 1968, algorithm 5666, as given by West 2005 (Wilmott Magazine, May): a ratio of polynomials times the density,
    and a continued fraction in the tail.
    """
    size = abs(z)
    if size > FARTHEST:
        return 1.0 if z > 0.0 else 0.0
    density = exp(-0.5 * size * size)
    if size < TAIL:
        above = 3.52624965998911e-02 * size + 0.700383064443688
        above = above * size + 6.37396220353165
        above = above * size + 33.912866078383
        above = above * size + 112.079291497871
        above = above * size + 221.213596169931
        above = above * size + 220.206867912376
        below = 8.83883476483184e-02 * size + 1.75566716318264
        below = below * size + 16.064177579207
        below = below * size + 86.7807322029461
        below = below * size + 296.564248779674
        below = below * size + 637.333633378831
        below = below * size + 793.826512519948
        below = below * size + 440.413735824752
        beyond = density * above / below
    else:
        beyond = density / (size + 1.0 / (size + 2.0 / (size + 3.0 / (size + 4.0 / (size + 0.65))))) / ROOT_OF_TWO_PI
    return 1.0 - beyond if z > 0.0 else beyond
