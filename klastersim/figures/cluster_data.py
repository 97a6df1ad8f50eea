"""A run as a map that can be played: firms on their sites, ties, groups and orders, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from klastersim.engine.run import advance
from klastersim.indicators.state import programme_runs
from klastersim.scenario import Scenario
from klastersim.world.build import build
from klastersim.world.ends import ends_of
from klastersim.world.layout import NONE, ON_TIME, YEAR, World

#: What a firm does in a month, from little to much.
ALONE, WILLING, ACTING = 0, 1, 2

#: What happened to a firm with an order in a month: won one, delivered one well, lost one by a late or failed delivery.
NOTHING, WON, DELIVERED, LOST = 0, 1, 2, 3

#: Most firms of a map that can be read.
MOST_FIRMS: Final = 600


@dataclass(frozen=True)
class ClusterData:
    """A run, month by month.

    Attributes
    ----------
    x, y : ndarray of float, shape (firms,)
        Sites, on a ring street of radius 1.
    workers : ndarray of float, shape (firms,)
        Workers.
    state, event : ndarray of uint8, shape (months, firms)
        What each firm does, and what happened to it with an order.
    group : ndarray of uint16, shape (months, firms)
        Group of the month, from 1; 0 for none.
    quality : ndarray of uint8, shape (months, firms)
        Quality, per cent.
    capital : ndarray of float32, shape (months, firms)
        Working capital, Rp million.
    supported : ndarray of int, shape (firms,)
        Month of the first support, 0 for never.
    ties : ndarray of int, shape (ties, 2)
        Sites of the two firms of each tie.
    tied : ndarray of int, shape (ties,)
        Month from which there is a tie; 0 from the opening on.
    trust : ndarray of uint8, shape (years, ties)
        Trust at the end of each year, per cent; a last year that is not whole counts.
    large_firms, traders : int
        Buyers around the cluster.
    programme : tuple of int or None
        First and last month of the programme.
    acting, collective_share : ndarray of float, shape (months,)
        Share of firms in a collective act over a year, and of their sales that is collective.
    world : World
        The state at the end.
    """

    x: np.ndarray
    y: np.ndarray
    workers: np.ndarray
    state: np.ndarray
    event: np.ndarray
    group: np.ndarray
    quality: np.ndarray
    capital: np.ndarray
    supported: np.ndarray
    ties: np.ndarray
    tied: np.ndarray
    trust: np.ndarray
    large_firms: int
    traders: int
    programme: tuple[int, int] | None
    acting: np.ndarray
    collective_share: np.ndarray
    world: World


def cluster_data(scenario: Scenario, months: int, seed: int) -> ClusterData:
    """Run a scenario and note what a map of it shows; the run is that of `klastersim.simulation.simulate`.

    Parameters
    ----------
    scenario : Scenario
        What to run.
    months : int
        Months to run, at least 1.
    seed : int
        Seed of all chance.

    Returns
    -------
    ClusterData
        The run.
    """
    world = build([scenario], [seed], months_kept=months)
    firms = len(world.firms)
    state, event, quality = (np.zeros((months, firms), np.uint8) for _ in range(3))
    group = np.zeros((months, firms), np.uint16)
    capital = np.zeros((months, firms), np.float32)
    counts = np.zeros(months, np.int64)
    trusts = []
    for month in range(1, months + 1):
        world = advance(world, month)
        row = month - 1
        state[row] = _states(world, month)
        event[row] = _events(world, month)
        group[row] = world.firms["group"] + 1
        quality[row] = _per_cent(world.firms["quality"])
        capital[row] = world.firms["working_capital"]
        counts[row] = world.clusters[0].ties
        if month % YEAR == 0 or month == months:
            trusts.append(_per_cent(world.ties["trust"][: counts[row]]))
    x, y = sites(firms)
    programme = None
    if programme_runs(scenario) and scenario["programme.start"] <= months:
        programme = (scenario["programme.start"], min(scenario["programme.end"], months))
    ends = ends_of(world)
    series = world.series[0, :months]
    return ClusterData(
        x=x,
        y=y,
        workers=np.array(world.firms["workers"]),
        state=state,
        event=event,
        group=group,
        quality=quality,
        capital=capital,
        supported=np.array(world.firms["supported"]),
        ties=np.stack((ends["lower"], ends["upper"]), axis=1),
        tied=np.searchsorted(counts, np.arange(counts[-1]), side="right"),
        trust=_padded(trusts, int(counts[-1])),
        large_firms=scenario["market.large_firms"],
        traders=scenario["market.traders"],
        programme=programme,
        acting=np.array(series["acting"]),
        collective_share=np.array(series["collective_share"]),
        world=world,
    )


def sites(firms: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the sites of firms along a ring street, the first at the top, then clockwise."""
    angles = 2.0 * np.pi * np.arange(firms) / firms
    return np.sin(angles), -np.cos(angles)


def _states(world: World, month: int) -> np.ndarray:
    firms = world.firms
    states = np.where(firms["cooperates"] != 0, WILLING, ALONE)
    return np.where(month - firms["last_act"] < YEAR, ACTING, states).astype(np.uint8)


def _events(world: World, month: int) -> np.ndarray:
    """What happened with orders this month; what is lost outshines what is won."""
    events = np.zeros(len(world.firms), np.uint8)
    cluster = world.clusters[0]
    for number in range(int(cluster.oldest_order), int(cluster.next_order)):
        order = world.orders[number % int(cluster.order_room)]
        if month not in (order.accepted, order.due):
            continue
        rows = np.arange(order.first_part, order.first_part + order.parts) % int(cluster.part_room)
        parts = world.parts[rows]
        if order.due == month:
            good = (parts["outcome"] == ON_TIME) & bool(order.success)
            found = np.where(good, DELIVERED, LOST).astype(np.uint8)
        else:
            found = np.full(len(parts), WON, np.uint8)
        np.maximum.at(events, parts["firm"], found)
    return events


def _per_cent(values: np.ndarray) -> np.ndarray:
    return np.rint(100.0 * values).astype(np.uint8)


def _padded(rows: Sequence[np.ndarray], width: int) -> np.ndarray:
    table = np.zeros((len(rows), width), np.uint8)
    for place, row in enumerate(rows):
        table[place, : len(row)] = row
    return table


if NONE != -1:
    raise AssertionError("groups are counted from 0, and no group is -1")
