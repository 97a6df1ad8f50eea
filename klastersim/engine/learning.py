"""R11 over arrays: firms learn what cooperation brings and how to work better; trust of ties moves."""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.engine.watching import seen_gain, show
from klastersim.rules.joint_bodies import memory_next, share_kept, starting_trust, trust_moved
from klastersim.rules.learning import base_next, expected_gain_next, quality_next, trust_next
from klastersim.world.codes import TIES_ALL
from klastersim.world.layout import NONE


@kernel
def learn(world, scratch, c):
    """Let every firm learn from its own month and from its partners'; a firm writes only its own row."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    watches = p.learning_gain_watch > 0.0 and p.ties_kind != TIES_ALL
    if watches:
        for i in range(cluster.firms):
            show(scratch.shown, i, world.firms[cluster.first_firm + i].cooperates, scratch.month[i].observed_gain)
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        seen = 0.0
        any_seen = False
        if watches:
            seen, any_seen = seen_gain(world.links, scratch.shown, firm)
        firm.expected_gain = expected_gain_next(
            firm.expected_gain,
            scratch.month[i].observed_gain,
            firm.cooperates != 0,
            seen,
            any_seen,
            p.learning_gain_rate,
            p.learning_gain_fade,
            p.learning_gain_watch,
        )
        teacher = firm.quality if firm.group == NONE else scratch.groups[firm.group].quality
        firm.quality = quality_next(
            firm.quality,
            firm.quality_base,
            teacher,
            p.learning_quality_spill,
            p.learning_absorptive_band,
            p.learning_quality_drift,
        )


@kernel
def update_ties(world, c):
    """Move the trust of every tie by what its two firms lived through, once."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if cluster.remembering:
        _update_remembering(world, c)
        return
    for k in range(cluster.first_tie, cluster.first_tie + cluster.ties):
        tie = world.ties[k]
        tie.trust = _moved_by_event(p, tie.trust, tie.base_trust, world.tie_events[k])
        tie.base_trust = base_next(tie.base_trust, tie.trust, p.learning_base_learning)
        world.tie_events[k] = 0


@inner
def _moved_by_event(p, trust, base, event):
    return trust_next(trust, base, event, p.learning_trust_rise, p.learning_trust_fall, p.learning_trust_drift)


@inner
def _update_remembering(world, c):
    """Move the trust of every tie where owners remember a failed body.

    What is remembered fades, and trust comes back with it; the base does not learn what is only remembered.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    kept = share_kept(p.bodies_half_life)
    for i in range(cluster.firms):
        lower = world.firms[cluster.first_firm + i]
        for k in range(lower.first_link, lower.first_link + lower.links):
            link = world.links[k]
            if link.partner < i:
                continue
            upper = world.firms[cluster.first_firm + link.partner]
            tie = world.ties[cluster.first_tie + link.tie]
            event = world.tie_events[cluster.first_tie + link.tie]
            base = tie.base_trust
            now = starting_trust(base, lower.memory, upper.memory)
            faded = starting_trust(base, memory_next(lower.memory, kept), memory_next(upper.memory, kept))
            tie.trust = trust_moved(_moved_by_event(p, tie.trust, now, event), now, faded)
            tie.base_trust = base_next(base, min(1.0, tie.trust + (base - faded)), p.learning_base_learning)
            world.tie_events[cluster.first_tie + link.tie] = 0
