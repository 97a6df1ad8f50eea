"""Joint-action groups (R4) and what they buy together (R10)."""

from __future__ import annotations

from collections import deque
from itertools import combinations
from operator import attrgetter

from tests.benchmarks.plain_mesa import orders
from tests.benchmarks.plain_mesa.firms import WORKING_DAYS
from tests.benchmarks.plain_mesa.ties import become_acquainted

by_site = attrgetter("site")


class Group:
    """Firms that act together this month."""

    def __init__(self, model, members):
        self.model = model
        self.members = members
        self.quality = sum(sme.quality for sme in members) / len(members)
        for sme in members:
            sme.group = self

    def relation_with(self, buyer):
        """Relation with a buyer: the largest of the members'."""
        return max(sme.relations[buyer] for sme in self.members)

    def consider(self, order):
        """Consider an order as a whole; return the furthest test passed."""
        return orders.try_to_take(self.model, order, orders.GROUP, self.members)

    def saving(self, buyers):
        """Share of the input price that buyers save by buying together."""
        p = self.model.p
        capacity = sum(sme.workers for sme in buyers)
        return p.purchase_ceiling * (1.0 - 2.0 ** (-capacity / p.purchase_half_way))

    def buy_together(self):
        """Buy the month's inputs together, where that pays; an organiser may fail those who rely on it."""
        p, chance = self.model.p, self.model.random
        handling = p.purchase_handling_days / WORKING_DAYS * p.local_wage
        bills = {sme: sme.workers * self.model.input_price for sme in self.members}
        saving = self.saving(self.members)
        buyers = [sme for sme, bill in bills.items() if saving * bill > handling + p.purchase_waiting * bill]
        if len(buyers) < p.groups_minimum:
            return
        saving = self.saving(buyers)
        organiser = chance.choice(buyers)
        trust = orders.trust_in_group(p, organiser, set(buyers))
        failed = chance.random() < orders.failure_probability(p.orders_default_rate, trust)
        for sme in buyers:
            cost = handling + p.purchase_waiting * bills[sme]
            sme.purchase_gain = -cost if failed else saving * bills[sme] - cost
            if not failed:
                sme.last_act = sme.last_own_act = self.model.month
        self.remember_purchase(buyers, organiser, failed)

    def remember_purchase(self, buyers, organiser, failed):
        """After success all ties among the buyers have worked; after failure those with the organiser were let down."""
        if failed:
            for sme in buyers:
                if sme in organiser.ties:
                    organiser.ties[sme].failed = True
            return
        for one, other in combinations(buyers, 2):
            if other in one.ties:
                one.ties[other].worked = True
            else:
                become_acquainted(self.model, one, other)


def form_groups(model):
    """Group willing firms that trust each other: from the lowest site, breadth first, up to the largest group."""
    p = model.p
    groups, placed = [], set()
    for sme in model.smes:
        sme.group = None
    if not p.groups_enabled:
        return groups
    for sme in model.smes:
        if sme.cooperates and sme not in placed:
            members = gather(sme, placed, p.groups_maximum)
            if len(members) >= p.groups_minimum:
                groups.append(Group(model, members))
    return groups


def gather(start, placed, most):
    """Return a firm and whom it reaches over trusted ties between willing firms, and note them as placed."""
    members, queue = [start], deque([start])
    placed.add(start)
    while queue and len(members) < most:
        for partner in sorted(queue.popleft().trusted_partners(), key=by_site):
            if partner.cooperates and partner not in placed and len(members) < most:
                placed.add(partner)
                members.append(partner)
                queue.append(partner)
    return members
