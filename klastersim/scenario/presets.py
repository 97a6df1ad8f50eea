"""Clusters to start from: the default sentra, with a gap each, documented ones of Java, unequal ones, the whole model.

What is known of the documented ones, and what no parameter can hold yet, stands in ``docs/evidence.md``. They were
committed before any of them was run.
"""

from __future__ import annotations

from collections.abc import Mapping

from klastersim.scenario.declaration import Evidence, Preset, Value
from klastersim.scenario.parameters import PARAMETERS
from klastersim.scenario.sizes import MICRO, SMALL, shares_at
from klastersim.scenario.whole import WHOLE

#: A value, its grade and its source.
Known = tuple[Value, str, str]

_DEFAULTS = {declared.key: declared.default for declared in PARAMETERS}

#: A cluster without a gap, and the low value of each, opening and base alike.
GOOD: Mapping[str, Known] = {
    "ties.trust": (0.7, "A", "assumption: well above what working together takes"),
    "cluster.quality": (0.7, "A", "assumption: nearly all meet the quality of a mean order"),
    "market.linkage": (0.1, "A", "assumption: nearly every order reaches some firm of 50"),
    "finance.working_capital": (3.0, "A", "assumption: twice the default"),
}

LOW: Mapping[str, Known] = {
    "ties.trust": (0.3, "A", "assumption: well below what working together takes"),
    "cluster.quality": (0.3, "A", "assumption: hardly any firm meets the quality of a mean order"),
    "market.linkage": (0.002, "A", "assumption: one order in ten reaches some firm of 50"),
    "finance.working_capital": (0.3, "A", "assumption: a fifth of the default"),
}


def _preset(name: str, title: str, title_id: str, known: Mapping[str, Known]) -> Preset:
    return Preset(
        name=name,
        title=title,
        title_id=title_id,
        changes={key: value for key, (value, _, _) in known.items()},
        evidence={key: Evidence(grade, source) for key, (_, grade, source) in known.items()},
    )


def _gap(name: str, key: str, title: str, title_id: str) -> Preset:
    return _preset(name, title, title_id, {**GOOD, key: LOW[key]})


def _sizes(mean: float, grade: str, source: str) -> dict[str, Known]:
    """Workers per firm, and shares of the size classes with that mean."""
    reason = (
        "assumption: micro to small firms as in the default, and medium ones so that the mean is that of the source"
    )
    shares = {key: (share, "A", reason) for key, share in shares_at(mean).items()}
    return {"cluster.workers": (round(mean, 2), grade, source), **shares}


def _opportunity(firms: int, mean: float) -> dict[str, Known]:
    """As many potential orders for each worker as in the default cluster."""
    workers = float(_DEFAULTS["cluster.firms"]) * float(_DEFAULTS["cluster.workers"])
    orders = round(float(_DEFAULTS["market.potential"]) * firms * mean / workers, 1)
    return {"market.potential": (orders, "A", "assumption: as many for each worker as in the default cluster")}


def _documented(name: str, title: str, title_id: str, firms: Known, mean: Known, more: Mapping[str, Known]) -> Preset:
    count, workers = int(firms[0]), float(mean[0])
    known = {"cluster.firms": firms, **_sizes(workers, *mean[1:]), **_opportunity(count, workers), **more}
    return _preset(name, title, title_id, known)


JEPARA = _documented(
    "jepara",
    "Jepara, furniture, late 2000s",
    "Jepara, mebel, akhir 2000-an",
    firms=(12_000, "V", "S8: about 12,000 workshops, late 2000s; S9 counts 3,000 firms in the late 1990s"),
    mean=(120_000 / 12_000, "D", "S8: 120,000 workers / about 12,000 workshops"),
    more={},
)

CEPER = _documented(
    "ceper",
    "Ceper, metal casting, 2009",
    "Ceper, cor logam, 2009",
    firms=(295, "V", "S10: 295 firms"),
    mean=(4_872 / 295, "D", "S10: 4,872 workers / 295 firms"),
    more={},
)

CIBADUYUT = _documented(
    "cibaduyut",
    "Cibaduyut, shoes, 1997",
    "Cibaduyut, sepatu, 1997",
    firms=(986, "V", "S7: 986 firms, 1997"),
    mean=(6_300 / 986, "D", "S7: about 6,300 shoemakers / 986 firms"),
    more={
        "market.trader_share": (
            0.8,
            "A",
            "assumption: upper end of the range; direction S7: visiting retailers bought",
        ),
    },
)

TEGAL = _documented(
    "tegal",
    "Tegal, metal, 2010",
    "Tegal, logam, 2010",
    firms=(7_541, "V", "S6: 7,541 firms, 2010"),
    mean=(36_200 / 7_541, "D", "S6: 36,200 workers / 7,541 firms"),
    more={},
)

SERENAN = _preset(
    "serenan",
    "Serenan, furniture, after a cooperative that failed",
    "Serenan, mebel, setelah koperasi yang gagal",
    {
        **_sizes(120_000 / 12_000, "A", "assumption: as in the furniture of Jepara (S8)"),
        **_opportunity(int(_DEFAULTS["cluster.firms"]), 120_000 / 12_000),
        "ties.trust": (
            float(_DEFAULTS["ties.trust"]) - 0.2,
            "A",
            "assumption: the memory of a failed joint body lowers trust by 0.2, opening and base alike; direction S14",
        ),
    },
)

BAMBOO = _preset(
    "bamboo",
    "Bamboo plaiting, Central Java, for a local market",
    "Anyaman bambu, Jawa Tengah, untuk pasar setempat",
    {
        "cluster.micro_share": (0.9, "A", "assumption: upper end of the range; work of households"),
        "cluster.small_share": (0.1, "A", "assumption: what the micro firms leave; no medium firm"),
        "cluster.workers": (0.9 * MICRO + 0.1 * SMALL, "A", "assumption: mean of these size classes"),
        "market.potential": (0.25, "A", "assumption: lower end of the range; direction S5: the target market is local"),
    },
)

ENSEMBLE = _preset(
    "ensemble",
    "Unequal sentra, another one for every seed",
    "Sentra yang beragam, satu untuk tiap benih acak",
    {"ensemble.unequal": (True, "A", "assumption: places differ by as much as the evidence leaves open")},
)

PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        _preset("sentra", "An evidence-based sentra", "Sentra berbasis bukti", {}),
        _gap("gap-trust", "ties.trust", "Lacks only trust", "Hanya kurang kepercayaan"),
        _gap("gap-skill", "cluster.quality", "Lacks only skill", "Hanya kurang keterampilan"),
        _gap("gap-market", "market.linkage", "Lacks only buyers", "Hanya kurang pembeli"),
        _gap("gap-capital", "finance.working_capital", "Lacks only working capital", "Hanya kurang modal kerja"),
        JEPARA,
        CEPER,
        CIBADUYUT,
        TEGAL,
        SERENAN,
        BAMBOO,
        ENSEMBLE,
        _preset(
            "whole",
            "A sentra with every mechanism",
            "Sentra dengan semua mekanisme",
            {key: (value, "A", "assumption: every mechanism of the model is on") for key, value in WHOLE.items()},
        ),
    )
}
