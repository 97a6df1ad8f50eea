"""What its own support did to a firm: the same run again with a programme that passes this one firm over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from klastersim.compiled import one
from klastersim.compiled.purposes import OWN_SAMPLE
from klastersim.engine.run import advance
from klastersim.indicators.firm_effects import noted
from klastersim.indicators.intervals import Estimate, student_quantile
from klastersim.indicators.outcomes import OUTCOMES
from klastersim.scenario import Scenario
from klastersim.world.build import build
from klastersim.world.layout import World


class Finished(Protocol):
    """A finished run (`klastersim.simulation.Run`)."""

    @property
    def scenario(self) -> Scenario:
        """What was run."""

    @property
    def seed(self) -> int:
        """Its seed."""

    @property
    def months(self) -> int:
        """Its length."""

    @property
    def world(self) -> World:
        """The state at its end."""


@dataclass(frozen=True, slots=True)
class OwnEffect:
    """What the support of one firm did.

    Attributes
    ----------
    site : int
        Where the firm was as the programme could begin.
    own : float
        Its outcome over the 36 months to the measuring date with its support, less that where it alone was passed over;
        Rp million, of jobs worker-months. One that has closed counts as zero.
    others : float
        The same of all others that were there then, together. Others are served in its place where it is passed over,
        so this is spillover less displacement less what its place brought them.
    """

    site: int
    own: float
    others: float


@dataclass(frozen=True, slots=True)
class OwnEffects:
    """What their own support did to a sample of supported firms.

    Attributes
    ----------
    outcome : str
        What it is told by.
    supported : int
        Firms from which the sample is drawn: there as the programme could begin, and reached by it.
    firms : tuple of OwnEffect
        The sample, by site.
    """

    outcome: str
    supported: int
    firms: tuple[OwnEffect, ...]

    @property
    def mean(self) -> Estimate | None:
        """Mean own effect of a supported firm of this cluster, with Student's interval; None for a single firm.

        Where all supported firms were drawn the interval is their mean alone.
        """
        return _mean(np.array([firm.own for firm in self.firms]), self.supported)

    @property
    def on_others(self) -> Estimate | None:
        """Mean effect on all others together, likewise."""
        return _mean(np.array([firm.others for firm in self.firms]), self.supported)


def _mean(values: np.ndarray, supported: int) -> Estimate | None:
    """Mean of a sample drawn without replacement from so many."""
    count = len(values)
    mean = float(values.mean())
    if count == supported:
        return Estimate(mean, mean, mean)
    if count < 2:
        return None
    half = student_quantile(count - 1) * float(values.std(ddof=1)) * float(np.sqrt((1.0 - count / supported) / count))
    return Estimate(mean, mean - half, mean + half)


def own_effects(run: Finished, supported: np.ndarray, sample: int, outcome: str) -> OwnEffects | None:
    """Run a cluster again for each of a sample of firms, with a programme that passes it over.

    Parameters
    ----------
    run : Run
        A finished run with the programme, by the array driver.
    supported : ndarray of bool, shape (sites,)
        Whether the firm that was there as the programme could begin was supported.
    sample : int
        How many firms to draw among them, at most.
    outcome : str
        One of `OUTCOMES`.

    Returns
    -------
    OwnEffects or None
        None where nobody was supported.
    """
    sites = np.flatnonzero(supported)
    if not len(sites):
        return None
    draws = [one(run.seed, 0, OWN_SAMPLE, 0, int(site), 0) for site in sites]
    drawn = np.sort(sites[np.argsort(draws, kind="stable")[:sample]])
    scenarios = [run.scenario.replace({"programme.passed_over": int(site)}) for site in drawn]
    world = advance(build(scenarios, [run.seed] * len(drawn)), run.months)
    field = OUTCOMES[outcome][1]
    whole = np.array(noted(run.world, outcome)[field])
    others = np.array(noted(world, outcome)[field])
    found = []
    for site, cluster in zip(drawn.tolist(), world.clusters, strict=True):
        first = int(cluster.first_firm)
        change = whole - others[first : first + len(whole)]
        own = float(change[site])
        found.append(OwnEffect(site, own, float(np.delete(change, site).sum())))
    return OwnEffects(outcome, len(sites), tuple(found))
