"""The command that tests the patterns."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from klastersim.analysis.patterns import patterns
from klastersim.cli import app

#: One look and nothing else: 16 stands for what remains where cooperation brings nothing.
FEW = patterns(16)[:1]


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klastersim.analysis.patterns.PATTERNS", FEW)


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["patterns", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_a_table_tells_each_claim_with_its_interval_and_its_share_of_draws() -> None:
    code, table, told = run("--draws", "2")
    assert code == 0
    assert "holds in 2 draws" in " ".join(table.split())
    assert "16 fixed point" in table
    assert "pattern 16 fixed point: held" in told
    assert "2 of 2 draws" in told


def test_the_same_as_json_and_as_a_page(tmp_path: Path) -> None:
    code, text, _ = run("16", "--draws", "0", "--json", "--page", str(tmp_path / "page.md"))
    assert code == 0
    (found,) = json.loads(text)["patterns"]
    assert (found["pattern"], found["verdict"], found["draws"]) == (16, "held", None)
    assert found["low"] <= found["estimate"] <= found["high"]
    assert "## 16 What remains" in (tmp_path / "page.md").read_text(encoding="utf-8")


def test_the_same_looks_can_be_taken_at_another_scenario() -> None:
    code, text, _ = run("--draws", "0", "--preset", "whole", "--set", "growth.exit_hazard=0", "--json")
    assert code == 0
    (found,) = json.loads(text)["patterns"]
    assert found["name"] == "fixed point, preset whole, growth.exit_hazard = 0.0"
    (default,) = json.loads(run("--draws", "0", "--json")[1])["patterns"]
    assert found["estimate"] != default["estimate"]


def test_draws_are_kept_in_a_folder(tmp_path: Path) -> None:
    code, _, _ = run("--draws", "2", "--out", str(tmp_path / "kept"))
    assert code == 0
    assert (tmp_path / "kept" / "draws.csv").read_text().splitlines() == ["draw,16 fixed point", "1,held", "2,held"]
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["draws.csv"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["99"], "99 is not one of 16"),
        (["--draws", "-1"], "--draws"),
        (["--preset", "whol"], 'Did you mean "whole"?'),
        (["--set", "growth.exit_hazard=200"], "growth.exit_hazard"),
        (["--page", ""], "folder that exists"),
        (["--page", "nowhere/page.md"], "folder that exists"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is_run(arguments: list[str], message: str) -> None:
    code, text, told = run(*arguments)
    assert code == 2
    assert text == ""
    assert message in told
