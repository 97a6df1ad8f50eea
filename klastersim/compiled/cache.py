"""Where compiled code is kept: a folder named after everything the code depends on.

numba's own cache looks only at the file of the function it compiles, so it would run an old version of a rule that a
kernel calls from another file. Here every change to a source, to numba, llvmlite, NumPy or Python gives a new folder.
"""

from __future__ import annotations

import atexit
import functools
import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numba

PACKAGE: Final = Path(__file__).resolve().parents[1]
FOLDERS: Final = ("compiled", "rules", "engine", "world", "indicators", "scenario")

# A key's folder takes some megabytes. Eight cover a few branches under a few versions of Python; a day spares a folder
# that a long sweep or a test run beside this one still fills. Only folders of this very form are ever deleted, so that
# KLASTERSIM_CACHE may name a folder that holds other things.
KEYS_KEPT: Final = 8
SECONDS_KEPT: Final = 86_400.0
KEY_FOLDER: Final = re.compile(r"compiled-[0-9a-f]{16}")


@functools.cache
def cache_folder() -> Path | None:
    """Return the folder for code compiled from the present sources, made if need be; None where nothing is writable."""
    home = _usable(_user_folder()) or _private_temporary_folder()
    if home is None:
        return None
    folder = home / f"compiled-{source_key()}"
    if not folder.is_dir():
        prune(home, KEYS_KEPT - 1)
    return _usable(folder)


def compiled_already() -> bool:
    """Return whether code compiled from the present sources is kept; if not, the first run has to compile."""
    folder = cache_folder()
    return folder is not None and any(folder.glob("*/*.nbi"))


@functools.cache
def source_key() -> str:
    """Return 16 hexadecimal digits that change with any source of `FOLDERS` and whatever else shapes compiled code."""
    digest = hashlib.blake2b(digest_size=8)
    # numba keeps code by the place of its source: another copy of the package has to compile its own.
    digest.update(os.fsencode(PACKAGE))
    for part in ("numba", "llvmlite", "numpy"):
        digest.update(f"{part} {version(part)}\n".encode())
    # Environment variables that change numba's code but that its own index does not know.
    config: Any = numba.config
    digest.update(repr((sys.version, config.OPT, config.BOUNDSCHECK, config.DEBUGINFO_DEFAULT)).encode())
    for folder in FOLDERS:
        for path in sorted((PACKAGE / folder).rglob("*.py")):
            source = path.read_bytes()
            digest.update(f"\n{path.relative_to(PACKAGE).as_posix()} {len(source)}\n".encode())
            digest.update(source)
    return digest.hexdigest()


def prune(home: Path, kept: int) -> None:
    """Delete all key folders in `home` but the `kept` most recently used, and those used in the last day."""
    used = []
    with suppress(OSError):
        for folder in home.iterdir():
            if KEY_FOLDER.fullmatch(folder.name):
                with suppress(OSError):  # another process may have deleted it
                    used.append((folder.stat().st_mtime, folder))
    used.sort(reverse=True)
    for last, folder in used[kept:]:
        if time.time() - last > SECONDS_KEPT:
            shutil.rmtree(folder, ignore_errors=True)


def _user_folder() -> Path:
    """Return the folder that KLASTERSIM_CACHE names, or klastersim's in the user's cache folder of this system."""
    if named := os.environ.get("KLASTERSIM_CACHE"):
        return Path(named).expanduser().absolute()
    try:
        if sys.platform == "win32":
            return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "klastersim" / "Cache"
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "klastersim"
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "klastersim"
    except RuntimeError:  # a user without a home folder; the empty device can hold no folder either
        return Path(os.devnull)


def _usable(folder: Path) -> Path | None:
    """Return `folder`, made if need be and marked as used now; None where it is not writable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
        os.utime(folder)
    except OSError:
        return None
    return folder


def _private_temporary_folder() -> Path | None:
    """Return a temporary folder that only this user can write to: whoever writes there decides what code is run."""
    try:
        folder = Path(tempfile.gettempdir()) / f"klastersim-{os.getuid() if hasattr(os, 'getuid') else 'cache'}"
        with suppress(OSError):
            folder.mkdir(mode=0o700, exist_ok=True)
            status = folder.lstat()
            owned = not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o022)
            if stat.S_ISDIR(status.st_mode) and owned and _usable(folder):
                return folder
        folder = Path(tempfile.mkdtemp(prefix="klastersim-"))
    except OSError:
        return None
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
