"""R13: working capital and credit."""

from __future__ import annotations

from klastersim.compiled import rule


@rule("f8(f8, f8, f8, f8, f8, f8)")
def owners_draw(profit, usual_income, capital, usual_capital, retention, drift):
    r"""What the owner's household takes out of the firm in a month (or, below 0, puts in).

    .. math:: D = \pi - \rho (\pi - \pi_0) + d (K - K_0)

    Parameters
    ----------
    profit, usual_income : float
        Profit :math:`\pi` of the month and at the opening :math:`\pi_0`, Rp million.
    capital, usual_capital : float
        Working capital :math:`K` and what the owner keeps in ordinary times :math:`K_0`, Rp million.
    retention, drift : float
        Share :math:`\rho` of the profit above the usual that stays, and rate :math:`d` of return, 0 to 1.

    Returns
    -------
    float
        Rp million.

    Notes
    -----
    Rule R13: at the usual profit the owner draws just that and capital stays. A partial adjustment to a target.
    """
    return profit - retention * (profit - usual_income) + drift * (capital - usual_capital)


@rule("f8(f8, f8, f8)")
def interest(principal, yearly_rate, months):
    r"""Simple interest: :math:`P \, i / 100 \cdot n / 12`.

    Parameters
    ----------
    principal : float
        Principal :math:`P`, Rp million.
    yearly_rate : float
        Rate :math:`i`, per cent a year.
    months : float
        Months :math:`n`.

    Returns
    -------
    float
        Rp million. Rule R13.
    """
    return principal * yearly_rate / 100.0 * months / 12.0
