"""Which figure belongs to what an analysis found."""

from __future__ import annotations

from typing import Final

from matplotlib.figure import Figure

from klastersim.analysis.sweeps.break_even import BREAK_EVEN, BreakEven
from klastersim.analysis.sweeps.effects import EFFECTS, Effects
from klastersim.analysis.sweeps.field_study import FieldStudy
from klastersim.analysis.sweeps.sensitivity import Sensitivity
from klastersim.lab.finding import Finding

#: Findings of programmes that end.
EXIT: Final = ("left", "ramp")

#: Findings whose figure says more than one of the arms would.
INSTEAD: Final = (BREAK_EVEN, EFFECTS, *EXIT)


def draw_finding(found: Finding, question: str, note: str) -> Figure | None:
    """Draw what an analysis found.

    Parameters
    ----------
    found : Finding
        With data, or there is no figure.
    question : str
        What the experiment asks.
    note : str
        What a reader needs to know of the runs.

    Returns
    -------
    Figure or None
        To be saved or shown; pyplot is not involved.
    """
    if found.data is None:
        return None
    if isinstance(found.data, BreakEven):
        from klastersim.figures.break_even_figure import draw_break_even

        return draw_break_even(found.data, question, note)
    if found.name in EXIT:
        from klastersim.figures.exit_figure import draw_left, draw_ramps

        return (draw_ramps if found.name == "ramp" else draw_left)(found.data, question, note)
    if isinstance(found.data, Effects):
        from klastersim.figures.effects_figure import draw_effects

        return draw_effects(found.data, question, note)
    if isinstance(found.data, Sensitivity):
        from klastersim.figures.sensitivity_figure import draw_sensitivity

        return draw_sensitivity(found.data, question, f"{note} {found.title}.")
    if isinstance(found.data, FieldStudy):
        from klastersim.figures.study_figure import draw_study

        return draw_study(found.data, question, note)
    from klastersim.figures.discovery_figure import draw_discovery

    return draw_discovery(found.data, question, note)
