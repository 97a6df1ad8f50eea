"""Write docs/parameters.md from the declarations: ``python -m tests.docs.parameters_table``."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from klastersim.scenario.declaration import GRADES, Parameter, Value
from klastersim.scenario.events import KINDS
from klastersim.scenario.parameters import PARAMETERS
from klastersim.scenario.parameters.events import EVENT_KEYS

PAGE = Path(__file__).parents[2] / "docs" / "parameters.md"

OPENING = """\
# Parameters

Every value that a scenario fixes. This page is generated from `klastersim/scenario/parameters/` by
`python -m tests.docs.parameters_table`; do not edit it by hand. What each parameter does in the model is told in
[model.md](model.md), what stands behind the figures in [evidence.md](evidence.md), whose keys S1 to S59 are cited here.

- **Bounds** are what is allowed. **Range** is what the evidence, or for an assumption our judgement, leaves open; a
  parameter without a range is not varied.
- **Grade**: {grades}.
- **Kind**: an uncertainty is what nobody chooses, a lever what a policy chooses, a setting what belongs to the run or
  the experiment.
- Money is million rupiah (Rp million) of 2010. Output is worker-months of standard product. Shares run from 0 to 1.
"""

EVENTS = """\
## Dated events

What happens at a month that the user gives, one table `[[events]]` each with a `kind`; `title` may tell what it is.
"""

DEFAULTED = {key for kind in KINDS.values() for key in kind.optional} - {"until", "half_life"}

HEADER = ("key", "meaning", "default", "unit", "bounds", "range", "grade", "kind", "source")


def written(value: Value | None) -> str:
    """Write a value as TOML would, short: 0.25, true, "near"; nothing for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    return str(value) if isinstance(value, int) else f"{value:.10g}"


def bounds(parameter: Parameter) -> str:
    """What is allowed: choices, two ends, or one."""
    if parameter.choices:
        return ", ".join(map(written, parameter.choices))
    if isinstance(parameter.default, bool):
        return "true, false"
    if parameter.file:
        return "a path"
    return f"{written(parameter.low)} to {written(parameter.high)}"


def row(parameter: Parameter) -> tuple[str, ...]:
    """Cells of one parameter."""
    evidence = " to ".join(map(written, parameter.range)) if parameter.range else ""
    return (
        f"`{parameter.key}`",
        parameter.help,
        written(parameter.default),
        parameter.unit,
        bounds(parameter),
        evidence,
        parameter.grade,
        parameter.kind,
        parameter.source,
    )


def put_between(text: str, begin: str, end: str, made: str) -> str:
    """The text of a page with what stands between two marks made anew."""
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n\n{made}\n\n{end}{rest.partition(end)[2]}"


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown."""
    cells = [tuple(header), tuple("---" for _ in header), *map(tuple, rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in cells)


def page() -> str:
    """The whole page."""
    grades = "; ".join(f"{grade} {meaning}" for grade, meaning in GRADES.items())
    parts = [OPENING.format(grades=grades)]
    for section, members in groupby(sorted(PARAMETERS, key=_first_of_section), key=lambda p: p.section):
        parts.append(f"## {section}\n\n{table(HEADER, map(row, members))}\n")
    return "\n".join([*parts, EVENTS, *map(_kind, KINDS), "", *map(_key, EVENT_KEYS), ""])


def _kind(name: str) -> str:
    """A kind of event, with the keys that it takes."""
    kind = KINDS[name]
    optional = f"; it may have {', '.join(f'`{key}`' for key in kind.optional)}" if kind.optional else ""
    return f"- `{name}`: {kind.text}. It has {', '.join(f'`{key}`' for key in kind.needed)}{optional}."


def _key(declared: Parameter) -> str:
    """A key of events, with bounds and the reason of its default."""
    allowed = bounds(declared) if declared.name != "title" else "text"
    default = f", {written(declared.default)} by default" if declared.name in DEFAULTED else ""
    unit = f" {declared.unit}" if declared.unit else ""
    return f"- `{declared.name}` ({allowed}{unit}{default}): {declared.help} {declared.grade}, {declared.source}."


def _first_of_section(parameter: Parameter) -> int:
    """Place of the first parameter of a section, so that a section stands in one piece."""
    return next(k for k, other in enumerate(PARAMETERS) if other.section == parameter.section)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
