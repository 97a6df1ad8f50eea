"""How to cite an experiment or its results: the software, its version, and just this configuration."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import metadata
from typing import Any

from klastersim.lab.results import configuration_digest

FORMATS = ("bibtex", "apa", "cff")


@dataclass(frozen=True)
class Citation:
    """What a citation says.

    Attributes
    ----------
    title : str
        Of the experiment.
    version : str
        Of klastersim.
    configuration : str
        Digest of what was asked.
    results : str
        Digest of the numbers; empty if it was not run.
    date : str
        Day of the results, or of the citation, as YYYY-MM-DD.
    """

    title: str
    version: str
    configuration: str
    results: str
    date: str

    @classmethod
    def of(cls, record: Mapping[str, Any], date: str, results: str = "") -> Citation:
        """Take what is to be cited from a record."""
        title = record.get("title") or record.get("scenario", {}).get("title") or record["kind"]
        return cls(str(title), str(record["versions"]["klastersim"]), configuration_digest(record), results, date)

    @property
    def author(self) -> str:
        """Who made klastersim, as its distribution says."""
        return metadata("klastersim")["Author"]

    @property
    def _note(self) -> str:
        results = f"; results sha256:{self.results}" if self.results else ""
        return f"configuration sha256:{self.configuration}{results}"

    @property
    def _whole_title(self) -> str:
        end = "" if self.title.endswith((".", "?", "!")) else "."
        return f"{self.title}{end} An experiment with klastersim"

    def bibtex(self) -> str:
        """Return an entry for BibTeX."""
        lines = {
            "author": f"{{{_tex(self.author)}}}",
            "title": f"{{{_tex(self._whole_title)}}}",
            "year": self.date[:4],
            "version": self.version,
            "note": f"Computer software, {self._note}",
        }
        body = ",\n".join(f"  {key} = {{{value}}}" for key, value in lines.items())
        return f"@misc{{klastersim-{self.configuration[:8]},\n{body}\n}}\n"

    def apa(self) -> str:
        """Return a reference in the style of the American Psychological Association."""
        author = self.author[:1].upper() + self.author[1:]
        described = f"(Version {self.version}; {self._note}) [Computer software]"
        return f"{author}. ({self.date[:4]}). {self._whole_title} {described}.\n"

    def cff(self) -> str:
        """Return a file in the Citation File Format, version 1.2.0."""
        quoted = {key: json.dumps(value) for key, value in vars(self).items()}
        lines = [
            "cff-version: 1.2.0",
            'message: "Cite the experiment with its configuration, so that the same numbers can be found again."',
            "type: software",
            f"title: {json.dumps(self._whole_title)}",
            "authors:",
            f"  - name: {json.dumps(self.author)}",
            f"version: {quoted['version']}",
            f"date-released: {self.date}",
            "identifiers:",
            "  - type: other",
            f"    value: sha256:{self.configuration}",
            "    description: digest of the configuration",
        ]
        if self.results:
            lines += ["  - type: other", f"    value: sha256:{self.results}", "    description: digest of the results"]
        return "\n".join(lines) + "\n"

    def all(self) -> dict[str, str]:
        """Return the citation in all formats, by name."""
        return {"bibtex": self.bibtex(), "apa": self.apa(), "cff": self.cff()}


def _tex(text: str) -> str:
    """Escape what TeX would take for its own."""
    return re.sub(r"([&%$#_{}])", r"\\\1", text)
