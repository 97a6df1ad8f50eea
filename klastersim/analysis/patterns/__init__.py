"""Patterns that the model is judged by: small looks at ensembles of runs, each with a claim, an interval and a verdict.

>>> from klastersim.analysis.patterns import patterns
>>> [each.number for each in patterns(16)]
[16, 16]
"""

from klastersim.analysis.patterns.catalogue import PATTERNS, Counter, Pattern, patterns
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding

__all__ = ["ALPHA", "PATTERNS", "Changes", "Counter", "Finding", "Pattern", "patterns"]
