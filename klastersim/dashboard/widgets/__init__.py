"""The parts of the page that are drawn in the browser, each a template with its own picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("chart.vue")
def Chart(
    title: str,
    unit: str,
    lines: list[dict[str, Any]],
    programme: list[float] | None,
    thresholds: list[list[Any]],
    ceiling: float | None,
    percent: bool,
    locale: str,
    says: dict[str, str],
) -> None:
    """Lines over the months, the programme shaded; pointing at it, or the arrow keys, tell the values of a month."""


@solara.component_vue("bars.vue")
def Bars(caption: str, rows: list[dict[str, Any]]) -> None:
    """Named shares as bars; each row has name, label, note, share, text and whether it is strong."""


@solara.component_vue("table.vue")
def Table(caption: str, head: list[str], rows: list[list[str]], names: list[str]) -> None:
    """Rows of words, the first of each being its heading; `names` are what a program finds them by."""


@solara.component_vue("cluster.vue")
def ClusterMap(cluster: dict[str, Any], locale: str, says: dict[str, str]) -> None:
    """The cluster on its street, which can be played."""


@solara.component_vue("phase.vue")
def PhaseMap(
    caption: str,
    summary: str,
    across: dict[str, Any],
    up: dict[str, Any],
    points: list[dict[str, Any]],
    here: list[float] | None,
    colours: list[str],
    says: dict[str, str],
) -> None:
    """Chances over a grid, and where the scenario stands in it."""


@solara.component_vue("address.vue")
def Address(
    query: str,
    language: str,
    pins: list[dict[str, str]],
    says: dict[str, str],
    event_opened: Callable[[dict[str, Any]], None],
) -> None:
    """Keeps the address bar up to date, and tells of a lost connection until it is back."""


@solara.component_vue("upload.vue")
def Upload(
    label: str, choose: str, name: str, accept: str, most: int, event_arrived: Callable[[dict[str, Any]], None]
) -> None:
    """A file of the visitor's computer, of `most` bytes at most."""
