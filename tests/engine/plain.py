"""The settlements of a month written again, plainly: dictionaries, networkx and sums, nothing of the engine's code.

A `Plain` is read from a world; its methods do to it what the kernels do to the world. Only the draws are shared, by
their published keys.
"""

from __future__ import annotations

import copy
import math

import networkx as nx
import numpy as np
from scipy import special

from klastersim import Scenario
from klastersim.compiled import one, purposes, two
from klastersim.engine.carrying import carry_alone, carry_together
from klastersim.engine.measuring import open_books
from klastersim.engine.month import begin_month, form_groups
from klastersim.engine.run import advance, scratch_for
from klastersim.world.build import build, make_room
from klastersim.world.ends import ties_of

SINGLE, GROUP, PRIME = 0, 1, 2
ON_TIME, LATE, DEFAULT = 1, 2, 3
WORKED, DEFAULTED = 1, 2
LOGISTICS = 4

FIRM_FIELDS = (
    "group group_size last_act last_order_act last_own_act social cooperates collateral workers quality work "
    "reserved working_capital support_days charges technology mechanised memory contract_end closes"
).split()

MONTH_FIELDS = "saving purchase_gain order_gain order_income order_volume order_loan_cost carried".split()

CLUSTER_FIELDS = (
    "seed identity firms price opening_supply input_price order_price order_log_mean order_log_spread buyers_account "
    "traders_account suppliers_account bank_account goods_delivered goods_lost buyers month bank_credit"
).split()

COUNTS = (
    "linkage potential reached organised skilled financed taken due delivered single_share collective_sales own_sales "
    "taken_alone subcontracts captured"
).split()

#: What is noted for measures over a year.
NOTED = ("order_value", "order_volume", "order_margin", "order_inputs", "advanced")

BUYER_FIELDS = "share volume quality stretch ceiling schedule principal contracted advanced lost earned".split()

#: Corners of the model in which settlements differ.
CORNERS = {
    "captured": {
        "capture.enabled": True,
        "capture.share": 0.6,
        "ties.trust": 0.85,
        "start.kind": "cooperating",
        "market.potential": 20.0,
        "market.linkage": 0.2,
        "orders.default_rate": 0.1,
    },
    "active": {"ties.trust": 0.8, "start.kind": "cooperating"},
    "wild": {
        "ties.trust": 0.75,
        "start.kind": "cooperating",
        "market.potential": 20.0,
        "orders.default_rate": 0.3,
        "orders.late_rate": 0.5,
        "purchase.ceiling": 0.1,
        "orders.premium": 1.0,
        "ties.most": 14,
    },
    "subcontracts": {"groups.enabled": False, "ties.trust": 0.8, "start.kind": "cooperating", "market.potential": 10.0},
    "poor": {
        "ties.trust": 0.8,
        "start.kind": "cooperating",
        "finance.working_capital": 0.2,
        "finance.loan_cost": 0.01,
        "market.potential": 12.0,
        "orders.premium": 1.5,
        "orders.default_rate": 0.15,
        "orders.payment_delay": 0,
    },
    "well mixed": {"ties.kind": "all", "ties.trust": 0.7, "start.kind": "cooperating", "groups.maximum": 9},
    "alone": {"decision.enabled": False, "market.potential": 10.0, "orders.low_weeks": 2.0},
    "no finance": {"finance.enabled": False, "ties.trust": 0.8, "market.potential": 12.0, "market.traders": 0,
                   "market.trader_share": 0.0},
    "no credit": {"finance.credit": False, "ties.kind": "random", "ties.trust": 0.8, "start.kind": "cooperating"},
    "forgetful": {"relations.enabled": False, "market.linkage": 0.3, "ties.trust": 0.8, "start.kind": "cooperating"},
    "bargaining": {
        "bargaining.enabled": True,
        "bargaining.outside_supply": 0.5,
        "market.linkage": 0.1,
        "market.potential": 12.0,
        "ties.trust": 0.75,
        "start.kind": "cooperating",
    },
    "contracts": {
        "bargaining.enabled": True,
        "bargaining.margin": 0.6,
        "contracts.enabled": True,
        "contracts.dominance": 0.1,
        "contracts.rate": 0.7,
        "contracts.share": 0.5,
        "market.potential": 10.0,
        "ties.trust": 0.7,
    },
    "unequal buyers": {
        "bargaining.enabled": True,
        "bargaining.margin": 0.1,
        "buyers.unequal": True,
        "buyers.schedule_spread": 0.8,
        "market.potential": 14.0,
        "ties.trust": 0.75,
        "start.kind": "cooperating",
        "orders.payment_delay": 1,
    },
    "principals": {
        "principals.enabled": True,
        "principals.number": 2,
        "principals.prefinance": 0.8,
        "buyers.unequal": True,
        "market.trader_share": 0.1,
        "market.potential": 14.0,
        "orders.default_rate": 0.15,
        "orders.failed_discount": 0.6,
        "finance.working_capital": 0.4,
        "finance.loan_cost": 0.05,
        "orders.premium": 1.0,
        "ties.trust": 0.75,
        "start.kind": "cooperating",
    },
    "traders": {
        "traders.enabled": True,
        "market.trader_linkage": 0.9,
        "market.trader_share": 0.3,
        "market.linkage": 0.1,
        "market.potential": 16.0,
        "relations.rise": 0.4,
        "ties.trust": 0.7,
    },
    "bargaining traders": {
        "traders.enabled": True,
        "bargaining.enabled": True,
        "buyers.unequal": True,
        "principals.enabled": True,
        "market.trader_linkage": 0.9,
        "market.linkage": 0.1,
        "market.potential": 16.0,
        "relations.rise": 0.4,
        "ties.trust": 0.75,
        "start.kind": "cooperating",
    },
    "functions": {
        "functions.enabled": True,
        "bodies.enabled": True,
        "bodies.patience": 3,
        "bodies.memory": 0.3,
        "ties.trust": 0.75,
        "start.kind": "cooperating",
        "market.potential": 12.0,
        "orders.default_rate": 0.2,
        "orders.late_rate": 0.3,
        "finance.working_capital": 4.0,
        "functions.training_cost": 0.05,
        "functions.research_cost": 0.2,
        "functions.logistics_cost": 0.1,
        "functions.technology_cost": 0.3,
        "functions.machine_price": 20.0,
        "functions.machine_months": 9,
    },
    "many": {"cluster.firms": 110, "market.potential": 16.0, "ties.trust": 0.7, "start.kind": "cooperating",
             "groups.maximum": 5, "orders.premium": 0.6},
    "many carried": {"cluster.firms": 110, "market.potential": 16.0, "ties.trust": 0.7, "start.kind": "cooperating",
                     "groups.maximum": 5, "orders.premium": 0.6, "traders.enabled": True,
                     "market.trader_linkage": 0.9, "market.linkage": 0.1},
    "small groups": {"groups.minimum": 2, "groups.maximum": 3, "ties.trust": 0.7, "start.kind": "cooperating"},
}  # fmt: skip


def corner(name):
    """Return the scenario of a corner; small orders, so that many are taken."""
    small = {"programme.enabled": False, "cluster.firms": 40, "orders.high_value": 250.0, "orders.low_weeks": 3.0}
    return Scenario.preset("sentra").replace({**small, **CORNERS[name]})


def midmonth(scenario, seed, months):
    """Return (world, scratch, month): a cluster whose firms have decided and formed their groups after `months`.

    It has room for whatever the month brings.
    """
    world = advance(build([scenario], [seed], months_kept=max(12, months + 1)), months)
    room = np.array([4096])
    world = make_room(world, room, room * 16)
    scratch = scratch_for(world)
    begin_month(world, scratch, 0, months + 1)
    form_groups(world, scratch, 0)
    open_books(world, scratch, 0)
    carry_alone(world, scratch, 0, months + 1)
    carry_together(world, scratch, 0, months + 1)
    return world, scratch, months + 1


class Plain:
    """One cluster in plain Python; `groups` lists the members of each group in the order in which they were found."""

    def __init__(self, world, scratch, scenario):
        cluster = world.clusters[0]
        self.s = scenario
        self.c = {name: cluster[name].item() for name in CLUSTER_FIELDS}
        self.firms = [{name: world.firms[i][name].item() for name in FIRM_FIELDS} for i in range(self.c["firms"])]
        for firm, month in zip(self.firms, scratch.month, strict=False):
            firm.update({name: month[name].item() for name in MONTH_FIELDS})
        self.ties = {}
        for tie, event in zip(ties_of(world), world.tie_events, strict=False):
            self.ties[int(tie.lower), int(tie.upper)] = {"trust": float(tie.trust), "event": int(event)}
        self.relations = world.relations.tolist()
        self.used = world.relations_used.tolist()
        self.trader_relations = world.trader_relations[0].tolist()
        self.orders = [self._order(world, n) for n in range(int(cluster.oldest_order), int(cluster.next_order))]
        # Closed ones wait in the ring for those before them.
        self.orders = [order for order in self.orders if not order.pop("closed")]
        row = world.series[0, (int(cluster.month) - 1) % world.series.shape[1]]
        self.row = {name: float(row[name]) for name in COUNTS}
        self.groups = None
        self.buyers = [{name: buyer[name].item() for name in BUYER_FIELDS} for buyer in world.buyers[0]]
        self.year = {name: world.year[0, (int(cluster.month) - 1) % 12][name].item() for name in NOTED}

    @staticmethod
    def _order(world, number):
        cluster = world.clusters[0]
        record = world.orders[int(cluster.first_order) + number % int(cluster.order_room)]
        names = "number accepted due buyer trader taker lead remembered subsidised success closed carried".split()
        names += ["volume", "price", "margin"]
        order = {name: record[name].item() for name in names}
        order["parts"] = []
        for k in range(int(record.first_part), int(record.first_part) + int(record.parts)):
            part = world.parts[int(cluster.first_part) + k % int(cluster.part_room)]
            names = "firm outcome volume income forgone loan loan_cost advance".split()
            order["parts"].append({name: part[name].item() for name in names})
        return order

    def copy(self):
        return copy.deepcopy(self)

    def draw(self, month, purpose, who=0, whom=0):
        return two(self.c["seed"], month, purpose, self.c["identity"], who, whom)

    # Groups

    def qualifying(self):
        graph = nx.Graph()
        willing = [i for i, firm in enumerate(self.firms) if firm["cooperates"]]
        graph.add_nodes_from(willing)
        if self.s["ties.kind"] == "all":
            if self.s["ties.trust"] >= self.s["groups.trust"]:
                graph.add_edges_from((i, j) for i in willing for j in willing if i < j)
            return graph
        for (a, b), tie in self.ties.items():
            if a in graph and b in graph and tie["trust"] >= self.s["groups.trust"]:
                graph.add_edge(a, b)
        return graph

    def form_groups(self):
        """From the lowest site not yet placed, breadth first, partners ascending, up to the largest group."""
        self.groups = []
        if not self.s["groups.enabled"]:
            return
        graph = self.qualifying()
        while len(graph):
            found = [min(graph)]
            for node in found:
                found += [other for other in sorted(graph[node]) if other not in found]
            found = found[: self.s["groups.maximum"]]
            graph.remove_nodes_from(found)
            if len(found) >= self.s["groups.minimum"]:
                self.groups.append(found)

    def group_of(self, i):
        return next((g for g, members in enumerate(self.groups) if i in members), None)

    def capacity(self, i):
        firm = self.firms[i]
        return firm["workers"] * (1.0 + self.s["functions.technology_gain"] * firm["technology"] + firm["mechanised"])

    def time_lost(self, i):
        firm, group = self.firms[i], self.group_of(i)
        days = firm["support_days"]
        if firm["cooperates"]:
            others = 0 if group is None else len(self.groups[group]) - 1
            days += self.s["groups.meeting_days"] + self.s["groups.coordination_days"] * others
        return min(days / 25.0, max(0.0, self.capacity(i) - firm["work"]))

    def trust(self, a, b):
        tie = self.ties.get((min(a, b), max(a, b)))
        return None if tie is None else tie["trust"]

    def reliability_trust(self, i, parties, kind, lead):
        """Trust that decides whether party `i` keeps its word."""
        if kind == SINGLE or i == lead:
            return 0.5
        if self.s["ties.kind"] == "all":
            return self.s["ties.trust"]
        if kind == PRIME:
            return self.trust(lead, i)
        known = [self.trust(i, j) for j in parties if j != i and self.trust(i, j) is not None]
        known = [trust for trust in known if trust >= self.s["groups.trust"]]
        if not known:
            return self.s["ties.newcomer_trust"]
        return sum(known) / len(known)

    @staticmethod
    def failing(rate, trust):
        return min(1.0, 4.0 * rate * (1.0 - trust) ** 2)

    # Orders

    def takers(self):
        """Members of each taker: groups, then firms outside one."""
        grouped = {i for members in self.groups for i in members}
        return [*self.groups, *([i] for i in range(len(self.firms)) if i not in grouped)]

    def buyer_shares(self):
        if self.s["buyers.unequal"]:
            return [buyer["share"] for buyer in self.buyers]
        large, traders, share = (self.s[f"market.{key}"] for key in ("large_firms", "traders", "trader_share"))
        return [(1.0 - share) / large] * large + ([share / traders] * traders if traders else [])

    def reach(self, buyer):
        missed = 1.0
        for members in self.takers():
            missed *= 1.0 - self.weight(members, buyer)
        return 1.0 - missed

    def weight(self, members, buyer):
        """How far a group, or a firm on its own, reaches a buyer."""
        if self.group_of(members[0]) is not None:
            return max(self.relations[i][buyer] for i in members)
        return self.route(members[0], buyer)[0]

    def route(self, i, buyer):
        """(How far a firm on its own reaches a buyer, the trader through whom, or -1.)"""
        large, best = self.s["market.large_firms"], (self.relations[i][buyer], -1)
        if self.s["traders.enabled"] and self.s["orders.single"] and buyer < large:
            for trader, reach in enumerate(self.trader_relations):
                through = self.relations[i][large + trader] * reach[buyer]
                best = (through, trader) if through > best[0] else best
        return best

    def carried_terms(self, trader, buyer):
        """(What the firm gets for a carried order, what the trader keeps.)"""
        s, floor = self.s, self.c["order_price"]
        if not s["bargaining.enabled"]:
            return floor, s["traders.markup"] * floor
        large, shares, reach = s["market.large_firms"], self.buyer_shares(), self.trader_relations[trader]
        others = sum(shares[b] * reach[b] for b in range(large) if b != buyer)
        called = sum(firm["workers"] * self.relations[i][large + trader] for i, firm in enumerate(self.firms))
        paid = self.price_between(buyer, others, called)
        return min(floor, paid), max(0.0, paid - floor)

    def wanting(self, buyer, share):
        """Share of its orders that a buyer still places: what it got by contracts it does not order."""
        volume = math.exp(self.c["order_log_mean"] + self.c["order_log_spread"] ** 2 / 2.0)
        volume *= self.buyers[buyer]["volume"]
        return max(0.0, 1.0 - self.buyers[buyer]["contracted"] / (self.s["market.potential"] * share * volume))

    def helpers(self, lead):
        """Willing partners outside a group whom a willing firm trusts."""
        if not self.s["orders.subcontracting"] or not self.firms[lead]["cooperates"]:
            return []
        return [
            j
            for j in range(len(self.firms))
            if self.s["ties.kind"] != "all"
            and self.trust(lead, j) is not None
            and self.trust(lead, j) >= self.s["groups.trust"]
            and self.firms[j]["cooperates"]
            and self.group_of(j) is None
        ]

    def free(self, i):
        if self.firms[i]["closes"] <= self.c["month"] + self.s["orders.schedule"] + 1:
            return 0.0
        free = max(0.0, self.capacity(i) - self.time_lost(i) - self.firms[i]["work"])
        return free * (1.0 - self.s["contracts.share"] * (self.firms[i]["contract_end"] >= self.c["month"]))

    def highest_price(self, buyer):
        return self.buyers[buyer]["ceiling"] if self.s["bargaining.enabled"] else self.c["order_price"]

    def price_for(self, buyer, members, kind, lead):
        """Between floor and ceiling, by whom else the taker and the buyer could turn to."""
        shares = self.buyer_shares()
        if not self.s["bargaining.enabled"]:
            return self.c["order_price"]
        known = members if kind == GROUP else [lead]
        others = sum(share * max(self.relations[i][b] for i in known) for b, share in enumerate(shares) if b != buyer)
        return self.price_between(buyer, others, sum(self.firms[i]["workers"] for i in members))

    def price_between(self, buyer, others, workers):
        """Price for who reaches so much demand of others, and has so many workers."""
        s, floor = self.s, self.c["order_price"]
        added = s["local.price"] - self.c["input_price"]
        room = s["bargaining.margin"] * s["bargaining.exporter_share"] / s["bargaining.producer_share"] * added
        supply = workers / ((1.0 + s["bargaining.outside_supply"]) * sum(firm["workers"] for firm in self.firms))
        turn_to = others / self.buyer_shares()[buyer]
        weight = turn_to / (turn_to + (1.0 - supply) / supply)
        ceiling = s["local.price"] + room
        if s["buyers.unequal"]:
            ceiling = self.buyers[buyer]["ceiling"]
        return floor + weight * (ceiling - floor) if ceiling > floor else ceiling

    def sorted_takers(self):
        """Takers as the month's orders begin to arrive, the most able first.

        (members, with whom they can act jointly, bin of the largest order)
        """
        rows = []
        for members in self.takers():
            grouped = self.group_of(members[0]) is not None
            joint = members if grouped else [members[0], *self.helpers(members[0])]
            joint = joint if grouped or len(joint) > 1 else []
            most = sum(map(self.free, joint))
            if self.s["orders.single"] and not grouped:
                most = max(most, self.free(members[0]))
            rows.append((members, joint, min(255, int(most * self.s["orders.schedule"]))))
        return sorted(rows, key=lambda row: -row[2])

    def able_to_pay(self, i, grouped, schedule, own):
        """What a firm could make over the schedule of an order, and pay its own share of the inputs of."""
        s, firm, line = self.s, self.firms[i], 0.0
        output = self.free(i) * schedule
        if not s["finance.enabled"]:
            return output
        if s["finance.credit"] and (grouped or firm["collateral"]):
            owed = sum(p["loan"] for order in self.orders for p in order["parts"] if p["firm"] == i)
            line = max(0.0, s["finance.limit"] * firm["workers"] * s["local.price"] - owed)
        return min(output, (self.own_funds(i) + line) / self.c["input_price"] / own)

    def offer_around(self, month, number, buyer, volume, asked, ranked):
        """Offer an order to takers, drawn by weight: first to any, where many are able and gain alone.

        Then those are listed who would take it alone or could fill it jointly. Who is known to pass it on is not drawn:
        what follows is drawn by the same chances.
        """
        arguments = (month, number, buyer, volume, asked)
        furthest, listed, rest, tries = 0, [], [], 0
        able = []
        for members, joint, most in ranked:
            if most >= min(255, int(volume / self.buyers[buyer]["stretch"])):
                able.append((self.weight(members, buyer), members, joint))
        hopeful = self.unit_revenue(0.5, self.highest_price(buyer)) > self.c["price"]
        if len(able) > 64 and hopeful:
            tries = 8
        for attempt in range(tries):
            weight, members, joint = self.draw_offer(month, number, attempt, able)
            if self.consider_alone(arguments, members) < 4:
                # Who acts jointly is carried by no trader: it was drawn as if it were, and is by its own weight.
                stays = self.draw(month, purposes.ORDER_OFFER, number, attempt)[1]
                if stays * weight >= max(self.relations[i][buyer] for i in members):
                    continue
            if weight > 0.0 and self.take_in_any_way(arguments, members, joint):
                return 4
        for weight, members, joint in able:
            if weight <= 0.0:
                continue
            would = self.consider_alone(arguments, members)
            furthest = max(furthest, min(would, 3))
            # Who acts jointly is carried by no trader.
            known = max(self.relations[i][buyer] for i in members)
            if would == 4:
                listed.append((weight, members, joint))
            elif known > 0.0 and self.could_pay(joint, buyer, volume, asked):
                listed.append((known, members, joint))
            elif joint and known > 0.0:
                rest.append(members)
        for attempt in range(tries, tries + len(listed)):
            each = self.draw_offer(month, number, attempt, listed)
            if self.take_in_any_way(arguments, *each[1:]):
                return 4
            furthest = max(furthest, self.consider_jointly(arguments, each[1], accepting=False))
            listed.remove(each)
        for members in rest:
            furthest = max(furthest, min(3, self.consider_jointly(arguments, members, accepting=False)))
        return furthest

    def own_share(self, buyer):
        """Share of the inputs of an order that nobody advances."""
        return 1.0 - self.s["principals.prefinance"] * self.buyers[buyer]["principal"]

    def draw_offer(self, month, number, attempt, rows):
        """One of the rows, which begin with a weight, by weight."""
        total = sum(weight for weight, *_ in rows)
        target = one(self.c["seed"], month, purposes.ORDER_OFFER, self.c["identity"], number, attempt) * total
        for each in rows:
            target -= each[0]
            if target < 0.0:
                break
        return each

    def could_pay(self, joint, buyer, volume, asked):
        """Whether parties whose quality is not a step lower than asked could make and pay a volume."""
        skilled = [i for i in joint if min(15, int(self.firms[i]["quality"] * 16)) >= min(15, int(asked * 16))]
        usual = (self.s["orders.schedule"], 1.0)
        could = sum(self.able_to_pay(i, self.group_of(i) is not None, *usual) for i in skilled)
        return joint and could * max(self.buyers[buyer]["stretch"], 1.0 / self.own_share(buyer)) >= volume

    def take_in_any_way(self, arguments, members, joint):
        """Let a taker take an order alone, where it would, or jointly, where it could and would; whether it did."""
        if self.consider_alone(arguments, members) == 4:
            return self.consider_alone(arguments, members, accepting=True) == 4
        return self.could_pay(joint, *arguments[2:]) and self.consider_jointly(arguments, members) == 4

    def consider_alone(self, arguments, members, accepting=False):
        if self.group_of(members[0]) is not None or not self.s["orders.single"]:
            return 0
        return self.consider(*arguments, [members[0]], SINGLE, members[0], accepting)

    def consider_jointly(self, arguments, members, accepting=True):
        if self.group_of(members[0]) is not None:
            return self.consider(*arguments, members, GROUP, -1, accepting)
        return self.consider(*arguments, [members[0], *self.helpers(members[0])], PRIME, members[0], accepting)

    def take_orders(self, month):
        self.row["linkage"] = sum(share * self.reach(b) for b, share in enumerate(self.buyer_shares()))
        count = 0
        if self.s["market.potential"] > 0.0:
            chance = self.draw(month, purposes.ORDER_COUNT)[0]
            while special.pdtr(count, self.s["market.potential"]) < chance:
                count += 1
        self.row["potential"] = float(count)
        largest = max(firm["workers"] for firm in self.firms) * self.s["orders.schedule"]
        ranked = self.sorted_takers()
        for number in range(count):
            whose, reach = self.draw(month, purposes.ORDER_ARRIVAL, number)
            shares = self.buyer_shares()
            buyer = next(b for b in range(len(shares)) if whose < sum(shares[: b + 1]) or b == len(shares) - 1)
            if reach >= self.reach(buyer) * self.wanting(buyer, shares[buyer]):
                continue
            size, standard = self.draw(month, purposes.ORDER_SIZE, number)
            volume = math.exp(self.c["order_log_mean"] + self.c["order_log_spread"] * special.ndtri(size))
            volume *= self.buyers[buyer]["volume"]
            asked = self.s["orders.quality"] + self.buyers[buyer]["quality"]
            asked += self.s["orders.quality_spread"] * special.ndtri(standard)
            asked = min(1.0, max(0.0, asked))
            furthest = self.offer_around(month, number, buyer, volume, asked, ranked)
            self.row["reached"] += 1.0
            self.row["single_share"] += volume / self.buyers[buyer]["stretch"] <= largest
            for stage, name in enumerate(("organised", "skilled", "financed", "taken"), 1):
                self.row[name] += furthest >= stage

    def unit_revenue(self, trust, price):
        """What a unit of an order brings, as a party expects it that is held to its word by a trust."""
        kept = 1.0 - self.failing(self.s["orders.default_rate"], trust)
        kept *= 1.0 - self.failing(self.s["orders.late_rate"], trust) * self.s["orders.late_discount"]
        return price * kept

    def own_funds(self, i):
        return max(0.0, self.firms[i]["working_capital"] - self.firms[i]["reserved"])

    def consider(self, month, number, buyer, volume, asked, members, kind, lead, accepting=True):
        s, inputs, schedule = self.s, self.c["input_price"], self.buyers[buyer]["schedule"]
        own = self.own_share(buyer)
        free = {i: self.free(i) for i in members}
        if sum(free.values()) * schedule < volume:
            return 0
        able = [i for i in members if self.firms[i]["quality"] >= asked]
        if sum(free[i] for i in able) * schedule < volume:
            return 1
        can = {i: self.able_to_pay(i, kind == GROUP, schedule, own) for i in able}
        if sum(can.values()) < volume:
            return 2
        parts = {i: volume * can[i] / sum(can.values()) for i in able if can[i] > 0.0}
        if kind == PRIME and (len(parts) < 2 or lead not in parts):
            return 3
        taking, taker = kind, lead
        if kind == GROUP and len(parts) == 1:
            kind, lead = SINGLE, next(iter(parts))
            if not s["orders.single"] or self.able_to_pay(lead, False, schedule, own) < volume:
                return 3
        bills = {i: parts[i] * inputs * own for i in parts}
        loans = {i: max(0.0, bills[i] - self.own_funds(i)) if s["finance.enabled"] else 0.0 for i in parts}
        months = schedule + s["orders.payment_delay"] + 1
        interest = {i: loans[i] * s["finance.rate"] / 100.0 * months / 12.0 for i in parts}
        borrowers = sum(loan > 0.0 for loan in loans.values())
        fees = s["finance.loan_cost"] * (min(1, borrowers) if kind == GROUP else borrowers)
        price, margin, trader = self.price_for(buyer, members, taking, taker), 0.0, -1
        if taking == SINGLE:
            trader = self.route(taker, buyer)[1]
            if trader >= 0:
                price, margin = self.carried_terms(trader, buyer)
        advance = {i: parts[i] * inputs * (1.0 - own) for i in parts}
        gain = -fees - sum(interest.values()) - sum(self.charge(advance[i], schedule) for i in parts)
        for i, part in parts.items():
            trust = self.reliability_trust(i, list(parts), kind, lead)
            gain += part * (self.unit_revenue(trust, price) - self.c["price"])
        if gain <= 0.0:
            return 3
        if not accepting:
            return 4
        order = {"number": number, "accepted": month, "due": month + schedule, "buyer": buyer, "taker": kind}
        order |= {"lead": lead, "remembered": 1, "subsidised": 0, "success": 0, "volume": volume, "parts": []}
        order |= {"price": price, "margin": margin, "trader": trader, "carried": int(trader >= 0)}
        self.year["order_inputs"] += volume * inputs
        self.year["advanced"] += sum(advance.values())
        for i, part in parts.items():
            cost = interest[i] + fees / borrowers if loans[i] > 0.0 else 0.0
            empty = {"firm": i, "outcome": 0, "income": 0.0, "forgone": 0.0}
            order["parts"].append(empty | {"volume": part, "loan": loans[i], "loan_cost": cost, "advance": advance[i]})
            self.firms[i]["work"] += part / schedule
            self.firms[i]["reserved"] += part * inputs
            self.firms[i]["working_capital"] += loans[i] + advance[i]
            self.c["buyers_account"] -= advance[i]
            self.buyers[buyer]["advanced"] += advance[i]
            self.c["bank_account"] -= loans[i]
            self.c["bank_credit"] += loans[i]
            self.used[i][s["market.large_firms"] + trader if trader >= 0 else buyer] = order["due"]
        self.orders.append(order)
        self.row["taken_alone"] += kind == SINGLE
        self.row["subcontracts"] += kind == PRIME
        return 4

    def charge(self, advance, schedule):
        months = schedule + self.s["orders.payment_delay"]
        return advance * self.s["principals.charge"] / 100.0 * months / 12.0

    def settled(self, order, part):
        """(What the principal keeps back of a part's income, what it loses of what it advanced.)"""
        owed = part["advance"] + self.charge(part["advance"], order["due"] - order["accepted"])
        kept = min(part["income"], owed)
        return kept, owed - kept

    # Delivery and payment

    def deliver_orders(self, month):
        for order in self.orders:
            if order["due"] == month:
                self._deliver(month, order)

    def _deliver(self, month, order):
        s, kind, lead = self.s, order["taker"], order["lead"]
        parties = [part["firm"] for part in order["parts"]]
        arrived = 0.0
        for part in order["parts"]:
            trust = self.reliability_trust(part["firm"], parties, kind, lead)
            usual = order["accepted"] + s["orders.schedule"]
            never, late = self.draw(usual, purposes.DELIVERY, part["firm"], order["number"])
            part["outcome"] = ON_TIME
            kept = 1.0 - s["functions.logistics_cut"] * (self.firms[part["firm"]]["carried"] & LOGISTICS > 0)
            if never < self.failing(kept * s["orders.default_rate"], trust):
                part["outcome"] = DEFAULT
            elif late < self.failing(kept * s["orders.late_rate"], trust):
                part["outcome"] = LATE
            arrived += part["volume"] * (part["outcome"] != DEFAULT)
        order["success"] = int(arrived >= s["orders.success_share"] * order["volume"] * (1.0 - 1e-9))
        self.row["due"] += 1.0
        self.row["delivered"] += order["success"]
        diverted = self.diverted(order) if kind == GROUP else {}
        self.row["captured"] += sum(max(0.0, gain) for gain in diverted.values())
        for part in order["parts"]:
            firm = self.firms[part["firm"]]
            firm["work"] = max(0.0, firm["work"] - part["volume"] / (order["due"] - order["accepted"]))
            if part["outcome"] == DEFAULT:
                self.c["goods_lost"] += part["volume"]
            else:
                part["income"] = self.income(order, part) + diverted.get(part["firm"], 0.0)
                self.c["goods_delivered"] += part["volume"]
                self.year["order_volume"] += part["volume"]
                self.year["order_margin"] += part["volume"] * order["margin"] / self.c["order_price"]
                self.year["order_value"] += part["volume"] * order["price"] / self.c["order_price"]
            firm["order_income"] += part["income"]
            firm["order_volume"] += part["volume"]
            cost = part["loan_cost"] + self.settled(order, part)[0] - part["advance"]
            firm["order_loan_cost"] += cost
            if s["relations.enabled"] and order["remembered"]:
                known = s["market.large_firms"] + order["trader"] if order["carried"] else order["buyer"]
                self.relations[part["firm"]][known] = self.moved(self.relations[part["firm"]][known], order)
            if kind != SINGLE:
                firm["order_gain"] += part["income"] - part["forgone"] - cost
                if order["success"] and part["outcome"] != DEFAULT:
                    self.row["collective_sales"] += part["income"]
                    self.row["own_sales"] += part["income"] * (not order["subsidised"])
                    firm["last_act"] = firm["last_order_act"] = month
                    firm["last_own_act"] = firm["last_own_act"] if order["subsidised"] else month
        if s["relations.enabled"] and order["carried"]:
            reach = self.trader_relations[order["trader"]]
            reach[order["buyer"]] = self.moved(reach[order["buyer"]], order)
        if self.buyers[order["buyer"]]["principal"]:
            self._teach([part["firm"] for part in order["parts"] if part["outcome"] != DEFAULT])
        if kind != SINGLE and s["ties.kind"] != "all":
            self._live_through(order)
            if order["success"] and kind == GROUP:
                self.acquaint(parties)

    def income(self, order, part):
        late = 1.0 - self.s["orders.late_discount"] * (part["outcome"] == LATE)
        return (
            order["price"] * part["volume"] * late * (1.0 - self.s["orders.failed_discount"] * (not order["success"]))
        )

    def diverted(self, order):
        """What goes from smaller to larger members: their gains, shared by size as far as these capture them."""
        gains = {
            part["firm"]: max(0.0, self.income(order, part) - part["forgone"])
            for part in order["parts"]
            if part["outcome"] != DEFAULT
        }
        sizes = {i: gain * self.firms[i]["workers"] for i, gain in gains.items()}
        whole = sum(sizes.values())
        if whole <= 0.0:
            return {}
        total = sum(gains.values())
        return {
            i: self.s["capture.enabled"] * self.s["capture.share"] * (total * sizes[i] / whole - gains[i])
            for i in gains
        }

    def moved(self, relation, order):
        if order["success"]:
            return relation + self.s["relations.rise"] * (1.0 - relation)
        return relation - self.s["relations.fall"] * relation

    def _teach(self, pupils):
        """A technician, at the principal's cost: to the mean gap, less for who is far from it."""
        self.c["buyers_account"] -= self.s["principals.technician"]
        self.c["suppliers_account"] += self.s["principals.technician"]
        gaps = {i: 1.0 - self.firms[i]["quality"] for i in pupils}
        for i, gap in gaps.items():
            distance = abs(gap - sum(gaps.values()) / len(gaps))
            taught = max(0.0, 1.0 - distance / self.s["learning.absorptive_band"])
            self.firms[i]["quality"] += self.s["principals.dose"] * gap * taught

    def _live_through(self, order):
        outcome = {part["firm"]: part["outcome"] for part in order["parts"]}
        for (a, b), tie in self.ties.items():
            if a in outcome and b in outcome and (order["taker"] == GROUP or order["lead"] in (a, b)):
                if DEFAULT in (outcome[a], outcome[b]):
                    tie["event"] |= DEFAULTED
                elif order["success"]:
                    tie["event"] |= WORKED

    def degree(self, i):
        return sum(i in pair for pair in self.ties)

    def acquaint(self, parties):
        """Each with each that follows, in the order in which they stand, while both have room."""
        for k, a in enumerate(parties):
            for b in parties[k + 1 :]:
                pair = (min(a, b), max(a, b))
                if pair not in self.ties and max(self.degree(a), self.degree(b)) < self.s["ties.most"]:
                    remembered = 0.5 * (self.firms[a]["memory"] + self.firms[b]["memory"])
                    self.ties[pair] = {"trust": max(0.0, self.s["ties.newcomer_trust"] - remembered), "event": 0}

    def pay_orders(self, month):
        for order in list(self.orders):
            payday = order["due"] + self.s["orders.payment_delay"]
            for outcome, day in ((ON_TIME, payday), (DEFAULT, payday), (LATE, payday + 1)):
                for part in order["parts"] if month == day else ():
                    if part["outcome"] == outcome:
                        self.settle_part(order, part)
            if month == payday + 1:
                self._repay(order)
                self.orders.remove(order)

    def settle_part(self, order, part):
        kept, lost = self.settled(order, part)
        self.firms[part["firm"]]["working_capital"] += part["income"] - kept
        self.c["buyers_account"] -= part["income"] - kept
        self.buyers[order["buyer"]]["advanced"] -= part["advance"]
        self.buyers[order["buyer"]]["lost"] += lost
        if order["carried"]:
            margin = part["income"] / order["price"] * order["margin"]
            self.c["buyers_account"] -= margin
            self.c["traders_account"] += margin
            self.buyers[self.s["market.large_firms"] + order["trader"]]["earned"] += margin

    def _repay(self, order):
        missing = 0.0
        parties = [part["firm"] for part in order["parts"]]
        for part in order["parts"]:
            short = self._take(part["firm"], part["loan"] + part["loan_cost"]) if part["loan"] > 0.0 else 0.0
            missing += short
            for j in parties if short > 0.0 and order["taker"] == GROUP else ():
                tie = self.ties.get((min(j, part["firm"]), max(j, part["firm"])))
                if tie is not None:
                    tie["event"] |= DEFAULTED
        if missing > 0.0 and order["taker"] == GROUP:
            share = missing / len(order["parts"])
            for part in order["parts"]:
                paid = share - self._take(part["firm"], share)
                self.firms[part["firm"]]["charges"] += paid
                self.firms[part["firm"]]["order_gain"] -= paid

    def _take(self, i, owed):
        paid = min(owed, max(0.0, self.firms[i]["working_capital"]))
        self.firms[i]["working_capital"] -= paid
        self.c["bank_account"] += paid
        return owed - paid

    # Purchase and market

    def buy_together(self, month):
        s, inputs = self.s, self.c["input_price"]
        handling = s["purchase.handling_days"] / 25.0 * s["local.wage"]

        def saving(members):
            capacity = sum(self.firms[i]["workers"] for i in members)
            return s["purchase.ceiling"] * (1.0 - 2.0 ** (-capacity / s["purchase.half_way"]))

        for group in self.groups if s["purchase.enabled"] else ():
            bills = {i: self.firms[i]["workers"] * inputs for i in group}
            cost = {i: handling + s["purchase.waiting"] * bills[i] for i in group}
            buyers = [i for i in group if saving(group) * bills[i] > cost[i]]
            if len(buyers) < s["groups.minimum"]:
                continue
            chance, whose = self.draw(month, purposes.PURCHASE, buyers[0])
            organiser = buyers[int(whose * len(buyers))]
            trust = self.reliability_trust(organiser, buyers, GROUP, -1)
            failed = chance < self.failing(s["orders.default_rate"], trust)
            saved = saving(buyers)
            for i in buyers:
                self.firms[i]["purchase_gain"] = -cost[i] if failed else saved * bills[i] - cost[i]
                if not failed:
                    self.firms[i]["saving"] = saved
                    self.firms[i]["last_act"] = self.firms[i]["last_own_act"] = month
            if s["ties.kind"] == "all":
                continue
            for (a, b), tie in self.ties.items():
                if a in buyers and b in buyers and (not failed or organiser in (a, b)):
                    tie["event"] |= DEFAULTED if failed else WORKED
            if not failed:
                self.acquaint(buyers)

    def clear_market(self, month):
        supply = sum(map(self.free, range(len(self.firms))))
        relative = 1.0 + self.s["local.cluster_share"] * (supply / self.c["opening_supply"] - 1.0)
        self.c["price"] = self.s["local.price"] * min(10.0, relative ** (-1.0 / self.s["local.elasticity"]))
        for order in self.orders:
            for part in order["parts"] if order["due"] > month else ():
                part["forgone"] += part["volume"] / (order["due"] - order["accepted"]) * self.c["price"]


def near(found, expected):
    """Whether two plain values, lists or dictionaries agree, numbers to rounding."""
    if isinstance(expected, dict):
        return found.keys() == expected.keys() and all(near(found[key], expected[key]) for key in expected)
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(near, found, expected))
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)


def differences(world, scratch, plain):
    """Return what of a world differs from its plain version."""
    found = Plain(world, scratch, plain.s)
    names = [
        name
        for name in ("c", "row", "year", "buyers", "ties", "relations", "trader_relations", "used", "orders")
        if not near(vars(found)[name], vars(plain)[name])
    ]
    # Groups are compared apart: a plain version keeps its own lists.
    for i, (a, b) in enumerate(zip(found.firms, plain.firms, strict=True)):
        names += [f"firm {i} {key}: {a[key]} != {b[key]}" for key in a if not near(a[key], b[key])]
    return names
