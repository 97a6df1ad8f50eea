"""Memory that visitors who left no longer need goes back to the machine."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress
from threading import Lock, Timer
from typing import Final

from solara.server.kernel_context import without_context

#: Seconds after a visitor left: by then the threads that still worked for the visitor have ended.
AFTER: Final = 3.0

_lock = Lock()
_due: Timer | None = None


def give_back_soon() -> None:
    """Let go of what is not used, a little after the last visitor who leaves."""
    global _due
    # A thread that begins in a visitor's turn would itself hold on to the visitor.
    with _lock, without_context():
        if _due is not None:
            _due.cancel()
        _due = Timer(AFTER, give_back)
        _due.daemon = True
        _due.start()


def give_back() -> None:
    """Let go of what is not used; the C library of Linux otherwise keeps what many threads have freed."""
    gc.collect()
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
