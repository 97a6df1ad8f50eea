"""The sequence in which an order is offered, and becoming acquainted."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from klastersim import Scenario
from klastersim.compiled import purposes, two
from klastersim.engine.acquaintance import become_acquainted, find_tie
from klastersim.engine.run import advance
from klastersim.engine.takers import draw_any, draw_one, sort_able, sum_up
from klastersim.world.build import build
from klastersim.world.ends import ties_of
from klastersim.world.layout import ABLE, BINS, BLOCK, LISTED, TAKER
from tests.engine.plain import Plain, corner, midmonth

weights_of_takers = st.lists(st.one_of(st.just(0.0), st.floats(1e-6, 1.0)), min_size=1, max_size=100)


def listed_of(weights):
    listed = np.zeros(len(weights), LISTED).view(np.recarray)
    listed["weight"] = weights
    sums = np.zeros(len(weights) // BLOCK + 1)
    sum_up(listed, sums, len(weights))
    return listed, sums


def drawn(weights, chances):
    """Takers in the sequence in which they are drawn."""
    listed, sums = listed_of(weights)
    found = [draw_one(listed, sums, len(weights), chance) for chance in chances]
    return [k for k in found if k >= 0]


@given(weights=weights_of_takers, seed=st.integers(0, 10**6))
def test_everybody_with_a_relation_is_drawn_once_and_nobody_without(weights, seed):
    chances = np.random.default_rng(seed).random(len(weights) + 3)
    assert sorted(drawn(weights, chances)) == [k for k, weight in enumerate(weights) if weight > 0.0]


@given(weights=weights_of_takers, seed=st.integers(0, 10**6))
def test_blocks_find_whom_adding_up_the_weights_finds(weights, seed):
    rng = np.random.default_rng(seed)
    left = dict(enumerate(weights))
    listed, sums = listed_of(weights)
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
        found = draw_one(listed, sums, len(weights), chance)
        assert found == expected or abs(target) < 1e-9
        left[found] = 0.0


@given(weights=weights_of_takers, seed=st.integers(0, 10**6))
def test_a_draw_among_any_finds_whom_adding_up_the_weights_finds(weights, seed):
    running = np.cumsum(weights)
    rng = np.random.default_rng(seed)
    for count in range(1, len(weights) + 1):
        for chance in (*rng.random(3), 2.0**-53, 1.0 - 2.0**-53):
            beyond = [k for k in range(count) if running[k] > chance * running[count - 1]]
            found = draw_any(running, count, chance)
            assert found == (beyond[0] if beyond else count - 1)
            assert weights[found] > 0.0 or not beyond


@pytest.mark.parametrize("chance", [0.0, 2.0**-53, 0.5, 1.0 - 2.0**-53, 1.0])
def test_extreme_draws_find_a_taker_with_a_relation(chance):
    for weights in ([0.0, 0.3, 0.0], [0.1] * 100, [1e-300, 0.0, 0.7, 0.0, 0.0], [0.0] * 40 + [0.1, 0.2, 0.3, 0.0]):
        (found,) = drawn(weights, [chance])
        assert weights[found] > 0.0


def test_nobody_is_found_where_nobody_has_a_relation():
    assert drawn([0.0, 0.0, 0.0], [0.0, 0.5]) == []


@given(most=st.lists(st.floats(0.0, 400.0), min_size=1, max_size=60), smallest=st.floats(0.0, 400.0))
def test_able_takers_stand_sorted_by_what_they_could_fill(most, smallest):
    most = np.array(most)
    takers = np.zeros(len(most), TAKER).view(np.recarray)
    takers["most"] = most
    able = np.zeros(len(most), ABLE).view(np.recarray)
    bins = np.zeros(BINS + 1, np.int64)
    count = sort_able(takers, bins, able, len(most), smallest)
    whole = np.minimum(BINS - 1, most.astype(int))
    expected = sorted(
        (k for k in range(len(most)) if whole[k] >= min(BINS - 1, int(smallest))), key=lambda k: -whole[k]
    )
    assert able["taker"][:count].tolist() == expected
    for volume in (smallest, smallest + 0.5, smallest + 7.0, smallest + 300.0):
        first = set(able["taker"][: bins[min(BINS - 1, int(volume))]].tolist())
        assert {k for k in expected if most[k] >= volume} <= first <= set(expected)


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


def test_who_takes_an_order_has_the_chances_of_asking_everybody_in_turn():
    """The short way gives the chances of the long one: ask all in a weighted sequence until one would take it.

    Firms alone in a market without other firms' help; chi-squared over who takes the first order, false alarm 1e-3.
    """
    alone = {"decision.enabled": False, "finance.enabled": False, "programme.enabled": False, "cluster.firms": 8}
    scenario = Scenario.preset("sentra").replace(
        {
            **alone,
            "orders.low_weeks": 4.0,
            "orders.high_value": 60.0,
            "market.potential": 20.0,
            "cluster.sizes": "equal",
        }
    )
    relations = np.linspace(0.05, 0.9, 8)
    quality = np.linspace(0.2, 0.8, 8)
    expected, found = np.zeros(8), np.zeros(8)
    for seed in range(1500):
        world = build([scenario], [seed])
        world.relations[:] = relations[:, None]
        world.firms["quality"] = quality
        world = advance(world, 1)
        cluster = world.clusters[0]
        if cluster.next_order == cluster.oldest_order:
            continue
        first = world.orders[int(cluster.first_order)]
        part = world.parts[int(cluster.first_part)]
        _, standard = two(seed, 1, purposes.ORDER_SIZE, 0, int(first.number), 0)
        asked = min(1.0, max(0.0, 0.5 + 0.1 * special.ndtri(standard)))
        weights = relations * (quality >= asked)
        expected += weights / weights.sum()
        found[part.firm] += 1
    assert found.sum() > 1000
    live = expected > 0.0
    assert stats.chisquare(found[live], expected[live] * found.sum() / expected[live].sum()).pvalue > 1e-3


class InTurn(Plain):
    """The plain version, which notes of each order how likely each taker is to get it if all are asked in turn.

    `asked` lists for each order: (chance, whether alone, whether it got it) by taker that would take it, and whether
    somebody got it.
    """

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.asked = []

    def offer_around(self, month, number, buyer, volume, asked, ranked):
        arguments = (month, number, buyer, volume, asked)
        would = []
        for members, joint, _ in ranked:
            alone = self.consider_alone(arguments, members) == 4
            weight = self.weight(members, buyer) if alone else max(self.relations[i][buyer] for i in members)
            if weight > 0.0 and (alone or (joint and self.consider_jointly(arguments, members, accepting=False) == 4)):
                would.append((weight, alone, members))
        reached = super().offer_around(*arguments, ranked)
        total = sum(weight for weight, *_ in would)
        who = self.orders[-1]["parts"][0]["firm"] if reached == 4 else None
        if reached == 4 and self.orders[-1]["lead"] >= 0:
            who = self.orders[-1]["lead"]
        self.asked.append(([(weight / total, alone, who in members) for weight, alone, members in would], reached == 4))
        return reached


def placed(offers, key, rng):
    """Where the takers fell in the cumulated chances of those who would take the order, in an order of these.

    Uniform between 0 and 1 where the chances are right.
    """
    for rows, _ in offers:
        if len(rows) > 1:
            rows = sorted(rows, key=key)
            (at,) = (k for k, (_, _, got) in enumerate(rows) if got)
            yield sum(chance for chance, *_ in rows[:at]) + rng.random() * rows[at][0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "least"), [("many", 800), ("many carried", 600), ("active", 250), ("subcontracts", 250)]
)
def test_whatever_is_left_out_who_takes_an_order_has_the_chances_of_asking_all_in_turn(name, least):
    """Also with firms and groups that compete, have committed themselves before, and are drawn from in all ways.

    Three tests of Kolmogorov and Smirnov for each cluster; false alarm 1e-3 over all twelve.
    """
    scenario = corner(name).replace({"market.potential": 40.0})
    offers = []
    rng = np.random.default_rng(3)
    for seed in range(60):
        world, scratch, month = midmonth(scenario, seed, seed % 4)
        world.relations[:] = rng.random(world.relations.shape) ** 2
        plain = InTurn(world, scratch, scenario)
        plain.form_groups()
        plain.take_orders(month)
        offers += plain.asked
    assert all(taken == bool(rows) for rows, taken in offers)
    for key in (lambda row: 0, lambda row: row[0], lambda row: row[1]):
        found = list(placed(offers, key, rng))
        assert len(found) > least
        assert stats.kstest(found, "uniform").pvalue > 1e-3 / 12


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
    before = {(int(t.lower), int(t.upper)): float(t.trust) for t in ties_of(world)}
    known = {i: {partner for partner, _ in links_of(world, i)} for i in range(30)}
    for a, b in pairs:
        allowed = a != b and b not in known[a] and len(known[a]) < most and len(known[b]) < most
        assert become_acquainted(world, 0, a, b) == allowed
        if allowed:
            known[a].add(b)
            known[b].add(a)
    ties = ties_of(world)
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
        assert float(tie["trust"]) == float(tie["base_trust"]) == before.get(pair, newcomer)


def test_where_everybody_knows_everybody_no_tie_is_formed():
    world = build([Scenario.preset("sentra").replace({"ties.kind": "all"})], [1])
    assert not become_acquainted(world, 0, 1, 2)
