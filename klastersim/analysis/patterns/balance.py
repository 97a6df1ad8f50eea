"""Pattern 14: money, goods and workers balance to rounding every month of every run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from klastersim.analysis.patterns.ensemble import BASE
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding, Row
from klastersim.compiled import derive_seed
from klastersim.engine.run import advance
from klastersim.scenario.parameters import THIN_BUDGET
from klastersim.world.build import build
from klastersim.world.layout import World

#: Accounts outside the firms of a cluster.
ACCOUNTS: Final = ("buyers", "suppliers", "households", "bank", "government", "traders")

MONTHS: Final = 96

#: Largest imbalance that is rounding, share of what was moved.
ROUNDING: Final = 1e-9

#: Clusters of every kind of support and of no support, in which much happens.
KINDS: Final[Sequence[Changes]] = (
    {"programme.enabled": False},
    *(
        {"programme.budget": times * THIN_BUDGET, "programme.channel": channel}
        for times in (1.0, 60.0)
        for channel in ("individual", "group", "mixed")
    ),
)


def money(world: World) -> np.ndarray:
    """Money of each cluster's firms and of all accounts outside, Rp million; it never changes."""
    clusters = world.clusters
    inside = np.add.reduceat(np.asarray(world.firms["working_capital"]), np.asarray(clusters["first_firm"]))
    return np.asarray(inside + sum(np.asarray(clusters[f"{name}_account"]) for name in ACCOUNTS))


def goods(world: World) -> np.ndarray:
    """Goods that each cluster made less those sold, delivered, lost and still in work, worker-months; always 0."""
    clusters = world.clusters
    made, *gone = (np.asarray(clusters[f"goods_{name}"]) for name in ("made", "sold", "delivered", "lost"))
    return np.asarray(made - sum(gone) - np.array([in_work(world, c) for c in range(len(clusters))]))


def hands(world: World) -> np.ndarray:
    """Workers of each cluster's firms and local people not at work; it never changes."""
    workers = np.add.reduceat(np.asarray(world.firms["workers"]), np.asarray(world.clusters["first_firm"]))
    return np.asarray(workers + np.asarray(world.clusters["home_workers"]))


def in_work(world: World, c: int) -> float:
    """Output of a cluster that went into orders not yet due, worker-months."""
    cluster = world.clusters[c]
    numbers = np.arange(int(cluster.oldest_order), int(cluster.next_order))
    orders = world.orders[int(cluster.first_order) + numbers % int(cluster.order_room)]
    open_ = np.asarray(orders["due"]) > int(cluster.month)
    accepted = np.asarray(orders["accepted"])
    done = (int(cluster.month) - accepted + 1) / (np.asarray(orders["due"]) - accepted)
    volumes = np.array([_volume(world, cluster, order) for order in orders])
    return float((volumes * done)[open_].sum())


def _volume(world: World, cluster: np.record, order: np.record) -> float:
    """Volume of the parts of an order that are still to be made: those of firms that closed are not."""
    numbers = np.arange(int(order.first_part), int(order.first_part) + int(order.parts))
    return float(world.parts["volume"][int(cluster.first_part) + numbers % int(cluster.part_room)].sum())


def imbalance(world: World, opening: np.ndarray, moved: np.ndarray) -> tuple[float, float]:
    """Largest imbalance of money, share of what was moved since the opening, and of goods, share of what was made."""
    off_money = np.abs(money(world) - opening) / np.maximum(moved, 1.0)
    off_goods = np.abs(goods(world)) / np.maximum(np.asarray(world.clusters["goods_made"]), 1.0)
    return float(off_money.max()), float(off_goods.max())


def missing_hands(world: World, opening: np.ndarray) -> float:
    """Largest imbalance of workers, share of those at the opening."""
    return float((np.abs(hands(world) - opening) / np.maximum(opening, 1.0)).max())


def balances(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether money, goods and workers balance every month.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs of each kind of programme and of none, and what their luck is derived from.
    alpha : float
        Not used: nothing is left to chance but which months are lived through.

    Returns
    -------
    Finding
        The estimate is the largest imbalance of any month of any run.
    """
    base = {"ties.trust": 0.8, "market.potential": 8.0, **changes}
    scenarios = [BASE.replace({**base, **kind}) for kind in KINDS for _ in range(replications)]
    world = build(scenarios, [int(derive_seed(seed, r)) for r in range(replications)] * len(KINDS))
    opening = money(world)
    people = hands(world)
    moved = np.abs(opening)
    worst = np.zeros(3)
    for month in range(1, MONTHS + 1):
        world = advance(world, month)
        moved += np.add.reduceat(np.asarray(world.firms["income"]), np.asarray(world.clusters["first_firm"]))
        worst = np.maximum(worst, (*imbalance(world, opening, moved), missing_hands(world, people)))
    names = ("money", "goods", "workers")
    rows: list[Row] = [{"of": name, "largest": float(value)} for name, value in zip(names, worst, strict=True)]
    orders = int(np.asarray(world.clusters["next_order"]).sum())
    return Finding(
        pattern=14,
        part="balances",
        claim="Money, goods and workers balance to rounding every month of every run.",
        quantity="largest imbalance, share of what was moved or made",
        estimate=float(worst.max()),
        low=None,
        high=float(worst.max()),
        alpha=0.0,
        held=bool(worst.max() < ROUNDING),
        detail=tuple(rows),
        note=f"{len(scenarios)} runs of {MONTHS} months with {orders:,} orders."
        + ("" if scenarios[0]["growth.enabled"] else " Workers are fixed, so their balance is trivial."),
    )
