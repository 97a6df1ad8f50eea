"""A printable page of one scenario."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

from klastersim.dashboard.outcome import Outcome
from klastersim.dashboard.panels import COMPARED, measured, setting
from klastersim.dashboard.picture import figure_of
from klastersim.figures.measures import label_of, value_of
from klastersim.figures.run_data import binding_constraint
from klastersim.figures.words import Words
from klastersim.scenario.catalogue import CATALOGUE

#: On screen as wide as the paper; printed, all of it fits on one page.
STYLE = (
    "body{font:10pt/1.3 sans-serif;max-width:18cm;margin:1cm auto;color:#222}h1{font-size:15pt;margin:0 0 .3em}"
    "h2{font-size:11pt;margin:.5em 0 .1em}p{margin:.2em 0}table{border-collapse:collapse;width:100%}"
    "th,td{border-bottom:1px solid #bbb;padding:1pt 4pt;text-align:right}th:first-child{text-align:left}"
    "ul{columns:2;margin:0;padding-left:1.2em;font-size:9pt}"
    "svg{display:block;width:100%;height:auto;max-height:11.5cm}small{color:#555;overflow-wrap:anywhere}"
    "@page{size:A4;margin:1.2cm}@media print{body{margin:0 auto}}"
)


def summary_page(words: Words, outcome: Outcome, address: str) -> str:
    """Return one page of HTML that needs nothing else.

    Parameters
    ----------
    words : Words
        The language.
    outcome : Outcome
        What to tell.
    address : str
        The link that reopens the scenario; empty where there is none.

    Returns
    -------
    str
        HTML; whatever a visitor wrote is escaped.
    """
    run, choice = outcome.run, outcome.choice
    binding = binding_constraint(outcome.data.binding)
    told = [words(f"headline.{run.state.type}"),
            words("headline.acts", acting=words.share(run.final["acting"], 1),
                  sales=words.share(run.final["collective_share"], 1))]  # fmt: skip
    if binding is not None:
        told.append(words("orders.binding", constraint=words(f"constraint.{binding}"),
                          share=words.share(outcome.data.binding[binding])))  # fmt: skip
    if outcome.pair is not None:
        told.append(f"{words('money.public')}: {words.rupiah(outcome.cost)}.")
    title = choice.title(words.language)
    chosen = [
        f"{CATALOGUE[key].told(words.language).label}: {setting(key, value, words)}"
        for key, value in choice.changes.items()
    ]
    made = words("summary.made", when=words.moment(datetime.now(UTC)), seed=words.exact(choice.seed))
    parts = [
        f"<!doctype html><html lang='{words.language}'><meta charset='utf-8'><title>{escape(title)}</title>",
        f"<style>{STYLE}</style><h1>{escape(title)}</h1>",
        *(f"<p>{escape(sentence)}</p>" for sentence in told),
        f"<h2>{escape(words('summary.chosen'))}</h2>",
        "<ul>" + "".join(f"<li>{escape(each)}</li>" for each in chosen or [words("summary.unchanged")]) + "</ul>",
        f"<h2>{escape(words('summary.came'))}</h2>",
        _table(_outcomes(outcome, words)),
        _picture(outcome, words),
        f"<p><small>{escape(made)}<br>{escape(address)}<br>{run.digest}</small></p></html>",
    ]
    return "\n".join(parts)


def _outcomes(outcome: Outcome, words: Words) -> list[list[str]]:
    runs = [outcome.run] + ([outcome.without] if outcome.without else [])
    head = ["", words("compare.here"), words("compare.without")][: 1 + len(runs)]
    rows = [[label_of(name, words), *(value_of(name, measured(run, name, smooth), words) for run in runs)]
            for name, smooth in COMPARED]  # fmt: skip
    return [head, *rows]


def _table(rows: list[list[str]]) -> str:
    return "<table>" + "".join(f"<tr>{_cells(row)}</tr>" for row in rows) + "</table>"


def _cells(row: list[str]) -> str:
    first, *others = (escape(cell) for cell in row)
    return f"<th>{first}</th>" + "".join(f"<td>{cell}</td>" for cell in others)


def _picture(outcome: Outcome, words: Words) -> str:
    svg = figure_of(outcome, "svg", words).decode("utf-8")
    return svg.partition("?>")[2].partition(">")[2]
