"""Run a world: all clusters, in one thread or several, with the same bits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from klastersim.engine.arriving import most_orders
from klastersim.engine.happening import most_demand
from klastersim.engine.month import run_clusters
from klastersim.engine.planning import most_test_orders
from klastersim.engine.purses import CHANNELS
from klastersim.world.build import more_room
from klastersim.world.layout import Scratch, World, make_scratch


def scratch_for(world: World) -> Scratch:
    """Return working memory that serves every cluster of a world."""
    firms = int(world.clusters["firms"].max())
    orders = most_orders(max(_most_potential(world, c) for c in range(len(world.clusters))))
    orders += most_test_orders(world.params)
    links = 2 * int(world.clusters["tie_room"].max())
    return make_scratch(firms, links, world.relations.shape[1], orders + CHANNELS * firms)


def _most_potential(world: World, c: int) -> float:
    """Most potential orders a month that a cluster's events let it have."""
    cluster = world.clusters[c]
    potential = float(world.params["market_potential"][cluster.terms])
    if not cluster.events:
        return potential
    return potential * most_demand(world.events[cluster.first_event : cluster.first_event + cluster.events])


def advance(world: World, last: int, threads: int = 1) -> World:
    """Run every cluster up to month `last` and return the world (its rings of orders may have been made anew).

    Parameters
    ----------
    world : World
        The state; it is changed.
    last : int
        Last month to run.
    threads : int, default 1
        Threads to spread clusters over; the result does not depend on it.

    Returns
    -------
    World
        The state at the end of month `last`.
    """
    bounds = np.linspace(0, len(world.clusters), threads + 1).astype(int)
    scratches = [scratch_for(world) for _ in range(threads)]
    while True:
        if threads == 1:
            short = run_clusters(world, scratches[0], 0, len(world.clusters), last)
        else:
            with ThreadPoolExecutor(threads) as pool:
                short = sum(pool.map(run_clusters, *zip(*_jobs(world, scratches, bounds, last), strict=True)))
        if not short:
            return world
        world = more_room(world)


def _jobs(world: World, scratches: list[Scratch], bounds: np.ndarray, last: int) -> list[tuple]:
    return [(world, scratch, int(bounds[k]), int(bounds[k + 1]), last) for k, scratch in enumerate(scratches)]
