"""The printed figure of what is shown."""

from __future__ import annotations

from typing import Any

from klastersim.dashboard.outcome import Outcome
from klastersim.figures.words import Words


def figure_of(outcome: Outcome, kind: str, words: Words) -> bytes:
    """Return the printed figure of a run as a file, with the record that determines it."""
    from klastersim.figures.run_figure import draw_run
    from klastersim.figures.style import as_bytes

    title = outcome.choice.title(words.language)
    return as_bytes(draw_run(outcome.data, words, title), kind, _record(outcome), title)


def map_of(outcome: Outcome, words: Words) -> bytes:
    """Return the printed map of a run as a PNG file, with the record that determines it."""
    from klastersim.figures.cluster_data import cluster_data
    from klastersim.figures.cluster_figure import draw_cluster
    from klastersim.figures.style import as_bytes

    choice, title = outcome.choice, outcome.choice.title(words.language)
    data = cluster_data(choice.scenario, choice.months, choice.seed)
    return as_bytes(draw_cluster(data, title, words), "png", _record(outcome), title)


def _record(outcome: Outcome) -> dict[str, Any]:
    from klastersim.lab.provenance import run_record

    choice = outcome.choice
    return run_record(choice.scenario, choice.seed, choice.months, outcome.run.driver)
