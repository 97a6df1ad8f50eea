from __future__ import annotations

import pytest

from klastersim.dashboard.choice import MOST, Choice, offered
from klastersim.dashboard.link import LONGEST, language_of, query_of, read_query
from klastersim.dashboard.problems import explain
from klastersim.errors import InputError
from klastersim.figures.words import Words


@pytest.mark.parametrize("preset", offered())
def test_a_link_reopens_the_scenario_exactly(preset):
    choice = Choice.preset(preset).change(
        {"programme.budget": 0.1 + 0.2, "programme.channel": "individual", "programme.self_organisation": False,
         "cluster.firms": 33}, seed=7, months=100,
    )  # fmt: skip
    again = read_query(query_of(choice, "en"))
    assert again == choice
    assert (again.base.name, again.changes) == (preset, choice.changes)


def test_only_what_differs_from_the_base_is_a_change():
    choice = Choice.preset("sentra")
    there = choice.change({"programme.budget": 50.0})
    assert there.changes == {"programme.budget": 50.0}
    assert there.change({"programme.budget": choice["programme.budget"]}).changes == {}


BAD_LINKS = [
    "preset=nowhere",
    "preset=jepara",
    "programme.budget=plenty",
    "programme.budget=-1",
    "no.such.key=1",
    "seed=-1",
    "seed=1.5",
    "months=0",
    "months=99999999999999999999999999",
    "ties.kind=file&ties.file=/etc/passwd",
    "cluster.file=../../secret.csv",
    "programme.start=90&programme.end=10",
    "cluster.firms=1000000",
    "x" * (LONGEST + 1),
    "&".join(f"a{k}=1" for k in range(1000)),
    "preset=%ff%fe",
    "=1",
    "events=1",
    "cluster=3",
    "cluster.frims=3",
    "cluster.firms=12.5",
    "programme.channel=grup",
    "growth.enabled=maybe",
    "preset=",
]


@pytest.mark.parametrize("query", BAD_LINKS)
def test_a_bad_link_is_refused(query):
    with pytest.raises(InputError):
        read_query(query)


def test_a_bad_link_is_answered_in_its_own_language():
    for language in ("id", "en"):
        assert language_of(f"preset=nowhere&lang={language}") == language
    for query in (None, "", "lang=fr", "xlang=en", "lang="):
        assert language_of(query) is None


def test_no_link_opens_a_file(tmp_path):
    there = tmp_path / "ties.csv"
    there.write_text("firm,partner\n0,1\n", encoding="utf-8")
    with pytest.raises(InputError, match="names a file"):
        read_query(f"ties.kind=file&ties.file={there}")


def test_an_upload_has_no_link():
    choice = Choice(Choice.preset("sentra").scenario, {"programme.budget": 5.0}, uploaded=True)
    assert query_of(choice, "id") == "lang=id"


@pytest.mark.parametrize("key", MOST)
def test_what_would_keep_everybody_waiting_is_refused_in_both_languages(key):
    with pytest.raises(InputError) as caught:
        Choice.preset("sentra").change({key: type(Choice.preset("sentra")[key])(MOST[key] + 1)})
    assert "most" in explain(caught.value, Words("en"))
    assert "batas halaman ini" in explain(caught.value, Words("id"))


def test_a_refusal_in_indonesian_says_what_is_allowed():
    with pytest.raises(InputError) as caught:
        Choice.preset("sentra").change({"programme.attendance": 3.0})
    told = explain(caught.value, Words("id"))
    assert "Kehadiran" in told
    assert "0" in told
    assert "1" in told
    assert "is not" not in told
