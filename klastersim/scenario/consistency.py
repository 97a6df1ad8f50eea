"""What parameters must not contradict each other in: one small function per rule, listed in `CHECKS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from klastersim.errors import InputError, did_you_mean, said, shown
from klastersim.scenario.places import PLACES, SIZES, held_keys

WEEKS_A_MONTH: Final = 52.0 / 12.0
ROUNDING: Final = 1e-9


class Conflict(NamedTuple):
    """What a check objects to.

    Parameters
    ----------
    key : str
        The parameter to look at first.
    allowed : str
        What it must be, worded to follow "is not".
    remedy : str
        What to do, as a whole sentence.
    """

    key: str
    allowed: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Check:
    """One rule about several parameters.

    Parameters
    ----------
    keys : tuple of str
        The parameters it reads.
    rule : callable
        Takes their values in that order; returns a Conflict, or None if all is well.
    """

    keys: tuple[str, ...]
    rule: Callable[..., Conflict | None]


CHECKS: list[Check] = []


def _about(*keys: str) -> Callable[[Callable[..., Conflict | None]], Callable[..., Conflict | None]]:
    """Enter a rule in the list of checks, with the parameters it reads."""

    def enter(rule: Callable[..., Conflict | None]) -> Callable[..., Conflict | None]:
        CHECKS.append(Check(keys, rule))
        return rule

    return enter


def conflicts(values: Mapping[str, Any], where: str, ignored: frozenset[str] = frozenset()) -> list[InputError]:
    """Return the errors of all rules that the values break.

    Parameters
    ----------
    values : mapping of str to value
        Dotted keys and values, each valid by itself.
    where : str
        What brought the values.
    ignored : frozenset of str
        Keys whose values are wrong already: the rules that read them have nothing to say.

    Returns
    -------
    list of InputError
        Empty if the values agree.
    """
    errors = []
    for check in CHECKS:
        if not ignored.isdisjoint(check.keys):
            continue
        conflict = check.rule(*(values[key] for key in check.keys))
        if conflict is not None:
            key, allowed, remedy = conflict
            errors.append(InputError(where, key, values[key], allowed, remedy))
    return errors


@_about("cluster.micro_share", "cluster.small_share")
def _shares_of_size_classes(micro: float, small: float) -> Conflict | None:
    if micro + small <= 1.0 + ROUNDING:
        return None
    return Conflict(
        "cluster.small_share",
        said("at most 1 - cluster.micro_share = {most}", most=f"{max(0.0, 1.0 - micro):.6g}"),
        said("The two shares together may reach 1; what is left is the medium firms."),
    )


@_about("types.hump", "types.other")
def _rare_types_leave_room_for_the_common_ones(hump: float, other: float) -> Conflict | None:
    if hump + other <= 1.0 + ROUNDING:
        return None
    return Conflict("types.other", said("at most 1 less types.hump = {hump}", hump=hump), said("Lower one of the two."))


@_about("ties.kind", "ties.file")
def _ties_come_from_a_file_or_not(kind: str, file: str) -> Conflict | None:
    if kind == "file" and not file:
        return Conflict(
            "ties.file", said('the path of a file, which ties.kind = "file" needs'), said("Name a CSV file of ties.")
        )
    if file and kind != "file":
        remedy = said('Set ties.kind to "file", or leave ties.file out.')
        return Conflict("ties.file", said('used by ties.kind = "{kind}"', kind=kind), remedy)
    return None


@_about("chain.enabled", "ties.kind")
def _the_chain_runs_along_ties(enabled: bool, kind: str) -> Conflict | None:
    if not enabled or kind != "all":
        return None
    remedy = said('Set ties.kind to "near", "random" or "file", or chain.enabled to false.')
    return Conflict(
        "chain.enabled", said('possible with ties.kind = "all", which stores no ties to trade along'), remedy
    )


@_about("decision.rule", "decision.threshold_file")
def _thresholds_belong_to_the_threshold_rule(rule: str, file: str) -> Conflict | None:
    if not file or rule == "threshold":
        return None
    remedy = said('Set decision.rule to "threshold", or leave decision.threshold_file out.')
    return Conflict("decision.threshold_file", said('used by decision.rule = "{rule}"', rule=rule), remedy)


@_about("start.held", "cluster.firms")
def _no_more_firms_are_held_than_there_are(held: int, firms: int) -> Conflict | None:
    if held <= firms:
        return None
    return Conflict(
        "start.held",
        said("at most cluster.firms = {firms}", firms=firms),
        said("Hold fewer firms, or make the cluster larger."),
    )


@_about("programme.passed_over", "cluster.firms")
def _who_is_passed_over_is_there(site: int, firms: int) -> Conflict | None:
    if site < firms:
        return None
    return Conflict(
        "programme.passed_over",
        said("below cluster.firms = {firms}; sites are counted from 0", firms=firms),
        said("Name a site of the cluster, or -1 for none."),
    )


@_about("groups.minimum", "groups.maximum")
def _a_group_can_have_a_size(minimum: int, maximum: int) -> Conflict | None:
    if minimum <= maximum:
        return None
    remedy = said(
        "Set groups.maximum to {minimum} or more, or groups.minimum to {maximum} or less.",
        minimum=minimum,
        maximum=maximum,
    )
    return Conflict("groups.maximum", said("at least groups.minimum = {minimum}", minimum=minimum), remedy)


@_about("market.potential", "market.trader_share", "market.traders", "market.large_firms")
def _somebody_places_the_orders(potential: float, share: float, traders: int, large_firms: int) -> Conflict | None:
    if potential == 0.0:
        return None
    if share > 0.0 and traders == 0:
        remedy = said("Set market.trader_share to 0, or market.traders to 1 or more.")
        return Conflict(
            "market.trader_share", said("0, though market.traders = 0 leaves nobody to place these orders"), remedy
        )
    if share < 1.0 and large_firms == 0:
        remedy = said("Set market.trader_share to 1, or market.large_firms to 1 or more.")
        allowed = said("1, though market.large_firms = 0 leaves nobody to place the other orders")
        return Conflict("market.trader_share", allowed, remedy)
    return None


@_about("orders.low_weeks", "orders.high_value", "cluster.workers", "local.price")
def _small_orders_are_smaller_than_large_ones(
    weeks: float, value: float, workers: float, price: float
) -> Conflict | None:
    low = weeks / WEEKS_A_MONTH * workers * price
    if low < value:
        return None
    return Conflict(
        "orders.high_value",
        said(
            "above the value of a small order, {low} (orders.low_weeks = {weeks} of cluster.workers = {workers} "
            "at local.price = {price})",
            low=f"{low:.6g}",
            weeks=weeks,
            workers=workers,
            price=price,
        ),
        said("Raise orders.high_value, or lower orders.low_weeks."),
    )


@_about("programme.start", "programme.end")
def _a_programme_ends_after_it_starts(start: int, end: int) -> Conflict | None:
    if end >= start:
        return None
    remedy = said(
        "Set programme.end to {start} or later, or programme.start to {end} or earlier.", start=start, end=end
    )
    return Conflict("programme.end", said("at or after programme.start = {start}", start=start), remedy)


@_about("programme.enabled", "mix.training", "mix.finance", "mix.market", "mix.trust", "mix.equipment")
def _money_is_meant_for_something(enabled: bool, *parts: float) -> Conflict | None:
    if not enabled or any(part > 0.0 for part in parts):
        return None
    remedy = said(
        "Give mix.training, mix.finance, mix.market, mix.trust or mix.equipment a part, or set programme.enabled to "
        "false."
    )
    return Conflict("mix.training", said("enough: no instrument has a part of the budget"), remedy)


@_about("programme.enabled", "mix.equipment", "functions.enabled", "functions.equipment")
def _a_machine_that_is_given_can_be_used(
    enabled: bool, part: float, functions: bool, equipment: bool
) -> Conflict | None:
    if not enabled or part <= 0.0 or (functions and equipment):
        return None
    remedy = said("Set functions.enabled and functions.equipment to true, or mix.equipment to 0.")
    return Conflict(
        "mix.equipment", said("0, though without these functions a machine is of no use to anybody"), remedy
    )


@_about("programme.enabled", "mix.equipment", "programme.channel", "bodies.enabled")
def _a_group_that_is_given_a_machine_can_own_it(
    enabled: bool, part: float, channel: str, bodies: bool
) -> Conflict | None:
    if not enabled or part <= 0.0 or bodies or channel == "individual":
        return None
    remedy = said('Set bodies.enabled to true, programme.channel to "individual", or mix.equipment to 0.')
    return Conflict("mix.equipment", said("0, though without joint bodies no group can own a machine"), remedy)


@_about("ensemble.unequal", "ensemble.held")
def _what_is_held_would_be_drawn(unequal: bool, held: str) -> Conflict | None:
    keys = held_keys(held)
    if keys and not unequal:
        remedy = said("Set ensemble.unequal to true, or leave ensemble.held out.")
        return Conflict("ensemble.held", said("used by ensemble.unequal = false"), remedy)
    known = (*PLACES, *SIZES)
    strange = next((key for key in keys if key not in known), None)
    if strange is None:
        return None
    hint = did_you_mean(strange, known) or said("Drawn are {known}.", known=", ".join(known))
    return Conflict("ensemble.held", said("a list of what is drawn: {strange} is not", strange=shown(strange)), hint)
