"""The commands on results that are there: `reproduce`, `rerun`, `cite`, `report`, `compare`."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from klastersim.cli.application import AsJson, app, folder_named
from klastersim.cli.ending import FAILED, guarded, results_written, say, write

if TYPE_CHECKING:
    from klastersim.lab.results import Results

Place = Annotated[str, typer.Argument(metavar="FOLDER", help="Results, or the provenance.json in them.")]


def _json(content: Mapping[str, Any]) -> None:
    from klastersim.lab.provenance import as_json

    write(as_json({"format": 1, **content}))


@app.command()
@guarded
def reproduce(
    place: Place,
    out: Annotated[str | None, typer.Option(metavar="FOLDER", help="Keep what was run again here.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; one for each processor by default.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Go on, whatever memory, disk or time it takes.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run again what gave some results, and tell whether the numbers are the same."""
    from klastersim.lab.results import open_results

    results = open_results(place)
    target = folder_named(out)
    if target is not None and target.resolve() == results.folder.resolve():
        from klastersim.errors import InputError

        raise InputError("--out", "", out, problem="is where the results are", remedy="Name another folder.")
    with tempfile.TemporaryDirectory(prefix="klastersim-") as scratch:
        told = _again(results, target or Path(scratch) / "again", workers, yes)
    same = told["digest"] == told["expected"]
    if as_json:
        _json({"same": same, **told})
    else:
        write("\n".join(_told(told, same)) + "\n")
    if not same:
        raise typer.Exit(FAILED)


def _again(results: Results, target: Path, workers: int | None, yes: bool) -> dict[str, Any]:
    """Run results again; return both digests, what differs, and in which versions."""
    from klastersim.lab.results import changed_versions

    again = _run_again if results.kind == "run" else _sweep_again
    record, digest, columns = again(results, target, workers, yes)
    versions = changed_versions(results.record, record)
    return {"digest": digest, "expected": results.digest, "versions": versions, "columns": columns}


def _run_again(results: Results, target: Path, workers: int | None, yes: bool) -> tuple[dict[str, Any], str, list[Any]]:
    from klastersim.cli.run import simulated, write_run
    from klastersim.lab.folder import Folder
    from klastersim.lab.provenance import run_record
    from klastersim.scenario import Scenario

    asked = results.record
    scenario = Scenario.from_dict(asked["scenario"], where="record")
    record = run_record(scenario, asked["seed"], asked["months"], asked["driver"])
    with Folder(target) as folder:
        finished, pair = simulated(scenario, asked["months"], asked["seed"], asked["driver"])
        write_run(folder, record, finished, pair)
        folder.finish()
    return record, finished.digest, _differing(results.folder / "series.parquet", target / "series.parquet")


def _sweep_again(
    results: Results, target: Path, workers: int | None, yes: bool
) -> tuple[dict[str, Any], str, list[Any]]:
    from klastersim.cli.sweep import sweep_into
    from klastersim.lab.experiment import Experiment

    experiment = Experiment.from_record(results.record)
    result = sweep_into(experiment, target, workers, yes=yes)[0]
    return experiment.record(), result.digest, _differing(results.folder / "runs.parquet", target / "runs.parquet")


def _differing(old: Path, new: Path) -> list[Any]:
    from klastersim.lab.reproduce import differences

    return [vars(each) for each in differences(old, new)] if old.exists() else []


def _told(told: Mapping[str, Any], same: bool) -> list[str]:
    lines = [f"The same numbers: digest {told['digest']}."] if same else ["The numbers differ."]
    if not same:
        lines.append(f"digest {told['digest']}, expected {told['expected']}")
    for each in told["columns"]:
        largest = (
            "" if each["largest"] is None else f", at most by {each['largest']:.3g} ({each['relative']:.2g} of it)"
        )
        lines.append(f"{each['column']}: {each['rows']:,} rows differ{largest}")
    for name, (then, now) in told["versions"].items():
        lines.append(f"version of {name}: {then} then, {now} now")
    return lines


@app.command()
@guarded
def rerun(
    place: Place,
    run: Annotated[int, typer.Option(help="Number of the run, as in the table of runs.")],
    out: Annotated[str | None, typer.Option(metavar="FOLDER", help="For the run; FOLDER/run-ID by default.")] = None,
    as_json: AsJson = False,
    force: Annotated[bool, typer.Option("--force", help="Replace other results in the folder.")] = False,
) -> None:
    """Repeat one run of a sweep, with its series, its firms and its figure."""
    from klastersim.cli.run import show_run, simulated, write_run
    from klastersim.lab.folder import Folder
    from klastersim.lab.provenance import refuse_other_results, run_record
    from klastersim.lab.rerun import disagreements, find_run
    from klastersim.lab.results import open_results

    results = open_results(place, "sweep")
    scenario, seed, months = find_run(results, run)
    record = run_record(scenario, seed, months, "arrays")
    target = folder_named(out) or results.folder / f"run-{run}"
    refuse_other_results(target, record, force)
    with Folder(target) as folder:
        finished, pair = simulated(scenario, months, seed, "arrays")
        write_run(folder, record, finished, pair)
        files = folder.finish()
    with results_written():
        show_run(finished, pair, files, as_json)
    unequal = disagreements(results, run, finished)
    if unequal:
        say(f"This is not what the table of runs says of {', '.join(unequal)}; have versions changed?")
        raise typer.Exit(FAILED)


@app.command()
@guarded
def cite(
    place: Annotated[str, typer.Argument(metavar="FILE_OR_FOLDER", help="An experiment file, or results.")],
    style: Annotated[str | None, typer.Option("--format", help="bibtex, apa or cff; all by default.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell how to cite an experiment or its results: BibTeX, APA, and the Citation File Format."""
    from klastersim.errors import InputError, did_you_mean
    from klastersim.lab.cite import FORMATS

    if style is not None and style not in FORMATS:
        raise InputError("cite", "--format", style, f"one of {', '.join(FORMATS)}", did_you_mean(style, FORMATS))
    texts = _citation(place).all()
    if style is not None:
        texts = {style: texts[style]}
    if as_json:
        _json(texts)
    else:
        write("\n".join(texts.values()))


def _citation(place: str) -> Any:
    from datetime import UTC, datetime

    from klastersim.lab.cite import Citation
    from klastersim.lab.experiment import Experiment
    from klastersim.lab.results import open_results

    if Path(place).suffix == ".toml":
        return Citation.of(Experiment.load(place).record(), datetime.now(UTC).date().isoformat())
    results = open_results(place)
    return Citation.of(results.record, str(results.told["time"])[:10], results.digest)


@app.command()
@guarded
def report(place: Place, as_json: AsJson = False) -> None:
    """Write a page about a sweep that needs nothing else: report.html in its folder."""
    from klastersim.analysis.sweeps.findings import findings_of
    from klastersim.lab.experiment import Experiment
    from klastersim.lab.folder import Folder
    from klastersim.lab.report import REPORT, report_of
    from klastersim.lab.results import open_results
    from klastersim.lab.runner import RUNS

    results = open_results(place, "sweep")
    page = report_of(results, findings_of(Experiment.from_record(results.record), results.folder / RUNS))
    with Folder(results.folder) as folder:
        folder.write(REPORT, page)
        (path,) = folder.finish()
    if as_json:
        _json({"files": [str(path)]})
    else:
        write(f"written: {path}\n")


@app.command()
@guarded
def compare(
    one: Place,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Other results.")],
    as_json: AsJson = False,
) -> None:
    """Compare two sweeps: what was asked differently, and what came of it."""
    from dataclasses import asdict

    from klastersim.lab.compare import compare as compared
    from klastersim.lab.compare import told
    from klastersim.lab.results import open_results

    found = compared(open_results(one, "sweep"), open_results(other, "sweep"))
    if as_json:
        content = asdict(found)
        content["shares"] = [{"map": name, "arm": arm, "here": here, "there": there}
                             for (name, arm), (here, there) in content["shares"].items()]  # fmt: skip
        _json(content)
    else:
        write("\n".join(told(found)) + "\n")
