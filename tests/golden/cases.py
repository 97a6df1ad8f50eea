"""Runs whose digests are kept: one for each corner of the model that a change could move."""

from __future__ import annotations

from typing import Any

from klastersim import Scenario

#: Name: (preset, changes, months, seed).
CASES: dict[str, tuple[str, dict[str, Any], int, int]] = {
    "sentra": ("sentra", {}, 120, 1),
    "active": ("sentra", {"ties.trust": 0.85, "start.kind": "cooperating"}, 120, 2),
    "large": ("sentra", {"cluster.firms": 400, "ties.trust": 0.75, "market.potential": 32.0}, 60, 3),
    "individual": ("gap-trust", {"programme.channel": "individual", "programme.budget": 300.0}, 84, 4),
    "group": ("gap-skill", {"programme.budget": 300.0, "programme.selection": "neediest"}, 84, 5),
    "mixed": (
        "gap-market",
        {
            "programme.channel": "mixed",
            "programme.path": "declining",
            "programme.budget": 600.0,
            "programme.selection": "promising",
            "programme.self_organisation": False,
        },
        84,
        6,
    ),
    "single firms first": (
        "sentra",
        {
            "programme.channel": "individual_first",
            "programme.finance_form": "transfer",
            "programme.budget": 600.0,
            "prices.group_ratio": 0.5,
            "orders.size": 0.5,
            "ties.trust": 0.7,
        },
        84,
        13,
    ),
    "forgetful": ("gap-capital", {"relations.enabled": False, "programme.market_networks": False}, 84, 7),
    "random ties": ("sentra", {"ties.kind": "random", "ties.trust": 0.7, "cluster.sizes": "equal"}, 84, 8),
    "well mixed": ("sentra", {"ties.kind": "all", "ties.trust": 0.8}, 84, 9),
    "thresholds": (
        "sentra",
        {"decision.rule": "threshold", "decision.threshold_mean": 0.2, "start.held": 12, "ties.trust": 0.8},
        84,
        10,
    ),
    "no finance": ("sentra", {"finance.enabled": False, "ties.trust": 0.8}, 84, 11),
    "whole profit": ("sentra", {"orders.premium_on": "whole", "ties.trust": 0.7}, 84, 12),
    "whole": ("whole", {"programme.budget": 300.0}, 84, 13),
    "whole, active": (
        "whole",
        {"ties.trust": 0.9, "start.kind": "cooperating", "growth.exit_hazard": 2.0},
        84,
        14,
    ),
}


def scenario_of(name: str) -> Scenario:
    """Return the scenario of a case."""
    preset, changes, _, _ = CASES[name]
    return Scenario.preset(preset).replace(changes)
