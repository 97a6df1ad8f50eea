"""A table as a spreadsheet exports it: which characters, which separator, which decimal mark, which line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from klastersim.errors import MOST_LISTED, InputError, did_you_mean, refuse, said

#: Largest table that is read.
MOST_BYTES: Final = 50_000_000

#: Separators that spreadsheets use, the likelier first where a header holds as many of each.
SEPARATORS: Final = (";", "\t", ",")

SAVE_AS_CSV: Final = said('In a spreadsheet, save the sheet as "CSV UTF-8".')

_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_COMMA: Final = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)?,\d+([eE][+-]?\d{1,3})?", re.ASCII)
_THOUSANDS: Final = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+", re.ASCII)
_FORMULA: Final = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a table may have.

    Parameters
    ----------
    name : str
        As it is written in the first line; capitals do not count.
    indonesian : str
        The other name by which it is known.
    """

    name: str
    indonesian: str


class Sheet:
    """The rows of a table, each with its line.

    Parameters
    ----------
    name : str
        The file, for errors.
    content : bytes
        What is in it: UTF-8, or UTF-16 with a byte order mark.
    columns : sequence of Column
        What may stand in it.
    needed : sequence of str
        Which of these must.

    Raises
    ------
    InputError
        If it is no such table: no text, no header, a column that is missing, misspelt or there twice.
    """

    def __init__(self, name: str, content: bytes, columns: Sequence[Column], needed: Sequence[str] = ()) -> None:
        self.name = name
        self._content = content
        self._encoding = _encoding(name, content)
        self._separator, self._skipped = self._find_separator()
        self._called: dict[str, str] = {}
        self._width, self.places, self.unused = self._read_header(columns, needed)

    @property
    def decimal_comma(self) -> bool:
        """Whether a comma in a number is its decimal mark: it is, where it does not part the cells."""
        return self._separator != ","

    def rows(self, most: int, what: str) -> Iterator[tuple[int, list[str]]]:
        """Go through the rows that hold anything.

        Parameters
        ----------
        most : int
            Largest number of rows.
        what : str
            What a row is, for the error: "firms".

        Yields
        ------
        line : int
            The line of the file in which the row begins, from 1.
        cells : list of str
            One for each column of the header, without spaces around them.

        Raises
        ------
        InputError
            If a row has fewer or more cells than the header, is no CSV, or there are too many.
        """
        count = 0
        for line, row in self._lines():
            if line == self._skipped + 1 or not any(row):
                continue
            count += 1
            if count > most:
                problem = said("has more than {most} {what}", most=f"{most:,}", what=what)
                raise InputError(
                    self.name, problem=problem, remedy=said("Leave out all but {most} of them.", most=f"{most:,}")
                )
            if len(row) != self._width and (len(row) < self._width or any(row[self._width :])):
                raise self._ragged(line, row)
            yield line, row

    def cell(self, row: Sequence[str], column: str) -> str:
        """Return what stands in a column of a row; nothing where there is no such column."""
        place = self.places.get(column)
        return "" if place is None else row[place]

    def error(self, line: int, column: str, found: str, allowed: str, remedy: str = "") -> InputError:
        """Return the error for a cell, with the column as the table calls it."""
        return InputError(
            said("{name}, line {line}", name=self.name, line=line),
            self._called.get(column, column),
            found,
            allowed,
            remedy,
        )

    def number(self, line: int, column: str, text: str, low: float, high: float, whole: bool = False) -> float:
        """Return the number in a cell.

        Parameters
        ----------
        line : int
            Where the cell stands.
        column, text : str
            Its column, and what is in it.
        low, high : float
            Bounds, inclusive.
        whole : bool
            Whether it must be a whole number.

        Returns
        -------
        float
            The number.

        Raises
        ------
        InputError
            If it is no number, ambiguous or out of bounds.
        """
        plain, remedy = (text, "") if self._is_plain(text) else self._plain(text)
        if plain is not None:
            value = float(plain)
            if low <= value <= high and not (whole and not value.is_integer()):
                return value + 0.0
        form = "a whole number from {low} to {high}" if whole else "a number from {low} to {high}"
        allowed = said(form, low=_written(low), high=_written(high))
        raise self.error(line, column, text, allowed, remedy)

    def _is_plain(self, text: str) -> bool:
        """Whether a number needs no second look: no other reading, and nothing that float takes and we do not."""
        return _NUMBER.fullmatch(text) is not None and not (self.decimal_comma and "." in text)

    def label(self, line: int, column: str, text: str) -> str:
        """Return the name in a cell, refusing what a spreadsheet would take for a formula."""
        allowed = said("a name of 1 to 100 characters in one line")
        if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text):
            remedy = said("It begins like a formula: begin it with a letter or a digit.")
            raise self.error(line, column, text, allowed, remedy)
        if not text or len(text) > 100 or not text.isprintable():
            raise self.error(line, column, text, allowed)
        return text

    def _plain(self, text: str) -> tuple[str | None, str]:
        """Return a number with a decimal point, or none and what to do."""
        if self.decimal_comma and _THOUSANDS.fullmatch(text):
            whole, parts = text.replace(".", ""), text.count(".")
            if parts > 1:
                return None, said("The points may part thousands: write {whole}.", whole=whole)
            form = "The points may part thousands: write {whole}, or {comma} with a decimal comma."
            return None, said(form, whole=whole, comma=text.replace(".", ","))
        if _NUMBER.fullmatch(text):
            return text, ""
        if _COMMA.fullmatch(text):
            point = text.replace(".", "").replace(",", ".")
            return (
                (point, "")
                if self.decimal_comma
                else (None, said("Write it with a decimal point: {point}.", point=point))
            )
        if text.startswith(_FORMULA) and len(text) > 1:
            return None, said("Put the value in place of the formula.")
        return None, "" if text else said("Fill it in.")

    def _ragged(self, line: int, row: Sequence[str]) -> InputError:
        remedy = said("Give each column its cell, empty if need be.")
        if self._separator == "," and len(row) > self._width:
            remedy = said("If the numbers have decimal commas, part the cells by semicolons.")
        problem = said("has {count} cells, the first line {width}", count=len(row), width=self._width)
        return InputError(said("{name}, line {line}", name=self.name, line=line), problem=problem, remedy=remedy)

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        """Go through all lines as cells; nothing is held but the line at hand."""
        with io.TextIOWrapper(io.BytesIO(self._content), self._encoding, newline="") as text:
            for _ in range(self._skipped):
                text.readline()
            reader = csv.reader(text, delimiter=self._separator, strict=True)
            line = self._skipped + 1
            try:
                for row in reader:
                    yield line, [cell.strip() for cell in row]
                    line = self._skipped + reader.line_num + 1
            except csv.Error as error:
                remedy = said("Close every quote that is opened, and write a quote inside a cell twice.")
                raise InputError(
                    said("{name}, line {line}", name=self.name, line=line),
                    problem=said("is not CSV ({reason})", reason=error),
                    remedy=remedy,
                ) from None

    def _find_separator(self) -> tuple[str, int]:
        """Return the separator, and how many lines stand before the header: one, where a spreadsheet names it there."""
        with io.TextIOWrapper(io.BytesIO(self._content), self._encoding, newline="") as text:
            first = text.readline(MOST_BYTES).rstrip("\r\n")
        named = first.strip().strip('"')
        if named.lower().startswith("sep=") and named[4:] in SEPARATORS:
            return named[4:], 1
        bare = re.sub(r'"[^"]*"', "", first)
        return max(SEPARATORS, key=bare.count) if any(map(bare.count, SEPARATORS)) else ",", 0

    def _read_header(
        self, columns: Sequence[Column], needed: Sequence[str]
    ) -> tuple[int, Mapping[str, int], tuple[str, ...]]:
        """Return how many cells a row has, where each known column stands, and the columns that are not used."""
        where = said("{name}, line {line}", name=self.name, line=self._skipped + 1)
        header = next((row for _, row in self._lines()), [])
        known = {name: column.name for column in columns for name in (column.name, column.indonesian)}
        must = said("a table with the columns {names}", names=", ".join(needed or [column.name for column in columns]))
        if not any(header):
            raise InputError(
                where, problem=said("is empty: it should name the columns"), remedy=said("Begin {must}.", must=must)
            )
        places: dict[str, int] = {}
        unused: list[str] = []
        problems: list[InputError] = []
        for place, written in enumerate(header):
            plain = re.sub(r"[\s\-]+", "_", written.lower())
            column = known.get(plain)
            if column is None:
                remedy = did_you_mean(plain, known) if plain else ""
                if remedy:
                    allowed = said("one of the columns {names}", names=", ".join(column.name for column in columns))
                    problems.append(InputError(where, "", written, allowed, remedy))
                elif written:
                    unused.append(written)
            elif column in places:
                problems.append(
                    InputError(where, "", written, problem=said("stands twice"), remedy=said("Remove one column."))
                )
            else:
                places[column] = place
                self._called[column] = written
        missing = [name for name in needed if name not in places]
        if not problems and (missing or not places):
            remedy = (
                said("Add the column {name} to the first line.", name=missing[0])
                if missing
                else said("Name a column in the first line.")
            )
            problems.append(InputError(where, "", self._separator.join(header), must, remedy))
        refuse(problems)
        return len(header), places, tuple(unused)


class Problems:
    """Collects errors up to the number that a message lists; then it is enough."""

    def __init__(self) -> None:
        self.found: list[InputError] = []

    def add(self, error: InputError) -> None:
        """Note an error; raise all, once there are as many as can be told."""
        self.found += error.problems
        if len(self.found) >= MOST_LISTED:
            refuse(self.found)

    def refuse(self) -> None:
        """Raise what was noted, if anything was."""
        refuse(self.found)


def _written(bound: float) -> str:
    return str(int(bound)) if float(bound).is_integer() else f"{bound:g}"


def _encoding(name: str, content: bytes) -> str:
    """Return the encoding of a table, or refuse what is none."""
    if len(content) > MOST_BYTES:
        raise InputError(
            name,
            problem=said("is larger than {size} MB", size=MOST_BYTES // 1000000),
            remedy=said("Leave out what it need not hold."),
        )
    if content.startswith(b"PK\x03\x04"):
        raise InputError(name, problem=said("is a workbook, not CSV"), remedy=SAVE_AS_CSV)
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in content and not wide:
        raise InputError(name, problem=said("is binary, not text"), remedy=SAVE_AS_CSV)
    encoding = "utf-16" if wide else "utf-8-sig"
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = said(
            "holds the byte 0x{byte}, which is not text in {encoding}",
            byte=f"{content[error.start]:02X}",
            encoding=encoding.upper().removesuffix("-SIG"),
        )
        raise InputError(said("{name}, line {line}", name=name, line=line), problem=byte, remedy=SAVE_AS_CSV) from None
    return encoding
