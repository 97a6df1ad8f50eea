"""The command `sweep`: an experiment of many runs."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from klastersim.cli.application import AsJson, Settings, app, command_line, folder_named, tell_filled, values_set
from klastersim.cli.ending import FAILED, guarded, results_written, say, write


@app.command()
@guarded
def sweep(
    file: Annotated[str, typer.Argument(help="A TOML file that describes an experiment.")],
    out: Annotated[str | None, typer.Option(metavar="FOLDER", help="For the results; results/NAME by default.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; one for each processor by default.")] = None,
    replications: Annotated[int | None, typer.Option(help="Runs at each point, in place of the file's.")] = None,
    settings: Settings = None,
    quick: Annotated[bool, typer.Option("--quick", help="Run the small version that the file describes.")] = False,
    as_json: AsJson = False,
    force: Annotated[bool, typer.Option("--force", help="Replace other results in the folder.")] = False,
) -> None:
    """Run an experiment: many clusters over a grid, into tables, figures and a record to run it again from."""
    from klastersim.lab.experiment import Experiment
    from klastersim.lab.folder import Folder
    from klastersim.lab.machine import check_workers, usable_processors
    from klastersim.lab.progress import Progress
    from klastersim.lab.provenance import refuse_other_results
    from klastersim.lab.runner import run_experiment

    experiment = Experiment.load(file, settings=values_set(settings), replications=replications, quick=quick)
    workers = usable_processors() if workers is None else check_workers(workers)
    target = folder_named(out) or Path("results") / (f"{experiment.name}-quick" if quick else experiment.name)
    record = experiment.record()
    refuse_other_results(target, record, force)
    points = sum(each.size for each in experiment.maps)
    title = experiment.title if experiment.title.endswith((".", "?", "!")) else f"{experiment.title}:"
    say(f"{title} {experiment.runs:,} runs, {points:,} points with {experiment.replications:,} replications each.")
    tell_filled(experiment.base)
    with Folder(target) as folder, Progress(experiment.runs, sys.stderr) as progress:
        result = run_experiment(experiment, folder, workers, progress=progress.update, announce=say)
        begun = time.perf_counter()
        answer = _draw_maps(folder, experiment, result, record)
        result.seconds["draw"] = time.perf_counter() - begun
        result.seconds["wall"] += result.seconds["draw"]
        _write_provenance(folder, record, result)
        files = folder.finish()
    with results_written():
        _show_sweep(experiment, result, answer, files, as_json)
    if result.failed:
        raise typer.Exit(FAILED)


def _draw_maps(folder: Any, experiment: Any, result: Any, record: dict[str, Any]) -> dict[str, list[str]]:
    """Draw every map that can be drawn; return what each says."""
    from klastersim.figures.phase_figure import can_be_drawn, draw_map
    from klastersim.figures.style import save
    from klastersim.lab.answer import phases_of, sentences
    from klastersim.scenario.ensemble import drawn_keys

    answer = {}
    base = experiment.base
    drawn = drawn_keys(base)
    own = {key: value for key, value in base.flat().items() if key not in drawn}
    firms = "Unequal sentra" if base["ensemble.unequal"] else f"{base['cluster.firms']} firms"
    note = f"{firms}, {experiment.months} months, {base['start.kind']} start."
    for each in experiment.maps:
        phases = phases_of(each, result.summary)
        answer[each.name] = sentences(phases, result.costs)
        if can_be_drawn(phases):
            figure = draw_map(phases, each.question or experiment.question or experiment.title, note, own)
            for suffix in ("png", "svg"):
                with folder.writing(f"{each.name}.{suffix}") as path:
                    save(figure, path, record, experiment.title)
    return answer


def _write_provenance(folder: Any, record: dict[str, Any], result: Any) -> None:
    from klastersim.lab.provenance import FILE, as_json, provenance

    told = provenance(record, result.digest, command_line(), runs=result.runs, failed=result.failed, **_speed(result))
    folder.write(FILE, as_json(told))


def _speed(result: Any) -> dict[str, Any]:
    """Return what the time went into: seconds, and the share outside building clusters and running their months."""
    seconds = {stage: round(spent, 3) for stage, spent in result.seconds.items()}
    return {"workers": result.workers, "seconds": seconds, "outside": round(result.outside, 4)}


def _show_sweep(
    experiment: Any, result: Any, answer: dict[str, list[str]], files: Sequence[Path], as_json: bool
) -> None:
    for run, (stage, message) in result.failures.items():
        say(f"run {run} failed ({stage}): {message}")
    if result.failed:
        say(f"{result.failed:,} of {result.runs:,} runs failed; they stand in the table with status failed.")
    if as_json:
        from klastersim.lab.provenance import as_json as written

        told = {
            "format": 1,
            "name": experiment.name,
            "runs": result.runs,
            "failed": result.failed,
            "digest": result.digest,
            **_speed(result),
            "answer": answer,
            "files": [str(path) for path in files],
            "summary": result.summary,
        }
        write(written(told))
        return
    page = [line for name, told in answer.items() for line in (f"{name}:", *(f"  {sentence}" for sentence in told))]
    page.append(f"{result.runs:,} runs in {result.seconds['wall']:,.0f} s, digest {result.digest[:16]}")
    page += [f"written: {path}" for path in files]
    write("\n".join(page) + "\n")
