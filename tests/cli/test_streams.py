"""Standard output carries the answer and standard error all else, whatever has become of either."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

COMMAND = [sys.executable, "-m", "klastersim"]
RUN = ["run", "--months", "2", "--set", "cluster.firms=5"]
ANSWERS = [["presets"], ["presets", "--json"], ["presets", "sentra", "--toml"], RUN, [*RUN, "--json"]]

EXPERIMENT = "months = 2\nreplications = 1\n[scenario]\ncluster.firms = 5\n[grid]\nties.trust = [0.3, 0.7]\n"


@pytest.fixture
def sweep(tmp_path: Path) -> list[str]:
    (tmp_path / "small.toml").write_text(EXPERIMENT, encoding="utf-8")
    return ["sweep", str(tmp_path / "small.toml"), "--workers", "2", "--out", str(tmp_path / "out")]


def shell(command: list[str], redirection: str, **options: Any) -> Any:
    """Run a command with its streams as the shell redirects them."""
    words = " ".join(f"'{word}'" for word in [*COMMAND, *command])
    return subprocess.run(
        ["bash", "-c", f"{words} {redirection}"], capture_output=True, text=True, check=False, **options
    )


def test_the_package_can_be_run_as_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "klastersim", "presets"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("sentra")


@pytest.mark.parametrize("command", ANSWERS)
def test_a_reader_who_stops_reading_is_no_failure(command: list[str]) -> None:
    done = shell(command, "| true; exit ${PIPESTATUS[0]}")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
@pytest.mark.parametrize("command", ANSWERS)
def test_an_answer_that_cannot_be_written_is_said_to_be(command: list[str]) -> None:
    done = shell(command, "> /dev/full")
    assert done.returncode == 2
    assert done.stderr == "standard output: cannot be written (No space left on device). Send it to another place.\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
@pytest.mark.parametrize("redirection", ["2> /dev/full", "2>&-"])
def test_a_sweep_that_can_tell_nobody_how_it_goes_goes_on(redirection: str, sweep: list[str], tmp_path: Path) -> None:
    done = shell([*sweep, "--json"], redirection)
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert all(Path(path).exists() for path in told["files"])


def test_with_all_streams_closed_a_sweep_writes_its_files_and_nothing_into_them(
    sweep: list[str], tmp_path: Path
) -> None:
    assert shell(sweep, "<&- >&- 2>&-").returncode == 0
    assert json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))["failed"] == 0


@pytest.mark.parametrize("redirection", ["2> /dev/full", "2>&-", ""])
def test_bad_input_is_exit_code_two_even_if_nobody_can_be_told(redirection: str) -> None:
    assert shell(["run", "nothing"], redirection).returncode == 2


def test_without_a_terminal_nothing_moves_and_nothing_is_coloured(sweep: list[str]) -> None:
    for command in (sweep, RUN):
        done = shell(command, "")
        for text in (done.stdout, done.stderr):
            assert "\x1b" not in text
            assert "\r" not in text


def test_any_text_passes_through_any_terminal(tmp_path: Path) -> None:
    """A terminal that speaks ASCII shows what it can; files and JSON hold all."""
    named = [*RUN, "--set", "title=Sentra Müller — 50 usaha"]
    plain = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = shell(named, "", env=plain)
    assert done.returncode == 0
    assert done.stdout.startswith("Sentra M?ller ? 50 usaha")
    assert json.loads(shell([*named, "--json"], "", env=plain).stdout)["scenario"]["title"].startswith("Sentra Müller")
    done = shell(["run", "é.toml"], "", env=plain)
    assert done.returncode == 2
    assert "does not exist" in done.stderr


def test_numbers_have_a_decimal_point_in_any_locale(sweep: list[str], tmp_path: Path) -> None:
    german = {**os.environ, "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"}
    assert shell(sweep, "", env=german).returncode == 0
    assert ",0.3," in (tmp_path / "out" / "summary.csv").read_text(encoding="utf-8")
    assert '"trust": 0.5' in shell([*RUN, "--json"], "", env=german).stdout


def test_a_folder_that_was_deleted_meanwhile_is_a_message(tmp_path: Path) -> None:
    done = shell([*RUN, "--out", "x"], "", cwd=tmp_path, env={**os.environ, "PYTHONPATH": os.getcwd()})
    assert done.returncode == 0
    gone = tmp_path / "gone"
    gone.mkdir()
    words = " ".join([*COMMAND, *RUN])
    done = subprocess.run(
        ["bash", "-c", f"rmdir {gone}; {words}"],
        cwd=gone, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": os.getcwd()},
    )  # fmt: skip
    assert done.returncode == 2
    assert "the system refused" in done.stderr
    assert "Traceback" not in done.stderr
