"""The page."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

import solara
import solara.lab

from klastersim.dashboard.chance import Chance
from klastersim.dashboard.cluster import Cluster
from klastersim.dashboard.controls import Controls
from klastersim.dashboard.keeping import Downloads, Pins, Share
from klastersim.dashboard.link import query_of, read_query
from klastersim.dashboard.memory import give_back_soon
from klastersim.dashboard.more import More
from klastersim.dashboard.outcome import Outcome
from klastersim.dashboard.panels import Compare, Headline, Money, Numbers, Orders, TimeLines
from klastersim.dashboard.problems import explain
from klastersim.dashboard.server import LOCAL
from klastersim.dashboard.session import MOST_PINS, Pin, Session
from klastersim.dashboard.settings import SETTINGS
from klastersim.dashboard.style import STYLE
from klastersim.dashboard.tipping import Tipping
from klastersim.dashboard.uploading import Uploading
from klastersim.dashboard.widgets import Address
from klastersim.errors import InputError
from klastersim.figures.words import LOCALES

#: Panels in the order of their tabs.
PANELS: Final = {
    "lines": TimeLines,
    "map": Cluster,
    "orders": Orders,
    "money": Money,
    "compare": Compare,
    "tipping": Tipping,
    "pins": Pins,
    "numbers": Numbers,
}


@solara.component
def Page() -> None:
    """The dashboard of one visitor."""
    router = solara.use_router()
    session = solara.use_memo(lambda: Session(router.search), [])
    origin, set_origin = solara.use_state("")
    solara.use_effect(lambda: give_back_soon, [])  # when the visitor leaves
    words, choice = session.words.value, session.outcome.value.choice
    query = query_of(choice, words.language)
    address = "" if choice.uploaded else f"{origin}/?{query}"
    solara.Style(STYLE)
    solara.Title(words("page.title"))

    def opened(told: dict[str, Any]) -> None:
        set_origin(str(told.get("origin", ""))[:200])
        restore(session, told.get("kept"))

    Address(
        query=query,
        language=words.language,
        pins=[{"name": pin.name, "query": query_of(pin.outcome.choice, words.language)}
              for pin in session.pins.value if not pin.outcome.choice.uploaded],
        says={"lost": words("page.lost")},
        event_opened=opened,
    )  # fmt: skip
    classes = ["ks-page", "ks-presenting"] if session.presenting.value else ["ks-page"]
    with solara.Div(classes=classes):
        Header(session)
        with solara.Div(classes=["ks-body"]):
            if not session.presenting.value:
                with solara.Div(classes=["ks-aside"]):
                    Controls(session)
                    with solara.Details(words("more.title")):
                        More(session)
                    Uploading(session)
            with solara.Div(classes=["ks-content"]):
                if session.problem.value is not None:
                    told = explain(session.problem.value, words)
                    solara.HTML("p", told, classes=["ks-problem"], attributes={"role": "alert"})
                Headline(session)
                Chance(session)
                Tabs(session)
                if not session.presenting.value:
                    Downloads(session, address)
                    reachable = SETTINGS.open_to_others and urlsplit(origin).hostname not in (None, *LOCAL)
                    Share(words, address, choice.uploaded, reachable)
                    solara.HTML("a", words("page.mesa"), attributes={"href": "mesa", "target": "_blank"})


@solara.component
def Header(session: Session) -> None:
    """The name of the page, language, undo and presentation."""
    words = session.words.value
    with solara.Div(classes=["ks-header"]):
        solara.HTML("strong", words("page.title"), classes=["ks-name"])
        solara.Button(
            words("page.undo"), on_click=session.undo, disabled=not session.past.value, text=True, icon_name="mdi-undo"
        )
        presenting = session.presenting.value
        solara.Button(
            words("page.stop_presenting" if presenting else "page.present"),
            on_click=lambda: session.presenting.set(not presenting),
            text=True,
            icon_name="mdi-presentation",
        )
        for language in LOCALES:
            solara.Button(
                words(f"language.{language}"),
                on_click=lambda language=language: session.speak(language),
                text=True,
                classes=["ks-language", "ks-spoken" if language == words.language else ""],
                attributes={"lang": language, "aria-pressed": str(language == words.language).lower()},
            )


@solara.component
def Tabs(session: Session) -> None:
    """The panels; only the one that is looked at is drawn."""
    words = session.words.value
    at, set_at = solara.use_state(0)
    with solara.lab.Tabs(value=at, on_value=set_at, dark=False):
        for name in PANELS:
            solara.lab.Tab(words(f"tab.{name}"))
    name = list(PANELS)[at]
    with solara.Div(classes=["ks-panel"], attributes={"data-panel": name}):
        PANELS[name](session).key(name)


def restore(session: Session, kept: Any) -> None:
    """Take up the scenarios that the browser kept while the server was away; what cannot be read is left out."""
    if session.pins.value or not isinstance(kept, list):
        return
    pins = []
    for each in kept[:MOST_PINS]:
        try:
            choice = read_query(str(each["query"]))
            pins.append(Pin(str(each["name"])[:40], Outcome.of(choice)))
        except (InputError, KeyError, TypeError):
            continue
    session.pins.value = tuple(pins)


@solara.component
def Layout(children: list[solara.Element]) -> None:
    """Nothing around the page but the page; Mesa's own page has its sliders at its side."""
    if solara.use_router().path.strip("/") == "mesa":
        solara.AppLayout(children=children, navigation=False)
    else:
        solara.Div(children=children)


@solara.component
def Lesson() -> None:
    """The second page, for those who teach Mesa."""
    from klastersim.dashboard import mesa_page  # Mesa is slow to import

    mesa_page.Lesson()


routes = [
    solara.Route("/", component=Page, layout=Layout),
    solara.Route("mesa", component=Lesson),
]
