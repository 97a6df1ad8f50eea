"""What one visitor's page holds; each browser window has one of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import solara

from klastersim.dashboard.choice import Choice
from klastersim.dashboard.link import START, language_of, read_query
from klastersim.dashboard.outcome import Outcome
from klastersim.dashboard.settings import SETTINGS
from klastersim.errors import InputError
from klastersim.figures.words import Words

if TYPE_CHECKING:
    from klastersim.dashboard.chance import Counted

#: Steps that can be taken back, and scenarios that can be kept.
MOST_STEPS: Final = 100
MOST_PINS: Final = 12
LONGEST_NAME: Final = 40

#: What makes machines of use to firms, and lets groups own them.
MACHINES: Final = ("functions.enabled", "functions.equipment", "bodies.enabled")

#: What makes up a programme, sections and what it needs: it is kept where the cluster changes.
PROGRAMME: Final = ("programme.", "mix.", "plan.", "participation.", "agencies.", "organisation.", *MACHINES)


@dataclass(frozen=True)
class Pin:
    """A scenario that a group keeps under a name of its own."""

    name: str
    outcome: Outcome


class Session:
    """The state of one page.

    Attributes
    ----------
    words : reactive of Words
        The language.
    outcome : reactive of Outcome
        What is shown.
    before : reactive of Outcome or None
        What was shown before the last change.
    past : reactive of tuple of Choice
        Choices that can be returned to, the last one last.
    problem : reactive of InputError or None
        What is wrong with the last thing asked for; None if nothing is.
    pins : reactive of tuple of Pin
        What is kept.
    rival : reactive of str
        Name of the kept scenario to compare with; empty for the same cluster without the programme.
    presenting : reactive of bool
        Whether one panel is shown in large type.
    refused : reactive of int
        How often something was refused: controls that show it are drawn anew, as they were.
    counted : reactive of Counted or None
        What the replications of the choice came to so far.
    """

    def __init__(self, query: str | None) -> None:
        problem = None
        try:
            choice = read_query(query)
        except InputError as error:
            choice, problem = Choice.preset(START), error
        self.words = solara.reactive(Words(language_of(query) or SETTINGS.language))
        self.outcome = solara.reactive(Outcome.of(choice))
        self.before: solara.Reactive[Outcome | None] = solara.reactive(None)
        self.past: solara.Reactive[tuple[Choice, ...]] = solara.reactive(())
        self.problem: solara.Reactive[InputError | None] = solara.reactive(problem)
        self.pins: solara.Reactive[tuple[Pin, ...]] = solara.reactive(())
        self.rival = solara.reactive("")
        self.presenting = solara.reactive(False)
        self.refused = solara.reactive(0)
        self.counted: solara.Reactive[Counted | None] = solara.reactive(None)

    @property
    def choice(self) -> Choice:
        """What is chosen."""
        return self.outcome.value.choice

    def change(self, changes: Mapping[str, Any], seed: int | None = None, months: int | None = None) -> bool:
        """Change values, or say why not; return whether it went well."""
        try:
            choice = self.choice.change(changes, seed, months)
        except InputError as error:
            self.refuse(error)
            return False
        self.show(choice)
        return True

    def start_from(self, preset: str) -> None:
        """Start anew from a preset, with the programme that is chosen."""
        kept = {key: self.choice[key] for key in self.choice.changes if key.startswith(PROGRAMME)}
        try:
            self.show(Choice.preset(preset).change(kept, self.choice.seed, self.choice.months))
        except InputError as error:
            self.refuse(error)

    def show(self, choice: Choice) -> None:
        """Run a choice and show it."""
        if choice == self.choice and choice.base == self.choice.base:
            self.problem.value = None
            return
        try:
            outcome = Outcome.of(choice)
        except InputError as error:
            self.refuse(error)
            return
        self.past.value = (*self.past.value, self.choice)[-MOST_STEPS:]
        self._set(outcome)

    def undo(self) -> None:
        """Return to the choice before."""
        if self.past.value:
            *past, choice = self.past.value
            self.past.value = tuple(past)
            self._set(Outcome.of(choice))

    def _set(self, outcome: Outcome) -> None:
        self.problem.value = None
        self.before.value = self.outcome.value
        self.outcome.value = outcome

    def refuse(self, error: InputError) -> None:
        """Say what is wrong, and show what was."""
        self.problem.value = error
        self.refused.value += 1

    def speak(self, language: str) -> None:
        """Change the language."""
        self.words.value = Words(language)

    def pin(self, name: str) -> None:
        """Keep what is shown under a name; one that is taken is replaced."""
        name = " ".join(name.split())[:LONGEST_NAME]
        if name:
            others = tuple(pin for pin in self.pins.value if pin.name != name)
            self.pins.value = (*others, Pin(name, self.outcome.value))[-MOST_PINS:]

    def unpin(self, name: str) -> None:
        """Keep it no longer."""
        self.pins.value = tuple(pin for pin in self.pins.value if pin.name != name)
        if self.rival.value == name:
            self.rival.value = ""
