"""R14 over arrays: what becomes of the orders, debts and money of firms that close."""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.engine.delivering import is_present, order_at, part_at, pay_bank
from klastersim.engine.joint_bodies import leave_body
from klastersim.engine.lending import call_loan
from klastersim.engine.measuring import row_of
from klastersim.engine.outcomes import forget_outcomes
from klastersim.rules.growth import FOREVER
from klastersim.world.layout import DEFAULT, HERE, LEFT, LEFT_SUPPORTED, NONE, PRIME, VACANT, WORKING
from klastersim.world.opening import set_relations


@kernel
def close_firms(world, scratch, c, month):
    """Close the marked firms: their parts of orders by number, then all else by ascending site."""
    cluster = world.clusters[c]
    for number in range(cluster.oldest_order, cluster.next_order):
        order = order_at(world, c, number)
        for k in range(order.first_part, order.first_part + order.parts):
            piece = part_at(world, c, k)
            if is_present(piece) and scratch.month[piece.firm].mark:
                _leave_part(world, c, month, order, piece)
    leaving = 0
    for i in range(cluster.firms):
        if scratch.month[i].mark:
            scratch.members[leaving] = i
            leaving += 1
    # A body that is dissolved takes the marks.
    for k in range(leaving):
        leave_body(world, scratch, c, scratch.members[k])
        _close(world, c, month, scratch.members[k])


@inner
def _leave_part(world, c, month, order, piece):
    """Leave a part of an order: what is made of it is lost, and what the bank is owed for it falls due.

    What the firm cannot pay stays with the part, until the order is closed.
    """
    if piece.outcome == WORKING:
        world.clusters[c].goods_lost += piece.volume * (month - order.accepted) / (order.due - order.accepted)
        piece.outcome = DEFAULT
        piece.volume = 0.0
    if piece.loan > 0.0:
        piece.loan = pay_bank(world, c, piece.firm, piece.loan + piece.loan_cost)
    if order.taker == PRIME and order.lead == piece.firm:
        order.lead = NONE
    piece.firm = NONE


@inner
def _close(world, c, month, i):
    """Close a firm: its loan is called, its hands and what money is left go to the household, its site is free."""
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + i]
    if firm.loan > 0.0:
        call_loan(world, c, i, month)
    row = row_of(world, c, month)
    row.exits += 1.0
    row.investment -= firm.working_capital
    cluster.households_account += firm.working_capital
    cluster.home_workers += firm.workers
    cluster.cooperating -= firm.cooperates
    cluster.remembering -= firm.memory > 0.0
    cluster.vacant += 1
    _note_departure(world, c, i, month)
    _clear(firm)
    set_relations(world, c, i, 0.0)


@inner
def _note_departure(world, c, i, month):
    """Note what became of the firm that outcomes are told of; one that is gone by the measuring date counts as zero."""
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + i]
    forget_outcomes(world, c, i, month)
    if month > cluster.before_last and firm.predecessor == HERE:
        firm.predecessor = LEFT_SUPPORTED if firm.supported > 0 else LEFT


@inner
def _clear(firm):
    """Clear what was the owner's."""
    firm.standing = VACANT
    firm.closes = FOREVER
    firm.loss_months = 0
    firm.supported = 0
    firm.visited = 0
    firm.circle = 0
    firm.group = NONE
    firm.group_size = 0
    firm.cooperates = 0
    firm.chooses = 0
    firm.held = 0
    firm.member = 0
    firm.contract_end = 0
    firm.machine_until = 0
    firm.granted = 0
    firm.technology = 0.0
    firm.mechanised = 0.0
    firm.specialised = 0
    firm.division = 0.0
    firm.visitors = 0
    firm.memory = 0.0
    firm.loan_defaults = 0
    firm.loan_group = NONE
    firm.workers = 0.0
    firm.span = 0.0
    firm.expected_gain = 0.0
    firm.work = 0.0
    firm.reserved = 0.0
    firm.working_capital = 0.0
    firm.usual_capital = 0.0
    firm.borrowed = 0.0
    firm.profit = 0.0
    firm.income = 0.0
    firm.instalment = 0.0
