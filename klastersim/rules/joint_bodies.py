"""R15: joint bodies fall asleep, are dissolved, and are remembered."""

from __future__ import annotations

from klastersim.compiled import power, rule

#: Months without a joint transaction after which a body is dormant (the official counts of S35 and S36 go by the year).
DORMANT = 12

#: Memory below this is forgotten.
FORGOTTEN = 0.001


@rule("b1(i8)")
def is_dormant(idle):
    """Whether a body is dormant after so many months without a joint transaction.

    Parameters
    ----------
    idle : int
        Months since the last joint transaction, >= 0.

    Returns
    -------
    bool
        Whether it is. Rule R15.
    """
    return idle >= DORMANT


@rule("f8(f8)")
def share_kept(half_life):
    r"""Share of a memory that is left after a month: :math:`2^{-1 / (12 h)}`.

    Parameters
    ----------
    half_life : float
        Half-life :math:`h`, years, > 0.

    Returns
    -------
    float
        0 to 1. Rule R15.
    """
    return power(2.0, -1.0 / (12.0 * half_life))


@rule("f8(f8, f8)")
def memory_next(memory, kept):
    r"""Memory of failed bodies after a month: :math:`m' = \kappa m`, forgotten below 0.001.

    Parameters
    ----------
    memory : float
        Memory :math:`m` of an owner, 0 to 1.
    kept : float
        Share :math:`\kappa` by :func:`share_kept`.

    Returns
    -------
    float
        0 to 1. Rule R15.
    """
    after = memory * kept
    return after if after >= FORGOTTEN else 0.0


@rule("f8(f8, f8)")
def memory_after_failure(memory, fall):
    r"""Memory of an owner whose body was dissolved: :math:`\min(1, m + f)`.

    Parameters
    ----------
    memory : float
        Memory :math:`m` of earlier failures, 0 to 1.
    fall : float
        Fall of starting trust :math:`f`, 0 to 1.

    Returns
    -------
    float
        0 to 1. Rule R15; direction S14.
    """
    return min(1.0, memory + fall)


@rule("f8(f8, f8, f8)")
def starting_trust(base, memory, partner_memory):
    r"""What the trust of a tie starts from, and drifts to, under what its two owners remember.

    .. math:: b_m = \max\left(0, b - \tfrac12 (m_i + m_j)\right)

    Parameters
    ----------
    base : float
        Base :math:`b` of the tie, 0 to 1.
    memory, partner_memory : float
        Memories :math:`m_i, m_j` of failed bodies, 0 to 1.

    Returns
    -------
    float
        0 to 1; the base itself where nobody remembers anything. Rule R15.
    """
    return max(0.0, base - 0.5 * (memory + partner_memory))


@rule("f8(f8, f8, f8)")
def trust_moved(trust, before, after):
    r"""Trust of a tie as its starting point moves: :math:`t + (b_m' - b_m)`, held between 0 and 1.

    Parameters
    ----------
    trust : float
        Trust :math:`t`, 0 to 1.
    before, after : float
        Starting trust :math:`b_m` before and after, by :func:`starting_trust`.

    Returns
    -------
    float
        0 to 1. Rule R15: trust falls when a body fails and comes back as that is forgotten.
    """
    return min(1.0, max(0.0, trust + (after - before)))
