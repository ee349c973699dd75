"""Passes over the numbers of a program: constants once each, and means opened up."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.compiler.instructions import ADD_REDUCE, DIVIDE
from autodiff.compiler.merging import substitute
from autodiff.compiler.numpy_functions import MEAN
from autodiff.compiler.program import Call, Program, Variable

__all__ = ["number_constants", "open_means"]

_EXACT_COUNTS = 2**24


class _Constants:
    """One constant for each number and dtype."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[Any, Variable] = {}

    def of_array(self, variable: Variable) -> Variable:
        key = variable.dtype, variable.source.tobytes()
        return self._known.setdefault(key, variable)

    def of_number(self, number: float, dtype: Any) -> Variable:
        value = np.array(number, dtype)
        value.flags.writeable = False
        fresh = Variable("constant", (), value.dtype, source=value)
        found = self.of_array(fresh)
        if found is fresh:
            self._program.constants.append(fresh)
        return found


def number_constants(program: Program) -> None:
    """Make arrays without axes of Python numbers, the same one for the same number.

    NumPy takes them twice as fast. A Python number beside one floating array takes that
    array's dtype.
    """
    constants = _Constants(program)
    numbers = [v for v in program.constants if v.never_changes and not v.shape]
    by = {v: constants.of_array(v) for v in numbers}
    for call in program.calls:
        call.args = substitute(call.args, by)
        call.kwargs = {k: substitute(v, by) for k, v in call.kwargs.items()}
        if not call.function.weak_numbers or len(call.args) != 2 or call.kwargs:
            continue
        a, b = call.args
        array, number = (a, b) if isinstance(a, Variable) else (b, a)
        if not isinstance(array, Variable) or type(number) not in (float, int):
            continue
        if array.dtype.kind == "f" and abs(number) <= np.finfo(array.dtype).max:
            made = constants.of_number(number, array.dtype)
            call.args = (array, made) if array is a else (made, array)
    program.replace_final(by)


def open_means(program: Program) -> None:
    """Write means as sums that are divided, without the overhead of `numpy.mean`.

    It does the same, but divides in double precision and rounds; for counts that a float
    represents that gives the same bits.
    """
    calls: list[Call] = []
    for call in program.calls:
        array = call.args[0] if call.args else None
        usual = call.function is MEAN and call.target == "new" and len(call.args) == 1
        if not usual or not isinstance(array, Variable) or set(call.kwargs) - {"axis", "keepdims"}:
            calls.append(call)
            continue
        count = math.prod(array.shape) // max(math.prod(call.result.shape), 1)
        if array.dtype not in (np.float32, np.float64) or not 0 < count <= _EXACT_COUNTS:
            calls.append(call)
            continue
        kwargs = {"axis": None} | {k: v for k, v in call.kwargs.items() if v is not False}
        result = call.result
        total = Variable("temp", result.shape, result.dtype, order=result.order)
        part = call.part
        calls.append(Call(ADD_REDUCE, (array,), kwargs, total, "new", True, part))
        calls.append(Call(DIVIDE, (total, count), {}, result, "new", True, part))
    program.calls = calls
