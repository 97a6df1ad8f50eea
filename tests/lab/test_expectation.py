"""A hypothesis can be held against one arm, one factor, or the rank of a factor; the numbers may contradict each."""

import numpy as np
import pytest

from klastersim.indicators.intervals import Estimate
from klastersim.lab.answer import said, verdict
from klastersim.lab.batch import micro_profit
from klastersim.lab.expectation import Expectation
from klastersim.lab.experiment import Experiment
from klastersim.lab.finding import Finding
from klastersim.lab.runner import Result
from klastersim.world.layout import FIRM, VACANT

FIRST, SECOND = Estimate(0.6, 0.5, 0.7), Estimate(0.2, 0.1, 0.3)


def most(factor: str, **others: Estimate) -> str:
    return Expectation("m", "", "most", factor).verdict(others.get(factor), others)


def test_a_factor_matters_most_if_its_interval_lies_above_that_of_every_other() -> None:
    assert most("a", a=FIRST, b=SECOND).startswith("This agrees with the hypothesis (a 0.600")
    assert most("b", a=FIRST, b=SECOND).startswith("This contradicts the hypothesis (b 0.200")
    assert most("a", a=FIRST, b=Estimate(0.55, 0.45, 0.65)).startswith("Not identified: the intervals of the two")
    assert most("a", a=FIRST).startswith("Not identified: there is nothing to compare with")
    assert most("a", b=SECOND).startswith("Not identified: too few runs")


@pytest.mark.parametrize(
    ("change", "found", "words"),
    [
        ("more", SECOND, "This agrees with"),
        ("less", SECOND, "This contradicts"),
        ("none", SECOND, "This contradicts"),
        ("none", Estimate(0.0, -0.1, 0.1), "not contradicted"),
        ("more", Estimate(0.1, -0.1, 0.3), "Not identified"),
    ],
)
def test_what_was_found_of_a_factor_agrees_contradicts_or_leaves_open(change: str, found: Estimate, words: str) -> None:
    assert words in Expectation("m", "", change, "a").verdict(found)


EXPERIMENT = Experiment.from_dict(
    {
        "levers": {
            "grid": {"groups": {"enabled": [False, True]}, "ties": {"degree": [2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]}},
        },
        "expected": {"factor": "groups.enabled", "change": "more"},
    }
)


def test_the_verdict_is_that_of_the_first_analysis_that_tells_of_the_factor() -> None:
    told = {"map": [Finding("a", "", []), Finding("b", "", [], estimates={"groups.enabled": SECOND})]}
    assert verdict(EXPERIMENT, Result(), told).startswith("This agrees with the hypothesis (+0.200")
    assert verdict(EXPERIMENT, Result()).startswith("Not identified")


def test_of_many_arms_the_ends_are_told_and_the_rest_stands_in_the_table() -> None:
    (each,) = EXPERIMENT.maps
    shares = {(each.name, arm.name): Estimate(k / 20, 0.0, 1.0) for k, arm in enumerate(each.arms)}
    (sentence,) = said(each, Result(shares=shares))
    assert sentence.startswith("Of 14 arms the least has P(active) = 0.000")
    assert "the most P(active) = 0.650" in sentence
    (sentence,) = said(each, Result(shares=dict.fromkeys(shares, Estimate(0.3, 0.0, 1.0))))
    assert sentence.startswith("All 14 arms have P(active) = 0.300")


def test_micro_firms_have_fewer_than_five_workers_and_stand_on_no_empty_site() -> None:
    firms = np.zeros(4, FIRM)
    firms["workers"] = [2.0, 4.9, 5.0, 1.0]
    firms["profit"] = [1.0, 3.0, 100.0, 100.0]
    firms["standing"][3] = VACANT
    assert micro_profit(firms) == 2.0
    assert np.isnan(micro_profit(firms[2:]))
