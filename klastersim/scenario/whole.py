"""The whole model: which switches of mechanisms the default leaves off, and what takes each mechanism out again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from klastersim.scenario.declaration import Value

#: Mechanisms that the default sentra is without, on.
WHOLE: Final[Mapping[str, Value]] = {
    "bargaining.enabled": True,
    "bodies.enabled": True,
    "buyers.unequal": True,
    "capture.enabled": True,
    "chain.enabled": True,
    "contracts.enabled": True,
    "external.enabled": True,
    "functions.enabled": True,
    "growth.enabled": True,
    "principals.enabled": True,
    "traders.enabled": True,
    "types.kinds": "four",
}

#: Every mechanism by name, and the changes under which it has exactly no effect.
KNOCKOUTS: Final[Mapping[str, Mapping[str, Value]]] = {
    "cooperation": {"decision.enabled": False},
    "social-types": {"types.kinds": "two"},
    "chain": {"chain.enabled": False},
    "groups": {"groups.enabled": False},
    "bodies": {"bodies.enabled": False},
    "functions": {"functions.enabled": False},
    "training": {"functions.training": False},
    "research": {"functions.research": False},
    "logistics": {"functions.logistics": False},
    "technology": {"functions.technology": False},
    "machines": {"functions.equipment": False},
    "single-orders": {"orders.single": False},
    "subcontracting": {"orders.subcontracting": False},
    "capture": {"capture.enabled": False},
    "bargaining": {"bargaining.enabled": False},
    "contracts": {"contracts.enabled": False},
    "unequal-buyers": {"buyers.unequal": False},
    "principals": {"principals.enabled": False},
    "traders": {"traders.enabled": False},
    "purchase": {"purchase.enabled": False},
    "external": {"external.enabled": False},
    "relations": {"relations.enabled": False},
    "credit": {"finance.credit": False},
    "finance": {"finance.enabled": False},
    "growth": {"growth.enabled": False},
}
