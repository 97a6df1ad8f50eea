"""Ties and thresholds that a user brings in CSV files."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from klastersim.errors import InputError
from klastersim.scenario import Scenario


def _rows(scenario: Scenario, key: str, needed: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (where, row) for each line of the CSV file that a parameter names."""
    path = Path(scenario[key])
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            header = reader.fieldnames or []
            missing = [name for name in needed if name not in header]
            if missing:
                raise InputError(
                    where=str(path),
                    key=key,
                    found=",".join(header),
                    allowed=f"a table with the columns {', '.join(needed)}",
                    remedy=f"Add the column {missing[0]} to the first line.",
                )
            for row in reader:
                yield f"{path}, line {reader.line_num}", row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(where=str(path), key=key, problem=f"cannot be read as CSV: {error}") from error


def _site(where: str, column: str, text: str | None, firms: int) -> int:
    try:
        site = int(text or "")
    except ValueError:
        site = -1
    if not 0 <= site < firms:
        raise InputError(where=where, key=column, found=text, allowed=f"a whole number from 0 to {firms - 1}")
    return site


def _number(where: str, column: str, text: str | None, low: float, high: float) -> float:
    try:
        value = float(text or "")
    except ValueError:
        value = math.nan
    if not (low <= value <= high) or math.isinf(value):
        raise InputError(where=where, key=column, found=text, allowed=f"a number from {low:g} to {high:g}")
    return value


def read_ties(scenario: Scenario, firms: int) -> tuple[np.ndarray, np.ndarray]:
    """Read ``ties.file``.

    Returns
    -------
    tuple of ndarray
        Codes ``lower * firms + upper``, ascending, and trust of each tie (-1 where the file gives none).

    Raises
    ------
    InputError
        Where a firm does not exist, is tied to itself, a pair stands twice, or trust is not from 0 to 1.
    """
    trust: dict[int, float] = {}
    for where, row in _rows(scenario, "ties.file", ("firm", "partner")):
        a = _site(where, "firm", row["firm"], firms)
        b = _site(where, "partner", row["partner"], firms)
        code = min(a, b) * firms + max(a, b)
        if a == b:
            raise InputError(where=where, key="partner", found=b, allowed="another firm", remedy="Remove the line.")
        if code in trust:
            raise InputError(
                where=where,
                key="partner",
                found=b,
                allowed=f"a new partner of firm {a}",
                remedy="Remove the second line.",
            )
        given = row.get("trust")
        trust[code] = _number(where, "trust", given, 0.0, 1.0) if given else -1.0
    codes = np.array(sorted(trust), np.int64)
    return codes, np.array([trust[code] for code in codes.tolist()], np.float64)


def read_thresholds(scenario: Scenario, firms: int) -> np.ndarray:
    """Read ``decision.threshold_file``: one threshold for every firm, shape (firms,)."""
    values = np.full(firms, np.nan)
    for where, row in _rows(scenario, "decision.threshold_file", ("firm", "threshold")):
        site = _site(where, "firm", row["firm"], firms)
        if not np.isnan(values[site]):
            raise InputError(where=where, key="firm", found=site, allowed="a firm not yet named")
        values[site] = _number(where, "threshold", row["threshold"], -1e12, 1e12)
    missing = np.flatnonzero(np.isnan(values))
    if len(missing):
        raise InputError(
            where=scenario["decision.threshold_file"],
            key="decision.threshold_file",
            problem=f"gives no threshold for firm {missing[0]} ({len(missing)} missing)",
            remedy=f"Give one line for each of the {firms} firms.",
        )
    return values
