"""Pattern 5: group against individual support at equal public cost spent, four ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from klastersim.analysis.patterns.ensemble import BASE, ensemble, frozen
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding, Row, judged
from klastersim.analysis.patterns.intervals import mean_interval
from klastersim.analysis.patterns.place import FINE_FROM, SEARCH, Key
from klastersim.analysis.patterns.spending import MONTHS, alike, value_added, with_budgets

CHANNELS: Final = ("individual", "group")
TRUSTS: Final = (0.5, 0.7, 0.85)
SELECTIONS: Final = ("random", "neediest", "promising")

#: Cost of serving one firm in a group over that of serving one alone, where it is set.
RATIOS: Final = (0.25, 0.5, 1.0, 2.0)
FEW_RATIOS: Final = (0.25, 2.0)

NO_TRUST: Final[Changes] = {"programme.meetings_build_trust": False}

#: Seed of the runs by which equal spending is found.
SPENDING: Final = SEARCH + 5


class Way(NamedTuple):
    """One way of comparing: prices by the list or by a ratio of unit costs, and whether meetings build trust.

    Attributes
    ----------
    name : str
        "full", "equal unit cost", "no trust from meetings" or "both".
    ratio : float or None
        Ratio of unit costs, group to individual; None for what the price list says of groups.
    trust : bool
        Whether meetings build trust.
    """

    name: str
    ratio: float | None
    trust: bool

    def arm(self, channel: str) -> Changes:
        """Return what the scenario of one arm is changed in."""
        changes = {"programme.channel": channel, **({} if self.trust else NO_TRUST)}
        return changes if self.ratio is None else {**changes, "prices.group_ratio": self.ratio}


WAYS: Final = {
    way.name: way
    for way in (
        Way("full", None, True),
        Way("equal unit cost", 1.0, True),
        Way("no trust from meetings", None, False),
        Way("both", 1.0, False),
    )
}


class Arms(NamedTuple):
    """Two arms that spend alike, by replication.

    Attributes
    ----------
    added, active : ndarray of float, shape (2, replications)
        Value added from the programme's start, Rp million, and whether active 60 months after its end.
    spent, unspent : ndarray of float, shape (2, replications)
        Public money spent, and not spent or lent out and come back, Rp million.
    budgets : tuple of float
        Yearly budgets at which they do.
    """

    added: np.ndarray
    active: np.ndarray
    spent: np.ndarray
    unspent: np.ndarray
    budgets: tuple[float, ...]

    @property
    def gains(self) -> np.ndarray:
        """Value added by the group arm less by the individual arm, rupiah for each rupiah spent, by replication."""
        return np.asarray((self.added[1] - self.added[0]) / max(float(self.spent.mean()), 1e-9))


@lru_cache(maxsize=256)
def _arms(key: Key, way: Way, replications: int, seed: int) -> Arms:
    points = [{**dict(key), **way.arm(channel)} for channel in CHANNELS]
    budgets = alike(points, replications, SPENDING)
    told = ensemble(
        with_budgets(points, budgets), replications, MONTHS, seed, ("value_added", "public_cost", "unspent", "active")
    )
    added = value_added(told)
    return Arms(added, told["active"][:, :, -1], told["public_cost"].sum(axis=2), told["unspent"][:, :, -1], budgets)


def _cells(changes: Changes, replications: int) -> list[Changes]:
    """Where the arms are compared: over social capital and selection; where replications are few, at one of each."""
    if replications < FINE_FROM:
        return [{"ties.trust": 0.7, **changes, "programme.selection": "random"}]
    trusts = [changes["ties.trust"]] if "ties.trust" in changes else TRUSTS
    return [
        {**changes, "ties.trust": trust, "programme.selection": selection}
        for trust in trusts
        for selection in SELECTIONS
    ]


def compare(way: Way, changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether groups are the better channel, one way of comparing.

    Parameters
    ----------
    way : Way
        Prices, and whether meetings build trust.
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs of each point, and what their luck is derived from.
    alpha : float
        False-alarm rate of either bound of the mean over all cells; that of a cell is divided by their number.

    Returns
    -------
    Finding
        The estimate is value added by group support less by individual support, for each rupiah spent.
    """
    cells = _cells(changes, replications)
    arms = [_arms(frozen(cell), way, replications, seed) for cell in cells]
    gains = np.mean([each.gains for each in arms], axis=0)
    low, high = mean_interval(gains, alpha)
    rows = [_row(cell, each, alpha / len(cells)) for cell, each in zip(cells, arms, strict=True)]
    wins = {name: sum(row["winner"] == name for row in rows) for name in CHANNELS}
    return Finding(
        pattern=5,
        part=way.name if way.ratio in (None, 1.0) else f"{way.name}, ratio {way.ratio:g}",
        claim="At equal public cost spent, group support adds more value than individual support.",
        quantity="value added, group less individual, rupiah for each rupiah spent",
        estimate=float(gains.mean()),
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, 0.0),
        detail=tuple(rows),
        note=f"Of {len(cells)} cells (social capital and selection) groups win {wins['group']}, single firms "
        f"{wins['individual']}.",
    )


def _row(cell: Changes, arms: Arms, alpha: float) -> Row:
    low, high = mean_interval(arms.gains, alpha)
    winner = "group" if low > 0.0 else "individual" if high < 0.0 else "neither"
    individual, group = arms.spent.mean(axis=1)
    active = arms.active.mean(axis=1)
    return {
        "ties.trust": cell["ties.trust"],
        "selection": cell["programme.selection"],
        "gain": float(arms.gains.mean()),
        "low": low,
        "high": high,
        "winner": winner,
        "spent_individual": float(individual),
        "spent_group": float(group),
        "unspent_individual": float(arms.unspent[0].mean()),
        "unspent_group": float(arms.unspent[1].mean()),
        "active_individual": float(active[0]),
        "active_group": float(active[1]),
    }


def ratio(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """At which ratio of unit costs the better channel changes.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs of each point, and what their luck is derived from.
    alpha : float
        False-alarm rate, over all ratios together.

    Returns
    -------
    Finding
        The estimate is the ratio at which the arms break even; its bounds are the highest at which groups, and the
        lowest at which single firms are shown to do better.
    """
    rows: list[dict[str, float]] = []
    ratios = RATIOS if replications >= FINE_FROM else FEW_RATIOS
    for value in ratios:
        found = compare(Way("equal unit cost", value, True), changes, replications, seed, alpha / len(ratios))
        told = {"gain": found.estimate, "low": found.low, "high": found.high}
        rows.append({"ratio": value, **{name: each for name, each in told.items() if each is not None}})
    group = max((row["ratio"] for row in rows if row["low"] > 0.0), default=None)
    single = min((row["ratio"] for row in rows if row["high"] < 0.0), default=None)
    one_sided = all(row["low"] > 0.0 for row in rows) or all(row["high"] < 0.0 for row in rows)
    both = group is not None and single is not None and group < single
    return Finding(
        pattern=5,
        part="ratio of unit costs",
        claim="Groups do better where serving a firm in a group costs a quarter of serving it alone, single firms "
        "where it costs twice as much.",
        quantity="ratio of unit costs, group to individual, at which the channels break even",
        estimate=break_even(ratios, [row["gain"] for row in rows]),
        low=group,
        high=single,
        alpha=alpha,
        held=True if both else False if one_sided else None,
        detail=tuple(rows),
        note=f"By the price list the ratio is about {listed_ratio(BASE):.2f} for a visit to a group of usual size.",
    )


def break_even(ratios: Sequence[float], gains: Sequence[float]) -> float | None:
    """Ratio at which gains first fall to 0, between neighbours along a line; None if they do not."""
    for k in range(1, len(gains)):
        if gains[k - 1] > 0.0 >= gains[k]:
            step = gains[k - 1] / (gains[k - 1] - gains[k])
            return float(ratios[k - 1] + step * (ratios[k] - ratios[k - 1]))
    return None


def listed_ratio(prices: Mapping[str, float] | object) -> float:
    """Cost of training one firm in a group of the usual size over that of training one alone, by the price list."""
    price = {name: prices[f"prices.{name}"] for name in ("visit", "member", "training")}  # type: ignore[index]
    fixed = price["visit"] + price["training"]
    size = prices["programme.group_size"]  # type: ignore[index]
    return float((fixed / size + price["member"]) / (fixed + price["member"]))
