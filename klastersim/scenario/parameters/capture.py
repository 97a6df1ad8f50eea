"""What larger members of a group draw to themselves."""

from __future__ import annotations

from klastersim.scenario.declaration import Parameter
from klastersim.scenario.parameters.entry import entry

CAPTURE: tuple[Parameter, ...] = (
    entry(
        "groups.capture",
        0.0,
        "share",
        "Capture by larger members",
        "Penguasaan oleh anggota besar",
        "Part of the gains of a joint order that is shared out by size of the members instead of by what each made; "
        "at 0 each has its own.",
        "Bagian keuntungan pesanan bersama yang dibagi menurut besarnya anggota, bukan menurut hasil kerja "
        "masing-masing; pada 0 setiap anggota menerima bagiannya sendiri.",
        "A",
        "assumption: none, until its size is known; direction S40",
        low=0,
        high=1,
        range=(0, 0.5),
    ),
)
