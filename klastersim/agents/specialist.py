"""What an SME decides and learns about specialising on its stage of the value chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from klastersim.agents.views import flag, number, outcome
from klastersim.compiled import logistic
from klastersim.compiled.purposes import SPECIALISE
from klastersim.rules.learning import expected_gain_next
from klastersim.rules.specialisation import gain_from_specialising, utility_of_specialising
from klastersim.world.layout import OPERATES

if TYPE_CHECKING:
    from klastersim.agents.model import ClusterModel


class Specialist:
    """The part of an SME that specialises (R3); what its partners match, and their trade (R5), are settlements."""

    model: ClusterModel
    # What the other parts of an SME have.
    chances: Any
    company: Any
    partners: Any
    standing: int
    workers: float

    stage = number("stage", "Stage of the value chain, from 1; 0 where there is no chain.")
    specialised = flag("specialised", "Whether it does its stage only.")
    division = outcome("division", "What the division of labour adds to output this month, share.")
    division_gain = number("division_gain", "Gain from specialising that it has learned, share of stand-alone sales.")
    division_gain_now = number(
        "division_gain_now", "Gain from specialising this month, share of stand-alone sales; where the chain is on."
    )
    matched = outcome("matched", "Share of its work that partners match this month; where the chain is on.")
    stage_volume = outcome(
        "stage_volume", "Bought of other stages this month, less what was sold to them, worker-months; as above."
    )
    stage_income = outcome("stage_income", "Received from other stages and of loyal trade this month; as above.")
    stage_bought = outcome("stage_bought", "Paid to other stages and for loyal trade this month; as above.")
    trade_profit = outcome("trade_profit", "Profit of loyal trade this month, Rp million; as above.")

    def choose_stage(self) -> None:
        """Act the phase in which owners think again, or not, whether to do their stage only."""
        p = self.model.parameters
        if not p.chain_enabled or self.standing != OPERATES:
            return
        if self.chances(SPECIALISE)[0] < p.specialisation_reconsider:
            self.specialised = self.specialises()

    def specialises(self) -> bool:
        """Whether the owner wants to do its stage only, by what it has learned and by trust."""
        p = self.model.parameters
        value = utility_of_specialising(
            p.specialisation_intercept,
            p.specialisation_gain,
            p.specialisation_trust,
            self.division_gain,
            self.company().trust,
        )
        return self.chances(SPECIALISE)[1] < logistic(value)

    def _note_division_gain(self) -> None:
        """Note what specialising brought this month."""
        cluster = self.model.state.cluster
        self.division_gain_now = 0.0
        if self.specialised and self.workers > 0.0:
            self.division_gain_now = gain_from_specialising(
                self.division, self.workers, cluster.price[0], cluster.input_price[0], self.trade_profit
            )

    def learn_specialising(self) -> None:
        """Act the phase in which firms learn what specialising brings, of themselves and of their partners."""
        p = self.model.parameters
        if not p.chain_enabled:
            return
        seen = self._seen_division_gain() if p.learning_gain_watch > 0.0 else None
        self.division_gain = expected_gain_next(
            self.division_gain,
            self.division_gain_now,
            self.specialised,
            0.0 if seen is None else seen,
            seen is not None,
            p.learning_gain_rate,
            p.learning_gain_fade,
            p.learning_gain_watch,
        )

    def _seen_division_gain(self) -> float | None:
        """Mean gain this month of the partners who are specialised; None where none is."""
        total = count = 0.0
        for partner, _ in self.partners:
            if partner.specialised:
                total += partner.division_gain_now
                count += 1.0
        return total / count if count > 0.0 else None
