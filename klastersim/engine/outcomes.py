"""What a firm came to before a programme and after it, by which the programme is judged."""

from __future__ import annotations

from klastersim.compiled import inner
from klastersim.world.layout import HERE


@inner
def _is_before(cluster, month):
    """Whether a month is one of the base."""
    return cluster.before_first <= month <= cluster.before_last


@inner
def _is_after(cluster, firm, month):
    """Whether a month is one of those to the measuring date, of a firm that was there as a programme could begin."""
    return cluster.after_first <= month <= cluster.after_last and firm.predecessor == HERE


@inner
def note_invested(cluster, firm, month, amount):
    """Note what an owner invested, Rp million."""
    if _is_before(cluster, month):
        firm.invested_before += amount
    elif _is_after(cluster, firm, month):
        firm.invested_after += amount


@inner
def note_outcomes(p, cluster, firm, own, month):
    """Note value added, workers, and what the owner left in, or where firms do not grow paid for machines."""
    if _is_before(cluster, month):
        firm.value_before += firm.income - own.inputs
        firm.jobs_before += firm.workers
    elif _is_after(cluster, firm, month):
        firm.value_after += firm.income - own.inputs
        firm.jobs_after += firm.workers
    else:
        return
    if p.growth_enabled:
        note_invested(cluster, firm, month, firm.profit - own.draw)
    elif p.functions_enabled:
        note_invested(cluster, firm, month, own.invested)


@inner
def forget_outcomes(cluster, firm, month):
    """Let a firm that closes by the measuring date count as zero from then on."""
    if month <= cluster.before_last:
        firm.value_before = 0.0
        firm.jobs_before = 0.0
        firm.invested_before = 0.0
    elif firm.predecessor == HERE and month <= cluster.after_last:
        firm.value_after = 0.0
        firm.jobs_after = 0.0
        firm.invested_after = 0.0
