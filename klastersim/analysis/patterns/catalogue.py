"""The looks at the model: which claim, how many runs, which seed, and what it should not survive."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from klastersim.analysis.patterns import balance, channels, hysteresis, mass, persistence, potential, regimes, remains
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding

Look = Callable[[Changes, int, int, float], Finding]

#: Seeds of the looks begin here; fixed before any pattern was run. Pattern n has this plus 10 n.
SEED: Final = 21_000

TITLES: Final[Mapping[int, str]] = {
    1: "Two regimes in social capital, and a band where history decides",
    2: "Critical mass",
    3: "Hysteresis",
    4: "Persistence and the length of a programme",
    5: "Group against individual support",
    8: "Market potential that no budget replaces",
    14: "Balances",
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
    counters : tuple of Counter
        Where the claim should come out otherwise.
    chosen : frozenset of str
        Parameters that the look chooses itself and that a draw leaves out.
    """

    number: int
    part: str
    look: Look
    replications: int
    quick: int = 0
    under: Changes = field(default_factory=dict)
    under_name: str = ""
    counters: tuple[Counter, ...] = ()
    chosen: frozenset[str] = frozenset()

    @property
    def seed(self) -> int:
        """Seed of the look."""
        return SEED + 10 * self.number

    def find(self, changes: Changes | None = None) -> Finding:
        """Look with the committed replications; `changes` come on top of what holds throughout."""
        return self.look({**self.under, **(changes or {})}, self.replications, self.seed, ALPHA)

    def glance(self, changes: Changes, alpha: float) -> Finding:
        """Look at one draw of the parameters, with few replications."""
        kept = {key: value for key, value in changes.items() if key not in self.chosen}
        return self.look({**kept, **self.under}, self.quick, self.seed + 1, alpha)


TRUST: Final = frozenset({"ties.trust"})

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

#: Buyers' memory that neither rises nor falls is none.
EMPTY_MEMORY: Final = Counter(
    name="a memory that holds nothing",
    changes={"relations.rise": 0.0, "relations.fall": 0.0, "relations.decay": 0.0},
)

#: A choice in which gain counts for much more than company and trust.
GREEDY: Final = Counter(name="gain that weighs thirty times as much", changes={"decision.gain": 210.0})

#: A choice by a threshold, which has other fixed points than the logit's.
THRESHOLD: Final = Counter(name="a threshold in place of the choice", changes={"decision.rule": "threshold"})

PATTERNS: Final[tuple[Pattern, ...]] = (
    Pattern(
        number=1,
        part="regimes",
        look=regimes.regimes,
        replications=200,
        quick=24,
        counters=(NO_JOINT_WORK,),
        chosen=TRUST,
    ),
    Pattern(
        number=1,
        part="regimes",
        look=regimes.regimes,
        replications=200,
        quick=24,
        under={"decision.trust": 0.0},
        under_name="no trust in the choice",
        chosen=TRUST,
    ),
    *(
        Pattern(
            number=1,
            part="regimes",
            look=regimes.regimes,
            replications=200,
            under={"groups.trust": value},
            under_name=f"trust to work together {value}",
        )
        for value in (0.35, 0.65)
    ),
    Pattern(number=1, part="percolation", look=regimes.percolation, replications=200, counters=(WILLING,)),
    Pattern(number=1, part="band", look=regimes.band, replications=400, quick=24, counters=(HERD,), chosen=TRUST),
    Pattern(
        number=1,
        part="band",
        look=regimes.band,
        replications=400,
        under={"decision.trust": 0.0},
        under_name="no trust in the choice",
    ),
    *(
        Pattern(
            number=1,
            part="band",
            look=regimes.band,
            replications=400,
            under={"groups.trust": value},
            under_name=f"trust to work together {value}",
        )
        for value in (0.35, 0.65)
    ),
    Pattern(number=2, part="rise", look=mass.rise, replications=400, quick=24, counters=(FORGETFUL,), chosen=TRUST),
    Pattern(
        number=2, part="steepness", look=mass.steepness, replications=400, quick=24, counters=(HERD,), chosen=TRUST
    ),
    Pattern(number=3, part="gap", look=hysteresis.gap, replications=200, quick=24, counters=(IDLE,), chosen=TRUST),
    Pattern(
        number=3, part="crossing", look=hysteresis.crossing, replications=200, quick=24, counters=(IDLE,), chosen=TRUST
    ),
    Pattern(
        number=3, part="speed", look=hysteresis.speed, replications=200, quick=24, counters=(FORGETFUL,), chosen=TRUST
    ),
    Pattern(number=4, part="length", look=persistence.length, replications=800, quick=40, chosen=TRUST),
    Pattern(
        number=4,
        part="memory",
        look=persistence.memory,
        replications=800,
        quick=40,
        counters=(EMPTY_MEMORY,),
        chosen=TRUST,
    ),
    Pattern(number=4, part="late", look=persistence.late, replications=800, quick=40, counters=(IDLE,), chosen=TRUST),
    *(
        Pattern(
            number=5,
            part=way.name,
            look=partial(channels.compare, way),
            replications=160,
            quick=24,
            counters=(NULL,) if way.name == "both" else (),
        )
        for way in channels.WAYS.values()
    ),
    Pattern(number=5, part="ratio of unit costs", look=channels.ratio, replications=160, quick=24),
    Pattern(
        number=8,
        part="activity",
        look=potential.activity,
        replications=200,
        under={"ties.trust": 0.5},
        under_name="mean trust 0.5",
    ),
    Pattern(number=8, part="activity", look=potential.activity, replications=200, quick=24, chosen=TRUST),
    Pattern(
        number=8,
        part="activity",
        look=potential.activity,
        replications=200,
        under={"purchase.enabled": False},
        under_name="no joint purchase",
    ),
    Pattern(
        number=8,
        part="value added",
        look=partial(potential.income, "value_added"),
        replications=200,
        quick=24,
        chosen=TRUST,
    ),
    Pattern(
        number=8, part="profit", look=partial(potential.income, "profit"), replications=200, quick=24, chosen=TRUST
    ),
    Pattern(number=14, part="balances", look=balance.balances, replications=4, quick=1),
    Pattern(number=16, part="fixed point", look=remains.floor, replications=200, quick=24, counters=(THRESHOLD,)),
    Pattern(
        number=16,
        part="half",
        look=remains.half,
        replications=200,
        under={"ties.trust": 0.5},
        under_name="mean trust 0.5",
    ),
    Pattern(number=16, part="half", look=remains.half, replications=200, quick=24, counters=(GREEDY,), chosen=TRUST),
)


def patterns(number: int | None = None) -> tuple[Pattern, ...]:
    """Return all looks, or those of one pattern, in the order in which they are told."""
    return tuple(each for each in PATTERNS if number is None or each.number == number)
