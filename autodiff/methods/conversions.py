"""Numbers that would leave the graph unnoticed: what is said where a node is converted.

NumPy and Python ask a node for its numbers without a word: ``a[:] = node``,
``np.sum([node, node])``, ``math.sin(node)``. What is computed from them has no gradient. So a
conversion to an array is an error while operations are recorded, and one to a Python number is
a warning in ordinary code and an error in a function that is being differentiated. Asking by
name (``x.item()``, ``x.numpy()``, ``x.detach()``) is neither.
"""

from __future__ import annotations

import os
import warnings
from importlib import import_module
from opcode import opmap
from types import FrameType
from typing import Any

from autodiff.errors import ConversionError, ConversionWarning
from autodiff.graph.cuts import note_departure
from autodiff.graph.modes import current_mode, strict_since
from autodiff.graph.node import Node
from autodiff.graph.origin import line_of, user_frame
from autodiff.methods.numpy_names import PLAIN
from autodiff.names import NAMESPACES

__all__ = ["array_taken", "number_taken"]

_STANDARD = os.path.dirname(os.__file__) + os.sep
_INSTALLED = tuple(f"{os.sep}{folder}{os.sep}" for folder in ("site-packages", "dist-packages"))
_STORES = frozenset(opmap[name] for name in ("STORE_SUBSCR", "STORE_SLICE") if name in opmap)
_BINARY_OPERATOR = opmap["BINARY_OP"]
# The arguments of that instruction for `%` and `%=`, the same in every Python from 3.11 on.
_REMAINDERS = (6, 19)

_WAYS_TO_ARRAYS = (
    "Write autodiff.stack([...]) or autodiff.array([...]) for a list of nodes, "
    "y = x.at[i].set(v) instead of a[i] = v, and autodiff's functions on what they give; or "
    "x.detach().numpy(), of a Value x.item(), where only the numbers are wanted"
)
_WAYS_TO_NUMBERS = (
    "Use autodiff's functions on the node (autodiff.sin(x) for math.sin(x)); write x.item() where "
    "the number is only looked at"
)


def array_taken(node: Node) -> None:
    """Refuse that a node which needs a gradient becomes a plain array.

    Raises:
        ConversionError: operations are being recorded.

    Example:
        >>> import numpy as np
        >>> import autodiff as ad
        >>> x = ad.Tensor([1.0, 2.0], requires_grad=True)
        >>> np.mean([x, x])
        Traceback (most recent call last):
        autodiff.errors.ConversionError: a leaf ..., which needs a gradient, was turned into ...
    """
    if not current_mode().grad:
        return
    frame = user_frame(2)
    if not _only_asks(frame):
        raise ConversionError(_refused(node, "a plain array", frame, _WAYS_TO_ARRAYS))


def number_taken(node: Node, kind: str, number: Any) -> None:
    """Warn or refuse that a node which needs a gradient becomes a Python number.

    Args:
        node: the node.
        kind: which number: ``"float"``, ``"int"`` or ``"complex"``.
        number: the number.

    Raises:
        ConversionError: the number is put into an array, or the node was made in a function
            that is being differentiated.

    Example:
        >>> import math, warnings
        >>> import autodiff as ad
        >>> x = ad.Value(2.0)
        >>> with warnings.catch_warnings(record=True, action="always") as caught:
        ...     y = x * math.sin(x)
        >>> print(caught[0].message)
        a node that needs a gradient was turned into a Python float, as ...
    """
    if not current_mode().grad:
        return
    frame = user_frame(2)
    code, at = frame.f_code, frame.f_lasti
    instruction, argument = code.co_code[at], code.co_code[at + 1]
    if instruction in _STORES:
        raise ConversionError(_refused(node, "an element of an array", frame, _WAYS_TO_ARRAYS))
    if instruction == _BINARY_OPERATOR and argument in _REMAINDERS:
        # "%.3f" % x shows the number, as f"{x:.3f}" does.
        return
    if _only_asks(frame):
        return
    note_departure(node, kind, number, frame)
    what = f"a Python {kind}"
    if node.sequence >= strict_since():
        raise ConversionError(_refused(node, what, frame, _WAYS_TO_NUMBERS))
    own, _ = _own_frame(frame)
    warnings.warn_explicit(
        f"a node that needs a gradient was turned into {what}, as {kind}(x) and functions such as "
        f"math.sin(x) do: what is computed from it has no gradient. {_WAYS_TO_NUMBERS}",
        ConversionWarning,
        *line_of(own.f_code, own.f_lasti),
        module=own.f_globals.get("__name__"),
        registry=own.f_globals.setdefault("__warningregistry__", {}),
    )


def _only_asks(frame: Any) -> bool:
    """Whether a question of NumPy's wants the numbers: a comparison, a shape, an assertion."""
    while frame is not None and (module := frame.f_globals.get("__name__", "")).startswith(
        "numpy."
    ):
        if f"numpy.{frame.f_code.co_name}" in PLAIN or module.startswith("numpy.testing"):
            return True
        frame = frame.f_back
    return False


def _refused(node: Node, what: str, frame: FrameType, ways: str) -> str:
    own, through = _own_frame(frame)
    filename, line = line_of(own.f_code, own.f_lasti)
    return (
        f"{node.describe()}, which needs a gradient, was turned into {what} at {filename}:{line}"
        f"{through}: what is computed from it would have no gradient. {ways}"
    )


def _own_frame(frame: FrameType) -> tuple[FrameType, str]:
    """The innermost frame of the user's own code, and what installed function it called."""
    own: Any = frame
    through = ""
    while _is_installed(own.f_code.co_filename):
        module, name = own.f_globals.get("__name__", "").split("."), own.f_code.co_name
        through = f" (in {name}() of {module[0]}{_counterpart(module, name)})"
        own = own.f_back
        if own is None:
            return frame, ""
    return own, through


def _counterpart(module: list[str], name: str) -> str:
    """The function here that does what one of NumPy's or SciPy's does."""
    if module[0] not in ("numpy", "scipy"):
        return ""
    homes = [home for home in NAMESPACES if home in module]
    for home in ["autodiff", *(f"autodiff.{home}" for home in homes)][::-1]:
        if name in import_module(home).__all__:
            return f"; {home}.{name} takes nodes, and lists of them"
    return ""


def _is_installed(filename: str) -> bool:
    return filename.startswith((_STANDARD, "<frozen")) or any(p in filename for p in _INSTALLED)
