"""Results that were written earlier: where they are, what determined them, and what they say."""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from klastersim.errors import InputError
from klastersim.lab.provenance import FILE, read_provenance

NO_RESULTS = "Name a folder that klastersim wrote results to, or the provenance.json in it."


@dataclass(frozen=True)
class Results:
    """Results as their provenance.json tells of them.

    Attributes
    ----------
    folder : Path
        Where it stands, beside the other files.
    told : mapping
        Its content.
    """

    folder: Path
    told: Mapping[str, Any]

    @property
    def record(self) -> dict[str, Any]:
        """What determined the results."""
        return dict(self.told["record"])

    @property
    def kind(self) -> str:
        """Either "run" or "sweep"."""
        return str(self.record["kind"])

    @property
    def digest(self) -> str:
        """Digest of the numbers."""
        return str(self.told["digest"])


def open_results(path: str | os.PathLike[str], kind: str | None = None) -> Results:
    """Find results by their folder or by their provenance.json.

    Parameters
    ----------
    path : path-like
        The one or the other.
    kind : str, optional
        "run" or "sweep", if only that will do.

    Raises
    ------
    InputError
        If there are none, or they are of another kind.
    """
    place = Path(path)
    file = place / FILE if place.is_dir() else place
    if not os.fspath(path) or not file.exists():
        unfinished = (place / "unfinished").is_dir()
        problem = "holds a sweep that is not finished" if unfinished else "holds no results"
        remedy = "Run the same sweep again; it goes on from there." if unfinished else NO_RESULTS
        raise InputError(str(path), problem=problem, remedy=remedy)
    results = Results(file.parent, read_provenance(file, NO_RESULTS))
    if results.record.get("kind") not in ("run", "sweep") or "digest" not in results.told:
        raise InputError(str(file), problem="is no record that this klastersim reads", remedy=NO_RESULTS)
    if kind is not None and results.kind != kind:
        raise InputError(str(file), problem=f"is of a {results.kind}, not of a {kind}")
    return results


def record_in(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the record that a file of results holds.

    Parameters
    ----------
    path : path-like
        A provenance.json, a table of runs or a figure.

    Raises
    ------
    InputError
        If there is none in it.
    """
    place = Path(path)
    readers = {".json": _in_json, ".parquet": _in_parquet, ".png": _in_png, ".svg": _in_svg, ".html": _in_html}
    text = readers[place.suffix](place) if place.suffix in readers and place.exists() else None
    if text is None:
        raise InputError(str(path), problem="holds no record", remedy="Name a file that klastersim wrote.")
    return dict(json.loads(text))


def _in_json(path: Path) -> str:
    return json.dumps(read_provenance(path, NO_RESULTS)["record"])


def _in_parquet(path: Path) -> str | None:
    import pyarrow.parquet as pq

    held = (pq.read_schema(path).metadata or {}).get(b"klastersim")
    return None if held is None else held.decode()


def _in_png(path: Path) -> str | None:
    from PIL import Image

    with Image.open(path) as image:
        return image.info.get("klastersim")


def _in_svg(path: Path) -> str | None:
    found = re.search(r"<dc:description>(.*?)</dc:description>", path.read_text(encoding="utf-8"), re.S)
    return None if found is None else html.unescape(found[1])


def _in_html(path: Path) -> str | None:
    found = re.search(r'<script type="application/json" id="klastersim">(.*?)</script>', path.read_text("utf-8"), re.S)
    return None if found is None else found[1]


def configuration_digest(record: Mapping[str, Any]) -> str:
    """Return the digest of what was asked, whatever the versions that answered: 64 hexadecimal digits."""
    plain = {key: value for key, value in record.items() if key != "versions"}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def changed_versions(record: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return the libraries whose versions differ: then and now."""
    then, here = record["versions"], now["versions"]
    return {
        name: (then.get(name, "absent"), here.get(name, "absent"))
        for name in {**then, **here}
        if then.get(name) != here.get(name)
    }
