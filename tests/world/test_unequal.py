"""Clusters of an ensemble are those that their seeds draw, whoever builds them."""

import numpy as np

from klastersim import ClusterModel, Scenario, simulate, twin
from klastersim.scenario.ensemble import one_of
from klastersim.world.build import build

ENSEMBLE = Scenario.preset("ensemble")


def test_a_world_holds_unequal_clusters_with_parameters_of_their_own():
    world = build([ENSEMBLE] * 4, [1, 2, 3, 4])
    for c, seed in enumerate((1, 2, 3, 4)):
        sentra = one_of(ENSEMBLE, seed)
        assert world.clusters[c].firms == sentra["cluster.firms"]
        assert world.params[c].ties_trust == sentra["ties.trust"]
    assert len(np.unique(np.array(world.clusters["firms"]))) > 1


def test_a_run_tells_the_sentra_that_was_drawn_and_has_one_digest_whatever_the_driver():
    run = simulate(ENSEMBLE, 12, seed=3)
    assert run.scenario == one_of(ENSEMBLE, 3)
    assert len(run.firms) == run.scenario["cluster.firms"]
    assert simulate(ENSEMBLE, 12, seed=3, driver="agents").digest == run.digest
    assert ClusterModel(ENSEMBLE, seed=3).config == run.scenario


def test_the_twin_of_an_ensemble_is_the_same_sentra_without_the_programme():
    pair = twin(ENSEMBLE, seed=2, months=3)
    assert set(pair.with_.scenario.differences(pair.without.scenario)) == {"programme.enabled"}
