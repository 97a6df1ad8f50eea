"""Which arms of a map differ in a programme alone, so that their runs are twins: same place, same luck."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from klastersim.indicators.state import programme_runs
from klastersim.lab.design import Arm, Map
from klastersim.lab.endings import Ending, ending_of
from klastersim.scenario import Scenario, parameter
from klastersim.scenario.catalogue import CATALOGUE
from klastersim.scenario.events import EVENTS

#: What stands in these sections is paid for, or read, by a programme alone.
OF_PROGRAMMES: Final = ("programme.", "prices.", "mix.", "plan.", "agencies.", "participation.", "organisation.")


def twins_of(each: Map, base: Scenario) -> Iterator[tuple[int, int]]:
    """Yield the numbers of arms with a programme at every place, and of the arm most like each that has none."""
    told = [_has_programme(each, arm, base) for arm in each.arms]
    for number, has in enumerate(told):
        fit = []
        for other, without in enumerate(told):
            if has and without is False:
                keys = _differing(each.arms[number].changes, each.arms[other].changes, base)
                if not any(_matters_alone(key) for key in keys):
                    fit.append((len(keys), other))
        if fit:
            yield number, min(fit)[1]


def endings_of(each: Map, base: Scenario, ramps: bool) -> Iterator[tuple[int, int, Ending]]:
    """Yield the numbers of such arms and twins, and when the programme ends: ramps, or all others."""
    for arm, twin in twins_of(each, base):
        ending = ending_of(each.arms[arm], base)
        if ending is not None and ending.is_ramp == ramps:
            yield arm, twin, ending


def _has_programme(each: Map, arm: Arm, base: Scenario) -> bool | None:
    """Tell whether an arm has a programme at every place, or at none; None where it has one at some."""
    varied = any(axis.key in ("programme.enabled", "programme.budget") for axis in each.axes)
    places: Sequence[Mapping[str, Any]] = list(islice(each.coordinates(), None if varied else 1)) or [{}]
    found = {_runs(base.replace({**arm.changes, **place}, where="sweep")) for place in places}
    return found.pop() if len(found) == 1 else None


def _runs(scenario: Scenario) -> bool:
    paid = any(event.kind == "programme" and event.get("budget") > 0.0 for event in scenario.events)
    return programme_runs(scenario) or paid


def _differing(here: Mapping[str, Any], there: Mapping[str, Any], base: Scenario) -> list[str]:
    """Return the keys in which two arms differ."""
    missing = {key: base[key] if key in CATALOGUE else None for key in {**here, **there}}
    return [key for key, value in missing.items() if here.get(key, value) != there.get(key, value)]


def _matters_alone(key: str) -> bool:
    """Tell whether a key can change a cluster that has no programme."""
    return key == EVENTS or not (key.startswith(OF_PROGRAMMES) or parameter(key).kind == "lever")
