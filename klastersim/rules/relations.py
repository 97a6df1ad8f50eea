"""R12: what buyers remember."""

from __future__ import annotations

from klastersim.compiled import rule


@rule("f8(f8, b1, f8, f8)")
def relation_after_order(relation, success, rise, fall):
    r"""Relation after an order: :math:`r + \rho (1 - r)` after success, :math:`r - \kappa r` after failure.

    Parameters
    ----------
    relation : float
        Relation :math:`r` of a firm (or trader) with a buyer, 0 to 1.
    success : bool
        Whether the order was a success.
    rise, fall : float
        Rates :math:`\rho, \kappa`, 0 to 1.

    Returns
    -------
    float
        Relation, 0 to 1. Rule R12; later orders depend on satisfaction with the first (S30).
    """
    if success:
        return relation + rise * (1.0 - relation)
    return relation - fall * relation


@rule("f8(f8, f8, f8)")
def relation_unused(relation, base, decay):
    r"""Relation after a month in which nothing was traded through it: :math:`r + \delta (b - r)`.

    Parameters
    ----------
    relation, base : float
        Relation :math:`r` and its base :math:`b`, 0 to 1.
    decay : float
        Rate :math:`\delta`, 0 to 1.

    Returns
    -------
    float
        Relation, 0 to 1. Rule R12.
    """
    return relation + decay * (base - relation)
