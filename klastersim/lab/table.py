"""The table of runs: its columns, and the file that holds them in the order of the runs with what determines them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from klastersim.indicators.digest import TableDigest
from klastersim.lab.design import Point
from klastersim.lab.plan import Done, Runs
from klastersim.lab.rows import FINAL, TYPES, row_type, yearly
from klastersim.scenario import Scenario, Value, parameter

#: Rows written at a time: equal whatever the batches were, so that equal runs give equal files.
GROUP: Final = 5_000

DONE, FAILED = "done", "failed"


def swept_values(base: Scenario, points: Sequence[Point], keys: Sequence[str]) -> dict[str, list[Value]]:
    """Return, for each swept parameter, its value at every point."""
    return {key: [point.changes.get(key, base[key]) for point in points] for key in keys}


class Columns:
    """What a row of the table holds, and how it is made from a run and read back.

    Parameters
    ----------
    points : sequence of Point
        The points of the experiment.
    swept : mapping of str to list
        Values of the swept parameters at every point.
    record : mapping
        What determines the results; stands in the metadata of the schema.
    years : int
        Years that a row tells of one by one.
    """

    def __init__(
        self, points: Sequence[Point], swept: Mapping[str, list[Value]], record: Mapping[str, Any], years: int = 0
    ) -> None:
        self._points: dict[str, list[Any]] = {
            "map": [point.map for point in points],
            "arm": [point.arm for point in points],
        }
        self._points |= swept
        self.count = len(points)
        self.type = row_type(years)
        self._numbers = (*FINAL, *yearly(years))
        self.plain_schema = _schema(swept, self._numbers)
        self.schema = self.plain_schema.with_metadata({"klastersim": json.dumps(record, allow_nan=False)})

    def table(self, rows: np.ndarray, failures: Mapping[int, tuple[str, str]]) -> pa.Table:
        """Return rows as a table of the schema without metadata."""
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
        columns |= {name: pa.array(rows[name], mask=np.isnan(rows[name])) for name in self._numbers}
        return pa.table({name: columns[name] for name in self.schema.names}, schema=self.plain_schema)

    def rows(self, table: pa.Table) -> tuple[np.ndarray, dict[int, tuple[str, str]]]:
        """Return the rows that made a table, and the stage and message of each run that failed."""
        rows = np.zeros(len(table), self.type)
        for name in ("run", "replication", "seed"):
            rows[name] = table[name].to_numpy()
        rows["point"] = rows["run"] % self.count
        for name in ("active", "self_sustaining"):
            rows[name] = table[name].cast(pa.int8()).fill_null(-1).to_numpy()
        rows["type"] = [-1 if name is None else TYPES.index(name) for name in table["type"].to_pylist()]
        for name in self._numbers:
            rows[name] = _plain(table[name])
        told = zip(*(table[name].to_pylist() for name in ("run", "status", "stage", "message")), strict=True)
        return rows, {run: (stage, message) for run, status, stage, message in told if status == FAILED}


class RunsTable:
    """The file of runs.

    Parameters
    ----------
    path : Path
        Where to.
    columns : Columns
        What it holds.
    """

    def __init__(self, path: Path, columns: Columns) -> None:
        self._columns = columns
        self._waiting: list[Done] = []
        self._rows = 0
        self._writer = pq.ParquetWriter(path, columns.schema, compression="zstd")

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
        self._writer.write_table(self._columns.table(rows[:count], failures))
        rest = rows[count:]
        kept = {run: why for run, why in failures.items() if len(rest) and run >= rest["run"][0]}
        self._waiting = [Done(range(0), rest, kept, {})] if len(rest) else []
        self._rows = len(rest)


def read_runs(path: Path, columns: Columns) -> Iterator[Done]:
    """Yield what a finished table holds, group by group."""
    file = pq.ParquetFile(path)
    for group in range(file.num_row_groups):
        rows, failures = columns.rows(file.read_row_group(group))
        yield Done(rows["run"].tolist(), rows, failures, {})


class FinishedTable:
    """A finished table, of which batches are taken in the order in which they were written.

    Parameters
    ----------
    path : Path
        The file.
    columns : Columns
        What it holds.
    """

    def __init__(self, path: Path, columns: Columns) -> None:
        self._groups = read_runs(path, columns) if pq.read_schema(path).names == columns.schema.names else iter(())
        self._rows = np.zeros(0, columns.type)
        self._failures: dict[int, tuple[str, str]] = {}

    def take(self, runs: Runs) -> Done | None:
        """Return the next batch if it is this one, otherwise None."""
        while len(self._rows) < len(runs) and (group := next(self._groups, None)) is not None:
            self._rows = np.concatenate([self._rows, group.rows])
            self._failures |= group.failures
        rows = self._rows[: len(runs)]
        if rows["run"].tolist() != list(runs):
            return None
        self._rows = self._rows[len(runs) :]
        failures = {run: self._failures.pop(run) for run in runs if run in self._failures}
        return Done(runs, rows, failures, {})


def record_of(path: Path) -> dict[str, Any] | None:
    """Return the record that stands in a table of runs; None where there is none."""
    text = (pq.read_schema(path).metadata or {}).get(b"klastersim")
    return None if text is None else json.loads(text)


def _schema(swept: Mapping[str, list[Value]], numbers: Sequence[str]) -> pa.Schema:
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
            *((name, pa.float64()) for name in numbers),
        ]
    )


def digest_table(path: Path) -> str:
    """Return the digest of a table of runs: of its values, whatever file holds them and in whatever groups."""
    digest = TableDigest()
    file = pq.ParquetFile(path)
    for group in range(file.num_row_groups):
        table = file.read_row_group(group)
        digest.add({name: _plain(table[name]) for name in table.column_names})
    return digest.hexdigest()


def _plain(column: pa.ChunkedArray) -> np.ndarray:
    """Return a column as an array in which null is NaN, or no text."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return np.array(column.fill_null("").to_pylist(), dtype=object)
    if pa.types.is_integer(column.type):
        return np.asarray(column.to_numpy())
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=float)
