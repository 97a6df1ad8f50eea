"""The science: one file per mechanism, scalar functions with their equation and source.

Rules know no arrays, no agents and no months; they import only :mod:`klastersim.compiled`. Their numbers (R1, R2, ...)
are those of the mechanisms in ``docs/model.md``.
"""
