"""The whole model where turnover does not end activity, for looks that ask about active clusters."""

from __future__ import annotations

from typing import Final

import numpy as np

from klastersim.analysis.patterns.finding import Changes
from klastersim.scenario.whole import WHOLE

#: Every mechanism on, and nobody closes but after long losses: at the evidence's rate of exit next to no cluster of the
#: whole model is active, so that nothing could be told of what activity does.
LIVING: Final[Changes] = {**WHOLE, "growth.exit_hazard": 0.0}
LIVING_NAME: Final = "whole model, no exit but after losses"

#: Months over which income is added up, and fewest clusters of a kind from which something is told.
WINDOW: Final = 36
FEWEST: Final = 20


def months_to_activation(active: np.ndarray) -> np.ndarray:
    """Month in which each run is first active, the number of months where it never is.

    Examples
    --------
    >>> months_to_activation(np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])).tolist()
    [2, 3]
    """
    hits = np.asarray(active) > 0.0
    return np.where(hits.any(axis=-1), hits.argmax(axis=-1) + 1, hits.shape[-1])
