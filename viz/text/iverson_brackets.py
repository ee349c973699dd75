"""Derivatives by cases, written with Iverson's bracket: [z > 0] is 1 where z > 0, else 0."""

from __future__ import annotations

from autodiff.symbolic import Apply, Constant, Expression
from autodiff.writers.text import to_latex, to_text

__all__ = ["bracketed", "bracketed_latex"]


def bracketed(found: Expression) -> str:
    """How a derivative by cases is written; empty if it has no cases.

    >>> from autodiff.symbolic import Symbol, symbols_namespace as xp
    >>> z = Symbol("z")
    >>> bracketed(xp.where(z > 0, 1.0, 0.0)), bracketed(xp.where(z > 0, 1.0, 0.5))
    ('[z > 0]', '(1 if z > 0, else 0.5)')
    """
    cases = _cases(found)
    if cases is None:
        return ""
    condition, yes, no = cases
    if _is(no, 0) and _is(yes, 1):
        return f"[{to_text(condition)}]"
    if _is(no, 1) and _is(yes, 0):
        return f"(1 − [{to_text(condition)}])"
    inner = _cases(no)
    tie = inner is not None and _excludes(condition, inner[0]) and isinstance(yes, Constant)
    if tie and inner is not None and _is(inner[1], 1) and _is(inner[2], 0):
        return f"([{to_text(inner[0])}] + {to_text(yes)} · [{to_text(condition)}])"
    return f"({to_text(found)})"


def bracketed_latex(found: Expression) -> str:
    r"""The same as LaTeX, for the cases 1 and 0; empty for all others.

    >>> from autodiff.symbolic import Symbol, symbols_namespace as xp
    >>> bracketed_latex(xp.where(Symbol("z") > 0, 1.0, 0.0))
    '\\left[z > 0\\right]'
    """
    cases = _cases(found)
    if cases is None or not (_is(cases[1], 1) and _is(cases[2], 0)):
        return ""
    return rf"\left[{to_latex(cases[0])}\right]"


def _cases(found: Expression) -> tuple[Expression, ...] | None:
    return found.args if isinstance(found, Apply) and found.name == "where" else None


def _is(found: Expression, number: int) -> bool:
    return isinstance(found, Constant) and bool(found.number == number)


def _excludes(equal: Expression, other: Expression) -> bool:
    """Whether one says that two things are equal and the other that one is the larger."""
    if not (isinstance(equal, Apply) and isinstance(other, Apply)):
        return False
    ordered = equal.name == "equal" and other.name in ("greater", "less")
    return ordered and {to_text(e) for e in equal.args} == {to_text(e) for e in other.args}
