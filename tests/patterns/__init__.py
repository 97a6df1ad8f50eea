"""Patterns that the model is judged by, on the committed defaults.

Each test is seeded, asserts its claim on the bound of an interval whose false-alarm rate is at most 0.001, and stands
beside one that shows what becomes of the claim without its mechanism. Where a pattern is not found the test asserts the
absence, and ``docs/model.md`` says why.
"""
