"""Ties between two SMEs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klastersim.agents.views import number
from klastersim.rules.joint_bodies import memory_next, starting_trust

if TYPE_CHECKING:
    from klastersim.agents.model import ClusterModel
    from klastersim.agents.sme import SME


class Tie:
    """A tie between two sites: the trust of two owners in each other.

    Parameters
    ----------
    model : ClusterModel
        The model.
    place : int
        Number of the tie in the cluster.
    lower_site, upper_site : int
        The two sites, the lower first.
    """

    def __init__(self, model: ClusterModel, place: int, lower_site: int, upper_site: int) -> None:
        self.model = model
        self.lower_site = lower_site
        self.upper_site = upper_site
        self._columns = model.state.ties
        self._row = place

    @property
    def place(self) -> int:
        """Number of the tie in the cluster; new ties come last."""
        return self._row

    trust = number("trust", "Trust, 0 to 1.")
    base_trust = number("base_trust", "What trust drifts to, 0 to 1.")

    @property
    def starting_trust(self) -> float:
        """The base, less what the two owners remember of failed joint bodies: what trust now drifts to, 0 to 1."""
        lower, upper = self.ends
        return starting_trust(self.base_trust, lower.memory, upper.memory)

    def starting_trust_after(self, kept: float) -> float:
        """The same once memories have faded to a share."""
        lower, upper = self.ends
        return starting_trust(self.base_trust, memory_next(lower.memory, kept), memory_next(upper.memory, kept))

    @property
    def event(self) -> int:
        """What the two lived through this month: klastersim.rules.learning's WORKED, DEFAULTED."""
        return self.model.state.tie_events[self._row]

    @event.setter
    def event(self, value: int) -> None:
        self.model.state.tie_events[self._row] = value

    @property
    def ends(self) -> tuple[SME, SME]:
        """The two SMEs, the lower site first."""
        return self.model.smes[self.lower_site], self.model.smes[self.upper_site]

    def __repr__(self) -> str:
        return f"<Tie {self.lower_site}-{self.upper_site}, trust {self.trust:.3f}>"
