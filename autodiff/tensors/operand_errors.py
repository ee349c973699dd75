"""Errors about the operands of an operation: it, their shapes and the user's line are named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff.errors import AxisError, GlassgradError, NonDifferentiableError, ShapeError
from autodiff.graph.origin import user_frame
from autodiff.ops.primitive import Primitive

__all__ = ["complex_refused", "condition_refused", "parameter_refused", "shape_error", "type_error"]


def complex_refused(entry: Primitive) -> NonDifferentiableError:
    """The error for complex operands of what is defined for real numbers only."""
    return NonDifferentiableError(
        f"{entry.name!r} was given complex numbers, for which it has no meaning; apply it to a "
        "real number made of them, such as autodiff.abs(z), autodiff.real(z) or autodiff.imag(z)"
    )


def type_error(entry: Primitive, operands: Sequence[Any], error: TypeError) -> TypeError:
    """NumPy's complaint about types, said of complex numbers where they are at fault."""
    own = isinstance(error, GlassgradError)
    if not own and any(x._data.dtype.kind == "c" for x in operands):
        return complex_refused(entry)
    return error


def shape_error(
    entry: Primitive, operands: Sequence[Any], params: dict[str, Any], error: Exception
) -> Exception:
    """NumPy's complaint, with the operation, the shapes, the parameters and the line named."""
    if isinstance(error, GlassgradError):
        return error
    shapes = " and ".join(_described(operand) for operand in operands)
    given = ", ".join(f"{k}={v!r}" for k, v in params.items() if v is not None)
    text = f"{entry.name!r} was given {shapes}" + (f" with {given}" if given else "")
    frame = user_frame(2)
    where = f" (at {frame.f_code.co_filename}:{frame.f_lineno})"
    kind: type[Exception] = ShapeError if isinstance(error, ValueError) else IndexError
    if isinstance(error, np.exceptions.AxisError):
        kind = AxisError
    return kind(f"{text}: {_reason(entry, operands, error)}{where}")


def _reason(entry: Primitive, operands: Sequence[Any], error: Exception) -> str:
    said = str(error).strip()
    shapes = [operand.shape for operand in operands]
    if entry.name == "matmul" and all(shapes):
        inner = shapes[0][-1], shapes[1][-2 if len(shapes[1]) > 1 else 0]
        if inner[0] != inner[1]:
            return (
                f"the inner lengths {inner[0]} and {inner[1]} differ; the last axis of the first "
                "must be as long as the last but one of the second"
            )
    if "could not be broadcast" in said:
        return (
            "the shapes cannot be broadcast together; aligned from the right, lengths must be "
            "equal or 1"
        )
    return said


def _described(operand: Any) -> str:
    name = f"{operand.name!r} of " if operand.name is not None else ""
    return f"{name}shape {operand.shape}"


def condition_refused(dtype: Any, function: str) -> TypeError:
    """The error for a condition that is none: numbers with a fraction, or complex ones."""
    return TypeError(
        f"{function}() was given a condition of {dtype}; give booleans, as in x > 0 or x != 0"
    )


def parameter_refused(entry: Primitive, params: dict[str, Any]) -> NonDifferentiableError:
    """The error for a node as a parameter by which an operation has no derivative."""
    names = [name for name, value in params.items() if hasattr(value, "requires_grad")]
    return NonDifferentiableError(
        f"{entry.name!r} was given {' and '.join(names)} as a node, but it has no derivative by "
        "that; give a plain number: x.detach().item()"
    )
