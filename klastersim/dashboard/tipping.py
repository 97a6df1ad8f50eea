"""The tipping view: the chance of turning active around this cluster, refined step by step."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import solara
import solara.lab

from klastersim.dashboard.choice import Choice
from klastersim.dashboard.session import Session
from klastersim.dashboard.widgets import PhaseMap
from klastersim.dashboard.worker import Errand, at_once, turn_active
from klastersim.figures.words import Words
from klastersim.lab.summary import wilson
from klastersim.scenario.catalogue import CATALOGUE

#: From passive to active as in the printed map.
COLOURS: Final = ["#F6F3EC", "#CFDDE6", "#8FB8D4", "#4A88B8", "#1F5A8F", "#0B2F57"]


@dataclass(frozen=True)
class Side:
    """An axis of the map: a parameter over a span, in equal steps or equal ratios."""

    key: str
    low: float
    high: float
    ratio: bool = False

    def values(self, points: int) -> list[float]:
        """Return its values."""
        values = np.geomspace(self.low, self.high, points) if self.ratio else np.linspace(self.low, self.high, points)
        return [float(f"{value:.4g}") for value in values]

    def place(self, value: float, points: int) -> float | None:
        """Return where a value stands, in steps from the first; None where it lies outside."""
        if not self.low <= value <= self.high:
            return None
        if self.ratio:
            return (points - 1) * math.log(value / self.low) / math.log(self.high / self.low)
        return (points - 1) * (value - self.low) / (self.high - self.low)


TRUST: Final = Side("ties.trust", 0.1, 0.9)

#: Maps to choose from: what runs across, and what runs up.
MAPS: Final = {
    "opportunity": (Side("market.potential", 0.25, 64.0, ratio=True), TRUST),
    "linkage": (Side("market.linkage", 0.001, 1.0, ratio=True), TRUST),
    "budget": (Side("programme.budget", 5.0, 2_000.0, ratio=True), TRUST),
    "skill": (Side("cluster.quality", 0.1, 0.9), TRUST),
    "capital": (Side("finance.working_capital", 0.1, 10.0, ratio=True), TRUST),
}

#: Steps of refinement: points a side, and replications at each point.
STEPS: Final = ((5, 4), (9, 4), (9, 12), (9, 40))


#: Seconds between two pictures of a map that is being refined.
BETWEEN_PICTURES: Final = 0.4


@dataclass(frozen=True)
class Grid:
    """What is known so far: counts by place (across, up), out of so many runs."""

    points: int
    step: int
    runs: dict[tuple[int, int], int]
    active: dict[tuple[int, int], int]


async def refine(choice: Choice, name: str, errand: Errand, show: solara.Reactive[Grid | None]) -> None:
    """Count in the other process, first coarsely, showing each row as it comes."""
    across, up = MAPS[name]
    runs: dict[tuple[int, int], int] = {}
    active: dict[tuple[int, int], int] = {}
    previous, shown = 0, 0.0
    many = at_once(choice["cluster.firms"])
    for step, (points, replications) in enumerate(STEPS):
        if points != previous:
            # The coarse points stand among the fine ones.
            factor = (points - 1) // (previous - 1) if previous else 1
            runs = {(a * factor, u * factor): count for (a, u), count in runs.items()}
            active = {(a * factor, u * factor): count for (a, u), count in active.items()}
            previous = points
        for places, first, last in batches(points, replications, runs, many):
            changes = [{across.key: across.values(points)[a], up.key: up.values(points)[u]} for a, u in places]
            counts = await errand.ask(turn_active, choice.scenario, changes, choice.months, choice.seed, first, last)
            for place, count in zip(places, counts, strict=True):
                runs[place] = last - 1
                active[place] = active.get(place, 0) + count
            if time.monotonic() - shown >= BETWEEN_PICTURES:
                show.value = Grid(points, step, dict(runs), dict(active))
                shown = time.monotonic()
        show.value = Grid(points, step, dict(runs), dict(active))


def batches(
    points: int, replications: int, runs: Mapping[tuple[int, int], int], many: int
) -> Iterator[tuple[list[tuple[int, int]], int, int]]:
    """Yield what is to be run: places, and the replications from and up to which each is brought.

    Parameters
    ----------
    points : int
        Points a side.
    replications : int
        To which each point is to be brought.
    runs : mapping of tuple to int
        Replications that a place (across, up) has already.
    many : int
        Clusters that may be run in one go.
    """
    waiting: dict[int, list[tuple[int, int]]] = {}
    for u in range(points):
        for a in range(points):
            waiting.setdefault(runs.get((a, u), 0), []).append((a, u))
    for done, places in sorted(waiting.items()):
        for first in range(done + 1, replications + 1, many):
            last = min(first + many, replications + 1)
            together = max(1, many // (last - first))
            for at in range(0, len(places), together):
                yield places[at : at + together], first, last


@solara.component
def Tipping(session: Session) -> None:
    """The map, and where the cluster stands in it."""
    words, choice = session.words.value, session.outcome.value.choice
    name, set_name = solara.use_state("opportunity")
    grid = solara.use_reactive(None)
    errand = solara.use_memo(Errand, [choice, name])
    solara.use_effect(lambda: errand.call_off, [choice, name])  # also when another panel is looked at

    async def work() -> None:
        grid.value = None
        await refine(choice, name, errand, grid)

    task = solara.lab.use_task(work, dependencies=[choice, name], raise_error=False)
    solara.HTML("h2", words("tipping.title"))
    labels = {words(f"tipping.{each}"): each for each in MAPS}
    solara.Select(
        words("tipping.choose"),
        values=list(labels),
        value=words(f"tipping.{name}"),
        on_value=lambda label: set_name(labels[label]),
    )
    found = grid.value
    state = "done" if task.finished else "working"
    with solara.Div(attributes={"data-step": str(found.step if found else -1), "data-state": state}):
        if found is None:
            solara.HTML("p", words("tipping.counting"))
        else:
            _show(found, name, choice, words)
            progress = words("tipping.done" if task.finished else "tipping.working", step=words.number(found.step + 1),
                             steps=words.number(len(STEPS)))  # fmt: skip
            solara.HTML("p", progress, classes=["ks-help"], attributes={"role": "status"})


def _show(grid: Grid, name: str, choice: Choice, words: Words) -> None:
    across, up = MAPS[name]
    places = [side.place(choice[side.key], grid.points) for side in (across, up)]
    here = None if None in places else places
    nearest = here and (round(here[0]), round(here[1]))  # type: ignore[arg-type]
    runs = grid.runs.get(nearest, 0) if nearest else 0
    if runs and nearest:
        low, high = wilson(grid.active[nearest], runs)
        summary = words("tipping.here_chance", share=words.share(grid.active[nearest] / runs), low=words.share(low),
                        high=words.share(high))  # fmt: skip
    else:
        summary = words("tipping.counting" if nearest else "tipping.outside")
    solara.HTML("p", summary, classes=["ks-binding"])
    PhaseMap(
        caption=words("tipping.caption"),
        summary=summary,
        across=_axis(across, grid.points, words),
        up=_axis(up, grid.points, words),
        points=[_point(grid, a, u, words) for u in range(grid.points) for a in range(grid.points)],
        here=list(here) if here else None,
        colours=COLOURS,
        says={"here": words("tipping.here")},
    )


def _axis(side: Side, points: int, words: Words) -> dict[str, object]:
    told = CATALOGUE[side.key].told(words.language)
    label = f"{told.label} ({told.unit})" if told.unit else told.label
    return {"label": label, "labels": [_tick(value, words) for value in side.values(points)]}


def _tick(value: float, words: Words) -> str:
    return words.number(value, 0 if value >= 10.0 else 1 if value >= 1.0 else 2 if value >= 0.01 else 3)


def _point(grid: Grid, a: int, u: int, words: Words) -> dict[str, object]:
    runs = grid.runs.get((a, u), 0)
    if not runs:
        return {"a": a, "u": u, "chance": None, "text": "", "words": words("tipping.counting")}
    active = grid.active[a, u]
    low, high = wilson(active, runs)
    told = words("chance.interval", share=words.share(active / runs), low=words.share(low), high=words.share(high))
    return {"a": a, "u": u, "chance": active / runs, "text": words.share(active / runs), "words": told}
