"""What @rule and @kernel promise."""

from __future__ import annotations

import math
import os
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest
from numba import config
from numba.core.errors import TypingError

from klastersim.compiled import beta_quantile, exp, inner, kernel, rule

compiler_on = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="the compiler is off")


@rule("f8(f8, f8)")
def ratio(above, below):
    return above / below


@rule("f8(f8)")
def third(x):
    return x / 3


@rule("UniTuple(f8, 2)(f8, b1)")
def turned(x, turn):
    return (-x, 1.0) if turn else (x, 0.0)


@kernel
def ratio_of_integers(above, below):
    return ratio(above, below)


@inner
def _sum_from(numbers, first):
    sum_ = 0.0
    for i in range(first, numbers.size):
        sum_ += numbers[i]
    return sum_


@kernel
def _sum_but_first(numbers):
    return _sum_from(numbers, 1)


@kernel
def _sum_but_two(numbers):
    return _sum_from(numbers, 2)


@kernel
def total(numbers):
    sum_ = 0.0
    for i in range(numbers.size):
        sum_ += third(numbers[i])
    return sum_


def test_a_rule_divides_by_zero_as_numpy_does():
    assert ratio(1.0, 0.0) == math.inf
    assert math.isnan(ratio(0.0, 0.0))


def test_an_integer_argument_gives_the_result_of_the_float():
    # 2**53 + 1 is no double: an integer version would keep the 1.
    assert ratio(2**53 + 1, 1) == ratio(2.0**53, 1.0)
    assert ratio_of_integers(7, 2) == 3.5


@compiler_on
def test_an_integer_argument_compiles_no_second_version():
    ratio(7, 2)
    ratio_of_integers(7, 2)
    ratio(np.int32(7), np.float32(2.0))
    assert ratio.signatures == [ratio.signatures[0]]
    assert [str(each) for each in ratio.signatures[0]] == ["float64", "float64"]


@compiler_on
def test_a_rule_is_compiled_on_its_first_call_and_not_before():
    @rule("f8(f8)")
    def doubled(x):
        return 2.0 * x

    assert doubled.signatures == []
    assert doubled(2) == 4.0
    assert len(doubled.signatures) == 1


def test_a_rule_returns_tuples_and_takes_truth_values():
    assert turned(2.0, True) == (-2.0, 1.0)
    assert turned(2.0, False) == (2.0, 0.0)


def test_what_cannot_be_cast_to_the_signature_is_an_error():
    with pytest.raises((TypeError, ValueError)):
        ratio("one", 2.0)
    with pytest.raises(TypeError):
        ratio(1.0)


@compiler_on
def test_an_array_in_the_place_of_a_number_is_an_error_in_a_kernel():
    @kernel
    def wrong(numbers):
        return ratio(numbers, numbers)

    with pytest.raises((TypeError, TypingError)):
        wrong(np.ones(2))


def test_a_kernel_takes_arrays_and_calls_rules():
    assert total(np.array([3.0, 6.0])) == 3.0
    assert total(np.array([3, 6])) == 3.0


@compiler_on
def test_calling_an_inner_kernel_from_python_is_an_error_before_and_after_a_kernel_called_it():
    with pytest.raises(TypeError, match="by compiled functions only"):
        _sum_from(np.ones(3), 1)
    assert _sum_but_first(np.ones(3)) == 2.0
    with pytest.raises(TypeError, match="by compiled functions only"):
        _sum_from(np.ones(3), 1)


@compiler_on
def test_constants_compile_no_second_version(tmp_path):
    # In a cache of its own: what comes out of one has compiled nothing that could be counted.
    code = (
        "import numpy as np; from tests.compiled import test_decorators as kernels; numbers = np.arange(4.0); "
        "print(kernels._sum_but_first(numbers) + kernels._sum_but_two(numbers), len(kernels._sum_from.overloads))"
    )
    environment = {**os.environ, "KLASTERSIM_CACHE": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    found = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["11.0", "1"]


def test_threads_may_call_a_rule_for_the_first_time_together():
    @rule("f8(f8)")
    def tripled(x):
        return 3.0 * x

    found = []
    threads = [threading.Thread(target=lambda: found.append(tripled(2.0))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [6.0] * 8


@compiler_on
def test_a_rule_is_pickled_by_name():
    assert pickle.loads(pickle.dumps(beta_quantile)) is beta_quantile  # noqa: S301


@pytest.mark.parametrize("off", ["0", "1"])
def test_without_the_compiler_a_rule_is_a_plain_function(off):
    code = (
        "import types; from klastersim.compiled import exp, kernel; "
        "print(isinstance(exp, types.FunctionType), isinstance(kernel(lambda x: x), types.FunctionType))"
    )
    environment = {**os.environ, "NUMBA_DISABLE_JIT": off, "PYTHONPATH": os.pathsep.join(sys.path)}
    found = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.split() == [str(off == "1")] * 2


def test_a_rule_keeps_its_name_and_docstring():
    assert exp.__name__ == "exp"
    assert "Exponential" in exp.__doc__
