"""The two drivers agree after every phase, and list the same phases."""

import ast
import inspect

import numpy as np
import pytest

from klastersim.agents import ClusterModel
from klastersim.agents.month import MONTH
from klastersim.engine import month as compiled_month
from klastersim.world.layout import GROUP
from tests.parity.compare import CASES, Shuffled, case, copied, differences


def calls_in(name: str) -> list[str]:
    """Names of the engine's functions that a compiled function calls, in order, those of its own module opened up."""
    function = getattr(compiled_month, name)
    tree = ast.parse(inspect.getsource(getattr(function, "py_func", function)))
    found = sorted(
        (node.lineno, node.col_offset, node.func.id)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in vars(compiled_month)
    )
    names = []
    for *_, called in found:
        names += calls_in(called) if called in ("begin_month", "finish_month") else [called]
    return names


def test_the_agents_month_lists_the_phases_of_the_compiled_month_in_its_order():
    listed = [getattr(phase.kernel, "py_func", phase.kernel).__name__ for phase in MONTH]
    assert listed == calls_in("run_clusters")


def acted_beside_arrays(model: ClusterModel, months: int):
    """Run a model; at each phase that agents act, let the kernel work on a copy; yield (month, phase, differences)."""
    for month in range(1, months + 1):
        model.state.keep_month(month)
        for phase in MONTH:
            if not phase.actors:
                model.perform(phase, month)
                continue
            world, scratch = copied(model.world), copied(model.state.scratch)
            arguments = {"world": world, "scratch": scratch, "c": 0, "month": month}
            names = inspect.signature(getattr(phase.kernel, "py_func", phase.kernel)).parameters
            phase.kernel(*(arguments[name] for name in names))
            model.perform(phase, month)
            yield month, phase.method, differences(world, model.world, scratch, model.state.scratch)


@pytest.mark.parametrize("name", CASES)
def test_agents_leave_the_state_of_the_kernel_after_every_phase(name):
    model = ClusterModel(case(name), seed=3)
    for month, method, found in acted_beside_arrays(model, 9):
        assert not found, f"month {month}, {method}"
    model.close()


def test_phases_agree_where_groups_act_and_orders_are_under_way():
    model = Shuffled(case("many-orders", firms=40), seed=5)
    groups = orders_of_groups = defaulted = 0
    for month, method, found in acted_beside_arrays(model, 12):
        assert not found, f"month {month}, {method}"
        cluster = model.world.clusters[0]
        under_way = np.arange(cluster.oldest_order, cluster.next_order) % cluster.order_room
        groups += cluster.groups > 0
        orders_of_groups += int(np.sum(model.world.orders["taker"][under_way] == GROUP))
        defaulted += bool(np.any(model.world.tie_events > 0))
    model.close()
    assert min(groups, orders_of_groups, defaulted) > 0, "the case no longer shows what it should"


def test_firms_that_give_days_to_a_programme_trade_alike():
    model = ClusterModel(case("programme"), seed=2)
    days = 0.0
    for month, method, found in acted_beside_arrays(model, 6):
        assert not found, f"month {month}, {method}"
        days += float(model.world.firms["support_days"].max())
    model.close()
    assert days > 0.0, "the programme no longer takes anybody's time"
