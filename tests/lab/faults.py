"""Workers in which chosen runs go wrong: for tests of what a sweep does then."""

import os
from pathlib import Path

import pytest

#: Takes the place of a module of the standard library that every process imports as it starts.
TEXT = """
import os, sys
from importlib.machinery import PathFinder

def broken(runs):
    {what}

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name != "klastersim.lab.batch":
            return None
        spec = PathFinder.find_spec(name, path)
        execute = spec.loader.exec_module
        def exec_module(batch):
            execute(batch)
            whole = batch._run_together
            def together(plan, runs, stage):
                if set(runs) & {runs!r}:
                    broken(runs)
                return whole(plan, runs, stage)
            batch._run_together = together
        spec.loader.exec_module = exec_module
        return spec

sys.meta_path.insert(0, Finder())
"""


def break_runs(folder: Path, monkeypatch: pytest.MonkeyPatch, runs: set[int], what: str) -> None:
    """Have something done in every worker to be started before it does any of some runs.

    Parameters
    ----------
    folder : Path
        For a file of code.
    monkeypatch : MonkeyPatch
        Undoes it.
    runs : set of int
        The runs.
    what : str
        Python code, such as ``os._exit(9)`` or ``raise ValueError("broken")``.
    """
    code = TEXT.replace("{what}", what).replace("{runs!r}", repr(runs))
    (folder / "sitecustomize.py").write_text(code, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
