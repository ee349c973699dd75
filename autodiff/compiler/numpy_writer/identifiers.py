"""Names in the source that are valid in Python and all different, and names of numbers."""

from __future__ import annotations

import re
from keyword import iskeyword

__all__ = ["Names", "name_of_number"]

_NUMBERS = {0.0: "zero", 1.0: "one", -1.0: "minus_one", 2.0: "two", 0.5: "half"}


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
