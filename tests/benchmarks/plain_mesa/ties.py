"""Ties between two firms, and how they are laid and formed."""

from __future__ import annotations

from math import floor


class Tie:
    """What two firms think of each other; it has no direction."""

    __slots__ = ("base", "failed", "trust", "worked")

    def __init__(self, trust):
        self.trust = self.base = trust
        self.worked = self.failed = False

    def learn(self, p):
        """Move trust by what the two lived through this month (R11); a default outweighs what worked."""
        if self.failed:
            self.trust -= p.learning_trust_fall * self.trust
        elif self.worked:
            self.trust += p.learning_trust_rise * (1.0 - self.trust)
        self.trust += p.learning_trust_drift * (self.base - self.trust)
        self.base += p.learning_base_learning * (self.trust - self.base)
        self.worked = self.failed = False


def tie(model, one, other, trust):
    """Lay a tie between two firms."""
    one.ties[other] = other.ties[one] = new = Tie(trust)
    model.ties.append(new)


def become_acquainted(model, one, other):
    """Form a tie where two firms share none and both have room for one."""
    most = model.p.ties_most
    if other not in one.ties and len(one.ties) < most and len(other.ties) < most:
        tie(model, one, other, model.p.ties_newcomer_trust)


def lay_ties(model):
    """Lay the ties of the opening: to near sites of the street with some long ones, or random ones."""
    p, smes, chance = model.p, model.smes, model.random

    def lay(one, other):
        if one is not other and other not in one.ties:
            tie(model, one, other, draw_beta(chance, p.ties_trust, p.ties_concentration))

    if p.ties_kind == "near":
        reach = p.ties_degree / 2.0
        for site, sme in enumerate(smes):
            for step in range(1, int(reach) + 2):
                if chance.random() < reach - (step - 1):
                    stray = chance.random() < p.ties_long_share
                    lay(sme, chance.choice(smes) if stray else smes[(site + step) % len(smes)])
    else:
        pairs = len(smes) * (len(smes) - 1) // 2
        wanted = min(pairs, floor(len(smes) * p.ties_degree / 2.0 + 0.5))
        while len(model.ties) < wanted:
            lay(chance.choice(smes), chance.choice(smes))
    for sme in smes:
        sme.circle = len(sme.ties)


def draw_beta(chance, mean, concentration):
    """Draw from a Beta distribution by its mean and concentration."""
    if not 0.0 < mean < 1.0:
        return mean
    return chance.betavariate(mean * concentration, (1.0 - mean) * concentration)
