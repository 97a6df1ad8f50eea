"""Purses of a programme: its money by instrument and channel."""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.engine.measuring import row_of

#: Instruments, as the purses are numbered (two channels each).
TRAINING, FINANCE, MARKET, TRUST, EQUIPMENT = 0, 1, 2, 3, 4
INSTRUMENTS = 5

#: Where what is spent on plans and seats is counted, after the instruments.
PLANNING = 5

#: Where owners' time at forums, which no programme calls, is counted, after planning.
FORUMS = 6

#: For what else firms are drawn by the month, beside the list of each of the first four instruments, which has its
#: number: who repays, who comes to a meeting, the list that bodies have in common, the list for equipment.
REPAYING, COMING, COMMON_LIST, EQUIPMENT_LIST = 4, 5, 6, 7

#: Channels.
INDIVIDUAL, TOGETHER = 0, 1
CHANNELS = 2


@kernel
def purse_number(instrument, channel):
    """Place of a purse in the cluster's row."""
    return instrument * CHANNELS + channel


@inner
def spend(world, c, month, cost, instrument):
    """Pay staff and services from public money, for an instrument or for `PLANNING`."""
    cluster = world.clusters[c]
    cluster.government_account -= cost
    cluster.suppliers_account += cost
    row_of(world, c, month).public_cost += cost
    cluster.spent[instrument] += cost


@inner
def give_days(world, c, i, days, whom):
    """Let an owner give days to an instrument, to `PLANNING`, and so to an official or support body, or to `FORUMS`."""
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + i]
    firm.support_days += days
    cluster.owner_days[whom] += days
    if whom != FORUMS:
        firm.visited = cluster.month
