"""Commands on results that are there: run again, repeat one run, cite, report, compare."""

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from klastersim.cli import app
from klastersim.lab.experiment import Experiment
from klastersim.lab.results import configuration_digest, open_results, record_in

TEXT = """
title = "A small map <b>& more</b>"
question = "Does it run?"
hypothesis = "A programme moves the line."
months = 24
replications = 6
outputs = ["sales", "active"]

[scenario]
cluster.firms = 20

[arms.none]
title = "no programme"
programme.enabled = false

[arms.large]
programme.start = 2
programme.end = 20
programme.budget = { times_default = 60 }

[expected]
arm = "large"
change = "more"

[grid]
market.potential = [1.0, 16.0]
ties.trust = [0.4, 0.8]
"""


def call(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    (folder / "small.toml").write_text(TEXT, encoding="utf-8")
    done = call("sweep", str(folder / "small.toml"), "--out", str(folder / "out"), "--workers", "1", "--crate")
    assert done.exit_code == 0, done.stderr
    return folder / "out"


def altered(folder: Path, target: Path, change: Any) -> Path:
    """A copy of results whose provenance was changed."""
    target.mkdir()
    for path in folder.iterdir():
        if path.is_file():
            (target / path.name).write_bytes(path.read_bytes())
    told = json.loads((target / "provenance.json").read_text(encoding="utf-8"))
    change(told)
    (target / "provenance.json").write_text(json.dumps(told), encoding="utf-8")
    return target


def test_a_sweep_that_is_there_is_not_run_again(swept: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in swept.iterdir() if path.name != "ro-crate-metadata.json"}
    done = call("sweep", str(swept.parent / "small.toml"), "--out", str(swept), "--json", "--resume")
    assert done.exit_code == 0, done.stderr
    assert "All of it is there already." in done.stderr
    assert json.loads(done.stdout)["digest"] == open_results(swept).digest
    after = {path.name: path.stat().st_mtime_ns for path in swept.iterdir()}
    assert all(after[name] == time for name, time in before.items())


def test_resume_is_refused_where_there_is_nothing_to_go_on_from(swept: Path, tmp_path: Path) -> None:
    done = call("sweep", str(swept.parent / "small.toml"), "--out", str(tmp_path / "none"), "--resume")
    assert done.exit_code == 2
    assert "holds no sweep to go on with" in done.stderr


@pytest.mark.parametrize("name", ["provenance.json", "runs.parquet", "map.png", "map.svg"])
def test_every_file_holds_the_record_from_which_the_call_is_rebuilt(name: str, swept: Path) -> None:
    experiment = Experiment.load(swept.parent / "small.toml")
    rebuilt = Experiment.from_record(record_in(swept / name))
    assert rebuilt == experiment
    assert rebuilt.record() == json.loads(json.dumps(experiment.record()))


def test_what_is_not_determined_stands_only_in_provenance(swept: Path) -> None:
    told = json.loads((swept / "provenance.json").read_text(encoding="utf-8"))
    assert {"digest", "time", "command", "workers"} <= set(told)
    for name in ("runs.parquet", "map.png", "map.svg", "summary.csv"):
        content = (swept / name).read_bytes()
        for secret in (told["digest"], told["time"], str(swept)):
            assert secret.encode() not in content, name


def test_results_that_are_run_again_give_the_same_numbers(swept: Path) -> None:
    for place in (swept, swept / "provenance.json"):
        done = call("reproduce", str(place), "--workers", "1")
        assert done.exit_code == 0, done.stderr
        assert f"The same numbers: digest {open_results(swept).digest}" in done.stdout


def test_numbers_that_are_not_the_same_are_told_with_their_columns_and_versions(swept: Path, tmp_path: Path) -> None:
    def change(told: Any) -> None:
        told["digest"] = "0" * 64
        told["record"]["versions"]["numpy"] = "0.1"

    place = altered(swept, tmp_path / "other", change)
    table = pd.read_parquet(place / "runs.parquet")
    table.loc[[3, 5], "sales"] += [1.0, 2.0]
    table.to_parquet(place / "runs.parquet")
    done = call("reproduce", str(place), "--workers", "1", "--json")
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert told["same"] is False
    assert [(each["column"], each["rows"], each["largest"]) for each in told["columns"]] == [("sales", 2, 2.0)]
    assert told["versions"]["numpy"][0] == "0.1"
    plain = call("reproduce", str(place), "--workers", "1")
    assert "sales: 2 rows differ, at most by 2" in plain.stdout
    assert "version of numpy: 0.1 then" in plain.stdout


def test_a_single_run_is_run_again_too(tmp_path: Path) -> None:
    out = str(tmp_path / "run")
    assert call("run", "sentra", "--set", "cluster.firms=20", "--months", "12", "--out", out).exit_code == 0
    done = call("reproduce", out)
    assert done.exit_code == 0, done.stderr
    assert "The same numbers" in done.stdout


def test_one_run_of_a_sweep_is_repeated_with_its_series(swept: Path) -> None:
    done = call("rerun", str(swept), "--run", "13", "--json")
    assert done.exit_code == 0, done.stderr
    row = pd.read_parquet(swept / "runs.parquet").iloc[13]
    series = pd.read_parquet(swept / "run-13" / "series.parquet")
    assert len(series) == 24
    assert series["sales"].iloc[-1] == row["sales"]
    assert (swept / "run-13" / "figure.png").exists()
    assert record_in(swept / "run-13" / "provenance.json")["seed"] == row["seed"]


@pytest.mark.parametrize("run", ["-1", "48"])
def test_a_run_that_a_sweep_has_not_is_refused(run: str, swept: Path) -> None:
    done = call("rerun", str(swept), "--run", run)
    assert done.exit_code == 2
    assert f"--run = {run} is not a number from 0 to 47" in done.stderr


def test_a_run_that_comes_out_otherwise_than_in_the_table_is_told(swept: Path, tmp_path: Path) -> None:
    place = altered(swept, tmp_path / "other", lambda told: told["record"].update(seed=2))
    done = call("rerun", str(place), "--run", "47")
    assert done.exit_code == 1
    assert "not what the table of runs says" in done.stderr


def test_an_experiment_and_its_results_are_cited_with_version_and_configuration(swept: Path) -> None:
    record = open_results(swept).record
    for place in (swept, swept.parent / "small.toml"):
        texts = json.loads(call("cite", str(place), "--json").stdout)
        for name in ("bibtex", "apa", "cff"):
            assert configuration_digest(record) in texts[name]
            assert record["versions"]["klastersim"] in texts[name]
    assert open_results(swept).digest in json.loads(call("cite", str(swept), "--json").stdout)["apa"]
    assert call("cite", str(swept), "--format", "bibtex").stdout.startswith("@misc{klastersim-")
    assert r"<b>\& more" in call("cite", str(swept), "--format", "bibtex").stdout
    refused = call("cite", str(swept), "--format", "bibtx")
    assert refused.exit_code == 2
    assert 'Did you mean "bibtex"?' in refused.stderr


def test_versions_do_not_change_the_digest_of_a_configuration(swept: Path) -> None:
    record = open_results(swept).record
    assert configuration_digest({**record, "versions": {}}) == configuration_digest(record)
    assert configuration_digest({**record, "seed": 2}) != configuration_digest(record)


def test_a_report_loads_nothing_from_outside_and_says_what_the_table_says(swept: Path) -> None:
    done = call("report", str(swept))
    assert done.exit_code == 0, done.stderr
    page = (swept / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=[\"'](?!data:)", page)
    assert "@import" not in page
    assert "url(" not in page
    assert "A small map &lt;b&gt;&amp; more&lt;/b&gt;" in page
    assert "<b>&" not in page
    table = pd.read_parquet(swept / "runs.parquet")
    shares = table.groupby("arm")["active"].mean()
    for arm in ("none", "large"):
        assert f"<td>{shares[arm]:.3f}</td>" in page
    summary = json.loads(call("sweep", str(swept.parent / "small.toml"), "--out", str(swept), "--json").stdout)
    for sentence in summary["answer"]["map"]:
        assert sentence in page
    change = shares["large"] - shares["none"]
    verdict = next(line for line in summary["answer"]["map"] if "hypothesis" in line or "Not identified" in line)
    assert f"({change:+.3f}, 95 % interval" in verdict or f"{change:+.3f}" in verdict
    assert record_in(swept / "report.html") == open_results(swept).record


def test_two_sweeps_are_compared_by_what_was_asked_and_what_came_of_it(swept: Path, tmp_path: Path) -> None:
    same = call("compare", str(swept), str(swept))
    assert same.stdout.startswith("The numbers are the same.")
    other = tmp_path / "out"
    arguments = ["--set", "cluster.quality=0.9", "--out", str(other), "--workers", "1"]
    assert call("sweep", str(swept.parent / "small.toml"), *arguments).exit_code == 0
    done = json.loads(call("compare", str(swept), str(other), "--json").stdout)
    assert done["same_numbers"] is False
    assert done["settings"] == ["scenario.cluster.quality"]
    assert done["common"] == 8
    assert {row["arm"] for row in done["shares"]} == {"none", "large"}
    assert "Asked differently: scenario.cluster.quality." in call("compare", str(swept), str(other)).stdout


def test_a_crate_describes_every_file(swept: Path) -> None:
    graph = json.loads((swept / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
    found = {each["@id"]: each for each in graph}
    assert {"runs.parquet", "summary.csv", "map.png", "map.svg", "provenance.json"} <= set(found)
    assert found["./"]["identifier"] == f"sha256:{configuration_digest(open_results(swept).record)}"
    assert found["#klastersim"]["softwareVersion"] == open_results(swept).record["versions"]["klastersim"]


@pytest.mark.parametrize("command", ["reproduce", "report", "cite"])
def test_a_place_without_results_is_refused(command: str, tmp_path: Path) -> None:
    done = call(command, str(tmp_path))
    assert done.exit_code == 2
    assert "holds no results" in done.stderr
    (tmp_path / "provenance.json").write_text("{}", encoding="utf-8")
    assert call(command, str(tmp_path)).exit_code == 2
    newer = {"format": 99, "digest": "", "record": {"format": 99, "kind": "sweep"}}
    (tmp_path / "provenance.json").write_text(json.dumps(newer), encoding="utf-8")
    done = call(command, str(tmp_path))
    assert "written by a newer klastersim" in done.stderr
