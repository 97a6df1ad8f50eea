"""The month of the agents driver: the phases of ``klastersim.engine.month`` in the same order, and who acts them.

A test compares this list with the compiled month.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from klastersim.engine.applying import use_functions
from klastersim.engine.carrying import carry_alone, carry_together
from klastersim.engine.chain import divide_work, trade_between_stages
from klastersim.engine.contracting import answer_offers, offer_contracts
from klastersim.engine.deciding import adopt, decide
from klastersim.engine.delivering import deliver_orders, pay_orders
from klastersim.engine.employing import count_labour, employ
from klastersim.engine.grouping import form_groups
from klastersim.engine.happening import let_events_happen
from klastersim.engine.introducing import introduce_orders
from klastersim.engine.joint_bodies import keep_bodies
from klastersim.engine.learning import learn, update_ties
from klastersim.engine.measuring import measure, open_books, open_month
from klastersim.engine.month import has_room
from klastersim.engine.neighbours import feel_neighbours
from klastersim.engine.offering import take_orders
from klastersim.engine.purchasing import buy_together
from klastersim.engine.relating import forget, traders_forget
from klastersim.engine.renewing import renew
from klastersim.engine.specialising import learn_specialising, specialise
from klastersim.engine.supporting import count_social_cost, support
from klastersim.engine.trading import clear_market, trade


class Phase(NamedTuple):
    """One phase of the month.

    Attributes
    ----------
    kernel : callable
        What the array driver runs. The agents driver runs it too where nobody acts.
    actors : str
        Attribute of the model with the agents who act: "smes", "buyers", "traders"; empty for a settlement.
    method : str
        Their method.
    """

    kernel: Callable[..., Any]
    actors: str = ""
    method: str = ""


MONTH = (
    Phase(open_month),
    Phase(let_events_happen),
    Phase(feel_neighbours),
    Phase(renew),
    Phase(employ, "smes", "employ"),
    Phase(count_labour),
    Phase(support),
    Phase(decide, "smes", "choose"),
    Phase(adopt),
    Phase(specialise, "smes", "choose_stage"),
    Phase(form_groups),
    Phase(has_room),
    Phase(open_books),
    Phase(divide_work),
    Phase(carry_alone, "smes", "carry"),
    Phase(carry_together),
    Phase(deliver_orders),
    Phase(pay_orders),
    Phase(offer_contracts, "large_firms", "offer_contract"),
    Phase(answer_offers, "smes", "answer_offers"),
    Phase(introduce_orders),
    Phase(take_orders),
    Phase(buy_together),
    Phase(clear_market),
    Phase(trade_between_stages),
    Phase(trade, "smes", "trade"),
    Phase(use_functions, "smes", "use_functions"),
    Phase(learn, "smes", "learn"),
    Phase(learn_specialising, "smes", "learn_specialising"),
    Phase(update_ties, "smes", "update_ties"),
    Phase(keep_bodies),
    Phase(forget, "buyers", "forget"),
    Phase(traders_forget, "traders", "forget_large_firms"),
    Phase(count_social_cost),
    Phase(measure),
)
