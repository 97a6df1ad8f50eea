"""What the parity tests share: scenarios, and comparisons bit for bit."""

import numpy as np

from klastersim.agents import ClusterModel
from klastersim.engine.run import advance
from klastersim.scenario import Scenario
from klastersim.scenario.whole import WHOLE
from klastersim.world.build import build

#: Small clusters, each with something that others lack.
CASES = {
    "passive": {},
    "active": {"ties.trust": 0.8, "start.kind": "cooperating"},
    "random-ties": {"ties.kind": "random", "ties.trust": 0.8, "start.kind": "cooperating", "ties.degree": 8.0},
    "all-know-all": {"ties.kind": "all", "ties.trust": 0.8, "start.kind": "cooperating"},
    "thresholds-by-share": {"decision.rule": "threshold", "start.held": 3, "start.held_months": 4, "ties.trust": 0.8},
    "thresholds-by-count": {
        "decision.rule": "threshold",
        "decision.threshold_measure": "count",
        "decision.threshold_mean": 2.0,
        "decision.threshold_whole": True,
        "decision.reconsider": 1.0,
        "start.held": 5,
        "ties.trust": 0.8,
    },
    "thresholds-all": {"decision.rule": "threshold", "ties.kind": "all", "ties.trust": 0.8, "start.held": 8},
    "no-finance": {"finance.enabled": False, "ties.trust": 0.8, "start.kind": "cooperating"},
    "four-types": {
        "types.kinds": "four",
        "types.hump": 0.4,
        "types.other": 0.2,
        "decision.reconsider": 1.0,
        "ties.trust": 0.8,
        "start.kind": "cooperating",
    },
    "passed-over": {
        "programme.passed_over": 4,
        "programme.budget": 600.0,
        "programme.start": 2,
        "programme.end": 40,
        "programme.channel": "mixed",
        "mix.equipment": 1.0,
        "functions.enabled": True,
        "functions.opening_machines": 0.4,
        "functions.machine_months": 20,
        "functions.machine_price": 20.0,
        "bodies.enabled": True,
        "ties.trust": 0.7,
        "start.kind": "cooperating",
        "finance.working_capital": 4.0,
    },
    "passed-over-and-closed": {
        "programme.passed_over": 2,
        "programme.budget": 600.0,
        "programme.start": 5,
        "programme.end": 40,
        "programme.channel": "individual",
        "growth.enabled": True,
        "growth.exit_hazard": 60.0,
    },
    "captured": {
        "capture.enabled": True,
        "capture.share": 0.5,
        "ties.trust": 0.85,
        "start.kind": "cooperating",
        "market.potential": 20.0,
        "market.linkage": 0.2,
        "finance.working_capital": 4.0,
        "cluster.quality": 0.7,
    },
    "no-decision": {"decision.enabled": False, "start.kind": "cooperating"},
    "no-memory": {"relations.enabled": False, "ties.trust": 0.8, "start.kind": "cooperating"},
    "no-watching": {"learning.gain_watch": 0.0, "ties.trust": 0.8, "start.kind": "cooperating"},
    "slow-base": {"learning.base_learning": 0.1, "ties.trust": 0.8, "start.kind": "cooperating"},
    "many-orders": {
        "market.potential": 30.0,
        "market.linkage": 0.2,
        "ties.trust": 0.85,
        "start.kind": "cooperating",
        "finance.working_capital": 4.0,
        "cluster.quality": 0.7,
    },
    "only-traders": {"market.large_firms": 0, "market.trader_share": 1.0, "ties.trust": 0.8},
    "nobody-buys": {"market.large_firms": 0, "market.traders": 0, "market.trader_share": 0.5, "market.potential": 0.0},
    "programme": {
        "programme.budget": 2000.0,
        "programme.start": 2,
        "programme.end": 30,
        "programme.channel": "mixed",
        "ties.trust": 0.6,
    },
    "single-firms-first": {
        "programme.budget": 2000.0,
        "programme.start": 2,
        "programme.end": 12,
        "programme.channel": "individual_first",
        "programme.finance_form": "transfer",
        "prices.group_ratio": 0.6,
        "orders.size": 0.3,
        "ties.trust": 0.7,
    },
    "planned": {
        "programme.budget": 400.0,
        "programme.start": 2,
        "programme.end": 30,
        "programme.channel": "mixed",
        "plan.tailored": 0.7,
        "plan.local_room": 0.4,
        "plan.revision_months": 3,
        "agencies.coherence": 0.5,
        "participation.firms_design": True,
        "participation.firms_delivery": True,
        "ties.trust": 0.7,
        "start.kind": "cooperating",
    },
    "closed-network": {
        "programme.budget": 400.0,
        "programme.start": 2,
        "programme.end": 30,
        "organisation.kind": "network",
        "ties.trust": 0.8,
        "start.kind": "cooperating",
    },
    "come-and-go": {
        "growth.enabled": True,
        "growth.exit_hazard": 50.0,
        "growth.entry": 0.4,
        "market.potential": 12.0,
        "ties.trust": 0.8,
        "start.kind": "cooperating",
        "programme.budget": 600.0,
        "programme.start": 2,
        "programme.end": 8,
    },
    "hard-times": {
        "growth.enabled": True,
        "growth.loss_months": 2,
        "growth.loss_exit": 0.3,
        "local.wage": 1.2,
        "ties.kind": "all",
        "ties.trust": 0.8,
        "start.kind": "cooperating",
        "finance.enabled": False,
    },
    "one-firm": {"cluster.firms": 1},
    "history": {
        "programme.budget": 400.0,
        "programme.start": 2,
        "programme.end": 30,
        "ties.trust": 0.7,
        "start.kind": "cooperating",
        "events": [
            {"kind": "forum", "month": 2},
            {"kind": "buyer_enters", "month": 3, "buyer": 0, "firms": 2, "relation": 0.9},
            {"kind": "input_price", "month": 4, "factor": 1.6, "half_life": 3.0},
            {"kind": "demand", "month": 5, "factor": 2.5, "until": 9},
            {"kind": "programme", "month": 6, "until": 8, "budget": 0.0},
            {"kind": "buyer_leaves", "month": 7, "buyer": 4},
            {"kind": "rival_price", "month": 8, "factor": 0.7},
        ],
    },
    "one-firm-after-the-other": {"cluster.firms": 1, "growth.enabled": True, "growth.exit_hazard": 90.0},
    "bargaining": {
        "bargaining.enabled": True,
        "contracts.enabled": True,
        "contracts.dominance": 0.1,
        "contracts.rate": 0.7,
        "market.linkage": 0.2,
        "ties.trust": 0.7,
        "start.kind": "cooperating",
    },
    "traders": {
        "bargaining.enabled": True,
        "traders.enabled": True,
        "market.trader_linkage": 0.9,
        "market.linkage": 0.2,
        "market.potential": 10.0,
        "orders.low_weeks": 4.0,
    },
    "principals": {
        "bargaining.enabled": True,
        "contracts.enabled": True,
        "contracts.rate": 0.5,
        "buyers.unequal": True,
        "principals.enabled": True,
        "principals.number": 2,
        "market.linkage": 0.2,
        "market.potential": 10.0,
        "orders.default_rate": 0.2,
        "ties.trust": 0.7,
        "start.kind": "cooperating",
    },
    "functions": {
        "functions.enabled": True,
        "bodies.enabled": True,
        "bodies.patience": 3,
        "bodies.half_life": 0.5,
        "learning.base_learning": 0.05,
        "ties.trust": 0.7,
        "start.kind": "cooperating",
        "finance.working_capital": 5.0,
        "market.potential": 12.0,
        "market.linkage": 0.2,
        "functions.technology_cost": 0.3,
        "functions.training_cost": 0.1,
        "functions.research_cost": 0.3,
        "functions.logistics_cost": 0.1,
        "functions.machine_price": 20.0,
        "functions.machine_months": 7,
    },
    "functions-come-and-go": {
        "growth.enabled": True,
        "growth.exit_hazard": 40.0,
        "functions.enabled": True,
        "bodies.enabled": True,
        "ties.trust": 0.8,
        "start.kind": "cooperating",
        "finance.working_capital": 5.0,
        "market.potential": 12.0,
        "functions.technology_cost": 0.3,
        "functions.machine_price": 20.0,
    },
    "equipment": {
        "functions.enabled": True,
        "bodies.enabled": True,
        "programme.budget": 900.0,
        "programme.start": 2,
        "programme.end": 30,
        "programme.channel": "mixed",
        "programme.path": "declining",
        "mix.equipment": 3.0,
        "ties.trust": 0.7,
        "start.kind": "cooperating",
        "finance.working_capital": 4.0,
        "functions.machine_price": 30.0,
        "functions.machine_months": 6,
    },
    "chain": {
        "chain.enabled": True,
        "chain.opening_share": 0.8,
        "specialisation.reconsider": 0.3,
        "orders.default_rate": 0.2,
        "growth.enabled": True,
        "growth.exit_hazard": 30.0,
        "functions.enabled": True,
        "market.potential": 12.0,
        "ties.trust": 0.7,
        "start.kind": "cooperating",
    },
    "loyal-trade": {
        "chain.enabled": True,
        "chain.opening_share": 0.9,
        "trade.partner": "loyal",
        "trade.choosiness": 3.0,
        "finance.enabled": False,
        "ties.degree": 10.0,
    },
    "whole": {
        **WHOLE,
        "chain.opening_share": 0.5,
        "growth.exit_hazard": 30.0,
        "growth.entry": 0.4,
        "contracts.rate": 0.5,
        "market.potential": 12.0,
        "market.linkage": 0.2,
        "ties.trust": 0.85,
        "start.kind": "cooperating",
        "finance.working_capital": 5.0,
        "functions.machine_price": 20.0,
        "functions.research_cost": 0.3,
        "bodies.patience": 3,
        "programme.budget": 900.0,
        "programme.start": 2,
        "programme.end": 30,
        "programme.channel": "mixed",
        "mix.equipment": 1.0,
    },
    "functions-alone": {
        "functions.enabled": True,
        "ties.kind": "all",
        "ties.trust": 0.8,
        "finance.enabled": False,
        "market.potential": 12.0,
        "functions.technology_cost": 0.3,
        "functions.machine_price": 20.0,
    },
}


#: What a firm's month comes to, apart from the working memory of settlements.
ACCOUNTS = (
    "saving purchase_gain order_gain order_income order_volume order_loan_cost observed_gain inputs draw hired "
    "services wear invested function_gain carried joint contract_income contract_volume "
    "matched stage_volume stage_income stage_bought trade_profit division_gain_now"
).split()


def case(name: str, firms: int = 30) -> Scenario:
    """The scenario of a case, as a small cluster unless the case says otherwise."""
    return Scenario.preset("sentra").replace({"cluster.firms": firms} | CASES[name])


class Shuffled(ClusterModel):
    """Agents act every phase in another order."""

    def visits(self, agents):
        # Mesa's own generator: nothing else in the model draws from it.
        return self.random.sample(agents, len(agents))


def by_arrays(scenario: Scenario, seed: int, months: int):
    """The world after `months`, run by the array driver."""
    return advance(build([scenario], [seed], months_kept=months), months)


def by_agents(scenario: Scenario, seed: int, months: int, kind=ClusterModel):
    """The world after `months`, run by the agents driver."""
    model = kind(scenario, seed, months=months)
    try:
        for _ in range(months):
            model.step()
        return model.world
    finally:
        model.close()


def held_in(world) -> dict[str, np.ndarray]:
    """Every field of every array, with the slots that hold something only."""
    cluster = world.clusters[0]
    rows = {
        "ties": np.arange(cluster.ties),
        "tie_events": np.arange(cluster.ties),
        "orders": np.arange(cluster.oldest_order, cluster.next_order) % cluster.order_room,
        "parts": np.arange(cluster.oldest_part, cluster.next_part) % cluster.part_room,
    }
    fields = {}
    for name, array in world._asdict().items():
        array = array[rows[name]] if name in rows else array
        for field in array.dtype.names or ("",):
            fields[f"{name}.{field}"] = np.ascontiguousarray(array[field] if field else array)
    return fields


def differences(one, other, scratch=None, other_scratch=None) -> list[str]:
    """Fields in which two worlds, and what their firms' months came to, differ by a bit."""
    ones, others = held_in(one), held_in(other)
    if scratch is not None:
        for field in ACCOUNTS:
            ones[f"month.{field}"] = np.ascontiguousarray(scratch.month[field])
            others[f"month.{field}"] = np.ascontiguousarray(other_scratch.month[field])
    assert ones.keys() == others.keys()
    return [name for name in ones if not same_bits(ones[name], others[name])]


def same_bits(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two arrays agree in shape, type and every bit."""
    return one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()


def copied(arrays):
    """A copy of a world or of scratch that shares nothing with it."""
    return type(arrays)(*(np.array(each, subok=True) for each in arrays))
