"""Experiments over many runs: designs, the runner, tables, and the record from which they can be run again."""
