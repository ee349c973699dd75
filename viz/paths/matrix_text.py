"""The gradient of a tensor as plain text, Markdown, LaTeX and plain data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from autodiff.writers.literals import latex_name, latex_number
from autodiff.writers.rules import formula_text
from viz.paths.plain_data import finite
from viz.paths.sentences import MUCH
from viz.paths.written import check_line, signed
from viz.read.statistics import shape_text
from viz.text.formatting import number

if TYPE_CHECKING:
    from viz.paths.matrix import MatrixExplanation
    from viz.paths.matrix_terms import Step

__all__ = [
    "matrix_verdict",
    "measure",
    "to_data",
    "to_fragment",
    "to_markdown",
    "to_plain_text",
]


def measure(told: MatrixExplanation) -> str:
    """What the numbers beside the terms are."""
    return "value" if told.element is not None else "along the gradient"


def matrix_verdict(told: MatrixExplanation) -> str:
    """What the sum of the terms is like."""
    result, wrt = told.result_name, told.wrt_name
    if not told.count:
        return f"{result} does not depend on {wrt}: the gradient is 0."
    if not (math.isfinite(told.total) and math.isfinite(told.size)):
        return "The gradient is not finite."
    if told.count == 1:
        return f"{told.names[told.wrt]} is used once, so there is one term."
    uses = f"{told.names[told.wrt]} is used {told.count} times"
    if told.cancellation < 1 + 1e-9:
        return f"{uses}; the terms go the same way."
    if told.cancellation < 1.05:
        return f"{uses}; the terms hardly cancel."
    how = "nearly cancel" if told.cancellation >= MUCH else "partly cancel"
    return f"{uses}; the terms {how}: a ratio of {number(told.cancellation, 2)}."


def to_plain_text(told: MatrixExplanation) -> str:
    """All of it, in lines."""
    lines = [f"{told.name} = {told.formula}"]
    size = number(told.total, 7)
    lines += ["", f"{'value' if told.element is not None else 'norm'} {size}; {told.verdict}"]
    if told.count > 1 or told.element is not None:
        for term in told.paths:
            line = f"  via {term.reader}: {term.formula} → {signed(term.value)} {measure(told)}"
            lines.append(f"{line} ({term.where})" if term.where else line)
    if told.rest.paths:
        lines.append(f"  … {told.rest.paths} other uses → {signed(told.rest.value)}")
    lines += map(check_line, told.checks)
    if told.deltas:
        lines += ["", f"Node by node, from {told.result_name} back; δ_v is ∂{told.result_name}/∂v:"]
        rows = [_row(told, i, step) for i, step in enumerate(told.deltas)]
        widths = [max(len(row[i]) for row in rows) for i in (0, 2)]
        for place, (name, formula, shape, size) in enumerate(rows):
            if told.skipped and place == told.skipped_at:
                lines.append(f"  {'…'.rjust(widths[1])}  {told.skipped} more")
            lines.append(
                f"  {shape.rjust(widths[1])}  {name.rjust(widths[0])} = {formula}   {size}"
            )
    if told.words:
        lines += ["", *(f"{word}: {meaning}" for word, meaning in told.words)]
    return "\n".join(lines)


def _row(told: MatrixExplanation, place: int, step: Step) -> tuple[str, str, str, str]:
    last = place == len(told.deltas) - 1
    name = f"∂{told.result_name}/∂{step.node}" if last else f"δ_{step.node}"
    return name, step.formula, shape_text(step.shape), f"rms {number(step.rms)}"


def to_fragment(told: MatrixExplanation) -> str:
    """The formula and the recursive form, as two displays of amsmath."""
    return "\n".join([f"% {told.spoken_title}", *_gradient(told), "", *_recursion(told)]) + "\n"


def _gradient(told: MatrixExplanation) -> list[str]:
    wrt = latex_name(told.names[told.wrt])
    head = rf"\frac{{\partial {latex_name(told.result_name)}}}{{\partial {wrt}}}"
    rows = [rf"{head} &= {told.latex_formula}"]
    if told.element:
        index = ", ".join(map(str, told.element))
        value = latex_number(told.total).text
        rows = [rf"\left({head}\right)_{{{index}}} &= {told.latex_formula} = {value}"]
    return [r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"]


def _recursion(told: MatrixExplanation) -> list[str]:
    rows = [rf"\delta_{{{latex_name(step.node)}}} &= {step.latex}" for step in told.deltas]
    return [r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"]


def to_markdown(told: MatrixExplanation) -> str:
    """The formula, a table of δ, the checks and the words."""
    lines = [f"## {told.name}", "", *_shown(_gradient(told)), "", told.verdict, ""]
    if told.count > 1:
        lines += [f"| use | term | {measure(told)} |", "|---|---|---:|"]
        lines += [f"| {t.reader} | {_cell(t.formula)} | {signed(t.value)} |" for t in told.paths]
        if told.rest.paths:
            lines.append(f"| … {told.rest.paths} others | | {signed(told.rest.value)} |")
        lines.append("")
    lines += ["| δ | formula | shape | rms |", "|---|---|---|---:|"]
    for place, step in enumerate(told.deltas):
        name, formula, shape, _ = _row(told, place, step)
        lines.append(f"| {name} | {_cell(formula)} | {shape} | {number(step.rms)} |")
    lines += ["", *_shown(_recursion(told)), ""]
    lines += [f"- {line}" for line in map(check_line, told.checks)]
    lines += [f"- *{word}*: {_cell(meaning)}" for word, meaning in told.words]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _shown(lines: list[str]) -> list[str]:
    return ["$$", "\n".join(lines).replace("align*", "aligned"), "$$"]


def to_data(told: MatrixExplanation) -> dict[str, Any]:
    """All of it as dicts, lists, strings and numbers; the gradient as nested lists."""
    found = finite(
        {
            "result": told.result_name,
            "wrt": told.names[told.wrt],
            "element": told.element,
            "formula": told.formula,
            "total": told.total,
            "size": told.size,
            "cancellation": told.cancellation,
            "verdict": told.verdict,
            "uses": told.count,
            "terms": [
                {
                    "reader": term.reader,
                    "formula": term.formula,
                    "in_terms_of_delta": formula_text(term.short),
                    "latex": term.latex,
                    "value": term.value,
                    "rms": term.rms,
                    "where": term.where,
                }
                for term in told.paths
            ],
            "rest": told.rest._asdict(),
            "deltas": [
                {
                    "node": step.node,
                    "shape": step.shape,
                    "formula": step.formula,
                    "latex": step.latex,
                    "rms": step.rms,
                    "where": step.where,
                }
                for step in told.deltas
            ],
            "words": dict(told.words),
            "checks": [
                {"name": c.name, "value": c.value, "error": c.error, "agrees": c.agrees}
                for c in told.checks
            ],
        }
    )
    assert isinstance(found, dict)
    return found
