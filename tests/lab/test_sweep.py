"""A sweep gives the same numbers however it is run, and each of its runs can be repeated alone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from klastersim.compiled import derive_seed
from klastersim.errors import InputError, KlastersimError
from klastersim.lab import machine
from klastersim.lab import workers as workers_module
from klastersim.lab.experiment import Experiment
from klastersim.lab.folder import Folder
from klastersim.lab.plan import Plan
from klastersim.lab.rounds import batch_size
from klastersim.lab.rows import FINAL
from klastersim.lab.runner import Result, run_experiment
from klastersim.lab.summary import wilson
from klastersim.lab.workers import Workers
from klastersim.scenario import Scenario
from klastersim.simulation import simulate
from tests.lab.faults import break_runs

SMALL: dict[str, Any] = {
    "title": "Small",
    "months": 12,
    "replications": 3,
    "scenario": {"cluster": {"firms": 20}},
    "arms": {"none": {"programme": {"enabled": False}}, "early": {"programme": {"start": 2, "end": 10}}},
    "grid": {
        "market": {"potential": {"from": 1, "to": 16, "points": 3, "scale": "log"}},
        "ties": {"trust": [0.4, 0.8]},
    },
}


def sweep(folder: Path, tables: dict[str, Any] | None = None, **options: Any) -> tuple[Result, pd.DataFrame]:
    experiment = Experiment.from_dict({**SMALL, **(tables or {})})
    with Folder(folder) as open_folder:
        result = run_experiment(experiment, open_folder, options.pop("workers", 1), **options)
        open_folder.finish()
    return result, pd.read_parquet(folder / "runs.parquet")


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("sweep")
    return folder, *sweep(folder)


def test_numbers_and_files_depend_on_neither_workers_nor_batches(once: Any, tmp_path: Path) -> None:
    folder, result, _ = once
    other, _ = sweep(tmp_path, workers=2, batch=5)
    assert other.digest == result.digest
    for name in ("runs.parquet", "summary.csv"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_the_table_has_a_row_for_each_run_interleaved_by_replication(once: Any) -> None:
    _, result, table = once
    assert result.runs == len(table) == 36
    assert table["run"].tolist() == list(range(36))
    assert table["replication"].tolist() == [1] * 12 + [2] * 12 + [3] * 12
    for _, group in table.groupby("replication"):
        assert len(group[["map", "arm", "market.potential", "ties.trust"]].drop_duplicates()) == 12
    assert set(table["status"]) == {"done"}
    assert list(table.columns[:9]) == [
        "map", "arm", "ties.trust", "market.potential", "programme.enabled", "programme.start", "programme.end", "run",
        "replication",
    ]  # fmt: skip


def test_all_points_share_the_luck_of_a_replication_and_replications_differ(once: Any) -> None:
    table = once[2]
    assert table.groupby("replication")["seed"].nunique().tolist() == [1, 1, 1]
    assert table.groupby("replication")["seed"].first().tolist() == [derive_seed(1, number) for number in (1, 2, 3)]
    point = table[(table["arm"] == "none") & (table["ties.trust"] == 0.8) & (table["market.potential"] == 16)]
    assert point["sales"].nunique() == 3


def test_each_run_can_be_repeated_alone(once: Any) -> None:
    table = once[2]
    base = Scenario.preset("sentra").replace({"cluster.firms": 20})
    keys = ["market.potential", "ties.trust", "programme.enabled", "programme.start", "programme.end"]
    for row in table.iloc[[0, 7, 17, 35]].to_dict("records"):
        run = simulate(base.replace({key: row[key] for key in keys}), 12, row["seed"])
        for name, value in run.final.items():
            assert (pd.isna(row[name]) and value is None) or row[name] == value, name
        assert row["active"] == run.state.active
        assert row["type"] == run.state.type
        assert row["public_cost_total"] == pytest.approx(run.measures["public_cost"].sum())
        for name, share in run.binding.items():
            assert row[f"binding_{name}"] == share


def test_one_month_is_one_month(tmp_path: Path) -> None:
    table = sweep(tmp_path, {"months": 1, "replications": 1})[1]
    run = simulate(Scenario.preset("sentra").replace({"cluster.firms": 20, "programme.enabled": False,
                                                     "market.potential": 1.0, "ties.trust": 0.4}),
                   1, int(table["seed"][0]))  # fmt: skip
    assert table["sales"][0] == run.final["sales"]


def test_adding_points_leaves_the_others_untouched(once: Any, tmp_path: Path) -> None:
    grid = {**SMALL["grid"], "ties": {"trust": [0.4, 0.6, 0.8]}}
    more = sweep(tmp_path, {"grid": grid, "replications": 4})[1]
    keys = ["arm", "market.potential", "ties.trust", "replication"]
    rest = more[(more["ties.trust"] != 0.6) & (more["replication"] <= 3)]
    left, right = (table.sort_values(keys).drop(columns="run").reset_index(drop=True) for table in (once[2], rest))
    pd.testing.assert_frame_equal(left, right, check_exact=True)


def test_clusters_of_unequal_size_and_buyers_run_together_as_they_do_alone(tmp_path: Path) -> None:
    grid = {"cluster": {"firms": [5, 40]}, "market": {"large_firms": [1, 9]}, "ties": {"kind": ["near", "all"]}}
    tables = {"grid": grid, "arms": {}, "replications": 2}
    together, _ = sweep(tmp_path / "together", tables, batch=16)
    alone, _ = sweep(tmp_path / "alone", tables, batch=1)
    assert together.digest == alone.digest


def test_self_sustaining_is_told_where_the_run_is_long_enough(tmp_path: Path) -> None:
    tables = {"months": 72, "replications": 1, "grid": {"ties": {"trust": [0.4, 0.9]}}}
    table = sweep(tmp_path, tables)[1]
    assert table[table["arm"] == "none"]["self_sustaining"].isna().all()
    assert not table[table["arm"] == "early"]["self_sustaining"].isna().any()


def test_the_summary_counts_and_averages_the_runs(once: Any) -> None:
    folder, result, table = once
    summary = pd.read_csv(folder / "summary.csv")
    assert len(summary) == len(result.summary) == 12
    for row in summary.to_dict("records"):
        runs = table[(table["arm"] == row["arm"]) & (table["ties.trust"] == row["ties.trust"])]
        runs = runs[runs["market.potential"] == row["market.potential"]]
        assert row["n"] == 3
        assert row["p_active"] == pytest.approx(runs["active"].mean())
        assert (row["p_active_low"], row["p_active_high"]) == pytest.approx(wilson(int(runs["active"].sum()), 3))
        for name in FINAL:
            mean = runs[name].mean()
            assert row[f"mean_{name}"] == pytest.approx(mean) or (pd.isna(row[f"mean_{name}"]) and pd.isna(mean))


def test_a_failing_run_is_a_row_and_the_others_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    break_runs(tmp_path, monkeypatch, {0, 2, 4}, "raise ValueError('broken  on purpose')")
    result, table = sweep(tmp_path / "out", {"grid": {"cluster": {"firms": [10, 20]}}, "arms": {}})
    assert result.failed == 3
    failed = table[table["status"] == "failed"]
    assert failed["cluster.firms"].tolist() == [10] * 3
    assert set(failed["stage"]) == {"build"}
    assert set(failed["message"]) == {"ValueError: broken on purpose"}
    assert failed["sales"].isna().all()
    assert failed["active"].isna().all()
    assert failed["seed"].tolist() == [derive_seed(1, number) for number in (1, 2, 3)]
    done = table[table["status"] == "done"]
    assert done["message"].tolist() == [""] * 3
    assert done["sales"].notna().all()
    first, second = result.summary
    assert (first["n"], first["failed"], first["p_active"]) == (0, 3, None)
    assert (second["n"], second["failed"]) == (3, 0)


def test_a_dead_worker_costs_time_but_no_runs(once: Any, tmp_path: Path) -> None:
    killed = []

    def kill_one(done: int) -> None:
        if not killed:
            child = next(iter(workers_module.multiprocessing.active_children()))
            killed.append(child.pid)
            os.kill(child.pid, signal.SIGKILL)

    result, _ = sweep(tmp_path, workers=2, batch=2, progress=kill_one)
    assert killed
    assert result.digest == once[1].digest
    assert result.failed == 0


@pytest.mark.slow
def test_a_run_that_kills_its_worker_becomes_a_failed_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker of this test dies in run 3, whatever batch it comes in."""
    break_runs(tmp_path, monkeypatch, {3}, "os._exit(9)")
    result, table = sweep(tmp_path / "out", {"replications": 1}, batch=4)
    assert result.failed == 1
    assert table["status"].tolist() == ["done"] * 3 + ["failed"] + ["done"] * 8
    assert table["stage"][3] == "worker"
    assert result.failures[3][0] == "worker"


def test_workers_that_cannot_even_start_end_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_module, "_begin", os._exit)
    plan = Plan(Scenario.preset("sentra"), ({},), 12, 1)
    with pytest.raises(KlastersimError, match="died before"), Workers(plan, 1) as pool:
        pool.ask("largest")


def test_what_takes_long_is_announced_and_what_does_not_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether kernels must be compiled shows only in how long they take to load, wherever code from before may lie."""
    told: list[str] = []
    with Workers(Plan(Scenario.preset("sentra"), ({},), 12, 1), 1) as pool:
        pool.ask("largest")
        monkeypatch.setattr(workers_module, "LONG", 0.0)
        # What is loaded for the first time takes longer than no time at all, on any machine.
        pool.ask("warm_up", if_long=lambda: told.append("long"))
        monkeypatch.setattr(workers_module, "LONG", 600.0)
        pool.ask("warm_up", if_long=lambda: told.append("short"))
    assert told == ["long"]


def test_an_error_ends_workers_that_wait_for_work() -> None:
    """A worker that waits holds a lock for which the others wait: ending that one alone would leave all hanging."""
    script = (
        "import multiprocessing, time\n"
        "from klastersim.lab.plan import Plan\nfrom klastersim.lab.workers import Workers\n"
        "from klastersim.scenario import Scenario\n"
        "if __name__ == '__main__':\n"
        "    try:\n"
        "        with Workers(Plan(Scenario.preset('sentra'), ({},), 12, 1), 3) as pool:\n"
        "            pool.ask('largest')\n"
        "            time.sleep(1.0)\n"
        "            raise OSError\n"
        "    except OSError:\n"
        "        print(len(multiprocessing.active_children()))\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout.split() == ["0"]


def test_workers_end_when_their_parent_dies() -> None:
    script = (
        "import multiprocessing, os, signal\n"
        "from klastersim.lab.plan import Plan\nfrom klastersim.lab.workers import Workers\n"
        "from klastersim.scenario import Scenario\n"
        "if __name__ == '__main__':\n"
        "    pool = Workers(Plan(Scenario.preset('sentra'), ({},), 12, 1), 2)\n"
        "    pool.ask('largest')\n"
        "    print(*(child.pid for child in multiprocessing.active_children()), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    children = [int(pid) for pid in done.stdout.split()]
    assert len(children) == 2
    deadline = time.monotonic() + 10
    while any(running(pid) for pid in children):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def running(pid: int) -> bool:
    """Whether a process runs; one that ended but was not yet asked for is dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_sweep_beyond_memory_is_refused_with_what_it_would_need(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cluster.firms = 1000000000 .*GiB"):
        sweep(tmp_path / "out", {"grid": {"cluster": {"firms": [20, 1_000_000_000]}}, "scenario": {}})
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("workers", [0, -1, 2000, True, 1.5])
def test_a_number_of_workers_that_cannot_be_is_refused(workers: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--workers"):
        sweep(tmp_path, workers=workers)


def test_more_workers_than_memory_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "memory", lambda: 2**30)
    assert machine.check_workers(5) == 5
    with pytest.raises(InputError, match=r"--workers = 6 is not what fits in memory: .* 1 GiB, enough to start 5"):
        machine.check_workers(6)


def test_large_clusters_go_in_small_batches() -> None:
    base = Scenario.preset("sentra")
    sizes = [batch_size(Plan(base.replace({"cluster.firms": n}), ({},), 240, 1), 10**6) for n in (10, 100, 10**6)]
    assert sizes[0] > sizes[1] > sizes[2] == 1
    assert np.isclose(sizes[0] / sizes[1], 10, rtol=0.1)
