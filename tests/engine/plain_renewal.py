"""Entry and exit of firms written again, plainly: dictionaries and sums, nothing of the engine's code but its draws."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from klastersim.compiled import one, purposes, two
from klastersim.world.ends import ties_of

FIELDS = (
    "first_link links born closes standing loss_months supported social cooperates collateral member "
    "loan_defaults workers span quality quality_base threshold expected_gain work reserved working_capital "
    "usual_capital borrowed profit loan loan_group circle"
).split()
ACCOUNTS = "households bank government".split()
VACANT, WORKING, DEFAULT, GROUP, PRIME = 2, 0, 3, 1, 2


class Renewal:
    """One cluster of near ties in plain Python, as a month has just been opened."""

    def __init__(self, world, scenario):
        cluster = world.clusters[0]
        self.s = scenario
        self.seed, self.identity, self.price = int(cluster.seed), int(cluster.identity), float(cluster.price)
        self.input_price = float(cluster.input_price)
        self.firms = [{name: firm[name].item() for name in FIELDS} for firm in world.firms]
        self.ties = {}
        for tie in ties_of(world):
            self.ties[int(tie.lower), int(tie.upper)] = [float(tie.trust), float(tie.base_trust)]
        self.relations = np.array(world.relations).tolist()
        self.links = world.links["partner"].tolist()
        self.accounts = {name: float(cluster[f"{name}_account"]) for name in ACCOUNTS}
        self.home, self.lost = float(cluster.home_workers), float(cluster.goods_lost)
        self.purses = np.array(world.purses[0]).tolist()
        self.orders = [self._order(world, n) for n in range(int(cluster.oldest_order), int(cluster.next_order))]
        self.entries = self.exits = 0
        self.investment = self.written_off = 0.0

    @staticmethod
    def _order(world, number):
        cluster = world.clusters[0]
        record = world.orders[int(cluster.first_order) + number % int(cluster.order_room)]
        order = {name: record[name].item() for name in ("accepted", "taker", "lead")}
        places = range(int(record.first_part), int(record.first_part) + int(record.parts))
        rows = [world.parts[int(cluster.first_part) + k % int(cluster.part_room)] for k in places]
        order["parts"] = [
            {name: row[name].item() for name in ("firm", "outcome", "volume", "loan", "loan_cost")} for row in rows
        ]
        return order

    def draw(self, month, purpose, who):
        return two(self.seed, month, purpose, self.identity, who, 0)

    def renew(self, month):
        for site, firm in enumerate(self.firms):
            if firm["standing"] == VACANT and self.draw(month, purposes.ENTRY, site)[0] < self.chance_of_entry(
                site, month
            ):
                self.enter(site, month)
        leaving = [
            site for site, firm in enumerate(self.firms) if firm["standing"] != VACANT and self.leaves(site, month)
        ]
        self.leave_orders(leaving, month)
        for site in leaving:
            self.close(site)

    def leaves(self, site, month):
        firm = self.firms[site]
        tired = firm["loss_months"] >= self.s["growth.loss_months"]
        gives_up = tired and self.draw(month, purposes.EXIT, site)[0] < self.s["growth.loss_exit"]
        return firm["closes"] <= month or gives_up

    def chance_of_entry(self, site, month):
        ordinary = self.s["local.price"] * (1.0 - self.s["local.input_share"]) - self.s["local.wage"]
        known = [b if a == site else a for a, b in self.ties if site in (a, b)]
        profits = [
            self.firms[i]["profit"] / self.firms[i]["workers"] if self.firms[i]["workers"] else 0.0
            for i in known
            if self.firms[i]["standing"] != VACANT and self.firms[i]["born"] < month
        ]
        margin = self.price - self.input_price - self.s["local.wage"]
        success = (math.fsum(profits) / len(profits) if profits else margin) / ordinary
        return min(1.0, self.s["growth.entry"] * max(0.0, 1.0 + self.s["growth.attraction"] * (success - 1.0)))

    def enter(self, site, month):
        """Draw a newcomer by the keys of the opening, with the month in place of 0."""
        s, firm = self.s, self.firms[site]
        which, size = self.draw(month, purposes.OPEN_WORKERS, site)
        low, high = next(
            bounds
            for share, bounds in (
                (s["cluster.micro_share"], (1, 4)),
                (s["cluster.micro_share"] + s["cluster.small_share"], (5, 19)),
                (2.0, (20, 99)),
            )
            if which < share
        )
        span = float(low + math.floor(size * (high - low + 1)))
        kind, pledge = self.draw(month, purposes.OPEN_TYPE, site)
        mean, weight = s["cluster.quality"], s["cluster.quality_concentration"]
        quality = special.betaincinv(
            mean * weight, (1 - mean) * weight, self.draw(month, purposes.OPEN_QUALITY, site)[0]
        )
        normal = special.ndtri(self.draw(month, purposes.OPEN_CAPITAL, site)[0])
        usual = s["finance.working_capital"] * math.exp(s["finance.spread"] * normal) * span * s["local.price"]
        workers = max(1.0, s["growth.opening_size"] * span)
        hazard = s["growth.exit_hazard"] / 100.0
        life = one(self.seed, month, purposes.OPEN_LIFE, self.identity, site, 0)
        threshold = special.ndtri(self.draw(month, purposes.OPEN_THRESHOLD, site)[0])
        firm.update(
            standing=0, born=month, span=span, workers=workers, quality=quality, quality_base=quality,
            usual_capital=usual,
            working_capital=usual * workers / span, social=int(kind >= s["cluster.free_riders"]),
            collateral=int(pledge < s["finance.collateral_share"]), cooperates=0, circle=firm["links"],
            closes=month + math.ceil(12.0 * math.log(life) / math.log(1.0 - hazard)),
            threshold=s["decision.threshold_mean"] + s["decision.threshold_spread"] * threshold,
        )  # fmt: skip
        self.relations[site] = [s["market.linkage"]] * len(self.relations[site])
        master = self.master(site, month)
        for pair, tie in self.ties.items():
            if site in pair:
                known = master in pair
                tie[0] = tie[1] if known else s["ties.newcomer_trust"]
                if s["growth.newcomer_base"] == "newcomer" and not known:
                    tie[1] = s["ties.newcomer_trust"]
        self.accounts["households"] -= firm["working_capital"]
        self.investment += firm["working_capital"]
        self.home -= workers
        self.entries += 1

    def master(self, site, month):
        """Who is known to a newcomer: of its neighbours in their order, by the cumulated share of their workers."""
        whether, which = self.draw(month, purposes.APPRENTICE, site)
        first = self.firms[site]["first_link"]
        partners = self.links[first : first + self.firms[site]["links"]]
        sums = np.cumsum([self.firms[j]["workers"] for j in partners])
        if whether >= self.s["growth.apprentices"] or not len(sums) or sums[-1] <= 0.0:
            return None
        return partners[int(np.searchsorted(sums, which * sums[-1], side="right"))]

    def leave_orders(self, leaving, month):
        for order in self.orders:
            for part in order["parts"]:
                if part["firm"] not in leaving:
                    continue
                firm = self.firms[part["firm"]]
                if part["outcome"] == WORKING:
                    self.lost += part["volume"] * (month - order["accepted"]) / self.s["orders.schedule"]
                    part.update(outcome=DEFAULT, volume=0.0)
                if part["loan"] > 0.0:
                    owed = part["loan"] + part["loan_cost"]
                    paid = min(owed, max(0.0, firm["working_capital"]))
                    firm["working_capital"] -= paid
                    self.accounts["bank"] += paid
                    part["loan"] = owed - paid
                if order["taker"] == PRIME and order["lead"] == part["firm"]:
                    order["lead"] = -1
                part["firm"] = -1

    def close(self, site):
        firm = self.firms[site]
        if firm["loan"] > 0.0:
            self.call_loan(site)
        self.accounts["households"] += firm["working_capital"]
        self.investment -= firm["working_capital"]
        self.home += firm["workers"]
        kept = {name: firm[name] for name in ("first_link", "links", "born", "quality", "quality_base", "threshold",
                                              "social", "collateral")}  # fmt: skip
        firm.update(dict.fromkeys(FIELDS, 0))
        firm.update(kept, standing=VACANT, closes=32_000, loan_group=-1)
        self.relations[site] = [0.0] * len(self.relations[site])
        self.exits += 1

    def call_loan(self, site):
        """The firm pays what it can, those who borrowed with it share the rest, public money bears what lacks."""
        firm = self.firms[site]
        together = firm["loan_group"] != -1
        payers = [(firm, min(firm["loan"], max(0.0, firm["working_capital"])))]
        rest = firm["loan"] - payers[0][1]
        if together and rest > 0.0:
            others = [
                each for each in self.firms
                if each is not firm and each["loan_group"] == firm["loan_group"] and each["loan"] > 0.0
                and not each["loan_defaults"]
            ]  # fmt: skip
            payers += [(each, min(each["working_capital"], rest / len(others))) for each in others]
        for payer, paid in payers:
            payer["working_capital"] -= paid
            self.accounts["government"] += paid
            self.purses[2 + together] += paid
            firm["loan"] -= paid
        self.written_off += firm["loan"]
