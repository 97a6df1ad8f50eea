"""How a command meets the world outside: its streams, its errors, the signals that end it."""

from __future__ import annotations

import functools
import io
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

import typer

if TYPE_CHECKING:
    from klastersim.lab.folder import Folder

FAILED, BAD_INPUT = 1, 2

#: Seconds between looks at whether the user has interrupted a run.
LOOK = 0.1

#: Name of the thread in which a run is computed.
WORK = "klastersim run"

#: Seconds in which a program that is ending takes no further signal for impatience.
PATIENCE = 10.0

T = TypeVar("T")


class Ended(BaseException):
    """A signal asked the program to end.

    Attributes
    ----------
    number : int
        The signal.
    told : str
        What became of the results.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.told = "Nothing was written."


def open_streams() -> None:
    """Open what whoever started the program had closed, lest a file of ours be taken for it; let text always pass."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, which is this one
            setattr(sys, name, open(number, "r" if name == "stdin" else "w", encoding="utf-8", closefd=False))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def verbose() -> bool:
    """Return whether the user asked for tracebacks."""
    return logging.getLogger("klastersim").isEnabledFor(logging.DEBUG)


def say(message: str) -> None:
    """Write a line to standard error; a run does not fail because nobody can be told how it goes."""
    with suppress(OSError):
        print(message, file=sys.stderr, flush=True)


@contextmanager
def output() -> Iterator[None]:
    """Turn a refusal of standard output, as by a full disk, into an error that says so."""
    from klastersim.errors import InputError

    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _give_up_output()
        problem = f"cannot be written ({error.strerror or error})"
        raise InputError("standard output", problem=problem, remedy="Send it to another place.") from error


def write(text: str) -> None:
    """Write to standard output."""
    with output():
        sys.stdout.write(text)


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Turn what can go wrong in a command into a message on standard error and an exit code."""

    @functools.wraps(command)
    def guarded(*arguments: Any, **options: Any) -> None:
        from klastersim.errors import InputError, KlastersimError

        try:
            with _ending_in_order():
                command(*arguments, **options)
        except InputError as error:
            if verbose():
                logging.getLogger("klastersim").debug("bad input", exc_info=True)
            say(str(error))
            raise typer.Exit(BAD_INPUT) from None
        except KlastersimError as error:
            say(str(error))
            raise typer.Exit(FAILED) from None
        except MemoryError:
            say("There is not enough memory for this. Use fewer firms or months, or fewer workers.")
            raise typer.Exit(FAILED) from None
        except BrokenPipeError:
            # Whoever read the output has read enough, as in `| head`.
            _give_up_output()
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            say(f"{where}the system refused what klastersim asked for ({error.strerror or error}).")
            raise typer.Exit(BAD_INPUT) from None
        except Ended as end:
            word = "Interrupted" if end.number == signal.SIGINT else "Terminated"
            say(f"{word}. {end.told}")
            leave(128 + end.number)

    return guarded


def _give_up_output() -> None:
    """Let what is still to be written to standard output go nowhere, so that ending the program does not fail."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def leave(code: int) -> None:
    """End the program; at once where compiled code still runs in a thread, which would crash an orderly end."""
    if any(thread.name == WORK for thread in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    raise typer.Exit(code)


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let Ctrl-C and its like unwind the program, so that nothing half-written is left, and not disturb it in that."""
    from klastersim.lab.signals import ENDING

    begun: list[float] = []

    def end(number: int, frame: Any) -> None:
        if not begun:
            begun.append(time.monotonic())
            raise Ended(number)
        if time.monotonic() - begun[0] > PATIENCE:
            os._exit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # What is ignored stays so, as under nohup.
    before = {number: signal.getsignal(number) for number in ENDING if signal.getsignal(number) != signal.SIG_IGN}
    for number in before:
        signal.signal(number, end)
    try:
        yield
    finally:
        if not begun:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextmanager
def results_written() -> Iterator[None]:
    """Let a signal that comes when all is done say so."""
    try:
        yield
    except Ended as end:
        end.told = "The results were written."
        raise


@contextmanager
def unfinished_kept(folder: Folder) -> Iterator[None]:
    """Let whatever breaks off work in a folder say what is kept of it."""
    try:
        yield
    except Ended as end:
        end.told = folder.kept or end.told
        raise
    except Exception:
        if folder.kept:
            say(folder.kept)
        raise


def interruptible(work: Callable[[], T]) -> T:
    """Return what `work` returns, but let Ctrl-C through while compiled code runs.

    Python handles a signal between two of its own instructions, and compiled code may run for minutes before the next.
    """
    done: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, name=WORK, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(LOOK)
    if errors:
        raise errors[0]
    return done[0]
