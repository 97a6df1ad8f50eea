"""`@rule` for scalar functions and `@kernel` for functions over arrays: numba with the settings that keep bits equal.

Both compile without fast mathematics and divide as NumPy does (1/0 is infinite, no exception). With NUMBA_DISABLE_JIT=1
they leave plain Python functions that give the same bits, so that coverage can be taken.
"""

from __future__ import annotations

import functools
import os
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
from numba.core import sigutils, types
from numba.core.compiler_lock import global_compiler_lock
from numba.np.numpy_support import as_dtype

from klastersim.compiled.cache import FOLDERS, PACKAGE, cache_folder, compiled_already
from klastersim.compiled.linking import Linked, Whole

__all__ = ["compiled_already", "inner", "kernel", "rule"]

F = TypeVar("F", bound=Callable[..., Any])

# numba's own annotations do not know its settings.
SETTINGS: Any = numba.config


def rule(signature: str) -> Callable[[F], F]:
    """Compile a scalar function for one signature, on its first call.

    Parameters
    ----------
    signature : str
        numba's signature with short names, such as ``"f8(f8, i8)"`` or ``"UniTuple(f8, 2)(f8)"``.

    Returns
    -------
    callable
        A decorator. The function it leaves is called alike from Python, from rules and from kernels. Arguments are
        cast to the signature, so an integer never compiles a second version whose bits may differ.

    Notes
    -----
    A rule must not call itself.
    """

    def decorate(function: F) -> F:
        if SETTINGS.DISABLE_JIT:
            return _interpreted_rule(function, signature)
        return _cached(_Rule(function, signature))

    return decorate


def kernel(function: F) -> F:
    """Compile a function over arrays for the types it is called with, and let other threads run meanwhile.

    Parameters
    ----------
    function : callable
        A function of arrays, records and numbers.

    Returns
    -------
    callable
        The compiled function.
    """
    if SETTINGS.DISABLE_JIT:
        return _quiet(function)
    return _cached(Whole(function, Linked(function)))


def inner(function: F) -> F:
    """Compile a kernel that only kernels call; calling it from Python is a TypeError.

    Parameters
    ----------
    function : callable
        A function of arrays, records and numbers.

    Returns
    -------
    callable
        The compiled function.
    """
    if SETTINGS.DISABLE_JIT:
        return _quiet(function)
    _check_place(function)
    return Linked(function)


class _OneSignature:
    """What lets a dispatcher know only the declared signature, and compile it when first asked for any.

    An explicit signature given to ``numba.njit`` does the same but at import, where 60 rules took 0.7 s
    even from the cache (0.05 s like this), and most are not called in a given process once their kernels are cached.
    """

    def declare(self: Any, signature: str) -> None:
        """Take a signature."""
        self._arguments, result = sigutils.normalize_signature(signature)
        self._signature = result(*self._arguments)

    def compile(self: Any, sig: Any) -> Any:
        """Compile the declared signature if not done, whatever `sig` asks for; the arguments are cast."""
        asked, _ = sigutils.normalize_signature(sig)
        if len(asked) != len(self._arguments) or any(map(self._refuses, asked, self._arguments)):
            raise TypeError(f"{self.__name__}: no cast from {asked} to the signature {self._signature}")
        with global_compiler_lock:
            if self._can_compile:
                super().compile(self._signature)  # type: ignore[misc]
                self.disable_compile()
        return self.overloads[self._arguments].entry_point

    def _refuses(self: Any, given: types.Type, declared: types.Type) -> bool:
        return self.typingctx.can_convert(given, declared) is None


class _LinkedRule(_OneSignature, Linked):
    """A rule as compiled functions call it."""

    def __init__(self, function: Callable[..., Any], signature: str) -> None:
        super().__init__(function)
        self.declare(signature)


class _Rule(_OneSignature, Whole):
    """A rule as Python calls it."""

    def __init__(self, function: Callable[..., Any], signature: str) -> None:
        super().__init__(function, _LinkedRule(function, signature))
        self.declare(signature)


def _cached(dispatcher: Any) -> Any:
    """Let `dispatcher` keep its code in the folder of the present sources."""
    _check_place(dispatcher.py_func)
    folder = cache_folder()
    if folder is None:
        return dispatcher
    before = SETTINGS.CACHE_DIR
    SETTINGS.CACHE_DIR = str(folder)
    try:
        dispatcher.enable_caching()
    except RuntimeError:  # defined at a prompt: no file to keep code for
        return dispatcher
    finally:
        SETTINGS.CACHE_DIR = before
    _name_files_by_process(dispatcher._cache._cache_file)
    return dispatcher


def _name_files_by_process(files: Any) -> None:
    """Give data files names that no other process gives.

    numba counts 1, 2, ...: two processes that compile one kernel for two types at once would both write file 1, and
    the index would then lead one type to the code of the other.
    """
    token = uuid.uuid4().hex[:12]
    stem = Path(files._data_name(0)).name.removesuffix(".0.nbc")
    files._data_name = lambda number: f"{stem}.{token}-{os.getpid()}-{number}.nbc"


def _check_place(function: Callable[..., Any]) -> None:
    """Refuse compiled code in a folder whose sources do not count for the key of the cache."""
    path = Path(function.__code__.co_filename).absolute()
    if PACKAGE in path.parents and path.relative_to(PACKAGE).parts[0] not in FOLDERS:
        raise RuntimeError(
            f"{path}: {function.__name__} is compiled here, but only {', '.join(FOLDERS)} are watched for changes. "
            "Move it to one of these, or its folder's name into klastersim.compiled.cache.FOLDERS."
        )


def _quiet(function: F) -> F:
    """Let `function`, interpreted, divide by zero and overflow without a word, as compiled code does."""

    @functools.wraps(function)
    def quiet(*arguments: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*arguments)

    return quiet  # type: ignore[return-value]


def _interpreted_rule(function: F, signature: str) -> F:
    """Return `function` with arguments and result cast to NumPy scalars, whose arithmetic is that of compiled code."""
    parameters, result = sigutils.normalize_signature(signature)
    casts = [_cast(each) for each in parameters]
    cast_result = _cast(result)

    @functools.wraps(function)
    def interpreted(*arguments: Any) -> Any:
        if len(arguments) != len(casts):
            raise TypeError(f"{function.__name__} takes {len(casts)} arguments, {len(arguments)} given")
        with np.errstate(all="ignore"):
            return cast_result(function(*(cast(each) for cast, each in zip(casts, arguments, strict=True))))

    return interpreted  # type: ignore[return-value]


def _cast(type_: Any) -> Callable[[Any], Any]:
    """Return what turns a number, or a tuple of them, into `type_`."""
    if isinstance(type_, (types.Tuple, types.UniTuple)):
        casts = [_cast(each) for each in type_]
        return lambda values: tuple(cast(each) for cast, each in zip(casts, values, strict=True))
    return bool if type_ == types.boolean else as_dtype(type_).type
