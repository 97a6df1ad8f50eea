"""How an entry of the tables of parameters is written."""

from __future__ import annotations

from typing import Any

from klastersim.scenario.declaration import Parameter, Value


def entry(
    key: str, default: Value, unit: str, label: str, label_id: str, text: str, grade: str, source: str, **rest: Any
) -> Parameter:
    """Declare a parameter, its words and evidence in the order in which they are read; see `Parameter`."""
    return Parameter(
        key=key,
        default=default,
        unit=unit,
        label=label,
        label_id=label_id,
        help=text,
        grade=grade,
        source=source,
        **rest,
    )


def switch(key: str, default: bool, label: str, label_id: str, text: str, kind: str = "setting") -> Parameter:
    """Declare whether a mechanism is at work."""
    return entry(key, default, "", label, label_id, text, "A", "assumption: a mechanism can be taken out", kind=kind)
