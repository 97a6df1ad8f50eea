"""From a file, a dictionary or the command line to dotted keys and raw values."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from klastersim.errors import LONGEST_SHOWN, InputError, did_you_mean, nearest, said, shown
from klastersim.scenario.catalogue import CATALOGUE, SECTIONS, unknown

FORMAT: Final = 1
HEAD: Final = ("format", "preset", "name", "title", "events")
#: A complete scenario is about 30 kB; what is a thousand times that is something else.
MOST_BYTES: Final = 50_000_000
#: How to begin a scenario.
BEGINNING: Final = said(
    'Write preset = "sentra" to take the default as it is, or start from: klastersim presets sentra --toml'
)
#: How to give events.
WHOLE_EVENTS: Final = said("Write events as [[events]] in a scenario file, all of them together.")
_BARE_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")
_POSITION: Final = re.compile(
    r"(?P<reason>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.S
)
_SYNTAX_REMEDIES: Final = {
    "overwrite": said("Give each key once."),
    "twice": said("Write each section once."),
    "mutate": said("Write each section and each key once."),
    "Invalid value": said(
        "Put text in quotes; write true and false in lower case, and a digit before and after a point."
    ),
    "Expected newline": said("Write one key = value to a line, with a decimal point and no comma."),
    "Expected '='": said("Write key = value."),
    "Illegal character": said(
        "Text ends on its line with the quote it began with; a backslash in it is written twice."
    ),
    "Unescaped": said("A backslash in text is written twice."),
    "Unclosed": said("A bracket is not closed."),
    "Unterminated": said("Text is not closed with the quote it began with."),
    "Expected \"'''\"": said("Text is not closed with the quotes it began with."),
    'Expected \'"""\'': said("Text is not closed with the quotes it began with."),
    "Expected ']'": said("Write a section as [section]."),
    "Invalid initial character": said("Write key = value, or [section]."),
    "Invalid statement": said("Write key = value, or [section]."),
}


class Raw(NamedTuple):
    """What was read, before any value is checked.

    Parameters
    ----------
    head : dict of str to object
        The top-level entries in `HEAD` that were given.
    values : dict of str to object
        Dotted keys of parameters, and what was given for them.
    problems : list of InputError
        What could not be read.
    """

    head: dict[str, Any]
    values: dict[str, Any]
    problems: list[InputError]


def read_toml(path: str | os.PathLike[str], if_empty: str = BEGINNING) -> dict[str, Any]:
    """Return what a TOML file says.

    Parameters
    ----------
    path : str or path-like
        The file; UTF-8, with or without a byte order mark.
    if_empty : str
        What to do where nothing is said in it.

    Returns
    -------
    dict
        Nested tables.

    Raises
    ------
    InputError
        If it cannot be opened, is no text in UTF-8, no TOML, or empty.
    """
    where = os.fspath(path)
    if not where:
        raise InputError("scenario", "", "", said("the path of a file"), said("Name a preset or a TOML file."))
    return parse_toml(_content(where), where, if_empty)


def parse_toml(content: bytes, where: str, if_empty: str = BEGINNING) -> dict[str, Any]:
    """Return what the content of a TOML file says.

    Parameters
    ----------
    content : bytes
        The content; UTF-8, with or without a byte order mark.
    where : str
        The file that errors name.
    if_empty : str
        What to do where nothing is said in it.

    Returns
    -------
    dict
        Nested tables.

    Raises
    ------
    InputError
        If it is no text in UTF-8, no TOML, or empty.
    """
    text = _decoded(content, where)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(error, text, where) from None
    except RecursionError:
        raise InputError(
            where, problem=said("is nested too deeply"), remedy=said("Sections are two or three names deep.")
        ) from None
    except ValueError:
        # The one other error that tomllib lets through: an integer of more digits than Python converts.
        place = re.search(r"\d[\d_]{4000,}", text)
        number = text.count("\n", 0, place.start() if place else None) + 1
        problem = said("holds a number of more than 4,000 digits")
        raise InputError(
            where, said("line {number}", number=number), problem=problem, remedy=said("Numbers reach up to 1.797e308.")
        ) from None
    if not tables:
        raise InputError(where, problem=said("is empty"), remedy=if_empty)
    return tables


def flatten(tables: Any, where: str, *, quoted_dots: bool = True) -> Raw:
    """Take nested tables apart into dotted keys.

    Parameters
    ----------
    tables : mapping
        Nested tables, dotted keys, or both.
    where : str
        What brought them.
    quoted_dots : bool
        Whether a name may itself be dotted. In a file it may not: ``"cluster.firms"`` in quotes is one name there.

    Returns
    -------
    Raw
        Keys that exist, with raw values; problems for all others.
    """
    raw = Raw({}, {}, [])
    if not isinstance(tables, Mapping):
        raw.problems.append(InputError(where, "", tables, said("a table of keys and values")))
        return raw
    for key, value in _leaves(tables, "", where, quoted_dots, raw.problems):
        if key in HEAD:
            raw.head[key] = value
        elif key in raw.values:
            remedy = said("It is {other} in another place; give it once.", other=shown(raw.values[key]))
            raw.problems.append(InputError(where, key, value, problem=said("is given twice"), remedy=remedy))
        else:
            raw.values[key] = value
    return raw


def _leaves(
    table: Mapping[Any, Any], section: str, where: str, quoted_dots: bool, problems: list[InputError]
) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if not isinstance(name, str):
            problems.append(InputError(where, section or "", name, said("a key"), said("Keys are text.")))
            continue
        key = f"{section}.{name}" if section else name
        problem = _misplaced(name, key, section, value, where, quoted_dots)
        if problem is not None:
            problems.append(problem)
        elif key in SECTIONS:
            yield from _leaves(value, key, where, quoted_dots, problems)
        else:
            yield key, value


def _misplaced(name: str, key: str, section: str, value: Any, where: str, quoted_dots: bool) -> InputError | None:
    """Say what is wrong with a key, or with a table in the place of a value and the other way round."""
    if not section and key in HEAD:
        return None
    if "." in name and not quoted_dots and (key in CATALOGUE or key in SECTIONS):
        written = f'{section}."{name}"' if section else f'"{name}"'
        problem = said("has its dots inside quotes, which makes it a single name")
        return InputError(
            where, written, value, problem=problem, remedy=said("Write {name} without quotes.", name=name)
        )
    if key in CATALOGUE:
        if not isinstance(value, Mapping):
            return None
        known = CATALOGUE[key]
        remedy = said(
            "Write {name} = {default} under [{section}], for instance.",
            name=known.name,
            default=shown(known.default),
            section=known.section,
        )
        return InputError(where, key, value, known.allowed, remedy)
    if section == "" and name.partition(".")[0] == "events":
        return InputError(where, key, value, problem=said("names a part of an event"), remedy=WHOLE_EVENTS)
    if key not in SECTIONS or not name:
        return unknown(f"{section}.{_written(name)}" if section else _written(name), value, where)
    if isinstance(value, Mapping):
        return None
    names = ", ".join(SECTIONS[key][:3])
    if isinstance(value, list):
        return InputError(where, key, value, said("one section"), said("Write [{key}] in single brackets.", key=key))
    return InputError(
        where,
        key,
        value,
        said("a section"),
        said("Write [{key}] and under it its keys: {names}, ...", key=key, names=names),
    )


def _written(name: str) -> str:
    """Return a name as it must be written in TOML, short enough for a message."""
    if _BARE_NAME.fullmatch(name) and len(name) <= 60:
        return name
    if len(name) <= 60 and all(_BARE_NAME.fullmatch(part) for part in name.split(".")):
        return name
    return shown(name)


def parse_setting(text: str) -> tuple[str, Any]:
    """Take one ``--set path.to.key=value`` of the command line apart.

    Parameters
    ----------
    text : str
        Key, equals sign, value. The value is read as TOML; what is no TOML is text, so ``ties.kind=all`` needs no
        quotes, and neither does any value of a parameter that is text.

    Returns
    -------
    key : str
        Dotted key; whether it exists is found out where it is used.
    value : object
        Raw value, to be checked by ``Scenario.replace({key: value}, where="--set")``.

    Raises
    ------
    InputError
        If there is no equals sign, no key or no value.

    Examples
    --------
    >>> parse_setting("programme.channel=group")
    ('programme.channel', 'group')
    >>> parse_setting("cluster.firms = 150")
    ('cluster.firms', 150)
    """
    key, equals, written = (part.strip() for part in text.partition("="))
    example = said("Write it as --set cluster.firms=150.")
    if not equals:
        guess = did_you_mean(key, CATALOGUE) if key not in CATALOGUE else ""
        raise InputError(
            "--set",
            "",
            text,
            said("of the form key=value"),
            said("{guess} {example}", guess=guess, example=example) if guess else example,
        )
    if key.partition(".")[0].partition("[")[0] == "events":
        raise InputError("--set", key, written, problem=said("cannot be set: events are tables"), remedy=WHOLE_EVENTS)
    if not key:
        raise InputError("--set", "", text, problem=said("has no key before the equals sign"), remedy=example)
    known = CATALOGUE.get(key)
    if not written:
        remedy = said("It must be {allowed}.", allowed=known.allowed) if known else example
        raise InputError("--set", key, problem=said("has no value after the equals sign"), remedy=remedy)
    value = _toml_value(written)
    if known is not None and isinstance(known.default, str) and not isinstance(value, str):
        return key, written
    if known is not None and known.is_number and value == written:
        # TOML wants a digit on both sides of the point; a command line is read more kindly.
        return key, _number(written)
    return key, value


def _toml_value(written: str) -> Any:
    try:
        tables = tomllib.loads(f"value = {written}")
    except (ValueError, RecursionError):
        return written
    return tables["value"] if tables.keys() == {"value"} else written


def _number(written: str) -> float | str:
    try:
        return float(written)
    except ValueError:
        return written


def head(raw: Raw, where: str) -> list[InputError]:
    """Return what is wrong with the top-level entries of a scenario.

    Parameters
    ----------
    raw : Raw
        What was read.
    where : str
        What brought it.

    Returns
    -------
    list of InputError
        Problems of `format`, `name` and `title`; a preset is looked up where presets are known.
    """
    problems = []
    version = raw.head.get("format", FORMAT)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        problems.append(
            InputError(where, "format", version, said("{format}, the format that this klastersim reads", format=FORMAT))
        )
    elif version > FORMAT:
        newer = said("is newer than what this klastersim reads, format {format}", format=FORMAT)
        problems.append(InputError(where, "format", version, problem=newer, remedy=said("Install a newer klastersim.")))
    for key in ("name", "title"):
        text = raw.head.get(key, key)
        if not (isinstance(text, str) and text.strip() and len(text) <= 200 and text.isprintable()):
            allowed = said("text in quotes, 1 to 200 characters in one line")
            problems.append(InputError(where, key, text, allowed))
    return problems


def resolve(path: str, folder: Path, key: str, where: str) -> str:
    """Return the absolute path of a file that a parameter names, once it has been opened for reading.

    Parameters
    ----------
    path : str
        Path as given, relative to `folder` or absolute; "" for none.
    folder : Path
        Folder of the scenario file, or the present one.
    key, where : str
        Parameter and what brought it, for errors.

    Returns
    -------
    str
        Absolute path, or "".

    Raises
    ------
    InputError
        If there is no such file or it cannot be read.
    """
    if not path:
        return ""
    whole = (folder / path).absolute()
    try:
        with whole.open("rb"):
            return str(whole)
    except OSError as error:
        problem, remedy = _refusal(error, str(whole))
    raise InputError(where, key, path, problem=problem, remedy=remedy)


def _content(where: str) -> bytes:
    """Read a file, but no endless one: a pipe is welcome, a device is not."""
    try:
        with open(where, "rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        problem, remedy = _refusal(error, where)
    except ValueError:
        problem, remedy = said("is no path: it holds a zero character"), ""
    else:
        if len(content) <= MOST_BYTES:
            return content
        problem = said("is larger than {size} MB", size=MOST_BYTES // 1000000)
        remedy = said("A scenario is a TOML file of some hundred lines.")
    raise InputError(where, problem=problem, remedy=remedy)


def _refusal(error: OSError, path: str) -> tuple[str, str]:
    """Return what is wrong with a path that could not be opened, and what to do."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return said("does not exist"), _neighbour(Path(path))
    if isinstance(error, IsADirectoryError) or os.path.isdir(path):
        return said("is a folder, not a file"), said("Name a file in it.")
    if isinstance(error, PermissionError):
        return said("may not be read by this user"), said("Change its permissions, or copy it.")
    return said("cannot be read ({reason})", reason=error.strerror or error), ""


def _neighbour(path: Path) -> str:
    """Suggest the file beside a missing one whose name is most like it."""
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return said("There is no folder {folder}.", folder=path.parent)
    guess = nearest(path.name, names)
    return (
        said('Did you mean "{guess}"?', guess=path.parent / guess)
        if guess
        else said("Looked in {folder}.", folder=path.parent.absolute())
    )


def _decoded(content: bytes, where: str) -> str:
    remedy = said("Save it as text in UTF-8.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(where, problem=said("is text in UTF-16, not in UTF-8"), remedy=remedy)
    if b"\0" in content:
        raise InputError(where, problem=said("is binary, not text"), remedy=said("A scenario is a TOML file."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = said("line {line} holds the byte 0x{byte}", line=line, byte=f"{content[error.start]:02X}")
        raise InputError(where, problem=said("is not text in UTF-8: {byte}", byte=byte), remedy=remedy) from None


def _syntax_error(error: tomllib.TOMLDecodeError, text: str, where: str) -> InputError:
    """Return tomllib's complaint with the line it is about and what to do."""
    position = _POSITION.fullmatch(str(error))
    reason = " ".join(position["reason"].split()) if position else str(error)
    remedy = next((remedy for sign, remedy in _SYNTAX_REMEDIES.items() if sign in reason), "")
    lines = text.split("\n")
    # tomllib counts from 1, and speaks of the end of the document where the last statement is wrong.
    number = int(position["line"]) if position and position["line"] else len(text.rstrip().split("\n"))
    line = lines[number - 1].strip() if number <= len(lines) else ""
    line = "".join(character if character.isprintable() else " " for character in line[:LONGEST_SHOWN])
    return InputError(
        where,
        said("line {number}", number=number),
        problem=said("is not TOML: {line} ({reason})", line=line, reason=reason),
        remedy=remedy,
    )
