"""Who carries functions, who buys machines, and what becomes of joint bodies, written again in plain Python.

Sums, sets and scipy; nothing of the engine's code.
"""

from __future__ import annotations

import math

from scipy import stats

from klastersim.world.ends import ties_of

TRAINING, RESEARCH, LOGISTICS, TECHNOLOGY, EQUIPMENT = 1, 2, 4, 8, 16
NAMES = {TRAINING: "training", RESEARCH: "research", LOGISTICS: "logistics", TECHNOLOGY: "technology"}

FIRM_FIELDS = (
    "workers quality work reserved working_capital technology mechanised memory body machine_until granted last_act "
    "last_own_act group"
).split()
MONTH_FIELDS = "services wear invested function_gain taught carried joint".split()
BODY_FIELDS = "members founded last_act machine_until granted".split()
CLUSTER_FIELDS = "price input_price order_price order_log_mean order_log_spread linkage buyers".split()


def machine_gain(s, workers, shared):
    effect = s["functions.machine_gain"] * min(1.0, s["functions.machine_throughput"] / workers)
    return effect * (1.0 - s["functions.sharing_loss"]) if shared else effect


class Plain:
    """A cluster as its functions are about to be carried, or its bodies to be kept."""

    def __init__(self, world, scratch, scenario):
        cluster = world.clusters[0]
        self.s = scenario
        self.c = {name: cluster[name].item() for name in CLUSTER_FIELDS}
        self.firms = [{name: row[name].item() for name in FIRM_FIELDS} for row in world.firms]
        for firm, month in zip(self.firms, scratch.month, strict=False):
            firm.update({name: month[name].item() for name in MONTH_FIELDS})
        self.bodies = [{name: row[name].item() for name in BODY_FIELDS} for row in world.bodies]
        self.ties = {
            (int(tie.lower), int(tie.upper)): {"trust": float(tie.trust), "base": float(tie.base_trust)}
            for tie in ties_of(world)
        }
        self.relations = world.relations.tolist()
        first = scratch.groups["first"]
        self.groups = [
            scratch.members[first[g] : first[g + 1]].tolist() for g in range(int(world.clusters["groups"][0]))
        ]
        #: What firms that used a machine in common last month paid for each worker.
        self.shared = {
            i: scenario["functions.machine_upkeep"] / float(world.bodies[firm["body"]].workers)
            for i, firm in enumerate(self.firms)
            if firm["mechanised"] > 0.0 and firm["body"] >= 0 and float(world.bodies[firm["body"]].workers) > 0.0
        }

    # What a function brings

    def months(self, decay):
        return sum((1.0 - decay) ** n for n in range(self.s["functions.horizon"]))

    def capacity(self, i):
        firm = self.firms[i]
        return firm["workers"] * (1.0 + self.s["functions.technology_gain"] * firm["technology"] + firm["mechanised"])

    def margin(self):
        return self.c["price"] - self.c["input_price"]

    def revenue(self, kept):
        s = self.s
        lost = s["orders.late_rate"] * kept * s["orders.late_discount"]
        return self.c["order_price"] * (1.0 - s["orders.default_rate"] * kept) * (1.0 - lost)

    def shares_of_buyers(self):
        large, traders, share = (self.s[f"market.{key}"] for key in ("large_firms", "traders", "trader_share"))
        if not traders:
            share = 0.0
        if not large:
            share = 1.0
        return [(1.0 - share) / large if large else 0.0] * large + [share / traders if traders else 0.0] * traders

    def hopes(self, members):
        """Share of its output that a taker can sell to orders at a rise of all its relations by a part."""
        capacity = sum(map(self.capacity, members))
        relation = sum(
            share * max(self.relations[i][b] for i in members) for b, share in enumerate(self.shares_of_buyers())
        )
        linkage = self.c["linkage"]
        orders = self.s["market.potential"] * (linkage / -math.log(max(2.0**-53, 1.0 - linkage)) if linkage else 1.0)
        volumes = stats.lognorm(self.c["order_log_spread"], scale=math.exp(self.c["order_log_mean"]))
        output = capacity * self.s["orders.schedule"]
        within = orders * volumes.expect(lambda volume: volume, lb=0.0, ub=output)
        researched = relation + self.s["functions.research_rise"] * (1.0 - relation)
        return [min(1.0, each * within / capacity) for each in (relation, researched)]

    def benefit(self, i, function, gap, hopes):
        """Rp million that a function brings a firm."""
        s, firm, capacity = self.s, self.firms[i], self.capacity(i)
        order_gain = max(0.0, self.revenue(1.0) - self.c["price"])
        if function == TRAINING:
            need = 1.0 - firm["quality"]
            fit = max(0.0, 1.0 - abs(need - gap) / s["learning.absorptive_band"])
            after = firm["quality"] + s["functions.training_dose"] * need * fit
            asked = stats.norm(s["orders.quality"], s["orders.quality_spread"])
            more = asked.cdf(after) - asked.cdf(firm["quality"])
            return capacity * hopes[0] * more * order_gain * self.months(s["learning.quality_drift"])
        if function == RESEARCH:
            return capacity * (hopes[1] - hopes[0]) * order_gain * self.months(s["relations.decay"])
        if function == LOGISTICS:
            return firm["work"] * (self.revenue(1.0 - s["functions.logistics_cut"]) - self.revenue(1.0))
        rise = s["functions.technology_rise"] * (1.0 - firm["technology"])
        more = capacity * rise * s["functions.technology_gain"]
        return more * max(0.0, self.margin()) * self.months(s["functions.technology_decay"])

    def funds(self, i):
        firm = self.firms[i]
        return max(0.0, firm["working_capital"] - firm["reserved"]) - firm["services"]

    def functions(self):
        for function, name in NAMES.items():
            if self.s[f"functions.{name}"] and (function != RESEARCH or self.s["relations.enabled"]):
                yield function, self.s[f"functions.{name}_cost"]

    @staticmethod
    def largest(sizes, gains, funds, cost, outlay):
        """The union of all sets of firms in which each gains by its share of the cost and can pay it.

        The union is itself such a set, since more members mean smaller shares: it is found by growing from all pairs
        of conditions turned round, the least size of a set in which each firm would stay.
        """
        least = {
            i: max(cost * sizes[i] / gains[i], outlay * sizes[i] / funds[i]) for i in sizes if gains[i] > 0.0 < funds[i]
        }
        best = []
        for limit in sorted(set(least.values())):
            members = [i for i in least if least[i] <= limit]
            if sum(sizes[i] for i in members) >= limit:
                best = members
        return best

    # The month

    def carry_alone(self, month):
        s = self.s
        for i, firm in enumerate(self.firms):
            self.own_machine(i, month)
            if firm["group"] >= 0:
                continue
            hopes, gap = self.hopes([i]), 1.0 - firm["quality"]
            for function, cost in self.functions():
                pays = not s["finance.enabled"] or self.funds(i) >= cost
                if self.benefit(i, function, gap, hopes) > cost and pays:
                    firm["carried"] += function
                    firm["services"] += cost
                    firm["taught"] = gap

    def own_machine(self, i, month):
        s, firm = self.s, self.firms[i]
        had = firm["mechanised"] if i in self.shared and firm["machine_until"] != month - 1 else 0.0
        saved = self.shared.get(i, 0.0) * firm["workers"] if had else 0.0
        firm["mechanised"] = 0.0
        if not s["functions.equipment"]:
            return
        price, upkeep = s["functions.machine_price"], s["functions.machine_upkeep"]
        wear = price / s["functions.machine_months"]
        effect = machine_gain(s, firm["workers"], False)
        if firm["machine_until"] < month:
            worth = (effect - had) * firm["workers"] * self.margin() > wear + upkeep - saved
            pays = not s["finance.enabled"] or s["functions.cash_share"] * self.funds(i) >= price
            if not worth or not pays:
                return
            firm["working_capital"] -= price
            firm["invested"] += price
            firm["machine_until"] = month + s["functions.machine_months"] - 1
            firm["granted"] = 0
        if effect * firm["workers"] * self.margin() > upkeep:
            firm["mechanised"] = effect
            firm["carried"] += EQUIPMENT
            firm["services"] += upkeep
            firm["wear"] += 0.0 if firm["granted"] else wear

    def carry_together(self, month):
        if not self.groups:
            return
        self.joint_machines(month)
        for group in self.groups:
            hopes = self.hopes(group)
            gap = sum(1.0 - self.firms[i]["quality"] for i in group) / len(group)
            sizes = {i: self.capacity(i) for i in group}
            for function, cost in self.functions():
                gains = {i: self.benefit(i, function, gap, hopes) for i in group}
                funds = {i: self.funds(i) if self.s["finance.enabled"] else math.inf for i in group}
                members = self.largest(sizes, gains, funds, cost, cost)
                for i in members:
                    firm = self.firms[i]
                    share = cost * sizes[i] / sum(sizes[j] for j in members)
                    firm["carried"] += function
                    firm["services"] += share
                    if function == TRAINING:
                        firm["taught"] = sum(1.0 - self.firms[j]["quality"] for j in members) / len(members)
                    if len(members) > 1:
                        firm["joint"] += function
                        firm["last_act"] = firm["last_own_act"] = month
                        firm["function_gain"] -= share * (function == LOGISTICS)

    def leading(self, members):
        bodies = [self.firms[i]["body"] for i in members if self.firms[i]["body"] >= 0]
        return min(bodies, key=lambda body: (-bodies.count(body), body), default=None)

    def joint_machines(self, month):
        s = self.s
        if not s["functions.equipment"] or not self.bodies:
            return
        price, upkeep = s["functions.machine_price"], s["functions.machine_upkeep"]
        wear = price / s["functions.machine_months"]
        for group in self.groups:
            body = self.leading(group)
            if body is None or self.bodies[body]["machine_until"] >= month:
                continue
            users = [i for i in group if self.firms[i]["body"] == body and self.firms[i]["machine_until"] < month]
            sizes = {i: self.firms[i]["workers"] for i in users}
            if len(users) < 2:
                continue
            effect = machine_gain(s, sum(sizes.values()), True)
            gains = {i: effect * sizes[i] * self.margin() for i in users}
            funds = {i: s["functions.cash_share"] * self.funds(i) for i in users}
            if not s["finance.enabled"]:
                funds = dict.fromkeys(users, math.inf)
            payers = self.largest(sizes, gains, funds, wear + upkeep, price)
            if len(payers) > 1:
                for i in payers:
                    part = price * sizes[i] / sum(sizes[j] for j in payers)
                    self.firms[i]["working_capital"] -= part
                    self.firms[i]["invested"] += part
                self.bodies[body] |= {"machine_until": month + s["functions.machine_months"] - 1, "granted": 0}
        for number, body in enumerate(self.bodies):
            users = [f for f in self.firms if f["body"] == number and f["group"] >= 0 and f["machine_until"] < month]
            total = sum(firm["workers"] for firm in users)
            if body["machine_until"] < month or not users:
                continue
            effect = machine_gain(s, total, len(users) > 1)
            for firm in users if effect * total * self.margin() > upkeep else ():
                part = firm["workers"] / total
                worn = 0.0 if body["granted"] else wear * part
                firm["mechanised"] = effect
                firm["carried"] += EQUIPMENT
                firm["services"] += upkeep * part
                firm["wear"] += worn
                if len(users) > 1:
                    firm["joint"] += EQUIPMENT
                    firm["function_gain"] += effect * firm["workers"] * self.margin() - upkeep * part - worn
                    if not body["granted"]:
                        firm["last_act"] = firm["last_own_act"] = month

    def use_functions(self, month):
        s = self.s
        levels = [firm["technology"] for firm in self.firms]
        for i, firm in enumerate(self.firms):
            if firm["carried"] & TRAINING:
                need = 1.0 - firm["quality"]
                fit = max(0.0, 1.0 - abs(need - firm["taught"]) / s["learning.absorptive_band"])
                firm["quality"] += s["functions.training_dose"] * need * fit
            if firm["carried"] & RESEARCH:
                self.relations[i] = [r + s["functions.research_rise"] * (1.0 - r) for r in self.relations[i]]
            partners = [(sum(pair) - i, tie["trust"]) for pair, tie in self.ties.items() if i in pair]
            gaps = [(levels[j] - levels[i], trust) for j, trust in partners]
            learned = sum(trust * gap for gap, trust in gaps if 0.0 < gap <= s["learning.absorptive_band"])
            level = levels[i] + s["functions.technology_spill"] * learned / max(1, len(partners))
            if firm["carried"] & TECHNOLOGY:
                level += s["functions.technology_rise"] * (1.0 - level)
            firm["technology"] = level * (1.0 - s["functions.technology_decay"])

    # Bodies

    def acted(self, i, month):
        return self.firms[i]["last_act"] == month or self.firms[i]["joint"] != 0

    def members(self, number):
        return [i for i, firm in enumerate(self.firms) if firm["body"] == number]

    def keep_bodies(self, month):
        s = self.s
        for firm in self.firms:
            firm["memory"] *= 0.5 ** (1.0 / (12.0 * s["bodies.half_life"]))
            firm["memory"] *= firm["memory"] >= 0.001
        for number, body in enumerate(self.bodies):
            if sum(self.acted(i, month) for i in self.members(number)) > 1:
                body["last_act"] = month
        for group in self.groups:
            free = [i for i in group if self.firms[i]["body"] < 0]
            if sum(self.acted(i, month) for i in group) < 2 or not free:
                continue
            number = self.leading(group)
            here = sum(self.firms[i]["body"] == number for i in group)
            if number is None or (len(free) > here and len(free) >= s["groups.minimum"]):
                number = next(k for k, body in enumerate(self.bodies) if not body["members"])
                self.bodies[number] = {
                    "founded": month,
                    "last_act": month,
                    "machine_until": 0,
                    "granted": 0,
                    "members": 0,
                }
            for i in free:
                self.firms[i]["body"] = number
            self.bodies[number]["members"] += len(free)
        idle = [k for k, b in enumerate(self.bodies) if b["members"] and month - b["last_act"] >= s["bodies.patience"]]
        before = [firm["memory"] for firm in self.firms]
        for firm in self.firms:
            if firm["body"] in idle:
                firm["memory"] = min(1.0, firm["memory"] + s["bodies.memory"])
                firm["body"] = -1
        for number in idle:
            self.bodies[number] |= {"members": 0, "machine_until": 0}
        for (a, b), tie in self.ties.items():
            old = max(0.0, tie["base"] - (before[a] + before[b]) / 2.0)
            new = max(0.0, tie["base"] - (self.firms[a]["memory"] + self.firms[b]["memory"]) / 2.0)
            tie["trust"] = min(1.0, max(0.0, tie["trust"] + new - old))
