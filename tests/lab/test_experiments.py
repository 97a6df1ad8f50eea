"""Every experiment of the study runs in its quick form, and its report says what its table says."""

import html
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from klastersim.analysis.sweeps.break_even import RATIO, roles_of
from klastersim.analysis.sweeps.effects import factors_of
from klastersim.analysis.sweeps.findings import findings_of
from klastersim.cli import app
from klastersim.lab.answer import MOST_ARMS
from klastersim.lab.design import Map
from klastersim.lab.experiment import Experiment
from klastersim.lab.finding import Finding
from klastersim.lab.pairs import FEWEST
from klastersim.lab.results import open_results

#: Findings whose sentences are made of the cells of their table.
IN_TABLES = ("anyway", "left", "lasting", "deadweight", "ramp")

FILES = sorted((Path(__file__).parents[2] / "experiments").glob("*.toml"))


def call(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_experiment_asks_one_question_and_says_what_it_expects_and_how_it_is_run(path: Path) -> None:
    experiment, small = Experiment.load(path), Experiment.load(path, quick=True)
    assert experiment.title
    assert experiment.question.endswith("?")
    assert experiment.hypothesis.endswith(".")
    assert small.runs < 640 < experiment.runs
    assert small.base["cluster.firms"] <= 20
    assert Experiment.from_record(json.loads(json.dumps(experiment.record()))) == experiment


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_says_all_that_a_study_has_to_say_and_stands_in_the_documentation(path: Path) -> None:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    for key in ("title", "question", "hypothesis", "months", "replications", "seed", "outputs", "expected", "scenario"):
        assert key in tables, key
    assert {"replications", "scenario"} <= set(tables["quick"])
    assert Experiment.load(path).outputs != ("active",), "what else a report tells, who gains among it"
    told = (FILES[0].parents[1] / "docs" / "experiments.md").read_text(encoding="utf-8")
    assert f"| `{path.stem}` |" in told


def test_the_documentation_lists_no_experiment_that_is_not_there() -> None:
    told = (FILES[0].parents[1] / "docs" / "experiments.md").read_text(encoding="utf-8")
    section = told.partition("## The experiments of the study")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.M) != []
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.M)) == {path.stem for path in FILES}


def check_effects(each: Map, of_map: pd.DataFrame, page: str) -> None:
    """Effects in the page are differences of means in the table of runs."""
    factors, of_arms = factors_of(each)
    for factor in factors if of_arms else ():
        high = of_map[of_map["arm"].isin([arm.name for arm in each.arms if arm.changes[factor.key] == factor.high])]
        low = of_map.drop(high.index)
        section = page[page.index(f"<h2>{each.title}") :]
        row = re.search(rf"<tr><td>{re.escape(factor.title)}</td><td>([-+][0-9.]+) \(", section)
        assert row is not None, factor.title
        assert float(row[1]) == pytest.approx(high["active"].mean() - low["active"].mean(), abs=5e-4)


def check_break_even(each: Map, experiment: Experiment, of_map: pd.DataFrame, page: str) -> None:
    """What groups gain more than single firms at the lowest ratio is a difference of means in the table of runs."""
    arms = roles_of(each, experiment.base)
    if arms is None:
        return
    section = page[page.index(f"<h2>{each.title}") :]
    lowest = of_map[of_map[RATIO] == of_map[RATIO].min()]
    (rest,) = (axis for axis in each.axes if axis.key != RATIO)
    for value in rest.values:
        here = lowest[lowest[rest.key] == value]
        none, single, group = (here[here["arm"] == each.arms[arm].name].set_index("replication") for arm in arms)
        gains = [
            ((runs["value_added_total"] - none["value_added_total"]) / runs["public_cost_total"].mean()).mean()
            for runs in (single, group)
        ]
        shown = f"{value:.3g}" if isinstance(value, float) else value
        row = re.search(
            rf"<tr><td>value added</td><td>{re.escape(f'{rest.key} = {shown}')}</td><td>([^<]*)</td><td>([^<]*)</td>"
            r"<td>([-+][0-9.]+) \(",
            section,
        )
        assert row is not None, value
        assert float(row[3]) == pytest.approx(gains[1] - gains[0], abs=5.1e-3)
        if re.fullmatch(r"[0-9.]+", row[1]) and "open" not in row[2]:
            assert f"break even at a ratio of {row[1]} (95 % interval {row[2]})" in section


def check_findings(findings: Mapping[str, Sequence[Finding]]) -> None:
    """Every number with an interval that these say stands in their table, and no sentence of a number is without."""
    told = [each for found in findings.values() for each in found if each.name in IN_TABLES]
    for finding in told:
        cells = [cell for row in finding.rows for cell in row]
        for sentence in finding.sentences:
            numbers = re.findall(r"([-+.\d]+) \(95 % interval ([-+.\d]+ to [-+.\d]+)\)", sentence)
            assert numbers or re.search(r"not identified|cannot be compared|no cluster is active", sentence), sentence
            for value, ends in numbers:
                assert f"{value} ({ends})" in cells or {value, ends} <= set(cells), sentence


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
    check_findings(findings_of(experiment, tmp_path / "out" / "runs.parquet"))
    assert page.count("data:image/png;base64,") == len(list((tmp_path / "out").glob("*.png"))) > 0
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
        check_effects(each, of_map, page)
        check_break_even(each, experiment, of_map, page)
        if len(each.arms) <= MOST_ARMS and not (each.is_grid and each.axes):
            sentences = told["answer"][each.name]
            for arm, sentence in zip(each.arms, sentences, strict=False):
                share = of_map[of_map["arm"] == arm.name]["active"].mean()
                assert f"P(active) = {share:.3f}" in sentence
    if experiment.expected is not None and experiment.expected.factor:
        verdict = told["answer"][experiment.expected.map][-1]
        assert re.match(r"This agrees with|This contradicts|Not identified", verdict)
        assert f"<strong>{verdict}</strong>" in page
    if experiment.expected is not None and experiment.expected.arm and experiment.replications >= FEWEST:
        of_map = table[table["map"] == experiment.expected.map]
        first = next(each for each in experiment.maps if each.name == experiment.expected.map).arms[0].name
        shares = of_map.groupby("arm")["active"].mean()
        change = shares[experiment.expected.arm] - shares[first]
        verdict = told["answer"][experiment.expected.map][-1]
        assert f"({change:+.3f}, 95 % interval" in verdict
        assert f"<strong>{verdict}</strong>" in page
    assert open_results(tmp_path / "out").record["name"] == path.stem
