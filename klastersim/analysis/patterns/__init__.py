"""Patterns that the model is judged by: small looks at ensembles of runs, each with a claim, an interval and a verdict.

>>> from klastersim.analysis.patterns import patterns
>>> [each.part for each in patterns(2)]
['rise', 'steepness']
"""

from klastersim.analysis.patterns.catalogue import PATTERNS, Counter, Pattern, Place, patterns
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding

__all__ = ["ALPHA", "PATTERNS", "Changes", "Counter", "Finding", "Pattern", "Place", "patterns"]
