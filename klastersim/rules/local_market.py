"""R9: the local market."""

from __future__ import annotations

from klastersim.compiled import power, rule


@rule("f8(f8, f8, f8, f8, f8)")
def local_price(opening_price, supply, opening_supply, cluster_share, elasticity):
    r"""Price at which the local market takes what the cluster brings.

    .. math:: p = p_0 \left(1 + s \left(\frac{Q}{Q_0} - 1\right)\right)^{-1/\varepsilon}

    Parameters
    ----------
    opening_price : float
        Price :math:`p_0` at the opening, Rp million a worker-month.
    supply, opening_supply : float
        Output :math:`Q` that the cluster brings and what it brought at the opening :math:`Q_0`, worker-months a month.
    cluster_share : float
        Share :math:`s` of the cluster in the market's supply at the opening, 0 to 1; 0 keeps the price constant.
    elasticity : float
        Price elasticity of demand :math:`\varepsilon`, > 0.

    Returns
    -------
    float
        Rp million a worker-month.

    Notes
    -----
    Rule R9: demand of constant elasticity, other sellers' supply constant, so that the demand left to the cluster has
    the elasticity :math:`\varepsilon / s` at the opening. Where the cluster alone sells (s = 1) the price rises without
    bound as supply goes to 0; it is held at ten times the opening price.
    """
    if cluster_share <= 0.0 or opening_supply <= 0.0:
        return opening_price
    relative = 1.0 + cluster_share * (supply / opening_supply - 1.0)
    if relative <= 0.0:
        return 10.0 * opening_price
    return min(10.0 * opening_price, opening_price * power(relative, -1.0 / elasticity))
