"""R3 over arrays: firms choose whether to specialise on their stage, and learn what that brings."""

from __future__ import annotations

from klastersim.compiled import inner, kernel, logistic, two
from klastersim.compiled.purposes import SPECIALISE
from klastersim.engine.deciding import company_of
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
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        seen = 0.0
        count = 0
        if p.learning_gain_watch > 0.0:
            seen, count = _seen_gain(world, scratch, cluster, firm)
        firm.division_gain = expected_gain_next(
            firm.division_gain,
            scratch.month[i].division_gain_now,
            firm.specialised != 0,
            seen,
            count > 0,
            p.learning_gain_rate,
            p.learning_gain_fade,
            p.learning_gain_watch,
        )


@inner
def _seen_gain(world, scratch, cluster, firm):
    """Return (mean gain this month of the partners who are specialised, how many these are)."""
    total = 0.0
    count = 0
    for k in range(firm.first_link, firm.first_link + firm.links):
        partner = world.links[k].partner
        if world.firms[cluster.first_firm + partner].specialised:
            total += scratch.month[partner].division_gain_now
            count += 1
    return (total / count if count > 0 else 0.0), count
