"""How far a sweep has come: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import Any, Final, TextIO

#: Seconds between lines where there is no terminal.
PAUSE: Final = 10.0

#: A rate below this is told with two digits.
SLOW: Final = 10.0


class Progress:
    """Done, total, rate, remaining time, and the share that ended active.

    Parameters
    ----------
    total : int
        Runs in all.
    stream : TextIO
        Where to; standard error, as a rule.
    what : str
        What is counted.
    """

    def __init__(self, total: int, stream: TextIO, what: str = "runs") -> None:
        self._total = total
        self._what = what
        self._stream = stream
        self._begun = self._said = time.monotonic()
        self._before: int | None = None
        self._headline = ""
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Progress:
        # A terminal that cannot move its cursor gets lines, as a file does.
        if self._stream.isatty() and os.environ.get("TERM") not in ("dumb", "unknown"):
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                TextColumn(self._what),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                TextColumn("left"),
                TextColumn("{task.fields[headline]}"),
                console=Console(file=self._stream),
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task("", total=self._total, rate="", headline="")
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def headline(self, active: float) -> None:
        """Take the share of the runs so far that ended active, to be told with the next update."""
        self._headline = f"{active:.1%} active"

    def update(self, done: int) -> None:
        """Tell how many are done; first, as they begin, how many were done before, which count for no rate."""
        now = time.monotonic()
        if self._before is None:
            self._before = done
            self._begun = self._said = now
            if done:
                self._line(f"{done:,} of {self._total:,} {self._what} are there from before")
        rate = (done - self._before) / max(now - self._begun, 1e-9)
        if self._bar is not None:
            self._bar.update(self._task, completed=done, rate=self._rate(rate), headline=self._headline)
        elif now - self._said >= PAUSE or done == self._total > self._before:
            self._said = now
            left = (self._total - done) / rate if rate else 0.0
            told = f", {self._headline}" if self._headline else ""
            self._line(f"{done:,} of {self._total:,} {self._what}, {self._rate(rate)}, about {left:,.0f} s left{told}")

    def _line(self, text: str) -> None:
        with suppress(OSError):  # a sweep does not fail because nobody can be told how far it is
            print(text, file=self._stream, flush=True)

    def _rate(self, rate: float) -> str:
        return f"{rate:,.0f} {self._what}/s" if rate >= SLOW else f"{rate:.2g} {self._what}/s"
