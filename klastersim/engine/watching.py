"""What partners show each other of the month, as R3 and R11 learn from it."""

from __future__ import annotations

from klastersim.compiled import inner


@inner
def show(shown, i, does, gain):
    """Put where partners look what a firm gained by what it does: 0 for who does not do it."""
    shown[0, i] = gain if does else 0.0
    shown[1, i] = 1.0 if does else 0.0


@inner
def seen_gain(links, shown, firm):
    """Return (mean gain this month of the partners who do it, whether any does) as a firm sees it."""
    total = 0.0
    count = 0.0
    for k in range(firm.first_link, firm.first_link + firm.links):
        total += shown[0, links[k].partner]
        count += shown[1, links[k].partner]
    return (total / count if count > 0.0 else 0.0), count > 0.0
