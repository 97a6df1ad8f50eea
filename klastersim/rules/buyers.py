"""R7: how buyers differ, what principals advance, and how far traders reach."""

from __future__ import annotations

import numpy as np

from klastersim.compiled import exp, normal_quantile, rule


@rule("f8(f8, f8)")
def drawn_factor(chance, spread):
    r"""How much a buyer's size stands above or below that of its kind, lognormal: :math:`e^{\sigma z(u)}`.

    Parameters
    ----------
    chance : float
        Uniform draw :math:`u`, 0 to 1.
    spread : float
        Standard deviation :math:`\sigma` of the logarithm, >= 0.

    Returns
    -------
    float
        A factor with median 1; just 1 without spread. Rule R7.
    """
    return exp(spread * normal_quantile(chance))


@rule("i8(f8, f8, f8)")
def drawn_schedule(chance, months, spread):
    r"""Schedule of a buyer in whole months: :math:`\max(1, \lfloor T e^{\sigma z(u)} + \tfrac12 \rfloor)`.

    Parameters
    ----------
    chance : float
        Uniform draw :math:`u`, 0 to 1.
    months : float
        Usual schedule :math:`T`, months, >= 1.
    spread : float
        Standard deviation :math:`\sigma` of the logarithm, >= 0.

    Returns
    -------
    int
        Months, 1 to ten times the usual ones. Rule R7.
    """
    drawn = np.floor(months * drawn_factor(chance, spread) + 0.5)
    return int(min(10.0 * months, max(1.0, drawn)))


@rule("f8(f8, f8)")
def deducted(income, owed):
    r"""What a principal keeps back of a part's income for what it advanced: :math:`\min(y, o)`.

    Parameters
    ----------
    income : float
        Income of the part :math:`y`, Rp million; 0 where it never arrived.
    owed : float
        What was advanced, with its charge :math:`o`, Rp million.

    Returns
    -------
    float
        Rp million; the rest is lost to the principal. Rule R7.
    """
    return min(income, owed)


@rule("f8(f8, f8)")
def reach_through(relation, traders_relation):
    r"""How far a firm reaches a large firm through a trader: :math:`r_{kt} \, R_{tb}`.

    Parameters
    ----------
    relation : float
        Relation :math:`r_{kt}` of the firm with the trader, 0 to 1.
    traders_relation : float
        Relation :math:`R_{tb}` of the trader with the large firm, 0 to 1.

    Returns
    -------
    float
        0 to 1: a share of the trader's own reach. Rule R7; private channels carry most exports of small firms (S15).
    """
    return relation * traders_relation
