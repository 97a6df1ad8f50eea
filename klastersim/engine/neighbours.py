"""R9 over arrays: external economies, what inputs cost less for the neighbours that are there."""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.rules.neighbours import external_saving, input_ratio


@inner
def saving_now(p, cluster):
    """Share of the cost of inputs that each firm is spared by the others that have not closed."""
    return external_saving(float(cluster.firms - cluster.vacant - 1), p.external_ceiling, p.external_half_way)


@kernel
def feel_neighbours(world, c):
    """Set this month's price of inputs by how many firms are there; nothing without external economies."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not p.external_enabled:
        return
    # Events have set the price anew this month, if there are any.
    price = cluster.input_price if cluster.events > 0 else cluster.opening_input_price
    opening = external_saving(float(cluster.firms - 1), p.external_ceiling, p.external_half_way)
    cluster.input_price = price * input_ratio(saving_now(p, cluster), opening)


@inner
def spared(world, c, materials):
    """What firms that paid so much for materials would have paid more without neighbours, Rp million."""
    p = world.params[world.clusters[c].terms]
    if not p.external_enabled:
        return 0.0
    saving = saving_now(p, world.clusters[c])
    return materials * saving / (1.0 - saving)
