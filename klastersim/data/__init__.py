"""Figures that come with klastersim, each file with its source and grade in a text of the same name beside it."""

from __future__ import annotations

import csv
import functools
import operator
from importlib import resources
from typing import SupportsIndex

from klastersim.errors import InputError

__all__ = ["consumer_prices", "deflator"]


@functools.cache
def consumer_prices() -> dict[int, float]:
    """Read the Indonesian consumer price index.

    Returns
    -------
    dict of int to float
        Annual average of the index by year, 2010 = 100.
    """
    file = resources.files(__name__).joinpath("consumer_prices.csv")
    with file.open(encoding="utf-8") as lines:
        return {int(row["year"]): float(row["index"]) for row in csv.DictReader(lines)}


def deflator(from_year: int, to_year: int = 2010) -> float:
    r"""Rupiah of one year that buy what one rupiah of another bought.

    .. math:: d = I_{to} / I_{from}

    Parameters
    ----------
    from_year : int
        Year whose money an amount is given in.
    to_year : int
        Year whose money it is wanted in. The model counts in money of 2010.

    Returns
    -------
    float
        What to multiply the amount by: rupiah of `to_year` per rupiah of `from_year`.

    Raises
    ------
    InputError
        If a year is not a whole number, or not among those of the index.

    Notes
    -----
    The index is the annual average of consumer prices; source and grade are in consumer_prices.md.

    Examples
    --------
    A sentra's thin budget of 9 million rupiah of 2007, in million rupiah of 2010:

    >>> round(9 * deflator(2007), 1)
    10.9
    """
    return _index("to_year", to_year) / _index("from_year", from_year)


def _index(key: str, year: SupportsIndex) -> float:
    """Look up the index of one year, refusing what is not a year of it."""
    prices = consumer_prices()
    try:
        whole = None if isinstance(year, bool) else operator.index(year)
    except TypeError:
        whole = None
    if whole not in prices:
        raise InputError(
            "deflator",
            key,
            year,
            f"a year from {min(prices)} to {max(prices)}",
            "Consumer prices come with klastersim for these years only.",
        )
    return prices[whole]
