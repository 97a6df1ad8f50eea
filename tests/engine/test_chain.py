"""R3 and R5: specialisation and trade between stages against a plain version, and in balance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from klastersim import InputError, Scenario, simulate
from klastersim.agents import ClusterModel
from klastersim.agents.month import MONTH
from klastersim.analysis.patterns.balance import goods, money
from klastersim.engine.chain import divide_work, trade_between_stages
from klastersim.engine.measuring import open_books
from klastersim.engine.run import advance, scratch_for
from klastersim.engine.trading import clear_market
from klastersim.rules.learning import DEFAULTED, TRADED
from klastersim.rules.specialisation import division_effect
from klastersim.world.build import build
from klastersim.world.ends import ties_of
from klastersim.world.layout import VACANT
from tests.engine.plain_chain import divided, traded

CHAIN = {
    "cluster.firms": 30,
    "chain.enabled": True,
    "chain.opening_share": 0.8,
    "orders.default_rate": 0.2,
    "ties.trust": 0.7,
    "start.kind": "cooperating",
}


def chain(**changes):
    return Scenario.preset("sentra").replace(CHAIN | {key.replace("__", "."): each for key, each in changes.items()})


@pytest.mark.parametrize("seed", [1, 2])
def test_work_and_trade_are_those_of_the_plain_version(seed):
    model = ClusterModel(chain(), seed)
    firms = model.world.firms
    scenario = model.config
    traded_ever = failed_ever = 0
    for month in range(1, 7):
        model.state.keep_month(month)
        for phase in MONTH:
            before = np.array(model.world.tie_events)
            model.perform(phase, month)
            workers = {i: float(firms["workers"][i]) for i in range(30)}
            stages = {i: int(firms["stage"][i]) for i in range(30)}
            if phase.kernel is divide_work:
                partners = {}
                ties = ties_of(model.world)
                for k in range(int(model.world.clusters[0].ties)):
                    a, b = int(ties["lower"][k]), int(ties["upper"][k])
                    both = firms["specialised"][a] and firms["specialised"][b]
                    if both and abs(stages[a] - stages[b]) == 1 and ties["trust"][k] >= scenario["chain.trust"]:
                        partners[a, b] = not model.world.tie_events[k] & TRADED
                        assert partners[a, b] == bool(model.world.tie_events[k] & DEFAULTED & ~before[k])
                    else:
                        assert not model.world.tie_events[k] & TRADED
                gain, loss = scenario["chain.matched_gain"], scenario["chain.unmatched_loss"]
                matched, effect, work = divided(workers, stages, partners, gain, loss)
                for i in range(30):
                    assert model.smes[i].matched == pytest.approx(matched[i])
                    expected = effect[i] if firms["specialised"][i] else 0.0
                    assert firms["division"][i] == pytest.approx(expected, abs=1e-7)
                traded_ever += len(work)
                failed_ever += sum(partners.values())
            elif phase.kernel is clear_market:
                output = {i: model.smes[i].local_output() for i in range(30)}
                price = float(model.world.clusters[0].price)
            elif phase.kernel is trade_between_stages:
                net, received, paid, sold, bought = traded(work, workers, stages, output, price)
                for i, sme in enumerate(model.smes):
                    assert sme.stage_volume == pytest.approx(net[i], abs=1e-12)
                    assert sme.stage_income == pytest.approx(received[i], abs=1e-12)
                    assert sme.stage_bought == pytest.approx(paid[i], abs=1e-12)
                assert {stage + 1: volume for stage, volume in sold.items()} == pytest.approx(bought)
                assert sum(sme.stage_volume for sme in model.smes) == pytest.approx(0.0, abs=1e-9)
    model.close()
    assert min(traded_ever, failed_ever) > 0


@pytest.mark.parametrize("partner", ["trusted", "loyal"])
@settings(max_examples=6, deadline=None)
@given(st.data())
def test_money_and_goods_balance_with_a_value_chain(partner, data):
    scenario = chain(
        trade__partner=partner,
        chain__stages=data.draw(st.integers(1, 5)),
        specialisation__reconsider=data.draw(st.floats(0.0, 1.0)),
        finance__enabled=data.draw(st.booleans()),
        functions__enabled=data.draw(st.booleans()),
        contracts__enabled=data.draw(st.booleans()),
        market__potential=data.draw(st.floats(0.0, 15.0)),
    )
    world = build([scenario], [data.draw(st.integers(0, 1000))])
    opening = money(world)
    for month in range(1, 13):
        world = advance(world, month)
        assert money(world) == pytest.approx(opening, rel=1e-9, abs=1e-6)
        assert goods(world) == pytest.approx(0.0, abs=1e-6)


def test_a_chain_in_which_nobody_specialises_changes_nothing():
    changes = {"chain.opening_share": 0.0, "specialisation.reconsider": 0.0}
    on, off = (simulate(chain().replace({"chain.enabled": flag, **changes}), 36, 2).series for flag in (True, False))
    assert on.drop(columns="stage_bridges").equals(off.drop(columns="stage_bridges"))
    assert off[["specialised", "matched", "stage_trade", "stage_bridges"]].to_numpy().max() == 0.0


def test_specialising_without_partners_loses_and_with_them_gains():
    frozen = {"specialisation__reconsider": 0.0, "chain__opening_share": 1.0, "orders__default_rate": 0.0}
    lonely = simulate(chain(chain__stages=1, **frozen), 3, 1)
    alike = chain(cluster__sizes="equal", ties__degree=10.0, ties__trust=0.9, chain__stages=2, **frozen)
    many = simulate(alike, 3, 1)
    assert (lonely.world.firms["division"] == np.float32(-0.1)).all()
    assert many.series["matched"].iloc[-1] > 0.5
    assert many.world.firms["division"].mean() > 0.0


def test_the_effect_runs_from_the_loss_to_the_gain():
    assert division_effect(0.0, 0.2, 0.1) == -0.1
    assert division_effect(1.0, 0.2, 0.1) == 0.2
    assert division_effect(0.5, 0.1, 0.1) == pytest.approx(0.0)


def test_the_stage_of_a_table_is_the_firms_and_what_is_missing_is_drawn(tmp_path):
    (tmp_path / "own.csv").write_text("firm,stage\nA,2\nB,\nC,7\nD,1\n", encoding="utf-8")
    changes = {"cluster.file": "own.csv", "chain.enabled": True, "chain.stages": 3}
    scenario = Scenario.preset("sentra").replace(changes, folder=tmp_path)
    stages = simulate(scenario, 1, 4).firms["stage"].tolist()
    assert [stages[0], stages[2], stages[3]] == [2, 7, 1]
    assert 1 <= stages[1] <= 3


def test_a_chain_where_everybody_knows_everybody_is_refused():
    with pytest.raises(InputError, match=r"chain\.enabled"):
        chain(ties__kind="all")


@pytest.mark.parametrize("partner", ["trusted", "loyal"])
def test_a_firm_that_closed_is_no_specialised_partner_any_more(partner):
    changes = {"growth__enabled": True, "growth__exit_hazard": 60.0, "growth__entry": 0.0, "trade__partner": partner}
    world = advance(build([chain(chain__opening_share=1.0, specialisation__reconsider=0.0, **changes)], [1]), 8)
    gone = np.array(world.firms["standing"]) == VACANT
    assert 0 < gone.sum() < 30
    # Partners would see that it gains nothing, and its goods of the month before would be paid by nobody.
    for name in ("specialised", "division", "visitors"):
        assert not np.array(world.firms[name])[gone].any(), name
    assert np.array(world.firms["specialised"])[~gone].all()


def test_a_partner_fails_by_the_hard_default_at_the_trust_of_the_tie():
    alike = {"cluster__firms": 300, "ties__degree": 10.0, "ties__trust": 0.7, "ties__concentration": 1e4}
    scenario = chain(chain__opening_share=1.0, specialisation__reconsider=0.0, **alike)
    world = build([scenario], [3])
    scratch = scratch_for(world)
    open_books(world, scratch, 0)
    failed = held = 0
    for month in range(1, 6):
        world.tie_events[:] = 0
        divide_work(world, scratch, 0, month)
        events = np.array(world.tie_events)
        failed += int((events & DEFAULTED != 0).sum())
        held += int((events & TRADED != 0).sum())
    expected = 4.0 * scenario["orders.default_rate"] * (1.0 - 0.7) ** 2
    assert held > 2_000
    assert stats.binomtest(failed, failed + held, expected).pvalue > 1e-4
