"""Machines that a programme helps to buy."""

from __future__ import annotations

from klastersim.scenario.declaration import Parameter
from klastersim.scenario.parameters.entry import entry

EQUIPMENT: tuple[Parameter, ...] = (
    entry(
        "mix.equipment",
        0.0,
        "parts",
        "Equipment",
        "Peralatan",
        "Part of the budget for machines; needs functions.enabled, and bodies.enabled for machines of groups.",
        "Bagian anggaran untuk mesin; perlu functions.enabled, dan bodies.enabled untuk mesin kelompok.",
        "A",
        "assumption: nothing, as machines are in the model only where functions are",
        low=0,
        high=1e6,
        kind="lever",
    ),
    entry(
        "programme.equipment_share",
        0.5,
        "share",
        "Public part of a machine",
        "Bagian publik harga mesin",
        "Part of a machine's price that the programme pays; with programme.path = declining it falls in equal yearly "
        "steps.",
        "Bagian harga mesin yang dibayar program; bila programme.path menurun (declining), bagian ini turun bertahap "
        "tiap tahun.",
        "V",
        "S28: groups are co-funded up to half",
        low=0,
        high=1,
        range=(0.25, 1),
        kind="lever",
    ),
    entry(
        "prices.equipment",
        0.5,
        "Rp million",
        "Choosing and installing a machine",
        "Memilih dan memasang mesin",
        "Technician for each machine, besides travel and the machine.",
        "Biaya teknisi untuk setiap mesin, di luar perjalanan dan mesinnya.",
        "A",
        "assumption: a technical unit's engineer for five days",
        low=0,
        high=1e6,
        range=(0.1, 3),
    ),
)
