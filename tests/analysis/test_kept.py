"""Draws that are broken off and gone on with."""

from __future__ import annotations

from pathlib import Path

import pytest

from klastersim.analysis.patterns import draws, patterns
from klastersim.analysis.patterns.finding import Finding
from klastersim.analysis.patterns.kept import TABLE
from klastersim.errors import InputError
from klastersim.lab.folder import UNFINISHED, Folder

#: What remains where cooperation brings nothing: looked at by arithmetic alone.
FEW = patterns(16)[:1]


class Broken(Exception):
    """Stands for whatever ends a long look."""


def found_of(number: int) -> Finding:
    """Return a finding that tells which look it was."""
    held = (True, False, None)[number % 3]
    return Finding(
        pattern=16, part="", claim="", quantity="", estimate=None, low=None, high=None, alpha=0.05, held=held
    )


class Looks:
    """Looks at draws that count themselves, and break off at one."""

    def __init__(self, last: int = 10**9) -> None:
        self.last = last
        self.numbers: list[int] = []

    def __call__(self, pattern: object, changes: object) -> Finding:
        number = draws.drawn(6).index(changes)
        if number >= self.last:
            raise Broken
        self.numbers.append(number)
        return found_of(number)


def look(path: Path, looks: Looks, monkeypatch: pytest.MonkeyPatch, count: int = 6) -> dict:
    monkeypatch.setattr(draws, "glance", looks)
    with Folder(path, lasting=True) as folder:
        told = draws.shares(FEW, count, folder=folder)
        folder.finish()
    return told


def test_what_was_found_before_a_break_is_not_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    whole = look(tmp_path / "whole", Looks(), monkeypatch)
    with pytest.raises(Broken):
        look(tmp_path / "broken", Looks(last=4), monkeypatch)
    rest = Looks()
    assert look(tmp_path / "broken", rest, monkeypatch) == whole == {0: {"held": 2, "not held": 2, "undecided": 2}}
    assert rest.numbers == [4, 5]
    tables = [(tmp_path / name / TABLE).read_bytes() for name in ("whole", "broken")]
    assert tables[0] == tables[1]
    assert tables[0].decode().splitlines()[:2] == ["draw,16 fixed point", "1,held"]


def test_a_line_that_a_kill_cut_short_is_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(Broken):
        look(tmp_path, Looks(last=3), monkeypatch)
    verdicts = tmp_path / UNFINISHED / "verdicts.jsonl"
    verdicts.write_bytes(verdicts.read_bytes()[:-5])
    rest = Looks()
    look(tmp_path, rest, monkeypatch)
    assert rest.numbers == [2, 3, 4, 5]


def test_a_folder_with_other_draws_is_refused_and_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(Broken):
        look(tmp_path, Looks(last=2), monkeypatch)
    before = (tmp_path / UNFINISHED / "verdicts.jsonl").read_bytes()
    with pytest.raises(InputError, match="draws differ"):
        look(tmp_path, Looks(), monkeypatch, count=5)
    assert (tmp_path / UNFINISHED / "verdicts.jsonl").read_bytes() == before
