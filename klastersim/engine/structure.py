"""How unequal firms are and how their ties close: measures that take longer than a month, made when they are asked."""

from __future__ import annotations

import numpy as np

from klastersim.compiled import inner, kernel
from klastersim.engine.month import run_clusters
from klastersim.engine.run import scratch_for
from klastersim.world.build import more_room
from klastersim.world.layout import NONE, STRUCTURE, VACANT, Scratch, World


def structure_of(world: World, scratch: Scratch | None = None) -> np.recarray:
    """Return the structure of each cluster of a world as it stands.

    Parameters
    ----------
    world : World
        The state.
    scratch : Scratch, optional
        Working memory that serves every cluster, where there is some already.

    Returns
    -------
    recarray of STRUCTURE, shape (clusters,)
        ``profit_gini``: Gini coefficient of the month's profits, NaN where any is below 0 or all are 0.
        ``trust_clustering``: of pairs of firms whom one firm would both work with, the share who would work together,
        NaN where there is no such pair.
    """
    scratch = scratch_for(world) if scratch is None else scratch
    found = np.zeros(len(world.clusters), STRUCTURE).view(np.recarray)
    _note_clustering(world, scratch, found)
    profits = _profits(world)
    for c, (first, firms) in enumerate(world.clusters[["first_firm", "firms"]].tolist()):
        found.profit_gini[c] = gini(profits[first : first + firms])
    return found


def structure_by_month(world: World, last: int) -> np.recarray:
    """Run the one cluster of a world up to month `last` and return its structure at the end of each month.

    Parameters
    ----------
    world : World
        The state before its first month; it is changed.
    last : int
        Last month to run.

    Returns
    -------
    recarray of STRUCTURE, shape (months,)
        As `structure_of` returns it.
    """
    found = np.zeros(last, STRUCTURE).view(np.recarray)
    profits = np.zeros((last, len(world.firms)))
    scratch = scratch_for(world)
    for month in range(1, last + 1):
        # The kernel of all months, so that nothing is compiled a second time.
        while run_clusters(world, scratch, 0, 1, month):
            world = more_room(world)
        _note_clustering(world, scratch, found[month - 1 : month])
        profits[month - 1] = _profits(world)
    found.profit_gini = gini(profits)
    return found


def _profits(world: World) -> np.ndarray:
    """Profits of the month by firm, NaN where nobody is."""
    return np.where(world.firms["standing"] == VACANT, np.nan, world.firms["profit"])


def gini(values: np.ndarray) -> np.ndarray:
    """Return the Gini coefficient along the last axis.

    Parameters
    ----------
    values : ndarray of float, shape (..., firms)
        NaN stands for a firm that is not there.

    Returns
    -------
    ndarray of float, shape (...)
        0 to 1; NaN where any value is below 0 or all are 0, since the coefficient is not defined there.

    Examples
    --------
    >>> gini(np.array([[1.0, 3.0, np.nan], [0.0, 0.0, 1.0]])).round(3).tolist()
    [0.25, 0.667]
    """
    values = np.sort(values, axis=-1)
    there = ~np.isnan(values)
    count = there.sum(axis=-1)
    ranks = np.arange(1, values.shape[-1] + 1)
    values = np.where(there, values, 0.0)
    weights = 2.0 * ranks - count[..., None] - 1.0
    total, weighted = (_sum(each) for each in (values, weights * values))
    defined = (total > 0.0) & (values >= 0.0).all(axis=-1)
    return np.where(defined, weighted, np.nan) / np.where(defined, count * total, 1.0)


def _sum(values: np.ndarray) -> np.ndarray:
    """Sum along the last axis, from the first to the last, so that the bits are the same on every machine."""
    return np.cumsum(np.insert(values, 0, 0.0, axis=-1), axis=-1)[..., -1]


@kernel
def _note_clustering(world, scratch, found):
    """Note the clustering of trust in every cluster."""
    for c in range(len(found)):
        found[c].trust_clustering = _clustering(world, c, scratch.members)


@inner
def _clustering(world, c, marks):
    """Return the transitivity of the graph of ties on which firms would work together; NaN without a connected triple.

    Each triangle is met once, at its lowest site, and stands for six of the ordered triples.
    """
    cluster = world.clusters[c]
    triples = triangles = 0
    for i in range(cluster.firms):
        marks[i] = NONE
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        if firm.standing == VACANT:
            continue
        partners = 0
        for k in range(firm.first_link, firm.first_link + firm.links):
            if _binds(world, c, k):
                partners += 1
                marks[world.links[k].partner] = i
        triples += partners * (partners - 1)
        for k in range(firm.first_link, firm.first_link + firm.links):
            if world.links[k].partner > i and _binds(world, c, k):
                triangles += _meeting(world, c, world.links[k].partner, i, marks)
    return 6.0 * triangles / triples if triples > 0 else np.nan


@inner
def _meeting(world, c, j, i, marks):
    """Count the partners of firm j, above it, that are marked as those of firm i."""
    firm = world.firms[world.clusters[c].first_firm + j]
    met = 0
    for k in range(firm.first_link, firm.first_link + firm.links):
        partner = world.links[k].partner
        met += partner > j and marks[partner] == i and _binds(world, c, k)
    return met


@inner
def _binds(world, c, k):
    """Whether a link leads to a firm that is there and with which its owner would work."""
    cluster = world.clusters[c]
    link = world.links[k]
    if world.firms[cluster.first_firm + link.partner].standing == VACANT:
        return False
    return world.ties[cluster.first_tie + link.tie].trust >= world.params[cluster.terms].groups_trust
