"""Look at every pattern and write docs/patterns.md: ``python -m klastersim.analysis.patterns``."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from klastersim.analysis.patterns.catalogue import PATTERNS, Pattern
from klastersim.analysis.patterns.draws import DRAWS, shares
from klastersim.analysis.patterns.page import Told, page


def main(arguments: Sequence[str] | None = None) -> None:
    """Look, count draws, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m klastersim.analysis.patterns", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/patterns.md"), help="page to write")
    parser.add_argument("--draws", type=int, default=DRAWS, help="draws from the ranges of the parameters")
    asked = parser.parse_args(arguments)
    told = [look(pattern) for pattern in PATTERNS]
    tallies = shares(PATTERNS, asked.draws, progress=Teller("draws", asked.draws)) if asked.draws else {}
    told = [Told(each.pattern, each.finding, each.counters, tallies.get(k)) for k, each in enumerate(told)]
    asked.out.write_text(page(told, asked.draws), encoding="utf-8")


def look(pattern: Pattern) -> Told:
    """Look at one pattern and at its counter-tests, and say so."""
    finding = pattern.find()
    counters = tuple((each, pattern.find_with(each)) for each in pattern.counters)
    say(f"pattern {pattern.number} {pattern.name}: {finding.verdict}")
    return Told(pattern, finding, counters)


def say(line: str) -> None:
    """Write a line to standard error."""
    print(line, file=sys.stderr, flush=True)


class Teller:
    """Tells how far something has come, every ten seconds.

    Parameters
    ----------
    what : str
        What is counted.
    total : int
        How many there are.
    """

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total = what, total
        self._begun = self._said = time.monotonic()

    def __call__(self, done: int) -> None:
        """Tell that so many are done."""
        now = time.monotonic()
        if now - self._said >= 10.0 or done == self._total:
            self._said = now
            left = (now - self._begun) / done * (self._total - done)
            say(f"{done} of {self._total} {self._what}, about {left / 60.0:.0f} min left")


if __name__ == "__main__":
    main()
