"""How nodes and amounts are spoken of in a sentence."""

from __future__ import annotations

from typing import Any

from viz.draw.axes import power_of_ten
from viz.text.formatting import clean, number, pretty

__all__ = ["called", "many", "operation", "percent", "short", "times"]


def called(node: Any, name: str = "") -> str:
    """A name, or what the node is.

    Args:
        node: any node.
        name: what the caller says it is called.
    """
    if name:
        return pretty(clean(name, 60))
    if node.name:
        return pretty(clean(node.name, 60))
    if node.op is not None:
        return f"the result of {node.op.name}"
    return "the node" if node.requires_grad else "a constant"


def operation(node: Any) -> str:
    """The name of the operation, with that of its result if it has one."""
    return f"{node.op.name} ({pretty(clean(node.name, 40))})" if node.name else str(node.op.name)


def percent(share: float) -> str:
    """A share in whole per cents; never 0 or 100 for what is not all or nothing."""
    if share >= 1:
        return "all"
    if share > 0.99:
        return f"{number(100 * share, 4)} %" if share < 0.9999 else "almost all"
    return f"{100 * share:.0f} %"


def times(factor: float) -> str:
    """``÷ 59`` for a factor below 1, ``× 3.1`` for one above."""
    if not factor > 0 or factor == float("inf"):
        return "× 0" if factor == 0 else "—"
    return f"÷ {many(1 / factor)}" if factor < 0.995 else f"× {many(factor)}"


def short(size: float, digits: int = 2) -> str:
    """A few digits, with a power of ten below a thousandth.

    >>> short(0.0014), short(0.00065), short(12.0)
    ('0.0014', '6.5·10⁻⁴', '12')
    """
    if 0 < abs(size) < 1e-3:
        text, exponent = f"{size:.{digits - 1}e}".split("e")
        return f"{text}·{power_of_ten(int(exponent))}".replace("-", "−")
    return _digits(size) if 100 <= size < 1e4 else number(size, digits)


def many(ratio: float) -> str:
    """A large ratio as it is spoken: ``11 500``, ``32 million``."""
    for limit, word in ((1e12, ""), (1e9, " billion"), (1e6, " million")):
        if ratio >= limit:
            return f"{_digits(ratio / limit)}{word}" if word else number(ratio, 2)
    return _digits(ratio)


def _digits(x: float) -> str:
    """Two digits, or three of a number of more, with room between thousands."""
    if x < 100:
        return number(x, 2)
    unit = 10 ** (len(str(int(x))) - 3)
    return f"{round(x / unit) * unit:,}".replace(",", "\u202f")
