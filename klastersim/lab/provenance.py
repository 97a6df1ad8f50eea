"""The record that determines a result, and the file that holds it with what else is known of its making."""

from __future__ import annotations

import json
import math
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from klastersim import __version__
from klastersim.errors import ABSENT, InputError
from klastersim.scenario import Scenario

FORMAT: Final = 1
FILE: Final = "provenance.json"

#: Libraries whose version may change a number or a file.
LIBRARIES: Final = ("numba", "numpy", "pyarrow")

MOST_NAMED: Final = 8


def versions(*further: str) -> dict[str, str]:
    """Return the versions on which numbers depend."""
    found = {"klastersim": __version__, "python": platform.python_version()}
    for name in (*LIBRARIES, *further):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


def run_record(scenario: Scenario, seed: int, months: int, driver: str) -> dict[str, Any]:
    """Return what determines a single run: equal records give equal results under equal versions."""
    return {
        "format": FORMAT,
        "kind": "run",
        "scenario": scenario.to_dict(),
        "seed": seed,
        "months": months,
        "driver": driver,
        **tables_of(scenario),
        "versions": versions(*(("mesa",) if driver == "agents" else ())),
    }


def tables_of(scenario: Scenario) -> dict[str, dict[str, str]]:
    """Return the SHA-256 of the user's own tables, of which a scenario tells only the path; nothing for none."""
    digests = scenario.file_digests()
    return {"tables": digests} if digests else {}


def provenance(record: Mapping[str, Any], digest: str, command: Sequence[str], **further: Any) -> dict[str, Any]:
    """Return the content of provenance.json: the record, and what stands nowhere else."""
    return {
        "format": FORMAT,
        "digest": digest,
        "record": record,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": list(command),
        **further,
    }


def as_json(content: Any) -> str:
    """Return JSON that any reader takes: null for what is not finite, and no character beyond ASCII."""
    return json.dumps(_finite(content), indent=2, allow_nan=False) + "\n"


def _finite(content: Any) -> Any:
    if isinstance(content, Mapping):
        return {str(key): _finite(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_finite(value) for value in content]
    if isinstance(content, float) and not math.isfinite(content):
        return None
    return content


def refuse_other_results(folder: Path, record: Mapping[str, Any], force: bool) -> None:
    """Refuse a folder that holds the results of something else.

    Versions are left out of the comparison: what is replaced is the same question asked anew.

    Parameters
    ----------
    folder : Path
        Where results are to go.
    record : mapping
        What determines them.
    force : bool
        Whether the user wants other results replaced.

    Raises
    ------
    InputError
        If the folder's provenance.json has another record, naming the keys that differ, or cannot be read.
    """
    # os.path.exists takes what may not be looked at for absent; writing there will be refused in its turn.
    if force or not os.path.exists(folder / FILE):
        return
    remedy = "Name another folder with --out, or replace what is there with --force."
    held = read_provenance(folder / FILE, remedy)["record"]
    keys = differing(*({**each, "versions": None} for each in (record, held)))
    if keys:
        problem = f"belongs to other results: {', '.join(keys)} differ"
        raise InputError(str(folder / FILE), problem=problem, remedy=remedy)


def finished_results(folder: Path, record: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what provenance.json tells if the folder holds the results of just this record, versions included."""
    if not os.path.exists(folder / FILE):
        return None
    held = read_provenance(folder / FILE, "Name another folder with --out, or replace what is there with --force.")
    return None if differing(record, held["record"]) else held


def read_provenance(path: Path, remedy: str = "") -> dict[str, Any]:
    """Return the content of a provenance.json.

    Raises
    ------
    InputError
        If it is none that this version reads.
    """
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(held["record"], dict):
            raise TypeError
        newer = int(held["format"]) > FORMAT or int(held["record"]["format"]) > FORMAT
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(str(path), problem="is no record that this klastersim reads", remedy=remedy) from None
    if newer:
        problem = f"has format {held['format']}, written by a newer klastersim"
        raise InputError(str(path), problem=problem, remedy="Use that version or a newer one.")
    return dict(held)


def differing(record: Mapping[str, Any], held: Mapping[str, Any]) -> list[str]:
    """Return the dotted keys in which two records differ, the first few by name and how many more."""
    here, there = (dict(_leaves(json.loads(as_json(each)), "")) for each in (record, held))
    keys = [key for key in {**here, **there} if here.get(key, ABSENT) != there.get(key, ABSENT)]
    return keys[:MOST_NAMED] + ([f"and {len(keys) - MOST_NAMED} more"] if len(keys) > MOST_NAMED else [])


def _leaves(content: Any, key: str) -> Iterator[tuple[str, Any]]:
    if isinstance(content, dict) and content:
        for name, value in content.items():
            yield from _leaves(value, f"{key}.{name}" if key else name)
    else:
        yield key, content
