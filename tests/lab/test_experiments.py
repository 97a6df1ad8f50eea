"""Every experiment of the study runs in its quick form, and its report says what its table says."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from klastersim.cli import app
from klastersim.lab.experiment import Experiment
from klastersim.lab.results import open_results

FILES = sorted((Path(__file__).parents[2] / "experiments").glob("*.toml"))


def call(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_experiment_asks_one_question_and_says_what_it_expects_and_how_it_is_run(path: Path) -> None:
    experiment, small = Experiment.load(path), Experiment.load(path, quick=True)
    assert experiment.title
    assert experiment.question.endswith("?")
    assert experiment.hypothesis.endswith(".")
    assert small.runs < 300 < experiment.runs
    assert small.base["cluster.firms"] <= 20
    assert Experiment.from_record(json.loads(json.dumps(experiment.record()))) == experiment


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_quick_form_runs_and_its_report_says_what_its_table_says(path: Path, tmp_path: Path) -> None:
    done = call("sweep", str(path), "--quick", "--out", str(tmp_path / "out"), "--workers", "2", "--json")
    assert done.exit_code == 0, done.stderr
    assert call("report", str(tmp_path / "out")).exit_code == 0
    page = html.unescape((tmp_path / "out" / "report.html").read_text(encoding="utf-8"))
    told = json.loads(done.stdout)
    table = pd.read_parquet(tmp_path / "out" / "runs.parquet")
    experiment = Experiment.load(path, quick=True)
    assert page.count("data:image/png;base64,") == len(experiment.maps), "a figure for each map"
    for each in experiment.maps:
        for sentence in told["answer"][each.name]:
            assert sentence in page
        of_map = table[table["map"] == each.name]
        for arm in each.arms:
            share = of_map[of_map["arm"] == arm.name]["active"].mean()
            row = re.search(
                rf"<tr><td>{re.escape(arm.title)}</td><td>([0-9.]+)</td>", page[page.index(f"<h2>{each.title}") :]
            )
            assert row is not None, arm.title
            assert float(row[1]) == pytest.approx(share, abs=5e-4)
        if not each.is_grid:
            sentences = told["answer"][each.name]
            for arm, sentence in zip(each.arms, sentences, strict=False):
                share = of_map[of_map["arm"] == arm.name]["active"].mean()
                assert f"P(active) = {share:.3f}" in sentence
    if experiment.expected is not None:
        of_map = table[table["map"] == experiment.expected.map]
        first = next(each for each in experiment.maps if each.name == experiment.expected.map).arms[0].name
        shares = of_map.groupby("arm")["active"].mean()
        change = shares[experiment.expected.arm] - shares[first]
        verdict = told["answer"][experiment.expected.map][-1]
        assert f"({change:+.3f}, 95 % interval" in verdict
        assert f"<strong>{verdict}</strong>" in page
    assert open_results(tmp_path / "out").record["name"] == path.stem
