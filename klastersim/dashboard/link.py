"""A choice as the query of an address, so that a link reopens it exactly."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from klastersim.dashboard.choice import MONTHS, Choice
from klastersim.errors import InputError, said
from klastersim.figures.words import LOCALES
from klastersim.scenario import parse_setting
from klastersim.scenario.catalogue import CATALOGUE, unknown
from klastersim.scenario.writing import written

#: Longest query that is read, and most entries in it.
LONGEST: Final = 8_000
MOST_ENTRIES: Final = 500

START: Final = "sentra"


def query_of(choice: Choice, language: str) -> str:
    """Return what stands behind the question mark; of an upload only the language, for no link leads to it."""
    if choice.uploaded:
        return urlencode({"lang": language})
    entries = {"preset": choice.base.name}
    entries |= {key: _text(choice[key]) for key in choice.changes}
    if choice.seed != 1:
        entries["seed"] = str(choice.seed)
    if choice.months != MONTHS:
        entries["months"] = str(choice.months)
    return urlencode(entries | {"lang": language})


def _text(value: bool | float | str) -> str:
    return value if isinstance(value, str) else written(value)


def language_of(query: str | None) -> str | None:
    """Return the language that a query asks for, whatever else is wrong with it; None where it asks for none."""
    found = re.search(r"(?:^|&)lang=(\w+)", (query or "")[-LONGEST:])
    return found[1] if found and found[1] in LOCALES else None


def read_query(query: str | None) -> Choice:
    """Return the choice that a query asks for.

    Parameters
    ----------
    query : str or None
        What stands behind the question mark.

    Returns
    -------
    Choice
        Checked.

    Raises
    ------
    InputError
        If the query cannot be used. A file of the server's disk is never opened: no link names one.
    """
    query = query or ""
    if len(query) > LONGEST:
        remedy = said("A link holds up to {most} characters.", most=LONGEST)
        raise InputError("link", problem=said("is too long"), remedy=remedy)
    try:
        entries = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_ENTRIES, errors="strict")
    except (ValueError, UnicodeDecodeError):
        raise InputError("link", problem=said("cannot be read")) from None
    found = dict(entries)
    found.pop("lang", None)
    choice = Choice.preset(found.pop("preset", START))
    seed, months = (_whole(found.pop(name, ""), name, usual) for name, usual in (("seed", 1), ("months", MONTHS)))
    return choice.change({key: _value(key, text) for key, text in found.items()}, seed, months)


def _value(key: str, text: str) -> Any:
    if key not in CATALOGUE:
        raise unknown(key, text, "link")
    if CATALOGUE[key].file:
        raise InputError("link", key, problem=said("names a file, which no link may"))
    return parse_setting(f"{key}={text}")[1] if text.strip() else ""


def _whole(text: str, name: str, usual: int) -> int:
    if not text:
        return usual
    if not text.isascii() or not text.isdigit() or len(text) > 20:
        raise InputError("link", name, text, said("a whole number"))
    return int(text)
