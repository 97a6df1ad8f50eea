"""The same cluster in Mesa's own page, for those who teach Mesa. Its buttons are in English, for Mesa has no others."""

from __future__ import annotations

import warnings
from typing import Any, Final

import numpy as np
import solara
from matplotlib.figure import Figure

with warnings.catch_warnings():
    # Mesa's module looks at its own hooks when it is imported, and finds one that it means to have.
    warnings.simplefilter("ignore", UserWarning)
    from mesa.visualization import Slider, SolaraViz, make_plot_component
    from mesa.visualization.utils import update_counter

from klastersim.agents import ClusterModel
from klastersim.figures.cluster_data import sites
from klastersim.figures.style import BLUE, GREY, SKY, VERMILION
from klastersim.scenario import Scenario


class Cluster(ClusterModel):
    """A cluster whose numbers the page's sliders set."""

    def __init__(self, firms: int = 50, trust: float = 0.5, budget: float = 20.0, seed: int = 1) -> None:
        scenario = Scenario.preset("sentra").replace(
            {"cluster.firms": firms, "ties.trust": trust, "programme.budget": float(budget)}
        )
        super().__init__(scenario, seed=seed)


@solara.component
def Street(model: Any) -> None:
    """Firms on their sites: grey alone, light willing to cooperate, dark in a group."""
    update_counter.get()
    firms = model.world.firms
    figure = Figure(figsize=(5, 4))
    axis = figure.subplots()
    x, y = sites(len(firms))
    colours = np.where(firms["group"] >= 0, BLUE, np.where(firms["cooperates"] != 0, SKY, GREY))
    axis.scatter(x, -y, s=20.0 * np.sqrt(firms["workers"]), c=colours.tolist())
    axis.set_axis_off()
    solara.FigureMatplotlib(figure, dependencies=[model.steps, id(model)])


PARAMETERS: Final = {
    "firms": Slider("Firms", 50, 10, 150, 10),
    "trust": Slider("Trust", 0.5, 0.1, 0.9, 0.1),
    "budget": Slider("Budget, Rp million a year", 20, 0, 500, 10),
    "seed": Slider("Seed", 1, 1, 20, 1),
}

PARTS: Final = [make_plot_component({"acting": BLUE, "collective_share": VERMILION}, backend="matplotlib"), (Street, 0)]


@solara.component
def Lesson() -> None:
    """Mesa's page with a cluster in it, one for each visitor."""
    first = solara.use_memo(Cluster, [])
    model = solara.use_reactive(first)
    current = model.value
    # Mesa before 3.5 keeps every model for good unless it is let go.
    solara.use_effect(lambda: current.close, [id(current)])
    SolaraViz(model, components=PARTS, model_params=PARAMETERS, name="klastersim")
