"""What is wrong with something that a visitor asked for, in the visitor's language."""

from __future__ import annotations

import re
from typing import Final

from klastersim.dashboard.choice import MOST
from klastersim.errors import ABSENT, InputError, shown
from klastersim.figures.words import Words
from klastersim.scenario.catalogue import CATALOGUE

#: Most single errors that are shown at once.
MOST_SHOWN: Final = 5

#: How to recognise what is wrong, by the English words of the error.
KINDS: Final = (
    ("names a file", "path"),
    ("larger than", "large"),
    ("is binary", "binary"),
    ("not text in UTF-8", "binary"),
    ("in UTF-16", "binary"),
    ("holds the byte", "binary"),
    ("workbook", "workbook"),
    ("column", "columns"),
    ("nested too deeply", "deep"),
    ("is not TOML", "syntax"),
    ("digits", "syntax"),
    ("is empty", "empty"),
    ("says nothing", "empty"),
    ("too long", "link"),
    ("cannot be read", "link"),
    ("given twice", "twice"),
    ("the most of this page", "most"),
    ("keys of", "unknown"),
    ("one of the sections", "unknown"),
    ("is a section", "unknown"),
)

_LINE: Final = re.compile(r"line (\d+)")


def explain(error: InputError, words: Words) -> str:
    """Return what is wrong, one sentence a line."""
    if words.language == "en":
        lines = [str(problem) for problem in error.problems]
    else:
        lines = [_sentence(problem, words) for problem in error.problems]
    more = len(lines) - MOST_SHOWN
    shown_lines = lines[:MOST_SHOWN] + ([words("problem.more", count=words.number(more))] if more > 0 else [])
    return "\n".join(shown_lines)


def _sentence(error: InputError, words: Words) -> str:
    kind = _kind(error)
    declared = CATALOGUE.get(error.key)
    if declared is not None and kind == "most":
        return words("problem.most", label=declared.told(words.language).label, most=words.number(MOST[error.key]))
    if declared is not None and kind == "value":
        told = declared.told(words.language)
        within = _allowed_alone(error)
        found = "" if error.found is ABSENT else shown(error.found)
        return words(
            "problem.value" if within else "problem.contradiction",
            where=error.where,
            label=told.label,
            key=error.key,
            found=found,
            allowed=told.allowed,
        )
    line = _LINE.search(error.key) or _LINE.search(error.problem)
    place = words("problem.line", line=line[1]) if line else error.key
    where = _LINE.sub(lambda found: words("problem.row", line=found[1]), error.where)
    found = "" if error.found is ABSENT else shown(error.found)
    return words(f"problem.{kind}", where=where, place=place, found=found).replace(" ()", "")


def _allowed_alone(error: InputError) -> bool:
    """Whether the value is wrong in itself, not by another one."""
    return bool(error.problem) or error.allowed == CATALOGUE[error.key].allowed


def _kind(error: InputError) -> str:
    text = f"{error.problem} {error.allowed}"
    for sign, kind in KINDS:
        if sign in text:
            return kind
    if error.key in CATALOGUE:
        return "value"
    return "cell" if _LINE.search(error.where) else "other"
