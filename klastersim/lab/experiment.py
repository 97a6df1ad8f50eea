"""An experiment: one question, the scenario it starts from, what it varies, and how often it is repeated."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from klastersim.errors import InputError, did_you_mean
from klastersim.lab.design import MOST_MONTHS, Map, check_points, only, points_of, swept_keys, whole
from klastersim.lab.designs import DESIGNS, Design
from klastersim.lab.expectation import Expectation, read_expectation
from klastersim.lab.maps import (
    BEGINNING,
    LEVERS,
    UNCERTAINTIES,
    map_of_record,
    read_maps,
    record_of_map,
    table_in,
    text_in,
)
from klastersim.lab.provenance import tables_of, versions
from klastersim.lab.request import ANALYSIS, BY_YEAR, Request, read_request
from klastersim.lab.rows import FINAL
from klastersim.scenario import Scenario
from klastersim.scenario.reading import read_toml

FORMAT: Final = 1
MOST_SEED: Final = 2**63 - 1
MOST_REPLICATIONS: Final = 1_000_000
MOST_RUNS: Final = 100_000_000

WORDS: Final = ("name", "title", "question", "hypothesis")
NUMBERS: Final = ("format", "months", "seed", "replications", "precision")
KEYS: Final = (
    *WORDS,
    *NUMBERS,
    "outputs",
    "expected",
    ANALYSIS,
    "scenario",
    "arms",
    LEVERS,
    UNCERTAINTIES,
    "maps",
    *DESIGNS,
    "quick",
)
QUICK_KEYS: Final = ("months", "replications", "points", "samples", "precision", "scenario")

#: What a report may tell of the runs besides the share active.
OUTPUTS: Final = ("active", *FINAL)


@dataclass(frozen=True)
class Experiment:
    """What is to be run; made by `load` and `from_dict`.

    Attributes
    ----------
    name, title, question, hypothesis : str
        Words about it.
    base : Scenario
        What every point starts from.
    maps : tuple of Map
        What is varied.
    months, seed, replications : int
        Length of a run on maps that have none of their own, seed of the experiment, runs of each point.
    precision : float, optional
        Half the width that the 95 % interval of P(active) has to have at a point for it to need no more runs;
        `replications` are then the most that a point gets.
    outputs : tuple of str
        What its report tells of the runs.
    expected : Expectation, optional
        What the hypothesis says of one arm or factor, in a form that the numbers can contradict.
    request : Request, optional
        What is to be made of the runs beside what follows from the designs.
    """

    name: str
    title: str
    question: str
    hypothesis: str
    base: Scenario
    maps: tuple[Map, ...]
    months: int
    seed: int
    replications: int
    precision: float | None = None
    outputs: tuple[str, ...] = ("active",)
    expected: Expectation | None = None
    request: Request | None = None

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        *,
        settings: Mapping[str, Any] | None = None,
        replications: int | None = None,
        quick: bool = False,
    ) -> Experiment:
        """Read an experiment from a TOML file.

        Parameters
        ----------
        path : path-like
            The file.
        settings : mapping, optional
            Changes of the base scenario, as by ``--set``.
        replications : int, optional
            In place of the file's.
        quick : bool
            Whether to take the small version that the file's table ``[quick]`` describes.

        Returns
        -------
        Experiment
            Checked, with every one of its points.

        Raises
        ------
        InputError
            If anything is wrong.
        """
        where = os.fspath(path)
        if not where:
            raise InputError("sweep", "", where, "the path of a file", "Name a TOML file that describes an experiment.")
        tables = read_toml(path, if_empty=BEGINNING)
        return cls.from_dict(
            tables,
            where=where,
            folder=Path(where).parent,
            name=Path(where).stem,
            settings=settings,
            replications=replications,
            quick=quick,
        )

    @classmethod
    def from_dict(
        cls,
        tables: Mapping[str, Any],
        *,
        where: str = "from_dict",
        folder: Path | None = None,
        name: str = "experiment",
        settings: Mapping[str, Any] | None = None,
        replications: int | None = None,
        quick: bool = False,
    ) -> Experiment:
        """Make an experiment from a dictionary as a file would hold it; parameters as for `load`."""
        _refuse_other_keys(tables, where)
        only(tables, KEYS, where)
        whole(tables, "format", FORMAT, 1, FORMAT, where)
        small: dict[str, Any] = _quick(tables, where) if quick else {}
        words = {key: text_in(tables, key, where) for key in WORDS}
        base = _scenario(tables, small, where, folder)
        maps = read_maps(tables, where, folder)
        if quick:
            maps = tuple(_thinned(each, small.get("points"), small.get("samples")) for each in maps)
        settings = settings or {}
        _refuse_swept(settings, swept_keys(maps), where)
        base = base.replace(settings, where="--set")
        given: dict[str, Any] = {**tables, **{key: small[key] for key in NUMBERS if key in small}}
        months = whole(given, "months", 240, 1, MOST_MONTHS, where)
        request = read_request(tables, maps, where, base, months)
        experiment = cls(
            name=words["name"] or name,
            title=words["title"] or name,
            question=words["question"],
            hypothesis=words["hypothesis"],
            base=base,
            maps=maps,
            months=months,
            seed=whole(given, "seed", 1, 0, MOST_SEED, where),
            replications=whole(given, "replications", 10, 1, MOST_REPLICATIONS, where)
            if replications is None
            else whole({"--replications": replications}, "--replications", 1, 1, MOST_REPLICATIONS, "sweep"),
            precision=_precision(given, where),
            outputs=_outputs(tables, where),
            expected=read_expectation(tables, maps, where, request),
            request=request,
        )
        check_points(experiment.base, points_of(maps), where)
        if experiment.runs > MOST_RUNS:
            problem = f"asks for {experiment.runs:,} runs, more than {MOST_RUNS:,}"
            raise InputError(where, problem=problem, remedy="Take fewer points or replications.")
        return experiment

    @property
    def runs(self) -> int:
        """Number of runs in all."""
        return self.replications * sum(each.size for each in self.maps)

    def months_of(self, each: Map) -> int:
        """Return the length of the runs of a map."""
        return self.months if each.months is None else each.months

    @property
    def years(self) -> int:
        """Return how many years the table of runs tells of one by one; none unless an analysis wants them."""
        if self.request is None or self.request.kind not in BY_YEAR:
            return 0
        return max(map(self.months_of, self.maps)) // 12

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Experiment:
        """Make the experiment that a record was taken of.

        Parameters
        ----------
        record : mapping
            As `record` returns it, and as it stands in provenance.json and in the metadata of tables and figures.

        Raises
        ------
        InputError
            If it is no record of a sweep.
        """
        try:
            return cls(
                **{word: record[word] for word in WORDS},
                base=Scenario.from_dict(record["scenario"], where="record"),
                maps=tuple(map_of_record(name, each) for name, each in record["maps"].items()),
                **{number: record[number] for number in ("months", "seed", "replications")},
                precision=record.get("precision"),
                outputs=tuple(record.get("outputs", ("active",))),
                expected=Expectation(**record["expected"]) if record.get("expected") else None,
                request=Request(**record[ANALYSIS]) if record.get(ANALYSIS) else None,
            )
        except (KeyError, TypeError, AttributeError):
            raise InputError("record", problem="is no record of a sweep that this klastersim reads") from None

    def record(self) -> dict[str, Any]:
        """Return what determines the results: equal records give equal results under equal versions."""
        return {
            "format": FORMAT,
            "kind": "sweep",
            "name": self.name,
            "title": self.title,
            "question": self.question,
            "hypothesis": self.hypothesis,
            "scenario": self.base.to_dict(),
            "maps": {each.name: record_of_map(each) for each in self.maps},
            "months": self.months,
            "seed": self.seed,
            "replications": self.replications,
            "precision": self.precision,
            "outputs": list(self.outputs),
            "expected": vars(self.expected) if self.expected else None,
            ANALYSIS: self.request.record() if self.request else None,
            **tables_of(self.base),
            "versions": versions(*self._libraries()),
        }

    def _libraries(self) -> list[str]:
        """Return further libraries whose versions determine the points."""
        kinds = {each.kind for each in self.maps}
        found = ["scipy"] if kinds & {"latin_hypercube", "sobol", "sobol_indices"} else []
        return found + (["SALib"] if kinds & {"sobol_indices", "morris", "fractional_factorial"} else [])


def _thinned(each: Map, points: int | None, samples: int | None) -> Map:
    small = Design(each.kind, each.axes, each.settings, each.rows).thinned(points, samples)
    return replace(each, axes=small.axes, settings=small.settings, rows=small.rows)


def _scenario(tables: Mapping[str, Any], small: Mapping[str, Any], where: str, folder: Path | None) -> Scenario:
    base = Scenario.preset("sentra")
    if "scenario" in tables:
        base = Scenario.from_dict(table_in(tables, "scenario", where), where=f"{where}, [scenario]", folder=folder)
    if "scenario" in small:
        base = base.replace(small["scenario"], where=f"{where}, [quick.scenario]", folder=folder)
    return base


def _quick(tables: Mapping[str, Any], where: str) -> dict[str, Any]:
    if "quick" not in tables:
        raise InputError(where, "quick", problem="is missing", remedy="Describe the small version under [quick].")
    small = dict(table_in(tables, "quick", where))
    only(small, QUICK_KEYS, where, "quick")
    if "points" in small:
        whole(small, "points", 2, 2, 1_000, f"{where}, [quick]")
    if "samples" in small:
        whole(small, "samples", 2, 2, 1_000_000, f"{where}, [quick]")
    if "scenario" in small:
        table_in(small, "scenario", f"{where}, [quick]")
    return small


def _refuse_other_keys(tables: Any, where: str, inside: str = "") -> None:
    """Refuse keys that are no text, which a dictionary can have and a file cannot."""
    if not isinstance(tables, Mapping):
        return
    for key, value in tables.items():
        if not isinstance(key, str):
            raise InputError(where, inside, key, "a key", "Keys are text.")
        _refuse_other_keys(value, where, f"{inside}.{key}" if inside else key)


def _refuse_swept(settings: Mapping[str, Any], swept: tuple[str, ...], where: str) -> None:
    for key, value in settings.items():
        if key in swept:
            problem = f"is varied by {where}"
            raise InputError("--set", key, value, problem=problem, remedy="Change the file, or set something else.")


def _outputs(tables: Mapping[str, Any], where: str) -> tuple[str, ...]:
    given = tables.get("outputs", ["active"])
    if not isinstance(given, list) or not given:
        raise InputError(
            where, "outputs", given, "a list of outputs", 'Write for instance outputs = ["active", "sales"].'
        )
    for place, name in enumerate(given):
        if not isinstance(name, str) or name not in OUTPUTS:
            remedy = did_you_mean(name, OUTPUTS) if isinstance(name, str) else ""
            raise InputError(where, "outputs", name, f"one of {', '.join(OUTPUTS)}", remedy)
        if name in given[:place]:
            raise InputError(where, "outputs", name, problem="is listed twice", remedy="List each output once.")
    return tuple(given)


def _precision(tables: Mapping[str, Any], where: str) -> float | None:
    value = tables.get("precision")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.001 <= value < 0.5:
        remedy = "It is half the width of the 95 % interval of P(active), such as 0.02."
        raise InputError(where, "precision", value, "a number from 0.001 to below 0.5", remedy)
    return float(value)
