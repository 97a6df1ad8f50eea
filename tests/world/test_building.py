"""Building a cluster: its distributions, its files, and that nothing outside a cluster touches it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from klastersim import InputError, Scenario, simulate
from klastersim.compiled.cache import PACKAGE
from klastersim.engine.run import advance
from klastersim.world.build import build, make_room
from klastersim.world.ends import ties_of
from klastersim.world.machines import own_capital

#: False alarm of each statistical test below, unless another is stated.
CHANCE = 1e-4

SENTRA = Scenario.preset("sentra")


def large(**changes):
    changes = {key.replace("__", "."): value for key, value in changes.items()}
    return SENTRA.replace({"cluster.firms": 20_000, **changes})


@pytest.mark.parametrize(("mean", "concentration"), [(0.5, 10.0), (0.7, 10.0), (0.2, 4.0), (0.8, 40.0)])
def test_trust_of_ties_has_the_declared_beta_distribution(mean, concentration):
    ties = ties_of(build([large(ties__trust=mean, ties__concentration=concentration)], [1]))
    trust = np.array(ties["trust"])
    a, b = mean * concentration, (1.0 - mean) * concentration
    assert stats.kstest(trust, "beta", (a, b)).pvalue > CHANCE
    spread = np.sqrt(mean * (1.0 - mean) / (concentration + 1.0))
    assert trust.mean() == pytest.approx(mean, abs=4.0 * spread / np.sqrt(len(trust)))
    assert trust.std() == pytest.approx(spread, rel=0.02)
    assert np.array_equal(trust, ties["base_trust"])


def test_quality_and_working_capital_have_their_declared_distributions():
    world = build([large()], [2])
    assert stats.kstest(np.array(world.firms["quality"]), "beta", (5.0, 5.0)).pvalue > CHANCE
    months = np.array(world.firms["working_capital"]) / np.array(world.firms["workers"]) / SENTRA["local.price"]
    assert stats.kstest(np.log(months / 1.5), "norm", (0.0, 0.5)).pvalue > CHANCE


def test_types_and_collateral_have_their_declared_shares_and_are_independent():
    world = build([large()], [3])
    conditional, collateral = (np.array(world.firms[name]) for name in ("social", "collateral"))
    assert stats.binomtest(int(conditional.sum()), 20_000, 0.6).pvalue > CHANCE
    assert stats.binomtest(int(collateral.sum()), 20_000, 0.15).pvalue > CHANCE
    table = [[int(((conditional == a) & (collateral == b)).sum()) for a in (0, 1)] for b in (0, 1)]
    assert stats.chi2_contingency(table).pvalue > CHANCE


@pytest.mark.parametrize(("micro", "small"), [(0.75, 0.22), (0.5, 0.5), (0.0, 0.0), (1.0, 0.0)])
def test_workers_follow_the_size_classes_and_are_uniform_inside_them(micro, small):
    workers = np.array(build([large(cluster__micro_share=micro, cluster__small_share=small)], [4]).firms["workers"])
    assert (workers == np.floor(workers)).all()
    assert workers.min() >= 1
    assert workers.max() <= 99
    for low, high, share in ((1, 4, micro), (5, 19, small), (20, 99, 1.0 - micro - small)):
        inside = workers[(workers >= low) & (workers <= high)]
        assert stats.binomtest(len(inside), len(workers), max(0.0, min(1.0, share))).pvalue > CHANCE
        if len(inside):
            assert stats.chisquare(np.bincount(inside.astype(int) - low, minlength=high - low + 1)).pvalue > CHANCE


def test_equal_sizes_are_equal():
    world = build([large(cluster__sizes="equal", cluster__workers=7.5)], [4])
    assert set(np.array(world.firms["workers"])) == {7.5}


@pytest.mark.parametrize("degree", [2.0, 6.0, 10.0])
def test_without_long_ties_each_site_knows_its_nearest_on_either_side(degree):
    world = build([large(cluster__firms=101, ties__degree=degree, ties__long_share=0.0)], [5])
    ties = ties_of(world)
    apart = np.minimum(ties["upper"] - ties["lower"], 101 - (ties["upper"] - ties["lower"]))
    assert apart.max() == degree / 2
    assert set(np.array(world.firms["links"])) == {int(degree)}


def test_a_fraction_of_a_tie_on_either_side_comes_by_chance():
    ties = ties_of(build([large(ties__degree=5.0, ties__long_share=0.0)], [5]))
    assert stats.binomtest(len(ties) - 40_000, 20_000, 0.5).pvalue > CHANCE


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_the_declared_share_of_ties_is_long(share):
    ties = ties_of(build([large(ties__long_share=share)], [6]))
    apart = np.minimum(ties["upper"] - ties["lower"], 20_000 - (ties["upper"] - ties["lower"]))
    # Six of 19,999 random ends are near all the same.
    assert stats.binomtest(int((apart > 3).sum()), len(ties), share * (1.0 - 6.0 / 19_999.0)).pvalue > CHANCE
    assert len(ties) == pytest.approx(60_000, abs=40)


@pytest.mark.parametrize("degree", [0.0, 1.0, 6.0])
def test_random_ties_of_many_firms_have_the_declared_mean_and_a_poisson_spread(degree):
    world = build([large(ties__kind="random", ties__degree=degree)], [7])
    links = np.array(world.firms["links"])
    assert links.mean() == pytest.approx(degree, rel=2e-3)
    if degree:
        most = int(stats.poisson.isf(1e-3, degree))
        seen = np.bincount(np.minimum(links, most), minlength=most + 1)
        expected = np.append(stats.poisson.pmf(np.arange(most), degree), stats.poisson.sf(most - 1, degree))
        assert stats.chisquare(seen, expected / expected.sum() * 20_000).pvalue > CHANCE


@pytest.mark.parametrize("firms", [20, 50])
def test_random_ties_of_few_firms_have_the_declared_mean_too(firms):
    # 400 clusters; were M = round(n z / 2) ties laid in each, the mean would be exact.
    world = build([large(cluster__firms=firms, ties__kind="random")] * 400, range(400))
    assert 2.0 * world.clusters["ties"].mean() / firms == pytest.approx(6.0, rel=0.01)


@pytest.mark.parametrize("kind", ["near", "random"])
@pytest.mark.parametrize("firms", [1, 2, 3, 7, 50])
def test_ties_join_two_firms_once_and_links_show_both_ends_in_ascending_order(kind, firms):
    for seed in range(5):
        world = build([large(cluster__firms=firms, ties__kind=kind, ties__long_share=0.4)], [seed])
        ties = ties_of(world)
        pairs = [(int(tie["lower"]), int(tie["upper"])) for tie in ties]
        assert all(0 <= a < b < firms for a, b in pairs)
        assert len(set(pairs)) == len(pairs)
        for i, firm in enumerate(world.firms):
            links = world.links[firm.first_link : firm.first_link + firm.links]
            expected = sorted([b for a, b in pairs if a == i] + [a for a, b in pairs if b == i])
            assert links["partner"].tolist() == expected
            assert all(i in pairs[number] for number in links["tie"])


UNEQUAL = [
    {"cluster.firms": 30, "ties.trust": 0.8, "market.potential": 9.0},
    {"cluster.firms": 3, "ties.kind": "random"},
    {
        "cluster.firms": 70,
        "ties.trust": 0.75,
        "start.kind": "cooperating",
        "market.large_firms": 7,
        "market.traders": 5,
    },
    {"cluster.firms": 1, "market.potential": 30.0},
    {"cluster.firms": 45, "ties.kind": "all", "ties.trust": 0.8, "market.potential": 14.0},
    {"cluster.firms": 40, "programme.budget": 400.0, "programme.start": 5, "programme.end": 30, "ties.trust": 0.7},
    {
        "cluster.firms": 60,
        "orders.premium": 1.0,
        "market.potential": 60.0,
        "orders.low_weeks": 0.5,
        "market.linkage": 0.5,
    },
]
IDENTITIES = [7, 3, 11, 2, 40, 5, 0]
SEEDS = [1, 2, 3, 4, 5, 2**62, 7]


ALL = tuple(range(len(UNEQUAL)))


def nation(which=ALL, months=48, threads=1):
    scenarios = [SENTRA.replace(UNEQUAL[k]) for k in which]
    world = build(scenarios, [SEEDS[k] for k in which], [IDENTITIES[k] for k in which], months_kept=months)
    return advance(world, months, threads)


def history(world, c):
    """What a cluster went through and what it is, without where it stands."""
    cluster = world.clusters[c]
    firms = slice(int(cluster.first_firm), int(cluster.first_firm + cluster.firms))
    parts = [np.array(world.series[c]).tobytes()]
    parts += [np.array(world.firms[name][firms]).tobytes() for name in world.firms.dtype.names if name != "first_link"]
    parts += [np.array(ties_of(world, c)[name]).tobytes() for name in ("lower", "upper", "trust", "base_trust")]
    parts += [world.relations[firms, : int(cluster.buyers)].tobytes()]
    places = ("terms", "first_firm", "first_tie", "first_order", "first_part", "order_room", "part_room")
    return parts + [cluster[name].tobytes() for name in world.clusters.dtype.names if name not in places]


@pytest.mark.parametrize("k", range(len(UNEQUAL)))
def test_a_cluster_taken_out_of_a_nation_repeats_its_own_history(k):
    assert history(nation([k]), 0) == history(nation(), k)


@pytest.mark.parametrize("threads", [2, 3, 16])
def test_threads_change_nothing(threads):
    one, many = nation(), nation(threads=threads)
    for k in range(len(UNEQUAL)):
        assert history(one, k) == history(many, k)


def test_clusters_of_equal_scenarios_share_their_parameters():
    scenarios = [
        SENTRA,
        SENTRA.replace({"ties.trust": 0.6}),
        SENTRA.replace({"ties.trust": 0.5}).replace({"ties.trust": 0.6}),
    ]
    world = build(scenarios * 2, range(6), range(6))
    assert world.clusters["terms"].tolist() == [0, 1, 1, 0, 1, 1]
    assert world.params["ties_trust"].tolist() == [SENTRA["ties.trust"], 0.6]


def test_no_cluster_reads_the_parameters_of_another():
    sources = [*(PACKAGE / "engine").glob("*.py"), *(PACKAGE / "world").glob("*.py")]
    assert sources
    for path in sources:
        assert "params[c]" not in path.read_text(encoding="utf-8"), path


def test_the_order_of_clusters_changes_nothing():
    forth, back = nation(), nation(ALL[::-1])
    for k in range(len(UNEQUAL)):
        assert history(forth, k) == history(back, len(UNEQUAL) - 1 - k)


@pytest.mark.parametrize("room", [1, 3, 1000])
def test_the_size_of_the_rings_at_first_changes_nothing(room):
    scenario = SENTRA.replace(UNEQUAL[6])
    expected = advance(build([scenario], [1], months_kept=48), 48)
    world = build([scenario], [1], months_kept=48)
    world = advance(make_room(world, np.array([room]), np.array([room])), 48)
    assert expected.clusters["next_order"][0] > 100
    assert history(world, 0) == history(expected, 0)


def test_rings_made_larger_half_way_change_nothing():
    scenario = SENTRA.replace(UNEQUAL[6])
    expected = advance(build([scenario], [1], months_kept=48), 48)
    world = advance(build([scenario], [1], months_kept=48), 20)
    world = make_room(world, world.clusters["order_room"] + 37, world.clusters["part_room"] * 3 + 5)
    assert history(advance(world, 48), 0) == history(expected, 0)


def test_identities_and_seeds_give_histories_of_their_own():
    worlds = [advance(build([SENTRA], [seed], [identity]), 12) for seed, identity in ((1, 0), (1, 1), (2, 0))]
    stories = {np.array(world.series).tobytes() for world in worlds}
    assert len(stories) == 3


# Files


def with_ties(folder, text, firms=5, encoding="utf-8", **changes):
    path = folder / "ties.csv"
    path.write_bytes(text.encode(encoding))
    return SENTRA.replace({"cluster.firms": firms, "ties.kind": "file", "ties.file": str(path), **changes})


def with_thresholds(folder, text, firms=3):
    path = folder / "thresholds.csv"
    path.write_bytes(text.encode())
    return SENTRA.replace({"cluster.firms": firms, "decision.rule": "threshold", "decision.threshold_file": str(path)})


def test_ties_from_a_file_are_laid_with_their_trust_or_a_drawn_one(tmp_path):
    world = build([with_ties(tmp_path, "firm,partner,trust\n3,1,0.25\n0,4,\n1,0,1\n")], [1])
    ties = ties_of(world)
    assert [(int(t["lower"]), int(t["upper"])) for t in ties] == [(0, 1), (0, 4), (1, 3)]
    assert (ties["trust"][0], ties["trust"][2]) == (1.0, 0.25)
    assert 0.0 < ties["trust"][1] < 1.0
    assert world.firms["links"].tolist() == [2, 2, 0, 1, 1]


def test_a_file_of_the_ties_of_a_drawn_cluster_gives_the_same_history(tmp_path):
    drawn = build([SENTRA], [9], months_kept=48)
    lines = "".join(f"{t['lower']},{t['upper']},{float(t['trust'])!r}\n" for t in ties_of(drawn))
    scenario = with_ties(tmp_path, "firm,partner,trust\n" + lines, firms=50)
    read = build([scenario], [9], months_kept=48)
    assert history(advance(read, 48), 0) == history(advance(drawn, 48), 0)


def test_columns_in_another_order_more_columns_and_a_byte_order_mark_are_read(tmp_path):
    text = "\ufeffnote,partner,firm\nkin,1,0\ntrade,2,1\n"
    assert len(ties_of(build([with_ties(tmp_path, text)], [1]))) == 2


def test_a_header_alone_is_a_cluster_without_ties(tmp_path):
    world = advance(build([with_ties(tmp_path, "firm,partner\n")], [1]), 12)
    assert world.firms["links"].max() == 0


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "firm"),
        ("firm,trust\n0,0.5\n", "partner"),
        ("firm,partner\n0,5\n", "0 to 4"),
        ("firm,partner\n-1,2\n", "0 to 4"),
        ("firm,partner\n0,one\n", "one"),
        ("firm,partner\n0,1.0\n", "1.0"),
        ("firm,partner\n0\n", "line 2"),
        ("firm,partner\n2,2\n", "another firm"),
        ("firm,partner\n0,1\n1,0\n", "line 3"),
        ("firm,partner,trust\n0,1,1.5\n", "0 to 1"),
        ("firm,partner,trust\n0,1,nan\n", "nan"),
        ("firm,partner,trust\n0,1,\"0,5\"\n", "0,5"),
    ],
)  # fmt: skip
def test_a_wrong_file_of_ties_is_refused_with_place_and_remedy(tmp_path, text, named):
    with pytest.raises(InputError, match=named) as caught:
        build([with_ties(tmp_path, text)], [1])
    assert "ties.csv" in str(caught.value)


def test_a_file_of_ties_in_another_encoding_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"ties\.csv"):
        build([with_ties(tmp_path, "firm,partner,note\n0,1,café\n", encoding="latin-1")], [1])


def test_a_folder_is_no_file_of_ties(tmp_path):
    scenario = with_ties(tmp_path, "firm,partner\n")
    (tmp_path / "ties.csv").unlink()
    (tmp_path / "ties.csv").mkdir()
    with pytest.raises(InputError, match=r"ties\.csv"):
        build([scenario], [1])


def own_cluster(firms, ties=None, **changes):
    tables = {"preset": "sentra", "cluster.file": "firms.csv", **changes}
    contents = {"firms.csv": firms.encode()}
    if ties is not None:
        tables |= {"ties.kind": "file", "ties.file": "ties.csv"}
        contents["ties.csv"] = ties.encode()
    return Scenario.from_dict(tables, contents=contents)


def test_firms_have_what_their_table_tells_and_the_rest_is_drawn_as_without_it():
    table = "firm,workers,quality,working_capital\nA,7,,2.5\nB,,0.125,\nC,,,0\n"
    given = build([own_cluster(table)], [11]).firms
    drawn = build([SENTRA.replace({"cluster.firms": 3})], [11]).firms
    assert given["workers"].tolist() == [7.0, drawn["workers"][1], drawn["workers"][2]]
    assert given["quality"].tolist() == [drawn["quality"][0], 0.125, drawn["quality"][2]]
    assert given["working_capital"].tolist() == [2.5, drawn["working_capital"][1], 0.0]
    for base, value in (("quality_base", "quality"), ("usual_capital", "working_capital")):
        assert np.array_equal(given[base], given[value])
    for name in ("social", "collateral", "threshold"):
        assert np.array_equal(given[name], drawn[name])


MACHINES = {"functions.enabled": True, "functions.machine_price": 60.0, "functions.machine_months": 96}


def test_capital_in_a_table_is_a_machine_for_the_months_that_it_is_worth():
    table = "firm,capital\nA,0\nB,60\nC,30\nD,1000\nE,0.2\nF,0.4\nG,\n"
    world = build([own_cluster(table, **MACHINES)], [11])
    assert world.firms["machine_until"].tolist() == [0, 96, 48, 96, 0, 1, 0]
    assert own_capital(world) == pytest.approx([0.0, 60.0, 30.0, 60.0, 0.0, 0.625, 0.0])
    half = own_capital(advance(world, 24))
    assert half[1] == pytest.approx(60.0 * 72 / 96)
    assert simulate(own_cluster(table, **MACHINES), 24, 11).firms["capital"].tolist() == half.tolist()


def test_capital_means_nothing_where_machines_are_of_no_use():
    for changes in ({}, {"functions.enabled": True, "functions.equipment": False}):
        world = build([own_cluster("firm,capital\nA,60\nB,30\n", **changes)], [1])
        assert (world.firms["machine_until"] == 0).all()


def test_machines_of_the_opening_leave_no_trace_where_they_are_of_no_use():
    for changes in ({}, {"functions.enabled": True, "functions.equipment": False}):
        some, none = (
            simulate(SENTRA.replace(changes | {"cluster.firms": 12, "functions.opening_machines": share}), 24, 1)
            for share in (0.9, 0.0)
        )
        assert some.digest == none.digest


def test_a_machine_that_costs_nothing_is_had_where_it_is_worth_anything():
    world = build([own_cluster("firm,capital\nA,0\nB,1\n", **MACHINES | {"functions.machine_price": 0.0})], [1])
    assert world.firms["machine_until"].tolist() == [0, 96]


def test_a_share_of_firms_has_machines_of_every_age_at_the_opening():
    many = SENTRA.replace(MACHINES | {"cluster.firms": 10_000, "functions.opening_machines": 0.3})
    until = np.array(build([many], [5]).firms["machine_until"], int)
    have = until > 0
    assert stats.binomtest(int(have.sum()), 10_000, 0.3).pvalue > CHANCE
    assert stats.chisquare(np.bincount(until[have], minlength=97)[1:]).pvalue > CHANCE
    assert until.max() == 96


def test_who_has_a_machine_by_the_table_has_it_whatever_is_drawn_for_the_others():
    all_have = MACHINES | {"functions.opening_machines": 1.0}
    until = build([own_cluster("firm,capital\nA,0\nB,\nC,30\n", **all_have)], [4]).firms["machine_until"]
    drawn = build([SENTRA.replace(all_have | {"cluster.firms": 3})], [4]).firms["machine_until"]
    assert until.tolist() == [0, drawn[1], 48]
    assert drawn[1] > 0


def test_a_machine_of_the_opening_is_used_for_the_months_that_are_left():
    changes = MACHINES | {
        "functions.machine_gain": 0.5,
        "functions.machine_price": 1e6,
        "functions.machine_upkeep": 0.0,
    }
    have, lack = (
        simulate(own_cluster(f"workers,capital\n6,{worth}\n5,0\n", **changes, **{"market.potential": 0.0}), 6, 1)
        for worth in (4e6 / 96, 0)
    )
    assert have.measures["machines"].tolist() == [1.0] * 4 + [0.0] * 2
    assert (have.measures["value_added"] > lack.measures["value_added"]).tolist() == [True] * 4 + [False] * 2


def test_drawn_working_capital_is_that_of_the_workers_in_the_table():
    given, drawn = (
        build([scenario], [11]).firms
        for scenario in (own_cluster("workers\n40\n"), SENTRA.replace({"cluster.firms": 1}))
    )
    months = drawn["working_capital"][0] / drawn["workers"][0]
    assert given["working_capital"][0] == pytest.approx(40.0 * months, rel=1e-12)


def test_the_opening_counts_the_workers_of_the_table():
    cluster = build([own_cluster("workers\n4\n2.5\n30\n")], [1]).clusters[0]
    assert cluster.opening_supply == 36.5
    assert cluster.largest_workshop == 30.0


def test_an_own_cluster_stands_beside_others_and_changes_nothing_in_them():
    own = own_cluster("firm,workers,position\nA,4,2\nB,9,1\n", "firm,partner,trust\nA,B,0.75\n")
    together = advance(build([SENTRA, own, SENTRA], [5, 6, 7], months_kept=12), 12)
    assert [history(together, c) for c in (0, 2)] == [
        history(advance(build([SENTRA], [seed], months_kept=12), 12), 0) for seed in (5, 7)
    ]
    assert together.firms["workers"][50:52].tolist() == [9.0, 4.0]
    assert history(together, 1) == history(advance(build([own], [6], months_kept=12), 12), 0)


def test_a_table_of_firms_that_changed_since_is_refused(tmp_path):
    path = tmp_path / "firms.csv"
    path.write_text("workers\n1\n2\n", encoding="utf-8")
    scenario = Scenario.from_dict({"cluster.file": str(path)})
    path.write_text("workers\n1\n2\n3\n", encoding="utf-8")
    with pytest.raises(InputError, match="has changed: it names 3 firms, no longer 2"):
        build([scenario], [1])


def test_thresholds_from_a_file_belong_to_their_firms(tmp_path):
    world = build([with_thresholds(tmp_path, "firm,threshold\n2,0.5\n0,-1\n1,1e3\n")], [1])
    assert world.firms["threshold"].tolist() == [-1.0, 1e3, 0.5]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "firm"),
        ("firm,value\n0,1\n", "threshold"),
        ("firm,threshold\n0,1\n1,1\n", "firm 2"),
        ("firm,threshold\n0,1\n1,1\n2,1\n3,1\n", "0 to 2"),
        ("firm,threshold\n0,1\n1,1\n1,2\n", "line 4"),
        ("firm,threshold\n0,1\n1,inf\n2,1\n", "inf"),
        ("firm,threshold\n0,1\n1,\n2,1\n", "line 3"),
        ("firm,threshold\n0,1\n1,nan\n2,1\n", "nan"),
    ],
)
def test_a_wrong_file_of_thresholds_is_refused_with_place_and_remedy(tmp_path, text, named):
    with pytest.raises(InputError, match=named) as caught:
        build([with_thresholds(tmp_path, text)], [1])
    assert "thresholds.csv" in str(caught.value)


def test_a_state_that_does_not_fit_in_memory_is_refused_before_it_is_built():
    with pytest.raises(InputError, match="memory"):
        build([SENTRA.replace({"cluster.firms": 1_000_000_000})], [1])
