"""Presets say of every value what stands behind it."""

import re
from pathlib import Path

import pytest

from klastersim.scenario import PRESETS, Scenario
from klastersim.scenario.catalogue import CATALOGUE
from klastersim.scenario.declaration import Evidence, Preset

EVIDENCE = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text(encoding="utf-8")
DOCUMENTED = ("jepara", "ceper", "cibaduyut", "tegal", "serenan", "bamboo")


@pytest.mark.parametrize("name", PRESETS)
def test_every_value_of_a_preset_has_a_grade_and_a_source_that_exists(name: str) -> None:
    preset = PRESETS[name]
    assert preset.title_id != preset.title
    for key, (grade, source) in preset.evidence.items():
        cited = re.findall(r"\bS\d+\b", source)
        assert all(f"| {each} |" in EVIDENCE for each in cited), key
        assert cited or grade == "A", key
        assert source.startswith("assumption: ") == (grade == "A"), key


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_file_of_a_preset_prints_its_own_grades_and_sources(name: str) -> None:
    preset = PRESETS[name]
    text = re.sub(r"\n#\s+", " ", Scenario.preset(name).to_toml())
    for key, (grade, source) in preset.evidence.items():
        value = next(line for line in text.splitlines() if CATALOGUE[key].help in line)
        assert f"Grade {grade}, " in value, key
        assert value.endswith(f"{source}."), key
    assert f"| `{name}` |" in EVIDENCE


def test_a_value_that_is_no_longer_the_preset_s_has_no_longer_its_source() -> None:
    changed = Scenario.preset("ceper").replace({"cluster.firms": 100}).to_toml()
    assert "S10: 295 firms" not in changed
    assert "S10: 4,872 workers / 295 firms" in changed


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_size_classes_have_the_mean_of_workers_that_the_source_gives(name: str) -> None:
    scenario = Scenario.preset(name)
    micro, small = scenario["cluster.micro_share"], scenario["cluster.small_share"]
    mean = micro * 2.5 + small * 12.0 + (1.0 - micro - small) * 59.5
    assert mean == pytest.approx(scenario["cluster.workers"], abs=0.01)


@pytest.mark.parametrize(("name", "firms", "workers"), [
    ("jepara", 12_000, 120_000),
    ("ceper", 295, 4_872),
    ("cibaduyut", 986, 6_300),
    ("tegal", 7_541, 36_200),
])  # fmt: skip
def test_a_documented_cluster_has_the_firms_and_workers_of_its_source(name: str, firms: int, workers: int) -> None:
    scenario = Scenario.preset(name)
    assert scenario["cluster.firms"] == firms
    assert firms * scenario["cluster.workers"] == pytest.approx(workers, rel=2e-3)
    assert f"{firms:,}" in EVIDENCE


def test_a_preset_whose_value_has_no_evidence_is_refused() -> None:
    words = {"name": "x", "title": "x", "title_id": "y"}
    with pytest.raises(ValueError, match=r"value without evidence, or evidence without value: ties\.trust"):
        Preset(**words, changes={"ties.trust": 0.5})
    with pytest.raises(ValueError, match="no grade or no source"):
        Preset(**words, changes={"ties.trust": 0.5}, evidence={"ties.trust": Evidence("E", "S1")})
