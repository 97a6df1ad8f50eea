"""What a field study of a few sentra would conclude, against what twins on the same luck tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from klastersim.analysis.sweeps.outcomes import Outcomes, mean_of, share_of
from klastersim.compiled import derive_seed
from klastersim.indicators.intervals import Estimate
from klastersim.lab.finding import Finding, interval
from klastersim.lab.pairs import FEWEST
from klastersim.lab.summary import wilson
from klastersim.scenario import Scenario
from klastersim.scenario.ensemble import one_of

#: Level at which a study's test finds something.
LEVEL: Final = 0.05

#: Keyed shuffle of who is supported where it is drawn: not that of any run.
SEED: Final = 20_07

RANDOM, PROMISING = "drawn by lot", "the more promising half"
COLUMNS: Final = ("who is supported", "what", "estimate", "95 % interval")


@dataclass(frozen=True)
class Studies:
    """What studies of equal size concluded, where the supported were drawn in one way.

    Attributes
    ----------
    way : str
        How.
    naive : ndarray of float, shape (studies,)
        Share active among the supported less that among the others.
    true : ndarray of float, shape (studies,)
        What support added to those supported, by their twins.
    found : ndarray of bool, shape (studies,)
        Whether Fisher's exact test finds a difference.
    """

    way: str
    naive: np.ndarray
    true: np.ndarray
    found: np.ndarray

    @property
    def bias(self) -> np.ndarray:
        """What the naive effect is beyond the true one."""
        return np.asarray(self.naive - self.true)

    @property
    def power(self) -> Estimate:
        """Share of the studies whose test finds a difference."""
        hits, count = int(self.found.sum()), len(self.found)
        return Estimate(hits / count, *wilson(hits, count))


@dataclass(frozen=True)
class FieldStudy:
    """The studies in both ways, and the effect of support on all sentra."""

    sentra: int
    effect: Estimate
    studies: Sequence[Studies]


def field_study_of(outcomes: Outcomes, base: Scenario, seed: int, sentra: int) -> Finding:
    """Return what studies would conclude, of which each takes other sentra.

    Parameters
    ----------
    outcomes : Outcomes
        Runs of a map of two arms, without and with support, in which each replication is another sentra.
    base : Scenario
        From which each seed draws its sentra.
    seed : int
        Of the experiment.
    sentra : int
        Sentra in a study; half of them are supported.
    """
    title = f"What a study of {sentra} sentra would conclude"
    active = outcomes["active"][:, 0, :]
    told = ~np.isnan(active).any(axis=0)
    count = int(told.sum()) // sentra
    if count < 2:
        return Finding("study", title, [f"Not identified: {int(told.sum()):,} sentra do not make two studies."])
    promise = np.array([promise_of(base, derive_seed(seed, k + 1)) for k in np.flatnonzero(told)[: count * sentra]])
    twins = active[:, told][:, : count * sentra].reshape(2, count, sentra)
    promise = promise.reshape(count, sentra)
    lots = np.random.default_rng(SEED).random((count, sentra))
    studies = [_studies(RANDOM, twins, lots), _studies(PROMISING, twins, promise)]
    effect = share_of((active[1] - active[0])[told])
    if effect is None:
        return Finding("study", title, [f"Not identified with fewer than {FEWEST} sentra."])
    found = FieldStudy(sentra, effect, studies)
    bias = share_of(studies[1].bias)
    estimates = {"effect": effect, **({} if bias is None else {"bias": bias})}
    note = (
        f"{count:,} studies, no sentra in two of them; in each {sentra // 2} of {sentra} are supported: by lot, "
        "or those that "
        "an official would call promising, by the orders that find the sentra at the opening. Naive effect: "
        "share active "
        "among the supported less that among the others. True effect: what support changed against the twin on "
        "the same "
        f"luck. Test: Fisher's exact, two-sided, at {LEVEL:.0%}. Student's intervals over studies, Wilson's of power."
    )
    return Finding("study", title, _sentences(found), COLUMNS, _rows(found), note, estimates, found)


def promise_of(base: Scenario, seed: int) -> float:
    """Return what an official can see of a sentra's prospects: orders a month that find it at the opening."""
    place = one_of(base, seed)
    linkage, firms = float(place["market.linkage"]), int(place["cluster.firms"])
    return float(place["market.potential"]) * (1.0 - (1.0 - linkage) ** firms)


def _studies(way: str, twins: np.ndarray, score: np.ndarray) -> Studies:
    """Support in each study the half with the higher score."""
    half = twins.shape[2] // 2
    order = np.argsort(-score, axis=1, kind="stable")
    without, supported = (np.take_along_axis(each, order, axis=1) for each in twins)
    treated, control = supported[:, :half], without[:, half:]
    return Studies(
        way,
        treated.mean(axis=1) - control.mean(axis=1),
        (treated - without[:, :half]).mean(axis=1),
        np.array([_differs(int(a), half, int(b), control.shape[1])
                  for a, b in zip(treated.sum(axis=1), control.sum(axis=1), strict=True)]),
    )  # fmt: skip


def _differs(active: int, supported: int, others_active: int, others: int) -> bool:
    from scipy.stats import fisher_exact

    table = [[active, supported - active], [others_active, others - others_active]]
    return bool(fisher_exact(table).pvalue < LEVEL)


def _rows(found: FieldStudy) -> list[list[str]]:
    rows = [["all sentra", "true effect on P(active)", *_cells(found.effect)]]
    for each in found.studies:
        for what, estimate in _estimates(each):
            rows.append([each.way, what, *_cells(estimate)])
    return rows


def _estimates(each: Studies) -> list[tuple[str, Estimate | None]]:
    return [
        ("true effect on the supported", share_of(each.true)),
        ("naive effect", share_of(each.naive)),
        ("bias of the naive effect", share_of(each.bias)),
        ("spread of the naive effect between studies", _spread(each.naive)),
        ("power of the test", each.power),
    ]


def _spread(values: np.ndarray) -> Estimate | None:
    """Return the standard deviation between studies, by the jackknife."""
    if len(values) < FEWEST:
        return None
    value, count = float(values.std(ddof=1)), len(values)
    without = np.array([np.delete(values, k).std(ddof=1) for k in range(count)])
    return mean_of(np.asarray(count * value - (count - 1) * without))


def _cells(found: Estimate | None) -> list[str]:
    return ["-", "not identified"] if found is None else [f"{found.value:.3f}", f"{found.low:.3f} to {found.high:.3f}"]


def _sentences(found: FieldStudy) -> list[str]:
    told = [f"Support moves P(active) over all sentra by {interval(found.effect)}."]
    for each in found.studies:
        power = interval(each.power, ".0%")
        told.append(f"Where the supported are {each.way}, {power} of the studies find a difference.")
        bias = share_of(each.bias)
        if bias is None:
            told.append("Whether their naive effect is biased is not identified with so few studies.")
        elif bias.low <= 0.0 <= bias.high:
            told.append(f"No bias of their naive effect is identified: it is off by {interval(bias)}.")
        else:
            word = "too high" if bias.value > 0.0 else "too low"
            told.append(f"Their naive effect is {word}: it is off by {interval(bias)} on average.")
    return told
