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
from klastersim.world.layout import NONE, ON_TIME, VACANT, YEAR, World

#: What a firm does in a month, from little to much; on a site that is free there is none.
ALONE, WILLING, ACTING, FREE = 0, 1, 2, 3

#: What happened to a firm with an order in a month: won one, delivered one well, lost one by a late or failed delivery.
NOTHING, WON, DELIVERED, LOST = 0, 1, 2, 3

#: Firms up to which each is drawn large enough to be told from its neighbours; more are a crowd on a winding street.
CROWD: Final = 600

#: Most firms, times months, of a map: what a crowd sends is four bytes for three of them.
MOST_MOMENTS: Final = 2_500_000

#: A crowd's street winds from here to its edge, as a share of the radius.
INNER: Final = 0.5


@dataclass(frozen=True)
class ClusterData:
    """A run, month by month.

    Attributes
    ----------
    x, y : ndarray of float, shape (firms,)
        Sites, on a street within radius 1.
    state, event : ndarray of uint8, shape (months, firms)
        What each firm does, and what happened to it with an order.
    pace : int
        Months from one row of the tables that follow to the next, the last one of the run among them.
    group : ndarray of uint16, shape (rows, firms)
        Group of the month, from 1; 0 for none.
    quality : ndarray of uint8, shape (rows, firms)
        Quality, per cent.
    capital, workers : ndarray of float32, shape (rows, firms)
        Working capital, Rp million, and workers.
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
    state: np.ndarray
    event: np.ndarray
    pace: int
    group: np.ndarray
    quality: np.ndarray
    capital: np.ndarray
    workers: np.ndarray
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
    pace = YEAR if firms > CROWD else 1
    state, event = (np.zeros((months, firms), np.uint8) for _ in range(2))
    counts = np.zeros(months, np.int64)
    groups, qualities, capitals, workers, trusts = ([] for _ in range(5))
    for month in range(1, months + 1):
        world = advance(world, month)
        row = month - 1
        state[row] = _states(world, month)
        event[row] = _events(world, month)
        counts[row] = world.clusters[0].ties
        if month % pace == 0 or month == months:
            groups.append((world.firms["group"] + 1).astype(np.uint16))
            qualities.append(_per_cent(world.firms["quality"]))
            capitals.append(world.firms["working_capital"].astype(np.float32))
            workers.append(world.firms["workers"].astype(np.float32))
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
        state=state,
        event=event,
        pace=pace,
        group=np.stack(groups),
        quality=np.stack(qualities),
        capital=np.stack(capitals),
        workers=np.stack(workers),
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


def can_be_drawn(firms: int, months: int) -> bool:
    """Whether a map of so many firms over so many months is small enough to be sent to a page."""
    return firms * months <= MOST_MOMENTS


def sites(firms: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the sites of firms along the street, clockwise.

    A few stand on a ring, the first at the top. A crowd stands on a spiral with equal room for each, so that neighbours
    along the street stay neighbours, and the two ends lie far apart though they are neighbours too.
    """
    if firms <= CROWD:
        angles = 2.0 * np.pi * np.arange(firms) / firms
        return np.sin(angles), -np.cos(angles)
    # Equal room: the area within grows evenly from firm to firm. Windings lie as far apart as firms on them.
    radius = np.sqrt(INNER**2 + (1.0 - INNER**2) * (np.arange(firms) + 0.5) / firms)
    apart = np.sqrt(np.pi * (1.0 - INNER**2) / firms)
    angles = 2.0 * np.pi * (radius - INNER) / apart
    return radius * np.sin(angles), -radius * np.cos(angles)


def _states(world: World, month: int) -> np.ndarray:
    firms = world.firms
    states = np.where(firms["cooperates"] != 0, WILLING, ALONE)
    states = np.where(month - firms["last_act"] < YEAR, ACTING, states)
    return np.where(firms["standing"] == VACANT, FREE, states).astype(np.uint8)


def _events(world: World, month: int) -> np.ndarray:
    """What happened with orders this month; what is lost outshines what is won."""
    events = np.zeros(len(world.firms), np.uint8)
    cluster = world.clusters[0]
    orders = world.orders[np.arange(cluster.oldest_order, cluster.next_order) % int(cluster.order_room)]
    for order in orders[(orders["accepted"] == month) | (orders["due"] == month)]:
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
