"""R10: buying inputs together."""

from __future__ import annotations

from klastersim.compiled import exp, rule

LN2 = 0.6931471805599453


@rule("f8(f8, f8, f8)")
def joint_purchase_saving(capacity, ceiling, half_way):
    r"""Share of the input price that a group saves by buying together.

    .. math:: s = s_{max} \left(1 - 2^{-K / K_{1/2}}\right)

    Parameters
    ----------
    capacity : float
        Output capacity :math:`K` of the group, worker-months per month, >= 0.
    ceiling : float
        Largest saving :math:`s_{max}`, net of storage, share of the price, 0 to 1.
    half_way : float
        Capacity :math:`K_{1/2}` at which half of it is reached, worker-months per month, > 0.

    Returns
    -------
    float
        Share of the price, 0 to `ceiling`.

    Notes
    -----
    Rule R10. Saturating: the first partners bring most. Soybean cooperatives saved 2.6 % gross (S32).
    """
    return ceiling * (1.0 - exp(-LN2 * capacity / half_way))


@rule("f8(f8, f8, f8)")
def purchase_cost(input_bill, handling, waiting):
    r"""Cost to a member of taking part in a purchase: :math:`h + v B`.

    Parameters
    ----------
    input_bill : float
        Monthly input bill :math:`B`, Rp million.
    handling : float
        Owner's time :math:`h` at the wage, Rp million.
    waiting : float
        Cost of waiting :math:`v`, share of the bill.

    Returns
    -------
    float
        Rp million. Rule R10.
    """
    return handling + waiting * input_bill
