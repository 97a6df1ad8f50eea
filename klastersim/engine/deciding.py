"""R2 over arrays: every firm reconsiders, or not, and then all do as they chose."""

from __future__ import annotations

from klastersim.compiled import inner, kernel, logistic, two
from klastersim.compiled.purposes import RECONSIDER
from klastersim.rules.cooperation import reaches_threshold, utility
from klastersim.rules.groups import cost_of_taking_part, time_of_taking_part
from klastersim.world.codes import MEASURE_SHARE, RULE_THRESHOLD, TIES_ALL
from klastersim.world.layout import NONE, OPERATES, VACANT

#: More than any trust: in place of the trust in a partner outside the circle.
OUTSIDE = 2.0


@inner
def company_of(p, cluster, firms, links, ties, trusts, firm):
    """Return (share of partners who cooperate, mean trust, cooperating partners, partners) of a firm.

    The share, weighted by trust, and the mean are over as many partners as the firm had at the opening: those it trusts
    most. So a new acquaintance as such never makes it less willing. The counts are of all partners. Where everybody
    knows everybody they include the firm itself, as in Granovetter's map.
    """
    if p.ties_kind == TIES_ALL:
        trust = p.ties_trust
        present = cluster.firms - cluster.vacant
        if present <= 1:
            return 0.0, trust, float(cluster.cooperating), float(present)
        others = float(cluster.cooperating - firm.cooperates)
        return others / float(present - 1), trust, float(cluster.cooperating), float(present)
    partners = firm.links
    if cluster.vacant > 0:
        for k in range(firm.links):
            partners -= _is_vacant(cluster, firms, links[firm.first_link + k].partner)
    outside = partners - max(1, firm.circle)
    if outside > 0:
        for k in range(firm.links):
            link = links[firm.first_link + k]
            trusts[k] = ties[cluster.first_tie + link.tie].trust
            if cluster.vacant > 0 and _is_vacant(cluster, firms, link.partner):
                trusts[k] = OUTSIDE
        _leave_out(trusts, firm.links, outside)
    total = 0.0
    circle = 0.0
    cooperating = 0.0
    count = 0.0
    for k in range(firm.links):
        link = links[firm.first_link + k]
        if cluster.vacant > 0 and _is_vacant(cluster, firms, link.partner):
            continue
        trust = trusts[k] if outside > 0 else ties[cluster.first_tie + link.tie].trust
        willing = firms[cluster.first_firm + link.partner].cooperates
        count += willing
        if trust < OUTSIDE:
            total += trust
            circle += 1.0
            if willing:
                cooperating += trust
    if total <= 0.0:
        return 0.0, 0.0, count, float(partners)
    return cooperating / total, total / circle, count, float(partners)


@inner
def _is_vacant(cluster, firms, i):
    """Whether nobody is on a site any more."""
    return firms[cluster.first_firm + i].standing == VACANT


@inner
def _leave_out(trusts, partners, outside):
    """Leave the partners outside the circle out, one by one: the least trusted, and of equals the lowest site."""
    for _ in range(outside):
        least = trusts[0]
        place = 0
        for k in range(1, partners):
            lower = trusts[k] < least
            least = trusts[k] if lower else least
            place = k if lower else place
        trusts[place] = OUTSIDE


@kernel
def decide(world, scratch, c, month):
    """Let every firm reconsider with its probability; a firm writes only what it chooses."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        firm.chooses = firm.cooperates
        if not p.decision_enabled or firm.standing != OPERATES:
            firm.chooses = 0
            continue
        if firm.held and month <= p.start_held_months:
            firm.chooses = 1
            continue
        chance, choice = two(cluster.seed, month, RECONSIDER, cluster.identity, i, 0)
        if chance >= p.decision_reconsider:
            continue
        company, trust, cooperating, partners = company_of(
            p, cluster, world.firms, world.links, world.ties, scratch.trusts, firm
        )
        if p.decision_rule == RULE_THRESHOLD:
            as_share = p.decision_threshold_measure == MEASURE_SHARE
            firm.chooses = reaches_threshold(cooperating, partners, firm.threshold, as_share)
        else:
            # A firm outside expects the smallest group.
            members = float(p.groups_minimum if firm.group == NONE else firm.group_size)
            time = time_of_taking_part(p.groups_meeting_days, p.groups_coordination_days, members)
            cost = cost_of_taking_part(time, firm.workers, cluster.price, cluster.input_price)
            value = utility(
                p.decision_intercept,
                p.decision_gain,
                p.decision_social,
                p.decision_trust,
                firm.expected_gain,
                cost,
                company,
                trust,
                firm.conditional != 0,
            )
            firm.chooses = choice < logistic(value)


@kernel
def adopt(world, c):
    """Let all firms do as they chose, at once."""
    cluster = world.clusters[c]
    cluster.cooperating = 0
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        firm.cooperates = firm.chooses
        cluster.cooperating += firm.cooperates
