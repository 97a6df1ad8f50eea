"""The sequence in which an order is offered, and becoming acquainted."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from klastersim import Scenario
from klastersim.engine.acquaintance import become_acquainted, find_tie
from klastersim.engine.takers import draw_taker, leaves_for, set_weight
from klastersim.world.build import build

weights_of_takers = st.lists(st.one_of(st.just(0.0), st.floats(1e-6, 1.0)), min_size=1, max_size=17)


def tree_of(weights):
    leaves = leaves_for(len(weights))
    tree = np.zeros(2 * leaves)
    for k, weight in enumerate(weights):
        set_weight(tree, leaves, k, weight)
    return tree, leaves


def drawn(weights, chances):
    """Takers in the sequence in which they are drawn, each set to 0 once it was."""
    tree, leaves = tree_of(weights)
    sequence = []
    for chance in chances:
        k = draw_taker(tree, leaves, chance)
        if k < 0:
            break
        sequence.append(k)
        set_weight(tree, leaves, k, 0.0)
    return sequence


@given(weights=weights_of_takers, seed=st.integers(0, 10**6))
def test_everybody_with_a_relation_is_asked_once_and_nobody_without(weights, seed):
    chances = np.random.default_rng(seed).random(len(weights) + 3)
    assert sorted(drawn(weights, chances)) == [k for k, weight in enumerate(weights) if weight > 0.0]


@given(weights=weights_of_takers, seed=st.integers(0, 10**6))
def test_the_tree_finds_whom_adding_up_the_weights_finds(weights, seed):
    rng = np.random.default_rng(seed)
    left = dict(enumerate(weights))
    tree, leaves = tree_of(weights)
    for _ in range(len(weights)):
        total = sum(left.values())
        if total <= 0.0:
            break
        chance = rng.random()
        target, expected = chance * total, None
        for k, weight in left.items():
            target -= weight
            if target < 0.0:
                expected = k
                break
        found = draw_taker(tree, leaves, chance)
        assert found == expected or abs(target) < 1e-12
        left[found] = 0.0
        set_weight(tree, leaves, found, 0.0)


@pytest.mark.parametrize("chance", [2.0**-53, 0.5, 1.0 - 2.0**-53])
def test_extreme_draws_find_a_taker_with_a_relation(chance):
    for weights in ([0.0, 0.3, 0.0], [0.1] * 5, [1e-300, 0.0, 0.7, 0.0, 0.0], [0.1, 0.2, 0.3, 0.0]):
        tree, leaves = tree_of(weights)
        assert weights[draw_taker(tree, leaves, chance)] > 0.0


def test_nobody_is_found_where_nobody_has_a_relation():
    tree, leaves = tree_of([0.0, 0.0, 0.0])
    assert draw_taker(tree, leaves, 0.5) == -1


@given(weights=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20), seed=st.integers(0, 10**6))
def test_what_was_asked_and_put_back_leaves_the_tree_as_it_was(weights, seed):
    tree, leaves = tree_of(weights)
    before = tree.copy()
    for k in np.random.default_rng(seed).permutation(len(weights)).tolist():
        set_weight(tree, leaves, k, 0.0)
    for k, weight in enumerate(weights):
        set_weight(tree, leaves, k, weight)
    assert tree.tobytes() == before.tobytes()


def test_sequences_have_the_chances_of_successive_sampling():
    # Chi-squared over 24 sequences of four takers in 40,000 draws; false alarm 1e-3.
    weights = [0.05, 0.1, 0.25, 0.6]
    rng = np.random.default_rng(7)
    counts = dict.fromkeys(permutations(range(4)), 0)
    runs = 40_000
    for chances in rng.random((runs, 4)):
        counts[tuple(drawn(weights, chances))] += 1
    expected = []
    for sequence in counts:
        chance, left = 1.0, 1.0
        for k in sequence:
            chance *= weights[k] / left
            left -= weights[k]
        expected.append(chance * runs)
    assert stats.chisquare(list(counts.values()), expected).pvalue > 1e-3


def sociable(most, degree, firms=30):
    changes = {"cluster.firms": firms, "ties.most": most, "ties.degree": degree, "ties.kind": "random"}
    return Scenario.preset("sentra").replace(changes)


def links_of(world, i):
    firm = world.firms[i]
    return [(int(link.partner), int(link.tie)) for link in world.links[firm.first_link : firm.first_link + firm.links]]


@settings(max_examples=60)
@given(
    most=st.integers(0, 12),
    degree=st.floats(0.0, 8.0),
    seed=st.integers(0, 10**6),
    pairs=st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=200),
)
def test_new_ties_stand_once_at_both_ends_in_ascending_order_and_within_the_room(most, degree, seed, pairs):
    world = build([sociable(most, degree)], [seed])
    before = {(int(t.lower), int(t.upper)): float(t.trust) for t in world.ties[: int(world.clusters["ties"][0])]}
    known = {i: {partner for partner, _ in links_of(world, i)} for i in range(30)}
    for a, b in pairs:
        allowed = a != b and b not in known[a] and len(known[a]) < most and len(known[b]) < most
        assert become_acquainted(world, 0, a, b) == allowed
        if allowed:
            known[a].add(b)
            known[b].add(a)
    ties = world.ties[: int(world.clusters["ties"][0])]
    for i in range(30):
        assert [partner for partner, _ in links_of(world, i)] == sorted(known[i])
        for partner, number in links_of(world, i):
            assert {int(ties[number].lower), int(ties[number].upper)} == {i, partner}
            assert find_tie(world, 0, i, partner) == find_tie(world, 0, partner, i) == number
        assert all(find_tie(world, 0, i, j) == -1 for j in range(30) if j not in known[i])
    assert sum(map(len, known.values())) == 2 * len(ties)
    for tie in ties:
        pair = (int(tie.lower), int(tie.upper))
        assert tie.lower < tie.upper
        newcomer = Scenario.preset("sentra")["ties.newcomer_trust"]
        assert float(tie["trust"]) == float(tie["base"]) == before.get(pair, newcomer)


def test_where_everybody_knows_everybody_no_tie_is_formed():
    world = build([Scenario.preset("sentra").replace({"ties.kind": "all"})], [1])
    assert not become_acquainted(world, 0, 1, 2)
