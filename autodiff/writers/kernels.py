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
from autodiff.symbolic import Apply, Expression, Symbol
from autodiff.symbolic.partial_derivatives import formula_of_partial
from autodiff.writers.array_source import ArraySource, numpy_inplace
from autodiff.writers.build import build
from autodiff.writers.python_code import indented
from autodiff.writers.text import to_text

__all__ = ["Kernel", "kernel_formula", "kernel_source", "make_kernel"]

Kernel = Callable[..., Any]

_MOST_PARTS = 16
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
            \"\"\"The cotangent of x0 in y = tanh(x0), which is g · (1 − y²).\"\"\"
            (c0,) = constants[y.dtype]  # 1.0
            try:
                t0 = y * y
                np.subtract(c0, t0, out=t0)
                t0 *= g
                return t0
            except TypeError:  # without axes: NumPy's scalars cannot be written into
                return (c0 - y * y) * g
        <BLANKLINE>
    """
    return _source(entry, position, params or {})[0]


def kernel_formula(entry: Elementwise, position: int, params: dict[str, Any]) -> Expression:
    """The derivative by one operand as a kernel computes it: of ``x0``, ``x1``, ... and ``y``."""
    formula = formula_of_partial(entry, position, params)
    if isinstance(formula, Apply) and formula.name == f"{entry.name}_slope":
        # On arrays it is found from the value faster than from the operand alone.
        return Apply(formula.name, (*formula.args, Symbol("y")))
    return formula


def _source(
    entry: Elementwise, position: int, params: dict[str, Any]
) -> tuple[str, tuple[float, ...]]:
    formula = kernel_formula(entry, position, params)
    plain = numpy_inplace(formula, "g", same_shape=False, functions=_FUNCTIONS)
    body, numbers = _returning(plain), dict(plain.constants)
    if entry.arity == 1 and plain.statements:
        reusing = numpy_inplace(formula, "g", same_shape=True, functions=_FUNCTIONS)
        numbers |= reusing.constants
        in_place = any(" = " not in line for line in reusing.statements)
        if in_place and reusing.constants == plain.constants:
            body = [
                "try:",
                *indented(_returning(reusing)),
                "except TypeError:  # without axes: NumPy's scalars cannot be written into",
                *indented(body),
            ]
    head = [f'"""{_description(entry, position, params)}"""']
    if numbers:
        listed = ", ".join(numbers) if len(numbers) > 1 else f"{next(iter(numbers))},"
        head.append(f"({listed}) = constants[y.dtype]  # {', '.join(map(repr, numbers.values()))}")
    names = ", ".join(f"x{i}" for i in range(entry.arity))
    lines = [f"def kernel(g, y, {names}):", *indented([*head, *body])]
    return "\n".join(lines) + "\n", tuple(numbers.values())


def _description(entry: Elementwise, position: int, params: dict[str, Any]) -> str:
    operands = tuple(Symbol(f"x{i}") for i in range(entry.arity))
    y = to_text(Apply(entry.name, operands, tuple(params.items())))
    what = f"The cotangent of x{position} in y = {y}"
    formula = formula_of_partial(entry, position, params)
    if sum(1 for _ in formula.walk()) > _MOST_PARTS:
        return f"{what}."
    return f"{what}, which is {to_text(Symbol('g') * formula)}."


def _returning(written: ArraySource) -> list[str]:
    """Statements that end by returning the result."""
    *before, last = written.statements or [""]
    name, _, value = last.partition(" = ")
    if name == written.result:
        return [*before, f"return {value}"]
    return [*written.statements, f"return {written.result}"]


def _compiled(entry: Elementwise, position: int, params: dict[str, Any]) -> Kernel:
    source, numbers = _source(entry, position, params)
    namespace: dict[str, Any] = {
        "np": np,
        **{name: getattr(arrays, name) for name in _FUNCTIONS if f"{name}(" in source},
        "constants": _Constants(numbers),
    }
    by = f" by x{position}" if entry.arity > 1 else ""
    return build(source, "kernel", f"derivative of {entry.name}{by}", namespace)
