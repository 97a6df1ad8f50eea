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
    """Done, total, rate and remaining time.

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
                console=Console(file=self._stream),
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task("", total=self._total, rate="")
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def update(self, done: int) -> None:
        """Tell how many are done; 0 as the first begin, from when the rate is counted."""
        now = time.monotonic()
        if done == 0:
            self._begun = self._said = now
            return
        rate = done / max(now - self._begun, 1e-9)
        if self._bar is not None:
            self._bar.update(self._task, completed=done, rate=self._rate(rate))
        elif now - self._said >= PAUSE or done == self._total:
            self._said = now
            left = (self._total - done) / rate if rate else 0.0
            line = f"{done:,} of {self._total:,} {self._what}, {self._rate(rate)}, about {left:,.0f} s left"
            with suppress(OSError):  # a sweep does not fail because nobody can be told how far it is
                print(line, file=self._stream, flush=True)

    def _rate(self, rate: float) -> str:
        return f"{rate:,.0f} {self._what}/s" if rate >= SLOW else f"{rate:.2g} {self._what}/s"
