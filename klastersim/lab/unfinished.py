"""What long work leaves until it is finished: the record of what it is of, and files that are there whole or not."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from klastersim.errors import InputError
from klastersim.lab.provenance import as_json, differing

RECORD: Final = "record.json"


class Begun:
    """The record of the work that was begun in a folder.

    Parameters
    ----------
    folder : Path
        Where; it must be locked by whoever calls.
    what : str
        What is unfinished there, for errors: "sweep".
    """

    def __init__(self, folder: Path, what: str) -> None:
        self._folder = folder
        self._what = what

    def read(self) -> dict[str, Any]:
        """Return what `write` left; empty where there is nothing that can be read."""
        try:
            told = json.loads((self._folder / RECORD).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) and isinstance(told.get("record"), dict) else {}

    def is_of(self, record: Mapping[str, Any], remedy: str = "") -> bool:
        """Tell whether it is of this record; nothing that can be read is not.

        Parameters
        ----------
        record : mapping
            What determines the results.
        remedy : str
            What to do where it is of another record, which is then refused; by default it is not.

        Raises
        ------
        InputError
            Naming the keys that differ.
        """
        told = self.read()
        keys = differing(record, told["record"]) if told else []
        if keys and remedy:
            problem = f"holds an unfinished {self._what} of something else: {', '.join(keys)} differ"
            raise InputError(str(self._folder), problem=problem, remedy=remedy)
        return bool(told) and not keys

    def write(self, record: Mapping[str, Any], **beside: Any) -> None:
        """Begin anew: keep a record and what else is to be remembered."""
        put(self._folder / RECORD, as_json({"record": record, **beside}).encode())


def put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_name(f".{path.name}")
    temporary.write_bytes(content)
    os.replace(temporary, path)
