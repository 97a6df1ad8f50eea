"""The page on one's own cluster: its files are read, its commands run, its output is what they print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from klastersim.cli import app
from klastersim.errors import InputError
from klastersim.scenario import Scenario
from klastersim.scenario.tables.firms import COLUMNS, MEASURES, MOST_FIRMS, read_firms
from klastersim.scenario.tables.sheet import MOST_BYTES
from klastersim.scenario.tables.ties import MOST_TIES

PAGE = (Path(__file__).parents[2] / "docs" / "your-own-cluster.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def files(kind: str) -> list[tuple[str, str]]:
    return [(name, text) for language, name, text in BLOCKS if language == kind]


OUTPUTS = [text for _, text in files("text")]
COMMANDS = [command for _, text in files("sh") for command in text.splitlines()]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in [*files("csv")[:2], *files("toml")]:
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_command_of_the_page_runs_and_says_what_the_page_says(folder: Path) -> None:
    assert COMMANDS == ["klastersim presets sentra --csv mine", "klastersim run mine.toml --months 60"]
    for command in COMMANDS:
        done = CliRunner().invoke(app, command.split()[1:])
        assert done.exit_code == 0, done.output
    told = [line for line in done.stderr.splitlines() if line.startswith(("firms.csv", "ties.csv"))]
    assert told == OUTPUTS[0].splitlines()
    assert "Eight furniture workshops\n8 firms, 60 months" in done.stdout
    assert {path.name for path in (folder / "mine").iterdir()} == {"firms.csv", "ties.csv", "sentra.toml"}


def test_the_example_is_the_cluster_of_the_page(folder: Path) -> None:
    own = Scenario.load(folder / "mine.toml").own
    assert own.firms is not None
    assert own.ties is not None
    assert own.firms.names[:3] == ("Pak Budi", "Bu Ratna", "Mebel Tono")
    assert own.firms.values["working_capital"][1] == 6.5
    assert len(own.ties) == 8


def test_wrong_tables_are_answered_as_the_page_says() -> None:
    wrong = [text for name, text in files("csv") if name == "wrong.csv"]
    assert len(wrong) == len(OUTPUTS) - 1 == 2
    for text, answer in zip(wrong, OUTPUTS[1:], strict=True):
        with pytest.raises(InputError) as caught:
            read_firms("wrong.csv", text.encode())
        assert str(caught.value) == answer.strip()


def test_every_column_stands_in_the_page_with_its_bounds() -> None:
    rows = {row[0]: row for row in re.findall(r"^\| `(\w+)` \| `(\w+)` \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)}
    assert [(name, row[1]) for name, row in rows.items()] == [(each.name, each.indonesian) for each in COLUMNS]
    for measure in MEASURES:
        row = rows[measure.column.name]
        assert all(f"`{source}`" in row[3] for source in measure.sources)
    for most in (MOST_FIRMS, MOST_TIES):
        assert f"{most:,}" in PAGE
    assert f"{MOST_BYTES // 1_000_000} MB" in PAGE


def test_the_python_of_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    ((_, code),) = files("python")
    space: dict[str, object] = {}
    exec(code, space)  # noqa: S102
    assert "firms.csv: quality untuk 3 dari 3 usaha diundi dari cluster.quality = 0.5" in capsys.readouterr().out
    assert len(space["run"].firms) == 3  # type: ignore[attr-defined]
