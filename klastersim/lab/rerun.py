"""One run of a sweep by its number: what it was of, and whether it comes out again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from klastersim.errors import InputError
from klastersim.lab.design import points_of
from klastersim.lab.experiment import Experiment
from klastersim.lab.results import Results
from klastersim.lab.rows import FINAL

if TYPE_CHECKING:
    from klastersim.scenario import Scenario
    from klastersim.simulation import Run


def find_run(results: Results, run: int) -> tuple[Scenario, int, int]:
    """Return scenario, seed and months of a run.

    Parameters
    ----------
    results : Results
        Of a sweep.
    run : int
        Number of the run, from 0.

    Raises
    ------
    InputError
        If the sweep has no such run.
    """
    from klastersim.compiled import derive_seed

    experiment = Experiment.from_record(results.record)
    points = points_of(experiment.maps)
    if not 0 <= run < len(points) * experiment.replications:
        raise InputError("rerun", "--run", run, f"a number from 0 to {len(points) * experiment.replications - 1}")
    point = points[run % len(points)]
    (months,) = (experiment.months_of(each) for each in experiment.maps if each.name == point.map)
    return (
        experiment.base.replace(point.changes, where="record"),
        derive_seed(experiment.seed, run // len(points) + 1),
        months,
    )


def disagreements(results: Results, run: int, finished: Run) -> list[str]:
    """Return the outputs of which the table of runs says something else; none where it says nothing of the run."""
    import pandas as pd

    path = results.folder / "runs.parquet"
    rows = pd.read_parquet(path, filters=[("run", "==", run)]) if path.exists() else pd.DataFrame()
    if rows.empty:
        return []
    row: Any = rows.iloc[0]
    return [name for name in FINAL if name in finished.final and not _same(row[name], finished.final[name])]


def _same(held: Any, found: float | None) -> bool:
    return bool(held != held) if found is None or found != found else bool(held == found)
