"""How fast the engine is and how much memory it takes: ``python -m tests.benchmarks.benchmark_engine``.

Times are processor times, the least of several; what is compared is measured alternately in one run, so that ratios
hold on a busy machine too, where nanoseconds do not. Nothing here is asserted.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from klastersim import Scenario, simulate
from klastersim.agents import ClusterModel
from klastersim.engine.run import advance
from klastersim.lab.experiment import Experiment
from klastersim.lab.folder import Folder
from klastersim.lab.runner import run_experiment
from klastersim.scenario.whole import KNOCKOUTS
from klastersim.world.build import build
from klastersim.world.layout import World
from tests.benchmarks.plain_mesa import PlainCluster

#: The default cluster has 50 firms and 4 potential orders a month.
ORDERS_PER_FIRM = 4.0 / 50.0

MAP = Path(__file__).parents[2] / "experiments" / "phase_diagram.toml"

PASSIVE = {"ties.trust": 0.3}
ACTIVE = {"ties.trust": 0.85, "start.kind": "cooperating"}

#: What makes a preset passive and active. With ordinary exit no cluster of the whole model stays active.
STATES: Mapping[str, Mapping[str, Any]] = {
    "sentra": {"passive": PASSIVE, "active": ACTIVE},
    "whole": {"passive": PASSIVE, "active": {**ACTIVE, "growth.exit_hazard": 0.0}},
}
NAMES = ("passive", "active")
BEFORE, AFTER = 12, 72
ROUNDS = 5

#: Peak memory, in kilobytes (bytes on macOS), of building clusters of 50 firms and running a month; argument: clusters.
MEMORY_OF = """
import resource, sys
from klastersim import Scenario
from klastersim.engine.run import advance
from klastersim.lab.experiment import Experiment
from klastersim.lab.folder import Folder
from klastersim.lab.runner import run_experiment
from klastersim.world.build import build
count = int(sys.argv[1])
advance(build([Scenario.preset("sentra")] * count, range(count), range(count), months_kept=1), 1)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak if sys.platform == "darwin" else 1024 * peak)
"""

#: Processor seconds of the first run in an empty cache.
FIRST_RUN = """
import time
from klastersim import Scenario, simulate
from klastersim.agents import ClusterModel
begun = time.process_time()
simulate(Scenario.preset("sentra"), 12)
print(time.process_time() - begun)
"""


def cluster(changes: Mapping[str, Any], firms: int = 1000, preset: str = "sentra") -> Scenario:
    """Return a preset with changes, at another size and with as many orders for each firm as by default."""
    size = {"cluster.firms": firms, "market.potential": ORDERS_PER_FIRM * firms}
    return Scenario.preset(preset).replace({**size, **changes})


def nanoseconds(scenario: Scenario, clusters: int = 1, months: int = AFTER) -> tuple[float, World]:
    """Return (processor time per firm-month, the world at the end); the first year is not counted."""
    world = advance(build([scenario] * clusters, range(clusters), range(clusters)), BEFORE)
    begun = time.process_time()
    world = advance(world, months)
    return (time.process_time() - begun) / len(world.firms) / (months - BEFORE) * 1e9, world


def least(*measured: Callable[[], float], rounds: int = ROUNDS) -> list[float]:
    """Take each measure in turn, `rounds` times over, and return the least of each."""
    taken = [[measure() for measure in measured] for _ in range(rounds)]
    return [min(each) for each in zip(*taken, strict=True)]


def speed(preset: str = "sentra") -> None:
    """Print nanoseconds per firm-month in a passive and an active cluster."""
    scenarios = [cluster(STATES[preset][name], preset=preset) for name in NAMES]
    states = [nanoseconds(each)[1].clusters[0].active for each in scenarios]
    times = least(*(lambda s=each: nanoseconds(s)[0] for each in scenarios))
    for name, state, found in zip(NAMES, states, times, strict=True):
        note = f"active at the end: {'yes' if state else 'no'}"
        show(f"{preset}, 1,000 firms, {name}", f"{found:.0f} ns per firm-month", note)


def size(preset: str = "sentra") -> None:
    """Print how much slower a firm-month gets in one large cluster with as many orders a firm, and in small ones."""
    for name in NAMES:
        small, large = (cluster(STATES[preset][name], firms, preset) for firms in (1_000, 12_000))
        times = least(lambda s=small: nanoseconds(s)[0], lambda s=large: nanoseconds(s)[0], rounds=3)
        show(f"{preset}, 12,000 in one, {name}", f"{times[1] / times[0]:.2f} times", f"of 1,000: {times[1]:.0f} ns")
    one, many = (cluster(STATES[preset]["passive"], firms, preset) for firms in (1_000, 50))
    times = least(lambda: nanoseconds(one)[0], lambda: nanoseconds(many, 20_000, BEFORE + 6)[0], rounds=2)
    show(f"{preset}, 20,000 of 50, passive", f"{times[1] / times[0]:.2f} times", "of 1,000 firms in one")


def mechanisms() -> None:
    """Print what each mechanism adds to a firm-month of the whole model: all of it less all but one, in one run.

    A mechanism also changes what firms do, so that what it costs may be below zero: without finance more orders are
    taken, and orders take most of a month.
    """
    for name in NAMES:
        whole = cluster(STATES["whole"][name], preset="whole")
        others = [whole.replace(dict(changes)) for changes in KNOCKOUTS.values()]
        times = least(*(lambda s=each: nanoseconds(s)[0] for each in (whole, *others)), rounds=3)
        show(f"whole, {name}", f"{times[0]:.0f} ns per firm-month", "of which")
        for mechanism, found in zip(KNOCKOUTS, times[1:], strict=True):
            part = times[0] - found
            show(f"  {mechanism}", f"{part:+.0f} ns", f"{part / times[0]:+.0%} of the whole")


def memory() -> None:
    """Print by how much peak memory rises with each firm."""
    run_anew(MEMORY_OF, "1000")  # compiles what is not compiled yet, which takes memory of its own
    peaks = [int(run_anew(MEMORY_OF, str(clusters))) for clusters in (5_000, 20_000)]
    show("memory", f"{(peaks[1] - peaks[0]) / 750_000:.0f} bytes a firm", "slope from 250,000 to 1,000,000 firms")


def short_run() -> None:
    """Print how long 150 firms take for twelve years, with building the cluster."""
    scenario = cluster({}, 150)

    def once() -> float:
        begun = time.process_time()
        simulate(scenario, 144)
        return 1000.0 * (time.process_time() - begun)

    once()
    show("150 firms x 144 months", f"{least(once)[0]:.1f} ms", "with building")


def first_compilation() -> None:
    """Print how long the first run takes, when nothing is compiled."""
    with tempfile.TemporaryDirectory() as folder:
        show("first compilation", f"{float(run_anew(FIRST_RUN, KLASTERSIM_CACHE=folder)):.0f} s", "processor time")


def against(name: str, model: Callable[[Scenario, int], Any], firms: int, months: int = 24) -> None:
    """Print how many times faster the arrays pass a month than a Mesa model does; building is left out of both."""
    scenario = cluster({}, firms)

    def arrays() -> float:
        world = build([scenario] * 20, range(20))
        begun = time.process_time()
        advance(world, months)
        return (time.process_time() - begun) / 20

    def steps() -> float:
        stepped = model(scenario, 1)
        begun = time.process_time()
        for _ in range(months):
            stepped.step()
        return time.process_time() - begun

    steps()
    ours, theirs = least(arrays, steps)
    show(
        f"{name}, {firms} firms",
        f"{theirs / firms / months * 1e6:.0f} us per firm-month",
        f"arrays {theirs / ours:.0f} times faster",
    )


def sweep() -> None:
    """Print what the map of the README takes, and what part of that is neither building nor running clusters."""
    experiment = Experiment.load(MAP)
    with tempfile.TemporaryDirectory() as place, Folder(Path(place) / "map") as folder:
        result = run_experiment(experiment, folder, workers=2)
    each = 1000.0 * result.seconds["wall"] / result.runs
    show(
        "the map, two workers", f"{result.outside:.0%} outside", f"building and kernels; {each:.1f} ms wall clock a run"
    )


def start() -> None:
    """Print how long the command line takes to say what it can do."""

    def once() -> float:
        begun = time.perf_counter()
        run_anew("import sys; sys.argv = ['klastersim', '--help']; from klastersim.cli import main; main()")
        return time.perf_counter() - begun

    once()
    show("klastersim --help", f"{least(once)[0]:.2f} s", "wall clock, least of several")


def run_anew(code: str, *arguments: str, **environment: str) -> str:
    """Run code in a Python of its own and return what it prints."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=True).stdout


def show(what: str, found: str, note: str) -> None:
    """Print a line."""
    print(f"{what:34} {found:>24}   {note}", flush=True)


def main() -> None:
    """Measure everything; memory first, since a process begins with the peak of the one that started it."""
    memory()
    for preset in STATES:
        speed(preset)
        size(preset)
    mechanisms()
    short_run()
    for firms in (50, 200):
        against("agents driver", ClusterModel, firms)
        against("plain Mesa model", PlainCluster, firms)
    sweep()
    start()
    first_compilation()


if __name__ == "__main__":
    main()
