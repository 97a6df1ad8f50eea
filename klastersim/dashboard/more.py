"""All other parameters, from their declarations, one section at a time."""

from __future__ import annotations

from typing import Final

import reacton.ipyvuetify as rv
import solara

from klastersim.dashboard.problems import explain
from klastersim.dashboard.session import Session
from klastersim.errors import InputError, said
from klastersim.figures.words import Words
from klastersim.scenario import Parameter, Value
from klastersim.scenario.catalogue import CATALOGUE
from klastersim.scenario.words import GRADES, GRADES_ID
from klastersim.simulation import MOST_MONTHS

#: Sections in the order of the declarations; files of the server's disk are nobody's to choose.
SECTIONS: Final = tuple(dict.fromkeys(each.section for each in CATALOGUE.values() if not each.file))

#: Digits beyond which no number of months is looked at.
LONGEST_NUMBER: Final = 9


@solara.component
def More(session: Session) -> None:
    """A section of the parameters, to be chosen."""
    words = session.words.value
    section, set_section = solara.use_state(SECTIONS[0])
    with solara.Div(classes=["ks-more"]):
        rv.Select(
            label=words("more.section"),
            items=[{"text": words.section(name), "value": name} for name in SECTIONS],
            v_model=section,
            on_v_model=set_section,
            outlined=True,
            hide_details=True,
            attributes={"aria-label": words("more.section")},
        )
        for declared in CATALOGUE.values():
            if declared.section == section and not declared.file:
                Field(session, declared).key(f"{declared.key} {words.language}")
        if section == SECTIONS[0]:
            Months(session)


@solara.component
def Field(session: Session, declared: Parameter) -> None:
    """One parameter: its value, what it means, its unit, what is allowed and where it comes from."""
    words, value = session.words.value, session.choice[declared.key]
    problem, set_problem = solara.use_state("")
    told = declared.told(words.language)
    label = f"{told.label} ({told.unit})" if told.unit else told.label

    def change(new: Value) -> None:
        try:
            session.choice.change({declared.key: new})
        except InputError as error:
            set_problem(explain(error, words))
            return
        set_problem("")
        session.change({declared.key: new})

    def typed(text: str) -> None:
        try:
            new = words.parse(text)
        except ValueError:
            set_problem(words("more.no_number", example=words.exact(declared.default)))
            return
        change(int(new) if isinstance(declared.default, int) and new.is_integer() else new)

    with solara.Div(classes=["ks-field"]):
        if isinstance(declared.default, bool):
            rv.Switch(label=label, v_model=value, on_v_model=lambda on: change(bool(on)), hide_details=True)
        elif declared.choices:
            rv.Select(
                label=label, items=[{"text": words.choice(each), "value": each} for each in declared.choices],
                v_model=value, on_v_model=change, hide_details=True, attributes={"aria-label": label},
            )  # fmt: skip
        else:
            solara.InputText(label, words.exact(value), on_value=typed, continuous_update=False)
        if problem:
            solara.HTML("p", problem, classes=["ks-problem"], attributes={"role": "alert"})
        solara.HTML("p", f"{told.help} {source_of(declared, words)}", classes=["ks-help"])


def source_of(declared: Parameter, words: Words) -> str:
    """Return what is allowed, how well the default is known, and its source."""
    told = declared.told(words.language)
    grades = GRADES_ID if words.language == "id" else GRADES
    return words("more.source", allowed=told.allowed, grade=grades[declared.grade], source=declared.source)


@solara.component
def Months(session: Session) -> None:
    """How long a run is."""
    words = session.words.value

    def typed(text: str) -> None:
        whole = text.strip()
        if whole.isascii() and whole.isdigit() and len(whole) <= LONGEST_NUMBER:
            session.change({}, months=int(whole))
        else:
            allowed = said("a whole number from {low} to {high}", low=1, high=MOST_MONTHS)
            session.refuse(InputError("dashboard", "months", text, allowed))

    with solara.Div(classes=["ks-field"]):
        solara.InputText(
            words("more.months"), words.exact(session.choice.months), on_value=typed, continuous_update=False
        )
