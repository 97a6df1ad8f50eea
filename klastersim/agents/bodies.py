"""Local government and the bodies that deliver its programme.

The programme is laid down in the scenario and delivered in settlements that both drivers share. Government and bodies
therefore decide nothing themselves: they hold money, and tell what became of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from klastersim.agents.state import HERE
from klastersim.engine.happening import programme_money
from klastersim.engine.purses import CHANNELS, EQUIPMENT, FINANCE, MARKET, TRAINING, TRUST, purse_number
from klastersim.rules.plan import planned_share

if TYPE_CHECKING:
    from klastersim.agents.model import ClusterModel

#: Bodies by the instrument that each delivers.
INSTRUMENTS = {"training": TRAINING, "finance": FINANCE, "market": MARKET, "trust": TRUST, "equipment": EQUIPMENT}


class LocalGovernment(mesa.Agent):
    """The local government that pays for the programme."""

    model: ClusterModel

    @property
    def account(self) -> float:
        """Net money received since the opening, Rp million; below 0 what was spent and lent."""
        return self.model.state.cluster.government_account[0]

    @property
    def budget(self) -> float:
        """Budget of this month, Rp million; 0 outside the programme."""
        p = self.model.parameters
        if not p.programme_enabled:
            return 0.0
        return float(self.model.state.settle(programme_money, self.model.month))

    @property
    def plan(self) -> dict[str, float]:
        """Share of each instrument in the plan that is followed now, 0 to 1; the template until there is another."""
        p, cluster = self.model.parameters, self.model.world.clusters[HERE]
        parts = sum(float(getattr(p, f"mix_{kind}")) for kind in INSTRUMENTS)
        return {
            kind: planned_share(
                float(getattr(p, f"mix_{kind}")) / parts if parts > 0.0 else 0.0,
                float(cluster.diagnosed[place]),
                float(cluster.known[place]),
                p.plan_tailored if cluster.diagnosed.any() else 0.0,
                p.plan_local_room if cluster.known.any() else 0.0,
            )
            for kind, place in INSTRUMENTS.items()
        }

    @property
    def public_cost(self) -> float:
        """Public cost of this month, Rp million."""
        return self.model.measure("public_cost")


class SupportBody(mesa.Agent):
    """A body that delivers one instrument of the programme, or the commercial bank that lends for orders.

    Parameters
    ----------
    model : ClusterModel
        The model.
    kind : str
        "training" (training unit), "finance" (institution for programme loans), "market" (business development),
        "trust" (facilitators of meetings), "equipment" (technical unit that helps to buy machines), or "bank".
    """

    model: ClusterModel

    def __init__(self, model: ClusterModel, kind: str) -> None:
        super().__init__(model)
        self.kind = kind

    def __repr__(self) -> str:
        return f"<SupportBody {self.kind}>"

    @property
    def money(self) -> float:
        """Programme money not yet spent; of the bank, net money received since the opening; Rp million."""
        if self.kind == "bank":
            return self.model.state.cluster.bank_account[0]
        money = 0.0
        for channel in range(CHANNELS):
            money += float(self.model.state.world.purses[HERE, purse_number(INSTRUMENTS[self.kind], channel)])
        return money
