"""Pattern 9: what horizontal and vertical cooperation do: profit, productivity, single-firm orders, speed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from klastersim.analysis.patterns.ensemble import ALONE, ensemble, frozen
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding, judged
from klastersim.analysis.patterns.intervals import mean_interval
from klastersim.analysis.patterns.living import WINDOW, months_to_activation
from klastersim.analysis.patterns.place import Key, where_active

MONTHS: Final = 240

#: What is measured.
MEASURES: Final = ("active", "profit", "value_added", "jobs", "taken_alone")


@dataclass(frozen=True, slots=True)
class Form:
    """A form of cooperation.

    Attributes
    ----------
    name : str
        In words that a claim can begin with.
    off : mapping
        What takes it out.
    """

    name: str
    off: Changes


HORIZONTAL: Final = Form("joint-action groups", {"groups.enabled": False})
VERTICAL: Final = Form(
    "links up and down the chain",
    {
        "chain.enabled": False,
        "contracts.enabled": False,
        "orders.subcontracting": False,
        "principals.enabled": False,
    },
)


def _located(changes: Changes, replications: int) -> Changes:
    """Return changes with a mean trust: that given, or the lowest at which most clusters are active alone."""
    return {**changes, "ties.trust": where_active(changes, replications)}


def _at(changes: Changes) -> str:
    return f"At mean trust {changes['ties.trust']:.2f}."


@lru_cache(maxsize=16)
def _told(key: Key, off: Key, replications: int, seed: int) -> np.ndarray:
    """Measures with and without a form, shape (2, replications, months)."""
    base = {**dict(key), **ALONE}
    return ensemble([base, {**base, **dict(off)}], replications, MONTHS, seed, MEASURES)


def income(measure: str, form: Form, changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether a form of cooperation raises what firms earn.

    Parameters
    ----------
    measure : str
        "profit" or "productivity", value added for each worker.
    form : Form
        Of cooperation.
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs with and without it, and what their luck is derived from, which both share.
    alpha : float
        False-alarm rate of either bound.

    Returns
    -------
    Finding
        The estimate is the difference over the last 36 of 240 months, relative to the mean without it.
    """
    changes = _located(changes, replications)
    told = _told(frozen(changes), frozen(form.off), replications, seed)
    last = {name: told[name][:, :, -WINDOW:].sum(axis=2) for name in MEASURES}
    values = last["profit"] if measure == "profit" else last["value_added"] / last["jobs"]
    gains = (values[0] - values[1]) / abs(float(values[1].mean()))
    low, high = mean_interval(gains, alpha, span=1.0)
    shares = told["active"][:, :, -1].mean(axis=1)
    return Finding(
        pattern=9,
        part=f"{form.name}, {measure}",
        claim=f"{form.name.capitalize()} raise {measure}.",
        quantity=f"{measure} over months {MONTHS - WINDOW + 1} to {MONTHS}, with them less without, relative",
        estimate=float(gains.mean()),
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, 0.0),
        note=f"{_at(changes)} Active at the end: {shares[0]:.0%} of the clusters with them, {shares[1]:.0%} without.",
    )


def speed(form: Form, changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether clusters turn active sooner with a form of cooperation; parameters as for :func:`income`.

    The estimate is the mean number of months until a cluster is first active, without it less with it; a cluster that
    never is counts with all 240.
    """
    changes = _located(changes, replications)
    active = _told(frozen(changes), frozen(form.off), replications, seed)["active"]
    months = months_to_activation(active).astype(float)
    low, high = mean_interval(months[1] - months[0], alpha, span=float(MONTHS))
    ever = (active > 0.0).any(axis=2).mean(axis=1)
    return Finding(
        pattern=9,
        part=f"{form.name}, speed",
        claim=f"Clusters turn active sooner with {form.name}.",
        quantity=f"months until first active, without them less with them, at most {MONTHS}",
        estimate=float((months[1] - months[0]).mean()),
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, 0.0),
        note=f"{_at(changes)} Ever active: {ever[0]:.0%} of the clusters with them, {ever[1]:.0%} without; mean months "
        f"{months[0].mean():.0f} and {months[1].mean():.0f}.",
    )


def single_orders(form: Form, changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether fewer orders are taken by single firms with a form of cooperation; parameters as for :func:`income`."""
    changes = _located(changes, replications)
    counts = _told(frozen(changes), frozen(form.off), replications, seed)["taken_alone"].sum(axis=2)
    size = max(float(counts[1].mean()), 1e-9)
    fewer = (counts[1] - counts[0]) / size
    low, high = mean_interval(fewer, alpha, span=1.0)
    return Finding(
        pattern=9,
        part=f"{form.name}, single-firm orders",
        claim=f"Single firms take fewer orders where there are {form.name}.",
        quantity=f"orders that single firms take in {MONTHS} months, without them less with them, relative",
        estimate=float(fewer.mean()),
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, 0.0),
        note=f"{_at(changes)} They take {counts[0].mean():.1f} orders with them, {counts[1].mean():.1f} without.",
    )
