"""A classification tree of cases, as rules in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from klastersim.analysis.sweeps.cases import Cases, Quality, quality_of

#: Most questions until a leaf, and the least part of the places in one.
DEPTH: Final = 3
LEAST: Final = 0.05


@dataclass(frozen=True)
class Leaf:
    """A leaf of a tree.

    Attributes
    ----------
    rule : str
        Its questions and their answers.
    passive : bool
        Whether most of its places stay passive.
    learned, kept_back : Quality
        On the places it was made of, and on those kept back.
    """

    rule: str
    passive: bool
    learned: Quality
    kept_back: Quality


def leaves_of(cases: Cases) -> list[Leaf]:
    """Return the leaves of a tree grown on the places that are not kept back.

    Parameters
    ----------
    cases : Cases
        Of both kinds.
    """
    from sklearn.tree import DecisionTreeClassifier

    table, names = _columns(cases)
    learned = ~cases.kept_back
    least = max(2, round(LEAST * int(learned.sum())))
    tree = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=least, random_state=0)
    tree.fit(table[learned], cases.passive[learned])
    leaf_of = tree.apply(table)
    found = []
    for number, rule in _rules(tree.tree_, names, 0, {}):
        inside = leaf_of == number
        qualities = [quality_of(inside[part], cases.passive[part]) for part in (learned, cases.kept_back)]
        found.append(Leaf(rule, qualities[0].density.value >= 0.5, qualities[0], qualities[1]))
    return found


def _columns(cases: Cases) -> tuple[np.ndarray, list[tuple[str, str]]]:
    """Return numbers as they are and a column for each word, with the parameter and the word each stands for."""
    columns, names = [], []
    for axis in cases.axes:
        values = cases.values[axis.key]
        if axis.is_number:
            columns.append(values.astype(float))
            names.append((axis.key, ""))
            continue
        for word in axis.values:
            columns.append((values == word).astype(float))
            names.append((axis.key, str(word)))
    return np.stack(columns, axis=1), names


def _rules(
    tree: Any, names: list[tuple[str, str]], node: int, path: Mapping[tuple[str, str, str], str]
) -> Iterator[tuple[int, str]]:
    """Yield leaves and their rules; of two answers about the same side of a parameter the later one says more."""
    if tree.children_left[node] == tree.children_right[node]:
        yield node, ", ".join(path.values()) or "everywhere"
        return
    key, word = names[tree.feature[node]]
    limit = f"{tree.threshold[node]:.3g}"
    below, above = (f"{key} is not {word}", f"{key} is {word}") if word else (f"{key} <= {limit}", f"{key} > {limit}")
    for side, told, child in (("below", below, tree.children_left), ("above", above, tree.children_right)):
        yield from _rules(tree, names, int(child[node]), {**path, (key, word, side): told})
