"""What a group keeps: scenarios under names of its own, and files to take home."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Final

import segno
import solara

from klastersim.dashboard.outcome import Outcome
from klastersim.dashboard.panels import COMPARED, measured
from klastersim.dashboard.picture import figure_of, map_of
from klastersim.dashboard.session import LONGEST_NAME, Session
from klastersim.dashboard.summary import summary_page
from klastersim.dashboard.widgets import Table
from klastersim.figures.measures import label_of, value_of
from klastersim.figures.words import Words

#: How a cell begins that a spreadsheet would take for a formula.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@solara.component
def Pins(session: Session) -> None:
    """Scenarios kept under names, and a table that compares them."""
    words = session.words.value
    name, set_name = solara.use_state("")

    def keep() -> None:
        session.pin(name)
        set_name("")

    solara.HTML("h2", words("pins.title"))
    with solara.Row(classes=["ks-row"]):
        solara.InputText(
            words("pins.name", most=words.number(LONGEST_NAME)), name, on_value=set_name, continuous_update=True
        )
        solara.Button(words("pins.keep"), on_click=keep, color="primary", disabled=not name.strip())
    pins = session.pins.value
    if not pins:
        solara.HTML("p", words("pins.nothing"))
        return
    head = [words("compare.indicator"), words("pins.shown"), *(pin.name for pin in pins)]
    Table(
        caption=words("pins.caption"),
        head=head,
        rows=pin_rows([session.outcome.value, *(pin.outcome for pin in pins)], words),
        names=_row_names(),
    )
    for pin in pins:
        with solara.Row(classes=["ks-row"]):
            solara.Text(pin.name)
            solara.Button(words("pins.show"), on_click=lambda pin=pin: session.show(pin.outcome.choice), outlined=True)
            solara.Button(words("pins.drop"), on_click=lambda pin=pin: session.unpin(pin.name), text=True)


def _row_names() -> list[str]:
    return ["state", "budget", "cost", *(name for name, _ in COMPARED)]


def pin_rows(outcomes: list[Outcome], words: Words) -> list[list[str]]:
    """Return the table of kept scenarios: a row for each thing compared, a column for each scenario."""
    rows = [
        [words("pins.state"), *(words(f"state.{each.run.state.type}") for each in outcomes)],
        [words("pins.budget"), *(words.rupiah(_budget(each)) for each in outcomes)],
        [words("money.public"), *(words.rupiah(each.cost) for each in outcomes)],
    ]
    rows += [
        [label_of(name, words), *(value_of(name, measured(each.run, name, smooth), words) for each in outcomes)]
        for name, smooth in COMPARED
    ]
    return rows


def _budget(outcome: Outcome) -> float:
    return float(outcome.choice["programme.budget"]) if outcome.choice["programme.enabled"] else 0.0


@solara.component
def Downloads(session: Session, address: str) -> None:
    """Files to take home."""
    words, outcome = session.words.value, session.outcome.value
    stem = re.sub(r"[^A-Za-z0-9-]+", "-", outcome.choice.base.name).strip("-")[:40] or "scenario"
    files: tuple[tuple[str, str, str, Callable[[], str | bytes]], ...] = (
        ("png", f"{stem}.png", "image/png", lambda: figure_of(outcome, "png", words)),
        ("svg", f"{stem}.svg", "image/svg+xml", lambda: figure_of(outcome, "svg", words)),
        ("map", f"{stem}-map.png", "image/png", lambda: map_of(outcome, words)),
        ("series", f"{stem}-months.csv", "text/csv", lambda: outcome.run.series.to_csv()),
        ("firms", f"{stem}-firms.csv", "text/csv", lambda: outcome.run.firms.to_csv()),
        ("pins", f"{stem}-kept.csv", "text/csv", lambda: kept_as_csv(session)),
        ("toml", f"{stem}.toml", "application/toml", lambda: outcome.choice.scenario.to_toml(words.language)),
        (
            "html",
            f"{stem}.html",
            "text/html",
            lambda: summary_page(words, outcome, address),
        ),
    )
    solara.HTML("h2", words("downloads.title"))
    with solara.Div(classes=["ks-downloads"]):
        for name, filename, kind, content in files:
            solara.FileDownload(
                content, filename=filename, label=words(f"downloads.{name}"), mime_type=kind, string_encoding="utf-8"
            )


def kept_as_csv(session: Session) -> str:
    """Return the kept scenarios as a table; a name that a spreadsheet would take for a formula is kept from it."""
    words = session.words.value
    outcomes = [session.outcome.value, *(pin.outcome for pin in session.pins.value)]
    held = io.StringIO()
    table = csv.writer(held)
    head = [words("compare.indicator"), words("pins.shown"), *(pin.name for pin in session.pins.value)]
    table.writerow([harmless(cell) for cell in head])
    table.writerows(pin_rows(outcomes, words))
    return held.getvalue()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet calculates.

    Examples
    --------
    >>> harmless("=1+1"), harmless("kelompok 1")
    ("'=1+1", 'kelompok 1')
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell


@solara.component
def Share(words: Words, address: str, uploaded: bool, reachable: bool) -> None:
    """The link that reopens the scenario, and a picture of it where others can open the page."""
    solara.HTML("h2", words("share.title"))
    if uploaded:
        solara.HTML("p", words("share.upload"))
        return
    solara.HTML("p", words("share.link"))
    solara.HTML("code", address, classes=["ks-link"])
    if not reachable:
        solara.HTML("p", words("share.closed"), classes=["ks-help"])
        return
    picture = segno.make(address, error="m").svg_data_uri(scale=6, border=3)
    solara.HTML("img", classes=["ks-qr"], attributes={"src": picture, "alt": words("share.code")})
