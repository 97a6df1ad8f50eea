"""Numbers by which kernels know the choices of a scenario."""

from __future__ import annotations

from klastersim.scenario.record import code

TIES_NEAR = code("ties.kind", "near")
TIES_RANDOM = code("ties.kind", "random")
TIES_ALL = code("ties.kind", "all")
TIES_FILE = code("ties.kind", "file")

RULE_LOGIT = code("decision.rule", "logit")
RULE_THRESHOLD = code("decision.rule", "threshold")
MEASURE_SHARE = code("decision.threshold_measure", "share")

SIZES_EQUAL = code("cluster.sizes", "equal")
TYPES_FOUR = code("types.kinds", "four")
START_COOPERATING = code("start.kind", "cooperating")
PREMIUM_ON_WHOLE = code("orders.premium_on", "whole")

CHANNEL_INDIVIDUAL = code("programme.channel", "individual")
CHANNEL_GROUP = code("programme.channel", "group")
CHANNEL_INDIVIDUAL_FIRST = code("programme.channel", "individual_first")
FINANCE_TRANSFER = code("programme.finance_form", "transfer")
ORGANISATION_NETWORK = code("organisation.kind", "network")
SELECT_NEEDIEST = code("programme.selection", "neediest")
SELECT_PROMISING = code("programme.selection", "promising")

PARTNER_LOYAL = code("trade.partner", "loyal")
SUPPLY_PLENTY = code("trade.supply", "plenty")

BASE_OF_NEWCOMER = code("growth.newcomer_base", "newcomer")
