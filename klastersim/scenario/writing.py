"""A scenario as a TOML file that explains itself."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from typing import Final

from klastersim.scenario.catalogue import CATALOGUE
from klastersim.scenario.declaration import Evidence, Parameter, Value
from klastersim.scenario.events import KEYS, KINDS, Event
from klastersim.scenario.reading import FORMAT
from klastersim.scenario.words import PHRASES, Phrases

WIDTH: Final = 100


def to_toml(
    values: Mapping[str, Value],
    name: str,
    title: str,
    language: str = "en",
    evidence: Mapping[str, Evidence] | None = None,
    events: Sequence[Event] = (),
) -> str:
    """Return a complete scenario file, every value under a comment that says what it means and where it comes from.

    Parameters
    ----------
    values : mapping of str to value
        All dotted keys and their values.
    name, title : str
        Name and title of the scenario.
    language : str, default "en"
        Of the comments: "en" or "id".
    evidence : mapping of str to Evidence, optional
        What stands behind values that are no defaults.
    events : sequence of Event, optional
        Dated events.

    Returns
    -------
    str
        TOML; parses back to an equal scenario.
    """
    lines = [
        *(line for sentence in PHRASES[language].opening for line in _comment(sentence)),
        f"format = {FORMAT}",
        f"name = {written(name)}",
        f"title = {written(title)}",
    ]
    by_section: dict[str, list[Parameter]] = {}
    for parameter in CATALOGUE.values():
        by_section.setdefault(parameter.section, []).append(parameter)
    for section, parameters in by_section.items():
        lines += ["", f"[{section}]"]
        for parameter in parameters:
            known = (evidence or {}).get(parameter.key, Evidence(parameter.grade, parameter.source))
            lines += [*_explanation(parameter, known, language), f"{parameter.name} = {written(values[parameter.key])}"]
    for event in events:
        lines += ["", *_event(event, language)]
    return "\n".join(lines) + "\n"


def _event(event: Event, language: str) -> list[str]:
    """Return a table of one event; its keys are explained by their labels."""
    kind = KINDS[event.kind]
    lines = ["[[events]]", *_comment(f"{event.kind}: {kind.text_id if language == 'id' else kind.text}.")]
    lines.append(f"kind = {written(event.kind)}")
    for key, value in event.values:
        told = KEYS[key].told(language)
        unit = f" [{told.unit}]" if told.unit else ""
        lines += [*_comment(f"{told.label}{unit}: {told.help}"), f"{key} = {written(value)}"]
    return lines


def written(value: Value) -> str:
    r"""Return a value as TOML that reads back as the same value.

    Parameters
    ----------
    value : bool, int, float or str
        Finite, if a float.

    Returns
    -------
    str
        TOML.

    Examples
    --------
    >>> written(True), written(0.1), written('a "b"')
    ('true', '0.1', '"a \\"b\\""')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # JSON escapes all that TOML wants escaped but the one control character above 31.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def _explanation(parameter: Parameter, known: Evidence, language: str) -> list[str]:
    told, say = parameter.told(language), PHRASES[language]
    unit = f" [{told.unit}]" if told.unit else ""
    facts = [say.allowed.format(told.allowed), say.default.format(written(parameter.default))]
    if parameter.range is not None:
        facts.append(say.open_range.format(*map(written, parameter.range)))
    return [
        *_comment(f"{told.label}{unit}: {told.help}"),
        *_comment(f"  {' '.join(facts)}"),
        *_comment(f"  {_evidence(known, say)}."),
    ]


def _evidence(known: Evidence, say: Phrases) -> str:
    """Tell grade and source; a source of grade A begins with "assumption" once, in the language."""
    grade, source = f"{say.grade} {known.grade}", known.source
    if known.grade != "A":
        return f"{grade}, {say.grades[known.grade]}: {source}"
    if source.startswith("assumption"):
        return f"{grade}, {say.assumption}{source.removeprefix('assumption')}"
    return f"{grade}, {say.assumption}: {source}"


def _comment(text: str) -> list[str]:
    """Return text as comment lines; further lines keep the indent of the first."""
    indent = "# " + " " * (len(text) - len(text.lstrip()))
    plain = "".join(character if character.isprintable() else " " for character in text)
    return textwrap.wrap(
        plain.strip(),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
