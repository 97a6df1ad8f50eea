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
def note_invested(world, c, i, month, amount):
    """Note what an owner invested, Rp million."""
    cluster = world.clusters[c]
    outcome = world.outcomes[cluster.first_firm + i]
    if _is_before(cluster, month):
        outcome.invested_before += amount
    elif _is_after(cluster, world.firms[cluster.first_firm + i], month):
        outcome.invested_after += amount


@inner
def _can_change(p):
    """Whether workers and investment of firms can change at all: only then are they noted."""
    return p.growth_enabled or p.functions_enabled


@inner
def note_outcomes(world, c, i, own, month):
    """Note value added, workers, and what the owner left in, or where firms do not grow paid for machines."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + i]
    before = _is_before(cluster, month)
    if not before and not _is_after(cluster, firm, month):
        return
    value = firm.income - own.inputs
    if before:
        firm.value_before += value
    else:
        firm.value_after += value
    if not _can_change(p):
        return
    if before:
        world.outcomes[cluster.first_firm + i].jobs_before += firm.workers
    else:
        world.outcomes[cluster.first_firm + i].jobs_after += firm.workers
    note_invested(world, c, i, month, firm.profit - own.draw if p.growth_enabled else own.invested)


@inner
def forget_outcomes(world, c, i, month):
    """Let a firm that closes by the measuring date count as zero from then on."""
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + i]
    outcome = world.outcomes[cluster.first_firm + i]
    if month <= cluster.before_last:
        firm.value_before = 0.0
        outcome.jobs_before = 0.0
        outcome.invested_before = 0.0
    elif firm.predecessor == HERE and month <= cluster.after_last:
        firm.value_after = 0.0
        outcome.jobs_after = 0.0
        outcome.invested_after = 0.0
