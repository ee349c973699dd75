"""Array kernels of elementwise derivatives, generated from the table's partials.

The partial of an operand is run on symbols, and what comes out is written as
straight-line NumPy for ``g * partial`` that reuses its own temporaries. So the fast code
is printed from the rule, and there is no second copy of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.kernels import SPECIAL_FUNCTIONS
from autodiff.ops.parameters import keyword_parameters
from autodiff.ops.primitive import Elementwise
from autodiff.symbolic import partial_expression
from autodiff.symbolic.expression import Apply, Expression, Symbol
from autodiff.writers.array_source import numpy_inplace
from autodiff.writers.build import build

__all__ = ["Kernel", "kernel_formula", "kernel_source", "make_kernel"]

Kernel = Callable[..., Any]

_SETS_OF_PARAMETERS = 256
_FUNCTIONS = {name: name for name in (*sorted(SPECIAL_FUNCTIONS), "chosen", "power", "where")}


class _Constants(dict[Any, tuple[Any, ...]]):
    """The numbers of a kernel as 0-d arrays, one tuple for each dtype met."""

    def __init__(self, numbers: tuple[float, ...]) -> None:
        super().__init__()
        self._numbers = numbers

    def __missing__(self, dtype: Any) -> tuple[Any, ...]:
        made = tuple(np.asarray(number, dtype) for number in self._numbers)
        for number in made:
            number.flags.writeable = False
        self[dtype] = made
        return made


@cache
def make_kernel(entry: Elementwise, position: int) -> Kernel | None:
    """The function ``kernel(g, y, *operands, **params)`` for one operand's cotangent, made once.

    Args:
        entry: an elementwise entry of the table.
        position: of the operand.

    Returns:
        The function; None where the partial is 1 and the cotangent passes unchanged.
    """
    if entry.partials[position] == 1:
        return None
    if not keyword_parameters(entry):
        return _compiled(entry, position, {})

    # One for each set of values; a parameter that is new in every call must not fill the memory.
    @lru_cache(maxsize=_SETS_OF_PARAMETERS)
    def specialized(**params: Any) -> Kernel:
        return _compiled(entry, position, params)

    def kernel(g: Any, y: Any, *operands: Any, **params: Any) -> Any:
        return specialized(**params)(g, y, *operands)

    return kernel


def kernel_source(entry: Elementwise, position: int, params: dict[str, Any] | None = None) -> str:
    """The source of a kernel, to be read.

    Example:
        >>> from autodiff.ops.elementwise import hyperbolic
        >>> print(kernel_source(hyperbolic.tanh, 0))
        def kernel(g, y, x0):
            (c0,) = constants[y.dtype]
            try:
                t0 = y * y
                np.subtract(c0, t0, out=t0)
                t0 *= g
                return t0
            except TypeError:
                t0 = (c0 - y * y) * g
                return t0
        <BLANKLINE>
    """
    return _source(entry, position, params or {})[0]


def kernel_formula(entry: Elementwise, position: int, params: dict[str, Any]) -> Expression:
    """The derivative by one operand as a kernel computes it: of ``x0``, ``x1``, ... and ``y``."""
    names = [f"x{i}" for i in range(entry.arity)]
    formula = partial_expression(entry, position, names, "y", params)
    if isinstance(formula, Apply) and formula.name == f"{entry.name}_slope":
        # On arrays it is found from the value faster than from the operand alone.
        return Apply(formula.name, (*formula.args, Symbol("y")))
    return formula


def _source(
    entry: Elementwise, position: int, params: dict[str, Any]
) -> tuple[str, tuple[float, ...]]:
    formula = kernel_formula(entry, position, params)
    plain = numpy_inplace(formula, "g", same_shape=False, functions=_FUNCTIONS)
    body = [*plain.statements, f"return {plain.result}"]
    numbers = dict(plain.constants)
    if entry.arity == 1 and len(plain.statements) and plain.result != "g":
        # Arrays without axes come back from NumPy as scalars, which cannot be written into.
        reusing = numpy_inplace(formula, "g", same_shape=True, functions=_FUNCTIONS)
        numbers |= reusing.constants
        if reusing.constants == plain.constants:
            body = [
                "try:",
                *(f"    {line}" for line in (*reusing.statements, f"return {reusing.result}")),
                "except TypeError:",
                *(f"    {line}" for line in body),
            ]
    names = ", ".join(f"x{i}" for i in range(entry.arity))
    lines = [f"def kernel(g, y, {names}):"]
    if numbers:
        lines.append(f"    ({', '.join(numbers)},) = constants[y.dtype]")
    lines += [f"    {line}" for line in body]
    return "\n".join(lines) + "\n", tuple(numbers.values())


def _compiled(entry: Elementwise, position: int, params: dict[str, Any]) -> Kernel:
    source, numbers = _source(entry, position, params)
    namespace: dict[str, Any] = {
        "np": np,
        **{name: getattr(arrays, name) for name in _FUNCTIONS if f"{name}(" in source},
        "constants": _Constants(numbers),
    }
    by = f" by x{position}" if entry.arity > 1 else ""
    return build(source, "kernel", f"derivative of {entry.name}{by}", namespace)
