"""R1 over arrays: cash transfers, which ask for nothing and are not paid back."""

from __future__ import annotations

from klastersim.compiled import kernel
from klastersim.engine.measuring import row_of
from klastersim.engine.purses import FINANCE, purse_number


@kernel
def give_cash(world, scratch, c, month, channel, count):
    """Give each member what the purse has left, at most as much as a loan, and count it as public cost."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    purse = purse_number(FINANCE, channel)
    for k in range(count):
        firm = world.firms[cluster.first_firm + scratch.candidates[k].firm]
        given = min(p.programme_loan, world.purses[c, purse])
        firm.working_capital += given
        world.purses[c, purse] -= given
        cluster.government_account -= given
        row_of(world, c, month).public_cost += given
        cluster.spent[FINANCE] += given
