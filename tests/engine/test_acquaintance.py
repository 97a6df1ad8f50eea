"""A new acquaintance is no loss."""

from __future__ import annotations

import numpy as np
import pytest

from klastersim import Scenario
from klastersim.agents import ClusterModel
from klastersim.engine.acquaintance import become_acquainted
from tests.engine.plain import GROUP, Plain


def outlook(model, scenario, site, parties):
    """(mean trust that counts in the choice, trust that holds a firm to its word among the parties to an order)"""
    plain = Plain(model.world, model.state.scratch, scenario)
    return model.smes[site].company().trust, plain.reliability_trust(site, parties, GROUP, -1)


@pytest.mark.parametrize("degree", [0.0, 2.0, 6.0])
def test_a_new_tie_makes_nobody_less_willing_or_less_reliable(degree):
    scenario = Scenario.preset("sentra").replace(
        {"cluster.firms": 20, "ties.kind": "random", "ties.degree": degree, "ties.trust": 0.7, "ties.most": 12}
    )
    formed = 0
    for seed in range(5):
        model = ClusterModel(scenario, seed=seed)
        rng = np.random.default_rng(seed)
        for _ in range(60):
            a, b = rng.integers(0, 20, 2).tolist()
            parties = sorted({a, b, *rng.integers(0, 20, 6).tolist()})
            before = [outlook(model, scenario, site, parties) for site in (a, b)]
            if not become_acquainted(model.world, 0, a, b):
                continue
            model._note_ties()
            formed += 1
            after = [outlook(model, scenario, site, parties) for site in (a, b)]
            assert all(np.array(after).ravel() >= np.array(before).ravel() - 1e-12)
        model.close()
    assert formed > 50


def test_a_tie_that_outgrows_an_old_one_takes_its_place():
    scenario = Scenario.preset("sentra").replace({"cluster.firms": 20, "ties.kind": "near", "ties.long_share": 0.0})
    model = ClusterModel(scenario, seed=3)
    sme = model.smes[0]
    stranger = next(site for site in range(20) if sme.trust_in(model.smes[site]) is None and site)
    assert become_acquainted(model.world, 0, 0, stranger)
    model._note_ties()
    for partner, tie in sme.partners:
        tie.trust = 0.2 if partner.site == stranger else 0.5
    (new,) = [tie for partner, tie in sme.partners if partner.site == stranger]
    before = sme.company()
    model.smes[stranger].cooperates = True
    assert sme.company().share == before.share, "a newcomer is outside the circle"
    new.trust = 0.99
    assert sme.company().share > before.share
    assert sme.company().trust > before.trust
    model.close()
