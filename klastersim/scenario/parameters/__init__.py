"""Every parameter of the model, declared once: default, unit, bounds, evidence, grade, source, words; a section a file.

Defaults come from ``docs/evidence.md`` (keys S1 to S58) or, where no source was found, from a stated assumption. They
were committed before any pattern of ``docs/model.md`` was run and none was moved to meet one.

Money is million rupiah (Rp million) of 2010; output is worker-months of standard product; shares run from 0 to 1.
"""

from __future__ import annotations

from klastersim.scenario.declaration import Parameter
from klastersim.scenario.parameters.bargaining import BARGAINING
from klastersim.scenario.parameters.bodies import BODIES
from klastersim.scenario.parameters.capture import CAPTURE
from klastersim.scenario.parameters.chain import CHAIN
from klastersim.scenario.parameters.cluster import CLUSTER
from klastersim.scenario.parameters.decision import DECISION
from klastersim.scenario.parameters.ensemble import ENSEMBLE
from klastersim.scenario.parameters.equipment import EQUIPMENT
from klastersim.scenario.parameters.external import EXTERNAL
from klastersim.scenario.parameters.finance import FINANCE
from klastersim.scenario.parameters.functions import FUNCTIONS
from klastersim.scenario.parameters.groups import GROUPS
from klastersim.scenario.parameters.growth import GROWTH
from klastersim.scenario.parameters.instruments import INSTRUMENTS
from klastersim.scenario.parameters.large_firms import LARGE_FIRMS
from klastersim.scenario.parameters.learning import LEARNING
from klastersim.scenario.parameters.local import LOCAL
from klastersim.scenario.parameters.market import MARKET
from klastersim.scenario.parameters.orders import ORDERS
from klastersim.scenario.parameters.organisation import ORGANISATION
from klastersim.scenario.parameters.participation import PARTICIPATION
from klastersim.scenario.parameters.plan import PLAN
from klastersim.scenario.parameters.prices import PRICES
from klastersim.scenario.parameters.programme import PROGRAMME, THIN_BUDGET
from klastersim.scenario.parameters.purchase import PURCHASE
from klastersim.scenario.parameters.relations import RELATIONS
from klastersim.scenario.parameters.social_types import TYPES
from klastersim.scenario.parameters.ties import TIES
from klastersim.scenario.parameters.trade import TRADE

__all__ = ["PARAMETERS", "THIN_BUDGET"]

#: In this order they stand in the record that compiled code reads and in designs drawn from the ranges.
PARAMETERS: tuple[Parameter, ...] = (
    *CLUSTER,
    *TIES,
    *DECISION,
    *GROUPS,
    *MARKET,
    *ORDERS,
    *LOCAL,
    *PURCHASE,
    *LEARNING,
    *RELATIONS,
    *FINANCE,
    *PROGRAMME,
    *PRICES,
    *INSTRUMENTS,
    *FUNCTIONS,
    *BODIES,
    *PLAN,
    *PARTICIPATION,
    *ORGANISATION,
    *GROWTH,
    *ENSEMBLE,
    *BARGAINING,
    *LARGE_FIRMS,
    *EQUIPMENT,
    *TYPES,
    *EXTERNAL,
    *CAPTURE,
    *CHAIN,
    *TRADE,
)
