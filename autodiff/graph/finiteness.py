"""What is said about the first operation that gives NaN or an infinity."""

from __future__ import annotations

from collections.abc import Sequence
from linecache import getline
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_numeric, whole
from autodiff.errors import NonFiniteError
from autodiff.graph.origin import Origin, user_frame
from autodiff.ops.primitive import Primitive

__all__ = ["check_cotangent", "check_result", "check_sent", "check_tangent", "figures"]


def check_result(entry: Primitive, node: Any, operands: tuple[Any, ...]) -> None:
    """Raise if an operation gave NaN, or an infinity that it was not given.

    Args:
        entry: the operation.
        node: its result.
        operands: the nodes it was computed from.

    Raises:
        NonFiniteError: names the operation, its line and its operands.
    """
    found = _strange(node)
    if found is None:
        return
    given = [_strange(operand) for operand in operands]
    if not found[0] and any(given):
        # Masks are made of infinities: that one comes in is no mistake of the operation.
        return
    where = node.origin
    if where is None:
        frame = user_frame(2)
        where = frame.f_code.co_filename, frame.f_lineno
    before = [i for i, counts in enumerate(given) if counts]
    came = f"; its operand {before[0]} was not finite already" if before else ""
    text = f"the operation {entry.name!r} gave {_said(found)} in its result{came}"
    raise _error(text, entry, "forward", where, operands, [("result", node)])


def check_cotangent(node: Any, g: Any, hooked: bool) -> None:
    """Raise if the gradient of a node is not finite before its rule is asked.

    Raises:
        NonFiniteError: names the node.
    """
    found = _strange(g)
    if found is not None:
        why = "after its hooks" if hooked else "as given, or as the sum of what reached it,"
        text = f"the gradient of {node.describe()} {why} holds {_said(found)}"
        raise _error(text, node.op, "backward", node.origin, node.parents, [("gradient", g)])


def check_sent(node: Any, position: int, g: Any, part: Any) -> None:
    """Raise if the rule of an operation gave an operand a gradient that is not finite.

    Args:
        node: the result of the operation.
        position: of the operand among the operands.
        g: the gradient that the rule was given.
        part: what it made of it.

    Raises:
        NonFiniteError: names the operation, its line and its operands.
    """
    found = _strange(part)
    if found is not None:
        text = (
            f"the backward rule of {node.op.name!r} gave {_said(found)} in the gradient of its "
            f"operand {position}, {node.parents[position].describe()}"
        )
        shown = [("result", node), ("gradient received", g), ("gradient sent", part)]
        raise _error(text, node.op, "backward", node.origin, node.parents, shown)


def check_tangent(node: Any, along: Sequence[Any], t: Any) -> None:
    """Raise if forward mode gave a tangent that is not finite from tangents that are.

    Args:
        node: the result of the operation.
        along: the tangents of its operands, None for what does not vary.
        t: the tangent of the result.

    Raises:
        NonFiniteError: names the operation, its line and its operands.
    """
    found = _strange(t)
    if found is None or any(_strange(given) for given in along if given is not None):
        return
    text = f"forward mode gave {_said(found)} in the tangent of {node.describe()}"
    given = [(f"tangent of operand {i}", x) for i, x in enumerate(along) if x is not None]
    shown = [*given, ("tangent", t)]
    raise _error(text, node.op, "tangent", node.origin, node.parents, shown)


def _numbers(x: Any) -> Any:
    """The array or float of a node, or of a gradient that is no node."""
    held = whole(getattr(x, "_data", x))
    return held if is_numeric(held) or isinstance(held, float) else getattr(x, "data", None)


def _strange(x: Any) -> tuple[int, int] | None:
    """How many NaN and how many infinities there are; None if there are none."""
    data = _numbers(x)
    if not (is_numeric(data) or isinstance(data, float)) or np.asarray(data).dtype.kind not in (
        "fc"
    ):
        return None
    finite = np.isfinite(data)
    if np.all(finite):
        return None
    nan = int(np.sum(np.isnan(data)))
    return nan, int(np.size(data) - np.sum(finite)) - nan


def _said(counts: tuple[int, int]) -> str:
    nan, infinite = counts
    parts = [f"{nan} NaN"] if nan else []
    if infinite:
        parts.append(f"{infinite} infinit{'y' if infinite == 1 else 'ies'}")
    return " and ".join(parts)


def figures(x: Any) -> str:
    """Shape, dtype, smallest and largest number of a node, array or float, in one line.

    Args:
        x: a `Tensor`, `Value`, array or float.

    Returns:
        One line. The range is that of the finite numbers; of complex ones, of their size.

    Example:
        >>> figures(np.array([1.0, -2.0, np.nan]))
        'shape (3,), float64, from -2 to 1, 1 NaN'
        >>> figures(0.5)
        'the number 0.5'
    """
    data = _numbers(x)
    if isinstance(data, float) and not isinstance(data, np.generic):
        return f"the number {data!r}"
    array = np.asarray(data)
    parts = [f"shape {array.shape}", str(array.dtype)]
    sizes = np.abs(array) if array.dtype.kind == "c" else array
    finite = sizes[np.isfinite(sizes)] if array.dtype.kind in "fc" else sizes
    if finite.size:
        low, high = finite.min(), finite.max()
        size = "size " if array.dtype.kind == "c" else ""
        spread = f"all {low:g}" if low == high else f"from {low:g} to {high:g}"
        parts.append(size + spread if array.dtype.kind != "b" else f"{int(finite.sum())} true")
    strange = _strange(array)
    if strange is not None:
        parts.append(_said(strange))
    return ", ".join(parts)


def _error(
    text: str,
    entry: Primitive | None,
    phase: str,
    where: Origin | None,
    operands: tuple[Any, ...],
    shown: list[tuple[str, Any]],
) -> NonFiniteError:
    lines = [text]
    if where is not None:
        source = getline(*where).strip()
        lines.append(f"  at {where[0]}:{where[1]}" + (f": {source}" if source else ""))
    for i, operand in enumerate(operands):
        lines.append(f"  operand {i}, {operand.describe()}: {figures(operand)}")
    lines += [f"  {what}: {figures(x)}" for what, x in shown]
    return NonFiniteError(
        "\n".join(lines), op=None if entry is None else entry.name, phase=phase, origin=where
    )
