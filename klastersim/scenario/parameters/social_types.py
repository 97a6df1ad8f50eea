"""Social types of owners beside conditional cooperators and free riders."""

from __future__ import annotations

from klastersim.scenario.declaration import Parameter
from klastersim.scenario.parameters.entry import entry

TYPES: tuple[Parameter, ...] = (
    entry(
        "types.kinds",
        "two",
        "",
        "Social types",
        "Tipe sosial",
        "Conditional cooperators and free riders alone, or hump-shaped cooperators and others too.",
        "Hanya yang mau bila orang lain mau dan penumpang gratis (two), atau juga yang ikut sampai batas tertentu "
        "dan yang lain (four).",
        "A",
        "assumption: the two that are common",
        choices=("two", "four"),
        kind="setting",
    ),
    entry(
        "types.hump",
        0.14,
        "share",
        "Hump-shaped cooperators",
        "Ikut sampai batas",
        "Share of owners whom company draws up to a point and puts off beyond it, where there are four types.",
        "Proporsi pemilik yang tertarik oleh kebersamaan sampai batas tertentu dan sesudahnya mundur, bila ada empat "
        "tipe.",
        "V",
        "S34; students, vary by 15 points",
        low=0,
        high=1,
        range=(0, 0.29),
    ),
    entry(
        "types.other",
        0.03,
        "share",
        "Others",
        "Tipe lain",
        "Share of owners who follow neither gain nor people and choose at even odds, where there are four types.",
        "Proporsi pemilik yang tidak mengikuti keuntungan ataupun orang lain dan memilih dengan peluang setengah, bila "
        "ada empat tipe.",
        "V",
        "S34, what the other types leave; students, vary by 15 points",
        low=0,
        high=1,
        range=(0, 0.18),
    ),
    entry(
        "types.peak",
        0.5,
        "share",
        "Peak of the hump",
        "Puncak minat",
        "Trust-weighted share of cooperating partners that draws a hump-shaped cooperator most.",
        "Proporsi mitra yang bekerja sama, ditimbang dengan kepercayaan, yang paling menarik bagi pemilik yang ikut "
        "sampai batas.",
        "M",
        "Fischbacher, Gaechter and Fehr 2001: the mean of this type rises to about half of the most that can be given",
        low=0,
        high=1,
        range=(0.3, 0.7),
    ),
)
