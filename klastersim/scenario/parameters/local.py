"""The local market: price, demand, inputs and wages."""

from __future__ import annotations

from klastersim.data import deflator
from klastersim.scenario.declaration import Parameter
from klastersim.scenario.parameters.entry import entry

#: Turnover of a Cibaduyut workshop in 1997 (S7: Rp 46 billion over 986 firms of 6,300 workers), Rp million a year.
TURNOVER_1997 = 46_000.0 / 986.0
WORKERS_1997 = 6_300.0 / 986.0

#: Output price that this turnover implies, Rp million of 2010 a worker-month.
PRICE = round(TURNOVER_1997 / WORKERS_1997 / 12.0 * deflator(1997), 3)

LOCAL: tuple[Parameter, ...] = (
    entry(
        "local.price",
        PRICE,
        "Rp million a worker-month",
        "Local price",
        "Harga lokal",
        "Price of output on the local market at the opening.",
        "Harga hasil kerja di pasar lokal pada keadaan awal.",
        "D",
        "S7 turnover per worker, consumer prices 1997 to 2010",
        low=0.001,
        high=1e6,
        range=(round(PRICE / 2, 3), round(PRICE * 2, 3)),
    ),
    entry(
        "local.elasticity",
        1.5,
        "",
        "Price elasticity",
        "Elastisitas harga",
        "Elasticity of the demand on the market where the cluster sells.",
        "Elastisitas permintaan di pasar tempat klaster menjual.",
        "A",
        "assumption: consumer goods",
        low=0.01,
        high=1e6,
        range=(1, 3),
    ),
    entry(
        "local.cluster_share",
        0.25,
        "share",
        "Cluster's market share",
        "Pangsa pasar klaster",
        "Share of the cluster in the supply of that market at the opening; 0 keeps the price constant.",
        "Bagian klaster dalam penawaran pasar itu pada keadaan awal; 0 membuat harga tetap.",
        "A",
        "assumption: others sell there too (visiting traders in S4, S7)",
        low=0,
        high=1,
        range=(0.05, 1),
    ),
    entry(
        "local.input_share",
        0.6,
        "share of price",
        "Inputs",
        "Bahan baku",
        "Inputs bought per unit of output, at the opening.",
        "Bahan baku yang dibeli untuk tiap satuan hasil, pada keadaan awal.",
        "A",
        "assumption: 45 to 75 % of turnover",
        low=0,
        high=1,
        range=(0.45, 0.75),
    ),
    entry(
        "local.wage",
        0.66,
        "Rp million a worker-month",
        "Wage",
        "Upah",
        "Wage per worker-month.",
        "Upah per orang-bulan.",
        "M",
        "provincial minimum wage of Central Java, 2010",
        low=0,
        high=1e6,
        range=(0.4, 0.9),
    ),
)
