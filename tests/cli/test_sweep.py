"""`klastersim sweep`: files, answer, exit codes, interruption."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from klastersim.cli import app
from klastersim.lab.experiment import Experiment
from tests.lab.faults import break_runs

COMMAND = [sys.executable, "-c", "from klastersim.cli import main; main()"]

TEXT = """
title = "A small map."
question = "Does it run?"
months = 12
replications = 2

[scenario]
cluster.firms = 20

[arms.none]
title = "no programme"
programme.enabled = false

[arms.large]
programme.budget = { times_default = 60 }

[grid]
market.potential = { from = 1, to = 16, points = 3, scale = "log" }
ties.trust = [0.4, 0.8]

[quick]
replications = 1
months = 2
points = 2
"""


def call(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["sweep", *arguments])


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_sweep_leaves_tables_figures_and_a_record(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = call(str(small), "--workers", "1")
    assert done.exit_code == 0, done.stderr
    out = tmp_path / "results" / "small"
    assert sorted(path.name for path in out.iterdir()) == [
        "map.png", "map.svg", "provenance.json", "runs.parquet", "summary.csv"
    ]  # fmt: skip
    kept = json.loads((out / "provenance.json").read_text(encoding="utf-8"))
    assert len(kept["digest"]) == 64
    assert kept["record"] == json.loads(json.dumps(Experiment.load(small).record()))
    assert kept["runs"] == len(pd.read_parquet(out / "runs.parquet")) == 24
    assert "P(active)" in done.stdout
    assert "written:" in done.stdout
    assert "24 of 24 runs" in done.stderr


def test_json_is_one_object_and_everything_else_goes_to_standard_error(small: Path, tmp_path: Path) -> None:
    command = [*COMMAND, "sweep", str(small), "--json", "--workers", "2", "--replications", "1", "--out"]
    done = subprocess.run([*command, str(tmp_path / "out")], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert told["format"] == 1
    assert told["runs"] == 12
    assert told["failed"] == 0
    assert len(told["summary"]) == 12
    assert told["digest"] == json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))["digest"]
    assert told["answer"]["map"]


def test_a_folder_with_other_results_is_refused_unless_forced(small: Path, tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "out"), "--workers", "1", "--quick"]
    assert call(str(small), *out).exit_code == 0
    assert call(str(small), *out).exit_code == 0
    other = call(str(small), *out, "--set", "cluster.firms=10")
    assert other.exit_code == 2
    assert "scenario.cluster.firms differ" in other.stderr
    assert call(str(small), *out, "--set", "cluster.firms=10", "--force").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--replications", "0"], ["--replications = 0", "from 1"]),
        (["--workers", "0"], ["--workers = 0", "from 1"]),
        (["--set", "ties.trust=0.3"], ["--set: ties.trust = 0.3 is varied by"]),
        (["--set", "programme.budget=3"], ["is varied by"]),
        (["--set", "cluster.firms=none"], ['cluster.firms = "none"']),
        (["--set", "nonsense"], ["key=value"]),
    ],
)
def test_bad_options_are_refused_before_anything_is_written(
    arguments: list[str], words: list[str], small: Path, tmp_path: Path
) -> None:
    done = call(str(small), *arguments, "--out", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr
    assert all(word in done.stderr for word in words), done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [("", ["is empty", "write [grid]"]), ("[[[", ["is not TOML"]), ("grid = {}\n", ["sweeps nothing"])],
)
def test_a_file_that_is_no_experiment_is_refused_before_anything_is_written(
    content: str, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.toml").write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = call("bad.toml")
    assert done.exit_code == 2
    assert all(word in done.stderr for word in ["bad.toml", *words]), done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["bad.toml"]


def test_no_file_at_all_and_a_folder_are_refused(tmp_path: Path) -> None:
    for name, words in (("", "describes an experiment"), (str(tmp_path), "is a folder")):
        done = call(name)
        assert done.exit_code == 2
        assert words in done.stderr


def test_the_record_tells_what_the_time_went_into(small: Path, tmp_path: Path) -> None:
    small.write_text("months = 2\nreplications = 1\n[grid]\nties.trust = [0.3, 0.7]\n", encoding="utf-8")
    told = json.loads(call(str(small), "--json", "--workers", "3", "--out", str(tmp_path / "out")).stdout)
    kept = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    for each in (told, kept):
        assert each["workers"] == 2, "no more than there are runs"
        assert set(each["seconds"]) == {"start", "build", "run", "read", "draw", "wall"}
        assert 0.0 < each["outside"] < 1.0


def test_a_missing_experiment_and_a_scenario_in_its_place_are_refused(tmp_path: Path) -> None:
    (tmp_path / "scenario.toml").write_text("[cluster]\nfirms = 5\n", encoding="utf-8")
    for name, words in (("none.toml", "does not exist"), ("scenario.toml", "cluster")):
        done = call(str(tmp_path / name))
        assert done.exit_code == 2
        assert words in done.stderr


def test_a_file_in_the_place_of_the_folder_is_refused(small: Path) -> None:
    done = call(str(small), "--out", str(small))
    assert done.exit_code == 2
    assert "is no folder" in done.stderr


def test_failed_runs_are_named_and_end_with_code_one_until_they_are_done(small: Path, tmp_path: Path) -> None:
    arguments = [str(small), "--out", str(tmp_path / "out"), "--workers", "1", "--quick"]
    with pytest.MonkeyPatch.context() as patch:
        break_runs(tmp_path, patch, {1}, "raise ValueError('broken')")
        done = call(*arguments)
    assert done.exit_code == 1
    assert "run 1 failed (build): ValueError: broken" in done.stderr
    assert "1 of 8 runs failed" in done.stderr
    assert "--retry-failed" in done.stderr
    assert (tmp_path / "out" / "map.png").exists()
    again = call(*arguments)
    assert again.exit_code == 1, "what failed stays failed"
    assert "run 1 failed" in again.stderr
    mended = call(*arguments, "--retry-failed")
    assert mended.exit_code == 0, mended.stderr
    assert "failed" not in mended.stderr
    assert json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))["failed"] == 0


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_disk_that_fills_up_leaves_nothing_half_written(workers: str, small: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk."""
    done = subprocess.run(
        [*COMMAND, "sweep", str(small), "--workers", workers, "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000)),
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 2, done.stderr
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_an_interrupted_sweep_ends_with_its_workers_and_says_how_to_go_on(
    number: signal.Signals, code: int, small: Path, tmp_path: Path
) -> None:
    small.write_text(TEXT.replace("months = 12", "months = 240"), encoding="utf-8")
    command = [
        *COMMAND,
        "sweep",
        str(small),
        "--workers",
        "2",
        "--replications",
        "2000",
        "--out",
        str(tmp_path / "out"),
    ]
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Tests themselves may run where signals are ignored, which a sweep would respect.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )
    parts = tmp_path / "out" / "unfinished" / "runs"
    while len(list(parts.glob("[0-9]*.parquet"))) < 2:
        time.sleep(0.02)
        assert process.poll() is None
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # as a terminal does: to the workers too
    else:
        process.send_signal(number)
    _, told = process.communicate(timeout=30)
    assert process.returncode == code
    assert "Traceback" not in told
    kept = pd.read_parquet(parts)
    assert f"{len(kept):,} runs are kept in {tmp_path / 'out'}; the same command goes on from there." in told
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["unfinished"]
    deadline = time.monotonic() + 10
    while left := running_in_group(process.pid):
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


def test_a_sweep_that_is_interrupted_before_a_run_is_finished_leaves_nothing(small: Path, tmp_path: Path) -> None:
    small.write_text(TEXT.replace("months = 12", "months = 1200").replace("= 20", "= 20000"), encoding="utf-8")
    command = [*COMMAND, "sweep", str(small), "--workers", "1", "--replications", "2", "--out", str(tmp_path / "out")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not (tmp_path / "out" / "unfinished" / "new" / "runs.parquet").exists():
        time.sleep(0.05)
        assert process.poll() is None
    process.terminate()
    _, told = process.communicate(timeout=30)
    assert process.returncode == 143
    assert "Nothing was written." in told
    assert not (tmp_path / "out").exists()


def running_in_group(group: int) -> list[str]:
    """Processes of a group that have not ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group, *_ = path.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(its_group) == group and state != "Z":
            found.append(path.parent.name)
    return found
