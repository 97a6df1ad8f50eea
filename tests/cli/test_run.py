"""`klastersim run` and `presets`: what is printed, what is written, what is refused, and how it ends."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from klastersim.cli import app
from klastersim.indicators.state import STAGES
from klastersim.scenario import PRESETS, Scenario
from klastersim.scenario.catalogue import CATALOGUE
from klastersim.simulation import simulate, twin

HEAVY = ("matplotlib", "mesa", "numba", "numpy", "pandas", "pyarrow", "scipy")
#: What ``klastersim run --json`` prints.
KEYS = (
    "format scenario seed months driver state final funnel binding trust_clustering cost_by_instrument "
    "social_cost_by_instrument twin leverage deadweights firm_effects job_gain digest"
).split()

SMALL = ["--set", "cluster.firms=20", "--months", "12"]
COMMAND = [sys.executable, "-c", "from klastersim.cli import main; main()"]


def call(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


def test_importing_the_command_line_imports_nothing_slow() -> None:
    script = f"import sys, klastersim.cli; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("command", ["run", "presets", "sweep"])
def test_help_imports_nothing_slow(command: str) -> None:
    script = (
        "import sys\nfrom klastersim.cli import app\n"
        f"try: app({[command, '--help']})\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def test_the_version_is_shown() -> None:
    done = call("--version")
    assert done.exit_code == 0
    assert done.output.startswith("klastersim 0.")


def test_presets_are_listed_by_name_and_title() -> None:
    listed = json.loads(call("presets", "--json").stdout)
    assert listed == [{"name": preset.name, "title": preset.title} for preset in PRESETS.values()]
    assert all(preset.title in call("presets").stdout for preset in PRESETS.values())


def test_a_preset_written_as_a_file_is_the_preset(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(call("presets", "gap-skill", "--toml").stdout, encoding="utf-8")
    assert Scenario.load(tmp_path / "mine.toml") == Scenario.preset("gap-skill")


def test_a_complete_file_gives_every_value_its_unit_grade_and_source_or_assumption() -> None:
    text = call("presets", "sentra", "--toml").stdout
    comment: list[str] = []
    explained = {}
    section = ""
    for line in text.splitlines():
        if line.startswith("#"):
            comment.append(line.lstrip("# "))
            continue
        if line.startswith("["):
            section = line.strip("[]")
        elif " = " in line and section:
            explained[f"{section}.{line.partition(' = ')[0]}"] = " ".join(comment)
        comment = []
    assert set(explained) == set(CATALOGUE)
    for key, words in explained.items():
        declared = CATALOGUE[key]
        assert f" [{declared.unit}]: " in words if declared.unit else declared.label in words, key
        assert f"Grade {declared.grade}, " in words, key
        assert "assumption" in words if declared.grade == "A" else declared.source.split()[0] in words, key


def test_presets_speak_indonesian_where_asked(tmp_path: Path) -> None:
    listed = json.loads(call("presets", "--json", "--lang", "id").stdout)
    assert listed == [{"name": preset.name, "title": preset.title_id} for preset in PRESETS.values()]
    text = call("presets", "gap-skill", "--toml", "--lang", "id").stdout
    assert f"# Jumlah UKM [usaha]: {CATALOGUE['cluster.firms'].help_id}" in text
    assert f'title = "{PRESETS["gap-skill"].title_id}"' in text
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    assert Scenario.load(tmp_path / "mine.toml") == Scenario.preset("gap-skill")


def test_a_preset_written_as_tables_can_be_run_from_them(tmp_path: Path) -> None:
    done = call("presets", "gap-skill", "--csv", str(tmp_path / "own"))
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == f"Run it: klastersim run {tmp_path / 'own' / 'gap-skill.toml'}"
    here, there = (
        json.loads(call("run", name, "--months", "12", "--json").stdout)["digest"]
        for name in ("gap-skill", str(tmp_path / "own" / "gap-skill.toml"))
    )
    assert here == there
    assert call("presets", "gap-skill", "--csv", str(tmp_path / "own")).exit_code == 2


def test_what_a_table_leaves_open_is_told_beside_the_answer(tmp_path: Path) -> None:
    (tmp_path / "firms.csv").write_text("usaha;pekerja\nSari;3\nBudi;\n", encoding="utf-8")
    (tmp_path / "mine.toml").write_text('preset = "sentra"\n[cluster]\nfile = "firms.csv"\n', encoding="utf-8")
    done = call("run", str(tmp_path / "mine.toml"), "--months", "12", "--json")
    assert json.loads(done.stdout)["scenario"]["cluster"]["firms"] == 2
    assert "firms.csv: workers of 1 of 2 firms is drawn from cluster.micro_share = 0.75" in done.stderr


def test_a_preset_as_json_is_a_complete_scenario() -> None:
    told = json.loads(call("presets", "gap-skill", "--json").stdout)
    assert Scenario.from_dict(told) == Scenario.preset("gap-skill")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gap-skil"], ['presets: "gap-skil"', 'Did you mean "gap-skill"?']),
        ([""], ['presets: ""', 'one of "sentra"']),
        (["--toml"], ["--toml needs a preset"]),
        (["--csv", "out"], ["--csv needs a preset", "klastersim presets sentra --csv FOLDER"]),
        (["sentra", "--csv", "out", "--json"], ["--csv stands beside --json"]),
        (["sentra", "--csv", ""], ['--csv: "" names no folder']),
        (["--lang", "in"], ['--lang = "in" is not one of "en", "id"']),
        (["sentra", "--toml", "--json"], ["--toml stands beside --json"]),
    ],
)
def test_presets_that_do_not_exist_are_refused(arguments: list[str], words: list[str]) -> None:
    done = call("presets", *arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert all(word in done.stderr for word in words), done.stderr


def test_a_title_tells_what_was_set() -> None:
    assert "An evidence-based sentra, cluster.firms = 20\n20 firms" in call("run", *SMALL).stdout
    assert "Mine\n" in call("run", *SMALL, "--set", "title=Mine").stdout


def test_a_preset_without_toml_tells_what_it_changes() -> None:
    assert "cluster.quality = 0.3" in call("presets", "gap-skill").stdout


def test_json_is_one_object_with_the_promised_fields_and_nothing_else() -> None:
    done = subprocess.run([*COMMAND, "run", *SMALL, "--json"], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert list(told) == KEYS
    scenario = Scenario.preset("sentra").replace({"cluster.firms": 20})
    assert told["format"] == 1
    assert Scenario.from_dict(told["scenario"]) == scenario
    assert told["state"] == {"type": "artisanal", "active": False, "self_sustaining": None}
    run = simulate(scenario, 12, 1)
    assert told["digest"] == run.digest
    assert told["final"] == run.final
    assert told["funnel"] == run.funnel
    assert set(told["binding"]) == {"market", "trust", "skill", "capital"}
    pair = twin(scenario, 1, 12)
    assert told["twin"] == pair.difference
    assert told["trust_clustering"] == run.trust_clustering
    assert sum(told["cost_by_instrument"].values()) == pytest.approx(float(run.measures["public_cost"].sum()))
    assert told["social_cost_by_instrument"] == run.social_cost_by_instrument
    assert told["leverage"] == (asdict(pair.leverage) if pair.leverage else None)
    unknown = {"value_added": None, "jobs": None, "investment": None}
    assert (told["deadweights"], told["firm_effects"], told["job_gain"]) == (unknown, unknown, None)


def test_without_a_programme_there_is_no_twin() -> None:
    assert json.loads(call("run", *SMALL, "--json", "--set", "programme.enabled=false").stdout)["twin"] is None


def test_what_was_not_measured_is_null() -> None:
    told = json.loads(call("run", *SMALL, "--json", "--set", "market.potential=0").stdout)
    assert told["funnel"]["reached"] is None
    assert told["binding"]["market"] is None
    assert told["final"]["jobs"] is None


def test_the_page_names_state_funnel_and_programme() -> None:
    page = call("run", *SMALL, "--months", "132").stdout
    for words in ("The cluster is artisanal", "orders lost at", "Binding:", "Deadweight", "Public cost"):
        assert words in page


def test_the_tables_of_the_page_fit_into_eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = call("run", *SMALL, "--months", "132").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    for words in ("can some taker muster the capacity?", "Value added, mean of the last 12 months", "over time"):
        assert any(words in line for line in lines)
    start = next(number for number, line in enumerate(lines) if line.startswith("orders lost at"))
    stages = [line.split()[0] for line in lines[start + 1 : start + 1 + len(STAGES)]]
    assert stages == list(STAGES), "a line for each stage, none of them broken"


def test_the_page_copes_with_a_single_month_and_no_orders() -> None:
    done = call("run", "--months", "1", "--set", "market.potential=0")
    assert done.exit_code == 0
    assert "No outside order" in done.stdout


def test_without_out_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("run", *SMALL).exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_out_leaves_tables_figure_and_record(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "run"
    told = json.loads(call("run", *SMALL, "--seed", "3", "--json", "--out", str(out)).stdout)
    assert sorted(path.name for path in out.iterdir()) == [
        "figure.png", "firms.parquet", "provenance.json", "series.parquet"
    ]  # fmt: skip
    kept = json.loads((out / "provenance.json").read_text(encoding="utf-8"))
    assert kept["format"] == 1
    assert kept["digest"] == told["digest"]
    assert set(kept) == {"format", "digest", "record", "time", "command"}
    record = kept["record"]
    again = simulate(Scenario.from_dict(record["scenario"]), record["months"], record["seed"], record["driver"])
    assert again.digest == kept["digest"]
    pd.testing.assert_frame_equal(pd.read_parquet(out / "series.parquet"), again.series, check_index_type=False)
    assert len(pd.read_parquet(out / "firms.parquet")) == 20


def test_the_figure_carries_the_record(tmp_path: Path) -> None:
    from PIL import Image

    call("run", *SMALL, "--out", str(tmp_path / "run"))
    with Image.open(tmp_path / "run" / "figure.png") as image:
        held = json.loads(image.info["klastersim"])
        assert image.width >= 1200
    assert held == json.loads((tmp_path / "run" / "provenance.json").read_text(encoding="utf-8"))["record"]


def test_the_same_run_may_go_into_its_folder_again_but_no_other_may(tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "run")]
    assert call("run", *SMALL, *out).exit_code == 0
    assert call("run", *SMALL, *out).exit_code == 0
    other = call("run", *SMALL, *out, "--seed", "2", "--set", "ties.trust=0.7")
    assert other.exit_code == 2
    assert "scenario.ties.trust, seed differ" in other.stderr
    assert "--force" in other.stderr
    assert call("run", *SMALL, *out, "--seed", "2", "--force").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing"], ["nothing", "one of the presets", "sentra"]),
        (["sentr"], ['Did you mean "sentra"?']),
        (["missing.toml"], ["missing.toml: does not exist"]),
        (["--months", "0"], ["--months = 0", "from 1 to 1200"]),
        (["--months", "1201"], ["--months = 1201", "from 1 to 1200"]),
        (["--seed", "-1"], ["--seed = -1", "from 0 to"]),
        (["--seed", str(2**63)], ["--seed = 9223372036854775808"]),
        (["--driver", "agent"], ['--driver = "agent"', 'Did you mean "agents"?']),
        (["--set", "ties.trust=2"], ["--set: ties.trust = 2 is not a number from 0 to 1"]),
        (["--set", "ties.trust=nan"], ["ties.trust = nan"]),
        (["--set", "ties.trst=0.5"], ['Did you mean "ties.trust"?']),
        (["--set", "ties.trust"], ["key=value"]),
        (["--set", "ties.trust=0.5", "--set", "ties.trust=0.6"], ["ties.trust = 0.6 is given twice"]),
        (["--set", "cluster.firms=1000000000"], ["cluster.firms", "GiB"]),
        (["--set", "programme.start=90"], ["programme.end"]),
    ],
)
def test_bad_input_is_a_message_and_exit_code_two(arguments: list[str], words: list[str], tmp_path: Path) -> None:
    done = call("run", *arguments, "--out", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments", [["run", "--months", "many"], ["run", "--mnths", "3"], ["rnu"], ["presets", "-x"]]
)
def test_misused_options_are_exit_code_two(arguments: list[str]) -> None:
    assert call(*arguments).exit_code == 2


def test_verbose_shows_the_traceback_of_bad_input() -> None:
    done = subprocess.run([*COMMAND, "-v", "run", "nothing"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Traceback" in done.stderr


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        done = call("run", *SMALL, "--out", str(out))
        assert done.exit_code == 2
        assert "is no folder" in done.stderr


@pytest.mark.parametrize(
    ("out", "words"),
    [("", ["--out", "names no folder", "Write . for"]), ("x" * 5000, ["5,000 characters", "too long"]), ("\0", [])],
)
def test_a_folder_that_cannot_be_is_refused(
    out: str, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = call("run", *SMALL, "--out", out)
    assert done.exit_code == 2
    assert len(done.stderr) < 400
    assert all(word in done.stderr for word in words), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_looked_into_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *arguments: Any, **options: Any) -> Any:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "stat", refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    done = call("run", *SMALL, "--out", str(tmp_path / "closed" / "out"))
    monkeypatch.undo()
    assert done.exit_code == 2
    assert "may not be written by this user" in done.stderr


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = call("run", *SMALL, "--out", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert "may not be written" in done.stderr


def test_a_disk_that_fills_up_leaves_nothing_half_written(tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: the figure meets it, the tables do not."""
    done = subprocess.run(
        [*COMMAND, "run", *SMALL, "--out", str(tmp_path / "deep" / "out")],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )
    assert done.returncode == 2, done.stderr
    assert "figure.png: cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_an_interrupted_run_ends_at_once_and_writes_nothing(number: signal.Signals, code: int, tmp_path: Path) -> None:
    simulate(Scenario.preset("sentra"), 1)  # whatever must be compiled is
    large = ["--set", "cluster.firms=100000", "--months", "1200", "--out", str(tmp_path / "out")]
    process = subprocess.Popen(
        [*COMMAND, "run", *large],
        stderr=subprocess.PIPE,
        text=True,
        # Tests themselves may run where signals are ignored, which a run would respect.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )
    while not list(tmp_path.glob("out/.unfinished-*")):
        time.sleep(0.05)
        assert process.poll() is None
    time.sleep(0.5)
    process.send_signal(number)
    _, told = process.communicate(timeout=20)
    assert process.returncode == code
    assert "Nothing was written." in told
    assert list(tmp_path.iterdir()) == []
