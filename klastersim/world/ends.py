"""Between whom the ties of a cluster are: the links of its firms tell, ties themselves do not."""

from __future__ import annotations

import numpy as np
from numpy.lib.recfunctions import merge_arrays

from klastersim.compiled import inner, kernel
from klastersim.world.layout import ENDS, World


def ends_of(world: World, c: int = 0) -> np.recarray:
    """Return the two firms of each tie of a cluster.

    Parameters
    ----------
    world : World
        The state.
    c : int, default 0
        Number of the cluster.

    Returns
    -------
    recarray of ENDS, shape (ties,)
        By number of the tie: the lower and the upper site.
    """
    ends = np.zeros(int(world.clusters[c].ties), ENDS).view(np.recarray)
    write_ends(world, c, ends)
    return ends


def ties_of(world: World, c: int = 0) -> np.recarray:
    """Return the ties of a cluster with their two firms, as a copy.

    Parameters
    ----------
    world : World
        The state.
    c : int, default 0
        Number of the cluster.

    Returns
    -------
    recarray, shape (ties,)
        By number of the tie: ``lower`` and ``upper`` site, ``trust`` and ``base_trust``, both 0 to 1.
    """
    first, count = int(world.clusters[c].first_tie), int(world.clusters[c].ties)
    whole = merge_arrays((ends_of(world, c), world.ties[first : first + count]), flatten=True)
    return whole.view(np.recarray)


@kernel
def write_ends(world, c, ends):
    """Write the two firms of each tie of a cluster."""
    cluster = world.clusters[c]
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        for k in range(firm.first_link, firm.first_link + firm.links):
            link = world.links[k]
            if link.partner > i:
                ends[link.tie].lower = i
                ends[link.tie].upper = link.partner


@inner
def note_ends(world, scratch, c):
    """Note the two firms of each tie of a cluster, unless that was done this month and no tie was formed since."""
    if scratch.noted[0] != world.clusters[c].ties:
        write_ends(world, c, scratch.ends)
        scratch.noted[0] = world.clusters[c].ties


@inner
def has_both_owners(scratch, k):
    """Whether both sites of a noted tie are owned, as far as it was noted who is there."""
    return scratch.there[scratch.ends[k].lower] and scratch.there[scratch.ends[k].upper]
