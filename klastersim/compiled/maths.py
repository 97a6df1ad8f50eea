"""Functions of our own where the system's give other bits on another processor.

They use + - * /, the square root, comparison and exact operations on bits, all of which IEEE 754 fixes to the last bit,
and are compiled without contraction into fused operations. So a call from Python, the same call inlined in a kernel and
the interpreted function agree bit for bit on any machine.

Sources: `exp`, `log` and `power` follow fdlibm (Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved.
Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is
preserved.) in the arrangement of musl libc; the others name theirs.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from klastersim.compiled.decorators import rule

INFINITY: Final = np.inf
NAN: Final = np.nan

# Adding and subtracting it rounds a number below 2**51 in size to the nearest integer.
ROUNDER: Final = 6755399441055744.0
EXPONENT_BIAS: Final = 1023
MANTISSA_BITS: Final = 52
MANTISSA_MASK: Final = 0x000FFFFFFFFFFFFF
UPPER_WORD_MASK: Final = -0x100000000
ONE_BITS: Final = 0x3FF0000000000000
SQRT_HALF_BITS: Final = 0x3FE6A09E00000000
SMALLEST_NORMAL: Final = 2.0**-1022
TWO_54: Final = 2.0**54

LN2_HIGH: Final = 6.93147180369123816490e-01
LN2_LOW: Final = 1.90821492927058770002e-10
LOG2_E: Final = 1.44269504088896338700e00
LARGEST_EXP: Final = 709.782712893383973096
SMALLEST_EXP: Final = -745.133219101941108420

HALF_LOG_TWO_PI: Final = 0.91893853320467274178


@rule("i8(f8)")
def _bits(x):
    """Return the bits of a double as an integer."""
    return np.float64(x).view(np.int64)


@rule("f8(i8)")
def _from_bits(bits):
    """Return the double with these bits."""
    return np.int64(bits).view(np.float64)


@rule("f8(f8)")
def _upper(x):
    """Return `x` without the lower half of its bits, so that products of two such numbers are exact."""
    return _from_bits(_bits(x) & UPPER_WORD_MASK)


@rule("f8(f8, i8)")
def _scaled(x, k):
    """Return ``x * 2**k`` for k from -2044 to 2046, rounded once."""
    half = k >> 1
    first = _from_bits((half + EXPONENT_BIAS) << MANTISSA_BITS)
    return x * first * _from_bits((k - half + EXPONENT_BIAS) << MANTISSA_BITS)


@rule("f8(f8)")
def _exp_series(t):
    """Return the polynomial P in t = r**2 of fdlibm's ``exp(r) = 1 + 2 r / (R - r)``, where R = r - P + ..."""
    return t * (
        1.66666666666666019037e-01
        + t
        * (
            -2.77777777770155933842e-03
            + t * (6.61375632143793436117e-05 + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))
        )
    )


@rule("f8(f8)")
def exp(x):
    r"""Exponential function :math:`e^x`, within 1 unit in the last place.

    Parameters
    ----------
    x : float
        Any number.

    Returns
    -------
    float
        >= 0; infinite above 709.78, 0 below -745.13.

    Notes
    -----
    fdlibm, e_exp.c: :math:`x = k \ln 2 + r` with :math:`|r| \le \ln 2 / 2`, and a rational function in r.
    """
    if x != x:
        return x
    if x > LARGEST_EXP:
        return INFINITY
    if x < SMALLEST_EXP:
        return 0.0
    k = (x * LOG2_E + ROUNDER) - ROUNDER
    high = x - k * LN2_HIGH
    low = k * LN2_LOW
    r = high - low
    c = r - _exp_series(r * r)
    return _scaled(1.0 + (r * c / (2.0 - c) - low + high), np.int64(k))


@rule("f8(f8)")
def log(x):
    r"""Natural logarithm :math:`\ln x`, within 1 unit in the last place.

    Parameters
    ----------
    x : float
        >= 0.

    Returns
    -------
    float
        Minus infinity at 0, not a number below.

    Notes
    -----
    fdlibm, e_log.c: :math:`x = 2^k (1 + f)` with :math:`\sqrt{1/2} < 1 + f < \sqrt 2`, and a series in
    :math:`s = f / (2 + f)`.
    """
    if not x > 0.0:
        return -INFINITY if x == 0.0 else NAN
    if x == INFINITY:
        return x
    shift = 0
    if x < SMALLEST_NORMAL:
        shift = 54
        x = x * TWO_54
    bits = _bits(x) + (ONE_BITS - SQRT_HALF_BITS)
    k = np.float64((bits >> MANTISSA_BITS) - EXPONENT_BIAS - shift)
    f = _from_bits((bits & MANTISSA_MASK) + SQRT_HALF_BITS) - 1.0
    half_square = 0.5 * f * f
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    odd = z * (
        6.666666666666735130e-01
        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    return s * (half_square + (odd + even)) + k * LN2_LOW - half_square + f + k * LN2_HIGH


@rule("f8(f8, f8)")
def power(base, exponent):
    r"""Power :math:`b^y`, within 1 unit in the last place for exponents below 2**31 in size.

    Parameters
    ----------
    base : float
        :math:`b`, >= 0.
    exponent : float
        :math:`y`, any number.

    Returns
    -------
    float
        >= 0; 1 where the exponent is 0 or the base is 1; not a number for a negative base.

    Notes
    -----
    fdlibm, e_pow.c: the logarithm to base 2 as a sum of two doubles, times the exponent, and back.
    """
    if exponent == 0.0 or base == 1.0:
        return 1.0
    if base != base or exponent != exponent or base < 0.0:
        return NAN
    if base == 0.0 or base == INFINITY:
        return INFINITY if (base > 1.0) == (exponent > 0.0) else 0.0
    if abs(exponent) > 1.8446744073709552e19:
        # 2**64 is enough to send the neighbours of 1 out of range.
        return INFINITY if (base > 1.0) == (exponent > 0.0) else 0.0
    high, low = _log2_in_two(base)
    exponent_high = _upper(exponent)
    return _exp2_of_two(exponent_high * high, (exponent - exponent_high) * high + exponent * low)


@rule("UniTuple(f8, 2)(f8)")
def _log2_in_two(x):
    """Return the logarithm to base 2 of a positive `x` as a sum of two doubles, the first with 21 bits."""
    n = 0
    if x < SMALLEST_NORMAL:
        n = -54
        x = x * TWO_54
    bits = _bits(x)
    n += (bits >> MANTISSA_BITS) - EXPONENT_BIAS
    bits = (bits & MANTISSA_MASK) | ONE_BITS
    x = _from_bits(bits)
    # Near which of 1, 3/2 and 2 the mantissa lies: below sqrt(3/2), below sqrt(3), above.
    near, log2_near_high, log2_near_low = 1.0, 0.0, 0.0
    if bits >= 0x3FFBB67A00000000:
        n += 1
        x *= 0.5
    elif bits > 0x3FF3988EFFFFFFFF:
        near, log2_near_high, log2_near_low = 1.5, 5.84962487220764160156e-01, 1.35003920212974897128e-08
    # s = (x - near) / (x + near), in two parts.
    u = x - near
    v = 1.0 / (x + near)
    s = u * v
    s_high = _upper(s)
    sum_high = _upper(x + near)
    sum_low = x - (sum_high - near)
    s_low = v * ((u - s_high * sum_high) - s_high * sum_low)
    # log((1 + s) / (1 - s)) = 2 s + 2/3 s**3 + ..., of which 3 + s**2 + r is 3/2 log(...) / s.
    t = s * s
    r = (
        t
        * t
        * (
            5.99999999999994648725e-01
            + t
            * (
                4.28571428578550184252e-01
                + t
                * (
                    3.33333329818377432918e-01
                    + t
                    * (2.72728123808534006489e-01 + t * (2.30660745775561754067e-01 + t * 2.06975017800338417784e-01))
                )
            )
        )
    )
    r += s_low * (s_high + s)
    t = s_high * s_high
    factor_high = _upper(3.0 + t + r)
    factor_low = r - ((factor_high - 3.0) - t)
    u = s_high * factor_high
    v = s_low * factor_high + factor_low * s
    product_high = _upper(u + v)
    product_low = v - (product_high - u)
    # Times 2 / (3 ln 2), in two parts.
    z_high = 9.61796700954437255859e-01 * product_high
    z_low = -7.02846165095275826516e-09 * product_high + product_low * 9.61796693925975554329e-01 + log2_near_low
    whole = np.float64(n)
    high = _upper(((z_high + z_low) + log2_near_high) + whole)
    return high, z_low - (((high - whole) - log2_near_high) - z_high)


@rule("f8(f8, f8)")
def _exp2_of_two(high, low):
    """Return 2 to the power ``high + low``, where `low` is small beside `high`."""
    z = high + low
    if z > 1025.0:
        return INFINITY
    if z < -1080.0:
        return 0.0
    n = (z + ROUNDER) - ROUNDER
    high -= n
    t = _upper(high + low)
    u = t * 6.93147182464599609375e-01
    v = (low - (t - high)) * 6.93147180559945286227e-01 + t * -1.90465429995776804525e-09
    z = u + v
    w = v - (z - u)
    c = z - _exp_series(z * z)
    r = (z * c) / (c - 2.0) - (w + z * w)
    return _scaled(1.0 - (r - z), np.int64(n))


@rule("f8(f8)")
def logistic(x):
    r"""Logistic function :math:`1 / (1 + e^{-x})`, without overflow and accurate in both tails.

    Parameters
    ----------
    x : float
        Any number.

    Returns
    -------
    float
        0 to 1.
    """
    e = exp(-abs(x))
    return 1.0 / (1.0 + e) if x >= 0.0 else e / (1.0 + e)


@rule("f8(f8)")
def normal_quantile(u):
    r"""Quantile :math:`\Phi^{-1}(u)` of the standard normal distribution, to about 1 part in 10**16.

    Parameters
    ----------
    u : float
        Probability, 0 to 1.

    Returns
    -------
    float
        Minus and plus infinity at 0 and 1, not a number outside.

    Notes
    -----
    M. J. Wichura (1988), Algorithm AS 241: the percentage points of the normal distribution, PPND16. Applied Statistics
    37, 477-484.
    """
    if not 0.0 < u < 1.0:
        return -INFINITY if u == 0.0 else (INFINITY if u == 1.0 else NAN)
    q = u - 0.5
    if abs(q) <= 0.425:
        return q * _normal_centre(0.180625 - q * q)
    r = np.sqrt(-log(u if q < 0.0 else 1.0 - u))
    distance = _normal_tail(r - 1.6) if r <= 5.0 else _normal_far_tail(r - 5.0)
    return -distance if q < 0.0 else distance


@rule("f8(f8)")
def _normal_centre(r):
    """Return AS 241's ratio of polynomials for u from 0.075 to 0.925."""
    above = 2.5090809287301226727e3
    above = above * r + 3.3430575583588128105e4
    above = above * r + 6.7265770927008700853e4
    above = above * r + 4.5921953931549871457e4
    above = above * r + 1.3731693765509461125e4
    above = above * r + 1.9715909503065514427e3
    above = above * r + 1.3314166789178437745e2
    above = above * r + 3.3871328727963666080e0
    below = 5.2264952788528545610e3
    below = below * r + 2.8729085735721942674e4
    below = below * r + 3.9307895800092710610e4
    below = below * r + 2.1213794301586595867e4
    below = below * r + 5.3941960214247511077e3
    below = below * r + 6.8718700749205790830e2
    below = below * r + 4.2313330701600911252e1
    return above / (below * r + 1.0)


@rule("f8(f8)")
def _normal_tail(r):
    """Return AS 241's ratio of polynomials for a tail probability down to exp(-25)."""
    above = 7.74545014278341407640e-4
    above = above * r + 2.27238449892691845833e-2
    above = above * r + 2.41780725177450611770e-1
    above = above * r + 1.27045825245236838258e0
    above = above * r + 3.64784832476320460504e0
    above = above * r + 5.76949722146069140550e0
    above = above * r + 4.63033784615654529590e0
    above = above * r + 1.42343711074968357734e0
    below = 1.05075007164441684324e-9
    below = below * r + 5.47593808499534494600e-4
    below = below * r + 1.51986665636164571966e-2
    below = below * r + 1.48103976427480074590e-1
    below = below * r + 6.89767334985100004550e-1
    below = below * r + 1.67638483018380384940e0
    below = below * r + 2.05319162663775882187e0
    return above / (below * r + 1.0)


@rule("f8(f8)")
def _normal_far_tail(r):
    """Return AS 241's ratio of polynomials for a tail probability below exp(-25)."""
    above = 2.01033439929228813265e-7
    above = above * r + 2.71155556874348757815e-5
    above = above * r + 1.24266094738807843860e-3
    above = above * r + 2.65321895265761230930e-2
    above = above * r + 2.96560571828504891230e-1
    above = above * r + 1.78482653991729133580e0
    above = above * r + 5.46378491116411436990e0
    above = above * r + 6.65790464350110377720e0
    below = 2.04426310338993978564e-15
    below = below * r + 1.42151175831644588870e-7
    below = below * r + 1.84631831751005468180e-5
    below = below * r + 7.86869131145613259100e-4
    below = below * r + 1.48753612908506148525e-2
    below = below * r + 1.36929880922735805310e-1
    below = below * r + 5.99832206555887937690e-1
    return above / (below * r + 1.0)


@rule("f8(f8)")
def _stirling_tail(x):
    r"""Return :math:`\ln\Gamma(x)` less :math:`(x - 1/2) \ln x - x + \ln(2\pi)/2`, for x >= 8."""
    z = 1.0 / (x * x)
    series = 6.41025641025641026e-03 - z * 2.95506535947712418e-02
    series = -1.91752691752691753e-03 + z * series
    series = 8.41750841750841751e-04 + z * series
    series = -5.95238095238095238e-04 + z * series
    series = 7.93650793650793651e-04 + z * series
    series = -2.77777777777777778e-03 + z * series
    return (8.33333333333333333e-02 + z * series) / x


@rule("f8(f8)")
def log_gamma(x):
    r"""Logarithm of the gamma function :math:`\ln\Gamma(x)`.

    Parameters
    ----------
    x : float
        > 0.

    Returns
    -------
    float
        To about 1 part in 10**15, or 10**-14 where that is more; infinite at 0, not a number below.

    Notes
    -----
    Stirling's series, from x >= 8 on; below, :math:`\Gamma(x) = \Gamma(x + n) / (x (x + 1) \cdots (x + n - 1))`.
    Abramowitz and Stegun (1964), 6.1.15 and 6.1.41.
    """
    if not x > 0.0:
        return INFINITY if x == 0.0 else NAN
    if x == INFINITY:
        return x
    product = 1.0
    while x < 8.0:
        product *= x
        x += 1.0
    return (x - 0.5) * log(x) - x + HALF_LOG_TWO_PI + _stirling_tail(x) - log(product)


@rule("f8(f8)")
def _log1p(z):
    """Return log(1 + z) for z >= 0; the factor undoes the rounding of 1 + z (W. Kahan's device)."""
    rounded = 1.0 + z
    return z if rounded == 1.0 else log(rounded) * (z / (rounded - 1.0))


@rule("f8(f8, f8)")
def _log_beta(a, b):
    """Return the logarithm of the beta function; where one argument is large, without the difference of large terms."""
    small, large = min(a, b), max(a, b)
    if large < 8.0:
        return log_gamma(small) + log_gamma(large) - log_gamma(small + large)
    return (
        log_gamma(small)
        - small * (log(large) - 1.0)
        - (small + large - 0.5) * _log1p(small / large)
        + _stirling_tail(large)
        - _stirling_tail(small + large)
    )


@rule("f8(f8, f8, f8, f8)")
def _beta_fraction(a, b, x, y):
    r"""Return the incomplete beta function :math:`I_x(a, b)` over :math:`x^a y^b / B(a, b)`, where y = 1 - x.

    Converges fast for x <= a / (a + b). A. R. DiDonato and A. H. Morris (1992), Algorithm 708: significant digit
    computation of the incomplete beta function ratios. ACM Transactions on Mathematical Software 18, 360-373; BFRAC.
    """
    c = 1.0 + a * y - b * x
    c0 = b / a
    c1 = 1.0 + 1.0 / a
    p = 1.0
    s = a + 1.0
    above_before, below_before, above, below = 0.0, 1.0, 1.0, c / c1
    ratio = c1 / c
    for count in range(1, 10_000):
        n = np.float64(count)
        t = n / a
        w = n * (b - n) * x
        e = a / s
        alpha = p * (p + c0) * e * e * (w * x)
        beta = n + w / s + (1.0 + t) / (c1 + t + t) * (c + n * (1.0 + y))
        p = 1.0 + t
        s += 2.0
        above_before, above = above, alpha * above_before + beta * above
        below_before, below = below, alpha * below_before + beta * below
        last = ratio
        ratio = above / below
        if abs(ratio - last) <= 1e-15 * ratio:
            break
        scale = 1.0 / below
        above_before *= scale
        below_before *= scale
        above = ratio
        below = 1.0
    return ratio


@rule("f8(f8, f8, f8, f8)")
def _beta_start(v, a, b, log_beta):
    """Return a first guess of the logit of the v-quantile; exact where it is beyond 37 in size."""
    log_x = (log(v * a) + log_beta) / a
    if log_x < -37.0:
        return log_x
    log_y = (log((1.0 - v) * b) + log_beta) / b
    if log_y < -37.0:
        return -log_y
    t = _beta_start_normal(v, a, b) if a >= 1.0 and b >= 1.0 else _beta_start_power(v, a, b)
    return min(max(t, -36.0), 36.0)


@rule("f8(f8, f8, f8)")
def _beta_start_power(v, a, b):
    """Return the logit of the v-quantile by power laws in both tails, joined at the mean.

    W. H. Press et al. (2007), Numerical Recipes, 3rd edition, section 6.4, invbetai.
    """
    lower = exp(a * log(a / (a + b))) / a
    upper = exp(b * log(b / (a + b))) / b
    if v < lower / (lower + upper):
        log_x = log(a * (lower + upper) * v) / a
        return log_x - log(1.0 - exp(log_x))
    log_y = log(b * (lower + upper) * (1.0 - v)) / b
    return log(1.0 - exp(log_y)) - log_y


@rule("f8(f8, f8, f8)")
def _beta_start_normal(v, a, b):
    """Return the logit of the v-quantile by Abramowitz and Stegun (1964), 26.5.22, for a and b >= 1."""
    z = -normal_quantile(v)
    per_a = 1.0 / (2.0 * a - 1.0)
    per_b = 1.0 / (2.0 * b - 1.0)
    h = 2.0 / (per_a + per_b)
    level = (z * z - 3.0) / 6.0
    w = z * np.sqrt(level + h) / h - (per_b - per_a) * (level + 5.0 / 6.0 - 2.0 / (3.0 * h))
    return log(a / b) - 2.0 * w


@rule("f8(f8, f8, f8)")
def _beta_logit(v, a, b):
    """Return the logit t of the v-quantile of Beta(a, b), for 0 < v <= 1/2.

    In t the logarithm of the distribution function is concave, so Newton's method converges from anywhere to the left;
    higher derivatives cost nothing, so near the root a step of fourth order is taken (Chebyshev's series), and the
    bracket catches what is left.
    """
    log_beta = _log_beta(a, b)
    t = _beta_start(v, a, b, log_beta)
    if abs(t) >= 37.0:
        return t
    left, right = -40.0, 40.0
    for _ in range(100):
        e = exp(-abs(t))
        larger = 1.0 / (1.0 + e)
        log_larger = log(larger)
        x, y = (larger, e * larger) if t >= 0.0 else (e * larger, larger)
        log_odds_part = a * min(t, 0.0) - b * max(t, 0.0)
        density = exp(log_odds_part + (a + b) * log_larger - log_beta)
        if x * (a + b) <= a:
            below = density * _beta_fraction(a, b, x, y)
        else:
            below = 1.0 - density * _beta_fraction(b, a, y, x)
        miss = log(below / v)
        if miss < 0.0:
            left = t
        else:
            right = t
        slope = density / below
        newton = -miss / slope
        bend = a * y - b * x - slope
        second = 0.5 * bend * newton
        third = (bend * bend - slope * bend - (a + b) * x * y) / 6.0 * newton * newton
        size = second * second + abs(third)
        step = newton * (1.0 - second + 2.0 * second * second - third) if size < 0.1 else newton
        t_next = t + step
        if not left < t_next < right:
            # Also where an underflow made the step infinite or not a number.
            t_next = 0.5 * (left + right)
            if abs(step) <= 1e-15 * abs(t) or right - left < 1e-15:
                return t
        elif size + miss * miss < 1e-8:
            # What the next step would add is of fourth order in 1e-4.
            return t_next
        t = t_next
    return t


@rule("f8(f8, f8, f8)")
def beta_quantile(u, mean, concentration):
    r"""Quantile of the beta distribution with parameters :math:`a = m c` and :math:`b = (1 - m) c`.

    Parameters
    ----------
    u : float
        Probability, 0 to 1.
    mean : float
        :math:`m`, 0 to 1; at 0 and 1 the distribution is a point.
    concentration : float
        :math:`c`, > 0, up to 10**4: the larger, the closer to the mean.

    Returns
    -------
    float
        :math:`x` with :math:`I_x(a, b) = u`, 0 to 1, rising with u and with the mean; to about 10**-13, or
        10**-11 where the concentration is below 0.01.
    """
    if u != u or mean != mean or not concentration > 0.0:
        return NAN
    if u <= 0.0 or mean <= 0.0:
        return 0.0
    if u >= 1.0 or mean >= 1.0:
        return 1.0
    a = mean * concentration
    b = (1.0 - mean) * concentration
    # Nothing but 0 and 1 is drawn with a probability that a double could tell from 0.
    if concentration < 1e-16:
        return 1.0 if u > 1.0 - mean else 0.0
    if a < 1e-20:
        return 0.0
    return logistic(_beta_logit(u, a, b) if u <= 0.5 else -_beta_logit(1.0 - u, b, a))


@rule("i8(f8, f8)")
def poisson_quantile(u, mean):
    r"""Quantile of the Poisson distribution: the least k with :math:`\sum_{i \le k} e^{-m} m^i / i! \ge u`.

    Parameters
    ----------
    u : float
        Probability, 0 < u < 1.
    mean : float
        :math:`m`, 0 to 500.

    Returns
    -------
    int
        >= 0; 0 where the mean is 0.

    Notes
    -----
    Sequential search from 0 (L. Devroye, 1986, Non-uniform random variate generation, X.3.3): the time is linear in the
    mean.
    """
    if not mean > 0.0:
        return 0
    k = 0
    term = exp(-mean)
    total = term
    # The sum may end a rounding below u: then it stops where terms no longer count.
    while total < u and (k < mean or total + term > total):
        k += 1
        term *= mean / k
        total += term
    return k
