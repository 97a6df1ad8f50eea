"""The looks at the model: which claim, how many runs, which seed, and what it should not survive."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from klastersim.analysis.patterns import (
    agencies,
    balance,
    channels,
    demand,
    factors,
    few,
    forms,
    hysteresis,
    instruments,
    mass,
    organisation,
    persistence,
    potential,
    regimes,
    remains,
)
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding
from klastersim.analysis.patterns.living import LIVING, LIVING_NAME
from klastersim.analysis.patterns.place import (
    where_active,
    where_budgets_can,
    where_history_decides,
    where_support_adds_most,
)
from klastersim.scenario.whole import WHOLE

Search = Callable[[Changes, int], float]
Look = Callable[[Changes, int, int, float], Finding]

#: Seeds of the looks begin here; fixed before any pattern was run. Pattern n has this plus 10 n.
SEED: Final = 21_000

TITLES: Final[Mapping[int, str]] = {
    1: "Two regimes in social capital, and a band where history decides",
    2: "Critical mass",
    3: "Hysteresis",
    4: "Persistence and the length of a programme",
    5: "Group against individual support",
    6: "The four failure factors",
    7: "The best instrument",
    8: "Market potential that no budget replaces",
    9: "Horizontal and vertical cooperation",
    10: "When local demand falls",
    11: "Bundled against scattered support",
    12: "Closed network against open cluster",
    14: "Balances",
    15: "Few are active after four years",
    16: "What remains where cooperation brings nothing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """A look at the same claim where it should come out otherwise: the look can fail, or can succeed.

    Attributes
    ----------
    name : str
        What is changed, in words that follow "with".
    changes : mapping
        What the scenario is changed in.
    """

    name: str
    changes: Changes


#: Runs of each point in a counter-test, at most.
COUNTER_RUNS: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a look looks, found by a search with seeds of its own.

    Attributes
    ----------
    search : callable
        Takes changes and replications; returns a mean trust.
    words : str
        What is special there, in words that follow "where a search sees".
    """

    search: Search
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One claim about the model, ready to be looked at.

    Attributes
    ----------
    number : int
        Number of the pattern.
    part : str
        Which of its claims, as in the finding.
    look : callable
        Takes changes, replications, seed and false-alarm rate; returns a Finding.
    replications : int
        Runs of each point.
    quick : int
        The same in each of many draws of the parameters; 0 where it is not looked at there.
    under : mapping
        What the default scenario is changed in throughout.
    under_name : str
        The same in words; "" for nothing.
    place : Place or None
        Where it looks. Counter-tests look at the same place; in a draw it is searched for anew.
    counters : tuple of Counter
        Where the claim should come out otherwise.
    sweeps : bool
        Whether the look takes a row of values of mean trust, so that it does not need one.
    """

    number: int
    part: str
    look: Look
    replications: int
    quick: int = 0
    under: Changes = field(default_factory=dict)
    under_name: str = ""
    place: Place | None = None
    counters: tuple[Counter, ...] = ()
    sweeps: bool = False

    @property
    def seed(self) -> int:
        """Seed of the look."""
        return SEED + 10 * self.number

    @property
    def name(self) -> str:
        """Which claim, and what holds throughout."""
        return f"{self.part}, {self.under_name}" if self.under_name else self.part

    def on(self, name: str, changes: Changes) -> Pattern:
        """Return the same look at another scenario; what this look changes itself stays."""
        names = f"{self.under_name}, {name}" if self.under_name else name
        return replace(self, under={**changes, **self.under}, under_name=names)

    def find(self) -> Finding:
        """Look with the committed replications."""
        return self.look(self._here(), self.replications, self.seed, ALPHA)

    def find_with(self, counter: Counter) -> Finding:
        """Look at the same place where the claim should come out otherwise."""
        changes = {**self._here(), **counter.changes}
        return self.look(changes, min(self.replications, COUNTER_RUNS), self.seed, ALPHA)

    def glance(self, changes: Changes, alpha: float) -> Finding:
        """Look at one draw of the parameters, with few replications."""
        chosen = self.sweeps or self.place is not None
        kept = {key: value for key, value in changes.items() if not (chosen and key == "ties.trust")}
        return self.look({**kept, **self.under}, self.quick, self.seed + 1, alpha)

    def _here(self) -> Changes:
        """What the default scenario is changed in where this look looks."""
        if self.place is None:
            return self.under
        return {"ties.trust": self.place.search(self.under, self.replications), **self.under}


APART: Final = Place(search=where_history_decides, words="the two starts differ most")
SUPPORT: Final = Place(search=where_support_adds_most, words="support add most")
ABLE: Final = Place(
    search=where_budgets_can, words="the largest budget leave most clusters active, the lowest such value"
)
ACTIVE: Final = Place(search=where_active, words="most clusters active alone, the lowest such value")

NO_JOINT_WORK: Final = Counter(
    name="no groups and no subcontracting", changes={"groups.enabled": False, "orders.subcontracting": False}
)

#: A choice that follows company alone and strongly: history decides by construction.
HERD: Final = Counter(
    name="a choice that follows company alone",
    changes={
        "decision.intercept": -4.0,
        "decision.social": 8.0,
        "decision.trust": 0.0,
        "cluster.free_riders": 0.0,
        "ties.trust": 0.8,
    },
)

FORGETFUL: Final = Counter(
    name="nothing learned and nobody remembered",
    changes={
        "learning.trust_rise": 0.0,
        "learning.trust_fall": 0.0,
        "learning.gain_rate": 0.0,
        "learning.gain_watch": 0.0,
        "relations.enabled": False,
        "ties.most": 0,
    },
)

#: Money that does nothing: meetings that teach nothing.
IDLE: Final = Counter(
    name="money that buys nothing but meetings that teach nothing",
    changes={
        "mix.training": 0.0,
        "mix.finance": 0.0,
        "mix.market": 0.0,
        "programme.meetings_build_trust": False,
    },
)

#: Nothing special to groups: no loss by spread, no action through groups, the same recipients, no joint liability.
NULL: Final = Counter(
    name="nothing special to groups",
    changes={
        "programme.self_organisation": False,
        "programme.spread_loss": False,
        "programme.group_size": 5,
        "programme.arrears": 0.0,
        "groups.enabled": False,
    },
)

#: Firms that are willing whatever they expect and whomever they trust: only trusted ties are missing.
WILLING: Final = Counter(name="firms that are always willing", changes={"decision.intercept": 5.0})

#: Few firms, all willing, whom nearly every order reaches: little but the number of orders is in the way.
REACHED: Final = Counter(
    name="twenty willing firms that orders reach",
    changes={"cluster.firms": 20, "decision.intercept": 5.0, "market.linkage": 0.9},
)

#: Buyers' memory that neither rises nor falls is none.
EMPTY_MEMORY: Final = Counter(
    name="a memory that holds nothing",
    changes={"relations.rise": 0.0, "relations.fall": 0.0, "relations.decay": 0.0},
)

#: A choice in which gain counts for much more than company and trust.
GREEDY: Final = Counter(name="gain that weighs thirty times as much", changes={"decision.gain": 210.0})

#: No acquaintances at a newcomer's low trust, which lower mean trust in the choice.
NO_NEW_TIES: Final = Counter(name="no new acquaintances", changes={"ties.most": 0})

#: A choice by a threshold, which has other fixed points than the logit's.
THRESHOLD: Final = Counter(name="a threshold in place of the choice", changes={"decision.rule": "threshold"})

#: Nothing that is bought does anything: courses teach nothing, meetings neither, money is not short, orders too dear.
USELESS: Final = Counter(
    name="instruments that do nothing",
    changes={
        "programme.training_dose": 0.0,
        "programme.meetings_build_trust": False,
        "finance.enabled": False,
        "prices.introduction": 1e6,
        "groups.meeting_days": 0.0,
    },
)

#: The promising are the same firms for every body.
ONE_LIST: Final = Counter(
    name="the promising, who are the same for all bodies", changes={"programme.selection": "promising"}
)

#: Firms that are willing and trusted, in clusters that orders find.
WILLING_AND_REACHED: Final = Counter(
    name="willing firms that trust each other and that orders find",
    changes={"decision.intercept": 5.0, "ties.trust": 0.9, "market.linkage": 0.9, "market.potential": 16.0},
)

NEVER: Final = Counter(name="firms that never cooperate", changes={"decision.enabled": False})

#: Nobody to link up with: firms that never cooperate nor specialise, large firms that bind and foster nobody.
UNLINKED: Final = Counter(
    name="nobody to link up with",
    changes={
        "decision.enabled": False,
        "specialisation.reconsider": 0.0,
        "principals.number": 0,
        "contracts.rate": 0.0,
    },
)

NO_ORDERS: Final = Counter(name="no outside orders", changes={"market.potential": 0.0})

NO_PROGRAMME: Final = Counter(name="no programme", changes={"programme.enabled": False})

_NO_TRUST: Final[Changes] = {"decision.trust": 0.0}
_NO_TRUST_NAME: Final = "no trust in the choice"
_AT_DEFAULT: Final[Changes] = {"ties.trust": 0.5}


def _regimes(under: Changes, name: str, **rest: Any) -> Pattern:
    look = regimes.regimes
    return Pattern(
        number=1, part="regimes", look=look, replications=200, under=under, under_name=name, sweeps=True, **rest
    )


def _band(under: Changes, name: str, **rest: Any) -> Pattern:
    look = regimes.band
    return Pattern(
        number=1, part="band", look=look, replications=600, under=under, under_name=name, place=APART, **rest
    )


def _thresholds(make: Callable[[Changes, str], Pattern]) -> list[Pattern]:
    return [make({"groups.trust": value}, f"trust to work together {value}") for value in (0.35, 0.65)]


def _support(number: int, part: str, look: Look, replications: int, counter: Counter | None, quick: int) -> Pattern:
    counters = () if counter is None else (counter,)
    return Pattern(
        number=number, part=part, look=look, replications=replications, quick=quick, place=SUPPORT, counters=counters
    )


def _potential(part: str, look: Look, quick: int = 20, **rest: Any) -> Pattern:
    return Pattern(number=8, part=part, look=look, replications=300, quick=quick, **{"place": ABLE, **rest})


def _living(number: int, part: str, look: Look, place: Place, counter: Counter, quick: int = 20) -> Pattern:
    return Pattern(
        number=number,
        part=part,
        look=look,
        replications=400,
        quick=quick,
        under=LIVING,
        under_name=LIVING_NAME,
        place=place,
        counters=(counter,),
    )


def _forms(form: forms.Form, counter: Counter, looks: Mapping[str, Callable[..., Finding]]) -> list[Pattern]:
    return [_living(9, f"{form.name}, {part}", partial(look, form), ACTIVE, counter) for part, look in looks.items()]


PATTERNS: Final[tuple[Pattern, ...]] = (
    _regimes({}, "", quick=20, counters=(NO_JOINT_WORK,)),
    _regimes(_NO_TRUST, _NO_TRUST_NAME, quick=20),
    *_thresholds(_regimes),
    Pattern(number=1, part="percolation", look=regimes.percolation, replications=200, sweeps=True, counters=(WILLING,)),
    _band({}, "", quick=20, counters=(HERD,)),
    _band(_NO_TRUST, _NO_TRUST_NAME),
    *_thresholds(_band),
    Pattern(number=2, part="rise", look=mass.rise, replications=1_000, quick=20, place=APART, counters=(FORGETFUL,)),
    Pattern(
        number=2, part="steepness", look=mass.steepness, replications=1_000, quick=20, place=APART, counters=(HERD,)
    ),
    _support(3, "gap", hysteresis.gap, 300, IDLE, quick=12),
    _support(3, "crossing", hysteresis.crossing, 300, IDLE, quick=12),
    _support(3, "speed", hysteresis.speed, 300, FORGETFUL, quick=12),
    _support(4, "length", persistence.length, 800, None, quick=30),
    _support(4, "memory", persistence.memory, 3_000, EMPTY_MEMORY, quick=30),
    _support(4, "late", persistence.late, 800, IDLE, quick=30),
    *(
        Pattern(
            number=5,
            part=way.name,
            look=partial(channels.compare, way),
            replications=160,
            quick=20,
            counters=(NULL,) if way.name == "both" else (),
        )
        for way in channels.WAYS.values()
    ),
    Pattern(number=5, part="ratio of unit costs", look=channels.ratio, replications=160, quick=20),
    *(Pattern(number=6, part=part, look=look, replications=400) for part, look in factors.looks().items()),
    Pattern(number=7, part="best instrument", look=instruments.differ, replications=200, quick=12, counters=(USELESS,)),
    _potential("activity", potential.activity, quick=0, under=_AT_DEFAULT, under_name="mean trust 0.5", place=None),
    _potential("activity", potential.activity, counters=(REACHED,)),
    _potential(
        "activity", potential.activity, quick=0, under={"purchase.enabled": False}, under_name="no joint purchase"
    ),
    _potential("value added", partial(potential.income, "value_added")),
    _potential("profit", partial(potential.income, "profit")),
    *_forms(
        forms.HORIZONTAL,
        NEVER,
        {
            "profit": partial(forms.income, "profit"),
            "productivity": partial(forms.income, "productivity"),
            "single-firm orders": forms.single_orders,
        },
    ),
    *_forms(
        forms.VERTICAL,
        UNLINKED,
        {"speed": forms.speed, "productivity": partial(forms.income, "productivity")},
    ),
    *(
        _living(10, part, partial(look, measure), ACTIVE, NO_ORDERS, quick=50)
        for part, look, measure in (
            ("value added", demand.by_state, "value_added"),
            ("profit", demand.by_state, "profit"),
            ("value added, same clusters", demand.by_cooperation, "value_added"),
        )
    ),
    Pattern(number=11, part="bundled", look=agencies.bundled, replications=300, quick=20, counters=(ONE_LIST,)),
    *(
        _living(12, part, partial(organisation.compare, part), SUPPORT, NO_PROGRAMME)
        for part in ("speed", "firms reached", "jobs")
    ),
    _living(12, "loss of the largest buyer", organisation.survival, SUPPORT, NO_PROGRAMME, quick=0),
    *(
        Pattern(
            number=12,
            part=part,
            look=partial(organisation.compare, part),
            replications=400,
            under={**WHOLE, **_AT_DEFAULT},
            under_name="whole model, mean trust 0.5",
        )
        for part in ("firms reached", "jobs")
    ),
    Pattern(number=14, part="balances", look=balance.balances, replications=4, quick=1),
    Pattern(number=15, part="few", look=few.active, replications=300, counters=(WILLING_AND_REACHED,)),
    Pattern(number=16, part="fixed point", look=remains.floor, replications=200, quick=20, counters=(THRESHOLD,)),
    Pattern(
        number=16, part="half", look=remains.half, replications=200, under=_AT_DEFAULT, under_name="mean trust 0.5"
    ),
    Pattern(
        number=16,
        part="half",
        look=remains.half,
        replications=200,
        quick=20,
        place=ACTIVE,
        counters=(GREEDY, NO_NEW_TIES),
    ),
)


def patterns(number: int | None = None) -> tuple[Pattern, ...]:
    """Return all looks, or those of one pattern, in the order in which they are told."""
    return tuple(each for each in PATTERNS if number is None or each.number == number)
