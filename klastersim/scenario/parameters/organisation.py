"""Closed network or open cluster."""

from __future__ import annotations

from klastersim.scenario.declaration import Parameter
from klastersim.scenario.parameters.entry import entry

ORGANISATION: tuple[Parameter, ...] = (
    entry(
        "organisation.kind",
        "cluster",
        "",
        "Organisation",
        "Bentuk organisasi",
        "What the programme supports: an open cluster, or a closed network with fixed members that alone act together.",
        "Yang didukung: klaster terbuka (cluster), atau jaringan tertutup (network) beranggota tetap.",
        "A",
        "assumption: clusters are what the programmes are for (S3)",
        choices=("cluster", "network"),
        kind="lever",
    ),
    entry(
        "organisation.members",
        10,
        "firms",
        "Members of the network",
        "Anggota jaringan",
        "Members that a closed network has where the programme calls them together.",
        "Anggota jaringan tertutup bila program yang mengumpulkannya.",
        "A",
        "assumption: Chilean networks of at least five (S28), Australian of three and more (S29)",
        low=2,
        high=1_000_000,
        range=(5, 20),
        kind="lever",
    ),
)
