"""R1 over arrays: programme loans are lent, repaid, stood in for, and written off."""

from __future__ import annotations

from klastersim.compiled import inner, two
from klastersim.compiled.purposes import PROGRAMME_PICK
from klastersim.engine.acquaintance import find_tie
from klastersim.engine.measuring import row_of
from klastersim.engine.purses import FINANCE, INDIVIDUAL, INSTRUMENTS, TOGETHER, purse_number
from klastersim.rules.learning import DEFAULTED
from klastersim.world.codes import TIES_ALL
from klastersim.world.layout import NONE


@inner
def lend(world, scratch, c, month, channel, count):
    """Lend to each member what the purse has left, at most a whole loan; in a group all stand for each other."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    purse = purse_number(FINANCE, channel)
    for k in range(count):
        i = scratch.candidates[k].firm
        firm = world.firms[cluster.first_firm + i]
        keeps, _ = two(cluster.seed, month, PROGRAMME_PICK, cluster.identity, i, INSTRUMENTS)
        firm.loan = min(p.programme_loan, world.purses[c, purse])
        firm.instalment = firm.loan / p.programme_loan_months
        firm.loan_defaults = keeps < p.programme_arrears
        firm.loan_group = scratch.candidates[0].firm if channel == TOGETHER else NONE
        firm.loan_due = month + p.programme_loan_months
        firm.working_capital += firm.loan
        world.purses[c, purse] -= firm.loan
        cluster.government_account -= firm.loan
        cluster.loans_out += 1


@inner
def collect_loans(world, c, month):
    """Collect instalments; what a defaulter owes falls on those who stand for it, and in the end on public money.

    Those who borrowed together stand in first, then each pays its own instalment, so that no site comes before another.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if cluster.loans_out == 0:
        return
    row = row_of(world, c, month)
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        if firm.loan > 0.0 and firm.loan_defaults:
            # Who does not repay pays no interest either.
            row.public_cost += firm.loan * max(p.finance_rate, p.programme_loan_rate) / 1200.0
            _stand_in(world, c, i, min(firm.loan, firm.instalment), month)
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        if firm.loan <= 0.0:
            continue
        if not firm.loan_defaults:
            row.public_cost += firm.loan * max(0.0, p.finance_rate - p.programme_loan_rate) / 1200.0
            owed = firm.loan * p.programme_loan_rate / 1200.0
            paid = min(firm.working_capital, owed + min(firm.loan, firm.instalment))
            firm.working_capital -= paid
            firm.charges += min(paid, owed)
            cluster.government_account += paid
            repaid = max(0.0, paid - owed)
            firm.loan -= repaid
            _return_to_purse(world, c, firm, repaid)
        # Who is short of money goes on paying after the term; who will not pay is written off then.
        if firm.loan <= 1e-9 or (firm.loan_defaults and month >= firm.loan_due):
            row.public_cost += firm.loan
            firm.loan = 0.0
            cluster.loans_out -= 1


@inner
def call_loan(world, c, i, month):
    """Call the loan of a firm that closes: it pays what it can, others stand in, the rest is written off."""
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + i]
    paid = min(firm.loan, max(0.0, firm.working_capital))
    firm.working_capital -= paid
    firm.loan -= paid
    cluster.government_account += paid
    _return_to_purse(world, c, firm, paid)
    # Who no longer pays itself is left out of those who stand in.
    firm.loan_defaults = 1
    if firm.loan > 0.0:
        _stand_in(world, c, i, firm.loan, month)
    row_of(world, c, month).public_cost += firm.loan
    firm.loan = 0.0
    cluster.loans_out -= 1


@inner
def _return_to_purse(world, c, firm, repaid):
    """Put repaid principal back where it came from."""
    channel = INDIVIDUAL if firm.loan_group == NONE else TOGETHER
    world.purses[c, purse_number(FINANCE, channel)] += repaid


@inner
def _stand_in(world, c, i, owed, month):
    """Let those who borrowed with firm `i` pay its instalment in equal shares, as far as their capital goes.

    They are let down by it when that happens first.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + i]
    if firm.loan_group == NONE:
        return
    count = 0
    for k in range(cluster.firms):
        other = world.firms[cluster.first_firm + k]
        count += other.loan_group == firm.loan_group and other.loan > 0.0 and not other.loan_defaults
    for k in range(cluster.firms):
        other = world.firms[cluster.first_firm + k]
        if other.loan_group == firm.loan_group and other.loan > 0.0 and not other.loan_defaults:
            paid = min(other.working_capital, owed / count)
            other.working_capital -= paid
            other.charges += paid
            if month == firm.loan_due - p.programme_loan_months + 1 and p.ties_kind != TIES_ALL:
                tie = find_tie(world, c, i, k)
                if tie != NONE:
                    world.tie_events[cluster.first_tie + tie] |= DEFAULTED
            cluster.government_account += paid
            firm.loan -= paid
            _return_to_purse(world, c, firm, paid)
