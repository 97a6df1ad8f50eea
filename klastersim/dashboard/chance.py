"""How sure the story is: 50 replications behind the page tell the chance of turning active."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import solara
import solara.lab

from klastersim.dashboard.choice import Choice
from klastersim.dashboard.session import Session
from klastersim.dashboard.widgets import Bars
from klastersim.dashboard.worker import Errand, at_once, replicate
from klastersim.figures.words import Words
from klastersim.indicators.intervals import Estimate
from klastersim.indicators.outcomes import CostOfActivation, cost_of_activation, cost_of_gain, mean_gain
from klastersim.indicators.state import programme_runs
from klastersim.lab.summary import wilson

REPLICATIONS: Final = 50
AT_ONCE: Final = 10

NO_PROGRAMME: Final = {"programme.enabled": False}


@dataclass(frozen=True)
class Counted:
    """What so many replications came to: with the programme, and on the same luck without.

    Attributes
    ----------
    choice : Choice
        What was replicated.
    points : tuple of tuple
        By point, then by replication: whether it is active, public cost and value added in Rp million, and workers.
    """

    choice: Choice
    points: tuple[tuple[tuple[bool, float, float, float], ...], ...]

    @property
    def runs(self) -> int:
        """Replications so far."""
        return len(self.points[0])

    @property
    def active(self) -> tuple[int, ...]:
        """How many of them are active at the end, by point."""
        return tuple(sum(row[0] for row in point) for point in self.points)

    @property
    def whole(self) -> bool:
        """Whether none is still to come."""
        return self.runs == REPLICATIONS

    def cost(self) -> CostOfActivation:
        """What public money brought, over the pairs on the same luck."""
        (active_with, cost, value, _), (active_without, cost_without, value_without, _) = self._columns()
        return cost_of_activation(cost - cost_without, active_with, active_without, value - value_without)

    def jobs(self) -> tuple[Estimate | None, Estimate | None]:
        """How many more work there with the programme, and what each of them cost in Rp million."""
        (_, cost, _, jobs), (_, cost_without, _, jobs_without) = self._columns()
        return mean_gain(jobs - jobs_without), cost_of_gain(cost - cost_without, jobs - jobs_without)

    def _columns(self) -> Iterator[tuple[np.ndarray, ...]]:
        return (tuple(np.array(column) for column in zip(*point, strict=True)) for point in self.points)


async def count(choice: Choice, errand: Errand, show: solara.Reactive[Counted | None]) -> None:
    """Count in the other process, showing what there is so far."""
    points = [{}, NO_PROGRAMME] if programme_runs(choice.scenario) else [{}]
    found: tuple = ((),) * len(points)
    many = max(1, min(AT_ONCE, at_once(choice["cluster.firms"]) // len(points)))
    for first in range(1, REPLICATIONS + 1, many):
        last = min(first + many, REPLICATIONS + 1)
        more = await errand.ask(replicate, choice.scenario, points, choice.months, choice.seed, first, last)
        found = tuple((*rows, *others) for rows, others in zip(found, more, strict=True))
        show.value = Counted(choice, found)


@solara.component
def Chance(session: Session) -> None:
    """The chance of being active at the end, with its interval."""
    words, choice = session.words.value, session.outcome.value.choice
    counted = session.counted
    errand = solara.use_memo(Errand, [choice])
    solara.use_effect(lambda: errand.call_off, [choice])  # when something else is chosen, or the visitor leaves

    async def work() -> None:
        counted.value = None
        await count(choice, errand, counted)

    solara.lab.use_task(work, dependencies=[choice], raise_error=False)
    found = counted.value
    with solara.Div(classes=["ks-chance"], attributes={"data-runs": str(found.runs if found else 0)}):
        if found is None:
            solara.HTML("p", words("chance.counting"))
        else:
            rows = [
                _row(name, active, found.runs, words) for name, active in zip(_names(found), found.active, strict=True)
            ]
            Bars(
                caption=words("chance.caption", runs=words.number(found.runs), of=words.number(REPLICATIONS)), rows=rows
            )


def _names(found: Counted) -> tuple[str, ...]:
    return ("with", "without") if len(found.active) > 1 else ("alone",)


def _row(name: str, active: int, runs: int, words: Words) -> dict[str, object]:
    low, high = wilson(active, runs)
    text = words("chance.interval", share=words.share(active / runs), low=words.share(low), high=words.share(high))
    return {"name": name, "label": words(f"chance.{name}"), "note": "", "share": active / runs, "text": text,
            "strong": name != "without"}  # fmt: skip
