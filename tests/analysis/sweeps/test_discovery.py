"""Scenario discovery finds the region that was put there, and judges it on places that it did not see."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from klastersim.analysis.sweeps.cases import cases_of, quality_of
from klastersim.analysis.sweeps.discovery import discovery_of
from klastersim.cli import app
from klastersim.lab.design import Arm, Axis
from tests.analysis.sweeps.made import at_places, outcomes, sampled

ARMS = (Arm("none", "nothing", {}), Arm("large", "much", {}))
TRUST = Axis("ties.trust", (0.0, 1.0), "linear", "")
POTENTIAL = Axis("market.potential", (0.25, 16.0), "log", "")
QUALITY = Axis("cluster.quality", (0.0, 1.0), "linear", "")
KIND = Axis("ties.kind", ("near", "random"), "list", "")
PLACES = sampled("latin_hypercube", (TRUST, POTENTIAL, QUALITY, KIND), ARMS, samples=300, seed=1)


def passive_where(region) -> np.ndarray:
    """P(active) is 1 outside a region, under the second arm alone."""
    values = at_places(PLACES, lambda row: 0.0 if region(row) else 1.0, 2)
    values[0] = 0.0
    return values


@pytest.fixture(scope="module")
def found():
    return discovery_of(outcomes(PLACES, active=passive_where(lambda row: row["ties.trust"] < 0.5)), 0.9)


def test_the_box_has_the_edge_that_was_put_there(found) -> None:
    (limit,) = found.data.limits
    assert limit.axis.key == "ties.trust"
    assert limit.low == 0.0
    assert limit.high == pytest.approx(0.5, abs=0.06)
    assert "where mean trust (ties.trust) is at most 0.5" in found.sentences[1]


def test_its_quality_is_judged_on_every_third_place_kept_back(found) -> None:
    kept = found.data.kept_back
    assert kept.density.value > 0.9
    assert kept.coverage.value > 0.9
    assert kept.density.low < kept.density.value, "a hundred places leave something open"
    assert kept.places + found.data.learned.places < 200


def test_the_tree_asks_the_same_question(found) -> None:
    rules = [leaf.rule for leaf in found.data.leaves if leaf.passive]
    assert len(rules) == 1
    assert rules[0].startswith("ties.trust <= 0.")


def test_what_was_expected_of_an_axis_can_be_held_against_it(found) -> None:
    assert found.estimates["ties.trust"].high < 0.0
    assert found.estimates["cluster.quality"].low < 0.0 < found.estimates["cluster.quality"].high


def test_words_are_told_as_words() -> None:
    values = passive_where(lambda row: row["ties.kind"] == "random")
    found = discovery_of(outcomes(PLACES, active=values), 0.9)
    assert "ties (ties.kind) is random" in found.sentences[1]
    assert any("ties.kind is not near" in leaf.rule or "ties.kind is random" in leaf.rule for leaf in found.data.leaves)


def test_a_place_is_of_interest_only_if_no_arm_turns_half_of_its_runs_active() -> None:
    values = np.zeros((2, 300, 4))
    values[1, 0, :2] = 1.0
    values[1, 1, :1] = 1.0
    cases = cases_of(outcomes(PLACES, active=values))
    assert cases.passive.tolist()[:3] == [False, True, True]
    assert cases.kept_back.sum() == 100


def test_where_chance_alone_decides_no_region_holds_on_places_kept_back() -> None:
    """Seeded: rules made of noise are caught by the places that they did not see."""
    noise = np.random.default_rng(4).random((1, 300, 1)) < 0.5
    values = np.broadcast_to(noise, (2, 300, 2)).astype(float)
    found = discovery_of(outcomes(PLACES, active=values), 0.9)
    told = " ".join(found.sentences)
    assert "No region in which more do is identified." in told or "not surely better than none" in told


def test_too_few_of_a_kind_make_no_rules() -> None:
    found = discovery_of(outcomes(PLACES, active=np.zeros((2, 300, 2))), 0.9)
    assert found.data is None
    assert "Not identified: of 200 places 200 stay passive, too few of one kind for rules." in found.sentences


def test_coverage_and_density_are_shares_of_what_is_of_interest_and_of_what_is_covered() -> None:
    inside, passive = np.array([True, True, False, False, True]), np.array([True, True, True, True, False])
    found = quality_of(inside, passive)
    assert (found.coverage.value, found.density.value, found.places) == (0.5, pytest.approx(2 / 3), 3)


def test_what_is_not_installed_is_said_before_anything_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Modules imported meanwhile keep what they are given here: for all other libraries it has to find them.
    real = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ema_workbench" else real(name))
    monkeypatch.chdir(tmp_path)
    Path("a.toml").write_text(
        "[analysis]\nkind = 'discovery'\n[latin_hypercube]\nsamples = 4\nties.trust = 'evidence'\n"
    )
    done = CliRunner().invoke(app, ["sweep", "a.toml"])
    assert done.exit_code == 2
    assert "pip install 'klastersim[discovery]'" in done.stderr
    assert not Path("results").exists()
