"""A Dask cluster gives the same numbers; a worker that is killed costs only time."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

pytest.importorskip("distributed")

from distributed import LocalCluster

from klastersim.errors import InputError
from klastersim.lab.experiment import Experiment
from klastersim.lab.folder import Folder
from klastersim.lab.on_dask import backend, check_dask
from klastersim.lab.runner import Result, run_experiment
from tests.lab.faults import break_runs

SMALL: dict[str, Any] = {
    "months": 12,
    "replications": 3,
    "scenario": {"cluster": {"firms": 20}},
    "grid": {"market": {"potential": [1.0, 4.0, 16.0]}, "ties": {"trust": [0.4, 0.8]}},
}

# Workers of a cluster are started and ended by their nannies, which the garbage collector may meet unclosed.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", memory_limit=0, silence_logs=50
    ) as found:
        yield found


def sweep(folder: Path, **options: Any) -> Result:
    with Folder(folder, lasting=True) as place:
        result = run_experiment(Experiment.from_dict(SMALL), place, 1, batch=2, **options)
        place.finish()
    return result


def test_a_cluster_gives_the_same_numbers_and_files(cluster: Any, tmp_path: Path) -> None:
    here = sweep(tmp_path / "here")
    there = sweep(tmp_path / "there", backend=backend(cluster.scheduler_address))
    assert there.digest == here.digest
    for name in ("runs.parquet", "summary.csv"):
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes()


def test_a_worker_of_a_cluster_that_is_killed_costs_only_time(cluster: Any, tmp_path: Path) -> None:
    killed: list[int] = []

    def kill_one(done: int) -> None:
        if done >= 4 and not killed:
            killed.append(next(iter(cluster.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    result = sweep(tmp_path / "killed", backend=backend(cluster.scheduler_address), progress=kill_one)
    assert killed
    assert result.failed == 0
    assert result.digest == sweep(tmp_path / "here").digest


@pytest.mark.slow
def test_a_run_that_kills_every_worker_becomes_a_failed_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    break_runs(tmp_path, monkeypatch, {3}, "os._exit(9)")
    result = sweep(tmp_path / "out", backend=backend("local"))
    table = pd.read_parquet(tmp_path / "out" / "runs.parquet")
    assert result.failed == 1
    assert table["status"].tolist() == ["done"] * 3 + ["failed"] + ["done"] * 14
    assert table["stage"][3] == "worker"


@pytest.mark.parametrize("address", ["", "here", "tcp://", "http://127.0.0.1:8786"])
def test_what_is_no_cluster_is_refused(address: str) -> None:
    with pytest.raises(InputError, match=r'--dask = ".*" is not "local" or the address of a scheduler'):
        check_dask(address)


def test_a_cluster_that_does_not_answer_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from klastersim.lab import on_dask

    monkeypatch.setattr(on_dask, "PATIENCE", 1.0)
    with pytest.raises(InputError, match="cannot be reached"):
        sweep(tmp_path / "out", backend=backend("tcp://127.0.0.1:9"))
    assert not (tmp_path / "out").exists()
