r"""An explanation as LaTeX: a fragment for amsmath, to be read in by ``\input``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from autodiff.writers.literals import latex_name, latex_number
from viz.paths.sentences import how_many
from viz.paths.terms import Delta, Local, PathProduct
from viz.paths.written import LISTED, shortened

if TYPE_CHECKING:
    from viz.paths.explanation import Explanation

__all__ = ["chain_rule", "equations", "gradient_name", "recursion", "to_latex_fragment"]

MORE = r"\cdots"


def gradient_name(told: Explanation) -> str:
    r"""``\frac{\partial L}{\partial x}``."""
    return _fraction(told.result_name, latex_name(told.wrt_name))


def to_latex_fragment(told: Explanation) -> str:
    """The sum over paths and the recursive form, as two displays."""
    lines = [f"% {told.spoken_title}", *chain_rule(told)]
    if len(told.deltas) > 1:
        lines += ["", *recursion(told)]
    return "\n".join(lines) + "\n"


def chain_rule(told: Explanation) -> list[str]:
    """The gradient as the sum over its paths."""
    rows = [_row("", name, rest) for name, rest in equations(told)]
    return _aligned([gradient_name(told) + rows[0], *rows[1:]]) if rows else []


def equations(told: Explanation) -> list[tuple[str, str]]:
    """What the gradient equals, in turn, each with what is written before it."""
    if not told.count:
        return [("=", "0")]
    sums = [_terms(told, _heads), _terms(told, _symbols), _terms(told, _numbers)]
    return [*(("=", text) for text in sums), ("=", _number(told.total))]


def recursion(told: Explanation) -> list[str]:
    r"""``\delta`` of each node, with ``\delta_v`` the derivative of the result by ``v``."""
    last = len(told.deltas) - 1
    return _aligned([_delta(told, delta, i == last) for i, delta in enumerate(told.deltas)])


def _row(start: str, name: str, rest: str) -> str:
    return f"{start} &{name} {rest}"


def _aligned(rows: list[str]) -> list[str]:
    return [r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"]


def _terms(told: Explanation, written: Callable[[PathProduct], str]) -> str:
    terms = [written(path) for path in told.paths]
    text = " + ".join(terms)
    if told.rest.paths:
        text += rf" + \underbrace{{{_bracketed(told.rest.value)}}}_{{\text{{"
        text += f"{how_many(told.rest.paths)} more}}}}"
    return text.replace("\u202f", r"\,")


def _heads(path: PathProduct) -> str:
    heads = [_head(step) for step in path.briefly(LISTED)]
    return r" \, ".join(shortened(heads, MORE)) or "1"


def _symbols(path: PathProduct) -> str:
    return path.latex


def _numbers(path: PathProduct) -> str:
    steps = path.briefly(LISTED)
    values = [_bracketed(step.value) for step in steps]
    return r" \cdot ".join(shortened(values, MORE)) or "1"


def _head(step: Local) -> str:
    operand = latex_name(step.operand)
    if step.use:
        operand += rf"^{{({step.use})}}"
    fraction = _fraction(step.node, operand)
    held = ", ".join(map(latex_name, step.held))
    return rf"\left.{fraction}\right|_{{{held}}}" if held else fraction


def _fraction(node: str, operand: str) -> str:
    return rf"\frac{{\partial {latex_name(node)}}}{{\partial {operand}}}"


def _delta(told: Explanation, delta: Delta, last: bool) -> str:
    name = gradient_name(told) if last else _named(delta.node)
    if not delta.shares and not delta.untold:
        return f"{name} &= {_number(delta.value)}"
    terms = [
        _named(share.step.node)
        + ("" if share.step.latex == "1" else rf" \cdot {_factor(share.step.latex)}")
        for share in delta.shares
    ]
    values = [
        rf"{_bracketed(share.arriving)} \cdot {_bracketed(share.step.value)}"
        for share in delta.shares
    ]
    if delta.untold:
        terms.append(rf"\text{{({delta.untold} more)}}")
        values.append(_bracketed(delta.untold_value))
    sums = [" + ".join(terms), " + ".join(values), _number(delta.value)]
    return f"{name} &= " + " = ".join(sums)


def _named(node: str) -> str:
    return rf"\delta_{{{latex_name(node)}}}"


def _factor(latex: str) -> str:
    """A derivative in brackets where a product needs them."""
    loose = any(sign in latex for sign in (" + ", " - ")) or latex.startswith("-")
    return rf"\left({latex}\right)" if loose else latex


def _number(value: float) -> str:
    return latex_number(value).text


def _bracketed(value: float) -> str:
    text = _number(value)
    return rf"\left({text}\right)" if text.startswith("-") else text
