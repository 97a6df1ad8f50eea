"""Purses of a programme: its money by instrument and channel."""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.engine.measuring import row_of

#: Instruments, as the purses are numbered (two channels each).
TRAINING, FINANCE, MARKET, TRUST = 0, 1, 2, 3
INSTRUMENTS = 4

#: Channels.
INDIVIDUAL, TOGETHER = 0, 1
CHANNELS = 2


@kernel
def purse_number(instrument, channel):
    """Place of a purse in the cluster's row."""
    return instrument * CHANNELS + channel


@inner
def spend(world, c, month, cost):
    """Pay staff and services from public money."""
    cluster = world.clusters[c]
    cluster.government_account -= cost
    cluster.suppliers_account += cost
    row_of(world, c, month).public_cost += cost
