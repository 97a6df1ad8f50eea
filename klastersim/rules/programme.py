"""R1: what a programme spends, what a visit costs and what it teaches."""

from __future__ import annotations

from math import ceil, floor

from klastersim.compiled import rule

#: Paths of a budget over the programme.
CONSTANT, DECLINING, RAMP = 0, 1, 2


@rule("f8(f8, i8, i8, i8, i8)")
def monthly_budget(yearly, month, start, end, path):
    r"""Public money of a month.

    .. math:: \frac{B}{12} \quad\text{or, declining over } Y \text{ years,}\quad
              \frac{B}{12} \cdot \frac{(Y - k) \, M}{\sum_j (Y - j) \, m_j} \quad\text{or, as a ramp,}\quad
              \frac{B}{12} \left(1 - \frac{|2 n - M + 1|}{M}\right)

    Parameters
    ----------
    yearly : float
        Budget :math:`B`, Rp million a year, >= 0.
    month, start, end : int
        This month and the first and last month of the programme, which has :math:`M` months; this one is number
        :math:`n` from 0.
    path : int
        `CONSTANT`; `DECLINING` in equal yearly steps with the same total, where year :math:`k` (from 0) has
        :math:`m_k` months; or `RAMP`, which rises evenly to the budget at half-time and falls back.

    Returns
    -------
    float
        Rp million; 0 outside the programme. Rule R1; declining co-funding S28.
    """
    if month < start or month > end:
        return 0.0
    months = end - start + 1
    if path == RAMP:
        return yearly / 12.0 * (1.0 - abs(2.0 * (month - start) - months + 1.0) / months)
    if path != DECLINING:
        return yearly / 12.0
    years = ceil(months / 12.0)
    total = 0.0
    for year in range(years):
        total += (years - year) * min(12.0, months - 12.0 * year)
    return yearly / 12.0 * (years - (month - start) // 12) * months / total


@rule("b1(i8, i8, i8, f8)")
def serves_single_firms(month, start, end, part):
    r"""Whether it is still the turn of single firms in a programme that serves them first, and then groups.

    .. math:: n < s \, M

    Parameters
    ----------
    month, start, end : int
        This month and the first and last month of the programme, which has :math:`M` months; this one is number
        :math:`n` from 0.
    part : float
        Part :math:`s` of the months that is theirs, 0 to 1; at 1 all, at 0 none.

    Returns
    -------
    bool
        Rule R1.
    """
    months = end - start + 1
    # What a dated event pays for outside these months is for those whose turn is nearest.
    return min(max(0, month - start), months - 1) < part * months


@rule("f8(f8, i8, i8, i8, i8)")
def public_part(most, month, start, end, path):
    r"""Part of a machine's price that a programme pays; the recipient pays the rest.

    .. math:: s \quad\text{or, declining over } Y \text{ years,}\quad s \, \frac{Y - k}{Y}

    Parameters
    ----------
    most : float
        Part :math:`s`, 0 to 1.
    month, start, end : int
        This month and the first and last month of the programme.
    path : int
        With `DECLINING` the part falls in equal steps, by the year :math:`k` (from 0) of :math:`Y`.

    Returns
    -------
    float
        Part in whole hundredths, 0 to 1. Rule R1; S28: up to half, and declining.
    """
    part = most
    if path == DECLINING:
        years = ceil((end - start + 1) / 12.0)
        year = min(max(0, (month - start) // 12), years - 1)
        part = most * (years - year) / years
    return floor(100.0 * part + 0.5) / 100.0


@rule("f8(i8)")
def own_part(granted):
    r"""Part of a machine's price that its owners paid, and so of its wear that they bear: :math:`1 - s`.

    Parameters
    ----------
    granted : int
        Part :math:`s` that a programme paid, %, 0 to 100.

    Returns
    -------
    float
        Part, 0 to 1. Rule R1.
    """
    return 1.0 - granted / 100.0


@rule("f8(f8, f8, f8, f8, f8, f8, f8, b1)")
def visit_cost(members, found, search, formation, visit, member, staff, formed):
    r"""Cost of one visit to a recipient, from the one price list.

    .. math:: C = m p_s + [\text{formed}] \, p_f + p_v + n p_m + p_t

    Parameters
    ----------
    members : float
        Firms :math:`n` served.
    found : float
        Firms :math:`m` among them that are new to the programme and that it had to find itself.
    search, formation : float
        Finding a firm :math:`p_s`; forming a group that does not exist :math:`p_f`; Rp million.
    visit, member, staff : float
        Travel :math:`p_v`, variable cost per firm :math:`p_m`, trainer or facilitator :math:`p_t`; Rp million.
    formed : bool
        Whether the recipient is a group that the programme calls together for the first time.

    Returns
    -------
    float
        Rp million. Rule R1: the same prices for single firms (n = 1) and groups; no channel is cheaper by its name.
    """
    cost = visit + members * member + staff + found * search
    if formed:
        cost += formation
    return cost


@rule("f8(f8, f8, f8, f8, f8, f8, f8, f8)")
def visit_cost_at_ratio(members, alone, found, search, visit, member, staff, ratio):
    r"""Cost of one visit to a group where serving a firm in it costs a given ratio of serving it alone.

    .. math:: C = \rho \left( n \left( \frac{p_v + p_t}{a} + p_m \right) + m p_s \right)

    Parameters
    ----------
    members : float
        Firms :math:`n` served.
    alone : float
        Firms :math:`a` that a visit outside groups serves: 1, or the 2 of a meeting.
    found : float
        Searches :math:`m` that serving them outside groups would have taken.
    search, visit, member, staff : float
        Prices as in :func:`visit_cost`, Rp million.
    ratio : float
        Ratio of unit costs :math:`\rho`, > 0; at 1 a group costs what its members cost one by one.

    Returns
    -------
    float
        Rp million. Rule R1.
    """
    return ratio * (members * ((visit + staff) / alone + member) + found * search)


@rule("f8(f8, f8, f8, f8)")
def trained_quality(quality, gap_taught, dose, band):
    r"""Quality after a training visit.

    .. math:: q' = q + d (1 - q) \max\left(0, 1 - \frac{|(1 - q) - G|}{B}\right)

    Parameters
    ----------
    quality : float
        Quality :math:`q`, 0 to 1.
    gap_taught : float
        Gap :math:`G` that the training meets: the firm's own (full effect) or the mean of those taught together.
    dose : float
        Share :math:`d` of the gap closed where training fits, 0 to 1.
    band : float
        Distance :math:`B` in quality at which training no longer fits, > 0.

    Returns
    -------
    float
        Quality, 0 to 1.

    Notes
    -----
    Rule R1. The loss from teaching unequal pupils alike uses the absorptive distance of rule R11.
    """
    gap = 1.0 - quality
    distance = abs(gap - gap_taught)
    fit = 1.0 if distance == 0.0 else max(0.0, 1.0 - distance / max(band, 1e-12))
    return quality + dose * gap * fit
