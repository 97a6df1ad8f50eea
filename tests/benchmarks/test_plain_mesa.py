"""The baseline of the benchmark is the same model: its runs are alike those of the engine, in distribution.

A run gives one number for each measure, its mean over the months, and runs are independent; so Welch's test compares
the means of two sets of runs. Its false-alarm rate is at most 0.001 over all claims of likeness together. Looks that
must find a difference, with one mechanism changed in the baseline alone, show what this margin still sees.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from klastersim import Scenario, simulate
from tests.benchmarks import plain_mesa

ALPHA = 0.001
MONTHS, PLAIN_RUNS, ENGINE_RUNS = 36, 12, 48

#: Three clusters: as it is; where nearly everybody starts in groups; with a programme from the first month.
CLUSTERS = {
    "default": {},
    "cooperating": {"ties.trust": 0.8, "start.kind": "cooperating"},
    "supported": {"programme.start": 1, "programme.end": 36, "programme.budget": 300.0},
}
MEASURES = ("trust", "cooperating", "acting", "quality", "taken", "due", "price")


def scenario(name, **changes):
    return Scenario.preset("sentra").replace({**CLUSTERS[name], **changes})


def plain_runs(chosen):
    """Means over the months of each measure, by run of the baseline."""
    runs = [plain_mesa.run(chosen, seed, MONTHS).datacollector.model_vars for seed in range(PLAIN_RUNS)]
    return {name: [np.mean(run[name]) for run in runs] for name in MEASURES}


def engine_runs(chosen):
    """The same, by run of the engine."""
    runs = [simulate(chosen, MONTHS, seed).measures for seed in range(ENGINE_RUNS)]
    return {name: [run[name].mean() for run in runs] for name in MEASURES}


@pytest.fixture(scope="module")
def engine():
    return {name: engine_runs(scenario(name)) for name in CLUSTERS}


def unlike(runs, others):
    """Measures whose means differ by more than chance allows."""
    alpha = ALPHA / (len(CLUSTERS) * len(MEASURES))
    return [name for name in MEASURES if stats.ttest_ind(runs[name], others[name], equal_var=False).pvalue < alpha]


@pytest.mark.parametrize("name", CLUSTERS)
def test_the_baseline_runs_like_the_engine(engine, name):
    assert unlike(plain_runs(scenario(name)), engine[name]) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "change", "seen"),
    [
        ("cooperating", {"learning.trust_rise": 0.0}, "trust"),
        ("cooperating", {"decision.trust": 0.0}, "cooperating"),
        ("cooperating", {"purchase.enabled": False}, "acting"),
        ("cooperating", {"orders.default_rate": 0.2}, "taken"),
        ("default", {"local.elasticity": 6.0}, "price"),
        ("supported", {"programme.training_dose": 0.05}, "quality"),
    ],
)
def test_a_mechanism_that_differed_in_the_baseline_would_be_seen(engine, name, change, seen):
    assert seen in unlike(plain_runs(scenario(name, **change)), engine[name])


def test_money_is_conserved_in_the_baseline():
    hard = scenario(
        "cooperating",
        **{
            "programme.start": 1,
            "programme.budget": 600.0,
            "programme.channel": "mixed",
            "programme.arrears": 0.3,
            "finance.working_capital": 0.4,
            "orders.default_rate": 0.2,
            "market.potential": 12.0,
        },
    )
    model = plain_mesa.run(hard, 1, MONTHS)
    opened = sum(sme.usual_capital for sme in model.smes)
    assert all(model.accounts.values())
    assert sum(sme.working_capital for sme in model.smes) + sum(model.accounts.values()) == pytest.approx(opened)


def test_a_seed_fixes_a_run_of_the_baseline():
    first, again, other = (plain_mesa.run(scenario("default"), seed, 12).datacollector.model_vars for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_the_baseline_refuses_what_it_leaves_out():
    with pytest.raises(ValueError, match="ties"):
        plain_mesa.run(scenario("default", **{"ties.kind": "all"}), 1, 1)
