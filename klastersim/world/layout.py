"""The record types of the state, and the named tuples that carry them into kernels.

All arrays hold many clusters one after the other. Firms, ties, buyers and groups are numbered from 0 inside their
cluster; ``first_*`` fields of the cluster's record say where its rows begin.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

#: What became of a part of an order.
WORKING, ON_TIME, LATE, DEFAULT = 0, 1, 2, 3

#: Who took an order.
SINGLE, GROUP, PRIME = 0, 1, 2

#: No group, no buyer, no firm.
NONE = -1

#: A month long before any other: "never".
NEVER = -1_000_000

#: Months over which a state is read.
YEAR = 12

CLUSTER = np.dtype(
    [
        ("identity", "i8"),
        ("seed", "i8"),
        ("first_firm", "i8"),
        ("firms", "i8"),
        ("first_tie", "i8"),
        ("ties", "i8"),
        ("tie_room", "i8"),
        ("first_order", "i8"),
        ("order_room", "i8"),
        ("oldest_order", "i8"),  # absolute numbers: the ring holds oldest to next - 1
        ("next_order", "i8"),
        ("first_part", "i8"),
        ("part_room", "i8"),
        ("oldest_part", "i8"),
        ("next_part", "i8"),
        ("buyers", "i8"),
        ("cooperating", "i8"),
        ("groups", "i8"),
        ("month", "i8"),  # last month begun
        ("loans_out", "i8"),  # programme loans not yet closed
        ("paused", "i8"),  # stopped inside the month for want of room
        ("active", "i8"),
        ("started_active", "i8"),  # whether it was active in the last month before the programme
        # Prices, Rp million a worker-month.
        ("price", "f8"),
        ("opening_supply", "f8"),
        ("opening_wages", "f8"),
        ("input_price", "f8"),
        ("order_price", "f8"),
        ("order_log_mean", "f8"),
        ("order_log_spread", "f8"),
        # Accounts: net money received since the opening, Rp million.
        ("buyers_account", "f8"),
        ("suppliers_account", "f8"),
        ("households_account", "f8"),
        ("bank_account", "f8"),
        ("government_account", "f8"),
        # Goods since the opening, worker-months.
        ("goods_made", "f8"),
        ("goods_sold", "f8"),
        ("goods_delivered", "f8"),
        ("goods_lost", "f8"),
        ("largest_workshop", "f8"),
    ],
    align=True,
)

FIRM = np.dtype(
    [
        ("first_link", "i8"),
        ("links", "i4"),
        ("link_room", "i4"),
        ("group", "i4"),
        ("group_size", "i4"),
        ("last_act", "i4"),  # month of the last collective act
        ("last_order_act", "i4"),  # the same without joint purchase
        ("last_own_act", "i4"),  # the same without orders that a programme paid for
        ("supported", "i4"),  # month of the first support
        ("conditional", "i1"),
        ("cooperates", "i1"),
        ("chooses", "i1"),
        ("held", "i1"),
        ("collateral", "i1"),
        ("workers", "f8"),
        ("quality", "f8"),
        ("quality_base", "f8"),
        ("threshold", "f8"),
        ("expected_gain", "f8"),
        ("observed_gain", "f8"),
        ("work", "f8"),  # output a month committed to orders
        ("reserved", "f8"),  # working capital set aside for the inputs of orders
        ("working_capital", "f8"),
        ("usual_capital", "f8"),
        ("usual_income", "f8"),
        ("borrowed", "f8"),  # from the bank, for orders not yet closed
        ("saving", "f8"),  # on this month's inputs, share of the price
        ("purchase_gain", "f8"),  # this month, Rp million
        ("order_gain", "f8"),  # of joint orders delivered this month, Rp million
        ("order_income", "f8"),  # of all orders delivered this month, Rp million
        ("order_volume", "f8"),  # of all orders delivered this month, worker-months
        ("order_loan_cost", "f8"),  # of all orders delivered this month, Rp million
        ("profit", "f8"),
        ("income", "f8"),  # value of what was sold or delivered this month, Rp million
        ("inputs", "f8"),  # bought this month, Rp million
        ("draw", "f8"),  # taken out by the owner's household this month, Rp million
        ("loan", "f8"),  # programme loan outstanding
        ("instalment", "f8"),
        ("support_days", "f8"),  # owner's days given to the programme this month
        ("loan_due", "i4"),
        ("loan_group", "i4"),  # site of the lead of those who stand for each other
        ("loan_defaults", "i1"),
    ],
    align=True,
)

TIE = np.dtype([("lower", "i4"), ("upper", "i4"), ("event", "i4"), ("trust", "f8"), ("base", "f8")], align=True)

LINK = np.dtype([("partner", "i4"), ("tie", "i4")])

ORDER = np.dtype(
    [
        ("number", "i4"),
        ("accepted", "i4"),
        ("due", "i4"),
        ("buyer", "i4"),
        ("trader", "i4"),
        ("taker", "i4"),
        ("lead", "i4"),
        ("parts", "i4"),
        ("remembered", "i1"),
        ("subsidised", "i1"),
        ("success", "i1"),
        ("first_part", "i8"),
        ("volume", "f8"),
        ("price", "f8"),
    ],
    align=True,
)

PART = np.dtype(
    [
        ("firm", "i4"),
        ("outcome", "i4"),
        ("volume", "f8"),
        ("income", "f8"),
        ("forgone", "f8"),  # what the same output would have brought on the local market
        ("loan", "f8"),
        ("loan_cost", "f8"),
    ],
    align=True,
)

#: What is measured each month; ``klastersim.indicators.catalogue`` says what each means.
MEASURES = (
    "cooperating groups largest_group in_groups acting acting_orders acting_own collective_share "
    "active active_orders active_own active_half active_double trust trust_density expected_gain quality linkage price "
    "working_capital potential reached organised skilled financed taken due delivered single_share collective_sales "
    "sales value_added profit wages inputs draws public_cost social_cost supported"
).split()

SERIES = np.dtype([(name, "f8") for name in ("month", *MEASURES)])


class World(NamedTuple):
    """The state of many clusters.

    Attributes
    ----------
    params : recarray, shape (clusters,)
        Parameters of each cluster, one field per key of the scenario.
    clusters, firms, ties, links, orders, parts : recarray
        See the record types above.
    relations : ndarray of float, shape (firms, buyers)
        Relation of each firm with each buyer, large firms first, then traders; 0 to 1.
    relations_used : ndarray of int, shape (firms, buyers)
        Last month in which an order is traded through the relation.
    trader_relations : ndarray of float, shape (clusters, traders, large firms)
        Relation of each trader with each large firm, 0 to 1.
    series : recarray, shape (clusters, months kept)
        A ring of monthly measures; month m stands in row ``(m - 1) % months``.
    purses : ndarray of float, shape (clusters, 8)
        Programme money not yet spent, by instrument and channel, Rp million.
    """

    params: np.recarray
    clusters: np.recarray
    firms: np.recarray
    ties: np.recarray
    links: np.recarray
    relations: np.ndarray
    relations_used: np.ndarray
    trader_relations: np.ndarray
    orders: np.recarray
    parts: np.recarray
    series: np.recarray
    purses: np.ndarray


class Scratch(NamedTuple):
    """Working memory of one cluster's month; nothing in it outlives the month.

    Attributes
    ----------
    queue, mark, introduced, members, takers, candidates : ndarray of int, shape (firms,)
        Search queue; marks by firm; members of groups one after the other; takers; candidates for an order.
    group_first : ndarray of int, shape (firms + 1,)
        Where each group's members begin.
    weights : ndarray of float, shape (firms,)
        Relations of the takers already asked, to be put back.
    group_quality, free, share : ndarray of float, shape (firms,)
        Mean quality by group; free output and share of the work by candidate.
    reach : ndarray of float, shape (buyers,)
        Chance that an order of the buyer reaches some taker.
    free_output : ndarray of float, shape (firms,)
        What each firm could still commit to orders this month, worker-months.
    most : ndarray of float, shape (firms,)
        Largest order by volume that each taker could fill as the month's orders began to arrive, worker-months.
    full_trees, trees : ndarray of float, shape (buyers, twice a power of two)
        Binary trees of takers' relations, by which an order finds takers: of all, and of those not yet asked.
    built : ndarray of int, shape (buyers,)
        Whether the buyer's tree was built this month.
    """

    queue: np.ndarray
    mark: np.ndarray
    weights: np.ndarray
    introduced: np.ndarray
    members: np.ndarray
    takers: np.ndarray
    candidates: np.ndarray
    group_first: np.ndarray
    group_quality: np.ndarray
    free: np.ndarray
    share: np.ndarray
    reach: np.ndarray
    free_output: np.ndarray
    most: np.ndarray
    full_trees: np.ndarray
    trees: np.ndarray
    built: np.ndarray


def make_scratch(firms: int, buyers: int) -> Scratch:
    """Return working memory for clusters of at most `firms` firms and `buyers` buyers."""
    leaves = 1
    while leaves < firms:
        leaves *= 2
    return Scratch(
        queue=np.zeros(firms, np.int64),
        mark=np.zeros(firms, np.int64),
        weights=np.zeros(firms, np.float64),
        introduced=np.zeros(firms, np.int64),
        members=np.zeros(firms, np.int64),
        takers=np.zeros(firms, np.int64),
        candidates=np.zeros(firms, np.int64),
        group_first=np.zeros(firms + 1, np.int64),
        group_quality=np.zeros(firms, np.float64),
        free=np.zeros(firms, np.float64),
        share=np.zeros(firms, np.float64),
        reach=np.zeros(max(1, buyers), np.float64),
        free_output=np.zeros(firms, np.float64),
        most=np.zeros(firms, np.float64),
        full_trees=np.zeros((max(1, buyers), 2 * leaves), np.float64),
        trees=np.zeros((max(1, buyers), 2 * leaves), np.float64),
        built=np.zeros(max(1, buyers), np.int64),
    )
