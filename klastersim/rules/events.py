"""R9: dated events: how far a shock is felt, and what a shifted demand and a rival do to the local price."""

from __future__ import annotations

from klastersim.compiled import exp, power, rule

LN2 = 0.6931471805599453


@rule("f8(f8, f8, f8)")
def felt_factor(factor, months, half_life):
    r"""What is left of a shock's factor some months after it came.

    .. math:: f(t) = 1 + (f - 1) \, 2^{-t / h}

    Parameters
    ----------
    factor : float
        Factor :math:`f` at first, > 0.
    months : float
        Months :math:`t` since then, >= 0.
    half_life : float
        Months :math:`h` after which half of the change is gone; 0 for a shock that does not fade.

    Returns
    -------
    float
        The factor :math:`f(t)`, between `factor` and 1. An accounting of what the user tells; rule R9.
    """
    if half_life <= 0.0:
        return factor
    return 1.0 + (factor - 1.0) * exp(-LN2 * months / half_life)


@rule("f8(f8, f8, f8, f8)")
def shifted_price(price, demand, rival, elasticity):
    r"""Local price after demand has shifted and a rival has come.

    .. math:: p' = p \, D^{1/\varepsilon} R

    Parameters
    ----------
    price : float
        Price :math:`p` at the opening demand by rule R9, Rp million a worker-month.
    demand : float
        Local demand at any price :math:`D`, relative to the opening, > 0.
    rival : float
        Ratio :math:`R` that outside competition takes the price to, > 0.
    elasticity : float
        Price elasticity of demand :math:`\varepsilon`, > 0.

    Returns
    -------
    float
        Rp million a worker-month.

    Notes
    -----
    Rule R9 with demand multiplied at every price: the inverse demand of constant elasticity shifts by the power.
    """
    return price * power(demand, 1.0 / elasticity) * rival
