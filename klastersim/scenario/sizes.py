"""How many firms of each size class there are at a mean of workers."""

from __future__ import annotations

from typing import Final

from klastersim.scenario.parameters import PARAMETERS

#: Mean workers of the size classes, each uniform from its least to its most workers (S11).
MICRO, SMALL, MEDIUM = (1 + 4) / 2, (5 + 19) / 2, (20 + 99) / 2

_DEFAULT: Final = {declared.key: declared.default for declared in PARAMETERS}

#: Decimal places of a share.
PLACES: Final = 4


def shares_at(mean: float) -> dict[str, float]:
    """Return shares of micro and small firms: in proportion as in the default, medium ones so that the mean is met.

    Parameters
    ----------
    mean : float
        Workers per firm, from that of the micro and small firms of the default (about 4.7) to 59.5.

    Returns
    -------
    dict of str to float
        ``cluster.micro_share`` and ``cluster.small_share``; what is left is the medium firms.

    Raises
    ------
    ValueError
        If no share of medium firms gives the mean.
    """
    micro, small = float(_DEFAULT["cluster.micro_share"]), float(_DEFAULT["cluster.small_share"])
    usual = (micro * MICRO + small * SMALL) / (micro + small)
    if not usual <= mean <= MEDIUM:
        raise ValueError(f"no shares of the size classes have a mean of {mean} workers")
    rest = (MEDIUM - mean) / (MEDIUM - usual) / (micro + small)
    return {
        "cluster.micro_share": round(micro * rest, PLACES),
        "cluster.small_share": round(small * rest, PLACES),
    }
