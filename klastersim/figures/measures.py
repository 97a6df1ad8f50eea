"""What indicators are called in a language, and how it writes their values."""

from __future__ import annotations

from typing import Final

from klastersim.figures.words import Words
from klastersim.indicators.catalogue import INDICATORS

#: Indicators that are shares, shown in per cent.
SHARES: Final = frozenset(
    name for name, each in INDICATORS.items() if each.unit in ("share", "share of sales", "0 to 1")
)


def label_of(name: str, words: Words) -> str:
    """Return what an indicator is called."""
    return INDICATORS[name].label_id if words.language == "id" else INDICATORS[name].label


def value_of(name: str, value: float | None, words: Words) -> str:
    """Return the value of an indicator with its unit."""
    if name in SHARES:
        return words.share(value, 1)
    if INDICATORS[name].unit == "Rp million":
        return words.rupiah(value)
    return words.number(value)
