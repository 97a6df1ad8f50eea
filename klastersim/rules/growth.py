"""R14: growth, exit and entry."""

from __future__ import annotations

import numpy as np

from klastersim.compiled import log, rule

#: A month of closing that never comes.
FOREVER = 32_000

#: Below this an opening margin tells nothing about what is ordinary.
LEAST_MARGIN = 1e-9


@rule("f8(f8, f8)")
def against_ordinary(margin, ordinary):
    r"""Margin over the ordinary one, :math:`m / m_0`; 1 where the opening had none.

    Parameters
    ----------
    margin, ordinary : float
        Margin :math:`m` now and at the opening :math:`m_0`, Rp million a worker-month.

    Returns
    -------
    float
        A pure number. Rule R14.
    """
    return margin / ordinary if ordinary > LEAST_MARGIN else 1.0


@rule("f8(f8, f8, f8, f8, f8)")
def workers_wanted(span, success, response, work, order_hiring):
    r"""Workers that a firm's market and orders could use.

    .. math:: W^* = W_0 \max(0, 1 + \eta (m / m_0 - 1)) + \kappa \, o

    Parameters
    ----------
    span : float
        Workers :math:`W_0` that the owner leads at the ordinary margin, > 0.
    success : float
        Local margin over the ordinary one :math:`m / m_0`.
    response : float
        Elasticity :math:`\eta`, >= 0.
    work : float
        Output :math:`o` committed to orders, worker-months a month, >= 0.
    order_hiring : float
        Share :math:`\kappa` of it that is wanted beside the market, 0 to 1.

    Returns
    -------
    float
        Workers, >= 0.

    Notes
    -----
    Rule R14. With a cost of supervision that rises with the square of the workers an owner hires until the margin of
    the last one pays for it: the number is proportional to the margin (eta = 1; Lucas 1978 for the span of control, M).
    """
    return span * max(0.0, 1.0 + response * (success - 1.0)) + order_hiring * work


@rule("f8(f8, f8, f8, f8, f8)")
def workers_next(workers, wanted, adjustment, payable, least):
    r"""Workers after a month of hiring or dismissing: a partial adjustment, as far as new ones can be paid.

    .. math:: W' = \max(W_{min}, \min(W + a (W^* - W), W + h))

    Parameters
    ----------
    workers, wanted : float
        Workers :math:`W` now, and those that could be used :math:`W^*`.
    adjustment : float
        Share :math:`a` of the way, 0 to 1.
    payable : float
        New workers :math:`h` whose first month, with its inputs, the firm can pay, >= 0.
    least : float
        Workers :math:`W_{min}` that stay whatever happens.

    Returns
    -------
    float
        Workers. Rule R14.
    """
    return max(least, min(workers + adjustment * (wanted - workers), workers + payable))


@rule("f8(f8, f8)")
def months_to_live(chance, yearly_hazard):
    r"""Months until a firm closes for no reason of its market, at a constant hazard.

    .. math:: n = 1 + \left\lfloor \frac{12 \ln u}{\ln(1 - H)} \right\rfloor, \qquad P(n > k) = (1 - H)^{k / 12}

    Parameters
    ----------
    chance : float
        Uniform draw :math:`u`, between 0 and 1.
    yearly_hazard : float
        Share :math:`H` of firms that close in a year, 0 to 1 (exclusive).

    Returns
    -------
    float
        Whole months from 1, at most `FOREVER`.

    Notes
    -----
    Rule R14: drawn once, when the firm opens. S39: 10.2 % a year (D).
    """
    if yearly_hazard <= 0.0:
        return float(FOREVER)
    return min(float(FOREVER), 1.0 + np.floor(12.0 * log(chance) / log(1.0 - yearly_hazard)))


@rule("f8(f8, f8, f8)")
def entry_chance(ordinary, attraction, success):
    r"""Chance that a newcomer takes a free site this month.

    .. math:: e = \min(1, e_0 \max(0, 1 + \zeta (s - 1)))

    Parameters
    ----------
    ordinary : float
        Chance :math:`e_0` in ordinary times, 0 to 1.
    attraction : float
        Elasticity :math:`\zeta`, >= 0.
    success : float
        Profit per worker of the firms that the site knows, over the ordinary margin, :math:`s`.

    Returns
    -------
    float
        0 to 1. Rule R14: entry on a profit signal (Nelson and Winter 1982, M); nearness to those who succeed.
    """
    return min(1.0, ordinary * max(0.0, 1.0 + attraction * (success - 1.0)))
