"""Joint purchase of inputs."""

from __future__ import annotations

from klastersim.scenario.declaration import Parameter
from klastersim.scenario.parameters.entry import entry, switch

PURCHASE: tuple[Parameter, ...] = (
    switch(
        "purchase.enabled",
        True,
        "Joint purchase",
        "Pembelian bersama",
        "Off: no group buys inputs together.",
        "Mati: tidak ada kelompok yang membeli bahan baku bersama.",
    ),
    entry(
        "purchase.ceiling",
        0.025,
        "share of price",
        "Largest saving",
        "Penghematan terbesar",
        "Saving on inputs that a very large group reaches, net of storage.",
        "Penghematan bahan baku yang dicapai kelompok sangat besar, setelah dikurangi biaya penyimpanan.",
        "V",
        "S32 (2.6 % gross)",
        low=0,
        high=1,
        range=(0.01, 0.08),
    ),
    entry(
        "purchase.half_way",
        60.0,
        "worker-months a month",
        "Half-way capacity",
        "Kapasitas setengah jalan",
        "Group capacity at which half of the largest saving is reached.",
        "Kapasitas kelompok saat setengah dari penghematan terbesar tercapai.",
        "A",
        "assumption: ten mean workshops",
        low=0.001,
        high=1e9,
        range=(20, 200),
    ),
    entry(
        "purchase.handling_days",
        0.25,
        "days a month",
        "Handling time",
        "Waktu penanganan",
        "Owner's days a month for taking part in a purchase, at the wage.",
        "Hari kerja pemilik per bulan untuk ikut pembelian bersama, dinilai dengan upah.",
        "A",
        "assumption: a trip to the store",
        low=0,
        high=25,
        range=(0.1, 1),
    ),
    entry(
        "purchase.waiting",
        0.005,
        "share of price",
        "Waiting cost",
        "Biaya menunggu",
        "Cost of waiting for the common delivery, share of the input bill.",
        "Biaya menunggu pengiriman bersama, sebagai bagian dari belanja bahan baku.",
        "A",
        "assumption: ten days at the bank rate",
        low=0,
        high=1,
        range=(0, 0.02),
    ),
)
