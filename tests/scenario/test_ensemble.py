"""An ensemble is another sentra for every seed, within what the evidence leaves open."""

import tomllib

import numpy as np
import pytest
from scipy import stats

from klastersim.errors import InputError
from klastersim.scenario import Scenario
from klastersim.scenario.catalogue import CATALOGUE
from klastersim.scenario.ensemble import LARGER, drawn_keys, one_of
from klastersim.scenario.places import PLACES, SIZES

#: False alarm of each statistical test below.
CHANCE = 1e-4

ENSEMBLE = Scenario.preset("ensemble")
SEEDS = 600


@pytest.fixture(scope="module")
def drawn() -> list[Scenario]:
    return [one_of(ENSEMBLE, seed) for seed in range(SEEDS)]


def values(drawn: list[Scenario], key: str) -> np.ndarray:
    return np.array([scenario[key] for scenario in drawn], float)


@pytest.mark.parametrize("key", PLACES)
def test_what_places_differ_in_is_drawn_within_its_range(key: str, drawn: list[Scenario]) -> None:
    declared = CATALOGUE[key]
    assert declared.range is not None
    low, high = declared.range
    found = values(drawn, key)
    assert found.min() >= low
    assert found.max() <= high
    assert len(np.unique(found)) >= min(5, high - low + 1)
    assert declared.kind != "lever"


def test_a_seed_draws_one_sentra_and_another_seed_another(drawn: list[Scenario]) -> None:
    assert one_of(ENSEMBLE, 7) == drawn[7]
    assert len(set(drawn)) == SEEDS
    assert one_of(drawn[7], 8) == drawn[7]


def test_sizes_are_lognormal_about_the_median_and_cut_at_the_ends(drawn: list[Scenario]) -> None:
    firms = values(drawn, "cluster.firms")
    assert stats.binomtest(int((firms < 50).sum() + (firms == 50).sum() // 2), SEEDS, 0.5).pvalue > CHANCE
    assert stats.binomtest(int((firms == 300).sum()), SEEDS, LARGER).pvalue > CHANCE
    inside = np.log(firms[(firms > 20) & (firms < 300)])
    spread = np.log(300 / 50) / stats.norm.ppf(1.0 - LARGER)
    low, high = ((np.log(end) - np.log(50)) / spread for end in (20.5, 300))
    cut = stats.truncnorm(low, high, loc=np.log(50), scale=spread)
    assert stats.kstest(inside, cut.cdf).pvalue > CHANCE


def test_a_linear_range_is_drawn_evenly_and_one_over_decades_by_its_logarithm(drawn: list[Scenario]) -> None:
    low, high = CATALOGUE["ties.trust"].range or (0, 0)
    assert stats.kstest(values(drawn, "ties.trust"), "uniform", (low, high - low)).pvalue > CHANCE
    low, high = np.log(CATALOGUE["market.linkage"].range or (1, 1))
    assert stats.kstest(np.log(values(drawn, "market.linkage")), "uniform", (low, high - low)).pvalue > CHANCE


def test_what_is_drawn_is_independent_of_the_rest(drawn: list[Scenario]) -> None:
    keys = ("cluster.firms", "ties.trust", "market.potential", "finance.working_capital")
    for place, one in enumerate(keys):
        for other in keys[place + 1 :]:
            assert stats.spearmanr(values(drawn, one), values(drawn, other)).pvalue > CHANCE / 6


def test_the_size_classes_have_the_mean_that_is_drawn(drawn: list[Scenario]) -> None:
    micro, small = (values(drawn, key) for key in SIZES)
    mean = 2.5 * micro + 12.0 * small + 59.5 * (1.0 - micro - small)
    assert np.abs(mean - values(drawn, "cluster.workers")).max() < 0.01


def test_what_is_drawn_can_be_asked_for_before_a_seed_draws_it(drawn: list[Scenario]) -> None:
    assert drawn_keys(ENSEMBLE) == {*PLACES, *SIZES}
    assert drawn_keys(ENSEMBLE.replace({"ties.trust": 0.5})) == {*PLACES, *SIZES} - {"ties.trust"}
    assert drawn_keys(drawn[0]) == drawn_keys(Scenario.preset("sentra")) == frozenset()


def test_nothing_else_is_drawn(drawn: list[Scenario]) -> None:
    sentra = Scenario.preset("sentra")
    assert all(set(scenario.differences(sentra)) <= {*PLACES, *SIZES} for scenario in drawn[:50])
    assert one_of(sentra, 3) is sentra


@pytest.mark.parametrize("value", [0.7, 0.5])
def test_what_a_scenario_says_is_held_even_at_the_default_and_moves_nothing_else(value: float) -> None:
    said = ENSEMBLE.replace({"ties.trust": value})
    assert said["ensemble.held"] == "ties.trust"
    for seed in range(5):
        there, here = one_of(ENSEMBLE, seed), one_of(said, seed)
        assert here["ties.trust"] == value
        assert set(here.differences(there)) == {"ties.trust"}


def test_a_file_on_the_preset_holds_what_it_says() -> None:
    read = Scenario.from_dict({"preset": "ensemble", "ties": {"trust": 0.5}, "cluster": {"firms": 30}})
    assert {one_of(read, seed)["cluster.firms"] for seed in range(5)} == {30}
    assert {one_of(read, seed)["ties.trust"] for seed in range(5)} == {0.5}


def test_a_complete_file_means_the_same_ensemble() -> None:
    said = ENSEMBLE.replace({"ties.trust": 0.5, "programme.budget": 100.0})
    again = Scenario.from_dict(tomllib.loads(said.to_toml()))
    assert again == said
    assert one_of(again, 4) == one_of(said, 4)
    edited = tomllib.loads(ENSEMBLE.to_toml())
    edited["market"]["potential"] = 9.0
    assert one_of(Scenario.from_dict(edited), 4)["market.potential"] == 9.0


def test_a_programme_leaves_the_sentra_as_it_is() -> None:
    without = ENSEMBLE.replace({"programme.enabled": False})
    assert set(one_of(without, 5).differences(one_of(ENSEMBLE, 5))) == {"programme.enabled"}


def test_a_table_of_firms_tells_how_many_there_are() -> None:
    tables = {"preset": "ensemble", "cluster.file": "firms.csv"}
    scenario = Scenario.from_dict(tables, contents={"firms.csv": b"workers\n1\n2\n3\n"})
    assert {one_of(scenario, seed)["cluster.firms"] for seed in range(5)} == {3}
    assert one_of(scenario, 1).own.firms is not None


def test_no_fewer_firms_are_drawn_than_are_held_in() -> None:
    scenario = ENSEMBLE.replace({"start.held": 45})
    assert min(one_of(scenario, seed)["cluster.firms"] for seed in range(30)) == 45


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ensemble.held": "ties.trust"}, "is not used by ensemble.unequal = false"),
        ({"ensemble.unequal": True, "ensemble.held": "ties.trst"}, 'Did you mean "ties.trust"?'),
        ({"ensemble.unequal": True, "ensemble.held": "qqq"}, "Drawn are cluster.firms"),
    ],
)
def test_a_list_of_what_is_held_that_makes_no_sense_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(InputError) as caught:
        Scenario.preset("sentra").replace(changes)
    assert words in str(caught.value)
