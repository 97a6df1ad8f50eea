"""Numbers stay what they were: a change that moves a digest needs a line "Results change:" in CHANGELOG.md.

After such a change, write the new digests with ``python -m tests.golden.test_golden``.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from klastersim import simulate
from tests.golden.cases import CASES, scenario_of

DIGESTS = Path(__file__).with_name("digests.json")


def digest_of_case(name: str) -> str:
    _, _, months, seed = CASES[name]
    return simulate(scenario_of(name), months, seed).digest


@pytest.mark.parametrize("name", CASES)
def test_digest_is_what_it_was(name):
    assert digest_of_case(name) == json.loads(DIGESTS.read_text(encoding="utf-8"))[name]


def test_no_digest_is_left_over():
    assert set(json.loads(DIGESTS.read_text(encoding="utf-8"))) == set(CASES)


if __name__ == "__main__":
    digests = {name: digest_of_case(name) for name in CASES}
    DIGESTS.write_text(json.dumps(digests, indent=2) + "\n", encoding="utf-8")
