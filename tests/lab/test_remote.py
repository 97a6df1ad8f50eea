"""Results go to any URL that an installed driver reaches, and are fetched from there to go on from."""

from pathlib import Path
from typing import Any

import fsspec
import pytest
from typer.testing import CliRunner

from klastersim.cli import app
from klastersim.errors import InputError
from klastersim.lab.remote import Remote

TEXT = "months = 2\nreplications = 1\n[scenario]\ncluster.firms = 10\n[grid]\nties.trust = [0.3, 0.7]\n"


def call(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["sweep", "small.toml", "--workers", "1", *arguments])


def test_results_are_sent_to_a_url_and_found_there_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.toml").write_text(TEXT, encoding="utf-8")
    url = "memory://bucket/sent"
    done = call("--out", url)
    assert done.exit_code == 0, done.stderr
    files = fsspec.filesystem("memory")
    names = {path.rpartition("/")[2] for path in files.ls("/bucket/sent", detail=False)}
    assert names == {"runs.parquet", "summary.csv", "map.png", "map.svg", "provenance.json"}
    assert f"written: {url}/runs.parquet" in done.stdout
    assert not list(Path("results").iterdir()), "nothing is left here"
    again = call("--out", url)
    assert "All of it is there already." in again.stderr
    other = call("--out", url, "--set", "cluster.firms=12")
    assert other.exit_code == 2
    assert "scenario.cluster.firms differ" in other.stderr


@pytest.mark.parametrize(
    ("url", "words"), [("nosuch://bucket/x", "cannot be reached"), ("file:///proc/x", "cannot be")]
)
def test_a_url_that_cannot_be_used_is_refused_before_anything_is_run(url: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Remote(url)
