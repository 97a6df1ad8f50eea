"""The pages under docs/ say what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import klastersim
from klastersim import Scenario, simulate
from klastersim.analysis.patterns.catalogue import PATTERNS, TITLES
from klastersim.analysis.patterns.readings import READINGS
from klastersim.indicators.catalogue import INDICATORS
from klastersim.scenario.parameters import PARAMETERS
from klastersim.scenario.whole import KNOCKOUTS
from klastersim.world.build import build
from tests.docs import indicators_table, parameters_table, ten_firms

CODE = Path(klastersim.__file__).parent
MODEL = indicators_table.PAGE.read_text(encoding="utf-8")


def rules_in(text):
    return set(re.findall(r"\bR\d+\b", text))


def phases(text):
    """Phases and their kinds, in the order in which the month's file runs them."""
    return re.findall(r"^ +(\w+)\(world.*# ([SFT])\b", text, re.MULTILINE)


def test_the_page_of_parameters_is_what_the_declarations_give():
    found = parameters_table.PAGE.read_text(encoding="utf-8")
    assert found == parameters_table.page(), "run python -m tests.docs.parameters_table"


def test_every_parameter_stands_once_in_the_page_of_parameters():
    found = re.findall(r"^\| `([\w.]+)` \|", parameters_table.PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(found) == sorted(parameter.key for parameter in PARAMETERS)


def test_the_table_of_indicators_is_what_the_catalogue_gives():
    assert indicators_table.replaced(MODEL) == MODEL, "run python -m tests.docs.indicators_table"
    assert all(f"| `{name}` |" in MODEL for name in INDICATORS)


def test_the_worked_example_is_what_the_model_computes():
    assert ten_firms.replaced(MODEL) == MODEL, "run python -m tests.docs.ten_firms"


def test_the_fast_driver_lives_the_months_of_the_worked_example():
    series = simulate(ten_firms.scenario(), ten_firms.MONTHS, ten_firms.SEED).measures
    row = r"^\| (\d+) \| [\d -]+ \| [\d -]+ \| .* \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$"
    rows = re.findall(row, ten_firms.example(MODEL), re.MULTILINE)
    assert [int(month) for month, *_ in rows] == list(range(1, ten_firms.MONTHS + 1))
    for month, *told in rows:
        measured = series[int(month) - 1]
        assert told == [f"{measured['price']:.3f}", f"{measured['value_added']:.1f}", f"{measured['trust']:.3f}"]


def test_the_rules_of_the_code_are_those_of_the_page():
    declared = set()
    for path in sorted((CODE / "rules").glob("[!_]*.py")):
        found = rules_in(path.read_text(encoding="utf-8"))
        assert found, path.name
        declared |= found
    assert rules_in(MODEL) == declared
    headings = re.findall(r"^#### (R\d+) ", MODEL, re.MULTILINE)
    assert headings == sorted(declared, key=lambda rule: int(rule[1:]))


def test_every_compiled_rule_is_named_under_its_number():
    sections = re.split(r"^#### (R\d+) .*$", MODEL.partition("\n## Decisions")[0], flags=re.MULTILINE)
    text = dict(zip(sections[1::2], sections[2::2], strict=True))
    for path in sorted((CODE / "rules").glob("[!_]*.py")):
        code = path.read_text(encoding="utf-8")
        number = re.match(r'"""(R\d+):', code)
        assert number, path.name
        for name in re.findall(r"^@rule.*\ndef (\w+)", code, re.MULTILINE):
            assert f"`{name}`" in text[number[1]], name


def test_the_phases_of_the_month_stand_in_the_page_in_their_order():
    begin, finish = (CODE / "engine" / "month.py").read_text(encoding="utf-8").split("def finish_month")
    finish, clusters = finish.split("def run_clusters")
    order = phases(begin) + phases(clusters) + phases(finish)
    assert len(order) > 10
    assert re.findall(r"^\| `(\w+)` \| ([SFT]) \|", MODEL, re.MULTILINE) == order


@pytest.mark.parametrize(("reading", "name"), [("output", "order price"), ("whole", "order price on whole profit")])
def test_the_prices_named_in_the_page_are_those_of_the_opening(reading, name):
    cluster = build([Scenario.preset("sentra").replace({"orders.premium_on": reading})], [1]).clusters[0]
    assert f"{cluster.order_price:.3f}" in MODEL, name
    assert f"{100.0 * (cluster.order_price / cluster.price - 1.0):.1f} % above" in MODEL, name


def test_every_parameter_named_in_the_page_is_declared():
    keys = {parameter.key for parameter in PARAMETERS}
    sections = {key.partition(".")[0] for key in keys}
    named = {key for key in re.findall(r"`([a-z]+\.[a-z_]+)(?: = [^`]*)?`", MODEL) if key.partition(".")[0] in sections}
    assert named <= keys
    assert len(named) > 30


def test_the_page_of_patterns_tells_every_look_and_what_it_means():
    text = (parameters_table.PAGE.parent / "patterns.md").read_text(encoding="utf-8")
    assert all(f"| {each.number} {each.name} |" in text for each in PATTERNS), "run klastersim patterns --page"
    assert all(f"## {number} {title}\n\n{READINGS[number]}" in text for number, title in TITLES.items())


def test_the_page_of_the_whole_model_tells_every_mechanism_and_only_looks_that_there_are():
    text = (parameters_table.PAGE.parent / "whole.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE) == list(KNOCKOUTS)
    looks = re.findall(r"^\| (\d+ [^|]+) \|", text, re.MULTILINE)
    assert looks
    assert set(looks) <= {f"{each.number} {each.name}" for each in PATTERNS}


@pytest.mark.parametrize("page", ["model.md", "parameters.md", "patterns.md", "whole.md"])
def test_links_lead_to_headings_and_pages_that_exist(page):
    text = (parameters_table.PAGE.parent / page).read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in re.findall(r"^#+ (.*)$", text, re.M)
    }
    for target in re.findall(r"\]\(([^)]+)\)", text):
        file, _, heading = target.partition("#")
        if file:
            assert (parameters_table.PAGE.parent / file).exists(), target
        else:
            assert heading in headings, target
