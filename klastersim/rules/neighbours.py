"""R9: what inputs cost less for having others of the trade near."""

from __future__ import annotations

from klastersim.compiled import power, rule


@rule("f8(f8, f8, f8)")
def external_saving(peers, ceiling, half_way):
    r"""Share of the cost of inputs that a firm is spared by its neighbours, without anybody doing anything for it.

    .. math:: e(m) = e_{max} \left(1 - 2^{-m / m_{1/2}}\right)

    Parameters
    ----------
    peers : float
        Other firms of the cluster :math:`m`, >= 0.
    ceiling : float
        Most that is spared :math:`e_{max}`, share of what a firm without neighbours would pay, 0 to below 1.
    half_way : float
        Firms :math:`m_{1/2}` that bring half of it, > 0.

    Returns
    -------
    float
        Share, 0 to `ceiling`. Rule R9: suppliers come where many buy, and hands and tools are shared (direction S12,
        S20; that each further firm adds less S4, C11); the size is assumed.
    """
    return ceiling * (1.0 - power(2.0, -max(0.0, peers) / half_way))


@rule("f8(f8, f8)")
def input_ratio(saving, opening_saving):
    r"""Price of inputs in terms of that at the opening, which holds what neighbours spared then.

    .. math:: \frac{1 - e}{1 - e_0}

    Parameters
    ----------
    saving, opening_saving : float
        Share spared now :math:`e` and at the opening :math:`e_0`, 0 to below 1.

    Returns
    -------
    float
        Ratio, > 0; 1 where as many firms are there as at the opening. Rule R9.
    """
    return (1.0 - saving) / (1.0 - opening_saving)
