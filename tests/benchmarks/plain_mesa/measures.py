"""What is measured at the end of a month: one reporter for each indicator."""

from __future__ import annotations

from tests.benchmarks.plain_mesa.firms import WORKING_DAYS

ACTING, COLLECTIVE, YEAR = 0.30, 0.05, 12


def mean(model, value):
    """Mean of a value over firms."""
    return sum(map(value, model.smes)) / len(model.smes)


def total(model, value):
    """Sum of a value over firms."""
    return sum(map(value, model.smes))


def acting(model, act="last_act"):
    """Share of firms whose last collective act is less than a year ago."""
    since = model.month - YEAR
    return sum(getattr(sme, act) > since for sme in model.smes) / len(model.smes)


def share_of_sales(model, kind="collective_sales"):
    """Sales of a kind over all sales of the last twelve months."""
    sales = sum(month["sales"] for month in model.year)
    return sum(month[kind] for month in model.year) / sales if sales > 0.0 else 0.0


def active(model, act="last_act", kind="collective_sales", factor=1.0):
    """Whether the cluster is active at `factor` times the thresholds, 0 or 1."""
    return float(acting(model, act) >= factor * ACTING and share_of_sales(model, kind) >= factor * COLLECTIVE)


def trust(model):
    """Mean trust over ties."""
    return sum(tie.trust for tie in model.ties) / len(model.ties) if model.ties else model.p.ties_trust


def trust_density(model):
    """Share of ties on which firms would work together."""
    least = model.p.groups_trust
    if not model.ties:
        return float(model.p.ties_trust >= least)
    return sum(tie.trust >= least for tie in model.ties) / len(model.ties)


def sales(sme):
    """Local sales and delivered orders of a firm, Rp million."""
    return sme.local_sales + sme.order_income


def social_cost(model):
    """Public cost and the value of owners' time, Rp million."""
    days = total(model, lambda sme: sme.support_days)
    return model.counts["public_cost"] + days / WORKING_DAYS * (model.price - model.input_price)


def counted(name):
    """Return a reporter of what was counted this month."""
    return lambda model: float(model.counts[name])


REPORTERS = {
    "cooperating": lambda model: mean(model, lambda sme: sme.cooperates),
    "groups": lambda model: len(model.groups),
    "largest_group": lambda model: max((len(group.members) for group in model.groups), default=0),
    "in_groups": lambda model: mean(model, lambda sme: sme.group is not None),
    "acting": acting,
    "acting_orders": lambda model: acting(model, "last_order_act"),
    "acting_own": lambda model: acting(model, "last_own_act"),
    "collective_share": share_of_sales,
    "own_share": lambda model: share_of_sales(model, "own_sales"),
    "active": active,
    "active_orders": lambda model: active(model, "last_order_act"),
    "active_own": lambda model: active(model, "last_own_act", "own_sales"),
    "active_half": lambda model: active(model, factor=0.5),
    "active_double": lambda model: active(model, factor=2.0),
    "trust": trust,
    "trust_density": trust_density,
    "expected_gain": lambda model: mean(model, lambda sme: sme.expected_gain),
    "quality": lambda model: mean(model, lambda sme: sme.quality),
    "linkage": lambda model: sum(buyer.share * buyer.reach for buyer in model.buyers),
    "price": lambda model: model.price,
    "working_capital": lambda model: mean(model, lambda sme: sme.working_capital),
    **{
        name: counted(name)
        for name in (
            "potential reached organised skilled financed taken due delivered single_share collective_sales own_sales "
            "public_cost"
        ).split()
    },
    "sales": lambda model: total(model, sales),
    "value_added": lambda model: total(model, lambda sme: sales(sme) - sme.inputs),
    "profit": lambda model: total(model, lambda sme: sme.profit),
    "wages": lambda model: total(model, lambda sme: sme.workers) * model.p.local_wage,
    "inputs": lambda model: total(model, lambda sme: sme.inputs),
    "draws": lambda model: total(model, lambda sme: sme.draw),
    "social_cost": social_cost,
    "unspent": lambda model: sum(model.programme.purses.values()) if model.programme else 0.0,
    "supported": lambda model: mean(model, lambda sme: sme.supported),
}
