"""Pattern 4: whether what a programme activated lasts, by its length and with buyers who forget; late activation."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from klastersim.analysis.patterns.ensemble import ALONE, ensemble, frozen
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding, Row, judged
from klastersim.analysis.patterns.intervals import bootstrap_interval, mean_interval, share_interval
from klastersim.analysis.patterns.place import FINE_FROM, LARGEST, OWN, Key, where_support_adds_most

#: Months of a programme.
LENGTHS: Final = (12, 36, 60, 120)
FEW_LENGTHS: Final = (12, 36, 120)
USUAL: Final = 36

#: Months after its end at which activity is looked at; claims are made on the second.
AFTER: Final = (24, 60, 120)
LOOK: Final = 60

START: Final = 37

#: Persistence may fall by less than this and still count as not falling.
MARGIN: Final = 0.10

#: Fewest activated clusters from which persistence is told.
FEWEST: Final = 20


class Fates(NamedTuple):
    """What became of clusters by the length of their programme, shape (lengths, replications).

    Attributes
    ----------
    activated : ndarray of bool
        Active at the programme's end and not in the twin.
    lasting : ndarray of bool, shape (looks, lengths, replications)
        Of these, still active so many months after the end.
    late, reverse : ndarray of bool
        Not active at the end, then active at the last look and the twin not; and the twin active, they not.
    """

    activated: np.ndarray
    lasting: np.ndarray
    late: np.ndarray
    reverse: np.ndarray


@lru_cache(maxsize=32)
def _fates(
    key: Key, trust: float, lengths: tuple[int, ...], replications: int, seed: int, after: tuple[int, ...] = AFTER
) -> Fates:
    base = {**dict(key), "ties.trust": trust, "programme.budget": LARGEST, "programme.start": START}
    ends = [START - 1 + length for length in lengths]
    points = [{**base, **ALONE}, *({**base, "programme.end": end} for end in ends)]
    active = ensemble(points, replications, max(ends) + max(after), seed, OWN)[OWN[0]] > 0.0
    twin = active[0]
    pairs = list(zip(active[1:], ends, strict=True))
    activated = np.array([each[:, end - 1] & ~twin[:, end - 1] for each, end in pairs])
    lasting = np.array([[each[:, end + n - 1] for each, end in pairs] for n in after]) & activated
    last = [(each[:, end - 1], each[:, end + after[-1] - 1], twin[:, end + after[-1] - 1]) for each, end in pairs]
    late = np.array([~at_end & then & ~alone for at_end, then, alone in last])
    reverse = np.array([~at_end & ~then & alone for at_end, then, alone in last])
    return Fates(activated, lasting, late, reverse)


def _lengths(replications: int) -> tuple[int, ...]:
    return LENGTHS if replications >= FINE_FROM else FEW_LENGTHS


def _rows(fates: Fates, lengths: tuple[int, ...], after: tuple[int, ...] = AFTER) -> list[Row]:
    return [
        {
            "length": length,
            "activated": float(fates.activated[k].mean()),
            **{f"active_after_{n}": _of(fates.lasting[j, k], fates.activated[k]) for j, n in enumerate(after)},
            "late": float(fates.late[k].mean()),
            "late_reverse": float(fates.reverse[k].mean()),
        }
        for k, length in enumerate(lengths)
    ]


def _of(part: np.ndarray, whole: np.ndarray) -> float | None:
    return float(part.sum() / whole.sum()) if whole.any() else None


def length(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether the effect of a long programme lasts as often as that of a short one.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs of each point, and what their luck is derived from. Without a mean trust in `changes` one is searched
        for, with other seeds.
    alpha : float
        False-alarm rate of either bound.

    Returns
    -------
    Finding
        The estimate is persistence after the longest programme less that after the shortest.
    """
    trust = where_support_adds_most(changes, replications)
    lengths = _lengths(replications)
    fates = _fates(frozen(changes), trust, lengths, replications, seed)
    look = AFTER.index(LOOK)
    columns = np.stack(
        [fates.activated[0], fates.lasting[look, 0], fates.activated[-1], fates.lasting[look, -1]], axis=1
    ).astype(float)
    low, high = bootstrap_interval(columns, _difference, alpha, seed)
    identified = bool(min(fates.activated[0].sum(), fates.activated[-1].sum()) >= FEWEST)
    return Finding(
        pattern=4,
        part="length",
        claim=f"Of clusters that a programme activated no fewer last {LOOK} months where it was longer.",
        quantity=f"share active {LOOK} months after the end, {LENGTHS[-1]} less {LENGTHS[0]} months of programme",
        estimate=float(_difference(columns.mean(axis=0)[None])[0]),
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, -MARGIN, 0.0) if identified else None,
        identified=identified,
        detail=tuple(_rows(fates, lengths)),
        note=f"Sixty times the thin budget, at mean trust {trust:.2f}. A "
        f"fall of less than {MARGIN:.0%} counts as none.",
    )


def _difference(means: np.ndarray) -> np.ndarray:
    """Second persistence less the first, from means of (activated, lasting) of the first and of the second."""
    return _ratio(means[:, 3], means[:, 2]) - _ratio(means[:, 1], means[:, 0])


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.where(whole > 0.0, part / np.where(whole > 0.0, whole, 1.0), 0.0)


def memory(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether less lasts where buyers forget.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs of each point, and what their luck is derived from. Without a mean trust in `changes` one is searched
        for, with other seeds.
    alpha : float
        False-alarm rate of either bound.

    Returns
    -------
    Finding
        The estimate is persistence with buyers' memory less that without.
    """
    trust = where_support_adds_most(changes, replications)
    after = AFTER[: AFTER.index(LOOK) + 1]
    both = [
        _fates(frozen({**changes, "relations.enabled": enabled}), trust, (USUAL,), replications, seed, after)
        for enabled in (True, False)
    ]
    look = AFTER.index(LOOK)
    columns = np.stack(
        [each for fates in reversed(both) for each in (fates.activated[0], fates.lasting[look, 0])], axis=1
    ).astype(float)
    low, high = bootstrap_interval(columns, _difference, alpha, seed)
    identified = bool(min(fates.activated[0].sum() for fates in both) >= FEWEST)
    return Finding(
        pattern=4,
        part="memory",
        claim="Of clusters that a programme activated fewer last where buyers forget.",
        quantity=f"share active {LOOK} months after the end, with buyers' memory less without",
        estimate=float(_difference(columns.mean(axis=0)[None])[0]),
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, 0.0) if identified else None,
        identified=identified,
        detail=tuple(
            {"memory": enabled, **row}
            for enabled, fates in zip((True, False), both, strict=True)
            for row in _rows(fates, (USUAL,), after)
        ),
        note=f"A programme of {USUAL} months with sixty times the thin budget, at mean trust {trust:.2f}."
        + ("" if identified else f" Fewer than {FEWEST} clusters were activated."),
    )


def late(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether some clusters turn active only after the programme ended, more than the other way round.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs of each point, and what their luck is derived from. Without a mean trust in `changes` one is searched
        for, with other seeds.
    alpha : float
        False-alarm rate of either bound.

    Returns
    -------
    Finding
        The estimate is the share of late activations less that of clusters of which only the twin is active then.
    """
    trust = where_support_adds_most(changes, replications)
    lengths = _lengths(replications)
    fates = _fates(frozen(changes), trust, lengths, replications, seed)
    place = lengths.index(USUAL)
    net = fates.late[place].astype(float) - fates.reverse[place]
    low, high = mean_interval(net, alpha, span=2.0)
    return Finding(
        pattern=4,
        part="late",
        claim="Some clusters turn active only after the programme's end and would not have without it.",
        quantity=f"share active {AFTER[-1]} months after the end, not at the end, twin not, less the reverse",
        estimate=float(net.mean()),
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, 0.0),
        detail=({"late": float(fates.late[place].mean()), "interval": share_interval(fates.late[place], alpha)},),
        note=f"A programme of {USUAL} months with sixty times the thin budget, at mean trust {trust:.2f}.",
    )
