"""Compiled code is kept for exactly the sources it was made from."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from klastersim.compiled import cache

PACKAGE = Path(cache.__file__).parents[1]
DAY = 86_400.0

RULE = """
from klastersim.compiled import rule


@rule("f8(f8)")
def answer(x):
    return x + 1.0
"""
KERNEL = """
from klastersim.compiled import kernel
from klastersim.rules.probe import answer


@kernel
def answers(numbers):
    for i in range(numbers.size):
        numbers[i] = answer(numbers[i])
"""
RUN = """
import sys
import numpy as np
from klastersim.compiled import compiled_already
from klastersim.engine.probe import answers
before = compiled_already()
numbers = np.ones(3, sys.argv[1])
answers(numbers)
print(before, numbers[0], sum(answers.stats.cache_hits.values()), compiled_already())
"""


@pytest.fixture
def tree(tmp_path):
    """A copy of the lowest floor with a rule and, in another folder, the kernel that calls it."""
    package = tmp_path / "tree" / "klastersim"
    shutil.copytree(PACKAGE / "compiled", package / "compiled", ignore=shutil.ignore_patterns("__pycache__"))
    for folder, source in (("rules", RULE), ("engine", KERNEL)):
        (package / folder).mkdir()
        (package / folder / "__init__.py").touch()
        (package / folder / "probe.py").write_text(source, encoding="utf-8")
    (package / "__init__.py").touch()
    return package


def start(tree, home, kind="float64"):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("NUMBA_")}
    environment.update(PYTHONPATH=str(tree.parent), KLASTERSIM_CACHE=str(home), PYTHONDONTWRITEBYTECODE="1")
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", RUN, kind],
        env=environment,
        cwd=tree.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process):
    output, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    assert errors == ""
    return output.split()


def test_an_edited_rule_is_seen_by_a_kernel_in_another_file_though_the_cache_is_warm(tree, tmp_path):
    home = tmp_path / "home"
    assert finish(start(tree, home)) == ["False", "2.0", "0", "True"]
    assert finish(start(tree, home)) == ["True", "2.0", "1", "True"]
    (tree / "rules" / "probe.py").write_text(RULE.replace("1.0", "5.0"), encoding="utf-8")
    assert finish(start(tree, home)) == ["False", "6.0", "0", "True"]
    (tree / "rules" / "probe.py").write_text(RULE, encoding="utf-8")
    assert finish(start(tree, home))[1] == "2.0"
    assert len(list(home.glob("compiled-*"))) == 2


def test_processes_may_compile_for_the_first_time_together(tree, tmp_path):
    home = tmp_path / "home"
    kinds = ["float64", "float32", "int64"]
    expected = ["2.0", "2.0", "2"]
    together = [start(tree, home, kind) for kind in kinds]
    assert [finish(process)[1] for process in together] == expected
    # And what they left behind leads each type to its own code.
    assert [finish(start(tree, home, kind))[1] for kind in kinds] == expected


def test_without_a_writable_folder_code_is_kept_in_a_private_temporary_one(tree, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    assert finish(start(tree, tmp_path / "file"))[1] == "2.0"
    assert finish(start(tree, tmp_path / "file"))[:3] == ["True", "2.0", "1"]


def test_a_kernel_where_changes_are_not_watched_is_refused(tree, tmp_path):
    (tree / "lab").mkdir()
    (tree / "engine" / "probe.py").rename(tree / "lab" / "probe.py")
    (tree / "engine" / "probe.py").write_text("from klastersim.lab.probe import answers\n", encoding="utf-8")
    process = start(tree, tmp_path / "home")
    said = process.communicate(timeout=300)[1]
    assert "only compiled, rules, engine, world, indicators, scenario are watched" in said


def key_folder(home, number, days):
    folder = home / f"compiled-{number:016x}"
    folder.mkdir()
    used = folder.stat().st_mtime - days * DAY
    os.utime(folder, (used, used))
    return folder


def test_pruning_keeps_the_last_used_and_those_of_the_last_day(tmp_path):
    old = [key_folder(tmp_path, number, 2.0 + number) for number in range(5)]
    recent = [key_folder(tmp_path, 100 + number, 0.1) for number in range(3)]
    cache.prune(tmp_path, 4)
    assert sorted(tmp_path.iterdir()) == sorted([old[0], *recent])
    cache.prune(tmp_path, 1)
    assert sorted(tmp_path.iterdir()) == sorted(recent)


def test_pruning_deletes_nothing_but_key_folders(tmp_path):
    for name in ("compiled-notes", "data", "compiled-0123456789abcdef0"):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (0, 0))
    cache.prune(tmp_path, 0)
    assert len(list(tmp_path.iterdir())) == 3


def test_a_folder_that_others_can_write_to_is_not_trusted(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    first = cache._private_temporary_folder()
    assert first == cache._private_temporary_folder()
    first.chmod(0o777)
    assert cache._private_temporary_folder() != first
