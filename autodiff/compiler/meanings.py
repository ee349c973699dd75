"""What a call of a recorded program means: an entry of the operation table, with its operands."""

from __future__ import annotations

from functools import cache
from inspect import Parameter, signature
from typing import Any, NamedTuple

from autodiff.compiler.instructions import GETITEM, Instruction, of_method
from autodiff.ops import Primitive

__all__ = ["Meaning", "meaning"]

_ASTYPE = of_method("astype")
# The parameters of functions that do not tell them, and settings that the table calls otherwise.
_PARAMETERS = {GETITEM: ("x", "index"), _ASTYPE: ("x", "dtype", "copy")}
_OTHERWISE = {"ddof": "correction", "constant_values": "value", "newshape": "shape"}
_USUAL: dict[str, Any] = {"copy": True, "order": "C", "mode": "constant"}


class Meaning(NamedTuple):
    """An entry of the table, applied.

    Attributes:
        entry: ``entry.forward(xp, *operands, **settings)`` is what the call gives.
        operands: the entry's operands, as they stand in the call.
        settings: its parameters.
    """

    entry: Primitive
    operands: tuple[Any, ...]
    settings: dict[str, Any]


def meaning(row: Instruction, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Meaning | None:
    """The entry that a call is; None where the table has none, or not with such settings.

    Args:
        row: of the function that is called.
        args: its positional arguments: arrays, or variables that stand for them.
        kwargs: its keyword arguments.

    Example:
        >>> import numpy as np
        >>> from autodiff.compiler.numpy_functions import NUMPY
        >>> meaning(NUMPY[np.var], ("x",), {"axis": 0, "ddof": 1})[:2]
        (<structural primitive 'var'>, ('x',))
        >>> meaning(NUMPY[np.var], ("x",), {"axis": 0, "ddof": 1}).settings
        {'axis': 0, 'correction': 1}
    """
    entry = row.entry
    if entry is None:
        return None
    if row.name in ("concatenate", "stack"):
        operands, given = tuple(args[0]), dict(zip(("axis",), args[1:], strict=False)) | kwargs
    elif row.name == "einsum":
        operands, given = args[1:], {"subscripts": args[0]} | kwargs
    else:
        operands, given = _bound(row, entry, args, kwargs)
    given = {_OTHERWISE.get(name, name): value for name, value in given.items()}
    known = {p.name for p in _wanted(entry)}
    settings = {name: value for name, value in given.items() if name in known}
    rest = {name: value for name, value in given.items() if name not in known}
    without_effect = all(name in _USUAL and _USUAL[name] == rest[name] for name in rest)
    return Meaning(entry, operands, settings) if without_effect else None


def _bound(row: Instruction, entry: Primitive, args: Any, kwargs: Any) -> Any:
    """Operands and what else is given by name."""
    wanted = _wanted(entry)
    places = [p for p in wanted if p.kind is not Parameter.KEYWORD_ONLY]
    if len(wanted) == 1 and wanted[0].kind is Parameter.VAR_POSITIONAL:
        return args, kwargs
    if row.origin == "library" and {p.name for p in wanted} <= set(_parameters(row)):
        given = dict(signature(row.function).bind(*args, **kwargs).arguments)
        operands: list[Any] = []
        for p in (p for p in places if p.name in given):
            value = given.pop(p.name)
            operands += value if p.kind is Parameter.VAR_POSITIONAL else [value]
        return tuple(operands), given
    count = min(len(places), len(args))
    rest = args[count:]
    names = _parameters(row)[count:] if rest else ()
    return args[:count], dict(zip(names, rest, strict=False)) | kwargs


@cache
def _wanted(entry: Primitive) -> list[Parameter]:
    return list(signature(entry.forward).parameters.values())[1:]


@cache
def _parameters(row: Instruction) -> tuple[str, ...]:
    return _PARAMETERS.get(row) or tuple(signature(row.function).parameters)
