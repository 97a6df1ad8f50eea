"""All that is made of the runs of an experiment, map by map, by its designs and by what its file asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from klastersim.analysis.sweeps.anyway import anyway_of
from klastersim.analysis.sweeps.break_even import break_even_of
from klastersim.analysis.sweeps.effects import effects_of
from klastersim.analysis.sweeps.elementary import elementary_effects
from klastersim.analysis.sweeps.gains import gains_of
from klastersim.analysis.sweeps.outcomes import Outcomes, outcomes_of
from klastersim.analysis.sweeps.variance import variance_indices
from klastersim.lab.experiment import Experiment
from klastersim.lab.finding import Finding

#: What designs of sensitivity analysis tell of an output under an arm.
SENSITIVITY: Final[Mapping[str, Callable[[Outcomes, str, int], Finding]]] = {
    "morris": elementary_effects,
    "sobol_indices": variance_indices,
}


def findings_of(experiment: Experiment, path: Path) -> dict[str, list[Finding]]:
    """Return what analyses find in a table of runs.

    Parameters
    ----------
    experiment : Experiment
        What was run.
    path : Path
        Its table of runs.

    Returns
    -------
    dict of str to list of Finding
        By the name of a map.
    """
    return {name: _of_map(experiment, each) for name, each in outcomes_of(experiment, path).items()}


def _of_map(experiment: Experiment, outcomes: Outcomes) -> list[Finding]:
    found: list[Finding] = []
    if outcomes.replications == 0:
        return found
    if outcomes.map.kind in SENSITIVITY:
        told = SENSITIVITY[outcomes.map.kind]
        found += [told(outcomes, name, arm) for name in experiment.outputs for arm in range(len(outcomes.map.arms))]
    found += _asked(experiment, outcomes)
    even = break_even_of(outcomes, experiment.base)
    effects = effects_of(outcomes, experiment.outputs)
    gains = gains_of(outcomes) if effects is None else None
    anyway = anyway_of(outcomes, experiment.base)
    return found + [each for each in (even, effects, gains, anyway) if each is not None]


def _asked(experiment: Experiment, outcomes: Outcomes) -> list[Finding]:
    request = experiment.request
    if request is not None and request.kind == "exit":
        from klastersim.analysis.sweeps.exit import exits_of
        from klastersim.analysis.sweeps.ramps import ramps_of

        return [*exits_of(outcomes, experiment.base), *ramps_of(outcomes, experiment.base)]
    if request is None or request.map != outcomes.map.name:
        return []
    if request.kind == "discovery":
        from klastersim.analysis.sweeps.discovery import discovery_of

        return [discovery_of(outcomes, request.settings["density"])]
    from klastersim.analysis.sweeps.field_study import field_study_of

    return [field_study_of(outcomes, experiment.base, experiment.seed, int(request.settings["sentra"]))]
