"""Every parameter speaks both languages."""

import re
import tomllib

import pytest

from klastersim.scenario import PARAMETERS, Parameter, Scenario
from klastersim.scenario.words import GRADES, GRADES_ID, LANGUAGES, UNITS_ID

#: Words of English that no Indonesian sentence holds.
ENGLISH = {"the", "of", "and", "is", "that", "which", "with", "a", "are", "share", "firms", "firm's", "each", "or"}


def words(text: str) -> set[str]:
    """Words of a text, what stands in parentheses left out: there values and columns are named."""
    return set(re.findall(r"[a-z']+", re.sub(r"\([^)]*\)", "", text.lower())))


@pytest.mark.parametrize("declared", PARAMETERS, ids=lambda declared: declared.key)
def test_a_parameter_has_words_of_its_own_in_indonesian(declared: Parameter) -> None:
    # Columns of a CSV are named as they are written.
    text = declared.help_id.replace("firm (usaha)", "").replace("partner (mitra)", "")
    assert declared.help_id != declared.help
    assert not words(text) & ENGLISH
    assert re.match(r"[A-Z0-9].*\.$", declared.help_id)
    assert declared.unit in UNITS_ID


def test_every_word_to_choose_is_explained_in_indonesian() -> None:
    for declared in PARAMETERS:
        for choice in declared.choices:
            assert f"({choice})" in declared.help_id, (declared.key, choice)


def test_every_grade_has_words_in_both_languages() -> None:
    assert GRADES.keys() == GRADES_ID.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_in_either_language_holds_the_same_values(language: str) -> None:
    scenario = Scenario.preset("gap-trust")
    assert Scenario.from_dict(tomllib.loads(scenario.to_toml(language))) == scenario


def test_every_comment_of_an_indonesian_file_is_in_indonesian() -> None:
    comments = [line for line in Scenario.preset("sentra").to_toml("id").splitlines() if line.startswith("#")]
    explained = " ".join(line.strip("# ") for line in comments)
    for declared in PARAMETERS:
        told = declared.told("id")
        assert told.label == declared.label_id
        assert f"{told.help} Yang boleh: {told.allowed}" in explained
    for word in ("Allowed", "Default", "Grade", "The evidence", "assumption"):
        assert word not in explained, word
