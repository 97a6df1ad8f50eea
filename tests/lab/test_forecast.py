"""What is beyond memory, disk or a day is said before it begins, and needs a yes."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from klastersim.errors import InputError
from klastersim.lab import forecast
from klastersim.lab.experiment import Experiment
from klastersim.lab.folder import Folder
from klastersim.lab.runner import Result, run_experiment

TABLES: dict[str, Any] = {
    "months": 12,
    "replications": 2,
    "scenario": {"cluster": {"firms": 20}},
    "grid": {"ties": {"trust": [0.4, 0.8]}},
}


def sweep(folder: Path, told: list[str], **options: Any) -> Result:
    with Folder(folder, lasting=True) as place:
        result = run_experiment(Experiment.from_dict(TABLES), place, 1, announce=told.append, **options)
        place.finish()
    return result


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(forecast, "WORTH_A_PILOT", 1.0)
    return monkeypatch


def test_a_sweep_of_more_than_a_day_needs_a_yes(small_limits: pytest.MonkeyPatch, tmp_path: Path) -> None:
    small_limits.setattr(forecast, "DAY", 1e-6)
    told: list[str] = []
    with pytest.raises(InputError, match=r"will take about .* days with 1 workers, by a pilot of 1 .* --yes"):
        sweep(tmp_path / "out", told)
    assert not (tmp_path / "out").exists()
    assert sweep(tmp_path / "out", told, yes=True).runs == 4
    assert any("days" in line and "Going on" in line for line in told)


def test_a_sweep_beyond_the_disk_needs_a_yes(small_limits: pytest.MonkeyPatch, tmp_path: Path) -> None:
    usage = shutil.disk_usage(tmp_path)
    small_limits.setattr(forecast.shutil, "disk_usage", lambda path: usage._replace(free=10_000))
    with pytest.raises(InputError, match=r"GiB of disk; .* has 0.0 GiB left"):
        sweep(tmp_path / "out", [])
    assert sweep(tmp_path / "out", [], yes=True).runs == 4


def test_a_sweep_beyond_memory_needs_a_yes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(forecast, "memory", lambda: 1_000)
    with pytest.raises(InputError, match=r"cluster.firms = 20 is not what fits in memory"):
        sweep(tmp_path / "out", [])
    assert sweep(tmp_path / "out", [], yes=True).runs == 4


def test_what_is_foreseen_of_the_disk_is_about_what_is_taken(small_limits: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said: list[float] = []
    whole = forecast._bytes
    small_limits.setattr(forecast, "_bytes", lambda *given: said.append(whole(*given)) or said[-1])
    sweep(tmp_path / "out", [])
    taken = (tmp_path / "out" / "runs.parquet").stat().st_size
    assert taken < said[0] < 50 * taken


def test_a_pilot_is_a_small_part_of_the_whole() -> None:
    assert forecast._pilot_points([50] * 1000, 10_000) == [0, 143, 285, 428, 571, 714, 856, 999]
    assert forecast._pilot_points([50] * 1000, 120) == [0, 143]
    assert forecast._pilot_points([50], 1) == [0]
