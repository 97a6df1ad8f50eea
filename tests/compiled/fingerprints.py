"""Prints a hash of every function's results over many inputs; run by test_same_bits in processes of several kinds."""

from __future__ import annotations

import hashlib
import json
import sys

import numpy as np

from klastersim import compiled
from klastersim.compiled import kernel, purposes

# Size of the sample; interpreted, the quantile of the beta distribution takes about a millisecond.
MANY, FEW = 20_000, 500


def inputs():
    """Return the arguments of each function, made by integer arithmetic so that they are the same everywhere."""
    state = np.arange(1, MANY + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    unit = ((state >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
    other = np.roll(unit, 7)
    wide = (unit - 0.5) * 1500.0
    index = np.arange(MANY)
    return {
        "exp": (wide,),
        "log": (unit * 10.0,),
        "power": (unit * 10.0, (other - 0.5) * 20.0),
        "logistic": (wide / 20.0,),
        "normal_quantile": (unit,),
        "normal_chance": (wide / 20.0,),
        "log_gamma": (unit * 30.0,),
        "beta_quantile": (unit[:FEW], other[:FEW], np.roll(unit, 11)[:FEW] * 100.0),
        "poisson_quantile": (unit[:FEW], other[:FEW] * 40.0),
        "one": (*(0 * index + each for each in (2**62 + 5, 7, purposes.DELIVERY, 3)), index, index + 1),
        "derive_seed": (0 * index + 2**61, index),
    }


def looped(name, arity):
    """Return a kernel that calls the function of this name for each row of `arity` arrays."""
    function = getattr(compiled, name)
    if arity == 1:

        @kernel
        def loop(x, found):
            for i in range(x.size):
                found[i] = function(x[i])

    elif arity == 2:

        @kernel
        def loop(x, y, found):
            for i in range(x.size):
                found[i] = function(x[i], y[i])

    elif arity == 3:

        @kernel
        def loop(x, y, z, found):
            for i in range(x.size):
                found[i] = function(x[i], y[i], z[i])

    else:

        @kernel
        def loop(a, b, c, d, e, f, found):
            for i in range(a.size):
                found[i] = function(a[i], b[i], c[i], d[i], e[i], f[i])

    return loop


def fingerprint(found):
    """Return a hash of the bits of `found`."""
    return hashlib.sha256(np.ascontiguousarray(found).tobytes()).hexdigest()[:16]


def called():
    """Return the hashes of results of calls from Python."""
    hashes = {}
    for name, arguments in inputs().items():
        function = getattr(compiled, name)
        results = [function(*row) for row in zip(*(each.tolist() for each in arguments), strict=True)]
        hashes[name] = fingerprint(np.array(results))
    return hashes


def inlined():
    """Return the hashes of results of calls in a loop of a kernel."""
    hashes = {}
    for name, arguments in inputs().items():
        found = np.empty(len(arguments[0]), np.int64 if name in {"poisson_quantile", "derive_seed"} else np.float64)
        looped(name, len(arguments))(*arguments, found)
        hashes[name] = fingerprint(found)
    return hashes


if __name__ == "__main__":
    json.dump({"called": called, "inlined": inlined}[sys.argv[1]](), sys.stdout)
