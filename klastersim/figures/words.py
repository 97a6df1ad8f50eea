"""What page and figures say, in each language, and how that language writes numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import NumberFormatError, format_decimal, format_percent, parse_decimal

#: Languages, the first one when nobody chooses, and the locale whose forms each follows.
LOCALES: Final[Mapping[str, str]] = {"id": "id_ID", "en": "en_GB"}

#: What stands for a number that there is none of.
NOTHING: Final = "–"  # noqa: RUF001

MINUS: Final = "−"  # noqa: RUF001

THOUSAND: Final = 1_000.0
HUNDRED: Final = 100.0


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return all messages of a language by their dotted keys.

    Raises
    ------
    FileNotFoundError
        If there is no such language.
    """
    text = (files(__package__) / "texts" / f"{language}.toml").read_text(encoding="utf-8")
    return {
        f"{section}.{name}": message
        for section, messages in tomllib.loads(text).items()
        for name, message in messages.items()
    }


@dataclass(frozen=True)
class Words:
    """A language: its messages, and its forms of numbers and dates.

    Parameters
    ----------
    language : str
        "id" or "en".
    """

    language: str

    @property
    def locale(self) -> str:
        """The locale, as Babel writes it."""
        return LOCALES[self.language]

    def __call__(self, key: str, /, **values: str) -> str:
        """Return a message, with what stands for its "{...}"."""
        return catalogue(self.language)[key].format(**values)

    def raw(self, key: str) -> str:
        """Return a message as it is, for the browser to fill in."""
        return catalogue(self.language)[key]

    def number(self, value: float | None, digits: int | None = None) -> str:
        """Return a number in as many digits as a reader wants, or in `digits` behind the mark."""
        if value is None:
            return NOTHING
        if digits is None:
            size = abs(value)
            digits = 0 if size >= HUNDRED or value == int(value) else 1 if size >= 1.0 else 3
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(value, format=pattern, locale=self.locale)

    def exact(self, value: float) -> str:
        """Return a number with all its digits, as it would be typed."""
        if isinstance(value, int):
            return format_decimal(value, format="0", locale=self.locale)
        symbol = Locale.parse(self.locale).number_symbols["latn"]["decimal"]
        text = repr(value)
        return text.removesuffix(".0").replace(".", symbol) if "e" not in text else text

    def parse(self, text: str) -> float:
        """Return the number that was typed in the form of the language; ValueError where it is none."""
        try:
            return float(parse_decimal(text.strip(), locale=self.locale, strict=True))
        except NumberFormatError as error:
            raise ValueError(text) from error

    def share(self, value: float | None, digits: int = 0) -> str:
        """Return a share in per cent."""
        if value is None:
            return NOTHING
        pattern = "0" + ("." + "0" * digits if digits else "") + "%"
        return format_percent(value, format=pattern, locale=self.locale)

    def rupiah(self, million: float | None) -> str:
        """Return an amount of money, given in Rp million, in the unit in which it is spoken of."""
        if million is None:
            return NOTHING
        size = abs(million)
        if size >= THOUSAND:
            text = self("money.billion", amount=self.number(size / THOUSAND, 1))
        else:
            digits = 0 if size >= HUNDRED else 1 if size >= 1.0 or size == 0.0 else 2
            text = self("money.million", amount=self.number(size, digits))
        return f"{MINUS}{text}" if million < 0.0 else text

    def counted(self, noun: str, count: int) -> str:
        """Return a count with its noun, "firm" or "month", in the form that the language has for so many."""
        form = "one" if Locale.parse(self.locale).plural_form(count) == "one" else "many"
        return self(f"count.{noun}_{form}", count=self.number(count))

    def signed(self, text: str, value: float) -> str:
        """Return a number written by another method with a plus where it is above zero."""
        return f"+{text}" if value > 0.0 else text

    def choice(self, name: str) -> str:
        """Return a word that a parameter may be; one that has no words is shown as it is written in a file."""
        return catalogue(self.language).get(f"choice.{name}", name)

    def section(self, name: str) -> str:
        """Return what a section of the parameters is called; one that has no words is shown as in a file."""
        return catalogue(self.language).get(f"section.{name}", name)

    def moment(self, when: Any) -> str:
        """Return a date and time."""
        return format_datetime(when, format="long", locale=self.locale)


#: What the command line writes: its figures and its page are for whoever reads its help.
ENGLISH: Final = Words("en")
