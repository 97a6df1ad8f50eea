"""The page that tells what was found: a table of all claims, then each pattern with its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from klastersim.analysis.patterns import draws
from klastersim.analysis.patterns.catalogue import TITLES, Counter, Pattern
from klastersim.analysis.patterns.finding import Finding
from klastersim.analysis.patterns.readings import READINGS
from klastersim.lab.summary import wilson

#: Longest table of what stands behind an estimate that the page shows.
MOST_ROWS: Final = 14

OPENING: Final = """\
# Patterns

What the model does, claim by claim. This page is written by `klastersim patterns --page docs/patterns.md`; do not edit
it by hand. What each pattern asks, and how it is tested, is told in [model.md](model.md#patterns); the tests are in
`tests/patterns/`. Nothing here was tuned: defaults and seeds were committed before anything was run.
Some of these looks at the whole model, and what each of its mechanisms does: [whole.md](whole.md).

- **Estimate and interval**: each bound errs with a probability of at most 0.001, over all points of a look together.
  *Held* means that the interval shows the claim, *not held* that it shows the contrary or a difference too small to
  count, *undecided* that it shows neither, *not identified* that what the claim presupposes was not met.
- **In draws**: of {draws} draws of {varied} parameters from the ranges of [parameters.md](parameters.md) (a Latin
  hypercube; levers keep their values), the share in which the claim held, with Wilson's 95 % interval, and the share in
  which it was not held. These looks have few runs each and bounds at 0.05, so that many stay undecided.
- **Counter-test**: the same look where the claim should come out otherwise.
"""


@dataclass(frozen=True, slots=True)
class Told:
    """Everything about one look.

    Attributes
    ----------
    pattern : Pattern
        What was looked at.
    finding : Finding
        What was found.
    counters : tuple of (Counter, Finding)
        What was found where it should come out otherwise.
    tally : mapping of str to int or None
        Draws by verdict; None where it was not looked at in draws.
    """

    pattern: Pattern
    finding: Finding
    counters: tuple[tuple[Counter, Finding], ...] = ()
    tally: Mapping[str, int] | None = None


def page(told: Sequence[Told], number_of_draws: int) -> str:
    """Return the whole page."""
    parts = [OPENING.format(draws=number_of_draws, varied=len(draws.varied())), table(HEADER, map(_line, told))]
    for number, title in TITLES.items():
        mine = [each for each in told if each.pattern.number == number]
        if mine:
            parts.append("\n".join([f"## {number} {title}\n", READINGS.get(number, ""), *map(_paragraph, mine)]))
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


HEADER: Final = (
    "pattern",
    "claim",
    "verdict",
    "estimate",
    "interval",
    "holds in draws",
    "not held in draws",
    "counter-test",
)


def _line(told: Told) -> tuple[str, ...]:
    found = told.finding
    return (
        f"{told.pattern.number} {told.pattern.name}",
        found.claim,
        f"**{found.verdict}**",
        number(found.estimate),
        interval(found),
        share(told.tally, "held"),
        share(told.tally, "not held"),
        "; ".join(f"with {counter.name}: {other.verdict}" for counter, other in told.counters),
    )


def share(tally: Mapping[str, int] | None, verdict: str) -> str:
    """Write the share of draws with a verdict and its interval; nothing where there were no draws."""
    if not tally:
        return ""
    total = sum(tally.values())
    low, high = wilson(tally.get(verdict, 0), total)
    return f"{tally.get(verdict, 0) / total:.2f} ({low:.2f} to {high:.2f})"


def _paragraph(told: Told) -> str:
    found, place = told.finding, told.pattern.place
    where = f" The place is where a search with other seeds sees {place.words}." if place else ""
    lines = [
        f"**{told.pattern.name.capitalize()}: {found.verdict}.** {found.claim} {found.quantity.capitalize()}: "
        f"{number(found.estimate)} ({interval(found)}), {told.pattern.replications} runs a point. {found.note}{where}"
    ]
    lines += [
        f"Counter-test, with {counter.name}: {other.verdict}, {number(other.estimate)} ({interval(other)})."
        for counter, other in told.counters
    ]
    text = "\n" + " ".join(line.strip() for line in lines)
    if 1 < len(found.detail) <= MOST_ROWS:
        text += "\n\n" + table(found.detail[0], ([_cell(value) for value in row.values()] for row in found.detail))
    return text


def number(value: float | None) -> str:
    """Write a number short; a dash for none.

    Examples
    --------
    >>> number(0.12345), number(None), number(12.0)
    ('0.123', '-', '12')
    """
    return "-" if value is None else f"{value:.3g}"


def interval(finding: Finding) -> str:
    """Write an interval; only its upper bound where there is no lower."""
    if finding.low is None and finding.high is None:
        return "-"
    return f"{number(finding.low)} to {number(finding.high)}"


def _cell(value: Any) -> str:
    return number(value) if isinstance(value, float) or value is None else str(value)


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown."""
    cells = [tuple(header), tuple("---" for _ in header), *map(tuple, rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in cells)
