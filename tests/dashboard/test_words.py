from __future__ import annotations

import ast
import re
import string
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import klastersim
from klastersim.dashboard.cluster import SAYS
from klastersim.figures.words import LOCALES, Words, catalogue
from klastersim.scenario.catalogue import CATALOGUE

PACKAGE = Path(klastersim.__file__).parent
SOURCES = sorted(
    path
    for name in ("dashboard", "figures")
    for path in (PACKAGE / name).rglob("*.py")
    if "klastersim.figures.words" in path.read_text(encoding="utf-8")
    or "session.words" in path.read_text(encoding="utf-8")
)

#: Messages that are looked up by the name of something declared elsewhere.
DECLARED = (
    {f"choice.{choice}" for each in CATALOGUE.values() for choice in each.choices}
    | {f"section.{each.section}" for each in CATALOGUE.values()}
    | {f"map.{name}" for name in SAYS}
)


def asked() -> set[str]:
    """Return the keys that the source asks for; a part that is only known when the page runs is a star."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and _speaks(node.func):
                found |= _keys(node.args[0])
    return found


def _speaks(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id == "words"
    # In the class of the words itself the messages are asked of self.
    return (isinstance(called, ast.Attribute) and called.attr == "words") or isinstance(called, ast.Name)


def _keys(argument: ast.expr) -> set[str]:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return {argument.value}
    if isinstance(argument, ast.JoinedStr):
        return {"".join(part.value if isinstance(part, ast.Constant) else "*" for part in argument.values)}
    if isinstance(argument, ast.IfExp):
        return _keys(argument.body) | _keys(argument.orelse)
    raise AssertionError(f"a message is asked for in a way that no test can read: {ast.unparse(argument)}")


#: Nouns that are counted.
COUNTED = ("firm", "month")

OWN = {"money.billion", "money.million"} | {f"count.{noun}_{form}" for noun in COUNTED for form in ("one", "many")}


@pytest.mark.parametrize("language", LOCALES)
def test_every_message_that_the_page_asks_for_is_there(language):
    there = catalogue(language)
    fixed = {key for key in asked() if "*" not in key}
    assert sorted(key for key in fixed | DECLARED | OWN if key not in there) == []
    families = {key for key in asked() if "*" in key}
    assert sorted(family for family in families if not any(fnmatchcase(key, family) for key in there)) == []


@pytest.mark.parametrize("language", LOCALES)
def test_no_message_is_left_over(language):
    wanted = asked() | DECLARED | OWN
    assert sorted(key for key in catalogue(language) if not any(fnmatchcase(key, each) for each in wanted)) == []


def test_both_languages_have_the_same_messages_with_the_same_gaps():
    gaps = [
        {key: sorted({name for _, name, _, _ in string.Formatter().parse(text) if name}) for key, text in each.items()}
        for each in map(catalogue, LOCALES)
    ]
    assert gaps[0] == gaps[1]


def test_a_message_of_one_language_is_not_that_of_the_other():
    same = {key for key, text in catalogue("id").items() if text == catalogue("en")[key]}
    without_words = {key for key in same if not re.search(r"[a-z]{3}", re.sub(r"\{\w+\}", "", catalogue("id")[key]))}
    assert same - without_words == {"language.id", "language.en", "chart.programme", "controls.programme"} & same


def test_numbers_take_the_form_of_their_language():
    indonesian, english = Words("id"), Words("en")
    assert (indonesian.number(1234.5), english.number(1234.5)) == ("1.234", "1,234")
    assert (indonesian.number(12.34), english.number(12.34)) == ("12,3", "12.3")
    assert (indonesian.share(0.1234, 1), english.share(0.1234, 1)) == ("12,3%", "12.3%")
    assert (indonesian.rupiah(2_500.0), english.rupiah(2_500.0)) == ("Rp 2,5 miliar", "Rp 2.5 billion")
    assert (indonesian.rupiah(11.23), english.rupiah(11.23)) == ("Rp 11,2 juta", "Rp 11.2 million")


def test_a_typed_number_is_read_in_the_form_of_its_language():
    assert Words("id").parse("1.234,5") == Words("en").parse("1,234.5") == 1234.5
    for words, text in ((Words("id"), "12.5"), (Words("en"), "12,5"), (Words("id"), "=1+1"), (Words("en"), "")):
        with pytest.raises(ValueError):  # noqa: PT011
            words.parse(text)


@pytest.mark.parametrize("value", [0.1, 22.0, 1e-7, 0.00125, 12345.678, 7])
def test_what_a_field_shows_is_read_back_as_the_same_number(value):
    for language in LOCALES:
        words = Words(language)
        assert words.parse(words.exact(value)) == value


def test_dates_take_the_form_of_their_language():
    when = datetime(2026, 8, 17, 9, 30, tzinfo=UTC)
    assert "17 Agustus 2026" in Words("id").moment(when)
    assert "17 August 2026" in Words("en").moment(when)
