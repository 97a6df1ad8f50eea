"""What is wrong with something that a visitor asked for, in the visitor's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from klastersim.errors import ABSENT, InputError, Said, shown
from klastersim.figures.words import Words
from klastersim.scenario.catalogue import CATALOGUE
from klastersim.scenario.events import KEYS

#: Most single errors that are shown at once.
MOST_SHOWN: Final = 5

#: Where something came from that has no file, and what is asked for beside the parameters: their messages.
PLACES: Final = {"dashboard": "page", "link": "link", "Scenario.preset": "link"}
BESIDE: Final = ("seed", "months")


def explain(error: InputError, words: Words) -> str:
    """Return what is wrong, one sentence a line."""
    lines = [_sentence(problem, words) for problem in error.problems]
    more = len(lines) - MOST_SHOWN
    shown_lines = lines[:MOST_SHOWN] + ([words("problem.more", count=words.number(more))] if more > 0 else [])
    return "\n".join(shown_lines)


def _sentence(error: InputError, words: Words) -> str:
    where = words(f"problem.{PLACES[error.where]}") if error.where in PLACES else spoken(error.where, words)
    subject = _subject(error, words)
    verdict = spoken(error.problem, words)
    if not error.problem:
        verdict = words("problem.should", allowed=spoken(error.allowed, words))
    return f"{where}: {subject} {verdict}. {spoken(error.remedy, words)}".replace(":  ", ": ").rstrip()


def _subject(error: InputError, words: Words) -> str:
    """What is wrong: a parameter by its label and its key, and what was found."""
    name = spoken(error.key, words)
    if error.key in CATALOGUE:
        name = f"{CATALOGUE[error.key].told(words.language).label} ({error.key})"
    elif error.key in BESIDE:
        name = words(f"problem.{error.key}")
    if error.found is ABSENT:
        return name
    found = spoken(shown(error.found), words)
    return f"{name} = {found}" if name else found


def spoken(text: str, words: Words) -> str:
    """Return words of an error in a language: by the form they were made from, or as a declaration says them."""
    if words.language == "en":
        return text
    if isinstance(text, Said):
        values = {name: spoken(value, words) for name, value in text.values.items()}
        return forms(words.language)[text.form].format(**values)
    return _declared(words.language).get(text, text)


@cache
def forms(language: str) -> Mapping[str, str]:
    """Return the forms of errors in a language by their English ones.

    Raises
    ------
    FileNotFoundError
        If there is no such language; English has no catalogue, for it stands in the code.
    """
    text = (files(__package__) / "texts" / f"errors_{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["said"]


@cache
def _declared(language: str) -> Mapping[str, str]:
    """What the declarations allow, by the English words."""
    return {each.allowed: each.told(language).allowed for each in (*CATALOGUE.values(), *KEYS.values())}
