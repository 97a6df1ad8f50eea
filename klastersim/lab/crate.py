"""RO-Crate metadata: a description of a folder of results that archives and search engines read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.metadata import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from klastersim.errors import InputError
from klastersim.lab.results import Results, configuration_digest

CRATE: Final = "ro-crate-metadata.json"

#: What each file of results is.
DESCRIPTIONS: Final = {
    "runs.parquet": ("Every run", "application/vnd.apache.parquet"),
    "summary.csv": ("Every point: share active with its interval, and means", "text/csv"),
    "provenance.json": ("What determined the results, and how they were made", "application/json"),
    "report.html": ("Question, answer, figures and settings", "text/html"),
}
MEDIA: Final = {".png": "image/png", ".svg": "image/svg+xml"}


def check_crate() -> None:
    """Refuse to describe a crate without the library for it.

    Raises
    ------
    InputError
        If ``rocrate`` is not installed.
    """
    if find_spec("rocrate") is None:
        remedy = "Install it with: pip install 'klastersim[crate]'."
        raise InputError("--crate", problem="needs the library rocrate", remedy=remedy)


def crate_of(results: Results) -> str:
    """Return the content of ro-crate-metadata.json for a folder of results.

    Parameters
    ----------
    results : Results
        Finished.

    Raises
    ------
    InputError
        If the library ``rocrate`` is not installed.
    """
    check_crate()
    from rocrate.model.person import Person
    from rocrate.model.softwareapplication import SoftwareApplication
    from rocrate.rocrate import ROCrate

    record = results.record
    crate = ROCrate()
    crate.name = record.get("title") or record["kind"]
    crate.description = record.get("question") or record["scenario"].get("title", "")
    # The day of the results, so that describing them again gives the same text.
    crate.datePublished = datetime.fromisoformat(results.told["time"]).astimezone(UTC)
    told = metadata("klastersim").json
    crate.license = str(told.get("license_expression") or told.get("license") or "MIT")
    author = crate.add(Person(crate, "#authors", properties={"name": metadata("klastersim")["Author"]}))
    version = record["versions"]["klastersim"]
    software = crate.add(
        SoftwareApplication(crate, "#klastersim", properties={"name": "klastersim", "softwareVersion": version})
    )
    files = [_add(crate, path) for path in sorted(results.folder.iterdir()) if path.is_file() and path.name != CRATE]
    crate.root_dataset["identifier"] = f"sha256:{configuration_digest(record)}"
    crate.root_dataset["creator"] = author
    action: dict[str, Any] = {
        "@id": "#sweep",
        "@type": "CreateAction",
        "name": " ".join(results.told["command"]),
        "instrument": {"@id": software.id},
        "endTime": results.told["time"],
        "result": [{"@id": file.id} for file in files],
    }
    crate.add_jsonld(action)
    return json.dumps(crate.metadata.generate(), indent=2, sort_keys=True) + "\n"


def _add(crate: Any, path: Path) -> Any:
    name, kind = DESCRIPTIONS.get(path.name, (path.stem, MEDIA.get(path.suffix, "application/octet-stream")))
    return crate.add_file(path, dest_path=path.name, properties={"name": name, "encodingFormat": kind})
