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
