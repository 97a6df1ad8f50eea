"""A sweep that is broken off loses what was under way, and comes to the same files when it is gone on with."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from klastersim.errors import InputError, KlastersimError
from klastersim.lab.experiment import Experiment
from klastersim.lab.folder import Folder
from klastersim.lab.rounds import half_width, looks
from klastersim.lab.runner import Result, read_result, run_experiment
from klastersim.lab.summary import Summary, wilson
from tests.lab.faults import break_runs

SMALL: dict[str, Any] = {
    "months": 12,
    "replications": 4,
    "scenario": {"cluster": {"firms": 20}},
    "arms": {"none": {"programme": {"enabled": False}}, "early": {"programme": {"start": 2, "end": 10}}},
    "grid": {"market": {"potential": [1.0, 4.0, 16.0]}, "ties": {"trust": [0.4, 0.8]}},
}
FILES = ("runs.parquet", "summary.csv")


class Broken(Exception):
    """Stands for whatever ends a sweep."""


def sweep(folder: Path, tables: dict[str, Any] | None = None, stop: int = 10**9, **options: Any) -> Result:
    """Run a sweep, which is broken off once so many runs are done."""

    def progress(done: int) -> None:
        told.append(done)
        if done >= stop:
            raise Broken

    told: list[int] = []
    experiment = Experiment.from_dict({**SMALL, **(tables or {})})
    with Folder(folder, lasting=True) as place:
        result = run_experiment(experiment, place, options.pop("workers", 1), progress=progress, **options)
        place.finish()
    result.seconds["found"] = told[0]
    return result


def same_files(one: Path, other: Path) -> bool:
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in FILES)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("whole")
    return folder, sweep(folder)


def test_nothing_but_results_is_left_of_a_finished_sweep(whole: Any) -> None:
    assert sorted(path.name for path in whole[0].iterdir()) == sorted(FILES)


def test_a_sweep_that_was_broken_off_goes_on_from_what_is_there(whole: Any, tmp_path: Path) -> None:
    with pytest.raises(Broken):
        sweep(tmp_path, stop=9, batch=1)
    kept = pd.read_parquet(tmp_path / "unfinished" / "runs")
    assert len(kept) >= 9
    assert sorted(path.name for path in (tmp_path / "unfinished").iterdir()) == ["lock", "record.json", "runs"]
    result = sweep(tmp_path, workers=2)
    assert result.seconds["found"] == len(kept)
    assert result.digest == whole[1].digest
    assert same_files(tmp_path, whole[0])
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)


def test_what_is_left_of_a_sweep_is_a_balanced_sample(tmp_path: Path) -> None:
    with pytest.raises(Broken):
        sweep(tmp_path, stop=30, batch=1)
    kept = pd.read_parquet(tmp_path / "unfinished" / "runs")
    counts = kept.groupby(["arm", "market.potential", "ties.trust"]).size()
    assert len(counts) == 12
    assert set(counts) <= {2, 3}, "of 30 runs at 12 points"


PARENT = """
import json, sys
from pathlib import Path
from klastersim.lab.experiment import Experiment
from klastersim.lab.folder import Folder
from klastersim.lab.runner import run_experiment
if __name__ == "__main__":
    tables, folder, workers = json.loads(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    with Folder(folder, lasting=True) as place:
        run_experiment(Experiment.from_dict(tables), place, workers, batch=1)
        place.finish()
"""


def kill_when(folder: Path, batches: int, workers: int) -> None:
    """Run the sweep in a process of its own and kill it once so many batches are finished."""
    process = subprocess.Popen([sys.executable, "-c", PARENT, json.dumps(SMALL), str(folder), str(workers)])
    deadline = time.monotonic() + 120
    while finished(folder) < batches:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def finished(folder: Path) -> int:
    return len(list((folder / "unfinished" / "runs").glob("[0-9]*.parquet")))


def test_a_killed_sweep_loses_only_what_was_under_way(whole: Any, tmp_path: Path) -> None:
    kill_when(tmp_path / "out", 1, 2)
    there = finished(tmp_path / "out")
    assert there >= 1
    result = sweep(tmp_path / "out")
    assert result.seconds["found"] == there
    assert result.digest == whole[1].digest
    assert same_files(tmp_path / "out", whole[0])


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_sweep_that_is_killed_at_ten_moments_comes_to_the_same_files(
    workers: int, whole: Any, tmp_path: Path
) -> None:
    moments = (1, 2, 3, 5, 8, 13, 19, 26, 34, 42)
    for batches in moments:
        kill_when(tmp_path / "out", max(batches, finished(tmp_path / "out") + 1), workers)
    assert sweep(tmp_path / "out", workers=workers).digest == whole[1].digest
    assert same_files(tmp_path / "out", whole[0])


def test_a_damaged_batch_is_done_again(whole: Any, tmp_path: Path) -> None:
    with pytest.raises(Broken):
        sweep(tmp_path, stop=9, batch=1)
    parts = sorted((tmp_path / "unfinished" / "runs").iterdir())
    parts[0].write_bytes(b"")
    parts[1].write_bytes(parts[2].read_bytes())
    assert sweep(tmp_path).digest == whole[1].digest
    assert same_files(tmp_path, whole[0])


def test_an_unfinished_sweep_of_something_else_is_refused_by_the_keys_that_differ(tmp_path: Path) -> None:
    with pytest.raises(Broken):
        sweep(tmp_path, stop=3, batch=1)
    for tables, keys in (({"seed": 2}, "seed"), ({"scenario": {"cluster": {"firms": 21}}}, "scenario.cluster.firms")):
        with pytest.raises(InputError, match=rf"unfinished sweep of something else: {keys} differ\. .*--force"):
            sweep(tmp_path, tables)
    record = tmp_path / "unfinished" / "record.json"
    record.write_text(record.read_text(encoding="utf-8").replace('"numba": "', '"numba": "9.'), encoding="utf-8")
    with pytest.raises(InputError, match=r"versions\.numba differ"):
        sweep(tmp_path)
    assert sweep(tmp_path, {"seed": 2}, afresh=True).seconds["found"] == 0


def test_one_process_at_a_time_writes_to_a_folder(tmp_path: Path) -> None:
    with Folder(tmp_path, lasting=True), pytest.raises(InputError, match="is being written by another process"):
        Folder(tmp_path, lasting=True).__enter__()
    assert not list(tmp_path.iterdir())
    with Folder(tmp_path, lasting=True):
        pass


def test_what_failed_is_done_again_when_asked_for(whole: Any, tmp_path: Path) -> None:
    """Runs that fail for a passing reason, such as a full memory, can be done again without the others."""
    with pytest.MonkeyPatch.context() as patch:
        break_runs(tmp_path, patch, {5, 30}, "raise MemoryError")
        first = sweep(tmp_path / "out", batch=1)
        assert (first.failed, first.runs) == (2, 48)
        assert first.failures[5] == ("build", "MemoryError")
    again = sweep(tmp_path / "out", retry_failed=True, batch=1)
    assert again.failed == 0
    assert again.seconds["found"] == 46, "those that were done are not done again"
    assert again.digest == whole[1].digest
    assert same_files(tmp_path / "out", whole[0])


def test_a_table_that_was_changed_is_not_taken_for_the_result(tmp_path: Path) -> None:
    result = sweep(tmp_path)
    experiment = Experiment.from_dict(SMALL)
    assert read_result(experiment, tmp_path, result.digest).summary == result.summary
    table = pd.read_parquet(tmp_path / "runs.parquet")
    table.loc[3, "sales"] += 1.0
    table.to_parquet(tmp_path / "runs.parquet")
    with pytest.raises(KlastersimError, match="was changed since"):
        read_result(experiment, tmp_path, result.digest)


PRECISE: dict[str, Any] = {
    "months": 60,
    "replications": 40,
    "precision": 0.15,
    "grid": {"market": {"potential": [0.25, 8.0]}, "ties": {"trust": [0.3, 0.75]}},
}


def test_points_stop_once_they_are_precise_whatever_the_number_of_workers(tmp_path: Path) -> None:
    one = sweep(tmp_path / "one", PRECISE, workers=1)
    two = sweep(tmp_path / "two", PRECISE, workers=2, batch=3)
    assert one.digest == two.digest
    assert same_files(tmp_path / "one", tmp_path / "two")
    table = pd.read_parquet(tmp_path / "one" / "runs.parquet")
    assert one.runs == len(table) < 8 * 40
    for row in one.summary:
        half = (row["p_active_high"] - row["p_active_low"]) / 2
        assert half <= 0.15 or row["n"] == 40
    assert len({row["n"] for row in one.summary}) > 1, "some points needed more than others"
    point = table[(table["arm"] == "none") & (table["ties.trust"] == 0.3) & (table["market.potential"] == 0.25)]
    assert point["replication"].tolist() == list(range(1, len(point) + 1))


def test_a_precise_sweep_goes_on_where_it_was_broken_off(tmp_path: Path) -> None:
    with pytest.raises(Broken):
        sweep(tmp_path / "one", PRECISE, stop=90, batch=7)
    assert sweep(tmp_path / "one", PRECISE, batch=7).digest == sweep(tmp_path / "two", PRECISE).digest


@pytest.mark.parametrize("precision", [0.02, 0.05, 0.1, 0.25])
def test_the_first_look_is_the_earliest_that_can_do(precision: float) -> None:
    first, *later = looks(precision, 10_000)
    summary = Summary([], {})
    summary.counts, summary.active = (pd.array([count]).to_numpy() for count in (first, 0))
    assert half_width(summary, 0) <= precision
    low, high = wilson(0, first - 1)
    assert (high - low) / 2 > precision
    assert later == sorted(later)
    assert later[-1] == 10_000
