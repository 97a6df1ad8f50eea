"""Clusters to start from: the default sentra and four clusters with a single gap each."""

from __future__ import annotations

from klastersim.scenario.declaration import Preset

#: A cluster without a gap; each gap preset lowers one of these, opening and base alike.
GOOD = {"ties.trust": 0.7, "cluster.quality": 0.7, "market.linkage": 0.1, "finance.working_capital": 3.0}

LOW = {"ties.trust": 0.3, "cluster.quality": 0.3, "market.linkage": 0.002, "finance.working_capital": 0.3}


def _gap(name: str, key: str, title: str, title_id: str) -> Preset:
    return Preset(name=name, title=title, title_id=title_id, changes={**GOOD, key: LOW[key]})


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            name="sentra",
            title="An evidence-based sentra",
            title_id="Sentra berbasis bukti",
            changes={},
        ),
        _gap("gap-trust", "ties.trust", "Lacks only trust", "Hanya kurang kepercayaan"),
        _gap("gap-skill", "cluster.quality", "Lacks only skill", "Hanya kurang keterampilan"),
        _gap("gap-market", "market.linkage", "Lacks only buyers", "Hanya kurang pembeli"),
        _gap("gap-capital", "finance.working_capital", "Lacks only working capital", "Hanya kurang modal kerja"),
    )
}
