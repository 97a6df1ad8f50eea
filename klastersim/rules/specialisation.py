"""R3: whether a firm does one stage of the value chain only, and what that brings it."""

from __future__ import annotations

from klastersim.compiled import rule
from klastersim.rules.cooperation import NEUTRAL_TRUST


@rule("f8(f8, f8, f8, f8, f8)")
def utility_of_specialising(intercept, gain_weight, trust_weight, gain, mean_trust):
    r"""Utility of specialising on a stage against doing all stages.

    .. math:: V = s_0 + s_g d + s_t (\bar t - 1/2)

    Parameters
    ----------
    intercept, gain_weight, trust_weight : float
        The weights :math:`s_0, s_g, s_t`.
    gain : float
        Gain from specialising :math:`d` that the owner has learned, share of stand-alone sales.
    mean_trust : float
        Mean trust :math:`\bar t` in the partners that count, 0 to 1.

    Returns
    -------
    float
        Utility, a pure number.

    Notes
    -----
    Rule R3, discrete choice (McFadden 1974), for all social types alike: one specialises for oneself. Weights are
    assumptions (grade A).
    """
    return intercept + gain_weight * gain + trust_weight * (mean_trust - NEUTRAL_TRUST)


@rule("f8(f8, f8, f8)")
def division_effect(matched, gain, loss):
    r"""What the division of labour adds to the output of a specialised firm.

    .. math:: \delta = g m - l (1 - m)

    Parameters
    ----------
    matched : float
        Share :math:`m` of its work that partners at neighbouring stages match, 0 to 1.
    gain, loss : float
        Gain :math:`g` of matched and loss :math:`l` of unmatched work, shares of output, >= 0.

    Returns
    -------
    float
        Share of output, `-loss` to `gain`.

    Notes
    -----
    Rule R3. Sizes are assumptions of the order of S26 (grade A).
    """
    return gain * matched - loss * (1.0 - matched)


@rule("f8(f8, f8, f8, f8, f8)")
def gain_from_specialising(effect, workers, price, input_price, trade_profit):
    r"""Gain from specialising this month.

    .. math:: y = \frac{\delta w (p - c) + \pi}{w p}

    Parameters
    ----------
    effect : float
        What the division of labour adds to output :math:`\delta`, a share.
    workers : float
        Workers :math:`w`, > 0.
    price, input_price : float
        Local price :math:`p` and inputs :math:`c`, Rp million a worker-month.
    trade_profit : float
        Profit of loyal trade :math:`\pi`, Rp million; 0 otherwise, where goods change hands at the local price.

    Returns
    -------
    float
        Share of stand-alone sales. Rule R3.
    """
    return (effect * workers * (price - input_price) + trade_profit) / (workers * price)
