"""The command `patterns`: what the model is judged by."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from klastersim.cli.application import AsJson, Settings, announce_compilation, app, values_set
from klastersim.cli.ending import guarded, interruptible, output, say, unfinished_kept, write

if TYPE_CHECKING:
    from klastersim.analysis.patterns import Pattern
    from klastersim.analysis.patterns.page import Told
    from klastersim.lab.folder import Folder

#: Narrowest table that still holds a claim in a few lines.
NARROWEST = 100


@app.command()
@guarded
def patterns(
    numbers: Annotated[list[int] | None, typer.Argument(help="Which patterns; all by default.")] = None,
    draws: Annotated[
        int | None,
        typer.Option(help="Draws from the evidence's ranges, about 6 s each; 200 by default, 0 for none."),
    ] = None,
    out: Annotated[
        str | None, typer.Option(metavar="DIR", help="Keep the draws here as they are found; the same command goes on.")
    ] = None,
    preset: Annotated[
        str, typer.Option(help='What the looks start from: "sentra", "whole", or another preset.')
    ] = "sentra",
    settings: Settings = None,
    page: Annotated[str | None, typer.Option(metavar="FILE", help="Write all that was found as a page too.")] = None,
    as_json: AsJson = False,
) -> None:
    """Test the patterns that the model is judged by: what held, with intervals, and in what share of the evidence."""
    chosen = _on(_chosen(numbers), preset, settings)
    count = _draws(draws)
    target = _page(page)
    from klastersim.analysis.patterns.inquiry import as_record, inquire, with_draws
    from klastersim.analysis.patterns.page import page as written
    from klastersim.lab.progress import Progress

    announce_compilation()
    told = interruptible(lambda: inquire(chosen, say))
    if count:
        with _keeping(out) as folder, Progress(count, sys.stderr, "draws") as progress:
            told = interruptible(lambda: with_draws(told, count, progress.update, folder))
    if target is not None:
        target.write_text(written(told, count), encoding="utf-8")
    if as_json:
        from klastersim.lab.provenance import as_json as text

        write(text({"format": 1, "draws": count, "patterns": [as_record(each) for each in told]}))
        return
    _show(told, count)


@contextmanager
def _keeping(out: str | None) -> Iterator[Folder | None]:
    """Open the folder that keeps the draws, and put their table in its place when all are there."""
    from klastersim.lab.folder import Folder

    if out is None:
        yield None
        return
    with Folder(out, lasting=True) as folder, unfinished_kept(folder):
        yield folder
        folder.finish()


def _chosen(numbers: Sequence[int] | None) -> tuple[Pattern, ...]:
    """Return the patterns asked for, in their order."""
    from klastersim.analysis.patterns import PATTERNS
    from klastersim.errors import InputError

    known = sorted({each.number for each in PATTERNS})
    for number in numbers or ():
        if number not in known:
            raise InputError("patterns", "", number, f"one of {', '.join(map(str, known))}")
    return tuple(each for each in PATTERNS if not numbers or each.number in numbers)


def _on(patterns: Sequence[Pattern], preset: str, settings: Sequence[str] | None) -> tuple[Pattern, ...]:
    """Return the looks, at another scenario if one is asked for; their own changes come last."""
    from klastersim.errors import InputError, did_you_mean, shown
    from klastersim.scenario import PRESETS, Scenario

    if preset not in PRESETS:
        raise InputError("patterns", "--preset", preset, f"one of {', '.join(PRESETS)}", did_you_mean(preset, PRESETS))
    asked = values_set(settings)
    changed = Scenario.preset(preset).replace(asked, where="--set")
    values = {key: changed[key] for key in asked if key in changed}
    words = [
        *([f"preset {preset}"] if preset != "sentra" else []),
        *(f"{key} = {shown(values[key])}" for key in values),
    ]
    if not words:
        return tuple(patterns)
    changes = {**PRESETS[preset].changes, **values}
    return tuple(each.on(", ".join(words), changes) for each in patterns)


def _draws(draws: int | None) -> int:
    from klastersim.analysis.patterns.draws import DRAWS
    from klastersim.simulation import check_whole

    if draws is None:
        return DRAWS
    check_whole("--draws", draws, 0, 100_000, where="patterns")
    return draws


def _page(page: str | None) -> Path | None:
    """Return where the page goes, refusing a place that cannot be written to before anything is run."""
    from klastersim.errors import InputError

    if page is None:
        return None
    target = Path(page)
    if not page.strip() or target.is_dir() or not target.parent.is_dir():
        raise InputError("patterns", "--page", page, "a file in a folder that exists", "Name a file such as found.md.")
    return target


def _show(told: Sequence[Told], draws: int) -> None:
    from rich.console import Console
    from rich.table import Table

    from klastersim.analysis.patterns.page import interval, number, share

    table = Table(title="What the model is judged by; each bound errs with a chance of at most 0.001")
    for name in ("pattern", "claim", "verdict", "estimate", "interval"):
        table.add_column(name)
    if draws:
        table.add_column(f"holds in {draws} draws")
    for each in told:
        found = each.finding
        cells = [f"{found.pattern} {each.pattern.name}", found.claim, found.verdict, number(found.estimate)]
        cells.append(interval(found))
        table.add_row(*cells, *([share(each.tally, "held") or "-"] if draws else []))
    console = Console()
    console.width = max(console.width, NARROWEST)
    with output():
        with console.capture() as text:
            console.print(table)
        sys.stdout.write(text.get())
