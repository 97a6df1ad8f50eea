"""The command that takes one mechanism at a time out of the whole model."""

import json

import pytest
from typer.testing import CliRunner

from klastersim.analysis import knockouts
from klastersim.cli import app


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knockouts, "MONTHS", 40)


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["knockouts", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_a_table_for_each_place_tells_what_each_mechanism_does() -> None:
    code, table, told = run("external", "growth", "--runs", "2")
    assert code == 0
    text = " ".join(table.split())
    assert all(place in text for place in knockouts.PLACES)
    assert "turnover ends activity" in text
    assert "no difference" in text
    assert table.index("external") < table.index("growth")
    assert "12 of 12 runs" in told


def test_the_same_as_json_with_every_effect() -> None:
    code, text, _ = run("growth", "--runs", "3", "--json")
    assert code == 0
    told = json.loads(text)
    assert len(told["effects"]) == len(knockouts.PLACES) * len(knockouts.MEASURES)
    assert {each["mechanism"] for each in told["effects"]} == {"growth"}
    assert set(told["whole"]) == set(told["places"]) == set(knockouts.PLACES)
    for each in told["effects"]:
        assert each["low"] is None or each["low"] <= each["estimate"] <= each["high"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["growht"], 'Did you mean "growth"?'), (["nothing"], "one of cooperation"), (["--runs", "1"], "--runs")],
)
def test_what_cannot_be_done_is_refused_before_anything_is_run(arguments: list[str], message: str) -> None:
    code, text, told = run(*arguments)
    assert code == 2
    assert text == ""
    assert message in told
