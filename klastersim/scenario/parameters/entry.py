"""How an entry of the tables of parameters is written."""

from __future__ import annotations

from typing import Any

from klastersim.scenario.declaration import Parameter, Value


def entry(
    key: str,
    default: Value,
    unit: str,
    label: str,
    label_id: str,
    text: str,
    text_id: str,
    grade: str,
    source: str,
    **rest: Any,
) -> Parameter:
    """Declare a parameter, its words and evidence in the order in which they are read; see `Parameter`."""
    return Parameter(
        key=key,
        default=default,
        unit=unit,
        label=label,
        label_id=label_id,
        help=text,
        help_id=text_id,
        grade=grade,
        source=source,
        **rest,
    )


def switch(
    key: str, default: bool, label: str, label_id: str, text: str, text_id: str, kind: str = "setting"
) -> Parameter:
    """Declare whether a mechanism is at work."""
    source = "assumption: a mechanism can be taken out"
    return entry(key, default, "", label, label_id, text, text_id, "A", source, kind=kind)
