"""R2: whether a firm wants to cooperate."""

from __future__ import annotations

from klastersim.compiled import rule

#: Social types of owners.
FREE_RIDER, CONDITIONAL, HUMP_SHAPED, OTHER = 0, 1, 2, 3

#: A trust of one half neither invites nor deters.
NEUTRAL_TRUST = 0.5


@rule("f8(f8, f8)")
def company_felt(company, peak):
    r"""Company as a hump-shaped cooperator feels it: it draws up to a point, and beyond that others will do.

    .. math:: h(S) = \begin{cases} S & S \le S^* \\ S^* \frac{1 - S}{1 - S^*} & S > S^* \end{cases}

    Parameters
    ----------
    company : float
        Trust-weighted share :math:`S` of cooperating partners, 0 to 1.
    peak : float
        Share :math:`S^*` at which it draws most, 0 to 1; at 1 there is no hump.

    Returns
    -------
    float
        0 to `peak`. Rule R2; S34: they follow others up to about one half and give less the more these give then.
    """
    if company <= peak:
        return company
    return peak * (1.0 - company) / (1.0 - peak)


@rule("f8(f8, f8, f8, f8, f8, f8, f8, f8, i8, f8)")
def utility(intercept, gain_weight, social_weight, trust_weight, gain, cost, company, mean_trust, social, peak):
    r"""Utility of cooperating against standing alone.

    .. math:: U = c_0 + c_g (g - k) + \begin{cases}
              c_s S + c_t (\bar t - 1/2) & \text{conditional} \\
              c_s h(S) + c_t (\bar t - 1/2) & \text{hump-shaped} \\
              0 & \text{free rider} \end{cases}, \qquad U = 0 \;\text{for others}

    Parameters
    ----------
    intercept, gain_weight, social_weight, trust_weight : float
        The weights :math:`c_0, c_g, c_s, c_t`.
    gain, cost : float
        Expected gain :math:`g`, gross of the cost of taking part :math:`k`; both shares of stand-alone sales.
    company : float
        Trust-weighted share :math:`S` of cooperating partners, 0 to 1.
    mean_trust : float
        Mean trust :math:`\bar t` in the partners that count, 0 to 1.
    social : int
        Social type of the owner: `FREE_RIDER` weighs gain and cost only, `OTHER` follows neither gain nor people.
    peak : float
        Company that draws a hump-shaped cooperator most (`company_felt`), 0 to 1.

    Returns
    -------
    float
        Utility, a pure number.

    Notes
    -----
    Rule R2, discrete choice (McFadden 1974; Brock and Durlauf 2001 for company). Types: Fischbacher, Gächter and Fehr
    2001 (S34).
    """
    if social == OTHER:
        return 0.0
    own = intercept + gain_weight * (gain - cost)
    if social == CONDITIONAL:
        return own + social_weight * company + trust_weight * (mean_trust - NEUTRAL_TRUST)
    if social == HUMP_SHAPED:
        return own + social_weight * company_felt(company, peak) + trust_weight * (mean_trust - NEUTRAL_TRUST)
    return own


@rule("b1(f8, f8, f8, b1)")
def reaches_threshold(cooperating, partners, threshold, as_share):
    r"""Whether enough partners cooperate: :math:`n \ge \theta`, or :math:`n / m \ge \theta` for a share.

    Parameters
    ----------
    cooperating, partners : float
        Number of cooperating partners :math:`n` and of all partners :math:`m`.
    threshold : float
        Threshold :math:`\theta`, a number of firms or a share; any finite value.
    as_share : bool
        Whether the threshold is a share of the partners.

    Returns
    -------
    bool
        Whether the firm is in. "At least" counts: a firm with threshold 0 is always in. Where there are no partners
        the share is 0.

    Notes
    -----
    Rule R2, Granovetter 1978 (counts), Watts 2002 (shares).
    """
    if as_share:
        share = cooperating / partners if partners > 0.0 else 0.0
        return share >= threshold
    return cooperating >= threshold
