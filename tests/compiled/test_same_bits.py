"""One function, one result: called from Python, inlined, interpreted, and on a processor without AVX2 and FMA."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def hashes(how, **environment):
    finished = subprocess.run(
        [sys.executable, "-W", "error", str(HERE / "fingerprints.py"), how],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


@pytest.fixture(scope="module")
def expected():
    return hashes("called", NUMBA_DISABLE_JIT="0")


def test_a_call_inlined_in_a_kernel_gives_the_same_bits(expected):
    assert hashes("inlined", NUMBA_DISABLE_JIT="0") == expected


def test_the_interpreted_functions_give_the_same_bits_and_no_warning(expected):
    assert hashes("inlined", NUMBA_DISABLE_JIT="1") == expected


def test_a_processor_without_avx2_and_fma_gives_the_same_bits(expected, tmp_path):
    plain = {
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA",
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
        "NUMBA_DISABLE_JIT": "0",
        "KLASTERSIM_CACHE": str(tmp_path),
    }
    assert hashes("inlined", **plain) == expected
