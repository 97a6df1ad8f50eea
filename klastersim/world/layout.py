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

#: Whether a site's firm is at work, has stopped for a time, or is no longer there.
OPERATES, SUSPENDED, VACANT = 0, 1, 2

#: What became of the firm that stood on a site when a programme could begin: it is still here, has left, has left after
#: it was supported; or there was none.
HERE, LEFT, LEFT_SUPPORTED, NOBODY_THEN = 0, 1, 2, 3

#: A month long before any other: "never".
NEVER = -30_000

#: Which rings lack room for what a month can bring.
ORDERS_SHORT, PARTS_SHORT = 1, 2

#: Months over which a state is read.
YEAR = 12

#: Months over which an outcome and its base are taken.
WINDOW = 36

#: Months after a programme's end at which what remains of it is read. A relation that decays 3 % a month has a
#: half-life of 23 months: earlier looks see the programme's echo.
SUSTAINED = 60

CLUSTER = np.dtype(
    [
        ("identity", "i8"),
        ("seed", "i8"),
        ("terms", "i4"),  # row of its parameters
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
        ("buyers", "i4"),
        ("cooperating", "i4"),
        ("groups", "i4"),
        ("arrivals", "i4"),  # orders that are offered this month
        ("stamp", "i8"),  # last mark given to the parties of an order
        ("month", "i4"),  # last month begun
        ("loans_out", "i4"),  # programme loans not yet closed
        ("paused", "i4"),  # stopped inside the month for want of room: a sum of the numbers below, or 0
        ("planned", "i4"),  # month in which the programme last began to plan, or 0
        ("planning", "i4"),  # whether a plan is under way
        ("network", "i4"),  # whether there is a closed network
        ("vacant", "i4"),  # sites without a firm
        ("active", "i4"),
        ("first_event", "i8"),
        ("events", "i4"),
        # What dated events make of demand and of the local price this month: ratios, 1 without any.
        ("order_demand", "f8"),
        ("local_demand", "f8"),
        ("local_rival", "f8"),
        ("opening_input_price", "f8"),
        ("opening_order_price", "f8"),
        ("first_body", "i8"),
        ("body_room", "i4"),
        ("remembering", "i4"),  # firms that remember a failed joint body
        # Prices, Rp million a worker-month.
        ("price", "f8"),
        ("opening_supply", "f8"),
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
        ("traders_account", "f8"),  # margins of those who carry orders
        # Goods since the opening, worker-months.
        ("goods_made", "f8"),
        ("goods_sold", "f8"),
        ("goods_delivered", "f8"),
        ("goods_lost", "f8"),
        ("largest_workshop", "f8"),
        ("home_workers", "f8"),  # local people not at work in the cluster; below 0 as many come from outside
        ("linkage", "f8"),  # as orders last arrived
        ("best_technology", "f8"),  # highest level among the firms at the end of the last month
        ("owed", "f8"),  # for planning, Rp million
        ("kept", "f8"),  # programme money that waits for the plan, Rp million
        ("diagnosed", "f8", (5,)),  # share of each instrument by the diagnosis
        ("spent", "f8", (6,)),  # public cost by instrument, last of planning and seats, Rp million
        # Owners' days of this month, and what their time has cost since the opening, Rp million: by instrument, for
        # planning and seats, and for forums.
        ("owner_days", "f4", (7,)),
        ("time_cost", "f8", (7,)),
        ("known", "f8", (5,)),  # and by what local government knows
        # Months over which firms note their outcomes: before the programme, and after its end.
        ("before_first", "i4"),
        ("before_last", "i4"),
        ("after_first", "i4"),
        ("after_last", "i4"),
        ("supply", "f8"),  # workers of all firms, as this month's orders began to be offered
        ("final_value", "f8"),  # value added of the whole chain, Rp million a worker-month
        # Trade between stages this month: paid, Rp million; of loyal trade what was brought and not sold, units, who
        # came to buy, who was served, and how loyal they were.
        ("stage_trade", "f8"),
        ("stage_unsold", "f8"),
        ("stage_buyers", "f8"),
        ("stage_served", "f8"),
        ("loyalty", "f8"),
        ("bank_credit", "f8"),  # that the bank paid out for orders this month, Rp million
    ],
    align=True,
)

FIRM = np.dtype(
    [
        ("first_link", "i8"),
        ("links", "i4"),
        ("link_room", "i4"),
        ("circle", "i4"),  # partners at the opening: as many, those it trusts most, count when it chooses
        ("group", "i4"),
        ("group_size", "i4"),
        ("last_act", "i2"),  # month of the last collective act
        ("last_order_act", "i2"),  # the same without joint purchase
        ("last_own_act", "i2"),  # the same without orders that a programme paid for
        ("supported", "i2"),  # month of the first support
        ("born", "i2"),  # month of birth: with the site, the firm's birth identity; 0 for those of the opening
        ("closes", "i2"),  # month in which it closes for no reason of its market
        ("body", "i4"),  # number of the joint body that it belongs to, or NONE
        ("machine_until", "i2"),  # last month in which a machine of its own can be used
        ("social", "i1"),  # type of its owner: klastersim.rules.cooperation's FREE_RIDER, CONDITIONAL and so on
        ("cooperates", "i1"),
        ("chooses", "i1"),
        ("held", "i1"),
        ("collateral", "i1"),
        ("loan_defaults", "i1"),
        ("granted", "i1"),  # part of the price of its machine that a programme paid, %
        ("member", "i1"),  # of the closed network
        ("standing", "i1"),
        ("predecessor", "i1"),  # what became of the firm that stood here when a programme could begin
        ("loss_months", "i1"),  # of loss or suspension in a row
        ("contract_buyer", "i1"),
        ("contract_end", "i2"),  # last month of a bilateral contract, or 0
        ("stage", "i1"),  # of the value chain, from 1; 0 where it has none
        ("specialised", "i1"),  # whether it does that stage only
        ("visited", "i2"),  # month in which its owner last met an official or a support body, or 0
        ("workers", "f8"),
        ("span", "f8"),  # workers that the owner leads at the ordinary margin
        ("quality", "f8"),
        ("quality_base", "f8"),
        ("technology", "f8"),  # level of technology, 0 to 1
        ("mechanised", "f8"),  # what a machine adds to output this month, share
        ("memory", "f8"),  # of failed joint bodies: what it takes from trust, 0 to 1
        ("threshold", "f8"),
        ("expected_gain", "f8"),
        ("work", "f8"),  # output a month committed to orders
        ("reserved", "f8"),  # working capital set aside for the inputs of orders
        ("working_capital", "f8"),
        ("usual_capital", "f8"),
        ("borrowed", "f8"),  # from the bank, for orders not yet closed
        ("profit", "f8"),
        ("income", "f8"),  # value of what was sold or delivered this month, Rp million
        ("value_before", "f8"),  # value added over the months before the programme, Rp million
        ("value_after", "f8"),  # and over the months to the measuring date after its end
        ("loan", "f8"),  # programme loan outstanding
        ("instalment", "f8"),
        ("support_days", "f8"),  # owner's days given to the programme this month
        ("charges", "f8"),  # interest on the programme loan, and paid for others who owe, this month, Rp million
        ("contract_price", "f8"),  # Rp million a worker-month
        ("loan_due", "i2"),
        ("loan_group", "i4"),  # site of the lead of those who stand for each other
        ("division_gain", "f8"),  # gain from specialising that it has learned, share of stand-alone sales
        ("division", "f4"),  # what the division of labour adds to output this month, share
        ("visitors", "i4"),  # who came last month to buy its stage's work, in loyal trade
    ],
    align=True,
)

#: What else is noted of a firm over the months before the programme and after it: workers, worker-months, and what its
#: owner invested, Rp million.
OUTCOME = np.dtype([(name, "f8") for name in ("jobs_before", "jobs_after", "invested_before", "invested_after")])

#: A tie; between whom, the links of firms tell.
TIE = np.dtype([("trust", "f8"), ("base_trust", "f8")], align=True)

#: The two firms of a tie, the lower site first.
ENDS = np.dtype([("lower", "i4"), ("upper", "i4")], align=True)

LINK = np.dtype([("partner", "i4"), ("tie", "i4")])

#: A joint body (koperasi, KUB): a place without a body has no members.
BODY = np.dtype(
    [
        ("members", "i4"),
        ("founded", "i4"),  # month
        ("last_act", "i4"),  # month of the last joint transaction
        ("machine_until", "i2"),  # last month in which a machine of its own can be used
        ("granted", "i1"),  # part of the price of its machine that a programme paid, %
        ("acting", "i4"),  # members who acted jointly this month
        ("here", "i4"),  # members in the group that is looked at; users of the machine
        ("workers", "f8"),  # of those who use its machine this month
    ],
    align=True,
)

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
        ("closed", "i1"),
        ("carried", "i1"),  # by the trader, to a firm that the buyer does not know
        ("first_part", "i8"),
        ("volume", "f8"),
        ("price", "f8"),
        ("margin", "f8"),  # that the buyer pays the trader above it, Rp million a worker-month
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
        ("advance", "f8"),  # of inputs, by a principal
    ],
    align=True,
)

#: A buyer: large firms come first, then traders.
BUYER = np.dtype(
    [
        ("share", "f8"),  # of the potential orders
        ("volume", "f8"),  # of its orders, in terms of those of all
        ("quality", "f8"),  # that it asks on average above that of all
        ("stretch", "f8"),  # its schedule in terms of the usual one
        ("ceiling", "f8"),  # the most it can pay, Rp million a worker-month
        ("contracted", "f8"),  # output that it took by bilateral contracts last month, worker-months
        ("best", "i4"),  # the firm that it offers a contract to this month, or NONE
        ("schedule", "i4"),  # months
        ("offered", "f8"),  # at this price, Rp million a worker-month
        ("principal", "i1"),
        ("advanced", "f8"),  # as a principal and not yet settled, Rp million
        ("lost", "f8"),  # of what it advanced, with its charge, since the opening, Rp million
        ("earned", "f8"),  # by a trader for carrying orders, since the opening, Rp million
    ],
    align=True,
)

#: A dated event; fields that its kind does not use are 0. Codes of kinds and markets: klastersim.world.events.
EVENT = np.dtype(
    [
        ("kind", "i4"),
        ("month", "i4"),
        ("until", "i4"),
        ("market", "i4"),
        ("buyer", "i4"),
        ("firms", "i4"),
        ("factor", "f8"),
        ("half_life", "f8"),  # months, or 0 where it does not fade
        ("relation", "f8"),
        ("share", "f8"),
        ("budget", "f8"),  # Rp million a year
    ],
    align=True,
)

#: What is measured each month; ``klastersim.indicators.catalogue`` says what each means.
MEASURES = (
    "cooperating groups largest_group in_groups acting acting_orders acting_own collective_share own_share "
    "active active_orders active_own active_half active_double trust trust_density expected_gain quality linkage price "
    "working_capital potential reached organised skilled financed taken taken_alone subcontracts due delivered "
    "single_share collective_sales "
    "own_sales sales value_added profit wages inputs draws public_cost social_cost unspent supported "
    "firms suspended entries exits jobs local_labour local_inputs investment bank_credit "
    "technology functions_alone functions_joint machines invested bodies dormant_share "
    "bargaining producer_share contracted prefinanced trader_margin "
    "productivity external_economies joint_gain purchase_gain captured "
    "bridging_large_firms bridging_traders bridging_officials "
    "specialised matched stage_trade stage_unsold stage_bridges loyalty buyer_profit supplier_profit"
).split()

SERIES = np.dtype([(name, "f8") for name in ("month", *MEASURES)])

#: What takes longer to measure than the rest of a month, and is measured when it is asked; NaN where not defined.
STRUCTURES = ("profit_gini", "trust_clustering")

STRUCTURE = np.dtype([(name, "f8") for name in STRUCTURES])

#: What sums over a year are taken of: sales; of delivered orders the volume, and the value at the agreed price in terms
#: of what traders pay, and the margins of traders likewise; of orders taken the inputs, and what principals advanced.
SALES = np.dtype(
    [
        (name, "f8")
        for name in (
            "collective_sales own_sales sales order_value order_volume order_margin order_inputs advanced".split()
        )
    ]
)


class World(NamedTuple):
    """The state of many clusters.

    Attributes
    ----------
    params : recarray, shape (scenarios,)
        One field per key of the scenario; clusters of equal scenarios share a row, named by their field ``terms``.
    clusters, firms, ties, links, bodies, orders, parts : recarray
        See the record types above.
    outcomes : recarray of OUTCOME, shape (firms,)
        By firm; of length 0 where in no cluster firms grow or buy machines, so that neither can change.
    tie_events : ndarray of int, shape (ties,)
        What the two firms of each tie lived through this month: klastersim.rules.learning's WORKED, DEFAULTED.
    relations : ndarray of float, shape (firms, buyers)
        Relation of each firm with each buyer, large firms first, then traders; 0 to 1.
    relations_used : ndarray of int, shape (firms, buyers)
        Last month in which an order is traded through the relation.
    trader_relations : ndarray of float, shape (clusters, traders, large firms)
        Relation of each trader with each large firm, 0 to 1.
    series : recarray, shape (clusters, months kept)
        A ring of monthly measures; month m stands in row ``(m - 1) % months``.
    year : recarray, shape (clusters, 12)
        A ring of sales by month; month m stands in row ``(m - 1) % 12``.
    purses : ndarray of float, shape (clusters, 10)
        Programme money not yet spent, by instrument and channel, Rp million.
    events : recarray
        Dated events of each cluster, by month; of length 0 where no cluster has any.
    buyers : recarray, shape (clusters, buyers)
        Large firms, then traders.
    """

    params: np.recarray
    clusters: np.recarray
    firms: np.recarray
    outcomes: np.recarray
    ties: np.recarray
    tie_events: np.ndarray
    links: np.recarray
    bodies: np.recarray
    relations: np.ndarray
    relations_used: np.ndarray
    trader_relations: np.ndarray
    orders: np.recarray
    parts: np.recarray
    series: np.recarray
    year: np.recarray
    purses: np.ndarray
    events: np.recarray
    buyers: np.recarray


#: What a firm's month comes to, and what it could commit to orders. Nothing of it outlives the month.
FIRM_MONTH = np.dtype(
    [
        ("saving", "f8"),  # on the inputs, share of the price
        ("purchase_gain", "f8"),  # Rp million
        ("order_gain", "f8"),  # of joint orders delivered, Rp million
        ("order_income", "f8"),  # of all orders delivered, Rp million
        ("order_volume", "f8"),  # of all orders delivered, worker-months
        ("order_loan_cost", "f8"),  # of all orders delivered, Rp million
        ("contract_income", "f8"),  # of output sold under a bilateral contract, Rp million
        ("contract_volume", "f8"),  # worker-months
        ("observed_gain", "f8"),  # from cooperation, share of stand-alone sales
        ("inputs", "f8"),  # bought, Rp million
        ("draw", "f8"),  # taken out by the owner's household, Rp million
        ("hired", "f8"),  # this month; dismissed where below 0
        ("services", "f8"),  # paid for indivisible functions, Rp million
        ("wear", "f8"),  # depreciation of machines, Rp million
        ("invested", "f8"),  # in machines, Rp million
        ("function_gain", "f8"),  # from functions carried with others, Rp million
        ("taught", "f8"),  # gap in quality that training meets
        ("partners", "f8"),  # at neighbouring stages
        ("matched", "f8"),  # share of its work that these match
        ("stage_volume", "f8"),  # bought of other stages, less what was sold to them, worker-months
        ("stage_income", "f8"),  # of sales to other stages, and of loyal trade, Rp million
        ("stage_bought", "f8"),  # from other stages, and brought to loyal trade, Rp million
        ("trade_profit", "f8"),  # of loyal trade, Rp million
        ("buying_profit", "f8"),  # that of it which it made as a buyer
        ("stock", "f8"),  # visitors that it can still serve
        ("visits", "f8"),  # who came
        ("division_gain_now", "f8"),  # from specialising, share of stand-alone sales
        ("free_output", "f8"),  # what it could still commit to orders, worker-months
        ("skill", "f8"),  # its quality
        ("funded", "f8"),  # output whose inputs it could pay, worker-months
        ("funded_in_group", "f8"),  # the same as a member of a group
        ("score", "f8"),  # in a selection of recipients
        ("chance", "f8"),  # its draw among equals
        ("mark", "i8"),
        ("place", "i8"),  # among the able takers, or NONE
        ("taker", "i8"),  # number among the takers
        ("carried", "i1"),  # functions that it has: a sum of klastersim.engine.reckoning's numbers
        ("joint", "i1"),  # those of them that it shares with others
    ],
    align=True,
)

#: A group of the month: where its members begin, and their mean quality.
GROUP_MONTH = np.dtype([("first", "i8"), ("quality", "f8")])

#: A taker: a firm, or a group as a negative number; where the list of those begins with whom it can act jointly; the
#: largest order that it could fill as the month's orders began to arrive, worker-months; its place among the able, or
#: NONE; the demand that it reaches, share of the potential orders.
TAKER = np.dtype([("code", "i8"), ("joint_first", "i8"), ("most", "f8"), ("place", "i8"), ("demand", "f8")])

#: A taker that could fill some order of the month.
ABLE = np.dtype(
    [
        ("taker", "i8"),
        ("joint", "i4"),  # whether it may act jointly
        ("outdated", "i4"),  # whether somebody with whom it may has taken an order since what they could do was noted
        ("next_joint", "i8"),  # next place of one that may
        ("output", "f8"),  # what a firm could make alone over the usual schedule, worker-months
        ("funded", "f8"),  # output whose inputs it could pay, worker-months
        ("skill", "f8"),  # its quality
        ("own", "f8"),  # its own funds, Rp million
    ]
)

#: To whom an order may be drawn: place among the able, whether alone or jointly, relation.
LISTED = np.dtype([("place", "i8"), ("way", "i8"), ("weight", "f8")])

#: Who would fill an order: the firm, what it could make and pay, and its share of the work.
CANDIDATE = np.dtype([("firm", "i8"), ("free", "f8"), ("share", "f8")])

#: A buyer's month: the chance that an order of it reaches some taker; whether its weights were noted; share of its
#: orders that it still places; of a trader the demand that it reaches, share of the potential orders, and the workers
#: that it can call on.
BUYER_MONTH = np.dtype([("reach", "f8"), ("weighed", "i8"), ("wanting", "f8"), ("demand", "f8"), ("supply", "f8")])

#: An order as it arrives; ``taker`` is who alone is asked (an introduction), or NOBODY.
ARRIVAL = np.dtype(
    [
        ("number", "i8"),
        ("buyer", "i8"),
        ("trader", "i8"),
        ("taker", "i8"),
        ("remembered", "i8"),  # whether buyers will remember how it went
        ("came", "i8"),  # how far it came with those it was offered to
        ("volume", "f8"),
        ("quality", "f8"),
        ("needed", "f8"),  # volume that takes as much over the usual schedule, worker-months
        ("eased", "f8"),  # volume that they could surely not fill jointly who could not fill so much of a usual order
        ("stretch", "f8"),  # its schedule in terms of the usual one
        ("schedule", "i8"),  # months
        ("own", "f8"),  # share of the inputs that nobody advances
        ("price", "f8"),  # agreed with whom it is offered to, Rp million a worker-month
        ("margin", "f8"),  # of a trader who carries it
        ("carrier", "i8"),  # that trader, or NONE
    ],
    align=True,
)

#: No taker: groups are negative numbers from -1 down.
NOBODY = -(2**62)

#: Takers are sorted by the whole worker-months that they could fill, up to this.
BINS = 256

#: Takers that are drawn from stand in blocks of so many.
BLOCK = 32

#: Steps of quality at which it is noted what able takers could fill jointly.
STEPS = 16


class Scratch(NamedTuple):
    """Working memory of one cluster's month; nothing in it outlives the month.

    Few arrays of records rather than many plain ones: each array that a kernel takes adds to the time it takes to
    compile and to call.

    Attributes
    ----------
    month : recarray of FIRM_MONTH, shape (firms,)
        By firm.
    groups : recarray of GROUP_MONTH, shape (firms + 1,)
        By group; the last one begins where the members end.
    members : ndarray of int, shape (firms,)
        Members of the groups, one after the other.
    takers : recarray of TAKER, shape (firms + 1,)
        By number; the last one begins where the lists end.
    joint : ndarray of int, shape (firms + links + 1,)
        With whom each taker can act jointly, one after the other.
    able : recarray of ABLE, shape (firms,)
        By place, the most able first.
    alone : ndarray of float, shape (firms,)
        By place: what it could make and pay at most alone, infinite for one that may act jointly. An order looks at
        this first, and at others no further.
    could : ndarray of float, shape (`STEPS` + 1, firms)
        By step of quality and place: what the able could jointly fill and pay at most of an order that asks for it.
        In row `STEPS`: what they could jointly make, whatever its quality and whoever pays.
    bins : ndarray of int, shape (`BINS` + 1,)
        How many of them could fill how much.
    buyers : recarray of BUYER_MONTH, shape (buyers,)
        By buyer.
    reaches : ndarray of float, shape (buyers, firms)
        How far each taker, by number, reaches each buyer.
    weights : ndarray of float, shape (buyers, firms)
        The same of the able takers, by place.
    running : ndarray of float, shape (buyers, firms)
        Running sums of these.
    revenues : ndarray of float, shape (buyers, firms)
        By place: revenue that a firm alone expects of a unit of an order, Rp million; below 0 while nobody asked.
    arrivals : recarray of ARRIVAL, shape (orders,)
        The orders that are offered this month.
    levels : ndarray of float, shape (2, firms)
        Levels of technology as they spread, and what each firm can learn of its partners.
    shown : ndarray of float, shape (2, firms)
        What partners see that each firm gained by what it does, and whether it does it, 1 or 0.
    listed : recarray of LISTED, shape (firms,)
        To whom one of them may be drawn.
    sums : ndarray of float, shape (blocks,)
        Sums of their relations, by blocks of `BLOCK`.
    candidates : recarray of CANDIDATE, shape (firms,)
        Who would fill it together, or the members of a recipient of support.
    trusts : ndarray of float, shape (firms,)
        Trust of the ties of one firm.
    ends : recarray of ENDS, shape (ties,)
        The two firms of each tie, where what is done goes by the number of ties.
    noted : ndarray of int, shape (1,)
        How many ties stand in ``ends``; 0 as the firms begin to work.
    there : ndarray of bool, shape (firms,)
        Whether anybody owns the site, as the month ends.
    """

    month: np.recarray
    groups: np.recarray
    members: np.ndarray
    takers: np.recarray
    joint: np.ndarray
    able: np.recarray
    alone: np.ndarray
    could: np.ndarray
    bins: np.ndarray
    buyers: np.recarray
    reaches: np.ndarray
    weights: np.ndarray
    running: np.ndarray
    revenues: np.ndarray
    arrivals: np.recarray
    levels: np.ndarray
    shown: np.ndarray
    listed: np.recarray
    sums: np.ndarray
    candidates: np.recarray
    trusts: np.ndarray
    ends: np.recarray
    noted: np.ndarray
    there: np.ndarray


def make_scratch(firms: int, links: int, buyers: int, orders: int) -> Scratch:
    """Return working memory for clusters of at most so many firms, ends of ties, buyers, and orders a month."""

    def records(dtype: np.dtype, count: int) -> np.recarray:
        return np.zeros(count, dtype).view(np.recarray)

    return Scratch(
        month=records(FIRM_MONTH, firms),
        groups=records(GROUP_MONTH, firms + 1),
        members=np.zeros(firms, np.int64),
        takers=records(TAKER, firms + 1),
        # One more for a member of a group whom an introduction asks by itself.
        joint=np.zeros(firms + links + 1, np.int64),
        able=records(ABLE, firms),
        alone=np.zeros(firms),
        could=np.zeros((STEPS + 1, firms)),
        bins=np.zeros(BINS + 1, np.int64),
        buyers=records(BUYER_MONTH, max(1, buyers)),
        reaches=np.zeros((max(1, buyers), firms)),
        weights=np.zeros((max(1, buyers), firms)),
        running=np.zeros((max(1, buyers), firms)),
        revenues=np.zeros((max(1, buyers), firms)),
        arrivals=records(ARRIVAL, max(1, orders)),
        levels=np.zeros((2, firms)),
        shown=np.zeros((2, firms)),
        listed=records(LISTED, firms),
        sums=np.zeros(firms // BLOCK + 1),
        candidates=records(CANDIDATE, firms),
        trusts=np.zeros(firms),
        ends=records(ENDS, links // 2),
        noted=np.zeros(1, np.int64),
        there=np.zeros(firms, np.bool_),
    )
