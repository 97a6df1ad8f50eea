"""R5: trade between firms at neighbouring stages of the value chain."""

from __future__ import annotations

from math import sqrt

from klastersim.compiled import exp, rule


@rule("f8(f8, f8, f8, f8)")
def matched_work(supplier_workers, supplier_partners, buyer_workers, buyer_partners):
    r"""Work that two partners put into what they make together: each divides its work evenly among its partners.

    .. math:: x = \min(w_i / k_i, w_j / k_j)

    Parameters
    ----------
    supplier_workers, buyer_workers : float
        Workers :math:`w` of the two, > 0.
    supplier_partners, buyer_partners : float
        Partners :math:`k` at neighbouring stages of each, at least 1.

    Returns
    -------
    float
        Worker-months of each of the two. Rule R5; an assumption (grade A). What one leaves over is offered to nobody
        else this month.
    """
    return min(supplier_workers / supplier_partners, buyer_workers / buyer_partners)


@rule("f8(f8, f8, f8)")
def quantity_wanted(price, revenue, half_way):
    r"""Quantity at which a loyal buyer's profit :math:`b q / (c + q) - p q` is largest.

    .. math:: q = \max\left(0, \sqrt{b c / p} - c\right)

    Parameters
    ----------
    price : float
        Price :math:`p` of a unit, Rp million, > 0.
    revenue : float
        Largest revenue :math:`b`, Rp million a month, >= 0.
    half_way : float
        Quantity :math:`c` at which half of it is reached, units, > 0.

    Returns
    -------
    float
        Units.

    Notes
    -----
    Rule R5, loyal trade: Weisbuch, Kirman and Herreiner 2000; the form of the revenue is inferred from their figures.
    """
    return max(0.0, sqrt(revenue * half_way / price) - half_way)


@rule("f8(f8, f8, f8)")
def revenue_of(quantity, revenue, half_way):
    r"""Revenue of a loyal buyer: :math:`R = b q / (c + q)`.

    Parameters
    ----------
    quantity : float
        Quantity :math:`q` bought, units, >= 0.
    revenue, half_way : float
        As for :func:`quantity_wanted`.

    Returns
    -------
    float
        Rp million, 0 to `revenue`. Rule R5.
    """
    return revenue * quantity / (half_way + quantity)


@rule("f8(f8, f8, f8, f8)")
def weight_of_supplier(memory, best, choosiness, forgetting):
    r"""Weight of a supplier in a loyal buyer's choice, by remembered profit :math:`J = T / \gamma`.

    .. math:: a = e^{\beta (T - T_{\max}) / \gamma}

    Parameters
    ----------
    memory, best : float
        Memory :math:`T` of this supplier, and the largest :math:`T_{\max}` among all; Rp million a month.
    choosiness : float
        :math:`\beta`, per Rp million, >= 0.
    forgetting : float
        Share :math:`\gamma` that is forgotten in a month, > 0 to 1.

    Returns
    -------
    float
        0 to 1; the chance of the supplier is its share in the sum of weights.

    Notes
    -----
    Rule R5, loyal trade: the logit of Weisbuch, Kirman and Herreiner 2000. Among n suppliers who can always serve,
    loyalty appears above :math:`\beta = n \gamma / \pi` (mean field).
    """
    return exp(choosiness * (memory - best) / forgetting)


@rule("f8(f8, f8, f8)")
def memory_of_trade(memory, profit, forgetting):
    r"""Memory of a supplier after a month: :math:`T' = (1 - \gamma) T + \gamma \pi`.

    Parameters
    ----------
    memory : float
        Memory :math:`T`, Rp million a month.
    profit : float
        Profit :math:`\pi` made with this supplier this month, Rp million; 0 without a purchase.
    forgetting : float
        Share :math:`\gamma`, > 0 to 1.

    Returns
    -------
    float
        Mean profit remembered; the remembered sum of the published case is :math:`J = T / \gamma`. Rule R5.
    """
    return (1.0 - forgetting) * memory + forgetting * profit
