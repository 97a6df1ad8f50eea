"""What buyers remember."""

from __future__ import annotations

from klastersim.scenario.declaration import Parameter
from klastersim.scenario.parameters.entry import entry, switch

RELATIONS: tuple[Parameter, ...] = (
    switch(
        "relations.enabled",
        True,
        "Buyers remember",
        "Pembeli ingat",
        "Off: relations stay at their base.",
        "Mati: hubungan dengan pembeli tetap pada tingkat dasarnya.",
    ),
    entry(
        "relations.rise",
        0.1,
        "share of the way",
        "Relation gained",
        "Hubungan naik",
        "How far a relation moves to 1 after a successful order.",
        "Seberapa jauh hubungan naik menuju 1 setelah pesanan yang berhasil.",
        "A",
        "assumption; direction S30",
        low=0,
        high=1,
        range=(0.05, 0.3),
    ),
    entry(
        "relations.fall",
        0.3,
        "share",
        "Relation lost",
        "Hubungan turun",
        "Share of a relation lost after a failed order.",
        "Bagian hubungan yang hilang setelah pesanan yang gagal.",
        "A",
        "assumption: more than is gained",
        low=0,
        high=1,
        range=(0.1, 0.6),
    ),
    entry(
        "relations.decay",
        0.03,
        "a month",
        "Decay",
        "Peluruhan",
        "Share of the distance to its base that an unused relation loses a month.",
        "Bagian jarak ke tingkat dasarnya yang hilang tiap bulan dari hubungan yang tidak dipakai.",
        "A",
        "assumption: half-life of 23 months",
        low=0,
        high=1,
        range=(0.01, 0.06),
    ),
)
