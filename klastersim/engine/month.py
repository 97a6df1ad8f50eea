"""The month, phase by phase.

Firm phases (F) read the state as the phase began and write a firm's own row; tie phases (T) visit each tie once;
settlements (S) are shared with the agents driver.
"""

from __future__ import annotations

from klastersim.compiled import kernel
from klastersim.engine.applying import use_functions
from klastersim.engine.arriving import potential_orders
from klastersim.engine.carrying import carry_alone, carry_together
from klastersim.engine.chain import divide_work, trade_between_stages
from klastersim.engine.contracting import answer_offers, offer_contracts
from klastersim.engine.deciding import adopt, decide
from klastersim.engine.delivering import deliver_orders, pay_orders
from klastersim.engine.employing import count_labour, employ
from klastersim.engine.grouping import form_groups
from klastersim.engine.happening import let_events_happen
from klastersim.engine.introducing import introduce_orders, introductions_possible
from klastersim.engine.joint_bodies import keep_bodies
from klastersim.engine.learning import learn, update_ties
from klastersim.engine.measuring import measure, open_books, open_month
from klastersim.engine.neighbours import feel_neighbours
from klastersim.engine.offering import most_parties, take_orders
from klastersim.engine.purchasing import buy_together
from klastersim.engine.relating import forget, traders_forget
from klastersim.engine.renewing import renew
from klastersim.engine.specialising import learn_specialising, specialise
from klastersim.engine.supporting import count_social_cost, support
from klastersim.engine.trading import clear_market, trade
from klastersim.world.layout import ORDERS_SHORT, PARTS_SHORT


@kernel
def begin_month(world, scratch, c, month):
    """Open the month, let events happen, firms come and go, hire and dismiss, the programme act and firms decide."""
    open_month(world, c, month)  # S
    let_events_happen(world, scratch, c, month)  # S
    feel_neighbours(world, c)  # S  R9
    renew(world, scratch, c, month)  # S  R14
    employ(world, scratch, c, month)  # F  R14
    count_labour(world, scratch, c)  # S  R14
    support(world, scratch, c, month)  # S  R1
    decide(world, scratch, c, month)  # F  R2
    adopt(world, c)  # S  R2
    specialise(world, scratch, c, month)  # F  R3


@kernel
def finish_month(world, scratch, c, month):
    """Let the firms, in the groups that were formed, work, trade and learn."""
    open_books(world, scratch, c)  # S
    divide_work(world, scratch, c, month)  # S  R5
    carry_alone(world, scratch, c, month)  # F  R6
    carry_together(world, scratch, c, month)  # S  R6
    deliver_orders(world, scratch, c, month)  # S  R7
    pay_orders(world, scratch, c, month)  # S  R7, R13
    offer_contracts(world, c, month)  # F  R8
    answer_offers(world, c, month)  # F  R8
    introduce_orders(world, scratch, c, month)  # S  R1
    take_orders(world, scratch, c, month)  # S  R7, R13
    buy_together(world, scratch, c, month)  # S  R10
    clear_market(world, c)  # S  R9
    trade_between_stages(world, scratch, c, month)  # S  R5
    trade(world, scratch, c, month)  # F  R9, R13
    use_functions(world, scratch, c)  # F  R6
    learn(world, scratch, c)  # F  R11
    learn_specialising(world, scratch, c)  # F  R3, R11
    update_ties(world, c)  # T  R11, R15
    keep_bodies(world, scratch, c, month)  # S  R15
    forget(world, c, month)  # F  R12
    traders_forget(world, c)  # S  R12
    count_social_cost(world, c, month)  # S  R1
    measure(world, scratch, c, month)  # S


@kernel
def has_room(world, scratch, c, month):
    """Whether the rings of orders and parts hold whatever this month can bring; if not, the cluster is paused."""
    cluster = world.clusters[c]
    orders = potential_orders(world, c, month) + introductions_possible(world, c)
    parts = orders * most_parties(world, scratch, c)
    held_orders = cluster.next_order - cluster.oldest_order
    held_parts = cluster.next_part - cluster.oldest_part
    cluster.paused = 0
    if held_orders + orders > cluster.order_room:
        cluster.paused += ORDERS_SHORT
    if held_parts + parts > cluster.part_room:
        cluster.paused += PARTS_SHORT
    return cluster.paused == 0


@kernel
def run_clusters(world, scratch, begin, end, last):
    """Run clusters `begin` to `end - 1` up to month `last`; return how many stopped for want of room.

    A cluster that lacks room stops after its groups were formed, marked as paused, and goes on from there once it has
    more: forming the groups again changes nothing.
    """
    short = 0
    for c in range(begin, end):
        cluster = world.clusters[c]
        while cluster.month < last or cluster.paused:
            if not cluster.paused:
                begin_month(world, scratch, c, cluster.month + 1)
            form_groups(world, scratch, c)  # S  R4
            if not has_room(world, scratch, c, cluster.month):
                short += 1
                break
            finish_month(world, scratch, c, cluster.month)
    return short
