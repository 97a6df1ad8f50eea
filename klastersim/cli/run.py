"""The command `run`: one cluster, beside its twin without the programme."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from klastersim.cli.application import (
    AsJson,
    Settings,
    announce_compilation,
    app,
    command_line,
    folder_named,
    scenario_named,
    tell_filled,
)
from klastersim.cli.ending import guarded, interruptible, output, results_written, write

if TYPE_CHECKING:
    from klastersim.scenario import Scenario
    from klastersim.simulation import Run, Twin


@app.command()
@guarded
def run(
    scenario: Annotated[str, typer.Argument(help="A preset (see `klastersim presets`) or a TOML file.")] = "sentra",
    settings: Settings = None,
    months: Annotated[int, typer.Option(help="Months to run, 1 to 1200.")] = 240,
    seed: Annotated[int, typer.Option(help="Seed of all chance.")] = 1,
    driver: Annotated[
        str, typer.Option(help='"arrays" is fast; "agents" lets Mesa agents act, with the same numbers.')
    ] = "arrays",
    out: Annotated[str | None, typer.Option(metavar="FOLDER", help="For series, firms, figure and record.")] = None,
    as_json: AsJson = False,
    force: Annotated[bool, typer.Option("--force", help="Replace other results in the folder.")] = False,
) -> None:
    """Run one cluster and tell its state, where its orders are lost, and what the programme changed."""
    chosen = scenario_named(scenario, settings)
    from klastersim.lab.folder import Folder
    from klastersim.lab.provenance import refuse_other_results, run_record

    _check_run(months, seed, driver)
    tell_filled(chosen)
    target = folder_named(out)
    if target is None:
        show_run(*simulated(chosen, months, seed, driver), (), as_json)
        return
    record = run_record(chosen, seed, months, driver)
    refuse_other_results(target, record, force)
    with Folder(target) as folder:
        finished, pair = simulated(chosen, months, seed, driver)
        write_run(folder, record, finished, pair)
        files = folder.finish()
    with results_written():
        show_run(finished, pair, files, as_json)


def _check_run(months: int, seed: int, driver: str) -> None:
    """Refuse what cannot be run before a folder is made."""
    from klastersim.errors import InputError, did_you_mean
    from klastersim.simulation import DRIVERS, MOST_MONTHS, MOST_SEED, check_whole

    check_whole("--months", months, 1, MOST_MONTHS, where="run")
    check_whole("--seed", seed, 0, MOST_SEED, where="run")
    if driver not in DRIVERS:
        known = ", ".join(f'"{name}"' for name in DRIVERS)
        raise InputError("run", "--driver", driver, f"one of {known}", did_you_mean(driver, DRIVERS))


def simulated(scenario: Scenario, months: int, seed: int, driver: str) -> tuple[Run, Twin | None]:
    """Run a scenario, beside its twin where it has a programme."""
    from klastersim.indicators.state import programme_runs
    from klastersim.simulation import simulate, twin

    announce_compilation()
    if not programme_runs(scenario):
        return interruptible(lambda: simulate(scenario, months, seed, driver)), None
    pair = interruptible(lambda: twin(scenario, seed, months, driver))
    return pair.with_, pair


def write_run(folder: Any, record: dict[str, Any], finished: Run, pair: Twin | None) -> None:
    """Write series, firms, figure and provenance of a run into an open folder."""
    from klastersim.figures.run_data import run_data
    from klastersim.figures.run_figure import draw_run
    from klastersim.figures.style import save
    from klastersim.lab.provenance import FILE, as_json, provenance

    for name, frame in (("series.parquet", finished.series), ("firms.parquet", finished.firms)):
        with folder.writing(name) as path:
            frame.to_parquet(path)
    with folder.writing("figure.png") as path:
        save(draw_run(run_data(finished, pair.without if pair else None)), path, record, finished.scenario.title)
    folder.write(FILE, as_json(provenance(record, finished.digest, command_line())))


def show_run(finished: Run, pair: Twin | None, files: Sequence[Path], as_json: bool) -> None:
    """Print what a run came to."""
    if as_json:
        from klastersim.figures.run_data import run_json
        from klastersim.lab.provenance import as_json as written

        write(written(run_json(finished, pair)))
        return
    from rich.console import Console

    from klastersim.figures.page import print_page

    console = Console()
    # Written in one go: the console would end the program by itself where nobody reads on.
    with output():
        with console.capture() as page:
            print_page(console, finished, pair, files)
        sys.stdout.write(page.get())
