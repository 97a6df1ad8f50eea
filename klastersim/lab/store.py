"""What of a sweep is finished: a Parquet data set to which each batch adds a file, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from klastersim.lab.plan import Done, Runs
from klastersim.lab.table import FAILED, Columns
from klastersim.lab.unfinished import Begun

PARTS: Final = "runs"


class Store:
    """Finished batches, in a folder of their own until the sweep is complete.

    Each is a file of the data set ``runs/``, which `pandas.read_parquet` reads as one table. Runs are interleaved by
    replication and batches are done about in their order, so that what a broken-off sweep leaves is a balanced sample.

    Parameters
    ----------
    folder : Path
        Where; it must be locked by whoever calls.
    columns : Columns
        What a run leaves.
    record : mapping
        What determines the results.
    batch : int
        Runs in a batch; what is found here before keeps the number that it was begun with.
    afresh : bool
        Whether to throw away what belongs to another record, rather than to refuse it.

    Raises
    ------
    InputError
        If the folder holds batches of another record, naming the keys that differ.
    """

    def __init__(
        self, folder: Path, columns: Columns, record: Mapping[str, Any], batch: int, afresh: bool = False
    ) -> None:
        self.batch = batch
        self._columns = columns
        self._folder = folder / PARTS
        self._folder.mkdir(exist_ok=True)
        for path in self._folder.glob(".*"):
            path.unlink()
        begun = Begun(folder, "sweep")
        remedy = "" if afresh else "Name another folder with --out, or begin anew with --force."
        if begun.is_of(record, remedy) and isinstance(begun.read().get("batch"), int):
            self.batch = begun.read()["batch"]
        else:
            for path in self._folder.iterdir():
                path.unlink()
            begun.write(record, batch=batch)
        self._names = {path.name for path in self._folder.iterdir()}

    @staticmethod
    def _name(runs: Runs) -> str:
        return f"{runs[0]:010d}-{runs[-1]:010d}.parquet"

    def holds(self, runs: Runs) -> bool:
        """Whether a batch is finished."""
        return self._name(runs) in self._names

    @property
    def batches(self) -> int:
        """Number of finished batches."""
        return len(self._names)

    def add(self, done: Done) -> None:
        """Write a batch."""
        name = self._name(done.runs)
        path = self._folder / f".{name}"
        pq.write_table(self._columns.table(done.rows, done.failures), path, compression="zstd", write_statistics=False)
        os.replace(path, self._folder / name)
        self._names.add(name)

    def read(self, runs: Runs) -> Done | None:
        """Return a finished batch; None if its file was damaged, and so must be made again."""
        try:
            rows, failures = self._columns.rows(pq.read_table(self._folder / self._name(runs)))
        except (pa.ArrowException, OSError, KeyError):
            return None
        return Done(runs, rows, failures, {}) if rows["run"].tolist() == list(runs) else None

    def drop_failed(self) -> None:
        """Forget the batches in which a run failed, so that they are done again."""
        for name in sorted(self._names):
            if FAILED in pq.read_table(self._folder / name, columns=["status"])["status"].to_pylist():
                (self._folder / name).unlink()
                self._names.remove(name)
