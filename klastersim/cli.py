"""The command line. Everything that is slow to import is imported inside the command that needs it."""

from __future__ import annotations

import functools
import io
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

if TYPE_CHECKING:
    from klastersim.scenario import Scenario
    from klastersim.simulation import Run, Twin

FAILED, BAD_INPUT = 1, 2

#: Seconds between looks at whether the user has interrupted a run.
LOOK = 0.1

#: Values set on the command line that the title of a run tells.
MOST_TOLD = 3

#: Name of the thread in which a run is computed.
WORK = "klastersim run"

T = TypeVar("T")

app = typer.Typer(
    name="klastersim",
    help="Find out when clusters of small firms turn active, and what policy does to that.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change a value of the scenario, such as ties.trust=0.7. Repeat."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output, and nothing else.")]


#: Seconds in which a program that is ending takes no further signal for impatience.
PATIENCE = 10.0


class Ended(BaseException):
    """A signal asked the program to end.

    Attributes
    ----------
    number : int
        The signal.
    told : str
        What became of the results.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.told = "Nothing was written."


def main() -> None:
    """Run the command line."""
    _open_streams()
    app(prog_name="klastersim")


def _open_streams() -> None:
    """Open what whoever started the program had closed, lest a file of ours be taken for it; let text always pass."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, which is this one
            setattr(sys, name, open(number, "r" if name == "stdin" else "w", encoding="utf-8", closefd=False))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _verbose() -> bool:
    return logging.getLogger("klastersim").isEnabledFor(logging.DEBUG)


def _say(message: str) -> None:
    """Write a line to standard error; a run does not fail because nobody can be told how it goes."""
    with suppress(OSError):
        print(message, file=sys.stderr, flush=True)


@contextmanager
def _output() -> Iterator[None]:
    """Turn a refusal of standard output, as by a full disk, into an error that says so."""
    from klastersim.errors import InputError

    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _give_up_output()
        problem = f"cannot be written ({error.strerror or error})"
        raise InputError("standard output", problem=problem, remedy="Send it to another place.") from error


def _write(text: str) -> None:
    """Write to standard output."""
    with _output():
        sys.stdout.write(text)


def _guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Turn what can go wrong in a command into a message on standard error and an exit code."""

    @functools.wraps(command)
    def guarded(*arguments: Any, **options: Any) -> None:
        from klastersim.errors import InputError, KlastersimError

        try:
            with _ending_in_order():
                command(*arguments, **options)
        except InputError as error:
            if _verbose():
                logging.getLogger("klastersim").debug("bad input", exc_info=True)
            _say(str(error))
            raise typer.Exit(BAD_INPUT) from None
        except KlastersimError as error:
            _say(str(error))
            raise typer.Exit(FAILED) from None
        except MemoryError:
            _say("There is not enough memory for this. Use fewer firms or months, or fewer workers.")
            raise typer.Exit(FAILED) from None
        except BrokenPipeError:
            # Whoever read the output has read enough, as in `| head`.
            _give_up_output()
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            _say(f"{where}the system refused what klastersim asked for ({error.strerror or error}).")
            raise typer.Exit(BAD_INPUT) from None
        except Ended as end:
            word = "Interrupted" if end.number == signal.SIGINT else "Terminated"
            _say(f"{word}. {end.told}")
            _leave(128 + end.number)

    return guarded


def _give_up_output() -> None:
    """Let what is still to be written to standard output go nowhere, so that ending the program does not fail."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _leave(code: int) -> None:
    """End the program; at once where compiled code still runs in a thread, which would crash an orderly end."""
    if any(thread.name == WORK for thread in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    raise typer.Exit(code)


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let Ctrl-C and its like unwind the program, so that nothing half-written is left, and not disturb it in that."""
    from klastersim.lab.signals import ENDING

    begun: list[float] = []

    def end(number: int, frame: Any) -> None:
        if not begun:
            begun.append(time.monotonic())
            raise Ended(number)
        if time.monotonic() - begun[0] > PATIENCE:
            os._exit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # What is ignored stays so, as under nohup.
    before = {number: signal.getsignal(number) for number in ENDING if signal.getsignal(number) != signal.SIG_IGN}
    for number in before:
        signal.signal(number, end)
    try:
        yield
    finally:
        if not begun:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextmanager
def _results_written() -> Iterator[None]:
    """Let a signal that comes when all is done say so."""
    try:
        yield
    except Ended as end:
        end.told = "The results were written."
        raise


def _interruptible(work: Callable[[], T]) -> T:
    """Return what `work` returns, but let Ctrl-C through while compiled code runs.

    Python handles a signal between two of its own instructions, and compiled code may run for minutes before the next.
    """
    done: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, name=WORK, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(LOOK)
    if errors:
        raise errors[0]
    return done[0]


def _announce_compilation() -> None:
    from klastersim.compiled import compiled_already

    if not compiled_already():
        _say("compiling kernels (first run only, about half a minute)")


def _show_version(wanted: bool) -> None:
    if wanted:
        from klastersim import __version__

        print(f"klastersim {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and end.")
    ] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Tell more, with tracebacks of errors.")] = False,
) -> None:
    """Find out when clusters of small firms turn active, and what policy does to that."""
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s", force=True)
    logging.getLogger("klastersim").setLevel(logging.DEBUG if verbose else logging.WARNING)


@app.command()
@_guarded
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
    chosen = _scenario(scenario, settings)
    from klastersim.lab.folder import Folder
    from klastersim.lab.provenance import refuse_other_results, run_record

    _check_run(months, seed, driver)
    target = _folder(out)
    if target is None:
        _show_run(*_simulate(chosen, months, seed, driver), (), as_json)
        return
    record = run_record(chosen, seed, months, driver)
    refuse_other_results(target, record, force)
    with Folder(target) as folder:
        finished, pair = _simulate(chosen, months, seed, driver)
        _write_run(folder, record, finished, pair)
        files = folder.finish()
    with _results_written():
        _show_run(finished, pair, files, as_json)


def _folder(out: str | None) -> Path | None:
    """Return the folder named; an empty name is that of a variable that was not set, not of the present folder."""
    from klastersim.errors import InputError

    if out is None:
        return None
    if not out.strip():
        raise InputError("--out", "", out, problem="names no folder", remedy="Write . for the present folder.")
    return Path(out)


def _scenario(name: str, settings: Sequence[str] | None) -> Scenario:
    """Return the scenario asked for; its title tells what was set."""
    from klastersim.errors import shown
    from klastersim.scenario import Scenario

    changes = _settings(settings)
    chosen = Scenario.find(name).replace(changes, where="--set")
    values = [f"{key} = {shown(chosen[key])}" for key in changes if key in chosen]
    if not values or "title" in changes:
        return chosen
    more = f" and {len(values) - MOST_TOLD} more" if len(values) > MOST_TOLD else ""
    return chosen.replace({"title": f"{chosen.title}, {', '.join(values[:MOST_TOLD])}{more}"[:200]})


def _settings(settings: Sequence[str] | None) -> dict[str, Any]:
    """Return the values of all ``--set``, refusing a key that is set twice."""
    from klastersim.errors import InputError
    from klastersim.scenario import parse_setting

    changes: dict[str, Any] = {}
    for text in settings or ():
        key, value = parse_setting(text)
        if key in changes:
            raise InputError("--set", key, value, problem="is given twice", remedy="Set each key once.")
        changes[key] = value
    return changes


def _check_run(months: int, seed: int, driver: str) -> None:
    """Refuse what cannot be run before a folder is made."""
    from klastersim.errors import InputError, did_you_mean
    from klastersim.simulation import DRIVERS, MOST_MONTHS, MOST_SEED, check_whole

    check_whole("--months", months, 1, MOST_MONTHS, where="run")
    check_whole("--seed", seed, 0, MOST_SEED, where="run")
    if driver not in DRIVERS:
        known = ", ".join(f'"{name}"' for name in DRIVERS)
        raise InputError("run", "--driver", driver, f"one of {known}", did_you_mean(driver, DRIVERS))


def _simulate(scenario: Scenario, months: int, seed: int, driver: str) -> tuple[Run, Twin | None]:
    """Run a scenario, beside its twin where it has a programme."""
    from klastersim.indicators.state import programme_runs
    from klastersim.simulation import simulate, twin

    _announce_compilation()
    if not programme_runs(scenario):
        return _interruptible(lambda: simulate(scenario, months, seed, driver)), None
    pair = _interruptible(lambda: twin(scenario, seed, months, driver))
    return pair.with_, pair


def _write_run(folder: Any, record: dict[str, Any], finished: Run, pair: Twin | None) -> None:
    from klastersim.figures.run_data import run_data
    from klastersim.figures.run_figure import draw_run
    from klastersim.figures.style import save
    from klastersim.lab.provenance import FILE, as_json, provenance

    for name, frame in (("series.parquet", finished.series), ("firms.parquet", finished.firms)):
        with folder.writing(name) as path:
            frame.to_parquet(path)
    with folder.writing("figure.png") as path:
        save(draw_run(run_data(finished, pair.without if pair else None)), path, record, finished.scenario.title)
    folder.write(FILE, as_json(provenance(record, finished.digest, _command())))


def _command() -> list[str]:
    return ["klastersim", *sys.argv[1:]]


def _show_run(finished: Run, pair: Twin | None, files: Sequence[Path], as_json: bool) -> None:
    if as_json:
        from klastersim.figures.run_data import run_json
        from klastersim.lab.provenance import as_json as written

        _write(written(run_json(finished, pair.difference if pair else None)))
        return
    from rich.console import Console

    from klastersim.figures.page import print_page

    console = Console()
    # Written in one go: the console would end the program by itself where nobody reads on.
    with _output():
        with console.capture() as page:
            print_page(console, finished, pair, files)
        sys.stdout.write(page.get())


@app.command()
@_guarded
def presets(
    name: Annotated[str | None, typer.Argument(help="One preset, to see what it changes.")] = None,
    toml: Annotated[bool, typer.Option("--toml", help="Print the preset as a complete file to start from.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the clusters that come with klastersim, or write one as a file to start from."""
    from klastersim.errors import InputError, did_you_mean
    from klastersim.scenario import PRESETS, Scenario

    if toml and as_json:
        raise InputError("presets", "--toml", problem="stands beside --json", remedy="Ask for one of the two.")
    if name is not None:
        if name not in PRESETS:
            known = ", ".join(f'"{preset}"' for preset in PRESETS)
            raise InputError("presets", "", name, f"one of {known}", did_you_mean(name, PRESETS))
        _show_preset(Scenario.preset(name), toml, as_json)
    elif toml:
        raise InputError(
            "presets", "--toml", problem="needs a preset", remedy="Write klastersim presets sentra --toml."
        )
    elif as_json:
        from klastersim.lab.provenance import as_json as written

        _write(written([{"name": preset.name, "title": preset.title} for preset in PRESETS.values()]))
    else:
        _write("".join(f"{preset.name:<12}  {preset.title}\n" for preset in PRESETS.values()))


def _show_preset(chosen: Scenario, toml: bool, as_json: bool) -> None:
    if as_json:
        from klastersim.lab.provenance import as_json as written

        _write(written(chosen.to_dict()))
    elif toml:
        if isinstance(sys.stdout, io.TextIOWrapper):  # a scenario is read as UTF-8, whatever the terminal speaks
            sys.stdout.reconfigure(encoding="utf-8")
        _write(chosen.to_toml())
    else:
        _write(f"{_preset_page(chosen)}\n")


def _preset_page(chosen: Scenario) -> str:
    lines = [f"{chosen.name}: {chosen.title}"]
    lines += [f"  {key} = {here} (sentra: {there})" for key, (here, there) in chosen.differences("sentra").items()]
    return "\n".join([*lines, f"Write it as a file: klastersim presets {chosen.name} --toml > mine.toml"])


@app.command()
@_guarded
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

    experiment = Experiment.load(file, settings=_settings(settings), replications=replications, quick=quick)
    workers = usable_processors() if workers is None else check_workers(workers)
    target = _folder(out) or Path("results") / (f"{experiment.name}-quick" if quick else experiment.name)
    record = experiment.record()
    refuse_other_results(target, record, force)
    points = sum(each.size for each in experiment.maps)
    title = experiment.title if experiment.title.endswith((".", "?", "!")) else f"{experiment.title}:"
    _say(f"{title} {experiment.runs:,} runs, {points:,} points with {experiment.replications:,} replications each.")
    with Folder(target) as folder, Progress(experiment.runs, sys.stderr) as progress:
        result = run_experiment(experiment, folder, workers, progress=progress.update, announce=_say)
        begun = time.perf_counter()
        answer = _draw_maps(folder, experiment, result, record)
        result.seconds["draw"] = time.perf_counter() - begun
        result.seconds["wall"] += result.seconds["draw"]
        _write_provenance(folder, record, result)
        files = folder.finish()
    with _results_written():
        _show_sweep(experiment, result, answer, files, as_json)
    if result.failed:
        raise typer.Exit(FAILED)


def _draw_maps(folder: Any, experiment: Any, result: Any, record: dict[str, Any]) -> dict[str, list[str]]:
    """Draw every map that can be drawn; return what each says."""
    from klastersim.figures.phase_figure import can_be_drawn, draw_map
    from klastersim.figures.style import save
    from klastersim.lab.answer import phases_of, sentences

    answer = {}
    base = experiment.base
    note = f"{base['cluster.firms']} firms, {experiment.months} months, {base['start.kind']} start."
    for each in experiment.maps:
        phases = phases_of(each, result.summary)
        answer[each.name] = sentences(phases, result.costs)
        if can_be_drawn(phases):
            figure = draw_map(phases, each.question or experiment.question or experiment.title, note, base)
            for suffix in ("png", "svg"):
                with folder.writing(f"{each.name}.{suffix}") as path:
                    save(figure, path, record, experiment.title)
    return answer


def _write_provenance(folder: Any, record: dict[str, Any], result: Any) -> None:
    from klastersim.lab.provenance import FILE, as_json, provenance

    told = provenance(record, result.digest, _command(), runs=result.runs, failed=result.failed, **_speed(result))
    folder.write(FILE, as_json(told))


def _speed(result: Any) -> dict[str, Any]:
    """Return what the time went into: seconds, and the share outside building clusters and running their months."""
    seconds = {stage: round(spent, 3) for stage, spent in result.seconds.items()}
    return {"workers": result.workers, "seconds": seconds, "outside": round(result.outside, 4)}


def _show_sweep(
    experiment: Any, result: Any, answer: dict[str, list[str]], files: Sequence[Path], as_json: bool
) -> None:
    for run, (stage, message) in result.failures.items():
        _say(f"run {run} failed ({stage}): {message}")
    if result.failed:
        _say(f"{result.failed:,} of {result.runs:,} runs failed; they stand in the table with status failed.")
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
        _write(written(told))
        return
    page = [line for name, told in answer.items() for line in (f"{name}:", *(f"  {sentence}" for sentence in told))]
    page.append(f"{result.runs:,} runs in {result.seconds['wall']:,.0f} s, digest {result.digest[:16]}")
    page += [f"written: {path}" for path in files]
    _write("\n".join(page) + "\n")


if __name__ == "__main__":
    main()
