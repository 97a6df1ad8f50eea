"""Pattern 16: what remains of cooperation where it brings nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from klastersim.analysis.patterns.ensemble import ALONE, BASE, ensemble, frozen
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding, judged
from klastersim.analysis.patterns.intervals import bootstrap_interval, mean_interval, share_interval
from klastersim.analysis.patterns.place import Key, where_active
from klastersim.compiled import derive_seed
from klastersim.rules.cooperation import CONDITIONAL, HUMP_SHAPED, OTHER, company_felt
from klastersim.rules.groups import cost_of_taking_part, time_of_taking_part
from klastersim.scenario import Scenario
from klastersim.world.build import build
from klastersim.world.ends import ties_of
from klastersim.world.layout import World

#: No orders, no joint purchase, no functions to share, no programme: nothing that cooperation could bring.
NOTHING: Final[Changes] = {
    "market.potential": 0.0,
    "purchase.enabled": False,
    "functions.enabled": False,
    **ALONE,
}

#: Months over which the share is read, after everybody started by cooperating.
SETTLED: Final = slice(60, 120)

#: Largest distance that counts as none, share of firms.
MARGIN: Final = 0.01

#: Months after which activity is read for the second claim.
MONTHS: Final = 240


def fixed_point(world: World, c: int, scenario: Scenario) -> float:
    """Share of firms that cooperate at the fixed point of the choice rule, on the ties and firms of a cluster.

    Each firm's chance to be willing follows from the chances of its partners, with nothing expected of cooperation:
    :math:`x_i = 1 / (1 + e^{-U_i(x)})`, with :math:`x_j` in the place of whether partner j cooperates.

    Parameters
    ----------
    world : World
        The state at the opening.
    c : int
        Number of the cluster.
    scenario : Scenario
        What it was built from.

    Returns
    -------
    float
        0 to 1, reached from the cooperating side.
    """
    cluster = world.clusters[c]
    firms = world.firms[int(cluster.first_firm) : int(cluster.first_firm + cluster.firms)]
    ties = ties_of(world, c)
    lower, upper, weight = (np.asarray(ties[name]) for name in ("lower", "upper", "trust"))
    n = len(firms)

    def over_partners(values: np.ndarray) -> np.ndarray:
        """Sum over the ties of each firm of a value of the tie times one of the partner."""
        sums = np.bincount(lower, weight * values[upper], n) + np.bincount(upper, weight * values[lower], n)
        return np.asarray(sums)

    total = over_partners(np.ones(n))
    partners = np.bincount(lower, minlength=n) + np.bincount(upper, minlength=n)
    known = np.maximum(total, 1e-300)
    pull = scenario["decision.trust"] * (total / np.maximum(partners, 1) - 0.5)
    own = scenario["decision.intercept"] - scenario["decision.gain"] * cost_of_joining(world, c, scenario)
    social, peak = np.asarray(firms["social"]), float(scenario["types.peak"])
    follows = (social == CONDITIONAL) | (social == HUMP_SHAPED)
    chance = np.ones(n)
    for _ in range(500):
        company = over_partners(chance) / known
        felt = np.where(social == HUMP_SHAPED, np.vectorize(company_felt)(company, peak), company)
        people = np.where(follows, scenario["decision.social"] * felt + pull, 0.0)
        chance = 1.0 / (1.0 + np.exp(-np.where(social == OTHER, 0.0, own + people)))
    return float(chance.mean())


def cost_of_joining(world: World, c: int, scenario: Scenario) -> np.ndarray:
    """Cost of taking part in the smallest group, share of each firm's sales at the opening price.

    No larger group lasts where cooperation brings nothing, and the price stays near that of the opening.
    """
    cluster = world.clusters[c]
    firms = world.firms[int(cluster.first_firm) : int(cluster.first_firm + cluster.firms)]
    days = float(scenario["groups.meeting_days"]), float(scenario["groups.coordination_days"])
    time = time_of_taking_part(*days, float(scenario["groups.minimum"]))
    prices = float(cluster.price), float(cluster.input_price)
    return np.array([cost_of_taking_part(time, float(workers), *prices) for workers in firms["workers"]])


@lru_cache(maxsize=32)
def _both(key: Key, replications: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Share that cooperates where it brings nothing, and at the fixed point, by replication."""
    scenario = BASE.replace({**dict(key), **NOTHING, "start.kind": "cooperating"})
    point = {**dict(key), **NOTHING, "start.kind": "cooperating"}
    found = ensemble([point], replications, SETTLED.stop, seed, ("cooperating",))["cooperating"][0, :, SETTLED]
    world = build([scenario] * replications, [int(derive_seed(seed, r)) for r in range(replications)])
    expected = np.array([fixed_point(world, c, scenario) for c in range(replications)])
    return found.mean(axis=1), expected


def floor(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether cooperation that brings nothing falls to the fixed point of the choice rule.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs, and what their luck is derived from.
    alpha : float
        False-alarm rate of either bound.

    Returns
    -------
    Finding
        The estimate is the share found less that at the fixed point.
    """
    found, expected = _both(frozen(changes), replications, seed)
    low, high = mean_interval(found - expected, alpha)
    outside = low > MARGIN or high < -MARGIN
    return Finding(
        pattern=16,
        part="fixed point",
        claim="Where cooperation brings nothing it falls to the fixed point of the choice rule.",
        quantity="share of firms willing in months 61 to 120, less that at the fixed point",
        estimate=float((found - expected).mean()),
        low=low,
        high=high,
        alpha=alpha,
        held=True if -MARGIN < low and high < MARGIN else False if outside else None,
        detail=({"found": float(found.mean()), "fixed_point": float(expected.mean())},),
        note=f"Fixed point {expected.mean():.3f}, computed from the defaults on the ties and firms of each cluster; "
        f"found {found.mean():.3f}.",
    )


def half(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether what remains is less than half of what there is at default potential, where that is active.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs, and what their luck is derived from.
    alpha : float
        False-alarm rate of either bound.

    Returns
    -------
    Finding
        The estimate is the share where cooperation brings nothing over that at default potential. Not identified where
        fewer than half of the clusters are active there.
    """
    trust = where_active(changes, replications)
    base = {**changes, "ties.trust": trust, "start.kind": "cooperating"}
    points = [{**base, **which} for which in (NOTHING, ALONE)]
    told = ensemble(points, replications, MONTHS, seed, ("cooperating", "active"))
    shares = told["cooperating"][:, :, -12:].mean(axis=2)
    active = told["active"][1, :, -1] > 0.0

    def quotient(means: np.ndarray) -> np.ndarray:
        return np.asarray(means[:, 0] / np.maximum(means[:, 1], 1e-9))

    low, high = bootstrap_interval(shares.T, quotient, alpha, seed)
    identified = share_interval(active, alpha)[0] > 0.5
    verdict = judged(-high, -low, -0.5)
    return Finding(
        pattern=16,
        part="half",
        claim="Where cooperation brings nothing less than half as many firms are willing as at default potential.",
        quantity="share willing where it brings nothing, over that at default potential",
        estimate=float(quotient(shares.mean(axis=1)[None])[0]),
        low=low,
        high=high,
        alpha=alpha,
        held=verdict if identified else None,
        identified=identified,
        detail=(
            {
                "nothing": float(shares[0].mean()),
                "potential": float(shares[1].mean()),
                "p_active": float(active.mean()),
            },
        ),
        note=f"At mean trust {trust:.2f}; {active.mean():.0%} of clusters are active there at default potential.",
    )
