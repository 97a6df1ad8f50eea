"""The two READMEs tell the same, each in its language."""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGLISH, INDONESIAN = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.id.md"))
BOTH = pytest.mark.parametrize("text", [ENGLISH, INDONESIAN], ids=["en", "id"])


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def code(text: str) -> list[str]:
    """Tokens of Python code without its comments."""
    left_out = (tokenize.COMMENT, tokenize.NL)
    return [each.string for each in tokenize.generate_tokens(io.StringIO(text).readline) if each.type not in left_out]


def quoted(text: str) -> list[str]:
    """What stands in backquotes outside blocks of code."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))


def links(text: str) -> list[str]:
    return [target for target in re.findall(r"\]\(([^)]+)\)", text) if not target.startswith("README")]


def test_both_have_the_same_commands() -> None:
    assert blocks(ENGLISH, "sh") == blocks(INDONESIAN, "sh") != []
    assert quoted(ENGLISH) == quoted(INDONESIAN)


def test_both_have_the_same_python_but_for_comments() -> None:
    (english,), (indonesian,) = blocks(ENGLISH, "python"), blocks(INDONESIAN, "python")
    assert code(english) == code(indonesian)
    assert english != indonesian


def test_both_have_the_same_pictures_and_links_and_lead_to_each_other() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", ENGLISH)
    assert pictures == re.findall(r"!\[[^\]]+\]\(([^)]+)\)", INDONESIAN) != []
    assert links(ENGLISH) == links(INDONESIAN)
    assert "(README.id.md)" in ENGLISH
    assert "(README.md)" in INDONESIAN


def test_both_have_the_same_headings_tables_and_lists() -> None:
    for mark in ("#", "|", "- "):
        count = [sum(line.startswith(mark) for line in text.splitlines()) for text in (ENGLISH, INDONESIAN)]
        assert count[0] == count[1] > 0, mark


@BOTH
def test_every_link_leads_to_a_file(text: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        assert target.startswith("https://") or (ROOT / target).exists(), target
