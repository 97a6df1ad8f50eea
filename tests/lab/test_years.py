"""Maps with runs of their own length, and tables of runs that tell of every year."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from klastersim import simulate
from klastersim.lab.experiment import Experiment
from klastersim.lab.folder import Folder
from klastersim.lab.provenance import FILE, as_json, provenance
from klastersim.lab.rerun import find_run
from klastersim.lab.results import open_results
from klastersim.lab.runner import Result, run_experiment

TABLES: dict[str, Any] = {
    "months": 180,
    "replications": 2,
    "analysis": {"kind": "exit"},
    "scenario": {"cluster": {"firms": 10}, "programme": {"start": 49, "end": 60, "budget": 100.0}},
    "arms": {"none": {"programme": {"enabled": False}}, "with": {"title": "with"}},
    "maps": {
        "short": {"grid": {"ties": {"trust": [0.5, 0.7]}}},
        "long": {"months": 198, "grid": {"ties": {"trust": [0.5, 0.7]}}},
    },
}


def swept(folder: Path, tables: dict[str, Any], workers: int = 1, batch: int | None = None) -> tuple[Result, Any]:
    experiment = Experiment.from_dict(tables)
    with Folder(folder, lasting=True) as place:
        result = run_experiment(experiment, place, workers, batch=batch)
        place.write(FILE, as_json(provenance(experiment.record(), result.digest, "sweep", runs=result.runs)))
        place.finish()
    return result, pd.read_parquet(folder / "runs.parquet")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result, Any]:
    folder = tmp_path_factory.mktemp("years") / "out"
    return folder, *swept(folder, TABLES)


def test_every_run_tells_of_every_year_what_its_series_holds(done: tuple[Path, Result, Any]) -> None:
    folder, _, table = done
    results = open_results(folder)
    for run in (1, 3, 6):
        row = table.iloc[run]
        scenario, seed, months = find_run(results, run)
        assert months == (180 if row["map"] == "short" else 198)
        series = simulate(scenario, months=months, seed=seed).series
        for year in range(1, months // 12 + 1):
            part = series.iloc[12 * (year - 1) : 12 * year]
            assert row[f"year_{year}_active_own"] == part["active_own"].iloc[-1]
            assert row[f"year_{year}_months_active"] == pytest.approx(part["active_own"].mean())
            assert row[f"year_{year}_value_added"] == pytest.approx(part["value_added"].sum())
            assert row[f"year_{year}_public_cost"] == pytest.approx(part["public_cost"].sum())
        assert row["value_added"] == series["value_added"].iloc[-1]


def test_a_run_has_no_year_that_it_does_not_reach(done: tuple[Path, Result, Any]) -> None:
    table = done[2]
    assert "year_16_value_added" in table
    assert "year_17_value_added" not in table
    short = table["map"] == "short"
    assert table.loc[short, "year_15_value_added"].notna().all()
    assert table.loc[short, "year_16_value_added"].isna().all()
    assert table.loc[~short, "year_16_value_added"].notna().all()


def test_a_map_of_its_own_length_has_the_runs_that_it_has_alone(done: tuple[Path, Result, Any], tmp_path: Path) -> None:
    alone = {**TABLES, "months": 198, "maps": {"long": {"grid": TABLES["maps"]["long"]["grid"]}}}
    (_, here), there = swept(tmp_path / "alone", alone), done[2]
    there = there[there["map"] == "long"]
    here, there = (each.drop(columns="run").reset_index(drop=True) for each in (here, there))
    pd.testing.assert_frame_equal(here, there, check_exact=True)


def test_batches_and_workers_change_nothing_where_lengths_differ(
    done: tuple[Path, Result, Any], tmp_path: Path
) -> None:
    assert swept(tmp_path / "two", TABLES, workers=2, batch=3)[0].digest == done[1].digest


def test_the_record_tells_the_length_of_a_map(done: tuple[Path, Result, Any]) -> None:
    experiment = Experiment.from_dict(TABLES)
    record = json.loads(json.dumps(experiment.record()))
    assert record["maps"]["long"]["months"] == 198
    assert "months" not in record["maps"]["short"]
    assert Experiment.from_record(record) == experiment
    assert [experiment.months_of(each) for each in experiment.maps] == [180, 198]
    assert experiment.years == 16


def test_without_such_an_analysis_no_year_stands_in_the_table(tmp_path: Path) -> None:
    plain = {key: value for key, value in TABLES.items() if key != "analysis"}
    result, table = swept(tmp_path / "plain", plain)
    assert not [name for name in table.columns if name.startswith("year_")]
    assert np.isfinite(table["value_added"]).all()
    assert result.failed == 0
