"""How sure the story is: 50 replications behind the page tell the chance of turning active."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

import solara
import solara.lab

from klastersim.dashboard.choice import Choice
from klastersim.dashboard.session import Session
from klastersim.dashboard.widgets import Bars
from klastersim.dashboard.words import Words
from klastersim.dashboard.worker import submit, turn_active
from klastersim.indicators.state import programme_runs
from klastersim.lab.summary import wilson

REPLICATIONS: Final = 50
AT_ONCE: Final = 10

NO_PROGRAMME: Final = {"programme.enabled": False}


@dataclass(frozen=True)
class Counted:
    """Of so many replications, how many turned active: with the programme, and on the same luck without."""

    runs: int
    active: tuple[int, ...]


async def count(choice: Choice, show: solara.Reactive[Counted | None]) -> None:
    """Count in the other process, showing what there is so far."""
    points = [{}, NO_PROGRAMME] if programme_runs(choice.scenario) else [{}]
    found = Counted(0, (0,) * len(points))
    for first in range(1, REPLICATIONS + 1, AT_ONCE):
        more = await asyncio.wrap_future(
            submit(turn_active, choice.scenario, points, choice.months, choice.seed, first, first + AT_ONCE)
        )
        found = Counted(found.runs + AT_ONCE, tuple(a + b for a, b in zip(found.active, more, strict=True)))
        show.value = found


@solara.component
def Chance(session: Session) -> None:
    """The chance of being active at the end, with its interval."""
    words, choice = session.words.value, session.outcome.value.choice
    counted = solara.use_reactive(None)

    async def work() -> None:
        counted.value = None
        await count(choice, counted)

    solara.lab.use_task(work, dependencies=[choice], raise_error=False)
    found = counted.value
    with solara.Div(classes=["ks-chance"], attributes={"data-runs": str(found.runs if found else 0)}):
        if found is None:
            solara.HTML("p", words("chance.counting"))
        else:
            rows = [_row(name, active, found.runs, words) for name, active in zip(_names(found), found.active, strict=True)]
            Bars(caption=words("chance.caption", runs=words.number(found.runs), of=words.number(REPLICATIONS)), rows=rows)


def _names(found: Counted) -> tuple[str, ...]:
    return ("with", "without") if len(found.active) > 1 else ("alone",)


def _row(name: str, active: int, runs: int, words: Words) -> dict[str, object]:
    low, high = wilson(active, runs)
    text = words("chance.interval", share=words.share(active / runs), low=words.share(low), high=words.share(high))
    return {"name": name, "label": words(f"chance.{name}"), "note": "", "share": active / runs, "text": text,
            "strong": name != "without"}  # fmt: skip
