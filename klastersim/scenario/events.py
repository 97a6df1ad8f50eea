"""Dated events: what happens to a cluster at a month that the user gives, by ``[[events]]`` of a scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from klastersim.errors import InputError, did_you_mean, nearest, said
from klastersim.scenario.catalogue import CATALOGUE
from klastersim.scenario.declaration import Parameter, Value
from klastersim.scenario.parameters.events import EVENT_KEYS

EVENTS: Final = "events"

#: Most events of a scenario: a history, not a table of data.
MOST_EVENTS: Final = 1_000

KEYS: Final[Mapping[str, Parameter]] = MappingProxyType({declared.name: declared for declared in EVENT_KEYS})


class Kind(NamedTuple):
    """What an event of a kind is, in English and in Indonesian; the keys it must and may have besides its title."""

    text: str
    text_id: str
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()


_SHOCK: Final = ("until", "half_life")

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "input_price": Kind("the price of inputs is multiplied", "harga bahan dikalikan", ("month", "factor"), _SHOCK),
        "demand": Kind(
            "the local market's size and potential orders are multiplied",
            "besarnya pasar setempat dan pesanan potensial dikalikan",
            ("month", "factor"),
            (*_SHOCK, "market"),
        ),
        "rival_price": Kind(
            "outside competition multiplies the price that the market pays",
            "persaingan dari luar mengalikan harga di pasar",
            ("month", "factor"),
            (*_SHOCK, "market"),
        ),
        "buyer_enters": Kind(
            "a buyer places orders from this month on, none before",
            "seorang pembeli mulai memberi pesanan, sebelumnya tidak",
            ("month", "buyer"),
            ("firms", "relation"),
        ),
        "buyer_leaves": Kind(
            "a buyer places no more orders", "seorang pembeli tidak lagi memberi pesanan", ("month", "buyer")
        ),
        "forum": Kind(
            "residents meet, and all who come get to know one another",
            "warga bertemu, dan semua yang datang saling mengenal",
            ("month",),
            ("share",),
        ),
        "programme": Kind(
            "the programme has this budget in these months, within its declared months or outside",
            "program memiliki anggaran ini dalam bulan-bulan itu, di dalam atau di luar masa program",
            ("month", "until", "budget"),
        ),
    }
)


class Event(NamedTuple):
    """One dated event, checked.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    values : tuple of (str, value)
        Its keys in the order of their declaration; keys that may be left out and have a default are filled in.
    """

    kind: str
    values: tuple[tuple[str, Value], ...]

    def get(self, key: str, default: Any = None) -> Any:
        """Return a value, or `default` where the event does not tell it."""
        return dict(self.values).get(key, default)

    def to_dict(self) -> dict[str, Value]:
        """Return the event as a table of plain values."""
        return {"kind": self.kind, **dict(self.values)}


def read_events(tables: Any, where: str, problems: list[InputError]) -> tuple[Event, ...]:
    """Check the tables of events one by one.

    Parameters
    ----------
    tables : object
        What was given: a list of tables.
    where : str
        What brought it.
    problems : list of InputError
        What is wrong is added here.

    Returns
    -------
    tuple of Event
        Those that are right, by month; events of one month in the order given.
    """
    if not isinstance(tables, list | tuple):
        remedy = said('Write each event under its own [[events]], as month = 60 and kind = "demand".')
        problems.append(InputError(where, EVENTS, tables, said("a list of tables"), remedy))
        return ()
    if len(tables) > MOST_EVENTS:
        problems.append(InputError(where, EVENTS, len(tables), said("at most {most} events", most=f"{MOST_EVENTS:,}")))
        return ()
    found = [_read(table, f"{EVENTS}[{number}]", where, problems) for number, table in enumerate(tables, 1)]
    return tuple(sorted((event for event in found if event is not None), key=lambda event: event.get("month")))


def _read(table: Any, place: str, where: str, problems: list[InputError]) -> Event | None:
    if not isinstance(table, Mapping):
        problems.append(
            InputError(where, place, table, said("a table of keys and values"), said("Write [[events]] above it."))
        )
        return None
    kind = table.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        problems.append(_no_kind(table, place, where))
        return None
    before = len(problems)
    declared = KINDS[kind]
    allowed = (*declared.needed, *declared.optional, "title")
    strange = [key for key in table if key != "kind" and key not in allowed]
    problems += [_unknown(key, table[key], kind, allowed, place, where) for key in strange]
    for key in declared.needed:
        if key not in table:
            remedy = said("It must be {allowed}.", allowed=KEYS[key].allowed)
            problems.append(
                InputError(
                    where, f"{place}.{key}", problem=said('is missing from kind = "{kind}"', kind=kind), remedy=remedy
                )
            )
    values: dict[str, Value] = {}
    for key in KEYS:
        if key in table and key in allowed:
            _check(key, table[key], place, where, values, problems)
        elif key in declared.optional and key not in _SHOCK:
            values[key] = KEYS[key].default
    if len(problems) == before:
        _check_months(values, place, where, problems)
    return Event(kind, tuple(values.items())) if len(problems) == before else None


def _no_kind(table: Mapping[Any, Any], place: str, where: str) -> InputError:
    known = said("one of {names}", names=", ".join(f'"{name}"' for name in KINDS))
    if "kind" not in table:
        return InputError(
            where, f"{place}.kind", problem=said("is missing"), remedy=said("It must be {allowed}.", allowed=known)
        )
    kind = table["kind"]
    return InputError(where, f"{place}.kind", kind, known, did_you_mean(kind, KINDS) if isinstance(kind, str) else "")


def _unknown(key: Any, value: Any, kind: str, allowed: Sequence[str], place: str, where: str) -> InputError:
    if not isinstance(key, str):
        return InputError(where, place, key, said("a key"), said("Keys are text."))
    remedy = did_you_mean(key, ("kind", *allowed))
    if not remedy and nearest(key, KEYS):
        remedy = said("{key} belongs to other kinds of event.", key=nearest(key, KEYS))
    return InputError(
        where,
        f"{place}.{key}",
        value,
        said('one of the keys of kind = "{kind}": {names}', kind=kind, names=", ".join(allowed)),
        remedy,
    )


def _check(key: str, value: Any, place: str, where: str, values: dict[str, Value], problems: list[InputError]) -> None:
    try:
        values[key] = KEYS[key].check(value, where)
    except InputError as error:
        # A key that every event must tell has no default to fall back on.
        remedy = "" if error.remedy.startswith("The default") else error.remedy
        problems.append(InputError(where, f"{place}.{key}", error.found, error.allowed, remedy, error.problem))
        return
    text = values[key]
    if key == "title" and not (isinstance(text, str) and len(text) <= 200 and (text == "" or text.isprintable())):
        del values[key]
        problems.append(InputError(where, f"{place}.title", value, said("text in one line, at most 200 characters")))


def _check_months(values: Mapping[str, Any], place: str, where: str, problems: list[InputError]) -> None:
    month, until = values["month"], values.get("until")
    if until is not None and until < month:
        remedy = said("Set it to {month} or later.", month=month)
        problems.append(
            InputError(where, f"{place}.until", until, said("at or after its month = {month}", month=month), remedy)
        )
    if until is not None and "half_life" in values:
        problem = said("stands beside until")
        remedy = said("A shock ends at a month or fades by a half-life: give one of the two.")
        problems.append(InputError(where, f"{place}.half_life", values["half_life"], problem=problem, remedy=remedy))


def contradictions(events: Iterable[Event], values: Mapping[str, Any], where: str) -> list[InputError]:
    """Return what is wrong between events, and between them and the values of the scenario.

    Parameters
    ----------
    events : iterable of Event
        By month.
    values : mapping of str to value
        All values of the scenario by dotted key.
    where : str
        What brought them.

    Returns
    -------
    list of InputError
        Empty if all agree.
    """
    events = tuple(events)
    return [
        *_about_buyers(events, values, where),
        *_about_programmes([event for event in events if event.kind == "programme"], where),
        *_about_orders(events, values, where),
    ]


def _about_buyers(events: Sequence[Event], values: Mapping[str, Any], where: str) -> list[InputError]:
    """A buyer exists, and enters only while it is absent, leaves only while it is there."""
    found = []
    buyers = values["market.large_firms"] + values["market.traders"]
    last: dict[int, Event] = {}
    for event in events:
        if event.kind not in ("buyer_enters", "buyer_leaves"):
            continue
        buyer, month = event.get("buyer"), event.get("month")
        if buyer >= buyers:
            allowed = said("a number below market.large_firms + market.traders = {buyers}", buyers=buyers)
            found.append(
                InputError(where, "events.buyer", buyer, allowed, said("Declare the buyer, so that it can come or go."))
            )
        before = last.get(buyer)
        if before is not None and before.kind == event.kind:
            since = before.get("month")
            if event.kind == "buyer_leaves":
                problem = said("cannot be: buyer {buyer} has left in month {month} already", buyer=buyer, month=since)
            else:
                problem = said("cannot be: buyer {buyer} has come in month {month} already", buyer=buyer, month=since)
            found.append(
                InputError(where, "events.month", month, problem=problem, remedy=said("Let it come and go in turn."))
            )
        elif before is not None and before.get("month") == month:
            problem = said("cannot be: buyer {buyer} comes and goes in one month", buyer=buyer)
            found.append(InputError(where, "events.month", month, problem=problem, remedy=said("Give two months.")))
        last[buyer] = event
    return found


def _about_programmes(events: Sequence[Event], where: str) -> list[InputError]:
    """No month has two budgets."""
    found = []
    for earlier, later in pairwise(events):
        if later.get("month") <= earlier.get("until"):
            allowed = said(
                "after {until}, when the programme event of month {month} ends",
                until=earlier.get("until"),
                month=earlier.get("month"),
            )
            found.append(
                InputError(where, "events.month", later.get("month"), allowed, said("No month has two budgets."))
            )
    return found


def _about_orders(events: Sequence[Event], values: Mapping[str, Any], where: str) -> list[InputError]:
    """Events together raise potential orders no higher than a scenario may."""
    raised = potential_raised(events)
    most = CATALOGUE["market.potential"].high
    if most is None or values["market.potential"] * raised <= most:
        return []
    allowed = said(
        "at most {most} for market.potential = {potential}",
        most=f"{most / values['market.potential']:.6g}",
        potential=f"{values['market.potential']:.6g}",
    )
    return [
        InputError(where, "events.factor", raised, said("{allowed}, all demand events taken together", allowed=allowed))
    ]


def potential_raised(events: Iterable[Event]) -> float:
    """Most that all demand events together may raise potential orders by."""
    raised = 1.0
    for event in events:
        if event.kind == "demand" and event.get("market") != "local":
            raised *= max(1.0, float(event.get("factor")))
    return raised
