"""What a Mesa user expects of the model and its agents."""

import copy
import gc
import pickle
import weakref

import mesa
import numpy as np
import pytest

from klastersim import SME, ClusterModel, InputError, LargeFirm, LocalGovernment, Scenario, SupportBody, Trader
from klastersim.agents import run_agents
from klastersim.errors import KlastersimError
from klastersim.world.layout import MEASURES
from tests.parity.compare import by_arrays, case, differences

ACTIVE = case("active")


class Willing(SME):
    def decide(self):
        return True


class Frugal(SME):
    def household_draw(self):
        return 0.5 * super().household_draw()


class Trusting(SME):
    def trust_after(self, tie):
        return min(1.0, tie.trust + 0.01)


class Dreamer(SME):
    def expectation(self):
        return 0.3


class Untiring(SME):
    def reconsiders(self):
        return True


class Imitator(SME):
    """Does what most of its partners do: nothing but the attributes of agents is read."""

    def decide(self):
        partners = [partner for partner, _ in self.partners]
        return 2 * len([partner for partner in partners if partner.cooperates]) > len(partners)


class Careful(SME):
    def choose(self):
        super().choose()
        if self.working_capital < self.usual_capital:
            self.chooses = False


class Aspiring(SME):
    def trade(self):
        super().trade()
        self.quality_base = 0.9


def run(model, months):
    for _ in range(months):
        model.step()
    return model


@pytest.mark.parametrize("sme", [Willing, Frugal, Trusting, Dreamer, Untiring, Imitator, Careful, Aspiring])
def test_a_subclass_that_overrides_one_method_runs_and_changes_the_run(sme):
    model = run(ClusterModel(ACTIVE, seed=1, sme=sme), 6)
    assert differences(by_arrays(ACTIVE, 1, 6), model.world)
    assert set(map(type, model.smes)) == {sme}
    model.close()


def test_a_subclass_that_overrides_nothing_changes_nothing():
    class Same(SME):
        pass

    assert not differences(by_arrays(ACTIVE, 1, 13), run_agents(ACTIVE, 1, 13, sme=Same)[0])


def test_what_a_subclass_decides_is_what_compiled_settlements_see():
    model = run(ClusterModel(case("passive"), sme=Untiring), 1)
    before = model.measure("cooperating")
    model.close()
    willing = type("WillingAlways", (Willing, Untiring), {})
    model = run(ClusterModel(case("passive"), sme=willing), 1)
    assert before < 1.0
    assert model.measure("cooperating") == 1.0
    model.close()


def test_every_entity_is_an_agent_found_by_type():
    model = ClusterModel(Scenario.preset("sentra"))
    counts = {kind: len(model.agents_by_type[kind]) for kind in (SME, LargeFirm, Trader, LocalGovernment, SupportBody)}
    assert counts == {SME: 50, LargeFirm: 4, Trader: 2, LocalGovernment: 1, SupportBody: 6}
    assert len(model.agents) == sum(counts.values())
    assert isinstance(model, mesa.Model)
    model.close()


def test_agent_sets_select_get_set_and_aggregate_attributes():
    model = run(ClusterModel(ACTIVE), 3)
    smes = model.agents_by_type[SME]
    inside = smes.select(lambda sme: sme.cooperates)
    assert len(inside) == round(model.measure("cooperating") * len(smes))
    assert smes.get("quality") == model.world.firms["quality"].tolist()
    assert smes.agg("workers", max) == model.world.firms["workers"].max()
    smes.set("expected_gain", 0.25)
    assert (model.world.firms["expected_gain"] == 0.25).all()
    smes.shuffle_do("learn")
    assert (model.world.firms["expected_gain"] != 0.25).any()
    assert {sme.site for sme in inside} <= set(smes.get("site"))
    model.close()


@pytest.mark.parametrize("months", [1, 5])
def test_steps_count_months(months):
    model = run(ClusterModel(ACTIVE), months)
    assert model.steps == model.month == months
    model.close()


def test_a_model_runs_until_its_months_are_over():
    model = ClusterModel(ACTIVE, months=4)
    while model.running:
        model.step()
    assert model.month == 4
    model.close()


def test_a_model_goes_on_beyond_its_months_and_keeps_all_of_them():
    model = run(ClusterModel(ACTIVE, months=2), 30)
    assert not model.running
    series = by_arrays(ACTIVE, 1, 30).series
    for name in MEASURES:
        assert model.world.series[name][0, :30].tobytes() == series[name][0].tobytes()
    model.close()


def test_the_data_collector_holds_the_measures_of_every_month():
    model = run(
        ClusterModel(ACTIVE, model_reporters={"richest": lambda model: max(model.agents_by_type[SME].get("profit"))}), 5
    )
    frame = model.datacollector.get_model_vars_dataframe()
    series = by_arrays(ACTIVE, 1, 5).series[0]
    assert list(frame.columns) == [*MEASURES, "richest"]
    for name in MEASURES:
        assert frame[name].tolist() == series[name][:5].tolist()
    assert frame["richest"].iloc[-1] == model.world.firms["profit"].max()
    model.close()


def test_the_data_collector_reports_agents_where_asked():
    model = run(ClusterModel(ACTIVE, agenttype_reporters={SME: {"quality": "quality", "site": "site"}}), 2)
    frame = model.datacollector.get_agenttype_vars_dataframe(SME)
    assert len(frame) == 2 * len(model.smes)
    assert frame.loc[2]["quality"].tolist() == model.world.firms["quality"].tolist()
    model.close()


ATTRIBUTES = [name for name in vars(SME) if isinstance(vars(SME)[name], property) and name != "partners"]


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_attributes_are_views_that_read_and_where_they_can_write_the_arrays(name):
    model = run(ClusterModel(ACTIVE), 2)
    sme = model.smes[7]
    assert type(getattr(sme, name)) in (int, float, bool)
    assert vars(SME)[name].__doc__
    if name in model.world.firms.dtype.names:
        assert getattr(sme, name) == model.world.firms[name][7]
        if vars(SME)[name].fset:
            setattr(sme, name, np.float64(1.0) if type(getattr(sme, name)) is float else 1)
            assert model.world.firms[name][7] == 1
    model.step()
    model.close()


def test_what_is_written_to_an_attribute_the_next_month_reads():
    model = ClusterModel(case("all-know-all"))
    model.smes[3].cooperates = False
    assert model.world.clusters["cooperating"][0] == len(model.smes) - 1
    model.smes[4].workers = 500.0
    assert model.world.clusters["largest_workshop"][0] == 500.0
    model.smes[4].workers = 1.0
    assert model.world.clusters["largest_workshop"][0] == model.world.firms["workers"].max()
    model.close()


def test_partners_ascend_and_share_a_tie_seen_from_both_ends():
    model = run(ClusterModel(case("many-orders")), 8)
    assert len(model.ties) == model.world.clusters["ties"][0]
    assert len(model.ties) > ClusterModel(case("many-orders")).world.clusters["ties"][0], "no tie was formed"
    for sme in model.smes:
        sites = [partner.site for partner, _ in sme.partners]
        assert sites == sorted(set(sites))
        for partner, tie in sme.partners:
            assert set(tie.ends) == {sme, partner}
            assert (sme, tie) in partner.partners
            assert sme.trust_in(partner) == partner.trust_in(sme) == tie.trust
    assert model.smes[0].trust_in(model.smes[0]) is None
    model.close()


def test_where_everybody_knows_everybody_all_are_trusted_alike():
    model = ClusterModel(case("all-know-all"))
    one, other = model.smes[:2]
    assert one.partners == []
    assert one.trust_in(other) == 0.8
    assert one.trust_in(one) is None
    model.close()


def test_groups_hold_the_members_that_the_measures_count():
    model = ClusterModel(ACTIVE)
    for _ in range(4):
        model.step()
        assert len(model.groups) == model.measure("groups")
        assert max(map(len, model.groups), default=0) == model.measure("largest_group")
    model.close()


def test_buyers_remember_what_firms_relations_say():
    model = run(ClusterModel(case("many-orders")), 8)
    assert [buyer.number for buyer in model.buyers] == list(range(6))
    seen = [[sme.relation_with(buyer) for buyer in model.buyers] for sme in model.smes]
    assert seen == model.world.relations.tolist()
    assert any(buyer.trades_with(sme) for buyer in model.buyers for sme in model.smes)
    trader = model.traders[1]
    assert trader.relation_to(model.large_firms[2]) == model.world.trader_relations[0, 1, 2]
    trader.set_relation(model.smes[0], 0.75)
    assert model.world.relations[0, trader.number] == 0.75
    model.close()


def test_government_and_bodies_tell_where_the_money_is():
    model = run(ClusterModel(case("programme")), 1)
    assert model.government.budget == 0.0
    model.step()
    assert model.government.budget == pytest.approx(2000.0 / 12)
    assert model.government.public_cost > 0.0
    assert model.government.account < 0.0
    spent = -model.government.account
    left = [model.bodies[kind].money for kind in ("training", "finance", "market", "trust", "equipment")]
    assert spent + sum(left) == pytest.approx(model.government.budget)
    assert model.bodies["bank"].money == model.world.clusters["bank_account"][0]
    model.close()
    model = run(ClusterModel(case("programme").replace({"programme.enabled": False})), 2)
    assert model.government.budget == 0.0
    model.close()


def pickled(model):
    return pickle.loads(pickle.dumps(model))  # noqa: S301 - our own bytes


@pytest.mark.parametrize("copied", [copy.deepcopy, pickled])
def test_a_copied_model_goes_on_as_the_original_does(copied):
    model = run(ClusterModel(ACTIVE, months=8), 6)
    other = run(copied(model), 10)
    assert model.month == 6, "the copy stepped the original"
    run(model, 10)
    assert not differences(model.world, other.world)
    assert other.smes[3].model is other
    assert other.smes[3].quality == model.smes[3].quality
    assert other.datacollector.get_model_vars_dataframe().equals(model.datacollector.get_model_vars_dataframe())
    model.close()
    other.close()


def test_a_closed_model_is_freed():
    model = run(ClusterModel(ACTIVE), 2)
    gone = weakref.ref(model)
    model.close()
    del model
    gc.collect()
    assert gone() is None


def test_a_month_that_failed_is_not_gone_past():
    class Broken(SME):
        def trade(self):
            raise ZeroDivisionError

    model = ClusterModel(ACTIVE, sme=Broken)
    with pytest.raises(ZeroDivisionError):
        model.step()
    # Mesa 3.5 itself lets no step follow one that failed, and says nothing; this is what Mesa 3.3 calls.
    with pytest.raises(KlastersimError, match="build the model anew"):
        ClusterModel.step(model)
    model.close()


def test_no_site_can_be_removed_whoever_leaves_it():
    model = ClusterModel(ACTIVE)
    with pytest.raises(KlastersimError, match="leaves its site"):
        model.smes[0].remove()
    model.close()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scenario": "sentra"}, 'scenario = "sentra" is not a Scenario'),
        ({"seed": -1}, "seed = -1 is not a whole number from 0"),
        ({"seed": 2**63}, "is not a whole number from 0"),
        ({"seed": True}, "is not a whole number"),
        ({"seed": 1.5}, "seed = 1.5 is not a whole number"),
        ({"months": 0}, "months = 0 is not a whole number of at least 1"),
        ({"sme": mesa.Agent}, "is not SME or a subclass of it"),
        ({"sme": "SME"}, "is not SME or a subclass of it"),
    ],
)
def test_arguments_that_cannot_be_used_are_named(arguments, message):
    with pytest.raises(InputError) as caught:
        ClusterModel(**({"scenario": ACTIVE} | arguments))
    assert message in str(caught.value)


def test_an_unknown_measure_is_named_with_those_there_are():
    model = ClusterModel(ACTIVE)
    assert np.isnan(model.measure("trust"))
    with pytest.raises(InputError, match='name = "trsut" is not one of cooperating'):
        model.measure("trsut")
    model.close()


def test_chances_of_ones_own_do_not_depend_on_when_they_are_drawn():
    model = run(ClusterModel(ACTIVE), 2)
    first = [sme.chances(50_000, whom=1) for sme in model.smes]
    again = [sme.chances(50_000, whom=1) for sme in reversed(model.smes)][::-1]
    assert first == again
    assert len({number for pair in first for number in pair}) == 2 * len(first)
    model.close()
