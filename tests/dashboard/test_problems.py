"""Whatever a visitor can do wrong is told in the visitor's language."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

import klastersim
from klastersim.dashboard.choice import Choice
from klastersim.dashboard.link import read_query
from klastersim.dashboard.problems import explain, forms
from klastersim.dashboard.uploads import choice_of, with_table
from klastersim.errors import InputError, Said, said
from klastersim.figures.words import LOCALES, Words
from klastersim.scenario.catalogue import CATALOGUE
from klastersim.scenario.events import KEYS
from tests.dashboard.test_choice import BAD_LINKS
from tests.dashboard.test_uploads import BAD_SCENARIOS, BAD_TABLES, TIES

PACKAGE = Path(klastersim.__file__).parent

#: What a link, an upload or a control goes through. The rest of the errors are told to those who type commands.
SOURCES = sorted(
    [*(PACKAGE / "scenario").rglob("*.py"), *(PACKAGE / "dashboard").rglob("*.py"), PACKAGE / "errors.py",
     PACKAGE / "simulation.py", PACKAGE / "world" / "build.py"]
)  # fmt: skip

#: Raised by the command that starts the page, and by Python code that passes a driver.
FOR_OTHERS = {"server.py": {"check"}, "simulation.py": {"simulate", "own_effects"}}

#: Where each kind of error has words: by position after `where`, `key` and `found`, and by name.
WORDED = {"InputError": (3, 4), "Conflict": (1, 2), "error": (3, 4), "_error": ()}
NAMED = ("allowed", "remedy", "problem")

ENGLISH = {name for each in (*CATALOGUE.values(), *KEYS.values()) for name in (each.allowed,)}


def calls(path: Path) -> list[tuple[str, ast.Call]]:
    """Return the calls in a file, with the function that each stands in."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            found += [(node.name, each) for each in ast.walk(node) if isinstance(each, ast.Call)]
    return found


def said_forms() -> dict[str, str]:
    """Return all English forms by which an error is said, and the file each stands in."""
    found = {}
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name) and target.id == "form"
        }
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "said"):
                continue
            for form in _constants(node.args[0], names, tree):
                found[form] = path.name
    return found


def _constants(argument: ast.expr, names: dict[str, ast.expr], tree: ast.Module) -> list[str]:
    if isinstance(argument, ast.Constant):
        return [argument.value]
    if isinstance(argument, ast.Name) and argument.id == "form" and names:
        every = [node.value for node in ast.walk(tree) if isinstance(node, ast.Assign)
                 and any(isinstance(target, ast.Name) and target.id == "form" for target in node.targets)]  # fmt: skip
        return [text for each in every for text in _constants(each, {}, tree)]
    if isinstance(argument, ast.IfExp):
        return [*_constants(argument.body, {}, tree), *_constants(argument.orelse, {}, tree)]
    raise AssertionError(f"a form that no test can read: {ast.unparse(argument)}")


def gaps(form: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(form) if name}


def test_every_form_of_an_error_has_indonesian_words_and_no_words_are_left_over():
    assert set(forms("id")) == set(said_forms())


def test_the_words_of_an_error_fill_in_nothing_that_the_english_does_not():
    """What a library says in English may be left out; a number or a name never is."""
    library = {"reason"}
    for english, indonesian in forms("id").items():
        assert gaps(indonesian) <= gaps(english), english
        assert gaps(english) - gaps(indonesian) <= library, english


def test_no_error_that_a_visitor_can_meet_is_written_in_one_language_only():
    found = []
    for path in SOURCES:
        for function, call in calls(path):
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            if name not in WORDED or function in FOR_OTHERS.get(path.name, ()):
                continue
            words = [call.args[place] for place in WORDED[name] if place < len(call.args)]
            words += [keyword.value for keyword in call.keywords if keyword.arg in NAMED]
            found += [f"{path.name}: {ast.unparse(each)}" for each in words if _written_out(each)]
        if path.name not in FOR_OTHERS:
            found += [f"{path.name}: {ast.unparse(each)}" for each in assigned(path) if _written_out(each)]
    assert found == []


def assigned(path: Path) -> list[ast.expr]:
    """Return what is given to a variable named after a part of an error."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id in NAMED for target in node.targets)
    ]


def _written_out(argument: ast.expr) -> bool:
    if isinstance(argument, ast.IfExp):
        return _written_out(argument.body) or _written_out(argument.orelse)
    return isinstance(argument, ast.JoinedStr) or (
        isinstance(argument, ast.Constant) and argument.value not in ("", None)
    )


MORE_SCENARIOS = {
    "events that are none": b"events = 3\n[cluster]\nfirms = 12\n",
    "an event of no kind": b"[[events]]\nmonth = 3\n",
    "an event of a strange kind": b'[[events]]\nkind = "demnad"\nmonth = 3\nfactor = 2\n',
    "an event that lacks a key": b'[[events]]\nkind = "demand"\nmonth = 3\n',
    "an event with a strange key": b'[[events]]\nkind = "demand"\nmonth = 3\nfactor = 2\nbuyer = 1\n',
    "an event that ends early": b'[[events]]\nkind = "demand"\nmonth = 30\nuntil = 3\nfactor = 2\n',
    "a buyer that is not there": b'[[events]]\nkind = "buyer_leaves"\nmonth = 30\nbuyer = 3000\n',
    "a buyer that leaves twice": b'[[events]]\nkind = "buyer_leaves"\nmonth = 30\nbuyer = 0\n'
    b'[[events]]\nkind = "buyer_leaves"\nmonth = 40\nbuyer = 0\n',
    "two budgets": b'[[events]]\nkind = "programme"\nmonth = 3\nuntil = 9\nbudget = 3\n'
    b'[[events]]\nkind = "programme"\nmonth = 5\nuntil = 9\nbudget = 3\n',
    "a newer format": b"format = 99\n[cluster]\nfirms = 12\n",
    "no title": b'title = ""\n[cluster]\nfirms = 12\n',
    "no such preset": b'preset = "sentre"\n',
    "a number in quotes": b'[cluster]\nfirms = "12"\n',
    "a decimal comma in quotes": b'[ties]\ntrust = "0,5"\n',
    "a word for a truth": b'[programme]\nenabled = "yes"\n',
    "not a number": b"[ties]\ntrust = nan\n",
    "infinite": b"[ties]\ntrust = inf\n",
    "a whole number with a point": b"[cluster]\nfirms = 12.0\n",
    "a misspelt word": b'[programme]\nchannel = "grup"\n',
    "a table for a value": b"[cluster.firms]\na = 3\n",
    "a value for a table": b"cluster = 3\n",
    "a list of tables": b"[[cluster]]\nfirms = 3\n",
    "a part of an event": b'"events[1].month" = 3\n[cluster]\nfirms = 12\n',
    "a large number": b"[cluster]\nfirms = " + b"9" * 300 + b"\n",
    "UTF-16": "[cluster]\nfirms = 12\n".encode("utf-16"),
    "a key twice": b"[cluster]\nfirms = 12\nfirms = 13\n",
    "text not closed": b'title = "a\n',
    "a backslash": b'title = "C:\\q"\n',
    "shares beyond one": b"[cluster]\nmicro_share = 0.9\nsmall_share = 0.9\n",
    "ties of no file": b'[ties]\nkind = "file"\n',
    "a chain without ties": b'[ties]\nkind = "all"\n[chain]\nenabled = true\n',
    "held beyond": b"[start]\nheld = 5000\n",
    "groups of no size": b"[groups]\nminimum = 9\nmaximum = 3\n",
    "nobody to order": b"[market]\ntraders = 0\n",
    "nobody else to order": b"[market]\nlarge_firms = 0\n",
    "small orders too large": b"[orders]\nhigh_value = 0.001\n",
    "money for nothing": b"[mix]\ntraining = 0\nfinance = 0\nmarket = 0\ntrust = 0\n",
    "machines of no use": b"[mix]\nequipment = 1\n",
    "machines of no group": b"[mix]\nequipment = 1\n[functions]\nenabled = true\n",
    "nothing held": b'[ensemble]\nheld = "cluster.firms"\n',
    "what is not drawn": b'[ensemble]\nunequal = true\nheld = "cluster.frims"\n',
    "a firm passed over that is not there": b"[programme]\npassed_over = 5000\n",
    "many errors": b"[cluster]\n" + b"".join(b"a%d = 1\n" % k for k in range(30)),
}

MORE_TABLES = {
    "a number as words": b"firm;workers\nA;many\n",
    "thousands": b"firm;workers\nA;1.234\n",
    "an open quote": b'firm;workers\n"A;3\n',
    "a misspelt column": b"firm;wrokers\nA;3\n",
    "a column twice": b"firm;workers;workers\nA;3;3\n",
    "some positions": b"firm;position\nA;1\nB;\n",
    "no firm": b"firm;workers\n",
    "a long name": b"firm;workers\n" + b"A" * 200 + b";3\n",
    "bytes": b"firm;workers\n\xe9;3\n",
    "negative": b"firm;workers\nA;-3\n",
}

MORE_TIES = {
    "no such firm": b"firm;partner\nA;B\n",
    "with itself": b"firm;partner\n1;1\n",
    "twice": b"firm;partner\n1;2\n2;1\n",
    "trust beyond one": b"firm;partner;trust\n1;2;3\n",
    "a column that is missing": b"firm;trust\n1;0,5\n",
}

CHANGES = {
    "a number out of bounds": {"cluster.firms": 0},
    "too large for a page": {"cluster.firms": 500_000},
    "a programme that ends early": {"programme.start": 90, "programme.end": 3},
    "machines of no use": {"mix.equipment": 0.5},
    "an infinite number": {"programme.budget": float("inf")},
}


def do(kind: str, name: str) -> None:
    """Do what a visitor may do wrong."""
    start = Choice.preset("sentra")
    if kind == "scenario":
        choice_of("mine.toml", {**BAD_SCENARIOS, **MORE_SCENARIOS}[name])
    elif kind == "firms":
        with_table(start, "firms", "mine.csv", {**BAD_TABLES, **MORE_TABLES}[name])
    elif kind == "ties":
        with_table(start, "ties", "mine.csv", MORE_TIES[name])
    elif kind == "change":
        start.change(CHANGES[name])
    elif kind == "length":
        start.change({}, months=0)
    else:
        read_query(name)


EVERY = [
    *(("scenario", name) for name in {**BAD_SCENARIOS, **MORE_SCENARIOS}),
    *(("firms", name) for name in {**BAD_TABLES, **MORE_TABLES}),
    *(("ties", name) for name in MORE_TIES),
    *(("change", name) for name in CHANGES),
    *(("link", query) for query in BAD_LINKS),
    ("length", "none"),
]


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_no_error_of_a_visitor_falls_back_to_english(kind, name):
    with pytest.raises(InputError) as caught:
        do(kind, name)
    error = caught.value
    for problem in error.problems:
        for text in (problem.allowed, problem.remedy, problem.problem):
            assert text == "" or isinstance(text, Said) or text in ENGLISH, text
    told = explain(error, Words("id"))
    assert not re.search(r"\b(is|the|not|must|write|did you|from|of|and|line|one)\b", _without_quotes(told), re.I), told
    assert told != explain(error, Words("en"))


def _without_quotes(told: str) -> str:
    """Leave out what the visitor wrote, and keys."""
    return re.sub(r'"[^"]*"|\[[^]]*\]|\{[^}]*\}|[a-z_]+\.[a-z_.]+|https?:\S+', "", told)


@pytest.mark.parametrize("language", LOCALES)
def test_an_error_names_the_parameter_in_words_what_was_found_and_what_is_allowed(language):
    with pytest.raises(InputError) as caught:
        Choice.preset("sentra").change({"programme.channel": "grup"})
    told = explain(caught.value, Words(language))
    words = CATALOGUE["programme.channel"].told(language)
    for part in (words.label, "programme.channel", '"grup"', words.allowed, '"group"?'):
        assert part in told


def test_words_of_an_error_survive_the_way_between_processes():
    import pickle

    there = InputError(
        "x", problem=said("is larger than {size} MB", size=said("{name}, line {line}", name="a", line=3))
    )
    back = pickle.loads(pickle.dumps(there))  # noqa: S301
    assert str(back) == str(there)
    assert explain(back, Words("id")) == explain(there, Words("id"))


def test_own_ties_are_read_where_they_are_right():
    firms = b"firm;workers\nA;3\nB;2\nC;5\nD;1\nE;2\n"
    choice = with_table(with_table(Choice.preset("sentra"), "firms", "f.csv", firms), "ties", "t.csv", TIES)
    assert choice["ties.kind"] == "file"
