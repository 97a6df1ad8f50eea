"""The errors that klastersim raises on purpose."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any, Final

LONGEST_SHOWN: Final = 60
MOST_LISTED: Final = 20


class _Absent:
    """Marks an error in which no value was found; one object, so that it survives a copy between processes."""

    def __repr__(self) -> str:
        return "ABSENT"

    def __reduce__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()


class Said(str):
    """English words that know the form they were made from, so that another language can say them.

    Whoever raises an error writes its words once, in English, by `said`; the words of other languages stand in a
    catalogue under the English form.

    Attributes
    ----------
    form : str
        The words, with names in braces for what differs from case to case.
    values : dict of str to str
        What stands for these names; words among them are themselves `Said`.
    """

    form: str
    values: dict[str, str]

    def __new__(cls, form: str, values: dict[str, str] | None = None) -> Said:
        """Put the values into the form."""
        text = super().__new__(cls, form.format(**values or {}))
        text.form, text.values = form, values or {}
        return text

    def __reduce__(self) -> tuple[type, tuple[str, dict[str, str]]]:
        return Said, (self.form, self.values)


def said(form: str, /, **values: object) -> Said:
    """Return words of an error that can be said in another language too.

    Parameters
    ----------
    form : str
        English, with names in braces for what differs from case to case.
    values : object
        What stands for them.

    Returns
    -------
    Said
        The English text.

    Examples
    --------
    >>> said("is larger than {size} MB", size=50)
    'is larger than 50 MB'
    """
    return Said(form, {name: value if isinstance(value, str) else str(value) for name, value in values.items()})


class KlastersimError(Exception):
    """Base of all errors that klastersim raises on purpose."""


class InputError(KlastersimError):
    """Something given by the user cannot be used.

    The message says where, which key, what was found, what is allowed and what to do::

        failure.toml: programme.channel = "grup" is not one of "individual", "group". Did you mean "group"?

    Parameters
    ----------
    where : str
        The file, or the call or option that brought the value: "--set", "from_dict".
    key : str, optional
        Dotted key of the parameter; empty when the error concerns the file as a whole.
    found : object, optional
        The value found; left out when there is none.
    allowed : str, optional
        What is allowed, worded to follow "is not": 'one of "individual", "group"', "a number from 0 to 1".
    remedy : str, optional
        What to do about it, as a whole sentence.
    problem : str, optional
        Replaces "is not `allowed`" where that would be no sentence: "is a folder".

    Attributes
    ----------
    where, key, found, allowed, remedy, problem
        As given.
    problems : tuple of InputError
        The single errors, where this one gathers several; otherwise itself alone.
    """

    def __init__(
        self,
        where: str,
        key: str = "",
        found: Any = ABSENT,
        allowed: str = "",
        remedy: str = "",
        problem: str = "",
    ) -> None:
        # The arguments go to Exception as they are, so that the error can be sent from a worker process.
        super().__init__(where, key, found, allowed, remedy, problem)
        self.where = where
        self.key = key
        self.found = found
        self.allowed = allowed
        self.remedy = remedy
        self.problem = problem

    @property
    def problems(self) -> tuple[InputError, ...]:
        """The single errors in this one."""
        return (self,)

    def __str__(self) -> str:
        """Return the message in the house form."""
        subject = self.key
        if self.found is not ABSENT:
            subject = f"{self.key} = {shown(self.found)}" if self.key else shown(self.found)
        verdict = self.problem or f"is not {self.allowed}"
        sentence = f"{self.where}: {subject} {verdict}." if subject else f"{self.where}: {verdict}."
        return f"{sentence} {self.remedy}".rstrip()


class InputErrors(InputError):
    """Several input errors found in one go, one per line of the message.

    Parameters
    ----------
    problems : sequence of InputError
        The single errors, at least one. The fields of the first become the fields of this error.
    """

    def __init__(self, problems: Sequence[InputError]) -> None:
        first = problems[0]
        super().__init__(first.where, first.key, first.found, first.allowed, first.remedy, first.problem)
        self.args = (tuple(problems),)
        self._problems = tuple(problems)

    @property
    def problems(self) -> tuple[InputError, ...]:
        """The single errors in this one."""
        return self._problems

    def __str__(self) -> str:
        """Return one message per line, up to `MOST_LISTED`."""
        lines = [str(problem) for problem in self._problems[:MOST_LISTED]]
        if len(self._problems) > MOST_LISTED:
            lines.append(f"and {len(self._problems) - MOST_LISTED} more")
        return "\n".join(lines)


def refuse(problems: Sequence[InputError]) -> None:
    """Raise the errors collected, if there are any.

    Parameters
    ----------
    problems : sequence of InputError
        What a check collected.

    Raises
    ------
    InputError
        The single error, or one that lists them all.
    """
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise InputErrors(problems)


def nearest(name: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the known name most like a misspelt one.

    Parameters
    ----------
    name : str
        What was written.
    known : iterable of str
        What could have been meant.
    likeness : float
        How alike they must be, from 0 to 1.

    Returns
    -------
    str or None
        The nearest name, None if nothing is near.

    Examples
    --------
    >>> nearest("grup", ["individual", "group"])
    'group'
    """
    by_lower_case = {candidate.lower(): candidate for candidate in known}
    # difflib compares every pair of letters, so a pasted novel would keep it busy for minutes.
    matches = difflib.get_close_matches(name[:200].lower(), by_lower_case, n=1, cutoff=likeness)
    return by_lower_case[matches[0]] if matches else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the sentence that suggests the nearest known name.

    Parameters
    ----------
    name : str
        What was written.
    known : iterable of str
        What could have been meant.

    Returns
    -------
    str
        'Did you mean "..."?', or nothing if no known name is near.

    Examples
    --------
    >>> did_you_mean("grup", ["individual", "group"])
    'Did you mean "group"?'
    """
    guess = nearest(name, known)
    return said('Did you mean "{guess}"?', guess=guess) if guess is not None else ""


def shown(value: Any) -> str:
    """Return a value as a user would write it in TOML, shortened to fit in a line.

    Parameters
    ----------
    value : object
        Any value.

    Returns
    -------
    str
        At most about `LONGEST_SHOWN` characters, in one line.

    Examples
    --------
    >>> shown("grup"), shown(True), shown({"firms": 3})
    ('"grup"', 'true', '{firms = 3}')
    """
    text = _as_toml(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."


def _as_toml(value: Any) -> str:
    """Write a value in the manner of TOML, in one line; long contents are cut before they are written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value[:LONGEST_SHOWN].encode("unicode_escape").decode("ascii").replace('"', '\\"') + '"'
    if isinstance(value, int) and value.bit_length() > 200:
        # Python refuses to write integers of more than 4,300 digits.
        return said("a whole number of {bits} bits", bits=value.bit_length())
    if isinstance(value, dict):
        pairs = list(value.items())[:4]
        inner = ", ".join(f"{name} = {'{...}' if isinstance(item, dict) else shown(item)}" for name, item in pairs)
        return "{" + inner + (", ..." if len(value) > len(pairs) else "") + "}"
    if isinstance(value, list | tuple):
        inner = ", ".join("[...]" if isinstance(item, list | tuple) else shown(item) for item in value[:4])
        return "[" + inner + (", ..." if len(value) > 4 else "") + "]"
    return " ".join(str(value).split())
