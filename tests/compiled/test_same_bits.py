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

#: Every golden case run anew, and the processor that its code was compiled for.
GOLDEN = """
import json
from numba.core.registry import cpu_target
from tests.golden.cases import CASES
from tests.golden.test_golden import digest_of_case
print(json.dumps([cpu_target.target_context.codegen().magic_tuple(), {name: digest_of_case(name) for name in CASES}]))
"""


def plain(cache):
    """Environment of a processor without AVX2 and FMA, for the C library and for numba."""
    return {
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA",
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
        "NUMBA_DISABLE_JIT": "0",
        "KLASTERSIM_CACHE": str(cache),
    }


def told(arguments, environment):
    """What a new process prints, read as JSON."""
    finished = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def hashes(how, **environment):
    return told([str(HERE / "fingerprints.py"), how], environment)


@pytest.fixture(scope="module")
def expected():
    return hashes("called", NUMBA_DISABLE_JIT="0")


def test_a_call_inlined_in_a_kernel_gives_the_same_bits(expected):
    assert hashes("inlined", NUMBA_DISABLE_JIT="0") == expected


def test_the_interpreted_functions_give_the_same_bits_and_no_warning(expected):
    assert hashes("inlined", NUMBA_DISABLE_JIT="1") == expected


def test_a_processor_without_avx2_and_fma_gives_the_same_bits(expected, tmp_path):
    assert hashes("inlined", **plain(tmp_path)) == expected


@pytest.mark.slow
def test_whole_runs_have_the_golden_digests_on_a_processor_without_avx2_and_fma(tmp_path):
    """Compiled anew for it. Nothing is warned of as an error: libraries give notice of changes to others."""
    (_, processor, features), digests = told(["-W", "default", "-c", GOLDEN], plain(tmp_path))
    assert (processor, features) == ("generic", "")
    assert digests == json.loads((ROOT / "tests" / "golden" / "digests.json").read_text(encoding="utf-8"))
