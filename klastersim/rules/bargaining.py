"""R8: what an order price depends on, and whether a firm binds itself to one buyer."""

from __future__ import annotations

from klastersim.compiled import rule


@rule("f8(f8, f8, f8, f8, f8)")
def ceiling_price(local_price, input_price, producer_share, exporter_share, margin):
    r"""Highest price that a buyer can pay, at the opening.

    .. math:: \bar p = p + m \, \frac{\sigma_e}{\sigma_s} \, (p - c)

    Parameters
    ----------
    local_price, input_price : float
        Opening price :math:`p` and inputs :math:`c`, Rp million a worker-month.
    producer_share, exporter_share : float
        Shares :math:`\sigma_s > 0` and :math:`\sigma_e` of producers and exporters in the value added of the chain.
    margin : float
        Share :math:`m` of its own value added that a buyer could give up, 0 to 1.

    Returns
    -------
    float
        Rp million a worker-month.

    Notes
    -----
    Rule R8. Producers add :math:`p - c`; by S18 exporters add 11.4 / 3.6 times as much.
    """
    return local_price + margin * exporter_share / producer_share * (local_price - input_price)


@rule("f8(f8, f8, f8)")
def final_value(local_price, input_price, producer_share):
    r"""Value added of the whole chain for a unit of output: :math:`(p - c) / \sigma_s`.

    Parameters
    ----------
    local_price, input_price : float
        Opening price :math:`p` and inputs :math:`c`, Rp million a worker-month.
    producer_share : float
        Producers' share :math:`\sigma_s` in it at these prices, > 0.

    Returns
    -------
    float
        Rp million a worker-month. Rule R8; S18.
    """
    return (local_price - input_price) / producer_share


@rule("f8(f8, f8, f8)")
def sellers_weight(other_demand, demand, supply_share):
    r"""Share of the room between floor and ceiling that the taker of an order gets.

    .. math:: \theta = \frac{D}{D + S}, \qquad D = \frac{A}{v}, \quad S = \frac{1 - s}{s}

    Parameters
    ----------
    other_demand : float
        Demand :math:`A` of the other buyers that the taker can turn to, each weighted by its relation, >= 0.
    demand : float
        Demand :math:`v` of this buyer, in the same unit, >= 0.
    supply_share : float
        Share :math:`s` of the taker in all supply that the buyer can turn to, 0 to 1.

    Returns
    -------
    float
        0 to 1: 0 with one buyer only, 1 with all supply or without end of buyers; one half where neither side has
        anybody else.

    Notes
    -----
    Rule R8. In a market with sequential bargaining the seller gets :math:`\alpha / (\alpha + \beta)` of the gain, as
    delays vanish, where :math:`\alpha` is the chance that a seller meets another buyer and :math:`\beta` that a buyer
    meets another seller (Rubinstein and Wolinsky 1985; Osborne and Rubinstein 1990, chapter 7). Here each counts what
    the side could turn to instead, in terms of what is at hand.
    """
    for_seller = other_demand * supply_share
    for_buyer = demand * (1.0 - supply_share)
    if for_seller + for_buyer <= 0.0:
        return 0.5
    return for_seller / (for_seller + for_buyer)


@rule("f8(f8, f8, f8)")
def agreed_price(floor, ceiling, weight):
    r"""Price between what traders pay and what the buyer can pay: :math:`f + \theta (\bar p - f)`.

    Parameters
    ----------
    floor, ceiling : float
        What traders pay :math:`f`, and the most that the buyer can pay :math:`\bar p`, Rp million a worker-month.
    weight : float
        The taker's share :math:`\theta` of the room between them, 0 to 1.

    Returns
    -------
    float
        Rp million a worker-month; the ceiling where it is below the floor: the buyer can offer no more.

    Notes
    -----
    Rule R8: the asymmetric Nash solution with transferable utility (Binmore, Rubinstein and Wolinsky 1986).
    """
    if ceiling <= floor:
        return ceiling
    return floor + weight * (ceiling - floor)


@rule("b1(f8, f8, f8, f8)")
def binds_itself(price, local_price, expected_gain, cost):
    r"""Whether a firm takes a bilateral contract: :math:`p_k / p - 1 > \max(0, g - k)`.

    Parameters
    ----------
    price, local_price : float
        Contract price :math:`p_k` and today's local price :math:`p`, Rp million a worker-month.
    expected_gain, cost : float
        What it expects of cooperation :math:`g` and what taking part costs :math:`k`, shares of stand-alone sales.

    Returns
    -------
    bool
        Rule R8: output that goes to the buyer is lost to joint work, and each is weighed against the local market.
    """
    return price / local_price - 1.0 > max(0.0, expected_gain - cost)
