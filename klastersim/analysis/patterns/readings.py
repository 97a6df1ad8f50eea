"""What the findings mean, pattern by pattern: words without numbers, which the page puts above the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

READINGS: Final[Mapping[int, str]] = {}
