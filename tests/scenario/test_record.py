"""A record holds every number, truth value and choice of a scenario, and nothing else."""

import numpy as np
import pytest

from klastersim.errors import InputError
from klastersim.scenario import PARAMETERS, Scenario
from klastersim.scenario.record import RECORD_DTYPE, code, field, fill_record, record

HELD = [declared for declared in PARAMETERS if declared.choices or not isinstance(declared.default, str)]


def test_each_number_has_a_field_of_eight_bytes_and_each_truth_value_or_choice_one_of_one() -> None:
    assert RECORD_DTYPE.names == tuple(field(declared.key) for declared in HELD)
    for declared in HELD:
        one = bool(declared.choices) or isinstance(declared.default, bool)
        kind = "i1" if one else "f8" if isinstance(declared.default, float) else "i8"
        assert RECORD_DTYPE[field(declared.key)] == np.dtype(kind)


def test_a_record_holds_the_values_of_its_scenario() -> None:
    scenario = Scenario.preset("gap-market").replace({"programme.channel": "individual", "programme.enabled": False})
    row = record(scenario)
    for declared in HELD:
        value = scenario[declared.key]
        expected = declared.choices.index(value) if declared.choices else value
        assert row[field(declared.key)] == expected
    assert row["programme_channel"] == code("programme.channel", "individual")
    assert row["programme_enabled"] == 0


def test_a_row_with_further_fields_is_filled_with_the_same_values() -> None:
    wide = np.zeros(
        3, np.dtype([("identity", "i8"), *((name, RECORD_DTYPE[name]) for name in RECORD_DTYPE.names or ())])
    )
    scenario = Scenario.preset("gap-skill")
    fill_record(scenario, wide[1])
    assert all(wide[1][name] == record(scenario)[name] for name in RECORD_DTYPE.names or ())
    assert not wide[0]["cluster_firms"]
    assert not wide[2]["cluster_firms"]


def test_a_record_fills_many_rows_at_once() -> None:
    rows = np.zeros(4, RECORD_DTYPE)
    rows[1:3] = record(Scenario.preset("sentra"))
    assert rows["cluster_firms"].tolist() == [0, 50, 50, 0]


def test_a_code_is_the_place_among_the_choices() -> None:
    assert [code("ties.kind", choice) for choice in ("near", "random", "all", "file")] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("key", "choice", "words"),
    [
        ("ties.kind", "neer", 'Did you mean "near"?'),
        ("ties.knd", "near", 'Did you mean "ties.kind"?'),
    ],
)
def test_a_misspelt_code_is_refused(key: str, choice: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        code(key, choice)
    assert words in str(caught.value)
