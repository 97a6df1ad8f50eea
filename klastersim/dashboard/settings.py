"""What the command line told the server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Settings:
    """Language that a page begins with, and whether others can open it."""

    language: str = "id"
    open_to_others: bool = False


SETTINGS = Settings()
