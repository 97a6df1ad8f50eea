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
from typing import Any, Final

from klastersim.errors import InputError
from klastersim.lab.signals import held_back

#: Where work is done that may be gone on with, and in it: what is to take its place, and the lock.
UNFINISHED: Final = "unfinished"
NEW: Final = "new"
LOCK: Final = "lock"

#: What the system says when there is no room: on the disk, in the user's share of it, in a file.
FULL: Final = tuple(getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name))


def _short(path: Path) -> str:
    """Return a path as an error shows it."""
    text = str(path)
    return text if len(text) <= 1_000 else f"{text[:100]}... ({len(text):,} characters)"


def refuse_nothing_to_resume(path: Path) -> None:
    """Refuse a folder that holds no sweep, finished or not.

    Raises
    ------
    InputError
        If there is nothing to go on from.
    """
    if not (path / UNFINISHED).is_dir() and not (path / "provenance.json").exists():
        problem, remedy = "holds no sweep to go on with", "Leave out --resume to begin one."
        raise InputError(_short(path), problem=problem, remedy=remedy)


class Folder:
    """Results on their way into a folder.

    Files are written under temporary names inside the folder and take their places together in `finish`. Whatever goes
    wrong before, an error or an interruption, leaves the folder as it was found; if it was not there, it is not left.

    Parameters
    ----------
    path : path-like
        The folder; made if need be, with those above it.
    lasting : bool
        Whether work may be broken off and gone on with: it is then done in the subfolder ``unfinished``, which one
        process at a time may use, and which is left where `kept` says so.

    Attributes
    ----------
    kept : str
        What to tell of the work that is left there if it is broken off now; empty if there is nothing to keep.

    Raises
    ------
    InputError
        If the folder cannot be made or written to, or another process is writing to it.
    """

    def __init__(self, path: str | os.PathLike[str], lasting: bool = False) -> None:
        self.path = Path(path)
        self.kept = ""
        self._lasting = lasting
        self._lock: Any = None
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

    @property
    def workplace(self) -> Path:
        """Where work under way may leave what it is to find again; goes when it is finished."""
        if self._unfinished is None:
            raise RuntimeError("the folder is not open")
        return self._unfinished

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
        try:
            yield self.workplace / NEW / name
        except OSError as error:
            raise self._refusal(error, self.path / name) from error
        self._names.append(name)

    def written(self, name: str) -> Path:
        """Return where a file is that was written and waits to be put in its place."""
        return self.workplace / NEW / name

    def write(self, name: str, content: str) -> None:
        """Write a text file in UTF-8."""
        with self.writing(name) as path:
            path.write_text(content, encoding="utf-8", newline="\n")

    def finish(self) -> list[Path]:
        """Put all files in their places, in the order in which they were written; return their paths."""
        placed = []
        with held_back():
            for name in self._names:
                target = self.path / name
                try:
                    os.replace(self.workplace / NEW / name, target)
                except OSError as error:
                    raise self._refusal(error, target) from error
                placed.append(target)
            self._made.clear()
            self.kept = ""
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
        if self._lasting:
            self._lock_up(self.path / UNFINISHED)
        else:
            self._unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=self.path))
        shutil.rmtree(self.workplace / NEW, ignore_errors=True)
        (self.workplace / NEW).mkdir()

    def _lock_up(self, place: Path) -> None:
        """Take the place for this process alone, until it ends in whatever way."""
        from filelock import FileLock, Timeout

        place.mkdir(exist_ok=True)
        self._lock = FileLock(place / LOCK, timeout=0, is_singleton=False)
        try:
            self._lock.acquire()
        except Timeout:
            self._lock = None
            remedy = "Wait for it, or name another folder."
            raise InputError(_short(self.path), problem="is being written by another process", remedy=remedy) from None
        self._unfinished = place
        if any(path.name not in (LOCK, NEW) for path in place.iterdir()):
            self.kept = f"What is unfinished in {_short(self.path)} is kept."

    def _clear(self) -> None:
        if self._unfinished is not None:
            shutil.rmtree(self._unfinished / NEW if self.kept else self._unfinished, ignore_errors=True)
        if self._lock is not None:
            self._lock.release()
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
