"""How unequal firms are and how their ties close: measures that take longer than a month, made when they are asked."""

from __future__ import annotations

import numpy as np

from klastersim.compiled import inner, kernel
from klastersim.engine.run import advance
from klastersim.world.layout import NONE, STRUCTURE, VACANT, World


def structure_of(world: World) -> np.recarray:
    """Return the structure of each cluster of a world as it stands.

    Parameters
    ----------
    world : World
        The state, which stays as it is, inside a month too.

    Returns
    -------
    recarray of STRUCTURE, shape (clusters,)
        ``profit_gini``: Gini coefficient of the month's profits, NaN where any is below 0 or all are 0.
        ``trust_clustering``: of pairs of firms whom one firm would both work with, the share who would work together,
        NaN where there is no such pair.
    """
    found = np.zeros(len(world.clusters), STRUCTURE).view(np.recarray)
    _note_clustering(world, np.zeros(int(world.clusters["firms"].max()), np.int64), found)
    for c, (first, firms) in enumerate(world.clusters[["first_firm", "firms"]].tolist()):
        rows = slice(first, first + firms)
        found.profit_gini[c] = gini(world.firms["profit"][rows][world.firms["standing"][rows] != VACANT])
    return found


def advance_noting(world: World, last: int) -> tuple[World, np.recarray]:
    """Run the one cluster of a world up to month `last`, and note its structure at the end of each month.

    Parameters
    ----------
    world : World
        The state before its first month; it is changed.
    last : int
        Last month to run.

    Returns
    -------
    World
        The state at the end of month `last`.
    recarray of STRUCTURE, shape (months,)
        As `structure_of` returns it.
    """
    found = np.zeros(last, STRUCTURE).view(np.recarray)
    for month in range(1, last + 1):
        # The kernel of all months, so that nothing is compiled a second time.
        world = advance(world, month)
        found[month - 1] = structure_of(world)[0]
    return world, found


def gini(values: np.ndarray) -> float:
    """Return the Gini coefficient of values; NaN where any is below 0 or all are 0: it is not defined there.

    Examples
    --------
    >>> gini(np.array([3.0, 1.0]))
    0.25
    """
    values = np.sort(values)
    # Sums from the first to the last, so that the bits are the same on every machine.
    total = np.cumsum(values)[-1:]
    if not total.size or not total[0] > 0.0 or values[0] < 0.0:
        return float("nan")
    weights = 2.0 * np.arange(1, len(values) + 1) - len(values) - 1.0
    return float(np.cumsum(weights * values)[-1] / (len(values) * total[0]))


@kernel
def _note_clustering(world, marks, found):
    """Note the clustering of trust in every cluster."""
    for c in range(len(found)):
        found[c].trust_clustering = _clustering(world, c, marks)


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
