"""Whole runs of the two drivers agree bit for bit."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from klastersim import Scenario, simulate
from klastersim.scenario.presets import PRESETS
from tests.parity.compare import CASES, Shuffled, by_agents, by_arrays, case, differences


@pytest.mark.parametrize("name", CASES)
def test_agents_visited_in_any_order_end_where_arrays_end(name):
    scenario = case(name)
    assert not differences(by_arrays(scenario, 7, 14), by_agents(scenario, 7, 14, Shuffled))


SMALL = [name for name in PRESETS if Scenario.preset(name)["cluster.firms"] <= 100]


@pytest.mark.parametrize("name", SMALL)
def test_presets_have_one_digest_whatever_the_driver(name):
    scenario = Scenario.preset(name)
    assert simulate(scenario, 26, seed=4, driver="agents").digest == simulate(scenario, 26, seed=4).digest


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(PRESETS) - set(SMALL)))
def test_presets_of_large_clusters_have_one_digest_whatever_the_driver(name):
    scenario = Scenario.preset(name)
    assert simulate(scenario, 12, seed=4, driver="agents").digest == simulate(scenario, 12, seed=4).digest


def test_the_programme_of_the_sentra_has_one_digest_whatever_the_driver():
    scenario = Scenario.preset("sentra").replace({"programme.start": 4, "programme.end": 12, "programme.budget": 700.0})
    for channel in ("individual", "group", "mixed"):
        changed = scenario.replace({"programme.channel": channel})
        assert simulate(changed, 26, driver="agents").digest == simulate(changed, 26).digest


def test_ties_and_thresholds_from_files_are_read_alike(tmp_path):
    ties, thresholds = tmp_path / "ties.csv", tmp_path / "thresholds.csv"
    ties.write_text(
        "firm,partner,trust\n" + "".join(f"{i},{i + 1},0.9\n" for i in range(9)) + "0,5,\n", encoding="utf-8"
    )
    thresholds.write_text("firm,threshold\n" + "".join(f"{i},{i % 3}\n" for i in range(10)), encoding="utf-8")
    scenario = Scenario.preset("sentra").replace(
        {
            "cluster.firms": 10,
            "ties.kind": "file",
            "ties.file": str(ties),
            "decision.rule": "threshold",
            "decision.threshold_measure": "count",
            "decision.threshold_file": str(thresholds),
        }
    )
    assert not differences(by_arrays(scenario, 1, 14), by_agents(scenario, 1, 14))


def test_rings_that_must_grow_grow_alike():
    changes = {"market.potential": 60.0, "market.linkage": 0.3, "cluster.quality": 0.8}
    scenario = case("many-orders").replace(changes)
    arrays, agents = by_arrays(scenario, 1, 8), by_agents(scenario, 1, 8)
    assert len(arrays.orders) > 16, "the ring did not grow"
    assert (len(arrays.orders), len(arrays.parts)) == (len(agents.orders), len(agents.parts))
    assert not differences(arrays, agents)


def test_the_largest_seed_is_a_seed_for_both():
    scenario = case("active")
    assert not differences(by_arrays(scenario, 2**63 - 1, 4), by_agents(scenario, 2**63 - 1, 4))


SHARES = st.floats(0.0, 1.0)

CHANGES = st.fixed_dictionaries(
    {
        "cluster.firms": st.integers(1, 25),
        "cluster.sizes": st.sampled_from(["classes", "equal"]),
        "ties.kind": st.sampled_from(["near", "random", "all"]),
        "ties.degree": st.floats(0.0, 12.0),
        "ties.trust": SHARES,
        "ties.most": st.integers(0, 12),
        "decision.rule": st.sampled_from(["logit", "threshold"]),
        "decision.threshold_measure": st.sampled_from(["count", "share"]),
        "decision.threshold_mean": st.floats(-1.0, 4.0),
        "decision.reconsider": SHARES,
        "decision.gain": st.floats(0.0, 20.0),
        "start.kind": st.sampled_from(["passive", "cooperating"]),
        "groups.minimum": st.integers(1, 6),
        "groups.meeting_days": st.floats(0.0, 25.0),
        "market.potential": st.floats(0.1, 20.0),
        "market.linkage": SHARES,
        "market.trader_share": st.floats(0.1, 0.9),
        "orders.schedule": st.integers(1, 5),
        "orders.payment_delay": st.integers(0, 3),
        "orders.default_rate": st.floats(0.0, 0.9),
        "local.elasticity": st.floats(0.1, 5.0),
        "local.cluster_share": SHARES,
        "purchase.enabled": st.booleans(),
        "purchase.ceiling": SHARES,
        "learning.trust_rise": SHARES,
        "learning.trust_fall": SHARES,
        "learning.base_learning": SHARES,
        "learning.gain_watch": SHARES,
        "finance.enabled": st.booleans(),
        "finance.working_capital": st.floats(0.0, 5.0),
        "finance.retention": SHARES,
        "bargaining.enabled": st.booleans(),
        "traders.enabled": st.booleans(),
        "market.trader_linkage": st.floats(0.0, 1.0),
        "buyers.unequal": st.booleans(),
        "buyers.schedule_spread": st.floats(0.0, 1.0),
        "principals.enabled": st.booleans(),
        "principals.number": st.integers(0, 4),
        "principals.prefinance": st.floats(0.0, 0.9),
        "contracts.enabled": st.booleans(),
        "contracts.dominance": st.floats(0.0, 0.2),
        "contracts.rate": SHARES,
        "contracts.share": SHARES,
        "functions.enabled": st.booleans(),
        "functions.training_cost": st.floats(0.0, 1.0),
        "functions.research_cost": st.floats(0.0, 1.0),
        "functions.technology_cost": st.floats(0.0, 1.0),
        "functions.training_dose": SHARES,
        "functions.machine_price": st.floats(0.0, 50.0),
        "functions.machine_months": st.integers(1, 10),
        "bodies.enabled": st.booleans(),
        "bodies.patience": st.integers(1, 5),
        "orders.quality_spread": SHARES,
        "programme.start": st.integers(1, 4),
        "programme.budget": st.floats(0.0, 3000.0),
        "programme.channel": st.sampled_from(["individual", "group", "mixed", "individual_first"]),
        "programme.individual_part": SHARES,
        "programme.finance_form": st.sampled_from(["loan", "transfer"]),
        "prices.group_ratio": st.floats(0.0, 3.0),
        "orders.size": st.floats(0.1, 3.0),
        "programme.selection": st.sampled_from(["random", "neediest", "promising"]),
        "capture.enabled": st.booleans(),
        "capture.share": SHARES,
        "external.enabled": st.booleans(),
        "types.kinds": st.sampled_from(["two", "four"]),
        "programme.equipment_share": SHARES,
        "mix.equipment": st.floats(0.0, 2.0),
    }
)


@settings(max_examples=25)
@given(changes=CHANGES, seed=st.integers(0, 2**63 - 1))
def test_any_scenario_ends_alike(changes, seed):
    if not (changes["functions.enabled"] and changes["bodies.enabled"]):
        changes = {**changes, "mix.equipment": 0.0}
    scenario = Scenario.preset("sentra").replace({"programme.end": 60} | changes)
    arrays = by_arrays(scenario, seed, 12)
    assert not differences(arrays, by_agents(scenario, seed, 12, Shuffled))
    assert not np.isnan(arrays.firms["working_capital"]).any()
