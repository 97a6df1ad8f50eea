"""R6: indivisible functions, carried by whom they bring more than their fixed cost."""

from __future__ import annotations

from klastersim.compiled import exp, log, normal_chance, power, rule

#: Smallest chance that is told from none.
SMALLEST = 2.0**-53

#: Below this the difference of 1 and what is left after some months would be all rounding.
SLIGHT = 1e-8


@rule("f8(f8, f8)")
def months_counted(decay, horizon):
    r"""Months for which an owner counts an advantage that fades.

    .. math:: H = \sum_{n=0}^{T-1} (1 - d)^n = \frac{1 - (1 - d)^T}{d}

    Parameters
    ----------
    decay : float
        Share :math:`d` of the advantage that is lost in a month, 0 to 1; where it is next to 0 the sum is :math:`T`.
    horizon : float
        Months :math:`T` that the owner looks ahead, >= 1.

    Returns
    -------
    float
        Months, 1 to :math:`T`. Rule R6.
    """
    if decay < SLIGHT:
        return horizon
    return (1.0 - power(1.0 - decay, horizon)) / decay


@rule("f8(f8, f8, f8)")
def share_of_cost(cost, capacity, carriers_capacity):
    r"""What one of those who carry a function pays: its share by output, :math:`F k / K`.

    Parameters
    ----------
    cost : float
        Fixed cost :math:`F`, Rp million a month; the same whoever carries the function.
    capacity, carriers_capacity : float
        Output of the firm :math:`k` and of all who carry the function :math:`K`, worker-months a month, > 0.

    Returns
    -------
    float
        Rp million a month; the whole cost for a firm that carries it alone. Rule R6.
    """
    return cost * (capacity / carriers_capacity)


@rule("b1(f8, f8, f8, f8)")
def carries(benefit, capacity, cost, carriers_capacity):
    r"""Whether a function brings a firm more than its share of the cost: :math:`b k > F k / K`.

    Parameters
    ----------
    benefit : float
        Benefit :math:`b` that the firm reckons with, Rp million a worker-month.
    capacity : float
        Output :math:`k` of the firm, worker-months a month, > 0.
    cost : float
        Fixed cost :math:`F`, Rp million a month.
    carriers_capacity : float
        Output :math:`K` of all who carry the function, :math:`K = k` for a firm alone.

    Returns
    -------
    bool
        Whether it does. Rule R6: for equal benefits the threshold is :math:`K > F / b`, for a firm as for a group.
    """
    return benefit * capacity > share_of_cost(cost, capacity, carriers_capacity)


@rule("f8(f8, f8, f8, f8)")
def orders_within(potential, log_mean, log_spread, output):
    r"""Volume a month of the orders that are no larger than what a taker can make.

    .. math:: W(x) = \Lambda \, E[V; V \le x] =
              \Lambda \, e^{\mu + \sigma^2 / 2} \, \Phi\left(\frac{\ln x - \mu}{\sigma} - \sigma\right)

    Parameters
    ----------
    potential : float
        Orders a month :math:`\Lambda`, potential ones times :func:`chance_among_rivals`, >= 0.
    log_mean, log_spread : float
        Mean :math:`\mu` and spread :math:`\sigma` of the logarithm of an order's volume.
    output : float
        What the taker can make over the schedule of an order :math:`x`, worker-months, >= 0.

    Returns
    -------
    float
        Worker-months a month. Rule R6; volumes by rule R7.
    """
    if output <= 0.0 or potential <= 0.0:
        return 0.0
    if log_spread <= 0.0:
        volume = exp(log_mean)
        return potential * volume if volume <= output else 0.0
    mean = exp(log_mean + 0.5 * log_spread * log_spread)
    return potential * mean * normal_chance((log(output) - log_mean) / log_spread - log_spread)


@rule("f8(f8)")
def chance_among_rivals(linkage):
    r"""Chance that an order whose buyer thinks of a taker comes to it and not to another.

    .. math:: c = \frac{L}{-\ln(1 - L)}

    Parameters
    ----------
    linkage : float
        Chance :math:`L` that an order reaches some taker, 0 to 1.

    Returns
    -------
    float
        0 to 1, and 1 where :math:`L` is 0.

    Notes
    -----
    Rule R6. The takers whom a buyer thinks of are taken as a Poisson number, each as likely to get
    the order as another.
    """
    if linkage <= 0.0:
        return 1.0
    return linkage / -log(max(SMALLEST, 1.0 - linkage))


@rule("f8(f8, f8, f8)")
def share_in_orders(relation, within, capacity):
    r"""Share of its output that a taker can hope to sell to orders: :math:`\min(1, r W / K)`.

    Parameters
    ----------
    relation : float
        Mean relation :math:`r` with the buyers, weighted by their orders, 0 to 1.
    within : float
        Volume :math:`W` of the orders that it could fill and that rivals leave it, worker-months a month.
    capacity : float
        Its output :math:`K`, worker-months a month, > 0.

    Returns
    -------
    float
        0 to 1. Rule R6.
    """
    return min(1.0, relation * within / capacity)


@rule("f8(f8, f8, f8)")
def chance_of_passing(quality, mean, spread):
    r"""Chance that an order asks for no more than a quality: :math:`\Phi((q - \mu_q) / \sigma_q)`.

    Parameters
    ----------
    quality : float
        Quality :math:`q`, 0 to 1.
    mean, spread : float
        Mean :math:`\mu_q` and standard deviation :math:`\sigma_q` of what orders ask for.

    Returns
    -------
    float
        0 to 1. Rule R6; what orders ask for by rule R7.
    """
    if quality >= 1.0:
        return 1.0
    if spread <= 0.0:
        return 1.0 if quality >= mean else 0.0
    return normal_chance((quality - mean) / spread)


@rule("f8(f8, f8, f8, f8, f8)")
def training_benefit(in_orders, passed, passed_after, order_gain, months):
    r"""Benefit of a month of training: :math:`b = s (P(q') - P(q)) \, m_o H`.

    Parameters
    ----------
    in_orders : float
        Share of output :math:`s` that could go to orders, 0 to 1.
    passed, passed_after : float
        Chance :math:`P` to have the quality asked before and after it, 0 to 1.
    order_gain : float
        What a unit brings more in an order than on the local market :math:`m_o`, Rp million a worker-month.
    months : float
        Months counted :math:`H`.

    Returns
    -------
    float
        Rp million a worker-month, >= 0. Rule R6.
    """
    return in_orders * max(0.0, passed_after - passed) * max(0.0, order_gain) * months


@rule("f8(f8, f8)")
def relation_researched(relation, rise):
    r"""Relation with a buyer after a month of market research: :math:`r' = r + \rho_m (1 - r)`.

    Parameters
    ----------
    relation, rise : float
        Relation :math:`r` and the part :math:`\rho_m` of what it lacks to 1 that is added, 0 to 1.

    Returns
    -------
    float
        0 to 1. Rule R6; it decays by rule R12 like any other.
    """
    return relation + rise * (1.0 - relation)


@rule("f8(f8, f8, f8, f8)")
def research_benefit(in_orders, in_orders_after, order_gain, months):
    r"""Benefit of a month of market research: :math:`b = (s(r') - s(r)) \, m_o H`.

    Parameters
    ----------
    in_orders, in_orders_after : float
        Share of output :math:`s` that could go to orders, by :func:`share_in_orders`, before and after it, 0 to 1.
    order_gain, months : float
        As for :func:`training_benefit`.

    Returns
    -------
    float
        Rp million a worker-month, >= 0. Rule R6.
    """
    return max(0.0, in_orders_after - in_orders) * max(0.0, order_gain) * months


@rule("f8(f8, f8, f8)")
def logistics_benefit(work, capacity, punctuality):
    r"""Benefit of a month of logistics: :math:`b = (w_o / k) \, \Delta R`.

    Parameters
    ----------
    work, capacity : float
        Output committed to orders :math:`w_o` and all output of the firm :math:`k`, worker-months a month.
    punctuality : float
        What fewer failures add to the revenue of a unit :math:`\Delta R`, Rp million a worker-month.

    Returns
    -------
    float
        Rp million a worker-month. Rule R6: by orders in hand, not by hopes.
    """
    return work / capacity * punctuality


@rule("f8(f8, f8, f8, f8, f8)")
def technology_benefit(level, rise, gain, margin, months):
    r"""Benefit of a month of technical work: :math:`b = \tau (1 - a) \, \gamma m H`.

    Parameters
    ----------
    level : float
        Level of technology :math:`a`, 0 to 1.
    rise : float
        Part of the way to the highest level that is made :math:`\tau`, 0 to 1.
    gain : float
        Output that the highest level adds :math:`\gamma`, a share.
    margin : float
        Local price less inputs :math:`m`, Rp million a worker-month.
    months : float
        Months counted :math:`H`.

    Returns
    -------
    float
        Rp million a worker-month, >= 0. Rule R6.
    """
    return rise * (1.0 - level) * gain * max(0.0, margin) * months


@rule("f8(f8, f8)")
def punctual_rate(rate, cut):
    r"""Rate of failure with logistics: :math:`p_0 (1 - \ell)`.

    Parameters
    ----------
    rate : float
        Chance :math:`p_0` of default, or of lateness, at trust one half, 0 to 1.
    cut : float
        Share :math:`\ell` that logistics avoids, 0 to 1.

    Returns
    -------
    float
        0 to 1. Rule R6, in place of the rate of rule R7.
    """
    return rate * (1.0 - cut)


@rule("f8(f8, f8, f8, f8)")
def technology_flow(level, partner_level, trust, band):
    r"""What a firm can learn of a partner's technology: :math:`t (a_j - a)` if :math:`0 < a_j - a \le B`, else 0.

    Parameters
    ----------
    level, partner_level : float
        Levels :math:`a` and :math:`a_j`, 0 to 1.
    trust : float
        Trust :math:`t` of the tie, 0 to 1.
    band : float
        Absorptive distance :math:`B`: who is further behind learns nothing.

    Returns
    -------
    float
        0 to 1.

    Notes
    -----
    Rule R6. Absorptive capacity as in rule R11 (Cohen and Levinthal 1990).
    """
    if 0.0 < partner_level - level <= band:
        return trust * (partner_level - level)
    return 0.0


@rule("f8(f8, f8, f8, b1, f8, f8)")
def technology_next(level, flow, spill, carried, rise, decay):
    r"""Level of technology after a month.

    .. math:: a' = a + \sigma_a f, \qquad a'' = a' + [\text{carried}] \, \tau (1 - a'), \qquad a''' = (1 - d_a) a''

    Parameters
    ----------
    level : float
        Level :math:`a`, 0 to 1.
    flow : float
        Mean over the partners :math:`f` of :func:`technology_flow`.
    spill : float
        Rate :math:`\sigma_a`, 0 to 1.
    carried : bool
        Whether the firm pays for technical work.
    rise, decay : float
        Rates :math:`\tau, d_a`, 0 to 1.

    Returns
    -------
    float
        0 to 1. Rule R6.
    """
    after = level + spill * flow
    if carried:
        after += rise * (1.0 - after)
    return (1.0 - decay) * after


@rule("f8(f8, f8, f8, b1, f8)")
def machine_effect(gain, capacity, throughput, shared, sharing_loss):
    r"""Output that a machine adds, share of the workers' output.

    .. math:: \mu = \gamma_m \min\left(1, \frac{T}{K}\right) (1 - [\text{shared}] \, \lambda)

    Parameters
    ----------
    gain : float
        Share :math:`\gamma_m` that it adds where it is at hand.
    capacity : float
        Workers :math:`K` who use it, worker-months a month, > 0.
    throughput : float
        Workers :math:`T` whom it can serve, worker-months a month, > 0.
    shared : bool
        Whether several firms use it.
    sharing_loss : float
        Share :math:`\lambda` of the effect lost by waiting for each other, 0 to 1.

    Returns
    -------
    float
        A share, >= 0. Rule R6.
    """
    effect = gain * min(1.0, throughput / capacity)
    return effect * (1.0 - sharing_loss) if shared else effect


@rule("f8(f8, f8)")
def wear_of_machine(price, months):
    """Depreciation of a machine in equal parts over its life, Rp million a month.

    Parameters
    ----------
    price : float
        Price, Rp million.
    months : float
        Life, months, > 0.

    Returns
    -------
    float
        Rp million a month. Rule R6.
    """
    return price / months


@rule("f8(f8, f8, f8, f8)")
def output_of(workers, technology_gain, technology, machine):
    r"""Output that workers can make in a month: :math:`w (1 + \gamma a + \mu)`.

    Parameters
    ----------
    workers : float
        Workers :math:`w`.
    technology_gain, technology : float
        Productivity :math:`\gamma` of the highest level, and level :math:`a`, 0 to 1.
    machine : float
        What a machine adds :math:`\mu`, a share.

    Returns
    -------
    float
        Worker-months of standard product a month; the workers themselves without technology and machine. Rule R6.
    """
    return workers * (1.0 + technology_gain * technology + machine)
