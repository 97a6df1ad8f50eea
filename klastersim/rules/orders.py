"""R7: outside orders, what they ask for, and what becomes of them."""

from __future__ import annotations

from klastersim.compiled import exp, log, normal_quantile, rule

#: The quantiles by which the size of orders is declared: 5 % and 95 %.
SMALL = 0.05
LARGE = 0.95

#: Weeks in a month.
WEEKS = 52.0 / 12.0

#: Months in a year.
YEAR = 12.0


@rule("UniTuple(f8, 2)(f8, f8)")
def volume_distribution(small, large):
    r"""Mean and spread of the logarithm of an order's volume, from its 5 % and 95 % quantiles.

    .. math:: \mu = \tfrac12(\ln q_{95} + \ln q_5), \quad \sigma = \frac{\ln q_{95} - \ln q_5}{2 z_{95}}

    Parameters
    ----------
    small, large : float
        Quantiles, worker-months, > 0.

    Returns
    -------
    tuple of float
        :math:`\mu` and :math:`\sigma` (0 where the large quantile is not above the small one). Rule R7.
    """
    low = log(small)
    high = log(large)
    if high <= low:
        return low, 0.0
    return 0.5 * (low + high), (high - low) / (2.0 * normal_quantile(LARGE))


@rule("f8(f8, f8, f8)")
def order_volume(chance, log_mean, log_spread):
    r"""Volume of an order, lognormal: :math:`V = e^{\mu + \sigma z(u)}`.

    Parameters
    ----------
    chance : float
        Uniform draw :math:`u`, 0 to 1.
    log_mean, log_spread : float
        From :func:`volume_distribution`.

    Returns
    -------
    float
        Worker-months over the whole schedule. Rule R7; sizes S6, S30.
    """
    return exp(log_mean + log_spread * normal_quantile(chance))


@rule("f8(f8, f8, f8)")
def quality_asked(chance, mean, spread):
    """Least quality that an order asks for: normal, cut to 0..1.

    Parameters
    ----------
    chance : float
        Uniform draw, 0 to 1.
    mean, spread : float
        Mean and standard deviation, 0 to 1.

    Returns
    -------
    float
        Quality, 0 to 1. Rule R7.
    """
    return min(1.0, max(0.0, mean + spread * normal_quantile(chance)))


@rule("f8(f8, f8, f8, f8, f8, b1, f8)")
def order_price(local_price, input_price, wage, premium, order_share, on_whole_profit, allowance):
    r"""Price of output sold to an order, fixed at the opening.

    .. math:: p_o = \frac{p + \pi \, m / s}{1 - a}, \qquad m = p - c - w

    Parameters
    ----------
    local_price, input_price, wage : float
        Opening price :math:`p`, inputs :math:`c` and wage :math:`w`, Rp million a worker-month.
    premium : float
        Gain in profit :math:`\pi`, a share.
    order_share : float
        Share :math:`s` of a year's output that the order behind the figure took, > 0 (used on whole profit only).
    on_whole_profit : bool
        Whether the premium is read on a firm's whole yearly profit (else on the output sold to the order, s = 1).
    allowance : float
        Share :math:`a` of the price that stands for what a single firm loses by failing, 0 to less than 1.

    Returns
    -------
    float
        Rp million a worker-month.

    Notes
    -----
    Rule R7. Atkin, Khandelwal and Osman 2017 (S30): profit +16 to +26 %, first order 11 weeks of work. The gain was
    measured on single firms after the fact, so what these lose by failing stands behind it: hence the allowance. It is
    declared apart from the rates of failure, so that these do not move the price.
    """
    share = order_share if on_whole_profit else 1.0
    return (local_price + premium * (local_price - input_price - wage) / share) / (1.0 - allowance)


@rule("f8(f8, f8)")
def failure_probability(rate, trust):
    r"""Chance that a participant defaults (or is late).

    .. math:: P = \min\left(1, 4 p_0 (1 - t)^2\right)

    Parameters
    ----------
    rate : float
        Chance :math:`p_0` at trust one half, 0 to 1.
    trust : float
        Trust :math:`t` between the participant and those it works with, 0 to 1.

    Returns
    -------
    float
        Probability, 0 to 1. Rule R7; no measured rate was found, see docs/evidence.md.
    """
    return min(1.0, 4.0 * rate * (1.0 - trust) * (1.0 - trust))


@rule("f8(f8, f8, f8, f8)")
def expected_unit_revenue(price, default_probability, late_probability, late_discount):
    r"""Revenue that a participant expects of a unit: :math:`p (1 - P_d)(1 - P_l \delta)`.

    Parameters
    ----------
    price : float
        Order price :math:`p`, Rp million a worker-month.
    default_probability, late_probability : float
        :math:`P_d, P_l`, 0 to 1.
    late_discount : float
        Discount :math:`\delta` on late parts, share of the price.

    Returns
    -------
    float
        Rp million a worker-month. Rule R7: own risk only, the failure of the whole order is left out.
    """
    return price * (1.0 - default_probability) * (1.0 - late_probability * late_discount)


@rule("f8(f8, f8, f8, f8)")
def diverted_gain(gain, workers, mean_workers, capture):
    r"""Gain that a member of a group draws to itself of a joint order, at the cost of the smaller ones.

    .. math:: d_i = \kappa \, G_i \left(\frac{w_i}{\bar w} - 1\right), \qquad \bar w = \frac{\sum_j G_j w_j}{\sum_j G_j}

    Parameters
    ----------
    gain : float
        What its part brings more than the local market, :math:`G_i`, Rp million, >= 0.
    workers, mean_workers : float
        Workers :math:`w_i` of the member, and their mean over the parts, weighted by the gain; > 0.
    capture : float
        Part :math:`\kappa` of the gains that is shared out by size, 0 to 1; 0 leaves each its own.

    Returns
    -------
    float
        Rp million, at least minus the gain; over all members it adds up to 0. Rule R7: wealthier members divert
        proceeds where they have control (direction S40); form and size are assumed.
    """
    return capture * gain * (workers / mean_workers - 1.0)
