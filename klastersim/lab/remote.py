"""Results at a URL: fetched to go on from, worked on here, and sent when they are finished."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from klastersim.errors import InputError
from klastersim.lab.provenance import FILE

MARK: Final = "://"


def is_remote(out: str | None) -> bool:
    """Whether a name of a folder is a URL."""
    return out is not None and MARK in out


class Remote:
    """A folder at a URL that fsspec can reach.

    A sweep is worked on in a folder here, where it can be locked and gone on with, and which goes when all is sent.

    Parameters
    ----------
    url : str
        Such as ``s3://bucket/folder``.
    results : Path
        Folder under which to work.

    Attributes
    ----------
    here : Path
        Where to work.

    Raises
    ------
    InputError
        If nothing that is installed can reach the URL, or it cannot be written to.
    """

    def __init__(self, url: str, results: Path = Path("results")) -> None:
        self.url = url.rstrip("/")
        self.here = results / f"sending-{hashlib.sha256(self.url.encode()).hexdigest()[:12]}"
        if find_spec("fsspec") is None:
            remedy = "Install it with: pip install 'klastersim[remote]'."
            raise InputError("--out", "", url, problem="needs fsspec, which is not installed", remedy=remedy)
        with self._refusing("cannot be reached"):
            from fsspec.core import url_to_fs

            self._files, self._path = url_to_fs(self.url)
        with self._refusing("cannot be written to"):
            # Found out now rather than when all has been run.
            self._files.makedirs(self._path, exist_ok=True)
            self._files.pipe_file(f"{self._path}/.klastersim", b"")
            self._files.rm_file(f"{self._path}/.klastersim")

    @contextmanager
    def _refusing(self, what: str) -> Iterator[None]:
        """Turn whatever a driver raises, which may be anything, into an error about the URL."""
        try:
            yield
        except Exception as error:
            problem = f"{what} ({' '.join(str(error).split())[:200] or type(error).__name__})"
            raise InputError("--out", "", self.url, problem=problem, remedy="Name another place.") from error

    def fetch(self) -> None:
        """Bring finished results here, unless work on them is under way here."""
        if self.here.exists():
            return
        with self._refusing("cannot be read"):
            if self._files.exists(f"{self._path}/{FILE}"):
                self.here.mkdir(parents=True)
                for name in self._files.ls(self._path, detail=False):
                    if self._files.isfile(name):
                        self._files.get_file(name, str(self.here / name.rpartition("/")[2]))

    def send(self, files: Sequence[Path]) -> list[str]:
        """Send finished files, what determined them last; return their URLs."""
        with self._refusing("cannot be written to"):
            ordered = sorted(files, key=lambda path: path.name == FILE)
            for path in ordered:
                self._files.put_file(str(path), f"{self._path}/{path.name}")
        shutil.rmtree(self.here, ignore_errors=True)
        return [f"{self.url}/{path.name}" for path in ordered]
