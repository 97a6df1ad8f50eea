"""R3 over arrays: firms choose whether to specialise on their stage, and learn what that brings."""

from __future__ import annotations

from klastersim.compiled import kernel, logistic, two
from klastersim.compiled.purposes import SPECIALISE
from klastersim.engine.deciding import company_of
from klastersim.engine.watching import seen_gain, show
from klastersim.rules.learning import expected_gain_next
from klastersim.rules.specialisation import utility_of_specialising
from klastersim.world.layout import OPERATES


@kernel
def specialise(world, scratch, c, month):
    """Let owners think again, or not, whether to do their stage only; a firm writes only its own row."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not p.chain_enabled:
        return
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        if firm.standing != OPERATES:
            continue
        chance, choice = two(cluster.seed, month, SPECIALISE, cluster.identity, i, 0)
        if chance >= p.specialisation_reconsider:
            continue
        trust = company_of(p, cluster, world.firms, world.links, world.ties, scratch.trusts, firm)[1]
        value = utility_of_specialising(
            p.specialisation_intercept, p.specialisation_gain, p.specialisation_trust, firm.division_gain, trust
        )
        firm.specialised = choice < logistic(value)


@kernel
def learn_specialising(world, scratch, c):
    """Let every firm learn what specialising brings, of itself and of its partners; it writes only its own row."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not p.chain_enabled:
        return
    watches = p.learning_gain_watch > 0.0
    if watches:
        for i in range(cluster.firms):
            show(scratch.shown, i, world.firms[cluster.first_firm + i].specialised, scratch.month[i].division_gain_now)
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        seen = 0.0
        any_seen = False
        if watches:
            seen, any_seen = seen_gain(world.links, scratch.shown, firm)
        firm.division_gain = expected_gain_next(
            firm.division_gain,
            scratch.month[i].division_gain_now,
            firm.specialised != 0,
            seen,
            any_seen,
            p.learning_gain_rate,
            p.learning_gain_fade,
            p.learning_gain_watch,
        )
