"""The command `knockouts`: what each mechanism of the whole model does."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from klastersim.cli.application import AsJson, announce_compilation, app
from klastersim.cli.ending import guarded, interruptible, output, write

if TYPE_CHECKING:
    from klastersim.analysis.knockouts import Effect, Measure

#: Narrowest table that still holds an interval in a line or two.
NARROWEST = 140


@app.command()
@guarded
def knockouts(
    names: Annotated[list[str] | None, typer.Argument(help="Which mechanisms; all by default.")] = None,
    runs: Annotated[
        int | None, typer.Option(help="Runs with and without each mechanism; 60 by default, which takes some minutes.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare the whole model with itself without one mechanism at a time, on the same luck: what each one does."""
    chosen, count = _chosen(names), _runs(runs)
    from klastersim.analysis.knockouts import as_record, effects, total
    from klastersim.lab.progress import Progress

    announce_compilation()
    with Progress(total(chosen, count), sys.stderr) as progress:
        found, means = interruptible(lambda: effects(chosen, count, progress=progress.update))
    if as_json:
        from klastersim.lab.provenance import as_json as text

        write(text(as_record(found, means, count)))
        return
    _show(found, means, count)


def _chosen(names: Sequence[str] | None) -> tuple[str, ...]:
    """Return the mechanisms asked for, in their order."""
    from klastersim.errors import InputError, did_you_mean
    from klastersim.scenario.whole import KNOCKOUTS

    for name in names or ():
        if name not in KNOCKOUTS:
            raise InputError("knockouts", "", name, f"one of {', '.join(KNOCKOUTS)}", did_you_mean(name, KNOCKOUTS))
    return tuple(name for name in KNOCKOUTS if not names or name in names)


def _runs(runs: int | None) -> int:
    from klastersim.analysis.knockouts import RUNS
    from klastersim.simulation import check_whole

    if runs is None:
        return RUNS
    check_whole("--runs", runs, 2, 100_000, where="knockouts")
    return runs


def _show(found: Sequence[Effect], means: Mapping[str, Mapping[str, float | None]], runs: int) -> None:
    from rich.console import Console
    from rich.table import Table

    from klastersim.analysis.knockouts import MEASURES, MONTHS, WINDOW
    from klastersim.analysis.patterns.page import number

    console = Console()
    console.width = max(console.width, NARROWEST)
    with output(), console.capture() as text:
        for place, values in means.items():
            table = Table(title=f"What each mechanism does in the whole model, {place}")
            table.add_column("mechanism")
            for measure in MEASURES:
                table.add_column(measure.label)
            table.add_row("(the whole model)", *(number(values[measure.name]) for measure in MEASURES))
            for name in dict.fromkeys(each.mechanism for each in found):
                mine = {each.measure: each for each in found if (each.place, each.mechanism) == (place, name)}
                table.add_row(name, *(_cell(mine[measure.name], measure, runs) for measure in MEASURES))
            console.print(table)
        console.print(
            f"With the mechanism less without it, {runs} pairs of runs on the same luck, means of the last {WINDOW} of "
            f"{MONTHS} months (active and the Gini: the last month). Each bound errs with a chance of at most 0.001, "
            "over all mechanisms of a column together; nothing told: the interval holds 0. The Gini coefficient is "
            "not defined where a firm makes a loss, so pairs without losses stand for it. At the defaults next to "
            "no cluster is active, since turnover ends activity: what mechanisms do to it shows in the second place."
        )
    with output():
        sys.stdout.write(text.get())


def _cell(effect: Effect, measure: Measure, runs: int) -> str:
    """Write an effect with its bounds: in per cent of the whole model's mean, or as it is measured.

    Where it is not defined in all pairs of runs, also in how many it is: these are no sample of all.
    """
    pairs = f" ({effect.defined} of {runs} pairs)" if effect.defined < runs else ""
    return _told(effect, measure) + pairs


def _told(effect: Effect, measure: Measure) -> str:
    if effect.differ == 0:
        return "no difference"
    if not effect.told or effect.estimate is None or effect.low is None or effect.high is None:
        return "nothing told"
    values = (effect.estimate, effect.low, effect.high)
    if measure.relative:
        return "{:+.1f} % ({:+.1f} to {:+.1f})".format(*(100.0 * value for value in values))
    return "{:+.3f} ({:+.3f} to {:+.3f})".format(*values)
