"""The table of runs: written group by group as runs finish, in the order of the runs, and digested."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from klastersim.indicators.digest import digest_of
from klastersim.lab.design import Point
from klastersim.lab.plan import Done
from klastersim.lab.rows import FINAL, TYPES
from klastersim.scenario import Scenario, Value, parameter

#: Rows written at a time: equal whatever the batches were, so that equal runs give equal files.
GROUP: Final = 5_000

DONE, FAILED = "done", "failed"


def swept_values(base: Scenario, points: Sequence[Point], keys: Sequence[str]) -> dict[str, list[Value]]:
    """Return, for each swept parameter, its value at every point."""
    return {key: [point.changes.get(key, base[key]) for point in points] for key in keys}


class RunsTable:
    """The file of runs.

    Parameters
    ----------
    path : Path
        Where to.
    points : sequence of Point
        The points of the experiment.
    swept : mapping of str to list
        Values of the swept parameters at every point.
    record : mapping
        What determines the results; stands in the file's metadata.
    """

    def __init__(
        self, path: Path, points: Sequence[Point], swept: Mapping[str, list[Value]], record: Mapping[str, Any]
    ) -> None:
        self._points: dict[str, list[Any]] = {
            "map": [point.map for point in points],
            "arm": [point.arm for point in points],
        }
        self._points |= swept
        self._schema = _schema(swept).with_metadata({"klastersim": json.dumps(record, allow_nan=False)})
        self._waiting: list[Done] = []
        self._rows = 0
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")

    def __enter__(self) -> RunsTable:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: Any) -> None:
        try:
            if kind is None and self._rows:
                self._write(self._rows)
        finally:
            self._writer.close()

    def add(self, done: Done) -> None:
        """Take the next batch of runs."""
        self._waiting.append(done)
        self._rows += len(done.rows)
        while self._rows >= GROUP:
            self._write(GROUP)

    def _write(self, count: int) -> None:
        rows = np.concatenate([done.rows for done in self._waiting])
        failures = {run: why for done in self._waiting for run, why in done.failures.items()}
        self._writer.write_table(self._table(rows[:count], failures))
        rest = rows[count:]
        kept = {run: why for run, why in failures.items() if len(rest) and run >= rest["run"][0]}
        self._waiting = [Done(0, 0, rest, kept, {})] if len(rest) else []
        self._rows = len(rest)

    def _table(self, rows: np.ndarray, failures: Mapping[int, tuple[str, str]]) -> pa.Table:
        why = [failures.get(run) for run in rows["run"].tolist()]
        columns: dict[str, Any] = {
            name: [values[point] for point in rows["point"].tolist()] for name, values in self._points.items()
        }
        columns |= {name: rows[name] for name in ("run", "replication", "seed")}
        columns["status"] = [DONE if each is None else FAILED for each in why]
        columns["stage"] = ["" if each is None else each[0] for each in why]
        columns["message"] = ["" if each is None else each[1] for each in why]
        for name in ("active", "self_sustaining"):
            columns[name] = pa.array(rows[name] > 0, mask=rows[name] < 0)
        columns["type"] = [None if code < 0 else TYPES[code] for code in rows["type"].tolist()]
        # NaN stands for nothing measured, which is null in a table.
        columns |= {name: pa.array(rows[name], mask=np.isnan(rows[name])) for name in FINAL}
        return pa.table({name: columns[name] for name in self._schema.names}, schema=self._schema)


def _schema(swept: Mapping[str, list[Value]]) -> pa.Schema:
    types = {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), str: pa.string()}
    return pa.schema(
        [
            ("map", pa.string()),
            ("arm", pa.string()),
            *((key, types[type(parameter(key).default)]) for key in swept),
            ("run", pa.int64()),
            ("replication", pa.int64()),
            ("seed", pa.int64()),
            ("status", pa.string()),
            ("stage", pa.string()),
            ("message", pa.string()),
            ("active", pa.bool_()),
            ("self_sustaining", pa.bool_()),
            ("type", pa.string()),
            *((name, pa.float64()) for name in FINAL),
        ]
    )


def digest_table(path: Path) -> str:
    """Return the digest of a table of runs: of its values, whatever file holds them."""
    file = pq.ParquetFile(path)
    return digest_of({name: _plain(file.read(columns=[name]).column(0)) for name in file.schema_arrow.names})


def _plain(column: pa.ChunkedArray) -> np.ndarray:
    """Return a column as an array in which null is NaN, or no text."""
    if pa.types.is_string(column.type):
        return np.array(column.fill_null("").to_pylist(), dtype=object)
    if pa.types.is_integer(column.type):
        return np.asarray(column.to_numpy())
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=float)
