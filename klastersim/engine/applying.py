"""R6 over arrays: what the functions that a firm has this month do to its quality, relations and technology."""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.engine.reckoning import RESEARCH, TECHNOLOGY, TRAINING
from klastersim.rules.functions import relation_researched, technology_flow, technology_next
from klastersim.rules.programme import trained_quality
from klastersim.world.codes import TIES_ALL
from klastersim.world.ends import note_ends
from klastersim.world.layout import VACANT


@kernel
def use_functions(world, scratch, c):
    """Let every firm learn by the functions that it has, and of its partners; it writes only its own row."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not p.functions_enabled:
        return
    spreads = p.functions_technology_spill > 0.0 and cluster.best_technology > 0.0 and p.ties_kind != TIES_ALL
    if spreads:
        note_ends(world, scratch, c)
        _spread(p, cluster, world.firms, world.ties, scratch.ends, scratch.levels)
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        own = scratch.month[i]
        if firm.standing == VACANT:
            continue
        if own.carried & TRAINING:
            firm.quality = trained_quality(
                firm.quality, own.taught, p.functions_training_dose, p.learning_absorptive_band
            )
        if own.carried & RESEARCH:
            for buyer in range(cluster.buyers):
                world.relations[cluster.first_firm + i, buyer] = relation_researched(
                    world.relations[cluster.first_firm + i, buyer], p.functions_research_rise
                )
        flow = scratch.levels[1, i] / firm.links if spreads and firm.links > 0 else 0.0
        carried = own.carried & TECHNOLOGY != 0
        if carried or flow > 0.0 or firm.technology > 0.0:
            firm.technology = technology_next(
                firm.technology,
                flow,
                p.functions_technology_spill,
                carried,
                p.functions_technology_rise,
                p.functions_technology_decay,
            )


@inner
def _spread(p, cluster, firms, ties, ends, levels):
    """Sum for every firm what it can learn of its partners' technology, as it now stands: each tie once, by number."""
    for i in range(cluster.firms):
        levels[0, i] = firms[cluster.first_firm + i].technology
        levels[1, i] = 0.0
    for k in range(cluster.ties):
        lower, upper = levels[0, ends[k].lower], levels[0, ends[k].upper]
        if lower == upper:
            continue
        learner = ends[k].lower if lower < upper else ends[k].upper
        trust = ties[cluster.first_tie + k].trust
        flow = technology_flow(min(lower, upper), max(lower, upper), trust, p.learning_absorptive_band)
        levels[1, learner] += flow
