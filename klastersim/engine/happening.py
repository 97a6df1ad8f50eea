"""Dated events over arrays: what the user lets happen to a cluster, and when."""

from __future__ import annotations

import numpy as np

from klastersim.compiled import inner, kernel, one, two
from klastersim.compiled.purposes import EVENT_BUYER, EVENT_FORUM
from klastersim.engine.acquaintance import meet
from klastersim.engine.purses import FORUMS, give_days
from klastersim.rules.events import felt_factor
from klastersim.rules.programme import monthly_budget
from klastersim.world.codes import TIES_ALL
from klastersim.world.events import (
    BUYER_ENTERS,
    BUYER_LEAVES,
    DEMAND,
    FORUM,
    INPUT_PRICE,
    LOCAL,
    ORDERS,
    PROGRAMME,
    RIVAL_PRICE,
)
from klastersim.world.layout import NONE


@kernel
def let_events_happen(world, scratch, c, month):
    """Set this month's prices and demand by the events, and let forums meet and buyers come; nothing without events."""
    cluster = world.clusters[c]
    if cluster.events == 0:
        return
    cluster.order_demand = 1.0
    cluster.local_demand = 1.0
    cluster.local_rival = 1.0
    cluster.input_price = cluster.opening_input_price
    cluster.order_price = cluster.opening_order_price
    for k in range(cluster.first_event, cluster.first_event + cluster.events):
        event = world.events[k]
        if event.month <= month <= event.until:
            _shift(cluster, event, month)
        if event.month == month and event.kind == FORUM:
            _hold_forum(world, scratch, c, month, k)
        if event.month == month and event.kind == BUYER_ENTERS:
            _introduce_buyer(world, scratch, c, month, k)


@inner
def _shift(cluster, event, month):
    """Multiply what the event hits by what is left of its factor."""
    factor = felt_factor(event.factor, float(month - event.month), event.half_life)
    if event.kind == INPUT_PRICE:
        cluster.input_price *= factor
    elif event.kind == DEMAND:
        if event.market != LOCAL:
            cluster.order_demand *= factor
        if event.market != ORDERS:
            cluster.local_demand *= factor
    elif event.kind == RIVAL_PRICE:
        if event.market != LOCAL:
            cluster.order_price *= factor
        if event.market != ORDERS:
            cluster.local_rival *= factor


@inner
def _by_draw(scratch, count):
    """Put the first `count` candidates in the order of their draws, which stand in ``share``."""
    for k in range(1, count):
        firm = scratch.candidates[k].firm
        draw = scratch.candidates[k].share
        at = k
        while at > 0 and scratch.candidates[at - 1].share > draw:
            scratch.candidates[at].firm = scratch.candidates[at - 1].firm
            scratch.candidates[at].share = scratch.candidates[at - 1].share
            at -= 1
        scratch.candidates[at].firm = firm
        scratch.candidates[at].share = draw


@kernel
def _hold_forum(world, scratch, c, month, number):
    """Let owners come or not by a draw, at the days of a meeting; all pairs that met learn of each other.

    Those who come stand in a random ring and greet the next, then the next but one, and so on: where the number of ties
    that a firm can keep binds, whom it comes to know is chance.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    came = 0
    for i in range(cluster.firms):
        attends, place = two(cluster.seed, month, EVENT_FORUM, cluster.identity, i, number - cluster.first_event)
        if attends < world.events[number].share:
            scratch.candidates[came].firm = i
            scratch.candidates[came].share = place
            give_days(world, c, i, p.groups_meeting_days, FORUMS)
            came += 1
    if p.ties_kind == TIES_ALL:
        return
    _by_draw(scratch, came)
    for step in range(1, came // 2 + 1):
        for k in range(came):
            meet(world, c, scratch.candidates[k].firm, scratch.candidates[(k + step) % came].firm)


@kernel
def _introduce_buyer(world, scratch, c, month, number):
    """Let a new buyer know some firms, those with the lowest draws."""
    cluster = world.clusters[c]
    event = world.events[number]
    for i in range(cluster.firms):
        scratch.candidates[i].firm = i
        scratch.candidates[i].share = one(
            cluster.seed, month, EVENT_BUYER, cluster.identity, i, number - cluster.first_event
        )
    _by_draw(scratch, cluster.firms)
    for k in range(min(event.firms, cluster.firms)):
        row = cluster.first_firm + scratch.candidates[k].firm
        world.relations[row, event.buyer] = max(world.relations[row, event.buyer], event.relation)
        world.relations_used[row, event.buyer] = month


@kernel
def is_absent(world, c, buyer):
    """Whether a buyer has not come yet, or has left, this month; without events none has."""
    cluster = world.clusters[c]
    absent = False
    met = False
    for k in range(cluster.first_event, cluster.first_event + cluster.events):
        event = world.events[k]
        if event.buyer == buyer and (event.kind == BUYER_ENTERS or event.kind == BUYER_LEAVES):
            if event.month <= cluster.month:
                absent = event.kind == BUYER_LEAVES
            elif not met:
                absent = event.kind == BUYER_ENTERS
            met = True
    return absent


@kernel
def present_buyer(world, c, buyer):
    """Return a buyer where it is present, else the next one by number that is, or NONE."""
    cluster = world.clusters[c]
    for step in range(cluster.buyers):
        other = (buyer + step) % cluster.buyers
        if not is_absent(world, c, other):
            return other
    return NONE


@kernel
def _dated_budget(world, c, month):
    """Yearly budget that an event gives the programme in a month, or -1 where none does."""
    cluster = world.clusters[c]
    for k in range(cluster.first_event, cluster.first_event + cluster.events):
        event = world.events[k]
        if event.kind == PROGRAMME and event.month <= month <= event.until:
            return event.budget
    return -1.0


@kernel
def programme_money(world, c, month):
    """Public money of a month, Rp million: by an event, or else as the programme declares."""
    p = world.params[world.clusters[c].terms]
    dated = _dated_budget(world, c, month) if world.clusters[c].events > 0 else -1.0
    if dated >= 0.0:
        return dated / 12.0
    return monthly_budget(p.programme_budget, month, p.programme_start, p.programme_end, p.programme_path)


@inner
def programme_runs(world, c, month):
    """Whether a programme is at work in a month: one that an event pays for, or else the declared one."""
    p = world.params[world.clusters[c].terms]
    dated = _dated_budget(world, c, month) if world.clusters[c].events > 0 else -1.0
    if dated >= 0.0:
        return dated > 0.0
    return p.programme_start <= month <= p.programme_end


def most_demand(events: np.ndarray) -> float:
    """Most that the demand events of a cluster together raise potential orders by."""
    raised = 1.0
    for event in events:
        if event["kind"] == DEMAND and event["market"] != LOCAL:
            raised *= max(1.0, float(event["factor"]))
    return raised
