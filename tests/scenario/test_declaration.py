"""A parameter refuses what it does not allow, and a declaration what contradicts itself."""

import dataclasses
import math
import pathlib
import pickle
from typing import Any

import numpy as np
import pytest

from klastersim.errors import InputError, InputErrors, nearest, refuse, shown
from klastersim.scenario.declaration import Parameter

WORDS: dict[str, Any] = {
    "unit": "",
    "label": "label",
    "label_id": "nama",
    "help": "What it means.",
    "help_id": "Artinya.",
    "grade": "A",
    "source": "assumption: made up",
}
COUNT = Parameter(key="table.count", default=3, low=1, high=12, **WORDS)
SHARE = Parameter(key="table.share", default=0.5, low=0, high=1, **WORDS)
SWITCH = Parameter(key="table.switch", default=True, **WORDS)
CHOICE = Parameter(key="table.choice", default="group", choices=("individual", "group"), **WORDS)
FILE = Parameter(key="table.file", default="", file=True, **WORDS)


def test_an_error_reads_in_the_house_form() -> None:
    with pytest.raises(InputError) as caught:
        CHOICE.check("grup", "failure.toml")
    assert str(caught.value) == (
        'failure.toml: table.choice = "grup" is not one of "individual", "group". Did you mean "group"?'
    )
    error = caught.value
    assert (error.where, error.key, error.found) == ("failure.toml", "table.choice", "grup")
    assert error.allowed == 'one of "individual", "group"'
    assert error.remedy == 'Did you mean "group"?'


@pytest.mark.parametrize(
    ("parameter", "given", "kept"),
    [
        (COUNT, 1, 1),
        (COUNT, np.int64(12), 12),
        (SHARE, 1, 1.0),
        (SHARE, np.float32(0.5), 0.5),
        (SHARE, -0.0, 0.0),
        (SWITCH, np.bool_(False), False),
        (CHOICE, "individual", "individual"),
        (FILE, pathlib.PurePosixPath("a/b.csv"), "a/b.csv"),
    ],
)
def test_a_value_is_kept_in_exactly_the_type_of_the_default(parameter: Parameter, given: Any, kept: Any) -> None:
    checked = parameter.check(given, "here")
    assert checked == kept
    assert type(checked) is type(parameter.default)
    assert not (isinstance(checked, float) and math.copysign(1.0, checked) < 0.0)


@pytest.mark.parametrize(
    ("parameter", "given", "words"),
    [
        (COUNT, 0, "is not a whole number from 1 to 12. The default is 3."),
        (COUNT, 13, "13 is not a whole number from 1 to 12"),
        (COUNT, 3.0, "3.0 is not a whole number from 1 to 12. Write 3 without the decimal point."),
        (COUNT, 3.5, "3.5 is not a whole number from 1 to 12."),
        (COUNT, True, "true is not a whole number"),
        (COUNT, "3", '"3" is not a whole number from 1 to 12. Leave out the quotes.'),
        pytest.param(COUNT, 10**5000, "a whole number of 16610 bits is not a whole number from 1 to 12", id="huge"),
        (COUNT, math.nan, "nan is not a number (NaN), not a whole number from 1 to 12. Give a finite number."),
        (SHARE, math.nan, "is not a number (NaN), not a number from 0 to 1. Give a finite number."),
        (SHARE, math.inf, "inf is infinite, not a number from 0 to 1"),
        (SHARE, -math.inf, "-inf is infinite"),
        (SHARE, 1.0000001, "1.0000001 is not a number from 0 to 1"),
        (SHARE, False, "false is not a number from 0 to 1"),
        (SHARE, "0,5", "is not a number from 0 to 1. Write it with a decimal point: 0.5."),
        (SHARE, [0.5], "[0.5] is not a number"),
        (SHARE, None, "None is not a number"),
        (SWITCH, 1, "1 is not true or false"),
        (SWITCH, "True", '"True" is not true or false. Did you mean true (without quotes)?'),
        (SWITCH, "off", "Did you mean false (without quotes)?"),
        (CHOICE, 1, '1 is not one of "individual", "group"'),
        (CHOICE, "GROUP", 'Did you mean "group"?'),
        (FILE, 5, "5 is not the path of a file in quotes"),
        (FILE, "a\0b", "No path holds a zero character."),
        (FILE, "\ud800", "holds characters that UTF-8 cannot write"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_allowed(parameter: Parameter, given: Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        parameter.check(given, "here.toml")
    assert str(caught.value).startswith(f"here.toml: {parameter.key} = ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"default": 13}, "13 is not a whole number from 1 to 12"),
        ({"default": 3.0, "high": 2.0}, "is not a number from 1 to 2"),
        ({"range": (0, 5)}, "the range leaves the bounds"),
        ({"range": (5, 2)}, "the range is upside down"),
        ({"low": 12, "high": 1}, "low is above high"),
        ({"grade": "B"}, "grade 'B' is none of V, D, M, A"),
        ({"kind": "knob"}, "kind 'knob' is none of"),
        ({"key": "count"}, "not dotted"),
        ({"key": "Table.count"}, "lower case"),
        ({"default": True}, "only a number has bounds"),
        ({"choices": ("a",)}, "choices and files are text"),
        ({"source": ""}, "the source is empty"),
        ({"label_id": ""}, "a label is empty"),
        ({"help_id": ""}, "a help text is empty, in English or in Indonesian"),
        ({"default": "c", "low": None, "high": None, "choices": ("a", "b")}, 'is not one of "a", "b"'),
        ({"default": "a", "low": None, "high": None, "choices": ("a", "b"), "file": True}, "a file has no choices"),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=r"^declaration of ") as caught:
        dataclasses.replace(COUNT, **changes)
    assert words in str(caught.value)


def test_many_errors_make_one_message_of_at_most_twenty_lines_and_a_count() -> None:
    errors = [InputError("f.toml", f"a.b{place}", place, "small") for place in range(23)]
    with pytest.raises(InputError) as caught:
        refuse(errors)
    lines = str(caught.value).splitlines()
    assert len(lines) == 21
    assert lines[0] == "f.toml: a.b0 = 0 is not small."
    assert lines[-1] == "and 3 more"
    assert caught.value.problems == tuple(errors)


def test_one_error_is_raised_as_it_is_and_none_is_no_error() -> None:
    error = InputError("f.toml", "a.b", 1, "small")
    refuse([])
    with pytest.raises(InputError) as caught:
        refuse([error])
    assert caught.value is error


def test_an_error_survives_the_way_from_another_process() -> None:
    single = InputError("f.toml", "a.b", 1, "small", "Shrink it.")
    missing = InputError("f.toml", problem="is a folder")
    for error in (single, missing, InputErrors([single, missing])):
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301
        assert str(copy) == str(error)
        assert len(copy.problems) == len(error.problems)


def test_a_value_is_shown_in_one_short_line() -> None:
    for value in ("a\nb" * 1000, "x" * 10**6, {"a": {"b": {"c": 1}}}, [[1, [2]]] * 50, 10**4999, 2**100000, b"\0"):
        assert len(shown(value)) <= 60
        assert "\n" not in shown(value)


def test_the_nearest_name_ignores_case_and_gives_up_where_nothing_is_near() -> None:
    assert nearest("Programme.Chanel", ["programme.channel", "cluster.firms"]) == "programme.channel"
    assert nearest("zzz", ["programme.channel", "cluster.firms"]) is None
    assert nearest("x" * 10**6, ["programme.channel"]) is None
