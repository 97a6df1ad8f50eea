"""Figures are drawn from data, carry their record, and cope with what a user may have."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from klastersim.figures.cluster_data import cluster_data
from klastersim.figures.cluster_figure import draw_cluster
from klastersim.figures.phase_figure import can_be_drawn, draw_map
from klastersim.figures.run_data import binding_constraint, run_data, year_mean
from klastersim.figures.run_figure import draw_run
from klastersim.figures.style import save
from klastersim.figures.words import LOCALES, Words
from klastersim.lab.answer import Phase
from klastersim.lab.design import Arm, Axis, Map
from klastersim.scenario import Scenario
from klastersim.simulation import simulate, twin

ACROSS = Axis("market.potential", (1.0, 4.0, 16.0), "log", "Market opportunity [orders a month]")
UP = Axis("ties.trust", (0.3, 0.5, 0.7), "linear", "Mean trust")
WORDS = Axis("ties.kind", ("near", "random", "all"), "list", "Kind of ties")
SCENARIO = Scenario.preset("sentra").replace({"cluster.firms": 20})


def phases(axes: tuple[Axis, ...], *counts: Any) -> list[Phase]:
    arms = tuple(Arm(f"arm{number}", f"arm {number}", {}) for number in range(len(counts)))
    grids = [np.array(each) for each in counts]
    return [
        Phase(Map("m", "A map", "", axes, arms), arm, np.full(grid.shape, 40), grid)
        for arm, grid in zip(arms, grids, strict=True)
    ]


RISING = [[0, 0, 10], [0, 20, 40], [0, 40, 40]]
NOWHERE = np.zeros((3, 3), int)
EVERYWHERE = np.full((3, 3), 40)


def texts(figure: Figure) -> str:
    found = [item.get_text() for item in figure.findobj(Text)]
    return re.sub(r"\s+", " ", " | ".join(found))


@pytest.mark.parametrize("axes", [(ACROSS, UP), (WORDS, UP), (ACROSS, WORDS)])
def test_a_map_is_drawn_whatever_its_axes(axes: tuple[Axis, ...], tmp_path: Path) -> None:
    figure = draw_map(phases(axes, RISING, NOWHERE, EVERYWHERE, RISING), "What then?", "20 firms.")
    save(figure, tmp_path / "map.png", {}, "A map")
    assert (tmp_path / "map.png").stat().st_size > 10_000


def test_a_map_says_its_question_uncertainty_units_and_what_is_not_reached() -> None:
    told = texts(draw_map(phases((ACROSS, UP), RISING, NOWHERE, EVERYWHERE), "What then?", "20 firms."))
    for words in (
        "What then?",
        "40 runs at each point",
        "At a chance of one half the 95 % interval (Wilson) is 0.35 to 0.65",
        "95 % interval holds one half",
        "Lines: where the chance is one half",
        "Market opportunity [orders a month], logarithmic",
        "arm 1: everywhere below 1/2 (most 0.00)",
        "arm 2: everywhere above 1/2 (least 1.00)",
    ):
        assert words in told


def test_a_star_marks_the_scenario_where_it_lies_on_the_map() -> None:
    base = SCENARIO.replace({"market.potential": 4.0, "ties.trust": 0.5})
    assert "the scenario's own values (4, 0.5)" in texts(draw_map(phases((ACROSS, UP), RISING), "What?", "", base))
    for axes, changes in (((ACROSS, UP), {"ties.trust": 0.9}), ((WORDS, UP), {"ties.kind": "file"})):
        values = {**base.flat(), **changes}
        assert "own values" not in texts(draw_map(phases(axes, RISING), "What?", "", values))


def test_a_map_ends_where_values_do() -> None:
    """Market linkage is a share: nothing is drawn beyond 1, though 1 is a point of the map."""
    linkage = Axis("market.linkage", (0.01, 0.1, 1.0), "log", "Market linkage")
    axis = draw_map(phases((linkage, UP), RISING), "What?", "").findobj(Axes)[0]
    assert axis.get_xlim()[1] == pytest.approx(0.0)
    assert axis.get_xlim()[0] == pytest.approx(np.log(0.01) - np.log(10.0) / 2.0)
    assert axis.get_ylim() == pytest.approx((0.2, 0.8))


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Texts that lie on each other or reach beyond the figure."""
    FigureCanvasAgg(figure).draw()
    hidden = set()
    for each in figure.axes:
        for side in (each.xaxis, each.yaxis):
            low, high = sorted(side.get_view_interval())
            hidden |= {tick.label1 for tick in side.get_major_ticks() if not low <= tick.get_loc() <= high}
        if not each.get_visible():
            hidden |= set(each.findobj(Text))
    shown = [item for item in figure.findobj(Text) if item.get_visible() and item not in hidden]
    # A text that ends in an empty line has made room for another.
    shown = [item for item in shown if item.get_text().strip() and not item.get_text().endswith("\n")]
    boxes = [(item.get_text(), item.get_window_extent()) for item in shown]
    page = figure.bbox.padded(2.0)
    found = [(words, "the border") for words, box in boxes if not (page.contains(*box.p0) and page.contains(*box.p1))]
    for place, (words, box) in enumerate(boxes):
        found += [(words, other) for other, its in boxes[place + 1 :] if box.padded(-1.0).overlaps(its.padded(-1.0))]
    return found


@pytest.mark.parametrize("arms", [1, 2, 4, 6])
def test_nothing_written_on_a_map_overlaps_or_is_cut(arms: int) -> None:
    counts = [RISING, NOWHERE, EVERYWHERE, RISING, RISING, NOWHERE][:arms]
    question = "From a passive start, how much trust does it take for a cluster to turn active? " * 2
    base = SCENARIO.replace({"market.potential": 4.0, "ties.trust": 0.5})
    figure = draw_map(phases((ACROSS, UP), *counts), question, "20 firms, 240 months, passive start.", base)
    assert overlapping(figure) == []


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("grows", [False, True])
def test_nothing_written_on_the_figure_of_a_run_overlaps_or_is_cut(language: str, grows: bool) -> None:
    for title in ("Sentra", "A long title of a cluster that " * 6):
        pair = twin(SCENARIO.replace({"title": title[:200].strip(), "growth.enabled": grows}), 1, 240)
        assert overlapping(draw_run(run_data(pair.with_, pair.without), Words(language))) == []


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("changes", [{}, {"growth.enabled": True, "growth.exit_hazard": 60.0}, {"cluster.firms": 700}])
def test_nothing_written_on_the_map_of_a_cluster_overlaps_or_is_cut(language: str, changes: dict[str, Any]) -> None:
    figure = draw_cluster(cluster_data(SCENARIO.replace(changes), 30, 1), "Sentra", Words(language))
    assert overlapping(figure) == []


def test_the_map_of_a_cluster_shows_every_firm_and_every_tie_of_the_last_month() -> None:
    data = cluster_data(SCENARIO, 30, 1)
    (axis,) = draw_cluster(data, "Sentra").axes
    lines, *firms = axis.collections
    assert len(lines.get_paths()) == len(data.ties)
    assert sum(len(each.get_offsets()) for each in firms) == 20


def written(language: str) -> set[str]:
    """Texts on the figure of a run that are longer than a number."""
    pair = twin(SCENARIO.replace({"growth.enabled": True}), 1, 240)
    figure = draw_run(
        run_data(pair.with_, pair.without), Words(language), {"id": "Sentra kita", "en": "Ours"}[language]
    )
    found = {item.get_text().strip() for item in figure.findobj(Text)}
    return {text for text in found if re.search("[A-Za-z]{2}", text)}


def test_the_figure_of_a_run_says_nothing_in_another_language_than_asked_for() -> None:
    """Only the word "program" is the same in both, and English writes "programme"."""
    assert written("id") & written("en") == set()


def test_numbers_along_an_axis_take_the_form_of_their_language() -> None:
    figure = draw_run(run_data(simulate(SCENARIO, 60)), Words("id"))
    FigureCanvasAgg(figure).draw()
    ticks = [label.get_text() for axis in figure.axes for label in axis.get_yticklabels()]
    assert "20%" in ticks
    assert not [tick for tick in ticks if re.search(r"\d\.\d(?!\d\d)", tick)]


def test_a_map_with_points_where_all_runs_failed_is_drawn(tmp_path: Path) -> None:
    (phase,) = phases((ACROSS, UP), RISING)
    phase.runs[0, 0] = 0
    save(draw_map([phase], "What then?", ""), tmp_path / "map.png", {}, "A map")


def test_what_a_user_writes_is_no_formula(tmp_path: Path) -> None:
    words = r"Is $\frac{ 5 $ enough, or 10 %_^?"
    up = Axis("ties.trust", (0.3, 0.5, 0.7), "linear", words)
    for axes, counts in (((ACROSS, up), RISING), ((up,), [0, 10, 40])):
        figure = draw_map(phases(axes, counts, counts), words, words)
        for suffix in ("png", "svg"):
            save(figure, tmp_path / f"map.{suffix}", {}, words)
        assert words in texts(figure)
    run = simulate(SCENARIO.replace({"title": words}), 12)
    save(draw_run(run_data(run)), tmp_path / "run.png", {}, words)


def test_a_single_axis_is_drawn_as_curves(tmp_path: Path) -> None:
    figure = draw_map(phases((ACROSS,), [0, 10, 40], [0, 30, 40]), "What then?", "20 firms.")
    save(figure, tmp_path / "curve.png", {}, "A curve")
    assert "bands are 95 % intervals" in texts(figure)


def test_three_axes_are_not_drawn() -> None:
    assert not can_be_drawn(phases((ACROSS, UP, WORDS), np.zeros((3, 3, 3), int)))


def test_figures_carry_the_record_and_equal_ones_are_equal_files(tmp_path: Path) -> None:
    from PIL import Image

    record = {"seed": 1, "title": "Kerajinan kulit, <Tanggulangin> & lainnya"}
    for suffix in ("png", "svg"):
        for name in ("a", "b"):
            save(draw_map(phases((ACROSS, UP), RISING), "What?", ""), tmp_path / f"{name}.{suffix}", record, "A map")
        assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()
    with Image.open(tmp_path / "a.png") as image:
        assert json.loads(image.info["klastersim"]) == record
    assert "Tanggulangin" in (tmp_path / "a.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("months", [1, 2, 12, 60])
def test_a_run_of_any_length_is_drawn(months: int, tmp_path: Path) -> None:
    pair = twin(SCENARIO, 1, months)
    save(draw_run(run_data(pair.with_, pair.without)), tmp_path / "run.png", {}, "A run")


def test_a_run_without_orders_or_programme_is_drawn(tmp_path: Path) -> None:
    run = simulate(SCENARIO.replace({"market.potential": 0.0, "programme.enabled": False}), 24)
    data = run_data(run)
    assert data.programme is None
    assert binding_constraint(data.binding) is None
    save(draw_run(data), tmp_path / "run.png", {}, "A run")


def test_the_programme_is_shaded_where_it_ran() -> None:
    assert run_data(simulate(SCENARIO, 36)).programme is None
    assert run_data(simulate(SCENARIO, 50)).programme == (37, 50)
    assert run_data(simulate(SCENARIO, 80)).programme == (37, 72)


def test_a_year_s_mean_is_that_of_the_last_twelve_months() -> None:
    values = np.arange(30.0)
    assert year_mean(values)[[0, 1, 11, 29]].tolist() == [0.0, 0.5, 5.5, 23.5]
