"""A page about a finished sweep that needs nothing else: question, answer, figures, table, settings, citation."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from klastersim.errors import shown
from klastersim.indicators.catalogue import INDICATORS
from klastersim.lab.answer import NOTHING, said, verdict
from klastersim.lab.cite import Citation
from klastersim.lab.design import Axis, Map
from klastersim.lab.experiment import Experiment
from klastersim.lab.finding import Finding, Findings
from klastersim.lab.results import Results, configuration_digest
from klastersim.lab.runner import Result, read_result
from klastersim.lab.sampling import METHODS

REPORT: Final = "report.html"

#: Values of an axis that are listed.
MOST_LISTED: Final = 12

#: What is told of every experiment, beside how many clusters turn active.
WHO_GAINS: Final = ("profit_gini", "micro_profit")

#: Words for what the catalogue of monthly indicators lacks.
LABELS: Final = {
    "micro_profit": "Profit of a micro firm [Rp million]",
    "value_added_total": "Value added in all [Rp million]",
    "public_cost_total": "Public cost in all [Rp million]",
    "social_cost_total": "Social cost in all [Rp million]",
    "binding_market": "Shortfall by market",
    "binding_trust": "Shortfall by trust",
    "binding_skill": "Shortfall by skill",
    "binding_capital": "Shortfall by capital",
}


def report_of(results: Results, findings: Findings = NOTHING) -> str:
    """Return the page about a sweep.

    Parameters
    ----------
    results : Results
        Of a sweep; its table of runs and its figures are read.
    findings : mapping of str to sequence of Finding
        What analyses found, by map.

    Returns
    -------
    str
        HTML that loads nothing from outside.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    experiment = Experiment.from_record(results.record)
    result = read_result(experiment, results.folder, results.digest)
    record = results.record
    environment = Environment(
        loader=PackageLoader("klastersim.lab"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    return environment.get_template(REPORT).render(
        title=experiment.title,
        question=experiment.question or experiment.title,
        hypothesis=experiment.hypothesis,
        maps=[
            {
                **_map(each, experiment, result, results.folder),
                "findings": [_finding(found, each, results.folder) for found in findings.get(each.name, ())],
            }
            for each in experiment.maps
        ],
        verdict=verdict(experiment, result, findings),
        runs=f"{result.runs:,}",
        failed=f"{result.failed:,}" if result.failed else "",
        design=_design(experiment),
        varied=[(axis.label, _values(axis, kind)) for axis, kind in _axes(experiment)],
        arms=_arms(experiment),
        differences=[(key, shown(here), shown(there)) for key, (here, there) in _differences(experiment).items()],
        version=record["versions"]["klastersim"],
        versions=", ".join(f"{name} {number}" for name, number in record["versions"].items()),
        configuration=configuration_digest(record),
        digest=results.digest,
        citation=Citation.of(record, str(results.told["time"])[:10], results.digest).all(),
        record=_script(record),
    )


def _script(record: Mapping[str, Any]) -> Any:
    """Return a record as JSON that cannot end the element it stands in."""
    from markupsafe import Markup

    text = json.dumps(record, allow_nan=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped above, as JSON wants it


def _map(each: Map, experiment: Experiment, result: Result, folder: Path) -> dict[str, Any]:
    answer = said(each, result)
    return {
        "title": each.title,
        "question": each.question,
        "answer": answer,
        "picture": _picture(folder / f"{each.name}.png"),
        "alternative": " ".join(answer),
        "heading": "arm",
        "columns": ["P(active)", "95 % interval", *(label(name) for name in _further(experiment))],
        "rows": [_row(each, arm, experiment, result) for arm in each.arms],
        "places": each.places,
    }


def _picture(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode() if path.exists() else ""


def _finding(found: Finding, each: Map, folder: Path) -> dict[str, Any]:
    return {
        "title": found.title,
        "answer": found.sentences,
        "columns": found.columns,
        "rows": found.rows,
        "note": found.note,
        "picture": _picture(folder / f"{found.picture(each.name)}.png") if found.data is not None else "",
        "alternative": " ".join(found.sentences),
    }


def _further(experiment: Experiment) -> list[str]:
    """Return what is told beside the share active; who gains is always told."""
    return list(dict.fromkeys([*(name for name in experiment.outputs if name != "active"), *WHO_GAINS]))


def _row(each: Map, arm: Any, experiment: Experiment, result: Result) -> list[str]:
    share = result.shares.get((each.name, arm.name))
    rows = [row for row in result.summary if row["map"] == each.name and row["arm"] == arm.name]
    cells = ["-", "-"] if share is None else [f"{share.value:.3f}", f"{share.low:.3f} to {share.high:.3f}"]
    return [arm.title, *cells, *(_mean(rows, f"mean_{name}") for name in _further(experiment))]


def _mean(rows: Sequence[Mapping[str, Any]], name: str) -> str:
    values = [row[name] for row in rows if row[name] is not None]
    if not values:
        return "-"
    value = sum(values) / len(values)
    return f"{value:,.0f}" if abs(value) >= 1_000.0 else f"{value:.3g}"


def label(name: str) -> str:
    """Return the words for an output."""
    if name in INDICATORS:
        return f"{INDICATORS[name].label} [{INDICATORS[name].unit}]"
    return LABELS.get(name, name)


def _design(experiment: Experiment) -> str:
    kinds = ", ".join(dict.fromkeys(each.kind.replace("_", " ") for each in experiment.maps))
    points = sum(each.size for each in experiment.maps)
    stop = ""
    if experiment.precision is not None:
        stop = f", fewer where the 95 % interval of P(active) was within {experiment.precision:g} on either side"
    return (
        f"{points:,} points ({kinds}), {experiment.replications:,} replications of each{stop}; "
        f"{_months(experiment)} months; seed {experiment.seed}. All points share the luck of a replication."
    )


def _months(experiment: Experiment) -> str:
    """Return the length of runs, and on which maps it is another."""
    told = {each.title: experiment.months_of(each) for each in experiment.maps}
    if len(set(told.values())) == 1:
        return str(next(iter(told.values())))
    others = [f"{months} on the map {title}" for title, months in told.items() if months != experiment.months]
    return f"{experiment.months}, {', '.join(others)},"


def _axes(experiment: Experiment) -> list[tuple[Axis, str]]:
    return list({axis.key: (axis, each.kind) for each in experiment.maps for axis in each.axes}.values())


def _values(axis: Axis, kind: str) -> str:
    if kind in METHODS and axis.scale != "list":
        return f"{axis.key} from {shown(axis.values[0])} to {shown(axis.values[-1])} ({axis.scale})"
    many = [shown(value) for value in axis.values[:MOST_LISTED]]
    rest = f" and {len(axis.values) - MOST_LISTED} more" if len(axis.values) > MOST_LISTED else ""
    return f"{axis.key} = {', '.join(many)}{rest} ({axis.scale})"


def _arms(experiment: Experiment) -> list[tuple[str, str]]:
    arms = {arm.name: arm for each in experiment.maps for arm in each.arms if arm.changes}
    return [
        (arm.title, ", ".join(f"{key} = {shown(value)}" for key, value in arm.changes.items())) for arm in arms.values()
    ]


def _differences(experiment: Experiment) -> dict[str, tuple[Any, Any]]:
    return experiment.base.differences("sentra")
