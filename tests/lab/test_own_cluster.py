"""A cluster written as tables reads back as the same cluster."""

from pathlib import Path

import numpy as np
import pytest

from klastersim.errors import InputError
from klastersim.lab.own_cluster import DIALECTS, firms_table, ties_table, write_own_cluster
from klastersim.lab.provenance import run_record
from klastersim.scenario import Scenario
from klastersim.scenario.tables.filled import filled
from klastersim.scenario.tables.firms import read_firms
from klastersim.simulation import simulate
from klastersim.world.build import build
from klastersim.world.ends import ties_of

SMALL = Scenario.preset("gap-trust").replace({"cluster.firms": 12, "name": "gap-trust"})


@pytest.mark.parametrize("language", DIALECTS)
def test_a_preset_written_as_tables_has_the_same_history(tmp_path: Path, language: str) -> None:
    files = write_own_cluster(Scenario.preset("gap-trust"), tmp_path / "own", seed=3, language=language)
    assert [path.name for path in files] == ["firms.csv", "ties.csv", "gap-trust.toml"]
    read = Scenario.load(files[-1])
    assert filled(read) == ()
    assert simulate(read, 36, seed=3).digest == simulate(Scenario.preset("gap-trust"), 36, seed=3).digest


@pytest.mark.parametrize("language", DIALECTS)
def test_machines_of_the_opening_are_written_as_capital(tmp_path: Path, language: str) -> None:
    machines = {"functions.enabled": True, "functions.opening_machines": 0.5, "functions.machine_months": 7}
    world = build([SMALL.replace(machines)], [3])
    contents = {"f": firms_table(world, language=language).encode()}
    read = SMALL.replace({**machines, "functions.opening_machines": 0.0, "cluster.file": "f"}, contents=contents)
    assert read.own.firms is not None
    assert read.own.firms.missing("capital") == 0
    assert build([read], [3]).firms["machine_until"].tolist() == world.firms["machine_until"].tolist()
    assert world.firms["machine_until"].max() > 0
    without = firms_table(build([SMALL], [3]), language=language)
    assert read_firms("f", without.encode()).missing("capital") == 12


@pytest.mark.parametrize("language", DIALECTS)
def test_the_tables_hold_every_cluster_of_a_world(language: str) -> None:
    world = build([SMALL, SMALL.replace({"cluster.firms": 7})], [1, 2])
    tables = (table(world, 1, language).encode() for table in (firms_table, ties_table))
    contents = dict(zip(("f", "t"), tables, strict=True))
    named = {"cluster.file": "f", "ties.kind": "file", "ties.file": "t"}
    again = build([SMALL.replace({"cluster.firms": 7}).replace(named, contents=contents)], [2])
    for name in ("workers", "quality", "working_capital", "links"):
        assert np.array_equal(again.firms[name], world.firms[name][12:])
    assert np.array_equal(ties_of(again), ties_of(world, 1))


def test_nothing_is_written_where_a_file_is_there_already(tmp_path: Path) -> None:
    (tmp_path / "ties.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"ties\.csv: is there already\. Name another folder\."):
        write_own_cluster(SMALL, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["ties.csv"]


def test_the_record_of_a_run_tells_other_tables_apart(tmp_path: Path) -> None:
    path = tmp_path / "firms.csv"
    records = []
    for workers in (1, 2):
        path.write_text(f"workers\n{workers}\n", encoding="utf-8")
        records.append(run_record(Scenario.from_dict({"cluster.file": str(path)}), 1, 12, "arrays"))
    assert records[0]["scenario"] == records[1]["scenario"]
    assert records[0]["tables"] != records[1]["tables"]
    assert "tables" not in run_record(SMALL, 1, 12, "arrays")
