"""R4: who can act together, and what time that takes."""

from __future__ import annotations

from klastersim.compiled import rule

#: Working days in a month.
WORKING_DAYS = 25.0


@rule("b1(b1, b1, f8, f8)")
def works_together(cooperates, partner_cooperates, trust, threshold):
    r"""Whether a tie binds two firms into one group: both cooperate and :math:`t \ge \tau`.

    Parameters
    ----------
    cooperates, partner_cooperates : bool
        Whether the two firms want to cooperate.
    trust, threshold : float
        Trust :math:`t` of the tie and the trust :math:`\tau` that joint work asks for, 0 to 1.

    Returns
    -------
    bool
        Whether the tie qualifies. Rule R4.
    """
    return cooperates and partner_cooperates and trust >= threshold


@rule("f8(f8, f8, f8, f8)")
def cost_of_taking_part(time, workers, price, input_price):
    r"""Cost of the time that taking part takes: output not made, less its inputs, which are saved.

    .. math:: k = \frac{L}{w} \cdot \frac{p - c}{p}

    Parameters
    ----------
    time : float
        Time :math:`L` by :func:`time_of_taking_part`, worker-months of output a month.
    workers : float
        Workers :math:`w` of the firm, > 0.
    price, input_price : float
        Local price :math:`p` and inputs :math:`c`, Rp million a worker-month.

    Returns
    -------
    float
        Share of stand-alone sales. Rule R2; wages run on.
    """
    return time / workers * (price - input_price) / price


@rule("f8(f8, f8, f8)")
def time_of_taking_part(meeting_days, coordination_days, members):
    r"""Owner's time that taking part costs, as output of one worker.

    .. math:: L = \frac{d_m + d_c (n - 1)}{25}

    Parameters
    ----------
    meeting_days, coordination_days : float
        Days a month for meetings :math:`d_m`, and for each other member :math:`d_c`, >= 0.
    members : float
        Members :math:`n` of the group, >= 1.

    Returns
    -------
    float
        Worker-months of output a month.

    Notes
    -----
    Rule R4. Half a day a month: S22. The part that rises with size is an assumption.
    """
    return (meeting_days + coordination_days * (members - 1.0)) / WORKING_DAYS
