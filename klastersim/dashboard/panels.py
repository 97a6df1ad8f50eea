"""The panels that tell a run: headline, time lines, orders, money, comparison, numbers."""

from __future__ import annotations

import math
from typing import Any, Final

import solara

from klastersim.dashboard.outcome import Outcome, last_year, total
from klastersim.dashboard.session import Session
from klastersim.dashboard.widgets import Bars, Chart, Table
from klastersim.figures.measures import SHARES, label_of, value_of
from klastersim.figures.run_data import Panel, binding_constraint, year_mean
from klastersim.figures.style import BLUE, GREEN, PURPLE, VERMILION
from klastersim.figures.words import Words
from klastersim.indicators.intervals import Estimate
from klastersim.scenario.catalogue import CATALOGUE
from klastersim.simulation import Run

#: Lines of a chart, told apart by colour and by dashes.
LINES: Final = ((BLUE, ""), (VERMILION, "9 4"), (GREEN, "2 3"), (PURPLE, "9 3 2 3"))

#: What is compared, and whether it is the mean of the last twelve months; the others stand at their end.
COMPARED: Final = (
    ("acting", False),
    ("collective_share", False),
    ("trust", False),
    ("quality", False),
    ("linkage", False),
    ("working_capital", False),
    ("value_added", True),
    ("profit", True),
)

#: A change that is worth telling, as a share of what was.
TOLD: Final = 0.005


def measured(run: Run, name: str, smooth: bool) -> float:
    """Return an indicator at the end of a run, or its mean over the last twelve months."""
    return last_year(run, name) if smooth else float(run.measures[name][-1])


@solara.component
def Headline(session: Session) -> None:
    """What the cluster is, and what the last change did."""
    words, outcome = session.words.value, session.outcome.value
    run = outcome.run
    last = run.measures[-1]
    mark = "ks-active" if run.state.active else "ks-passive"
    with solara.Div(classes=["ks-headline", mark], attributes={"data-digest": run.digest}):
        solara.HTML("h1", words(f"headline.{run.state.type}"))
        solara.HTML(
            "p",
            words(
                "headline.acts", acting=words.share(last["acting"], 1), sales=words.share(last["collective_share"], 1)
            ),
        )
        if run.state.self_sustaining is not None:
            solara.HTML("p", words("headline.stays" if run.state.self_sustaining else "headline.falls"))
    told = what_changed(session)
    if told:
        solara.HTML("p", told, classes=["ks-changed"], attributes={"role": "status", "aria-live": "polite"})


def what_changed(session: Session) -> str:
    """Return what the last change did, in plain words; nothing before the first."""
    words, now, before = session.words.value, session.outcome.value, session.before.value
    if before is None:
        return ""
    return f"{_causes(before, now, words)} {_effects(before, now, words)}"


def _causes(before: Outcome, now: Outcome, words: Words) -> str:
    old, new = before.choice, now.choice
    if old.base != new.base:
        return words("changed.cluster")
    found = [
        f"{CATALOGUE[key].told(words.language).label} {setting(key, old[key], words)} → {setting(key, new[key], words)}"
        for key in new.scenario
        if old[key] != new[key]
    ]
    if old.seed != new.seed:
        found.append(words("changed.luck"))
    if old.months != new.months:
        found.append(words("changed.months"))
    shown, more = found[:3], len(found) - 3
    return "; ".join(shown + ([words("changed.more", count=words.number(more))] if more > 0 else [])) + ":"


def setting(key: str, value: Any, words: Words) -> str:
    """Return the value of a parameter in words."""
    if isinstance(value, bool):
        return words("word.yes" if value else "word.no")
    if isinstance(value, str):
        return words.choice(value) if value else words("word.none")
    return words.rupiah(value) if CATALOGUE[key].unit.startswith("Rp million") else words.number(value)


def _effects(before: Outcome, now: Outcome, words: Words) -> str:
    found = []
    if before.run.state.type != now.run.state.type:
        kinds = [words(f"state.{each.run.state.type}") for each in (before, now)]
        found.append(words("changed.state", old=kinds[0], new=kinds[1]))
    for name, smooth in COMPARED:
        old, new = measured(before.run, name, smooth), measured(now.run, name, smooth)
        told = [value_of(name, each, words) for each in (old, new)]
        if told[0] != told[1] and abs(new - old) >= TOLD * max(abs(old), abs(new)):
            found.append(f"{label_of(name, words)} {told[0]} → {told[1]}")
    return ("; ".join(found) if found else words("changed.nothing")) + "."


def chart_words(words: Words) -> dict[str, str]:
    """Return the words in a chart."""
    return {name: words(f"chart.{name}") for name in ("programme", "year", "month", "without")}


@solara.component
def TimeLines(session: Session) -> None:
    """The run over time, beside its twin without the programme."""
    words, outcome = session.words.value, session.outcome.value
    data = outcome.data
    with solara.Div(classes=["ks-charts"]):
        for panel in data.panels:
            _Panel(panel, data.programme, words)
    if outcome.pair is not None:
        solara.HTML("p", words("chart.note"), classes=["ks-help"])


@solara.component
def _Panel(panel: Panel, programme: tuple[int, int] | None, words: Words) -> None:
    lines = [
        {
            "name": line.name,
            "label": label_of(line.name, words),
            "colour": colour,
            "dash": dash,
            "values": [round(value, 5) for value in line.values.tolist()],
            "twin": None if line.twin is None else [round(value, 5) for value in line.twin.tolist()],
        }
        for line, (colour, dash) in zip(panel.timelines, LINES, strict=False)
    ]
    Chart(
        title=words(f"panel.{panel.name}"),
        unit=words(f"panel.{panel.name}_unit"),
        lines=lines,
        programme=list(programme) if programme else None,
        thresholds=[] if panel.threshold is None else [[panel.threshold, words("chart.active_from")]],
        ceiling=panel.top,
        percent=panel.name in SHARES,
        locale=words.locale.replace("_", "-"),
        says=chart_words(words),
    )


@solara.component
def Orders(session: Session) -> None:
    """Where orders are lost, and what binds."""
    words, data = session.words.value, session.outcome.value.data
    binding = binding_constraint(data.binding)
    rows = [
        {
            "name": step.stage,
            "label": words(f"stage.{step.stage}"),
            "note": words(f"question.{step.stage}"),
            "share": step.rate or 0.0,
            "text": words("orders.none") if step.rate is None else words.share(step.rate),
            "strong": step.constraint == binding,
        }
        for step in data.funnel
    ]
    solara.HTML("h2", words("orders.title"))
    if binding is None:
        solara.HTML("p", words("orders.nothing"), classes=["ks-binding"])
    else:
        share = words.share(data.binding[binding])
        solara.HTML(
            "p", words("orders.binding", constraint=words(f"constraint.{binding}"), share=share), classes=["ks-binding"]
        )
    Bars(caption=words("orders.caption"), rows=rows)
    shares = [
        {
            "name": name,
            "label": words(f"constraint.{name}"),
            "note": "",
            "share": share or 0.0,
            "text": words.share(share),
            "strong": name == binding,
        }
        for name, share in data.binding.items()
    ]
    Bars(caption=words("orders.shares"), rows=shares)


@solara.component
def Money(session: Session) -> None:
    """What the programme cost, and who gained."""
    words, outcome = session.words.value, session.outcome.value
    solara.HTML("h2", words("money.title"))
    pair = outcome.pair
    if pair is None:
        solara.HTML("p", words("money.no_programme"))
        return
    run = pair.with_
    gain = total(run, "value_added") - total(pair.without, "value_added")
    rows = [
        [words("money.public"), words.rupiah(outcome.cost)],
        [words("money.social"), words.rupiah(total(run, "social_cost"))],
        [words("money.per_firm"), words.rupiah(_per_supported_firm(outcome))],
        [words("money.gain"), words.signed(words.rupiah(gain), gain)],
        [words("money.return"), words.number(gain / outcome.cost, 2) if outcome.cost > 0.0 else words.number(None)],
    ]
    names = ["public", "social", "per_firm", "gain", "return"]
    if outcome.choice["growth.enabled"]:
        jobs = last_year(run, "jobs") - last_year(pair.without, "jobs")
        rows.append([words("money.jobs"), words.signed(words.number(jobs, 1), jobs)])
        names.append("jobs")
    Table(caption=words("money.caption"), head=[], rows=rows, names=names)
    _PerCluster(session)
    solara.HTML("h3", words("money.who"))
    effects = outcome.effects
    if effects is None:
        solara.HTML("p", words("money.too_short"))
        return
    counts = {name: getattr(effects, name) for name in ("gained", "lost", "spillover", "displacement")}
    most = max(1, *counts.values())
    rows_of_firms = [
        {
            "name": name,
            "label": words(f"money.{name}"),
            "note": "",
            "share": count / most,
            "text": words.number(count),
            "strong": False,
        }
        for name, count in counts.items()
    ]
    Bars(caption=words("money.firms"), rows=rows_of_firms)
    deadweight = pair.deadweight
    if deadweight is not None:
        solara.HTML("p", words(f"deadweight.{deadweight.grade.replace(' ', '_')}"), classes=["ks-binding"])


@solara.component
def _PerCluster(session: Session) -> None:
    """What each additional active cluster cost, over the replications."""
    words, counted = session.words.value, session.counted.value
    ready = counted is not None and counted.whole and len(counted.points) == 2
    # The intervals are drawn anew only when there is something new to draw from.
    cost, jobs = solara.use_memo(
        lambda: (counted.cost(), counted.jobs()) if counted and ready else (None, None), [id(counted), ready]
    )
    solara.HTML("h3", words("money.replicated"))
    if cost is None:
        solara.HTML("p", words("chance.counting"))
        return
    added = words("money.range", value=words.share(cost.added.value), low=words.share(cost.added.low),
                  high=words.share(cost.added.high))  # fmt: skip
    rows = [
        [words("money.added"), added],
        [words("money.per_cluster"), _range(cost.per_cluster, words)],
        [words("money.per_value"), _range(cost.per_value_added, words, money=False)],
    ]
    names = ["added", "per_cluster", "per_value"]
    if counted.choice["growth.enabled"]:
        more, each = jobs
        rows += [
            [words("money.more_jobs"), _range(more, words, money=False)],
            [words("money.per_job"), _range(each, words)],
        ]
        names += ["more_jobs", "per_job"]
    else:
        rows.append([words("money.per_job"), words("money.jobs_fixed")])
        names.append("per_job")
    Table(caption=words("money.replicated_caption", runs=words.number(counted.runs)), head=[], rows=rows, names=names)


def _range(estimate: Estimate | None, words: Words, money: bool = True) -> str:
    """Return a number with its interval; what the replications do not tell is not told."""
    if estimate is None:
        return words("money.unclear")
    value, low, high = (
        words("money.no_end") if math.isinf(end) else words.rupiah(end) if money else words.number(end, 2)
        for end in (estimate.value, estimate.low, estimate.high)
    )
    return words("money.range", value=value, low=low, high=high)


def _per_supported_firm(outcome: Outcome) -> float | None:
    reached = round(float(outcome.run.measures["supported"][-1]) * outcome.choice["cluster.firms"])
    return outcome.cost / reached if reached else None


@solara.component
def Compare(session: Session) -> None:
    """The run beside another on the same luck, and the difference, in total and firm by firm."""
    words, outcome = session.words.value, session.outcome.value
    solara.HTML("h2", words("compare.title"))
    names = [pin.name for pin in session.pins.value]
    solara.Select(
        words("compare.with"),
        values=[words("compare.without"), *names],
        value=session.rival.value or words("compare.without"),
        on_value=lambda name: session.rival.set(name if name in names else ""),
    )
    rival = rival_of(session)
    if rival is None:
        solara.HTML("p", words("compare.nothing"))
        return
    if session.rival.value:
        solara.HTML("p", words("compare.luck"), classes=["ks-help"])
    rows = []
    for name, smooth in COMPARED:
        here, there = (measured(run, name, smooth) for run in (outcome.run, rival))
        difference = words.signed(value_of(name, here - there, words), here - there)
        rows.append([label_of(name, words), value_of(name, here, words), value_of(name, there, words), difference])
    head = [words("compare.indicator"), words("compare.here"), words("compare.there"), words("compare.difference")]
    Table(caption=words("compare.caption"), head=head, rows=rows, names=[name for name, _ in COMPARED])
    _Difference(outcome.run, rival, outcome.data.programme, words)
    _ByFirm(outcome.run, rival, words)


def rival_of(session: Session) -> Run | None:
    """Return the run to compare with, on the same luck and over the same months; None where there is none."""
    outcome = session.outcome.value
    for pin in session.pins.value:
        if pin.name == session.rival.value:
            rival = pin.outcome.choice.change({}, outcome.choice.seed, outcome.choice.months)
            return pin.outcome.run if rival == pin.outcome.choice else Outcome.of(rival).run
    return outcome.without


@solara.component
def _Difference(run: Run, rival: Run, programme: tuple[int, int] | None, words: Words) -> None:
    with solara.Div(classes=["ks-charts"]):
        for name, smooth in (("acting", False), ("value_added", True)):
            values = [each.measures[name].astype(float) for each in (run, rival)]
            values = [year_mean(each) for each in values] if smooth else values
            line = {
                "name": name,
                "label": label_of(name, words),
                "colour": BLUE,
                "dash": "",
                "values": [round(value, 5) for value in (values[0] - values[1]).tolist()],
                "twin": None,
            }
            Chart(
                title=words("compare.drawn", label=label_of(name, words)),
                unit=words(f"panel.{name}_unit"),
                lines=[line],
                programme=list(programme) if programme else None,
                thresholds=[],
                ceiling=None,
                percent=name in SHARES,
                locale=words.locale.replace("_", "-"),
                says=chart_words(words),
            )


@solara.component
def _ByFirm(run: Run, rival: Run, words: Words) -> None:
    """Profit of each firm in the last month, here less there: the five that gain and lose most."""
    here, there = (each.world.firms["profit"] for each in (run, rival))
    if len(here) != len(there):
        solara.HTML("p", words("compare.other_firms"))
        return
    change = (here - there).tolist()
    order = sorted(range(len(change)), key=lambda site: -change[site])
    shown = [site for site in (*order[:5], *order[-5:]) if change[site] != 0.0]
    up, down = sum(each > 0.0 for each in change), sum(each < 0.0 for each in change)
    rows = [
        [words("compare.firm", site=words.number(site + 1)), words.rupiah(float(here[site])),
         words.rupiah(float(there[site])), words.signed(words.rupiah(change[site]), change[site])]
        for site in dict.fromkeys(shown)
    ]  # fmt: skip
    solara.HTML("p", words("compare.count", up=words.number(up), down=words.number(down)), classes=["ks-binding"])
    head = [words("compare.firm_head"), words("compare.here"), words("compare.there"), words("compare.difference")]
    if rows:
        Table(
            caption=words("compare.by_firm"), head=head, rows=rows, names=[str(site) for site in dict.fromkeys(shown)]
        )


@solara.component
def Numbers(session: Session) -> None:
    """Every indicator of the last month, as ``klastersim run --json`` has them."""
    words, run = session.words.value, session.outcome.value.run
    rows = [[label_of(name, words), value_of(name, run.final[name], words)] for name in run.final]
    Table(
        caption=words("numbers.caption"),
        head=[words("compare.indicator"), words("numbers.value")],
        rows=rows,
        names=list(run.final),
    )
    solara.HTML("p", words("numbers.digest", digest=run.digest), classes=["ks-help"])
