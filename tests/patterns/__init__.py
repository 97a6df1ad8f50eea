"""Patterns that the model is judged by, on the committed defaults.

Each test asserts what a look of ``klastersim.analysis.patterns`` found with its committed replications and seed: the
claim on the bound of an interval whose false-alarm rate is at most 0.001, or the absence. Beside it stands what becomes
of the claim without its mechanism.
"""
