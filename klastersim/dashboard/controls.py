"""The few large controls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import reacton.ipyvuetify as rv
import solara

from klastersim.dashboard.choice import offered
from klastersim.dashboard.session import MACHINES, Session
from klastersim.figures.words import Words
from klastersim.scenario import PRESETS
from klastersim.scenario.catalogue import CATALOGUE

#: Steps of the budget, Rp million a year; the page says the exact amount where it lies between.
BUDGETS: Final = (0.0, 5.0, 10.0, 15.0, 20.0, 30.0, 50.0, 75.0, 100.0, 150.0, 200.0, 300.0, 500.0, 750.0, 1_000.0,
                  1_500.0, 2_000.0, 3_000.0, 5_000.0, 10_000.0)  # fmt: skip

#: Steps of the number of firms; the page says the exact number where it lies between.
FIRMS: Final = (5, 10, 20, 30, 40, 50, 60, 80, 100, 150, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 8_000)

CHANNELS: Final = ("individual", "group", "mixed", "individual_first")

#: The four failure factors as switches: each parameter, and its value off and on.
FACTORS: Final = {
    "programme.market_networks": (False, True),
    "programme.self_organisation": (False, True),
    "plan.local_room": (0.0, 1.0),
    "plan.tailored": (0.0, 1.0),
}

#: Who may take part in making the plan and in carrying it out.
SEATS: Final = ("firms", "buyers", "bodies", "government")

MIX: Final = ("mix.training", "mix.finance", "mix.market", "mix.trust", "mix.equipment")
EQUIPMENT: Final = MIX[-1]
MIX_STEP: Final = 0.05

UPLOADED: Final = "*"


@solara.component
def Controls(session: Session) -> None:
    """Cluster, programme and luck."""
    words, choice = session.words.value, session.choice
    # A control that was refused is drawn anew, for the browser still shows what was asked for.
    with solara.Div(classes=["ks-controls"]).key(f"controls {session.refused.value}"):
        _Cluster(session)
        solara.HTML("h2", words("controls.programme"))
        rv.Switch(
            label=words("controls.enabled"),
            v_model=choice["programme.enabled"],
            on_v_model=lambda on: session.change({"programme.enabled": bool(on)}),
            hide_details=True,
        )
        if choice["programme.enabled"]:
            _Programme(session)
        solara.HTML("h2", words("controls.luck"))
        with solara.Row(classes=["ks-row"]):
            solara.Text(words("controls.seed", seed=words.exact(choice.seed)))
            solara.Button(
                words("controls.other_luck"), on_click=lambda: session.change({}, seed=choice.seed + 1), outlined=True
            )


@solara.component
def _Cluster(session: Session) -> None:
    words, choice = session.words.value, session.choice
    items = [{"text": title_of(name, words), "value": name} for name in offered()]
    if choice.uploaded:
        items.insert(0, {"text": words("controls.uploaded", title=choice.base.title), "value": UPLOADED})
    rv.Select(
        label=words("controls.cluster"),
        items=items,
        v_model=UPLOADED if choice.uploaded else choice.base.name,
        on_v_model=lambda name: session.start_from(name) if name != UPLOADED else None,
        outlined=True,
        hide_details=True,
        attributes={"aria-label": words("controls.cluster")},
    )
    said = words("controls.firms", count=words.number(choice["cluster.firms"]))
    if choice["cluster.file"]:
        solara.HTML("p", said, classes=["ks-said-of"])
    else:
        _slide(
            said,
            nearest_step(FIRMS, choice["cluster.firms"]),
            (0, len(FIRMS) - 1, 1),
            lambda k: session.change({"cluster.firms": FIRMS[int(k)]}),
        )


def nearest_step(steps: Sequence[float], value: float) -> int:
    """Return which step a slider stands at."""
    return min(range(len(steps)), key=lambda k: abs(steps[k] - value))


def title_of(preset: str, words: Words) -> str:
    """Return the title of a preset in a language."""
    return PRESETS[preset].title_id if words.language == "id" else PRESETS[preset].title


@solara.component
def _Programme(session: Session) -> None:
    words, choice = session.words.value, session.choice
    budget = choice["programme.budget"]
    _slide(
        words("controls.budget", amount=words.rupiah(budget)),
        nearest_step(BUDGETS, budget),
        (0, len(BUDGETS) - 1, 1),
        lambda k: session.change({"programme.budget": BUDGETS[int(k)]}),
    )
    with rv.RadioGroup(
        label=words("controls.channel"),
        v_model=choice["programme.channel"],
        on_v_model=lambda channel: session.change({"programme.channel": channel}),
        hide_details=True,
        row=True,
    ):
        for channel in CHANNELS:
            rv.Radio(label=words(f"channel.{channel}"), value=channel)
    solara.HTML("h3", words("controls.factors"))
    for key, (off, _) in FACTORS.items():
        rv.Switch(
            label=words(f"factor.{CATALOGUE[key].name}"),
            v_model=choice[key] != off,
            on_v_model=partial(_turn, session, key),
            hide_details=True,
        )
    _Seats(session)
    _Months(session)
    _Mix(session)


@solara.component
def _Mix(session: Session) -> None:
    words, choice = session.words.value, session.choice
    machines = all(choice[key] for key in MACHINES)
    total = sum(choice[key] for key in MIX) or 1.0
    solara.HTML("h3", words("controls.mix"))
    for key in MIX:
        if key != EQUIPMENT or machines or choice[key] > 0.0:
            _slide(
                f"{CATALOGUE[key].told(words.language).label} {words.share(choice[key] / total)}",
                choice[key],
                (0.0, 1.0, MIX_STEP),
                partial(_weigh, session, key),
            )
    rv.Switch(
        label=words("machines.able"),
        v_model=machines,
        on_v_model=partial(_let_machines, session),
        hide_details=True,
    )
    said = words(
        "machines.price" if machines else "machines.why",
        price=words.rupiah(choice["functions.machine_price"]),
        public=words.share(choice["programme.equipment_share"]),
        technician=words.rupiah(choice["prices.equipment"]),
    )
    solara.HTML("p", said, classes=["ks-help"])


def _let_machines(session: Session, able: bool) -> None:
    """Let firms and groups own machines, or nobody; then none can be given either."""
    if able:
        session.change(dict.fromkeys(MACHINES, True))
    else:
        session.change({"functions.enabled": False, "bodies.enabled": False, EQUIPMENT: 0.0})


def _weigh(session: Session, key: str, part: float) -> None:
    """Give an instrument another part of the budget."""
    session.change({key: float(part)})


def _turn(session: Session, key: str, wanted: bool) -> None:
    """Turn a failure factor's switch."""
    session.change({key: FACTORS[key][bool(wanted)]})


@solara.component
def _Seats(session: Session) -> None:
    words, choice = session.words.value, session.choice
    solara.HTML("h3", words("controls.seats"))
    for seat in SEATS:
        keys = [f"participation.{seat}_{part}" for part in ("design", "delivery")]
        rv.Checkbox(
            label=words(f"seat.{seat}"),
            v_model=any(choice[key] for key in keys),
            on_v_model=lambda taken, keys=keys: session.change(dict.fromkeys(keys, bool(taken))),
            hide_details=True,
        )


@solara.component
def _Months(session: Session) -> None:
    words, choice = session.words.value, session.choice
    start, end = choice["programme.start"], choice["programme.end"]
    said = words("controls.months", start=words.number(start), end=words.number(end))
    solara.HTML("p", said, classes=["ks-said-of"])
    rv.RangeSlider(
        v_model=[start, end],
        on_v_model=lambda ends: session.change({"programme.start": int(ends[0]), "programme.end": int(ends[1])}),
        min=1,
        max=max(choice.months, end),
        step=1,
        hide_details=True,
        attributes={"aria-label": said},
    )


def _slide(label: str, value: float, span: tuple[float, float, float], change: Callable[[Any], Any]) -> None:
    """Show a slider under what it says."""
    solara.HTML("p", label, classes=["ks-said-of"])
    rv.Slider(
        v_model=value,
        on_v_model=change,
        min=span[0],
        max=span[1],
        step=span[2],
        hide_details=True,
        attributes={"aria-label": label},
    )
