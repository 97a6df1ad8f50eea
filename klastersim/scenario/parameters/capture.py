"""What larger members of a group draw to themselves."""

from __future__ import annotations

from klastersim.scenario.declaration import Parameter
from klastersim.scenario.parameters.entry import entry, switch

CAPTURE: tuple[Parameter, ...] = (
    switch(
        "capture.enabled",
        False,
        "Capture by larger members",
        "Penguasaan oleh anggota besar",
        "Off: each member has the gain of its own part of a joint order.",
        "Mati: setiap anggota menerima keuntungan dari bagiannya sendiri dalam pesanan bersama.",
    ),
    entry(
        "capture.share",
        0.2,
        "share",
        "Gains shared by size",
        "Laba dibagi menurut besarnya usaha",
        "Part of the gains of a group's order that is shared out by size of the members instead of by what each made.",
        "Bagian laba pesanan kelompok yang dibagi menurut besarnya anggota, bukan menurut hasil kerja masing-masing.",
        "A",
        "assumption: a fifth; direction S40",
        low=0,
        high=1,
        range=(0, 0.5),
    ),
)
