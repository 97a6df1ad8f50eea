"""The scenario: everything that a run is told besides seed and length."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from klastersim.errors import InputError, did_you_mean, refuse, said
from klastersim.scenario import reading, writing
from klastersim.scenario.catalogue import CATALOGUE, parameter
from klastersim.scenario.changing import changed, own_tables
from klastersim.scenario.declaration import Preset, Value
from klastersim.scenario.events import EVENTS, Event, contradictions, read_events
from klastersim.scenario.presets import PRESETS

if TYPE_CHECKING:
    from klastersim.scenario.tables.own import Own


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Scenario:
    """A complete and consistent set of parameters. Made by `preset`, `load` and `from_dict`; never changed.

    Two scenarios are equal if all their values are: name and title are words about a scenario and change nothing in
    a run. Paths of files are made absolute on entry, against the folder of what named them, so that a scenario means
    the same wherever it is used. A scenario may instead hold its files in memory (`from_dict` and `replace` take their
    `contents`): then no path is looked at, and two scenarios are equal if these are equal too.

    Parameters
    ----------
    name : str
        Short name.
    title : str
        What it is.
    _values : dict of str to value
        Every key of the catalogue, in its order, checked.
    _contents : dict of str to bytes, optional
        Files in memory, by the names that the values have.
    _own : Own, optional
        The tables read from these.
    _events : tuple of Event
        Dated events, by month.

    Examples
    --------
    >>> scenario = Scenario.preset("sentra").replace({"cluster.firms": 150})
    >>> scenario["cluster.firms"]
    150
    >>> scenario.differences("sentra")
    {'cluster.firms': (150, 50)}
    """

    name: str
    title: str
    _values: dict[str, Value]
    _contents: Mapping[str, bytes] | None = None
    _own: Own | None = None
    _events: tuple[Event, ...] = ()

    @classmethod
    def preset(cls, name: str) -> Scenario:
        """Return a scenario that has a name.

        Parameters
        ----------
        name : str
            One of `PRESETS`: "sentra" is the default.

        Returns
        -------
        Scenario
            The preset.

        Raises
        ------
        InputError
            If there is no such preset.
        """
        preset = _find_preset(name, "Scenario.preset")
        values, _ = changed(_DEFAULTS, preset.changes, f"preset {name}", Path.cwd())
        return cls(preset.name, preset.title, values)

    @classmethod
    def find(cls, name: str) -> Scenario:
        """Return the preset of a name, or else the scenario in the file of that name.

        Parameters
        ----------
        name : str
            A preset, or the path of a TOML file, as given on a command line.

        Returns
        -------
        Scenario
            The scenario.

        Raises
        ------
        InputError
            If it is neither, or something in the file is wrong.
        """
        if name in PRESETS:
            return cls.preset(name)
        if os.path.exists(name) or Path(name).suffix == ".toml" or Path(name).name != name:
            return cls.load(name)
        known = ", ".join(f'"{preset}"' for preset in PRESETS)
        remedy = did_you_mean(name, PRESETS) or said("Name one of these, or a TOML file.")
        raise InputError("scenario", "", name, said("a file, nor one of the presets {known}", known=known), remedy)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Scenario:
        """Read a scenario from a TOML file.

        Keys that the file leaves out take the value of the preset it names with a top-level ``preset``, or their
        default.

        Parameters
        ----------
        path : str or path-like
            The file. Paths in it start from its folder.

        Returns
        -------
        Scenario
            What the file says.

        Raises
        ------
        InputError
            If anything in the file is wrong; all that is wrong, up to 20 errors, one per line.
        """
        where = os.fspath(path)
        raw = reading.flatten(reading.read_toml(path), where, quoted_dots=False)
        if not raw.problems and not raw.values and not {"preset", EVENTS} & raw.head.keys():
            remedy = said('Write preset = "sentra" to take the default as it is.')
            raw.problems.append(InputError(where, problem=said("says nothing about a scenario"), remedy=remedy))
        return cls._from_raw(raw, where, Path(where).parent, Path(where).stem)

    @classmethod
    def from_dict(
        cls,
        tables: Mapping[str, Any],
        *,
        where: str = "from_dict",
        folder: str | os.PathLike[str] | None = None,
        contents: Mapping[str, bytes] | None = None,
    ) -> Scenario:
        """Make a scenario from a dictionary, nested or with dotted keys.

        Parameters
        ----------
        tables : mapping
            As in a file: parameters, and ``format``, ``preset``, ``name`` and ``title`` if wanted.
        where : str
            What errors name as the origin.
        folder : path-like, optional
            Where relative paths start; the present folder by default.
        contents : mapping of str to bytes, optional
            Files in memory by name. Where it is given, files are looked up here and nowhere else.

        Returns
        -------
        Scenario
            The scenario.

        Raises
        ------
        InputError
            If anything in it is wrong.
        """
        raw = reading.flatten(tables, where)
        return cls._from_raw(raw, where, Path(folder or Path.cwd()), "scenario", contents)

    @classmethod
    def _from_raw(
        cls,
        raw: reading.Raw,
        where: str,
        folder: Path,
        fallback_name: str,
        contents: Mapping[str, bytes] | None = None,
    ) -> Scenario:
        problems = raw.problems + reading.head(raw, where)
        base, name, title = _DEFAULTS, fallback_name, ""
        if "preset" in raw.head:
            try:
                preset = _find_preset(raw.head["preset"], where)
            except InputError as error:
                problems.append(error)
            else:
                base, _ = changed(_DEFAULTS, preset.changes, where, folder)
                if not raw.values and EVENTS not in raw.head:
                    name, title = preset.name, preset.title
        events = read_events(raw.head.get(EVENTS, ()), where, problems)
        values, own = changed(base, raw.values, where, folder, problems, contents)
        refuse(contradictions(events, values, where))
        name = raw.head.get("name", name)
        return cls(name, raw.head.get("title", title or name), values, contents, own, events)

    def replace(
        self,
        changes: Mapping[str, Any],
        *,
        where: str = "replace",
        folder: str | os.PathLike[str] | None = None,
        contents: Mapping[str, bytes] | None = None,
    ) -> Scenario:
        """Return a scenario that differs in some values.

        Parameters
        ----------
        changes : mapping
            Nested or dotted, like ``{"cluster.firms": 150}``; may also set ``name`` and ``title``, and ``events``, a
            list of tables that takes the place of all events.
        where : str
            What errors name as the origin: "--set", a file.
        folder : path-like, optional
            Where relative paths in `changes` start; the present folder by default.
        contents : mapping of str to bytes, optional
            Further files in memory by name. Where a scenario has any, files are looked up there and nowhere else.

        Returns
        -------
        Scenario
            The changed scenario; this one stays as it is.

        Raises
        ------
        InputError
            If a change is wrong in itself, or contradicts another value.
        """
        raw = reading.flatten(changes, where)
        problems = raw.problems + reading.head(raw, where)
        if "preset" in raw.head:
            remedy = said("Start from Scenario.preset(...).")
            problems.append(
                InputError(
                    where, "preset", raw.head["preset"], problem=said("cannot be changed afterwards"), remedy=remedy
                )
            )
        held = self._contents
        if contents is not None:
            held = {**(held or {}), **contents}
        events = read_events(raw.head[EVENTS], where, problems) if EVENTS in raw.head else self._events
        values, own = changed(self._values, raw.values, where, Path(folder or Path.cwd()), problems, held, self._own)
        refuse(contradictions(events, values, where))
        return Scenario(raw.head.get("name", self.name), raw.head.get("title", self.title), values, held, own, events)

    def __getitem__(self, key: str) -> Any:
        """Return a value by its dotted key."""
        try:
            return self._values[key]
        except KeyError:
            parameter(key)
            raise

    def __contains__(self, key: object) -> bool:
        """Tell whether there is such a parameter."""
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        """Go through the dotted keys in the order of their declaration."""
        return iter(self._values)

    def __len__(self) -> int:
        """Return the number of parameters."""
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        """Tell whether all values are equal, the events, and the files in memory."""
        if not isinstance(other, Scenario):
            return NotImplemented
        here, there = ((each._values, each._events, each._contents) for each in (self, other))
        return here == there

    def __hash__(self) -> int:
        """Hash the values."""
        return hash((*self._values.values(), self._events))

    def __repr__(self) -> str:
        """Show the name and what differs from the defaults."""
        changes = ", ".join(f"{key}={value!r}" for key, value in self._values.items() if value != _DEFAULTS[key])
        if self._events:
            changes += f"{', ' if changes else ''}{len(self._events)} events"
        return f"<Scenario {self.name!r}{': ' if changes else ''}{changes}>"

    def flat(self) -> dict[str, Value]:
        """Return all values by dotted key, in the order of their declaration."""
        return dict(self._values)

    @property
    def events(self) -> tuple[Event, ...]:
        """Dated events, by month."""
        return self._events

    def path(self, key: str) -> Path | None:
        """Return the absolute path of the file that a parameter names.

        Parameters
        ----------
        key : str
            Dotted key of a file parameter.

        Returns
        -------
        Path or None
            None where no file is named.
        """
        if not parameter(key).file:
            raise KeyError(f"{key} is no file")
        return Path(self[key]) if self[key] else None

    @property
    def own(self) -> Own:
        """The user's own firms, ties and thresholds: tables that the scenario names.

        Raises
        ------
        InputError
            If a file has gone, or has become wrong, since the scenario was made.
        """
        from klastersim.scenario.tables.own import Own

        found = own_tables(self._values, None) if self._contents is None else self._own
        return found or Own()

    def file_digests(self) -> dict[str, str]:
        """Return the SHA-256 of the content of each table that the scenario names, by the table."""
        return {table: held.digest for table, held in self.own._asdict().items() if held is not None}

    def to_dict(self) -> dict[str, Any]:
        """Return the scenario as nested dictionaries of plain Python values, complete; `from_dict` reads it back."""
        tables: dict[str, Any] = {"format": reading.FORMAT, "name": self.name, "title": self.title}
        for key, value in self._values.items():
            *sections, name = key.split(".")
            table = tables
            for section in sections:
                table = table.setdefault(section, {})
            table[name] = value
        if self._events:
            tables[EVENTS] = [event.to_dict() for event in self._events]
        return tables

    def to_toml(self, language: str = "en") -> str:
        """Return the scenario as a complete TOML file, every value explained in "en" or "id"; `load` reads it back.

        What a preset's own value rests on is told as long as the scenario has its name and the value.
        """
        preset = PRESETS.get(self.name, PRESETS["sentra"])
        kept = {key: known for key, known in preset.evidence.items() if self._values[key] == preset.changes[key]}
        return writing.to_toml(self._values, self.name, self.title, language, kept, self._events)

    def differences(self, other: Scenario | str) -> dict[str, tuple[Any, Any]]:
        """Compare with another scenario.

        Parameters
        ----------
        other : Scenario or str
            A scenario, or the name of a preset.

        Returns
        -------
        dict of str to tuple
            For each key that differs, the value here and the value there; with an ensemble, what is held is among them.
            Where events differ, "events" with the tables of both.
        """
        there = Scenario.preset(other) if isinstance(other, str) else other
        pairs = {key: (value, there._values[key]) for key, value in self._values.items()}
        found: dict[str, tuple[Any, Any]] = {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
        if found and any(pairs["ensemble.unequal"]):
            # Whoever sets the other differences sets this too, lest all of them be held.
            found["ensemble.held"] = pairs["ensemble.held"]
        if self._events != there._events:
            here, others = ([event.to_dict() for event in each._events] for each in (self, there))
            found[EVENTS] = (here, others)
        return found


def _find_preset(name: Any, where: str) -> Preset:
    if isinstance(name, str) and name in PRESETS:
        return PRESETS[name]
    known = ", ".join(f'"{preset}"' for preset in PRESETS)
    remedy = did_you_mean(name, PRESETS) if isinstance(name, str) else ""
    raise InputError(where, "preset", name, said("one of {known}", known=known), remedy)


_DEFAULTS: Mapping[str, Value] = {
    key: declared.check(declared.default, "default") for key, declared in CATALOGUE.items()
}
