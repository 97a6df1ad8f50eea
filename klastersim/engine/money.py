"""R13 over arrays: what firms can pay for an order, and what they borrow for it."""

from __future__ import annotations

from klastersim.compiled import inner
from klastersim.rules.finance import interest
from klastersim.world.layout import GROUP


@inner
def own_funds(firm):
    """Working capital not yet set aside, Rp million."""
    return max(0.0, firm.working_capital - firm.reserved)


@inner
def kept_capital(p, firm):
    """Working capital that the owner keeps in ordinary times at the present size, Rp million."""
    if not p.growth_enabled:
        return firm.usual_capital
    return firm.usual_capital * (firm.workers / firm.span) if firm.span > 0.0 else 0.0


@inner
def credit_line(p, firm, taker):
    """What a bank would lend to a party: against collateral, or in a group that is jointly liable."""
    if not p.finance_credit or not (taker == GROUP or firm.collateral):
        return 0.0
    return max(0.0, p.finance_limit * firm.workers * p.local_price - firm.borrowed)


@inner
def affordable(p, cluster, firm, taker):
    """Output whose inputs a party can pay, worker-months."""
    if not p.finance_enabled or cluster.input_price <= 0.0:
        return 1e300
    return (own_funds(firm) + credit_line(p, firm, taker)) / cluster.input_price


@inner
def loan_needed(p, cluster, firm, part):
    """Loan that a party needs for the inputs of its part, Rp million."""
    if not p.finance_enabled:
        return 0.0
    return max(0.0, part * cluster.input_price - own_funds(firm))


@inner
def loan_months(p, schedule):
    """Months from acceptance of an order to the last payment."""
    return float(schedule + p.orders_payment_delay + 1)


@inner
def advance_for(cluster, volume, own):
    """What a principal advances for the inputs of a part, where the taker pays the share `own` of them, Rp million."""
    return volume * (1.0 - own) * cluster.input_price


@inner
def charge_on(p, advance, schedule):
    """What a principal charges on an advance until it pays, Rp million."""
    return interest(advance, p.principals_charge, float(schedule + p.orders_payment_delay))
