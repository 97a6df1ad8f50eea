"""Build the state of one or many clusters from scenarios and seeds."""

from __future__ import annotations

import os
from array import array
from collections.abc import Sequence

import numpy as np

from klastersim.compiled import kernel
from klastersim.errors import InputError, said
from klastersim.scenario import Scenario
from klastersim.scenario.ensemble import one_of
from klastersim.scenario.record import RECORD_DTYPE, record
from klastersim.world.codes import TIES_RANDOM
from klastersim.world.events import event_rows, place_events
from klastersim.world.layout import (
    BODY,
    BUYER,
    CLUSTER,
    FIRM,
    LINK,
    ORDER,
    ORDERS_SHORT,
    OUTCOME,
    PART,
    PARTS_SHORT,
    SALES,
    SERIES,
    TIE,
    YEAR,
    World,
)
from klastersim.world.machines import months_left
from klastersim.world.opening import add_degrees, count_drawn_ties, draw_holds, draw_ties, lay_ties, open_cluster

#: Firms for each part of an order that a cluster has room for at first; the ring grows when it must.
FIRMS_PER_PART = 5

#: Largest cluster whose ties have codes of four bytes.
SITES_IN_INT32 = int(np.sqrt(np.iinfo(np.int32).max))

#: Purses of a programme: five instruments through two channels.
PURSES = 10

#: What a user's own table may tell of a firm; where it is not a number, it is drawn.
GIVEN = ("workers", "quality", "working_capital")

#: Of what is a whole number: not told, to be drawn.
DRAWN = -1

#: Orders that a cluster has room for at first.
FIRST_ORDERS = 4


def _records(dtype: np.dtype, shape: int | tuple[int, ...]) -> np.recarray:
    return np.zeros(shape, dtype).view(np.recarray)


def build(
    scenarios: Sequence[Scenario],
    seeds: Sequence[int],
    identities: Sequence[int] | None = None,
    months_kept: int = YEAR,
) -> World:
    """Build clusters as they stand before the first month.

    Parameters
    ----------
    scenarios : sequence of Scenario
        One for each cluster; of an ensemble, the sentra that the seed draws.
    seeds : sequence of int
        Seed of each cluster, 0 to 2**63 - 1.
    identities : sequence of int, optional
        Numbers by which the clusters draw chance; 0 for all by default.
    months_kept : int, default 12
        Months of measures that are kept, at least 1; what is read over a year needs 12.

    Returns
    -------
    World
        The state, with nothing decided yet.

    Raises
    ------
    InputError
        Where a file of the scenario is wrong, or the state would not fit in memory.
    """
    count = len(scenarios)
    scenarios = [one_of(scenario, int(seed)) for scenario, seed in zip(scenarios, seeds, strict=True)]
    identities = [0] * count if identities is None else identities
    firms = np.array([scenario["cluster.firms"] for scenario in scenarios], np.int64)
    _check_memory(scenarios, firms, months_kept)
    clusters = _records(CLUSTER, count)
    params, clusters["terms"] = _terms(scenarios)
    clusters["identity"] = identities
    clusters["seed"] = seeds
    clusters["firms"] = firms
    place_events(scenarios, clusters)
    clusters["first_firm"] = np.concatenate(([0], np.cumsum(firms)[:-1]))
    return _assemble(scenarios, params, clusters, months_kept)


def _terms(scenarios: Sequence[Scenario]) -> tuple[np.recarray, list[int]]:
    """Parameters as records, and which of them are each scenario's: equal ones share a record."""
    rows: dict[bytes, int] = {}
    seen: dict[int, int] = {}
    for scenario in scenarios:
        if id(scenario) not in seen:
            seen[id(scenario)] = rows.setdefault(record(scenario).tobytes(), len(rows))
    params = _records(RECORD_DTYPE, len(rows))
    params[:] = np.frombuffer(b"".join(rows), RECORD_DTYPE)
    return params, [seen[id(scenario)] for scenario in scenarios]


def _assemble(scenarios: Sequence[Scenario], params: np.recarray, clusters: np.recarray, months_kept: int) -> World:
    """Draw ties, make room for everything, and open every cluster."""
    total = int(clusters["firms"].sum())
    firms = _records(FIRM, total)
    terms = {name: params[name][clusters["terms"]] for name in ("bodies_enabled", "groups_minimum")}
    # The ties of all clusters are drawn before any is laid; in one array, which grows and is given back as a whole.
    drawn = array("i" if clusters["firms"].max() <= SITES_IN_INT32 else "q")
    for scenario, cluster in zip(scenarios, clusters, strict=True):
        codes = _draw_codes(scenario, params[cluster.terms], cluster, firms)
        cluster.ties = len(codes)
        drawn.frombytes(codes.astype(drawn.typecode).tobytes())
    _place_ties(clusters, firms)
    firms["first_link"][1:] = np.cumsum(firms["link_room"][:-1], dtype=np.int64)
    clusters["order_room"] = FIRST_ORDERS
    clusters["part_room"] = np.maximum(FIRST_ORDERS, clusters["firms"] // FIRMS_PER_PART)
    # Bodies have no member in common, and dissolve below the smallest group.
    clusters["body_room"] = np.where(
        terms["bodies_enabled"] != 0, clusters["firms"] // np.maximum(1, terms["groups_minimum"]), 0
    )
    clusters["first_body"] = np.concatenate(([0], np.cumsum(clusters["body_room"])[:-1]))
    buyers = int((params["market_large_firms"] + params["market_traders"]).max())
    world = World(
        params=params,
        clusters=clusters,
        firms=firms,
        outcomes=_records(OUTCOME, total if _outcomes_change(params) else 0),
        ties=_records(TIE, int(clusters["tie_room"].sum())),
        tie_events=np.zeros(int(clusters["tie_room"].sum()), np.int8),
        links=_records(LINK, int(firms["link_room"].sum(dtype=np.int64))),
        bodies=_records(BODY, int(clusters["body_room"].sum())),
        relations=np.zeros((total, buyers)),
        relations_used=np.zeros((total, buyers), np.int16),
        trader_relations=np.zeros(
            (len(clusters), int(params["market_traders"].max()), int(params["market_large_firms"].max()))
        ),
        orders=_records(ORDER, 0),
        parts=_records(PART, 0),
        series=_records(SERIES, (len(clusters), max(1, months_kept))),
        year=_records(SALES, (len(clusters), YEAR)),
        purses=np.zeros((len(clusters), PURSES)),
        events=event_rows(scenarios),
        buyers=_records(BUYER, (len(clusters), buyers)),
    )
    world = make_room(world, clusters["order_room"], clusters["part_room"])
    # From the last cluster down, so that what was drawn is given back while the state, so far empty, takes up memory.
    for c in reversed(range(len(scenarios))):
        begin = len(drawn) - int(clusters[c].ties)
        codes = np.array(drawn[begin:], np.int64)
        del drawn[begin:]
        lay_ties(world, c, codes, len(codes), _given_trusts(scenarios[c]))
        _give(scenarios[c], clusters[c], firms)
        open_cluster(world, c)
        _apply_thresholds(scenarios[c], world, c)
        _hold(world, c)
    return world


def _outcomes_change(params: np.recarray) -> bool:
    """Whether firms of any cluster grow or can buy machines."""
    return bool(((params["growth_enabled"] != 0) | (params["functions_enabled"] != 0)).any())


def _draw_codes(scenario: Scenario, p: np.record, cluster: np.record, firms: np.recarray) -> np.ndarray:
    """Ties of a cluster as sorted codes; degrees go to the firms' link room."""
    n = int(cluster.firms)
    ties = scenario.own.ties
    if ties is not None:
        codes = ties.lower * n + ties.upper
    else:
        codes = _draw_distinct(p, cluster, n)
    degrees = np.zeros(n, np.int64)
    add_degrees(codes, len(codes), n, degrees)
    rows = slice(int(cluster.first_firm), int(cluster.first_firm) + n)
    most = 0 if scenario["ties.kind"] == "all" else int(p.ties_most)
    firms["link_room"][rows] = np.maximum(degrees, most)
    return codes


def _given_trusts(scenario: Scenario) -> np.ndarray:
    """Trust of the ties that a file gives, -1 where it is to be drawn; empty without a file."""
    ties = scenario.own.ties
    return np.zeros(0) if ties is None else np.nan_to_num(ties.trust, nan=-1.0)


def _draw_distinct(p: np.record, cluster: np.record, n: int) -> np.ndarray:
    """Draw the ties of a cluster; of random ones as many more as were drawn twice, so that their number is exact."""
    most = int(count_drawn_ties(p, n))
    room = np.zeros(most, np.int64)
    codes = np.unique(room[: draw_ties(p, cluster.seed, cluster.identity, n, 0, most, room)])
    if int(p.ties_kind) != TIES_RANDOM:
        return codes
    wanted, drawn = min(most, n * (n - 1) // 2), most
    while len(codes) < wanted:
        missing = wanted - len(codes)
        added = room[: draw_ties(p, cluster.seed, cluster.identity, n, drawn, drawn + missing, room)]
        codes = np.union1d(codes, added)
        drawn += missing
    return codes


def _place_ties(clusters: np.recarray, firms: np.recarray) -> None:
    """Make room for the ties of each cluster, with those that can still be formed."""
    first = 0
    for cluster in clusters:
        rows = slice(int(cluster.first_firm), int(cluster.first_firm + cluster.firms))
        cluster.first_tie = first
        cluster.tie_room = max(int(cluster.ties), int(firms["link_room"][rows].sum(dtype=np.int64)) // 2)
        first += int(cluster.tie_room)


def _give(scenario: Scenario, cluster: np.record, firms: np.recarray) -> None:
    """Write what the user's own table of firms tells into their rows; what it does not tell is not a number or 0."""
    rows = slice(int(cluster.first_firm), int(cluster.first_firm + cluster.firms))
    own = scenario.own.firms
    if own is not None and len(own) != int(cluster.firms):
        problem = said("has changed: it names {count} firms, no longer {firms}", count=len(own), firms=cluster.firms)
        raise InputError(own.name, "cluster.file", problem=problem, remedy=said("Read the scenario again."))
    for name in GIVEN:
        values = None if own is None else own.values.get(name)
        firms[name][rows] = np.nan if values is None else values
    capital = None if own is None else own.values.get("capital")
    firms["machine_until"][rows] = (
        DRAWN if capital is None else np.nan_to_num(months_left(scenario, capital), nan=DRAWN)
    )
    stages = None if own is None else own.values.get("stage")
    firms["stage"][rows] = 0 if stages is None else np.nan_to_num(stages, nan=0.0)


def _apply_thresholds(scenario: Scenario, world: World, c: int) -> None:
    """Take thresholds from the scenario's file, where it names one."""
    thresholds = scenario.own.thresholds
    if thresholds is not None:
        cluster = world.clusters[c]
        rows = slice(int(cluster.first_firm), int(cluster.first_firm + cluster.firms))
        world.firms["threshold"][rows] = thresholds.values


def _hold(world: World, c: int) -> None:
    """Mark the firms that are held in."""
    cluster = world.clusters[c]
    held = min(int(world.params[cluster.terms].start_held), int(cluster.firms))
    if held:
        draws = np.zeros(int(cluster.firms))
        draw_holds(world, c, draws)
        world.firms["held"][int(cluster.first_firm) + np.argsort(draws, kind="stable")[:held]] = 1


def make_room(world: World, order_room: np.ndarray, part_room: np.ndarray) -> World:
    """Return the world with rings of orders and parts of the given sizes, what they hold carried over."""
    orders = _records(ORDER, int(order_room.sum()))
    parts = _records(PART, int(part_room.sum()))
    clusters = world.clusters
    first_order = np.concatenate(([0], np.cumsum(order_room)[:-1])).astype(np.int64)
    first_part = np.concatenate(([0], np.cumsum(part_room)[:-1])).astype(np.int64)
    if len(world.orders):
        _move_rings(world, orders, parts, first_order, order_room, first_part, part_room)
    clusters["first_order"], clusters["order_room"] = first_order, order_room
    clusters["first_part"], clusters["part_room"] = first_part, part_room
    return world._replace(orders=orders, parts=parts)


def more_room(world: World) -> World:
    """Return the world with twice the room in the rings that paused clusters lack."""
    clusters = world.clusters
    orders = np.where(clusters["paused"] & ORDERS_SHORT, 2, 1)
    parts = np.where(clusters["paused"] & PARTS_SHORT, 2, 1)
    return make_room(world, clusters["order_room"] * orders, clusters["part_room"] * parts)


@kernel
def _move_rings(world, orders, parts, first_order, order_room, first_part, part_room):
    """Copy what the rings of all clusters hold to where it goes."""
    for c in range(len(world.clusters)):
        cluster = world.clusters[c]
        for number in range(cluster.oldest_order, cluster.next_order):
            here = cluster.first_order + number % cluster.order_room
            orders[first_order[c] + number % order_room[c]] = world.orders[here]
        for number in range(cluster.oldest_part, cluster.next_part):
            here = cluster.first_part + number % cluster.part_room
            parts[first_part[c] + number % part_room[c]] = world.parts[here]


def bytes_needed(scenario: Scenario, firms: int, months_kept: int) -> int:
    """Bytes that a cluster of `firms` firms takes, about."""
    buyers = scenario["market.large_firms"] + scenario["market.traders"]
    links = 0 if scenario["ties.kind"] == "all" else max(scenario["ties.most"], scenario["ties.degree"])
    per_tie = 2 * LINK.itemsize + TIE.itemsize + 1
    bodies = BODY.itemsize / scenario["groups.minimum"] if scenario["bodies.enabled"] else 0.0
    noted = OUTCOME.itemsize if scenario["growth.enabled"] or scenario["functions.enabled"] else 0
    per_firm = FIRM.itemsize + noted + bodies + links / 2 * per_tie + 10 * buyers + PART.itemsize / FIRMS_PER_PART
    cluster = CLUSTER.itemsize + buyers * BUYER.itemsize + YEAR * SALES.itemsize
    fixed = cluster + RECORD_DTYPE.itemsize + FIRST_ORDERS * ORDER.itemsize
    return int(firms * per_firm + fixed + months_kept * SERIES.itemsize)


def _check_memory(scenarios: Sequence[Scenario], firms: np.ndarray, months_kept: int) -> None:
    """Refuse what would not fit, before anything is allocated."""
    needed = sum(bytes_needed(s, int(n), months_kept) for s, n in zip(scenarios, firms, strict=True))
    available = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 2**40
    if needed > available:
        raise InputError(
            where=scenarios[0].name,
            key="cluster.firms",
            found=int(firms.sum()),
            allowed=said(
                "what fits in memory: this needs about {needed} GiB, the machine has {available} GiB",
                needed=f"{needed / 2**30:.0f}",
                available=f"{available / 2**30:.0f}",
            ),
            remedy=said("Use fewer firms."),
        )
