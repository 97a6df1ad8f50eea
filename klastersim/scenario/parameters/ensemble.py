"""Whether every seed plays another sentra."""

from __future__ import annotations

from klastersim.scenario.declaration import Parameter
from klastersim.scenario.parameters.entry import entry

ENSEMBLE: tuple[Parameter, ...] = (
    entry(
        "ensemble.unequal",
        False,
        "",
        "Unequal sentra",
        "Sentra yang beragam",
        "Each seed draws a sentra of its own: what places differ in comes from the ranges that the evidence leaves "
        "open; what a scenario says itself is held.",
        "Tiap benih acak mengundi sentra tersendiri: hal yang berbeda antartempat diambil dari rentang yang dibuka "
        "oleh bukti; nilai yang disebut dalam skenario tetap dipakai.",
        "A",
        "assumption: one sentra unless asked",
        kind="setting",
    ),
    entry(
        "ensemble.held",
        "",
        "",
        "Held",
        "Tidak diundi",
        "Keys, with commas between them, that are not drawn; what a scenario sets itself is entered here.",
        "Kunci parameter, dipisahkan koma, yang tidak diundi; yang disebut dalam skenario dicatat di sini.",
        "A",
        "assumption: none",
        kind="setting",
    ),
)
