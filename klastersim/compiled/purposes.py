"""What random numbers are drawn for.

The number of a purpose is part of the key of every draw made for it (:mod:`klastersim.compiled.chance`).
"""

from __future__ import annotations

from enum import IntEnum, unique
from typing import Final


@unique
class Purpose(IntEnum):
    """What a random number is drawn for, 0 to 65535.

    Never renumber and never reuse a number: stored results depend on it. A new purpose takes a new number.
    """

    OPEN_WORKERS = 1
    OPEN_QUALITY = 2
    OPEN_CAPITAL = 3
    OPEN_TYPE = 4
    OPEN_TIE = 5
    OPEN_TRUST = 6
    OPEN_THRESHOLD = 7
    OPEN_HOLD = 8
    OPEN_COOPERATE = 9
    RECONSIDER = 32
    ORDER_COUNT = 64
    ORDER_ARRIVAL = 65
    ORDER_SIZE = 66
    ORDER_OFFER = 67
    DELIVERY = 68
    PURCHASE = 96
    PROGRAMME_PICK = 128
    PROGRAMME_INTRODUCE = 129
    CONTRACT = 192
    OPEN_BUYER = 193
    PROGRAMME_AGENCIES = 130
    PROGRAMME_CAPTURE = 131
    PROGRAMME_SEAT = 132
    EVENT_FORUM = 176
    EVENT_BUYER = 177
    OPEN_LIFE = 160
    EXIT = 163
    ENTRY = 161
    SUSPENSION = 162
    APPRENTICE = 164
    OPEN_SOCIAL = 240
    SPECIALISE = 224
    TRADE_DELIVERY = 225
    TRADE_CHOICE = 226
    TRADE_TURN = 227
    OPEN_STAGE = 228
    OPEN_MACHINE = 370
    OWN_SAMPLE = 371
    SEED = 65535


# Kernels read these: numba freezes a plain integer into the code.
OPEN_WORKERS: Final = int(Purpose.OPEN_WORKERS)
OPEN_QUALITY: Final = int(Purpose.OPEN_QUALITY)
OPEN_CAPITAL: Final = int(Purpose.OPEN_CAPITAL)
OPEN_TYPE: Final = int(Purpose.OPEN_TYPE)
OPEN_TIE: Final = int(Purpose.OPEN_TIE)
OPEN_TRUST: Final = int(Purpose.OPEN_TRUST)
OPEN_THRESHOLD: Final = int(Purpose.OPEN_THRESHOLD)
OPEN_HOLD: Final = int(Purpose.OPEN_HOLD)
OPEN_COOPERATE: Final = int(Purpose.OPEN_COOPERATE)
RECONSIDER: Final = int(Purpose.RECONSIDER)
ORDER_COUNT: Final = int(Purpose.ORDER_COUNT)
ORDER_ARRIVAL: Final = int(Purpose.ORDER_ARRIVAL)
ORDER_SIZE: Final = int(Purpose.ORDER_SIZE)
ORDER_OFFER: Final = int(Purpose.ORDER_OFFER)
DELIVERY: Final = int(Purpose.DELIVERY)
PURCHASE: Final = int(Purpose.PURCHASE)
PROGRAMME_PICK: Final = int(Purpose.PROGRAMME_PICK)
PROGRAMME_INTRODUCE: Final = int(Purpose.PROGRAMME_INTRODUCE)
CONTRACT: Final = int(Purpose.CONTRACT)
OPEN_BUYER: Final = int(Purpose.OPEN_BUYER)
PROGRAMME_AGENCIES: Final = int(Purpose.PROGRAMME_AGENCIES)
PROGRAMME_CAPTURE: Final = int(Purpose.PROGRAMME_CAPTURE)
PROGRAMME_SEAT: Final = int(Purpose.PROGRAMME_SEAT)
EVENT_FORUM: Final = int(Purpose.EVENT_FORUM)
EVENT_BUYER: Final = int(Purpose.EVENT_BUYER)
OPEN_LIFE: Final = int(Purpose.OPEN_LIFE)
EXIT: Final = int(Purpose.EXIT)
ENTRY: Final = int(Purpose.ENTRY)
SUSPENSION: Final = int(Purpose.SUSPENSION)
APPRENTICE: Final = int(Purpose.APPRENTICE)
OPEN_SOCIAL: Final = int(Purpose.OPEN_SOCIAL)
SPECIALISE: Final = int(Purpose.SPECIALISE)
TRADE_DELIVERY: Final = int(Purpose.TRADE_DELIVERY)
TRADE_CHOICE: Final = int(Purpose.TRADE_CHOICE)
TRADE_TURN: Final = int(Purpose.TRADE_TURN)
OPEN_STAGE: Final = int(Purpose.OPEN_STAGE)
OPEN_MACHINE: Final = int(Purpose.OPEN_MACHINE)
OWN_SAMPLE: Final = int(Purpose.OWN_SAMPLE)
SEED: Final = int(Purpose.SEED)
