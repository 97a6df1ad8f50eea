"""The command `sweep`: an experiment of many runs."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from klastersim.cli.application import AsJson, Settings, app, command_line, folder_named, tell_filled, values_set
from klastersim.cli.ending import FAILED, guarded, results_written, say, unfinished_kept, write

if TYPE_CHECKING:
    from klastersim.lab.design import Map
    from klastersim.lab.experiment import Experiment
    from klastersim.lab.finding import Findings
    from klastersim.lab.runner import Result


@app.command()
@guarded
def sweep(
    file: Annotated[str, typer.Argument(help="A TOML file that describes an experiment.")],
    out: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="For the results, or a URL; results/NAME by default.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; one for each processor by default.")] = None,
    replications: Annotated[int | None, typer.Option(help="Runs at each point, in place of the file's.")] = None,
    settings: Settings = None,
    quick: Annotated[bool, typer.Option("--quick", help="Run the small version that the file describes.")] = False,
    as_json: AsJson = False,
    force: Annotated[bool, typer.Option("--force", help="Replace results in the folder.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on; refuse to begin where there is nothing.")] = False,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Do again what failed.")] = False,
    dask: Annotated[
        str | None, typer.Option(metavar="WHERE", help='Run on Dask: "local", or a scheduler as tcp://HOST:PORT.')
    ] = None,
    crate: Annotated[bool, typer.Option("--crate", help="Describe the results for archives: RO-Crate.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Go on, whatever memory, disk or time it takes.")] = False,
) -> None:
    """Run an experiment: many clusters over a grid, into tables, figures and a record to run it again from."""
    from klastersim.analysis.sweeps.findings import findings_of
    from klastersim.lab.crate import check_crate
    from klastersim.lab.experiment import Experiment
    from klastersim.lab.folder import refuse_nothing_to_resume
    from klastersim.lab.machine import check_workers, usable_processors
    from klastersim.lab.on_dask import backend, check_dask
    from klastersim.lab.provenance import finished_results, refuse_other_results
    from klastersim.lab.remote import Remote, is_remote
    from klastersim.lab.runner import RUNS, read_result

    begun = time.perf_counter()
    findings: Findings
    experiment = Experiment.load(file, settings=values_set(settings), replications=replications, quick=quick)
    if experiment.request is not None and experiment.request.kind == "discovery":
        from klastersim.analysis.sweeps.discovery import check_discovery

        check_discovery()
    if crate:
        check_crate()
    where = {} if dask is None else {"backend": backend(check_dask(dask))}
    workers = usable_processors() if workers is None else check_workers(workers)
    remote = Remote(out) if out is not None and is_remote(out) else None
    if remote is not None:
        remote.fetch()
    target = (remote.here if remote else folder_named(out)) or Path("results") / (
        f"{experiment.name}-quick" if quick else experiment.name
    )
    record = experiment.record()
    refuse_other_results(target, record, force)
    points = sum(each.size for each in experiment.maps)
    title = experiment.title if experiment.title.endswith((".", "?", "!")) else f"{experiment.title}:"
    most = "replications each" if experiment.precision is None else "replications each at most"
    say(f"{title} {experiment.runs:,} runs, {points:,} points with {experiment.replications:,} {most}.")
    tell_filled(experiment.base)
    if resume:
        refuse_nothing_to_resume(target)
    held = None if force else finished_results(target, record)
    if held is not None and not (retry_failed and held.get("failed")):
        say("All of it is there already. To make it anew: --force.")
        result = read_result(experiment, target, held["digest"])
        result.seconds["wall"] = time.perf_counter() - begun
        findings = findings_of(experiment, target / RUNS)
        files = sorted(path for path in target.iterdir() if path.is_file())
    else:
        result, findings, files = sweep_into(
            experiment, target, workers, retry_failed=retry_failed, afresh=force, yes=yes, **where
        )
    with results_written():
        if crate:
            files = [*files, _describe(target)]
        answer = _answer(experiment, result, findings)
        names = remote.send(files) if remote else [str(path) for path in files]
        _show_sweep(experiment, result, answer, names, as_json)
    if result.failed:
        raise typer.Exit(FAILED)


def sweep_into(
    experiment: Experiment, target: Path, workers: int | None, **options: Any
) -> tuple[Result, Findings, list[Path]]:
    """Run an experiment, write all that belongs to its results into a folder; return what came of it and was found."""
    from klastersim.analysis.sweeps.findings import findings_of
    from klastersim.lab.folder import Folder
    from klastersim.lab.progress import Progress
    from klastersim.lab.runner import RUNS, run_experiment

    record = experiment.record()
    with (
        Folder(target, lasting=True) as folder,
        unfinished_kept(folder),
        Progress(experiment.runs, sys.stderr) as progress,
    ):
        told: dict[str, Any] = {"progress": progress.update, "headline": progress.headline, "announce": say}
        result = run_experiment(experiment, folder, workers, **told, **options)
        drawing = time.perf_counter()
        findings = findings_of(experiment, folder.written(RUNS))
        _draw_maps(folder, experiment, result, findings, record)
        result.seconds["draw"] = time.perf_counter() - drawing
        result.seconds["wall"] += result.seconds["draw"]
        _write_provenance(folder, record, result)
        return result, findings, folder.finish()


def _describe(target: Path) -> Path:
    """Write RO-Crate metadata into a folder of results."""
    from klastersim.lab.crate import CRATE, crate_of
    from klastersim.lab.folder import Folder
    from klastersim.lab.results import open_results

    content = crate_of(open_results(target))
    with Folder(target) as folder:
        folder.write(CRATE, content)
        return folder.finish()[0]


def _answer(experiment: Any, result: Any, findings: Findings) -> dict[str, list[str]]:
    """Return what each map says, and what analyses found of it."""
    from klastersim.lab.answer import said, verdict

    found = {
        each.name: [*said(each, result), *(line for one in findings[each.name] for line in one.sentences)]
        for each in experiment.maps
    }
    told = verdict(experiment, result, findings)
    if told:
        found[experiment.expected.map].append(told)
    return found


def _draw_maps(folder: Any, experiment: Any, result: Any, findings: Findings, record: dict[str, Any]) -> None:
    """Draw every map: those that are grids as maps, others by their arms; and what analyses found.

    What an analysis found of arms or of a grid takes the place of the picture that would only show them.
    """
    from klastersim.analysis.sweeps.break_even import BREAK_EVEN
    from klastersim.figures.arms_figure import can_be_compared, draw_arms
    from klastersim.figures.findings import INSTEAD, draw_finding
    from klastersim.figures.phase_figure import can_be_drawn, draw_map
    from klastersim.figures.style import save
    from klastersim.lab.answer import phases_of
    from klastersim.scenario.ensemble import drawn_keys

    base = experiment.base
    drawn = drawn_keys(base)
    own = {key: value for key, value in base.flat().items() if key not in drawn}
    for each in experiment.maps:
        note = _note(experiment, each)
        phases = phases_of(each, result.summary)
        question = each.question or experiment.question or experiment.title
        figures: dict[str, Any] = {}
        drawn_by = {found.name for found in findings[each.name] if found.data is not None}
        if can_be_drawn(phases) and BREAK_EVEN not in drawn_by:
            figures[each.name] = draw_map(phases, question, note, own)
        elif can_be_compared(each) and not drawn_by & set(INSTEAD):
            figures[each.name] = draw_arms(each, result.shares, result.added, question, note)
        for found in findings[each.name]:
            figures[found.picture(each.name)] = draw_finding(found, question, note)
        for name, figure in figures.items():
            for suffix in ("png", "svg") if figure is not None else ():
                with folder.writing(f"{name}.{suffix}") as path:
                    save(figure, path, record, experiment.title)


def _note(experiment: Experiment, each: Map) -> str:
    """Return what all runs of a map have in common: how large the clusters are, how long they run, how they start."""

    def common(key: str) -> Any:
        values = {arm.changes.get(key, experiment.base[key]) for arm in each.arms}
        return values.pop() if len(values) == 1 and all(axis.key != key for axis in each.axes) else None

    firms, start = common("cluster.firms"), common("start.kind")
    size = (
        "Unequal sentra" if common("ensemble.unequal") else f"{firms} firms" if firms else "Clusters of several sizes"
    )
    return f"{size}, {experiment.months_of(each)} months, {start or 'either'} start."


def _write_provenance(folder: Any, record: dict[str, Any], result: Any) -> None:
    from klastersim.lab.provenance import FILE, as_json, provenance

    told = provenance(record, result.digest, command_line(), runs=result.runs, failed=result.failed, **_speed(result))
    folder.write(FILE, as_json(told))


def _speed(result: Any) -> dict[str, Any]:
    """Return what the time went into: seconds, and the share outside building clusters and running their months."""
    seconds = {stage: round(spent, 3) for stage, spent in result.seconds.items()}
    return {"workers": result.workers, "seconds": seconds, "outside": round(result.outside, 4)}


def _show_sweep(
    experiment: Any, result: Any, answer: dict[str, list[str]], files: Sequence[str], as_json: bool
) -> None:
    for run, (stage, message) in result.failures.items():
        say(f"run {run} failed ({stage}): {message}")
    if result.failed:
        say(
            f"{result.failed:,} of {result.runs:,} runs failed; they stand in the table with status failed. "
            "To do them again: --retry-failed."
        )
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
            "files": list(files),
            "summary": result.summary,
        }
        write(written(told))
        return
    page = [line for name, told in answer.items() for line in (f"{name}:", *(f"  {sentence}" for sentence in told))]
    page.append(f"{result.runs:,} runs in {result.seconds['wall']:,.0f} s, digest {result.digest[:16]}")
    page += [f"written: {path}" for path in files]
    write("\n".join(page) + "\n")
