"""R11: what firms learn of each other, of cooperation and of the craft."""

from __future__ import annotations

from klastersim.compiled import rule

#: What two firms lived through together in a month.
WORKED = 1
DEFAULTED = 2

#: Beside these: that they traded between stages this month (R5).
TRADED = 4


@rule("f8(f8, f8, i8, f8, f8, f8)")
def trust_next(trust, base, event, rise, fall, drift):
    r"""Trust of a tie after a month.

    .. math:: t' = t + \begin{cases} -f t & \text{after a default} \\ r (1 - t) & \text{after joint work that held}
              \end{cases}, \qquad t'' = t' + d (b - t')

    Parameters
    ----------
    trust, base : float
        Trust :math:`t` and its base :math:`b`, 0 to 1.
    event : int
        Sum of `WORKED` and `DEFAULTED` as they happened; a default outweighs what worked, `TRADED` adds nothing.
    rise, fall, drift : float
        Rates :math:`r, f, d`, 0 to 1.

    Returns
    -------
    float
        Trust, 0 to 1.

    Notes
    -----
    Rule R11. Trust is earned slowly and lost fast (Slovic 1993); without events the distance to the base decays as
    :math:`(1 - d)^n`.
    """
    after = trust
    if event & DEFAULTED:
        after = trust - fall * trust
    elif event & WORKED:
        after = trust + rise * (1.0 - trust)
    return after + drift * (base - after)


@rule("f8(f8, f8, f8)")
def base_next(base, trust, rate):
    r"""Base of trust after a month: :math:`b' = b + \beta (t - b)`.

    Parameters
    ----------
    base, trust : float
        Base :math:`b` and present trust :math:`t`, 0 to 1.
    rate : float
        Rate :math:`\beta`, 0 to 1; 0 keeps the base.

    Returns
    -------
    float
        Base, 0 to 1. Rule R11.
    """
    return base + rate * (trust - base)


@rule("f8(f8, f8, b1, f8, b1, f8, f8, f8)")
def expected_gain_next(expected, own, cooperates, seen, saw, rate, fade, watch):
    r"""What a firm expects cooperation to bring, after a month.

    .. math:: g' = \begin{cases} g + \lambda (y - g) & \text{inside} \\ (1 - \phi) g & \text{outside} \end{cases},
              \qquad g'' = g' + \omega (\bar y - g') \text{ where partners cooperate}

    Parameters
    ----------
    expected : float
        Expected gain :math:`g`, share of stand-alone sales.
    own : float
        This month's own gain :math:`y`, gross of the cost of taking part, share of stand-alone sales.
    cooperates : bool
        Whether the firm is inside.
    seen : float
        Mean gain :math:`\bar y` of the partners who cooperate.
    saw : bool
        Whether any partner cooperates.
    rate, fade, watch : float
        Rates :math:`\lambda, \phi, \omega`, 0 to 1.

    Returns
    -------
    float
        Expected gain, share of stand-alone sales.

    Notes
    -----
    Rule R11, exponential memory (Erev and Roth 1998) with a little social learning.
    """
    after = expected + rate * (own - expected) if cooperates else (1.0 - fade) * expected
    if saw:
        after += watch * (seen - after)
    return after


@rule("f8(f8, f8, f8, f8, f8, f8)")
def quality_next(quality, base, teacher, spill, band, drift):
    r"""Quality of a firm after a month.

    .. math:: q' = q + \sigma (\bar q - q) \;\text{if}\; 0 < \bar q - q \le B, \qquad q'' = q' + d (b - q')

    Parameters
    ----------
    quality, base : float
        Quality :math:`q` and the level :math:`b` it falls back to, 0 to 1.
    teacher : float
        Mean quality :math:`\bar q` of the group, or the firm's own outside a group.
    spill, drift : float
        Rates :math:`\sigma, d`, 0 to 1.
    band : float
        Absorptive distance :math:`B`: who is further behind learns nothing.

    Returns
    -------
    float
        Quality, 0 to 1.

    Notes
    -----
    Rule R11. Absorptive capacity as a distance band: Cohen and Levinthal 1990; SKIN (Gilbert, Pyka, Ahrweiler 2001).
    """
    after = quality
    if 0.0 < teacher - quality <= band:
        after = quality + spill * (teacher - quality)
    return after + drift * (base - after)
