"""The lowest floor: rules and kernels compiled by numba, arithmetic that gives the same bits everywhere, and chance."""

from klastersim.compiled.chance import derive_seed, one, philox, two
from klastersim.compiled.decorators import compiled_already, inner, kernel, rule
from klastersim.compiled.maths import (
    beta_quantile,
    exp,
    log,
    log_gamma,
    logistic,
    normal_quantile,
    poisson_quantile,
    power,
)
from klastersim.compiled.normal import normal_chance
from klastersim.compiled.purposes import Purpose

__all__ = [
    "Purpose",
    "beta_quantile",
    "compiled_already",
    "derive_seed",
    "exp",
    "inner",
    "kernel",
    "log",
    "log_gamma",
    "logistic",
    "normal_chance",
    "normal_quantile",
    "one",
    "philox",
    "poisson_quantile",
    "power",
    "rule",
    "two",
]
