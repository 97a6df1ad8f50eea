"""What a field study would conclude: its power, and its bias where the promising are supported."""

import numpy as np
import pytest

from klastersim import Scenario
from klastersim.analysis.sweeps.field_study import field_study_of, promise_of
from klastersim.compiled import derive_seed
from klastersim.lab.design import Arm, Map
from tests.analysis.sweeps.made import outcomes

BASE = Scenario.preset("sentra").replace({"ensemble.unequal": True})
SEED = 13
STUDIES, SENTRA = 40, 10
MAP = Map("m", "", "", (), (Arm("none", "without", {}), Arm("some", "with", {})))
PROMISE = np.array([promise_of(BASE, derive_seed(SEED, k + 1)) for k in range(STUDIES * SENTRA)])


def study(without: np.ndarray, with_: np.ndarray):
    active = np.stack([without, with_])[:, None, :].astype(float)
    return field_study_of(outcomes(MAP, active=active), BASE, SEED, SENTRA)


def test_where_success_follows_promise_and_support_does_nothing_the_naive_effect_is_all_bias() -> None:
    promising = PROMISE > np.median(PROMISE)
    found = study(promising, promising)
    assert found.estimates["effect"].value == 0.0
    assert found.estimates["bias"].low > 0.3
    by_lot, by_promise = found.data.studies
    assert by_promise.power.value > by_lot.power.value
    assert abs(by_lot.bias.mean()) < 0.1
    assert any("Their naive effect is too high" in line for line in found.sentences)


def test_where_support_does_all_the_naive_effect_is_the_true_one() -> None:
    none, all_ = np.zeros(STUDIES * SENTRA), np.ones(STUDIES * SENTRA)
    found = study(none, all_)
    for each in found.data.studies:
        assert each.naive.tolist() == each.true.tolist() == [1.0] * STUDIES
        assert each.power.value == 1.0
    assert found.estimates["effect"].value == 1.0


def test_a_test_of_nothing_finds_something_in_fewer_than_one_of_twenty() -> None:
    """Seeded; Fisher's test is conservative."""
    luck = np.random.default_rng(3).random(STUDIES * SENTRA) < 0.3
    assert study(luck, luck).data.studies[0].power.value <= 0.05


def test_promise_is_what_finds_the_sentra_at_the_opening() -> None:
    held = BASE.replace({"market.potential": 8.0, "market.linkage": 0.1, "cluster.firms": 20})
    assert promise_of(held, 5) == pytest.approx(8.0 * (1.0 - 0.9**20))


def test_too_few_sentra_make_no_study() -> None:
    active = np.zeros((2, 1, 15))
    found = field_study_of(outcomes(MAP, active=active), BASE, SEED, SENTRA)
    assert found.sentences == ["Not identified: 15 sentra do not make two studies."]
