"""R6 over arrays: what the functions that a firm has this month do to its quality, relations and technology."""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.engine.reckoning import RESEARCH, TECHNOLOGY, TRAINING
from klastersim.rules.functions import relation_researched, technology_flow, technology_next
from klastersim.rules.programme import trained_quality
from klastersim.world.codes import TIES_ALL


@kernel
def use_functions(world, scratch, c):
    """Let every firm learn by the functions that it has, and of its partners; it writes only its own row."""
    p = world.params[c]
    cluster = world.clusters[c]
    if not p.functions_enabled:
        return
    spreads = p.functions_technology_spill > 0.0 and cluster.best_technology > 0.0 and p.ties_kind != TIES_ALL
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        own = scratch.month[i]
        if own.carried & TRAINING:
            firm.quality = trained_quality(
                firm.quality, own.taught, p.functions_training_dose, p.learning_absorptive_band
            )
        if own.carried & RESEARCH:
            for buyer in range(cluster.buyers):
                world.relations[cluster.first_firm + i, buyer] = relation_researched(
                    world.relations[cluster.first_firm + i, buyer], p.functions_research_rise
                )
        flow = _flow(world, scratch, c, firm, own.technology_seen) if spreads else 0.0
        if flow > 0.0 or own.technology_seen > 0.0 or own.carried & TECHNOLOGY:
            firm.technology = technology_next(
                firm.technology,
                flow,
                p.functions_technology_spill,
                own.carried & TECHNOLOGY != 0,
                p.functions_technology_rise,
                p.functions_technology_decay,
            )


@inner
def _flow(world, scratch, c, firm, level):
    """Mean over a firm's partners of what it can learn of each one's technology, as it was when the month began."""
    p = world.params[c]
    cluster = world.clusters[c]
    total = 0.0
    for k in range(firm.first_link, firm.first_link + firm.links):
        link = world.links[k]
        total += technology_flow(
            level,
            scratch.month[link.partner].technology_seen,
            world.ties[cluster.first_tie + link.tie].trust,
            p.learning_absorptive_band,
        )
    return total / firm.links if firm.links > 0 else 0.0
