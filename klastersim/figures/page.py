"""The page that ``klastersim run`` shows on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from klastersim.figures.run_data import RunData, binding_constraint, run_data, subtitle_of, year_mean
from klastersim.figures.words import ENGLISH as words
from klastersim.indicators.catalogue import INDICATORS
from klastersim.simulation import Run, Twin
from klastersim.world.layout import WINDOW

BARS = "▁▂▃▄▅▆▇█"
PLAIN_BARS = "_.:-=+*#"
WIDEST = 60

#: Indicators with a line of their own, and whether they run from 0 to 1; what does not is smoothed over a year.
SHOWN = (
    ("acting", True),
    ("collective_share", True),
    ("cooperating", True),
    ("trust", True),
    ("quality", True),
    ("linkage", True),
    ("value_added", False),
)

#: Outcomes compared with the twin, and whether they are means of the last 12 months; the others stand at their end.
COMPARED = (
    ("acting", False),
    ("collective_share", False),
    ("trust", False),
    ("quality", False),
    ("linkage", False),
    ("working_capital", False),
    ("value_added", True),
    ("profit", True),
)

#: Other outcomes by which deadweight is told where they can change: name, unit, and over how many units of sum.
FURTHER = {"jobs": ("jobs", "workers", WINDOW), "investment": ("sums invested", "Rp million", 1)}

GRADES = {
    "no gain": "no gain: value added moved by less than 2% of its base",
    "absolute": "absolute: at least nine tenths of the gain would have come anyway",
    "partial": "partial: some of the gain would have come anyway",
    "zero": "zero: at most a tenth of the gain would have come anyway",
    "loss avoided": "none: the cluster lost, but would have lost more without",
    "loss": "none to speak of: the cluster lost, and would not have lost more without",
}


def print_page(console: Console, run: Run, pair: Twin | None, files: Sequence[Path]) -> None:
    """Print what a run came to.

    Parameters
    ----------
    console : Console
        Where to.
    run : Run
        The run.
    pair : Twin or None
        The run and its twin, where a programme ran.
    files : sequence of Path
        Files written.
    """
    data = run_data(run, pair.without if pair else None)
    console.print(Text(data.title, style="bold"))
    console.print(f"{subtitle_of(data, words)}, {run.driver} driver", style="dim", highlight=False)
    console.print()
    _print_state(console, run)
    _print_timelines(console, run, data)
    _print_funnel(console, data)
    if pair is not None:
        _print_programme(console, pair)
    for path in files:
        console.print(f"written: {path}", highlight=False, soft_wrap=True)


def _print_state(console: Console, run: Run) -> None:
    last = run.measures[-1]
    kind = run.state.type
    line = Text("The cluster is ")
    line.append(kind, style="bold green" if run.state.active else "bold yellow")
    head, _, rest = words(f"figure.state_{kind}").partition(":")
    line.append(f"{'' if head == kind else f', {head}'}:{rest}.")
    console.print(line)
    console.print(
        f"In the last 12 months {last['acting']:.0%} of firms took part in a collective act (active needs 30%) and "
        f"{last['collective_share']:.1%} of sales was collective (active needs 5%).",
        highlight=False,
    )
    if run.state.self_sustaining is not None:
        kept = "is active: self-sustaining." if run.state.self_sustaining else "is not active: not self-sustaining."
        console.print(f"Five years after the programme it {kept}", highlight=False)
    console.print()


def sparkline(values: np.ndarray, low: float, high: float, bars: str = BARS, widest: int = WIDEST) -> str:
    """Return values as a line of bars, each the mean of a stretch.

    Examples
    --------
    >>> sparkline(np.array([0.0, 0.5, 1.0]), 0.0, 1.0)
    '▁▅█'
    """
    stretches = np.array_split(values, min(widest, len(values)))
    span = high - low
    means = [float(stretch.mean()) for stretch in stretches]
    places = [round((mean - low) / span * (len(bars) - 1)) if span > 0.0 else 0 for mean in means]
    return "".join(bars[min(max(place, 0), len(bars) - 1)] for place in places)


def _print_timelines(console: Console, run: Run, data: RunData) -> None:
    bars = BARS if "utf" in (console.encoding or "").lower() else PLAIN_BARS
    width = min(WIDEST, max(12, console.width - 50))
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("over time", no_wrap=True)
    table.add_column(f"month 1 to {run.months}", no_wrap=True)
    table.add_column("first", justify="right")
    table.add_column("last", justify="right")
    for name, share in SHOWN:
        values = np.array(run.measures[name], dtype=float)
        values = values if share else year_mean(values)
        high = 1.0 if share else float(values.max())
        low = 0.0 if share else min(0.0, float(values.min()))
        table.add_row(
            INDICATORS[name].label, sparkline(values, low, high, bars, width), number(values[0]), number(values[-1])
        )
    if data.programme is not None:
        table.add_row("programme", _programme_line(data.programme, run.months, width, bars), "", "")
    console.print(table, highlight=False)
    console.print()


def _programme_line(programme: tuple[int, int], months: int, width: int, bars: str) -> str:
    running = np.zeros(months)
    running[programme[0] - 1 : programme[1]] = 1.0
    return sparkline(running, 0.0, 1.0, f" {bars[len(bars) // 2]}", width).rstrip()


def _print_funnel(console: Console, data: RunData) -> None:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("orders lost at", no_wrap=True)
    table.add_column("pass", justify="right")
    table.add_column("the test, over the last 12 months")
    table.add_column("needs", no_wrap=True)
    binding = binding_constraint(data.binding)
    for step in data.funnel:
        style = "bold yellow" if step.constraint == binding else ""
        rate = "-" if step.rate is None else f"{step.rate:.0%}"
        question, needs = words(f"question.{step.stage}"), words(f"constraint.{step.constraint}")
        table.add_row(step.stage, rate, question, needs, style=style)
    console.print(table, highlight=False)
    if binding is None:
        console.print("No outside order was possible in the last 12 months.")
    else:
        share = data.binding[binding]
        console.print(
            f"Binding: {words(f'constraint.{binding}')}, {share:.0%} of the (logarithmic) loss of orders.",
            highlight=False,
        )
    console.print()


def _print_programme(console: Console, pair: Twin) -> None:
    run, without = pair.with_, pair.without
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("at the end, same shocks", no_wrap=True)
    for name in ("with", "without", "change"):
        table.add_column(name, justify="right")
    table.add_column("", no_wrap=True)
    for name, smooth in COMPARED:
        here, there = (
            float((year_mean(each.measures[name]) if smooth else each.measures[name])[-1]) for each in (run, without)
        )
        label = INDICATORS[name].label + (", mean of the last 12 months" if smooth else "")
        table.add_row(label, *map(number, (here, there, here - there)), INDICATORS[name].unit)
    table.add_row("State at the end", run.state.type, without.state.type, "", "")
    console.print(table, highlight=False)
    cost, social = (float(run.measures[name].sum()) for name in ("public_cost", "social_cost"))
    firms = run.final["supported"]
    console.print(
        f"Public cost {number(cost)}, social cost {number(social)} Rp million over the whole run; the programme "
        f"(months {run.scenario['programme.start']} to {run.scenario['programme.end']}) reached {firms:.0%} of firms.",
        highlight=False,
    )
    counts = pair.firm_effects
    if counts is not None:
        console.print(
            f"Firms by value added in years three to five after it: supported {counts.gained} gained, {counts.lost} "
            f"lost; not supported {counts.spillover} gained, {counts.displacement} lost.",
            highlight=False,
        )
    _print_deadweight(console, pair)
    console.print()


def _print_deadweight(console: Console, pair: Twin) -> None:
    deadweight = pair.deadweight
    if deadweight is None:
        console.print("Deadweight: not told; that takes 36 months before the programme and 60 after it.")
        return
    console.print(
        f"Deadweight {GRADES[deadweight.grade]}. Value added over three years changed by "
        f"{number(deadweight.gain_with)} Rp million with the programme, {number(deadweight.gain_without)} without.",
        highlight=False,
    )
    for outcome, (label, unit, over) in FURTHER.items():
        found = pair.deadweights[outcome]
        if found is not None:
            with_, without = (number(gain / over) for gain in (found.gain_with, found.gain_without))
            console.print(
                f"By {label}: {found.grade}. They changed by {with_} {unit} with the programme, {without} without.",
                highlight=False,
            )


def number(value: float | None) -> str:
    """Return a number in as many digits as a reader wants.

    Examples
    --------
    >>> number(1128.165), number(0.01084), number(-3.0), number(None)
    ('1,128', '0.011', '-3.0', '-')
    """
    if value is None:
        return "-"
    if abs(value) >= 100.0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 1.0 else f"{value:.3f}"
