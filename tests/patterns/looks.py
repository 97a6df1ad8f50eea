"""Findings and counter-findings, each made once."""

from __future__ import annotations

from functools import cache

from klastersim.analysis.patterns import PATTERNS, Finding, Pattern


def pattern(number: int, part: str, under: str = "") -> Pattern:
    """Return the one look of that name."""
    (found,) = (each for each in PATTERNS if (each.number, each.part, each.under_name) == (number, part, under))
    return found


@cache
def found(number: int, part: str, under: str = "") -> Finding:
    """Return what a look finds."""
    return pattern(number, part, under).find()


@cache
def counter(number: int, part: str, name: str, under: str = "") -> Finding:
    """Return what the same look finds in its counter-test."""
    look = pattern(number, part, under)
    (wanted,) = (each for each in look.counters if each.name == name)
    return look.find_with(wanted)
