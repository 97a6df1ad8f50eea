"""Joint bodies (koperasi, KUB): how long they lie dormant, and how their failure is remembered."""

from __future__ import annotations

from klastersim.scenario.declaration import Parameter
from klastersim.scenario.parameters.entry import entry, switch

BODIES: tuple[Parameter, ...] = (
    switch(
        "bodies.enabled",
        False,
        "Joint bodies",
        "Badan bersama",
        "Off: groups that act found no body, so none can own a machine, lie dormant, fail or be remembered.",
        "Mati: kelompok yang beraksi tidak mendirikan badan; tak ada yang memiliki mesin, tidur, gagal, atau diingat.",
    ),
    entry(
        "bodies.patience",
        60,
        "months",
        "Time before dissolution",
        "Waktu sebelum pembubaran",
        "Months without a joint transaction after which a body is dissolved.",
        "Lama tanpa transaksi bersama sebelum suatu badan dibubarkan.",
        "A",
        "assumption: the law allows it after two years, mass dissolutions (S37) show that many lay longer",
        low=1,
        high=1200,
        range=(24, 120),
    ),
    entry(
        "bodies.memory",
        0.2,
        "0 to 1",
        "Memory of a failed body",
        "Ingatan akan badan yang gagal",
        "Trust that a tie between two members of a dissolved body starts lower.",
        "Turunnya kepercayaan awal antara dua anggota badan yang dibubarkan.",
        "A",
        "assumption: direction V in S14",
        low=0,
        high=1,
        range=(0.1, 0.4),
    ),
    entry(
        "bodies.half_life",
        5.0,
        "years",
        "Half-life of that memory",
        "Waktu paruh ingatan itu",
        "Years after which half of the memory of a failed body has faded.",
        "Lama sampai separuh ingatan akan badan yang gagal memudar.",
        "A",
        "assumption: direction V in S14",
        low=0.01,
        high=1000,
        range=(2, 10),
    ),
)
