"""The tables that a scenario names, read once and kept at hand."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from klastersim.errors import InputError, said
from klastersim.scenario.tables import FIRMS_KEY, THRESHOLDS_KEY, TIES_KEY
from klastersim.scenario.tables.firms import OwnFirms, read_firms
from klastersim.scenario.tables.sheet import MOST_BYTES
from klastersim.scenario.tables.thresholds import OwnThresholds, read_thresholds
from klastersim.scenario.tables.ties import OwnTies, Sites, read_ties


class Own(NamedTuple):
    """The tables of a scenario, None where it names none."""

    firms: OwnFirms | None = None
    ties: OwnTies | None = None
    thresholds: OwnThresholds | None = None


class _Source(NamedTuple):
    """A table not yet read: the content given, or else what tells one state of a file from another."""

    name: str
    content: bytes | None
    stamp: tuple[int, int]


def own_of(values: Mapping[str, Any], contents: Mapping[str, bytes] | None = None) -> Own:
    """Read the tables that the values of a scenario name.

    Parameters
    ----------
    values : mapping of str to value
        All values by dotted key.
    contents : mapping of str to bytes, optional
        Files in memory by the names that the values have; without them the names are paths.

    Returns
    -------
    Own
        The tables; of a file that has not changed since, those read before.

    Raises
    ------
    InputError
        If anything in a table is wrong.
    """
    firms, ties, thresholds = (_source(key, values[key], contents) for key in (FIRMS_KEY, TIES_KEY, THRESHOLDS_KEY))
    own = _firms(firms) if firms else None
    if own is not None and not ties and not thresholds:
        return Own(own)
    count = int(values["cluster.firms"]) if own is None else len(own)
    return Own(
        own,
        _ties(ties, firms, count) if ties else None,
        _thresholds(thresholds, firms, count) if thresholds else None,
    )


def _source(key: str, name: str, contents: Mapping[str, bytes] | None) -> _Source | None:
    if not name:
        return None
    if contents is not None:
        return _Source(name, contents[name], (0, 0))
    try:
        found = os.stat(name)
    except OSError as error:
        raise InputError(name, key, problem=said("cannot be read ({reason})", reason=error.strerror or error)) from None
    return _Source(name, None, (found.st_mtime_ns, found.st_size))


def _content(key: str, source: _Source) -> bytes:
    if source.content is not None:
        return source.content
    try:
        with open(source.name, "rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(
            source.name, key, problem=said("cannot be read ({reason})", reason=error.strerror or error)
        ) from None


def _firms(source: _Source) -> OwnFirms:
    return (_firms_kept if source.content is None else _firms_kept.__wrapped__)(source)


def _ties(source: _Source, firms: _Source | None, count: int) -> OwnTies:
    return (_ties_kept if source.content is None else _ties_kept.__wrapped__)(source, firms, count)


def _thresholds(source: _Source, firms: _Source | None, count: int) -> OwnThresholds:
    return (_thresholds_kept if source.content is None else _thresholds_kept.__wrapped__)(source, firms, count)


# What was in memory is not kept here: it belongs to whoever gave it.


@lru_cache(maxsize=4)
def _firms_kept(source: _Source) -> OwnFirms:
    return read_firms(source.name, _content(FIRMS_KEY, source))


@lru_cache(maxsize=4)
def _ties_kept(source: _Source, firms: _Source | None, count: int) -> OwnTies:
    return read_ties(source.name, _content(TIES_KEY, source), _sites(firms, count))


@lru_cache(maxsize=4)
def _thresholds_kept(source: _Source, firms: _Source | None, count: int) -> OwnThresholds:
    return read_thresholds(source.name, _content(THRESHOLDS_KEY, source), _sites(firms, count), count)


def _sites(firms: _Source | None, count: int) -> Sites:
    return Sites(count) if firms is None else Sites(count, _firms(firms).sites, firms.name)
