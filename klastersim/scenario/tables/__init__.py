"""A user's own cluster: tables of firms, ties and thresholds in CSV, from a file or from memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from klastersim.errors import InputError, did_you_mean, said

#: Parameters that name a table.
FIRMS_KEY: Final = "cluster.file"
TIES_KEY: Final = "ties.file"
THRESHOLDS_KEY: Final = "decision.threshold_file"
FILE_KEYS: Final = (FIRMS_KEY, TIES_KEY, THRESHOLDS_KEY)

#: Parameters that decide what a table must agree with.
TABLE_KEYS: Final = frozenset({*FILE_KEYS, "cluster.firms", "ties.kind"})


def known_file(key: str, name: str, contents: Mapping[str, bytes], where: str) -> str:
    """Return the name of a file in memory, or raise the InputError that says which there are."""
    if not name or name in contents:
        return name
    names = ", ".join(f'"{each}"' for each in contents) or "none"
    allowed = said("one of the files given: {names}", names=names)
    raise InputError(where, key, name, allowed, did_you_mean(name, contents))
