"""External economies: what neighbours spare each other without doing anything."""

from __future__ import annotations

from klastersim.scenario.declaration import Parameter
from klastersim.scenario.parameters.entry import entry, switch

EXTERNAL: tuple[Parameter, ...] = (
    switch(
        "external.enabled",
        False,
        "External economies",
        "Ekonomi eksternal",
        "Off: inputs cost the same however many firms are there.",
        "Mati: harga bahan baku tidak bergantung pada banyaknya usaha di tempat itu.",
    ),
    entry(
        "external.ceiling",
        0.05,
        "share",
        "Most that neighbours spare",
        "Penghematan terbesar berkat tetangga",
        "Share of the cost of inputs that a firm among very many of its trade is spared.",
        "Bagian biaya bahan baku yang dihemat usaha di tengah sangat banyak usaha sejenis.",
        "A",
        "assumption: twice what joint purchase saves (S32); direction S4, S12, S20",
        low=0,
        high=0.9,
        range=(0.01, 0.15),
    ),
    entry(
        "external.half_way",
        20.0,
        "firms",
        "Neighbours for half of it",
        "Tetangga untuk separuhnya",
        "Other firms that bring half of what neighbours can spare.",
        "Banyaknya usaha lain yang mendatangkan separuh penghematan itu.",
        "A",
        "assumption: the firms that official statistics ask of a cluster (S5)",
        low=0.01,
        high=1e6,
        range=(5, 100),
    ),
)
