"""The value of a formula in any array namespace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autodiff.symbolic.expression import Apply, Constant, Expression, Symbol

__all__ = ["evaluate"]


def evaluate(expr: Expression, xp: Any, env: Mapping[str, Any]) -> Any:
    """The value of a formula.

    With ``xp`` the namespace of symbols and formulas in ``env``, it substitutes.

    Args:
        expr: the formula.
        xp: the namespace whose functions compute the operations.
        env: the value of each symbol, by its name.

    Returns:
        What ``xp`` makes of it; a constant alone comes back as a Python number.

    Raises:
        KeyError: a symbol has no value in ``env``.

    Example:
        >>> import numpy as np
        >>> y = Symbol("y")
        >>> evaluate(1 - y * y, np, {"y": np.array([0.0, 0.5])})
        array([1.  , 0.75])
    """
    return _value(expr, xp, env, {})


# With functions inside of `evaluate`, which refer to each other, what is in ``env`` would stay
# until the collector comes.
def _value(e: Expression, xp: Any, env: Mapping[str, Any], seen: dict[Expression, Any]) -> Any:
    if isinstance(e, Constant):
        return e.number
    if e not in seen:
        seen[e] = _of_part(e, xp, env, seen)
    return seen[e]


def _of_part(e: Expression, xp: Any, env: Mapping[str, Any], seen: dict[Expression, Any]) -> Any:
    if isinstance(e, Symbol):
        if e.name not in env:
            raise KeyError(
                f"the symbol {e.name!r} has no value; "
                f"values were given for: {', '.join(map(repr, env)) or 'nothing'}"
            )
        return env[e.name]
    assert isinstance(e, Apply)
    operands = [_value(part, xp, env, seen) for part in e.args]
    return getattr(xp, e.name)(*operands, **dict(e.params))
