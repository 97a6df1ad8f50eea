"""The month acted by Mesa agents, with the same bits as the arrays; the only place that touches Mesa."""

from klastersim.agents.bodies import LocalGovernment, SupportBody
from klastersim.agents.buyers import Buyer, LargeFirm, Trader
from klastersim.agents.model import ClusterModel, run_agents
from klastersim.agents.sme import SME
from klastersim.agents.ties import Tie

__all__ = [
    "SME",
    "Buyer",
    "ClusterModel",
    "LargeFirm",
    "LocalGovernment",
    "SupportBody",
    "Tie",
    "Trader",
    "run_agents",
]
