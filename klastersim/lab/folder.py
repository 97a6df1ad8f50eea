"""A folder of results, filled as a whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final

from klastersim.errors import InputError
from klastersim.lab.signals import held_back

#: What the system says when there is no room: on the disk, in the user's share of it, in a file.
FULL: Final = tuple(getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name))


def _short(path: Path) -> str:
    """Return a path as an error shows it."""
    text = str(path)
    return text if len(text) <= 1_000 else f"{text[:100]}... ({len(text):,} characters)"


class Folder:
    """Results on their way into a folder.

    Files are written under temporary names inside the folder and take their places together in `finish`. Whatever goes
    wrong before, an error or an interruption, leaves the folder as it was found; if it was not there, it is not left.

    Parameters
    ----------
    path : path-like
        The folder; made if need be, with those above it.

    Raises
    ------
    InputError
        If the folder cannot be made or written to.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._made: list[Path] = []
        self._names: list[str] = []
        self._unfinished: Path | None = None

    def __enter__(self) -> Folder:
        try:
            self._make()
        except (OSError, ValueError) as error:
            self._clear()
            raise self._refusal(error, self.path) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._clear()

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """Give the temporary path under which a file is to be written.

        Parameters
        ----------
        name : str
            Name that the file takes in the end.

        Raises
        ------
        InputError
            If the system refuses what is written: a full disk, a quota.
        """
        if self._unfinished is None:
            raise RuntimeError("the folder is not open")
        try:
            yield self._unfinished / name
        except OSError as error:
            raise self._refusal(error, self.path / name) from error
        self._names.append(name)

    def write(self, name: str, content: str) -> None:
        """Write a text file in UTF-8."""
        with self.writing(name) as path:
            path.write_text(content, encoding="utf-8", newline="\n")

    def finish(self) -> list[Path]:
        """Put all files in their places, in the order in which they were written; return their paths."""
        if self._unfinished is None:
            raise RuntimeError("the folder is not open")
        placed = []
        with held_back():
            for name in self._names:
                target = self.path / name
                try:
                    os.replace(self._unfinished / name, target)
                except OSError as error:
                    raise self._refusal(error, target) from error
                placed.append(target)
            self._made.clear()
        return placed

    def _make(self) -> None:
        missing = []
        folder = self.path.absolute()
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
        for folder in reversed(missing):
            folder.mkdir(exist_ok=True)
            self._made.append(folder)
        self._unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=self.path))

    def _clear(self) -> None:
        if self._unfinished is not None:
            shutil.rmtree(self._unfinished, ignore_errors=True)
        for folder in reversed(self._made):
            with suppress(OSError):
                folder.rmdir()

    @staticmethod
    def _refusal(error: Exception, path: Path) -> InputError:
        if isinstance(error, FileExistsError | NotADirectoryError):
            problem, remedy = "is no folder, or lies below something that is none", "Name another folder."
        elif isinstance(error, PermissionError):
            problem, remedy = "may not be written by this user", "Name another folder, or change its permissions."
        else:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else error
            full = isinstance(error, OSError) and error.errno in FULL
            problem = f"cannot be written ({reason})"
            remedy = "Free some space, or name another folder." if full else "Name another folder."
        return InputError(_short(path), problem=problem, remedy=remedy)
