"""Colours and sizes that all figures share: told apart by the colour-blind, on paper and in grey."""

from __future__ import annotations

import io
import json
import textwrap
from pathlib import Path
from threading import Lock
from typing import Any, Final

from matplotlib.figure import Figure
from matplotlib.text import Text

#: Okabe and Ito's colours, the ones that stand out on white.
BLUE: Final = "#0072B2"
VERMILION: Final = "#D55E00"
GREEN: Final = "#009E73"
PURPLE: Final = "#AA4499"
ORANGE: Final = "#E69F00"
SKY: Final = "#56B4E9"
INK: Final = "#222222"
GREY: Final = "#767676"
PALE: Final = "#EFEAD8"

#: Lines that come after each other differ in colour and in dashes.
LINES: Final = ((BLUE, "-"), (VERMILION, (0, (5, 1.5))), (GREEN, (0, (1.5, 1))), (PURPLE, (0, (6, 1.5, 1.5, 1.5))))

#: Inches and dots an inch: 2,000 dots wide, and text of 9 points still reads at 1,200.
WIDTH: Final = 10.0
DOTS: Final = 200

TEXT: Final = 9.0

_settings = Lock()


def new_figure(height: float) -> Figure:
    """Return an empty figure of the common width, laid out so that nothing overlaps."""
    return Figure(figsize=(WIDTH, height), layout="constrained", facecolor="white")


def framed(figure: Figure, question: str, note: str) -> None:
    """Write what a figure is about above it, and what a reader needs to know below."""
    figure.suptitle(textwrap.fill(question, 112), fontsize=TEXT + 2.5, x=0.01, ha="left", color=INK)
    figure.supxlabel(textwrap.fill(note, 150), fontsize=TEXT - 0.5, x=0.01, ha="left", color=GREY)


def literal(figure: Figure) -> Figure:
    """Return a figure whose texts are shown as they are: a user's dollar signs begin no formula."""
    for text in figure.findobj(Text):
        text.set_parse_math(False)
    return figure


def save(figure: Figure, path: Path, record: Any, title: str) -> None:
    """Write a figure with the record that determines it in its metadata.

    Parameters
    ----------
    figure : Figure
        What was drawn.
    path : Path
        Where to; the suffix says whether PNG or SVG.
    record : object
        Written as JSON: in PNG under the key "klastersim", in SVG as the description.
    title : str
        One line.
    """
    path.write_bytes(as_bytes(figure, path.suffix.removeprefix("."), record, title))


def as_bytes(figure: Figure, kind: str, record: Any, title: str) -> bytes:
    """Return the file that `save` writes; `kind` is "png" or "svg"."""
    from matplotlib import rc_context

    text = json.dumps(record, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    held = io.BytesIO()
    if kind == "svg":
        # A fixed salt and no date: equal results give equal files. Settings are everybody's, so one at a time.
        with _settings, rc_context({"svg.hashsalt": "klastersim", "svg.fonttype": "none"}):
            figure.savefig(held, format="svg", metadata={"Title": title, "Description": text, "Date": None})
    else:
        metadata = {"Title": title, "klastersim": text, "Software": None}
        figure.savefig(held, format="png", dpi=DOTS, metadata=metadata)
    return held.getvalue()
