"""Verdicts of draws, kept as they are found, so that a long look can be broken off and gone on with."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, Final

from klastersim.analysis.patterns.catalogue import Pattern
from klastersim.compiled.cache import source_key
from klastersim.lab.folder import Folder
from klastersim.lab.provenance import versions
from klastersim.lab.unfinished import Begun

#: In the folder in the end: a row for each draw, a column for each claim. And what is kept until then.
TABLE: Final = "draws.csv"
VERDICTS: Final = "verdicts.jsonl"

#: Verdict by place of the pattern.
Verdicts = Mapping[int, str]


def record_of(patterns: Sequence[Pattern], draws: int, seed: int, alpha: float) -> dict[str, Any]:
    """Return what determines the verdicts."""
    return {
        "format": 1,
        "kind": "draws",
        "patterns": [_name(each) for each in patterns],
        "draws": draws,
        "seed": seed,
        "alpha": alpha,
        "sources": source_key(),
        "versions": versions(),
    }


class Kept:
    """Verdicts in a folder in which work may be gone on with.

    Parameters
    ----------
    folder : Folder
        Open, and lasting.
    patterns : sequence of Pattern
        What is looked at.
    record : mapping
        What determines the verdicts.

    Attributes
    ----------
    found : dict of int to mapping
        By draw, from 1, the verdicts that are there.

    Raises
    ------
    InputError
        If the folder holds unfinished verdicts of something else.
    """

    def __init__(self, folder: Folder, patterns: Sequence[Pattern], record: Mapping[str, Any]) -> None:
        self._folder = folder
        self._patterns = patterns
        self._path = folder.workplace / VERDICTS
        begun = Begun(folder.workplace, "look at draws")
        if not begun.is_of(record, "Name another folder with --out, or delete this one."):
            self._path.unlink(missing_ok=True)
            begun.write(record)
        self.found: dict[int, Verdicts] = {}
        if self._path.exists():
            self._read()

    def keep(self, draw: int, verdicts: Verdicts) -> None:
        """Keep the verdicts of a draw."""
        with self._path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps([draw, {str(place): verdict for place, verdict in verdicts.items()}]) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.found[draw] = verdicts
        self._folder.kept = f"{len(self.found)} draws are kept in {self._folder.path}: the same command goes on."

    def write_table(self) -> None:
        """Write the table of all draws, in their order."""
        places = sorted(next(iter(self.found.values()), {}))
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["draw", *(_name(self._patterns[place]) for place in places)])
        writer.writerows([draw, *(self.found[draw][place] for place in places)] for draw in sorted(self.found))
        self._folder.write(TABLE, text.getvalue())

    def _read(self) -> None:
        """Read whole lines; what a kill left of the last one is cut off."""
        text = self._path.read_bytes()
        whole = text[: text.rfind(b"\n") + 1]
        for line in whole.splitlines():
            draw, verdicts = json.loads(line)
            self.found[draw] = {int(place): verdict for place, verdict in verdicts.items()}
        if len(whole) < len(text):
            os.truncate(self._path, len(whole))


def _name(pattern: Pattern) -> str:
    return f"{pattern.number} {pattern.name}"
