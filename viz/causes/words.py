"""How nodes and amounts are spoken of in a sentence."""

from __future__ import annotations

from typing import Any

from viz.draw.axes import power_of_ten
from viz.text.formatting import clean, number, pretty

__all__ = ["called", "many", "many_times", "operation", "percent", "short", "times"]


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
    if factor <= 0 or factor != factor:
        return "× 0" if factor == 0 else "× nan"
    return f"÷ {number(1 / factor, 2)}" if factor < 0.995 else f"× {number(factor, 2)}"


def short(size: float, digits: int = 2) -> str:
    """A few digits, with a power of ten below a thousandth.

    >>> short(0.0014), short(0.00065), short(12.0)
    ('0.0014', '6.5·10⁻⁴', '12')
    """
    if 0 < abs(size) < 1e-3:
        text, exponent = f"{size:.{digits - 1}e}".split("e")
        return f"{text}·{power_of_ten(int(exponent))}".replace("-", "−")
    return number(size, digits)


def many(ratio: float) -> str:
    """A large ratio as it is spoken: ``11 500``, ``32 million``."""
    for limit, word in ((1e12, ""), (1e9, " billion"), (1e6, " million")):
        if ratio >= limit:
            return f"{number(ratio / limit, 2)}{word}" if word else number(ratio, 2)
    if ratio < 100:
        return number(ratio, 2)
    digits = 10 ** (len(str(int(ratio))) - 3)
    return f"{round(ratio / digits) * digits:,}".replace(",", "\u202f")


def many_times(gain: float) -> str:
    """``÷ 32 million``, or ``× 5`` for a gain above 1."""
    return f"÷ {many(1 / gain)}" if gain < 0.995 else f"× {many(gain)}"
