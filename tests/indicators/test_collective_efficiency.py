"""External economies and gains from joint action, bridging ties, productivity, and what public money was spent on."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klastersim import Scenario, simulate, twin
from klastersim.agents import SME, ClusterModel
from klastersim.engine.run import advance
from klastersim.engine.structure import structure_of
from klastersim.indicators.outcomes import active_anyway
from klastersim.rules.neighbours import external_saving, input_ratio
from klastersim.simulation import SPENT_ON
from klastersim.world.build import FIRST_ORDERS, build
from klastersim.world.ends import ties_of
from klastersim.world.layout import STRUCTURES, VACANT

LIVELY = Scenario.preset("sentra").replace(
    {
        "cluster.firms": 40,
        "ties.trust": 0.75,
        "start.kind": "cooperating",
        "market.potential": 8.0,
        "finance.working_capital": 3.0,
        "programme.start": 3,
        "programme.end": 20,
        "programme.budget": 400.0,
        "external.enabled": True,
    }
)


@given(st.floats(0.0, 1e4), st.floats(0.0, 0.9), st.floats(0.01, 1e3), st.floats(0.0, 1e3))
def test_each_further_neighbour_spares_less_and_all_together_no_more_than_the_ceiling(peers, ceiling, half, more):
    saving, larger = (external_saving(count, ceiling, half) for count in (peers, peers + more))
    assert 0.0 <= saving <= larger <= ceiling
    twice = external_saving(peers + 2.0 * more, ceiling, half)
    assert twice - larger <= larger - saving + 1e-12
    assert external_saving(half, ceiling, half) == pytest.approx(ceiling / 2.0)
    assert input_ratio(saving, saving) == 1.0


def test_who_has_no_neighbours_is_spared_nothing():
    assert external_saving(0.0, 0.05, 20.0) == 0.0


def test_while_nobody_comes_or_goes_external_economies_are_measured_and_move_nothing():
    on, off = (simulate(LIVELY.replace({"external.enabled": flag}), 30, 2) for flag in (True, False))
    for name in on.measures.dtype.names:
        if name != "external_economies":
            assert on.measures[name].tolist() == off.measures[name].tolist(), name
    assert (off.measures["external_economies"] == 0.0).all()
    assert (on.measures["external_economies"] > 0.0).all()


def test_inputs_cost_more_as_neighbours_leave_and_the_sum_spared_is_that_of_the_closed_form():
    scenario = LIVELY.replace({"growth.enabled": True, "growth.exit_hazard": 80.0, "growth.entry": 0.0})
    world, last = build([scenario], [1], months_kept=12), 0.0
    opening = scenario["local.price"] * scenario["local.input_share"]
    for month in range(1, 13):
        present = 40 - int(world.clusters["vacant"][0])
        world = advance(world, month)
        saving, before = (external_saving(float(n - 1), 0.05, 20.0) for n in (present, 40))
        price = float(world.clusters["input_price"][0])
        assert price == pytest.approx(opening * (1.0 - saving) / (1.0 - before))
        assert price >= last
        last = price
        now = external_saving(float((np.array(world.firms["standing"]) != VACANT).sum() - 1), 0.05, 20.0)
        spared = float(world.series["inputs"][0, month - 1]) * now / (1.0 - now)
        assert float(world.series["external_economies"][0, month - 1]) == pytest.approx(spared)
    assert last > opening


def test_events_and_neighbours_multiply_in_the_price_of_inputs():
    shock = [{"kind": "input_price", "month": 2, "until": 4, "factor": 1.5}]
    scenario = LIVELY.replace({"events": shock})
    world = build([scenario], [1])
    prices = []
    for month in range(1, 7):
        world = advance(world, month)
        prices.append(float(world.clusters["input_price"][0]) / float(world.clusters["opening_input_price"][0]))
    assert prices == pytest.approx([1.0, 1.5, 1.5, 1.5, 1.0, 1.0])


def test_the_gain_from_joint_action_is_what_firms_learn_of_and_nothing_where_nobody_cooperates():
    run = simulate(LIVELY, 40, 1)
    assert run.measures["joint_gain"].max() > 0.0
    alone = simulate(LIVELY.replace({"decision.enabled": False}), 40, 1)
    assert (alone.measures["joint_gain"] == 0.0).all()


def test_productivity_is_value_added_for_each_worker():
    run = simulate(LIVELY, 12, 1)
    assert run.measures["productivity"] == pytest.approx(run.measures["value_added"] / run.measures["jobs"])


def test_a_firm_is_known_while_half_of_what_an_order_adds_is_left():
    run = simulate(LIVELY, 60, 3)
    base, rise = LIVELY["market.linkage"], LIVELY["relations.rise"]
    known = np.array(run.world.relations) >= base + 0.5 * rise * (1.0 - base)
    large = LIVELY["market.large_firms"]
    last = run.measures[-1]
    assert last["bridging_large_firms"] == pytest.approx(known[:, :large].any(axis=1).mean())
    assert last["bridging_traders"] == pytest.approx(known[:, large:].any(axis=1).mean())
    assert 0.0 < last["bridging_large_firms"]
    assert run.measures["bridging_traders"][0] == 0.0, "nobody is known as it begins"
    forgotten = simulate(LIVELY.replace({"relations.enabled": False}), 30, 3).measures
    assert (forgotten["bridging_large_firms"] == 0.0).all()


TURNOVER = Scenario.preset("whole").replace(
    {"cluster.firms": 40, "growth.exit_hazard": 40.0, "groups.trust": 0.35, "ties.degree": 16}
)


def trusting(world, least):
    """The graph of ties of at least so much trust between firms that are there."""
    ties = ties_of(world)
    graph = nx.Graph(ties[["lower", "upper"]][ties["trust"] >= least].tolist())
    graph.remove_nodes_from(np.flatnonzero(world.firms["standing"] == VACANT).tolist())
    return graph


@pytest.mark.parametrize("scenario", [LIVELY, LIVELY.replace({"ties.degree": 20}), TURNOVER])
def test_clustering_of_trust_is_the_transitivity_of_the_graph_of_ties_that_bind(scenario):
    for seed in range(1, 5):
        run = simulate(scenario, 24, seed)
        graph = trusting(run.world, scenario["groups.trust"])
        assert run.trust_clustering == pytest.approx(nx.transitivity(graph))
        assert 0.0 < run.trust_clustering < 1.0
    assert scenario is not TURNOVER or (run.world.firms["standing"] == VACANT).any(), "sites stand empty"


def test_clustering_of_trust_is_not_defined_where_nobody_trusts_two():
    run = simulate(LIVELY.replace({"groups.trust": 1.0}), 1)
    assert max(dict(trusting(run.world, 1.0).degree).values(), default=0) < 2
    assert run.trust_clustering is None
    assert run.series["trust_clustering"].isna().all()


@pytest.mark.parametrize("driver", ["arrays", "agents"])
@pytest.mark.parametrize("scenario", [LIVELY, TURNOVER])
def test_the_structure_of_each_month_is_that_of_a_run_that_ends_then(scenario, driver):
    series = simulate(scenario, 14, 2, driver).series
    for month in range(1, 15):
        ended = simulate(scenario, month, 2)
        expected = [np.nan if ended.final[name] is None else ended.final[name] for name in STRUCTURES]
        np.testing.assert_array_equal(series.loc[month, list(STRUCTURES)], expected)


def test_the_structure_is_noted_where_rings_of_orders_are_made_anew_on_the_way():
    busy = LIVELY.replace({"market.potential": 60.0})
    run = simulate(busy, 12, 1)
    assert run.world.clusters[0].order_room > FIRST_ORDERS
    assert np.array_equal(run.structure[-1], structure_of(run.world)[0])


def test_the_structure_of_many_clusters_is_that_of_each():
    world = advance(build([LIVELY, TURNOVER], [1, 2]), 12)
    for c, (scenario, seed) in enumerate([(LIVELY, 1), (TURNOVER, 2)]):
        alone = structure_of(simulate(scenario, 12, seed).world)[0].tolist()
        np.testing.assert_array_equal(structure_of(world)[c].tolist(), alone)


def test_asking_for_the_structure_inside_a_month_changes_nothing():
    class Curious(SME):
        def carry(self):
            self.model.measure("trust_clustering")
            super().carry()

        def accepts(self, *arguments):
            self.model.measure("profit_gini")
            return super().accepts(*arguments)

    asked = simulate(TURNOVER, 6, 2, "agents", sme=Curious)
    assert asked.digest == simulate(TURNOVER, 6, 2).digest


def test_the_structure_is_that_of_the_files_that_were_read(tmp_path):
    path = tmp_path / "ties.csv"
    path.write_text("firm,partner,trust\n1,2,0.9\n2,3,0.9\n1,3,0.9\n", encoding="utf-8")
    scenario = LIVELY.replace({"ties.kind": "file", "ties.file": str(path)})
    run = simulate(scenario, 3)
    path.unlink()
    assert run.series["trust_clustering"].iloc[-1] == run.final["trust_clustering"]


def test_agents_tell_the_structure_of_the_last_month():
    model = ClusterModel(LIVELY, 3)
    assert np.isnan(model.measure("profit_gini"))
    model.step()
    ended = simulate(LIVELY, 1, 3).final
    assert [model.measure(name) for name in STRUCTURES] == [ended[name] for name in STRUCTURES]


@pytest.mark.parametrize("planned", [0.0, 0.6])
def test_public_cost_by_instrument_adds_up_to_the_whole(planned):
    run = simulate(LIVELY.replace({"plan.tailored": planned, "programme.arrears": 0.3}), 60, 1)
    spent = run.cost_by_instrument
    assert tuple(spent) == SPENT_ON
    assert sum(spent.values()) == pytest.approx(float(run.measures["public_cost"].sum()))
    assert min(spent[name] for name in ("training", "finance", "market", "trust")) > 0.0
    assert spent["equipment"] == 0.0
    assert (spent["planning"] > 0.0) == (planned > 0.0)


def test_leverage_is_told_for_each_public_rupiah_and_not_without_any():
    pair = twin(LIVELY, seed=1, months=40)
    found = pair.leverage
    gain = float(pair.with_.measures["value_added"][2:].sum() - pair.without.measures["value_added"][2:].sum())
    assert found.value_added == pytest.approx(gain / float(pair.with_.measures["public_cost"].sum()))
    assert found.coverage == pair.with_.final["supported"] > 0.0
    assert found.investment is None, "nobody invests where firms neither grow nor buy machines"
    grows = twin(LIVELY.replace({"growth.enabled": True}), seed=1, months=30).leverage
    assert grows.investment is not None
    assert twin(LIVELY.replace({"programme.budget": 0.0}), months=4).leverage is None


def test_the_share_of_active_clusters_that_are_active_anyway_has_an_exact_interval():
    found = active_anyway([1, 1, 1, 1, 0, 0], [1, 1, 1, 0, 1, 0])
    assert found.value == 0.75
    assert (found.low, found.high) == pytest.approx((0.1941, 0.9937), abs=1e-4)
    assert active_anyway([0, 0], [1, 1]) is None
