"""The printed figure of what is shown."""

from __future__ import annotations

from klastersim.dashboard.outcome import Outcome
from klastersim.figures.words import Words


def figure_of(outcome: Outcome, kind: str, words: Words) -> bytes:
    """Return the printed figure of a run as a file, with the record that determines it."""
    from klastersim.figures.run_figure import draw_run
    from klastersim.figures.style import as_bytes
    from klastersim.lab.provenance import run_record

    choice, title = outcome.choice, outcome.choice.title(words.language)
    record = run_record(choice.scenario, choice.seed, choice.months, outcome.run.driver)
    return as_bytes(draw_run(outcome.data, words, title), kind, record, title)
