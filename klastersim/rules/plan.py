"""R1: what a diagnosis tells from test orders, and whose plan a programme follows."""

from __future__ import annotations

from klastersim.compiled import log, rule


@rule("f8(i8, i8)")
def shortfall(passed, tried):
    r"""Part that one test has in the loss of orders, as estimated from test orders.

    .. math:: s = -\log \frac{x + 1/2}{n + 1}

    Parameters
    ----------
    passed, tried : int
        Orders that passed the test, :math:`x`, of those that came to it, :math:`n`; 0 <= x <= n.

    Returns
    -------
    float
        Part of the (logarithmic) loss, > 0. Rule R1.

    Notes
    -----
    An order succeeds with the product of the pass rates, so that its logarithm is a sum and the parts can be compared;
    raw counts of losses mislead, since the first test hides the next. The estimate of a pass rate is the mean under
    Jeffreys' prior: with nothing tried it is one half.
    """
    return -log((passed + 0.5) / (tried + 1.0))


@rule("f8(f8, f8, f8, f8, f8)")
def planned_share(template, diagnosed, known, tailored, room):
    r"""Share of an instrument in the plan.

    .. math:: w = (1 - r) \left((1 - t) w_0 + t \, w_d\right) + r \, w_l

    Parameters
    ----------
    template, diagnosed, known : float
        Share in the template :math:`w_0`, by the diagnosis :math:`w_d`, and by what local government knows :math:`w_l`;
        0 to 1.
    tailored : float
        How far the opening plan follows the diagnosis, :math:`t` (F4), 0 to 1.
    room : float
        Share of the plan that local government may change, :math:`r` (F3), 0 to 1.

    Returns
    -------
    float
        Share, 0 to 1. Rule R1.
    """
    return (1.0 - room) * ((1.0 - tailored) * template + tailored * diagnosed) + room * known
