"""Dated events are checked like the rest of a scenario, kept in all its forms, and part of what it is."""

from __future__ import annotations

from typing import Any

import pytest

from klastersim import InputError, Scenario
from klastersim.lab.provenance import run_record
from klastersim.scenario import parse_setting
from klastersim.scenario.events import KEYS, KINDS

HISTORY: list[dict[str, Any]] = [
    {"kind": "input_price", "month": 40, "factor": 1.8, "half_life": 9.5, "title": 'Devaluation "1997"'},
    {"kind": "demand", "month": 12, "factor": 2, "until": 30, "market": "orders"},
    {"kind": "rival_price", "month": 50, "factor": 0.8},
    {"kind": "buyer_enters", "month": 24, "buyer": 0, "firms": 2},
    {"kind": "buyer_leaves", "month": 100, "buyer": 0},
    {"kind": "forum", "month": 6},
    {"kind": "programme", "month": 80, "until": 90, "budget": 15.0},
]

SHOCK = 'kind = "demand"\nmonth = 9\nfactor = 2.0\n'

# Tables of events; words that the message must hold.
BAD: list[tuple[str, list[str]]] = [
    ("[events]\nmonth = 3\n", ["events = {month = 3}", "a list of tables", "[[events]]"]),
    ("events = [3]\n", ["events[1] = 3", "a table of keys and values"]),
    ("events = 3\n", ["events = 3", "a list of tables"]),
    ("[[events]]\nmonth = 3\n", ["events[1].kind is missing", '"input_price"', '"programme"']),
    ('[[events]]\nkind = "demnd"\nmonth = 3\n', ['events[1].kind = "demnd"', 'Did you mean "demand"?']),
    ("[[events]]\nkind = 3\n", ["events[1].kind = 3", 'one of "input_price"']),
    (f"[[events]]\n{SHOCK}[[events]]\n{SHOCK}fctor = 1.0\n", ["events[2].fctor = 1.0", 'Did you mean "factor"?']),
    (f"[[events]]\n{SHOCK}budget = 1.0\n", ["events[1].budget = 1.0", "budget belongs to other kinds"]),
    ('[[events]]\nkind = "demand"\nmonth = 3\n', ["events[1].factor is missing", "a number from 0.01 to 100"]),
    ('[[events]]\nkind = "forum"\n', ["events[1].month is missing", "a whole number from 1 to 1200"]),
    ('[[events]]\nkind = "forum"\nmonth = 0\n', ["events[1].month = 0", "a whole number from 1 to 1200"]),
    ('[[events]]\nkind = "forum"\nmonth = 3.0\n', ["events[1].month = 3.0", "Write 3 without the decimal point."]),
    ('[[events]]\nkind = "forum"\nmonth = "May"\n', ['events[1].month = "May"', "a whole number"]),
    ('[[events]]\nkind = "forum"\nmonth = 1998-05-01\n', ["events[1].month = 1998-05-01", "a whole number"]),
    ('[[events]]\nkind = "forum"\nmonth = 3\nshare = 1.5\n', ["events[1].share = 1.5", "a number from 0 to 1"]),
    ('[[events]]\nkind = "forum"\nmonth = 3\ntitle = "a\\nb"\n', ["events[1].title", "text in one line"]),
    ('[[events]]\nkind = "demand"\nmonth = 3\nfactor = 0.0\n', ["events[1].factor = 0.0", "from 0.01 to 100"]),
    ('[[events]]\nkind = "demand"\nmonth = 3\nfactor = "1,5"\n', ["events[1].factor", "decimal point: 1.5"]),
    ('[[events]]\nkind = "demand"\nmonth = 3\nfactor = nan\n', ["events[1].factor", "not a number (NaN)"]),
    (f"[[events]]\n{SHOCK}half_life = 0.0\n", ["events[1].half_life = 0.0", "from 0.1 to 1200"]),
    (f'[[events]]\n{SHOCK}market = "locl"\n', ['events[1].market = "locl"', 'Did you mean "local"?']),
    (f"[[events]]\n{SHOCK}until = 8\n", ["events[1].until = 8", "at or after its month = 9", "Set it to 9 or later."]),
    (f"[[events]]\n{SHOCK}until = 20\nhalf_life = 3.0\n", ["events[1].half_life = 3.0", "give one of the two"]),
    (
        '[[events]]\nkind = "buyer_leaves"\nmonth = 3\nbuyer = 6\n',
        ["events.buyer = 6", "below market.large_firms + market.traders = 6"],
    ),
    (
        '[[events]]\nkind = "buyer_leaves"\nmonth = 9\nbuyer = 1\n'
        '[[events]]\nkind = "buyer_leaves"\nmonth = 3\nbuyer = 1\n',
        ["events.month = 9", "buyer 1 has left in month 3 already"],
    ),
    (
        '[[events]]\nkind = "buyer_leaves"\nmonth = 9\nbuyer = 1\n'
        '[[events]]\nkind = "buyer_enters"\nmonth = 9\nbuyer = 1\n',
        ["events.month = 9", "buyer 1 comes and goes in one month"],
    ),
    ('[[events]]\nkind = "programme"\nmonth = 3\nbudget = 1.0\n', ["events[1].until is missing"]),
    (
        '[[events]]\nkind = "programme"\nmonth = 3\nuntil = 9\nbudget = 1.0\n'
        '[[events]]\nkind = "programme"\nmonth = 9\nuntil = 12\nbudget = 1.0\n',
        ["events.month = 9", "after 9, when the programme event of month 3 ends", "No month has two budgets."],
    ),
    (
        f"[market]\npotential = 40000.0\n[[events]]\n{SHOCK}",
        ["events.factor = 2.0", "at most 1.25 for market.potential = 40000"],
    ),
]


@pytest.fixture(scope="module")
def told() -> Scenario:
    return Scenario.preset("sentra").replace({"events": HISTORY, "name": "history"})


@pytest.mark.parametrize(("text", "words"), BAD, ids=range(len(BAD)))
def test_a_bad_event_is_refused_with_its_place_what_was_found_and_what_is_allowed(tmp_path, text, words) -> None:
    path = tmp_path / "history.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Scenario.load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    for word in words:
        assert word in message


def test_everything_wrong_with_events_is_told_at_once_with_what_else_is_wrong() -> None:
    events = [{"kind": "demand", "month": 0}, {"kind": "forum", "month": 3, "share": 2}]
    with pytest.raises(InputError) as caught:
        Scenario.preset("sentra").replace({"events": events, "cluster.firms": -1})
    keys = {problem.key for problem in caught.value.problems}
    assert keys == {"events[1].month", "events[1].factor", "events[2].share", "cluster.firms"}


@pytest.mark.parametrize("language", ["en", "id"])
def test_events_survive_every_form_of_a_scenario(tmp_path, told, language) -> None:
    path = tmp_path / "history.toml"
    path.write_text(told.to_toml(language), encoding="utf-8")
    assert Scenario.load(path).events == told.events
    assert Scenario.load(path) == told
    assert Scenario.from_dict(told.to_dict()) == told
    assert hash(Scenario.from_dict(told.to_dict())) == hash(told)


def test_events_come_in_the_order_of_their_months_whatever_the_order_in_the_file(told) -> None:
    assert [event.get("month") for event in told.events] == sorted(event["month"] for event in HISTORY)
    assert Scenario.preset("sentra").replace({"events": HISTORY[::-1]}) == told


def test_another_change_leaves_events_and_other_events_take_their_place(told) -> None:
    assert told.replace({"cluster.firms": 30}).events == told.events
    assert told.replace({"events": []}) == Scenario.preset("sentra")


def test_a_change_that_takes_the_buyer_of_an_event_away_is_refused(told) -> None:
    with pytest.raises(InputError, match=r"events\.buyer = 0 is not a number below"):
        told.replace({"market.large_firms": 0, "market.traders": 0, "market.potential": 0.0})


def test_events_are_part_of_what_a_scenario_is(told) -> None:
    assert told != Scenario.preset("sentra")
    here, there = told.differences("sentra")["events"]
    assert (len(here), there) == (len(HISTORY), [])
    assert Scenario.preset("sentra").replace({"events": here}) == told
    assert "7 events" in repr(told)


def test_events_are_in_the_record_of_a_run(told) -> None:
    assert run_record(told, 1, 12, "arrays")["scenario"]["events"] == [event.to_dict() for event in told.events]


def test_a_scenario_without_events_says_nothing_of_them() -> None:
    assert "events" not in Scenario.preset("sentra").to_dict()
    assert "events" not in Scenario.preset("sentra").to_toml()


@pytest.mark.parametrize("text", ["events=[]", "events.month=3", "events[1].month=3"])
def test_events_cannot_be_set_on_the_command_line(text) -> None:
    with pytest.raises(InputError, match=r"Write events as \[\[events\]\] in a scenario file"):
        parse_setting(text)


def test_a_part_of_an_event_is_no_key() -> None:
    with pytest.raises(InputError, match="names a part of an event"):
        Scenario.preset("sentra").replace({"events.month": 3})


def test_every_key_belongs_to_some_kind_and_is_told_in_two_languages() -> None:
    used = {key for kind in KINDS.values() for key in (*kind.needed, *kind.optional)}
    assert used | {"title"} == set(KEYS)
    for key in KEYS.values():
        assert key.told("id").help != key.told("en").help
