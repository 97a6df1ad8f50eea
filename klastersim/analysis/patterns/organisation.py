"""Pattern 12: closed network against open cluster at equal public cost."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np

from klastersim.analysis.patterns.ensemble import BASE, ensemble, frozen, measured, seeds_of
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding, judged
from klastersim.analysis.patterns.intervals import apart_interval, mean_interval
from klastersim.analysis.patterns.living import FEWEST, months_to_activation
from klastersim.analysis.patterns.place import SEARCH, Key, where_support_adds_most
from klastersim.analysis.patterns.spending import MONTHS, START, alike, with_budgets
from klastersim.scenario import Scenario
from klastersim.world.build import build

#: Seed of the runs by which equal spending is found.
SPENDING: Final = SEARCH + 12

#: Members of the closed network, the upper end of the range: ten of fifty firms could not be active by the meaning of
#: active, which asks for 30 % of the firms.
MEMBERS: Final = 20

#: The largest buyer leaves as the usual programme has ended; activity is read before, and so many months later.
LOST: Final = 73
AFTER: Final = 60

KINDS: Final = ("cluster", "network")


def arms(changes: Changes, replications: int) -> list[dict[str, Any]]:
    """Return what the default scenario is changed in for an open cluster and a closed network that spend alike."""
    trust = where_support_adds_most(changes, replications)
    base = {"organisation.members": MEMBERS, **changes, "ties.trust": trust}
    points: list[Changes] = [{**base, "organisation.kind": kind} for kind in KINDS]
    return [dict(each) for each in with_budgets(points, alike(points, replications, SPENDING))]


@lru_cache(maxsize=8)
def _steady(key: Key, replications: int, seed: int) -> np.ndarray:
    """Measures of open clusters and closed networks, shape (2, replications, months)."""
    names = ("active", "supported", "jobs", "public_cost")
    return ensemble(arms(dict(key), replications), replications, MONTHS, seed, names)


def compare(part: str, changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether closed networks do better than open clusters.

    Parameters
    ----------
    part : str
        In what: "speed", "firms reached" or "jobs".
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs of either, and what their luck is derived from, which both share.
    alpha : float
        False-alarm rate of either bound.

    Returns
    -------
    Finding
        The estimate is network less cluster: months sooner that it is active, share of firms that the programme
        reached, or jobs relative to those of the cluster, 60 months after its end.
    """
    told = _steady(frozen(changes), replications, seed)
    spent = told["public_cost"].sum(axis=2).mean(axis=1)
    values, claim, quantity, span, sign = _values(part, told)
    differences = sign * (values[1] - values[0])
    low, high = mean_interval(differences, alpha, span=span)
    active = told["active"][:, :, -1].mean(axis=1)
    return Finding(
        pattern=12,
        part=part,
        claim=claim,
        quantity=quantity,
        estimate=float(differences.mean()),
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, 0.0),
        note=f"Mean of clusters {values[0].mean():.3g}, of networks {values[1].mean():.3g}; active in month {MONTHS} "
        f"{active[0]:.0%} and {active[1]:.0%}; spent Rp {spent[0]:.3g} and {spent[1]:.3g} million.",
    )


def _values(part: str, told: np.ndarray) -> tuple[np.ndarray, str, str, float, int]:
    """Return (values by arm and run, claim, quantity, largest difference that there can be, 1 where more is better)."""
    if part == "speed":
        months = months_to_activation(told["active"][:, :, START - 1 :]).astype(float)
        most = told.shape[2] - START + 1
        words = f"months from the programme's start until first active, at most {most}, cluster less network"
        return months, "A closed network is active sooner than an open cluster.", words, float(most), -1
    if part == "firms reached":
        words = "share of firms ever reached by the programme, network less cluster"
        return told["supported"][:, :, -1], "A closed network reaches more firms than an open cluster.", words, 1.0, 1
    jobs = told["jobs"][:, :, -1]
    words = f"jobs in month {MONTHS}, network less cluster, relative"
    return jobs / float(jobs[0].mean()), "A closed network has more jobs than an open cluster.", words, 1.0, 1


def survival(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether closed networks that are active survive the loss of the largest buyer more often than open clusters.

    Parameters as for :func:`compare`. The estimate is the share active 60 months after the loss, network less cluster,
    of those that are active then without it and were before; not identified where they are fewer than 20 of either.
    """
    points = arms(changes, replications)
    seeds = seeds_of(replications, seed)
    steady = ensemble(points, replications, LOST + AFTER, seed)["active"] > 0.0
    runs = _with_loss(points, seeds)
    struck = measured(runs, LOST + AFTER, ("active",))["active"].reshape(replications, len(points), -1) > 0.0
    before, there = steady[:, :, LOST - 2], steady[:, :, LOST - 2] & steady[:, :, -1]
    lasting = [struck[:, k, -1][there[k]] for k in range(len(points))]
    identified = min(len(each) for each in lasting) >= FEWEST
    low, high = apart_interval(lasting[0], lasting[1], alpha)
    return Finding(
        pattern=12,
        part="loss of the largest buyer",
        claim="Active closed networks survive the loss of the largest buyer more often than open clusters.",
        quantity=f"share active {AFTER} months after the loss of those active without it, network less cluster",
        estimate=float(lasting[1].mean() - lasting[0].mean()) if identified else None,
        low=low if identified else None,
        high=high if identified else None,
        alpha=alpha,
        held=judged(low, high, 0.0) if identified else None,
        identified=identified,
        detail=tuple(
            {
                "organisation": kind,
                "active before": int(before[k].sum()),
                "still active without the loss": len(lasting[k]),
                "and with it": int(lasting[k].sum()),
            }
            for k, kind in enumerate(KINDS)
        ),
        note=f"The buyer with most orders leaves in month {LOST}, as the programme has ended.",
    )


def _with_loss(points: Sequence[Changes], seeds: Sequence[int]) -> list[tuple[Scenario, int]]:
    """Return the runs of all arms, arm after arm within a seed, in which the seed's largest buyer leaves."""
    world = build([BASE.replace(dict(points[0]))] * len(seeds), seeds)
    largest = [int(number) for number in np.asarray(world.buyers["share"]).argmax(axis=1)]
    scenarios = {
        buyer: [
            BASE.replace({**point, "events": [{"kind": "buyer_leaves", "month": LOST, "buyer": buyer}]})
            for point in points
        ]
        for buyer in set(largest)
    }
    return [(each, one) for one, buyer in zip(seeds, largest, strict=True) for each in scenarios[buyer]]
