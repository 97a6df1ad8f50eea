"""How one parameter is declared, and how a value given for it is checked."""

from __future__ import annotations

import contextlib
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from klastersim.errors import InputError, did_you_mean, said
from klastersim.scenario.words import GRADES, PHRASES, UNITS_ID

__all__ = ["GRADES", "KINDS", "Evidence", "Parameter", "Preset", "Told", "Value"]

Value = bool | int | float | str

KINDS: Final = ("uncertainty", "lever", "setting")
LARGEST_INTEGER: Final = 2**63 - 1
_KEY: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


class Told(NamedTuple):
    """What a user is told about a parameter, in one language."""

    label: str
    unit: str
    help: str
    allowed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One thing that a scenario fixes: its type, default, unit, bounds, evidence and words.

    The type of the parameter is the type of its default.

    Parameters
    ----------
    key : str
        Dotted name, lower case: "cluster.firms".
    default : bool, int, float or str
        Value when the user says nothing. "" for a file means: none.
    unit : str
        Unit; "" for a pure number.
    label, label_id : str
        Short name in English and in Indonesian.
    help, help_id : str
        What it means, in one or two sentences, in English and in Indonesian.
    grade : str
        How well the default is known: "V", "D", "M" or "A" (see `GRADES`).
    source : str
        Evidence key and words, or "assumption: reason".
    low, high : float, optional
        Bounds of what is allowed, inclusive.
    range : tuple of two floats, optional
        What the evidence leaves open, for sensitivity analysis.
    choices : tuple of str
        The words allowed, for a parameter that is one of several words.
    kind : str
        "uncertainty" (nobody chooses it), "lever" (a policy chooses it) or "setting" (of the run or the experiment).
    file : bool
        Whether the value is a path, resolved against the folder of the scenario file.
    """

    key: str
    default: Value
    unit: str
    label: str
    label_id: str
    help: str
    help_id: str
    grade: str
    source: str
    low: float | None = None
    high: float | None = None
    range: tuple[float, float] | None = None
    choices: tuple[str, ...] = ()
    kind: str = "uncertainty"
    file: bool = False

    def __post_init__(self) -> None:
        """Refuse a declaration that contradicts itself: a mistake in our code, hence a ValueError."""
        for wrong, what in (
            (not _KEY.fullmatch(self.key), "the key is not dotted and lower case"),
            (self.grade not in GRADES, f"grade {self.grade!r} is none of {', '.join(GRADES)}"),
            (self.kind not in KINDS, f"kind {self.kind!r} is none of {', '.join(KINDS)}"),
            (not isinstance(self.default, bool | int | float | str), "the default has no type that TOML has"),
            (not (self.label and self.label_id), "a label is empty, in English or in Indonesian"),
            (not (self.help and self.help_id), "a help text is empty, in English or in Indonesian"),
            (not self.source, "the source is empty"),
            (self._bounded and not self.is_number, "only a number has bounds or a range"),
            ((bool(self.choices) or self.file) and not isinstance(self.default, str), "choices and files are text"),
            (bool(self.choices) and self.file, "a file has no choices"),
            (self.low is not None and self.high is not None and self.low > self.high, "low is above high"),
            (self.range is not None and self.range[0] > self.range[1], "the range is upside down"),
        ):
            if wrong:
                raise ValueError(f"declaration of {self.key!r}: {what}")
        for end in self.range or ():
            if not self._within(end):
                raise ValueError(f"declaration of {self.key!r}: the range leaves the bounds")
        try:
            self.check(self.default, "default")
        except InputError as error:
            raise ValueError(f"declaration of {self.key!r}: {error}") from error

    @property
    def _bounded(self) -> bool:
        return self.low is not None or self.high is not None or self.range is not None

    @property
    def section(self) -> str:
        """All of the key but its last word: the TOML table that holds the parameter."""
        return self.key.rpartition(".")[0]

    @property
    def name(self) -> str:
        """Last word of the key."""
        return self.key.rpartition(".")[2]

    @property
    def is_number(self) -> bool:
        """Whether the parameter is an int or a float."""
        return isinstance(self.default, int | float) and not isinstance(self.default, bool)

    @property
    def allowed(self) -> str:
        """What is allowed, in words that follow "is not" or "must be".

        Examples
        --------
        >>> Parameter(key="a.b", default=3, unit="", label="b", label_id="b", help="A count.",
        ...           help_id="Suatu jumlah.", grade="A", source="assumption: example", low=1, high=12).allowed
        'a whole number from 1 to 12'
        """
        return self._allowed_in("en")

    def _allowed_in(self, language: str) -> str:
        say = PHRASES[language]
        if self.choices:
            return say.one_of + ", ".join(f'"{choice}"' for choice in self.choices)
        if isinstance(self.default, bool):
            return say.truth
        if isinstance(self.default, str):
            return say.path if self.file else say.text
        noun = say.whole if isinstance(self.default, int) else say.number
        low, high = self._written(self.low), self._written(self.high)
        if low and high:
            return say.between.format(noun, low, high)
        if low:
            return say.at_least.format(noun, low)
        return say.at_most.format(noun, high) if high else noun

    def told(self, language: str = "en") -> Told:
        """Return label, unit, help and what is allowed, in a language.

        Parameters
        ----------
        language : str, default "en"
            "en" or "id".

        Returns
        -------
        Told
            The words; a unit that has none in Indonesian stays as it is.

        Raises
        ------
        KeyError
            If there are no words in that language.
        """
        allowed = self._allowed_in(language)
        if language == "id":
            return Told(self.label_id, UNITS_ID.get(self.unit, self.unit), self.help_id, allowed)
        return Told(self.label, self.unit, self.help, allowed)

    def check(self, value: Any, where: str) -> Value:
        """Return a value in the type of the parameter, or say why it cannot be used.

        A whole number is taken for a number. Nothing else is converted: a bool is no number, and 3.0 no whole number.

        Parameters
        ----------
        value : object
            What the user gave. A NumPy scalar counts as the Python value it holds.
        where : str
            What brought the value: a file, "--set", "from_dict".

        Returns
        -------
        bool, int, float or str
            The value, in exactly the type of the default.

        Raises
        ------
        InputError
            If the value has another type, lies out of bounds or is none of the choices.
        """
        value = _plain(value)
        if self.is_number:
            return self._check_number(value, where)
        if isinstance(self.default, bool):
            if isinstance(value, bool):
                return value
            remedy = _truth_remedy(value) if isinstance(value, str) else ""
            raise self._error(value, where, remedy=remedy)
        return self._check_text(value, where)

    def _check_number(self, value: Any, where: str) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._error(value, where, remedy=_unquoted(value))
        if isinstance(value, float) and not math.isfinite(value):
            if math.isnan(value):
                problem = said("is not a number (NaN), not {allowed}", allowed=self.allowed)
            else:
                problem = said("is infinite, not {allowed}", allowed=self.allowed)
            raise self._error(value, where, problem=problem, remedy=said("Give a finite number."))
        if isinstance(self.default, int):
            if isinstance(value, float):
                remedy = (
                    said("Write {value} without the decimal point.", value=int(value)) if value.is_integer() else ""
                )
                raise self._error(value, where, remedy=remedy)
            if abs(value) > LARGEST_INTEGER:
                remedy = (
                    ""
                    if self.high is not None
                    else said("The largest that fits is {largest}.", largest=LARGEST_INTEGER)
                )
                raise self._error(value, where, remedy=remedy)
        if not self._within(value):
            raise self._error(
                value, where, remedy=said("The default is {default}.", default=self._written(self.default))
            )
        try:
            # Adding 0.0 turns -0.0 into 0.0: equal scenarios must have equal bits.
            return value if isinstance(self.default, int) else float(value) + 0.0
        except OverflowError:
            raise self._error(value, where, remedy=said("Numbers reach up to 1.797e308.")) from None

    def _check_text(self, value: Any, where: str) -> str:
        if self.file and isinstance(value, os.PathLike):
            value = os.fspath(value)
        if not isinstance(value, str):
            raise self._error(value, where, remedy="" if self.choices else said("Put the text in quotes."))
        if self.choices and value not in self.choices:
            raise self._error(value, where, remedy=did_you_mean(value, self.choices))
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise self._error(value, where, problem=said("holds characters that UTF-8 cannot write")) from None
        if self.file and "\0" in value:
            raise self._error(value, where, remedy=said("No path holds a zero character."))
        return value

    def _within(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def _written(self, bound: Any) -> str:
        """Write a bound as the type of the parameter would be written; nothing for no bound."""
        if bound is None:
            return ""
        if isinstance(bound, float) and bound.is_integer() and abs(bound) < 1e16:
            return str(int(bound))
        return str(bound)

    def _error(self, found: Any, where: str, remedy: str = "", problem: str = "") -> InputError:
        return InputError(where, self.key, found, self.allowed, remedy, problem)


class Evidence(NamedTuple):
    """How well a value is known, and where it comes from.

    Attributes
    ----------
    grade : str
        "V", "D", "M" or "A" (see `GRADES`).
    source : str
        Evidence key and words, or "assumption: reason".
    """

    grade: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A scenario that has a name.

    Parameters
    ----------
    name : str
        The name by which it is called: "gap-trust".
    title, title_id : str
        What it is, in English and in Indonesian.
    changes : mapping of str to value
        Dotted keys and the values in which it differs from the defaults.
    evidence : mapping of str to Evidence
        What stands behind each of these values.
    """

    name: str
    title: str
    title_id: str
    changes: Mapping[str, Value] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a value without evidence: a mistake in our code, hence a ValueError."""
        if self.changes.keys() != self.evidence.keys():
            keys = ", ".join(sorted(self.changes.keys() ^ self.evidence.keys()))
            raise ValueError(f"preset {self.name!r}: value without evidence, or evidence without value: {keys}")
        for key, (grade, source) in self.evidence.items():
            if grade not in GRADES or not source:
                raise ValueError(f"preset {self.name!r}: {key} has no grade or no source")


def _plain(value: Any) -> Any:
    """Return what a NumPy scalar holds, and anything else as it is; NumPy itself is not imported for this."""
    if getattr(value, "shape", None) == () and callable(getattr(value, "item", None)):
        return value.item()
    return value


def _unquoted(value: Any) -> str:
    """Return the remedy for a number in quotes or with a decimal comma."""
    if not isinstance(value, str) or len(value) > 40:
        return ""
    with contextlib.suppress(ValueError):
        float(value)
        return said("Leave out the quotes.")
    with contextlib.suppress(ValueError):
        float(value.replace(",", "."))
        return said("Write it with a decimal point: {point}.", point=value.replace(",", "."))
    return ""


def _truth_remedy(value: str) -> str:
    """Return the remedy for a truth value in quotes or in other words."""
    words = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}
    word = words.get(value.strip().lower())
    return said("Did you mean {word} (without quotes)?", word=word) if word else ""
