"""Digests of results: equal numbers give equal digests, whatever file or machine holds them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np


def canonical(values: np.ndarray) -> np.ndarray:
    """Return values in little-endian order, with one zero and one NaN.

    Parameters
    ----------
    values : ndarray
        Integers, floats, booleans; text is taken as UTF-8 bytes.

    Returns
    -------
    ndarray
        Contiguous copy.
    """
    values = np.asarray(values)
    if values.dtype.kind == "f":
        values = values.astype("<f8")
        values = np.where(np.isnan(values), np.nan, values + 0.0)
    elif values.dtype.kind in "iub":
        values = values.astype("<i8")
    else:
        values = np.array([str(value).encode() for value in values.ravel()]).reshape(values.shape)
    return np.ascontiguousarray(values)


def digest_of(arrays: Mapping[str, np.ndarray]) -> str:
    """Return a SHA-256 digest over named arrays, in the order of their names.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        What to digest; name, type and shape count as well as the values.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    sha = hashlib.sha256()
    for name in sorted(arrays):
        values = canonical(arrays[name])
        sha.update(f"{name}|{values.dtype.str}|{values.shape}|".encode())
        sha.update(values.tobytes())
    return sha.hexdigest()


class TableDigest:
    """SHA-256 digest of a table that is never in memory as a whole.

    Each column is digested by itself as rows come in, so the digest depends on the rows alone, not on the parts in
    which they came.

    Examples
    --------
    >>> whole, parts = TableDigest(), TableDigest()
    >>> whole.add({"a": np.array([1, 2])})
    >>> for value in (1, 2):
    ...     parts.add({"a": np.array([value])})
    >>> whole.hexdigest() == parts.hexdigest()
    True
    """

    def __init__(self) -> None:
        self._columns: dict[str, hashlib._Hash] = {}
        self._rows = 0

    def add(self, columns: Mapping[str, np.ndarray]) -> None:
        """Take up the next rows.

        Parameters
        ----------
        columns : mapping of str to ndarray, shape (rows,)
            The same names and kinds at each call.
        """
        for name, values in columns.items():
            if name not in self._columns:
                self._columns[name] = hashlib.sha256()
            self._columns[name].update(_bytes(values))
        self._rows += len(next(iter(columns.values())))

    def hexdigest(self) -> str:
        """Return 64 hexadecimal digits for the rows so far; names and their number count as well as the values."""
        sha = hashlib.sha256(f"{self._rows}|".encode())
        for name in sorted(self._columns):
            sha.update(f"{name}|{self._columns[name].hexdigest()}|".encode())
        return sha.hexdigest()


def _bytes(values: np.ndarray) -> bytes:
    """Return values so that their number and limits can be told from the bytes alone."""
    if values.dtype.kind not in "fiub":
        encoded = [str(value).encode() for value in values]
        return b"".join(len(each).to_bytes(8, "little") + each for each in encoded)
    return canonical(values).tobytes()
