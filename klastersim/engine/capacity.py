"""R6 over arrays: what a firm can make in a month."""

from __future__ import annotations

from klastersim.compiled import inner
from klastersim.rules.functions import output_of


@inner
def capacity_of(p, firm):
    """Output that a firm's workers can make in a month with its technology, machine and partners, worker-months."""
    return output_of(firm.workers, p.functions_technology_gain, firm.technology, firm.mechanised + firm.division)
