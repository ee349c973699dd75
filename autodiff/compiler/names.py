"""What things are called in the source: parameters by their attribute, numbers by their value."""

from __future__ import annotations

import re
from keyword import iskeyword
from typing import Any

from autodiff.compiler.parts import name_in_caller
from autodiff.graph.modes import current_mode

__all__ = ["Names", "describe_tensor", "name_of_number"]

_NUMBERS = {0.0: "zero", 1.0: "one", -1.0: "minus_one", 2.0: "two", 0.5: "half"}


def describe_tensor(tensor: Any, known: dict[int, tuple[Any, str]]) -> tuple[str, str]:
    """A name for a lasting tensor that is read for the first time, and a remark.

    Args:
        tensor: the tensor.
        known: the names given before, by tensor; the new one is added.

    Returns:
        The name, and what stands beside it in the source.
    """
    if id(tensor) in known:
        return known[id(tensor)][1], ""
    scope = current_mode().scope
    given: str = tensor.name or ""
    remark = ""
    if given and len(scope) > 1:
        parts = [(part, _identifier(part, description)) for part, description in scope[1:]]
        remark = f"{'.'.join([*(part for part, _ in parts), given])} of {scope[-1][1]}"
        found = "_".join([*(name for _, name in parts), given])
    elif given:
        found = given
    else:
        held, subject = name_in_caller(tensor)
        _, prefix = known.get(id(subject), (None, ""))
        found = f"{prefix}_{held}" if prefix and held else held
    known[id(tensor)] = tensor, found
    return found, remark


def _identifier(part: str, description: str) -> str:
    """A module's name; with its kind before it where it is only a number."""
    kind = re.match(r"\w+", description)
    if kind and part.isdigit():
        return f"{kind[0].lower()}{part}"
    return re.sub(r"\W+", "_", part).strip("_")


def name_of_number(value: float) -> str:
    """A name for a constant number.

    Example:
        >>> name_of_number(0.5), name_of_number(-0.25), name_of_number(3.0)
        ('half', 'minus_0_25', 'number_3')
    """
    if value in _NUMBERS and str(value) != "-0.0":
        return _NUMBERS[value]
    sign = "minus" if str(value).startswith("-") else "number"
    digits = f"{abs(value):.6g}"
    return f"{sign}_{re.sub(r'[^0-9a-zA-Z]', '_', digits)}"


class Names:
    """Names that are all different and valid in Python."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken

    def free(self, wanted: str) -> str:
        """The wanted name, with a number behind it if it is taken."""
        name = re.sub(r"\W", "_", wanted)
        if not name.isidentifier() or iskeyword(name):
            name = f"_{name}"
        candidate, count = name, 1
        while candidate in self._taken:
            count += 1
            candidate = f"{name}_{count}"
        self._taken.add(candidate)
        return candidate
