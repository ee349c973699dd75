"""What the table says an operand receives, as a tree that is written as text and as LaTeX.

`autodiff.writers.rule_reader` makes such trees of the rules, which are text. In them ``g`` and the
operands can be replaced by formulas in turn, with the brackets that these need and no others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autodiff.writers.literals import latex_name

__all__ = ["Formula", "Leaf", "Operation", "filled", "formula_latex", "formula_text"]

SUM, PRODUCT, SIGN, POSTFIX, ATOM = range(5)
"""How tightly a formula binds."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A name, a number, or a formula that was written elsewhere.

    Attributes:
        text: as Unicode text.
        latex: as LaTeX.
        level: how tightly it binds, from `SUM` to `ATOM`.
        shape: of the array it stands for, where that is known.
    """

    text: str
    latex: str
    level: int = ATOM
    shape: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """A sign or the name of a function, and what it is applied to."""

    sign: str
    operands: tuple[Formula, ...]


Formula = Leaf | Operation

INFIX = {"+": SUM, "−": SUM, "·": PRODUCT, "⊙": PRODUCT, "⊗": PRODUCT, "/": PRODUCT, "∗": PRODUCT}
INFIX |= {"⋆": PRODUCT, "⋆ᵀ": PRODUCT, "⋆ᵂ": PRODUCT}
SUFFIXES = {"ᵀ": r"^{\top}", "ᴴ": r"^{\mathsf{H}}", "⁻ᵀ": r"^{-\top}", "⁻¹": "^{-1}", "²": "^{2}"}
_LATEX = {
    "−": "-", "·": "", "⊙": r"\odot", "⊗": r"\otimes", "∗": "*", "⋆": r"\star",
    "⋆ᵀ": r"\star^{\top}", "⋆ᵂ": r"\star^{W}", "+": "+",
}  # fmt: skip


def filled(formula: Formula, parts: Mapping[str, Formula]) -> Formula:
    r"""The formula with leaves replaced, by their text.

    Example:
        >>> from autodiff.writers.rule_reader import read_rule
        >>> rule, _ = read_rule("{0}ᵀ · g")
        >>> parts = {"{0}": Leaf("X", "X"), "g": read_rule("a + b")[0]}
        >>> formula_text(filled(rule, parts)), formula_latex(filled(rule, parts))
        ('Xᵀ · (a + b)', 'X^{\\top} \\left(a + b\\right)')
    """
    if isinstance(formula, Leaf):
        return parts.get(formula.text, formula)
    return Operation(formula.sign, tuple(filled(part, parts) for part in formula.operands))


def formula_text(formula: Formula) -> str:
    """A formula as Unicode text."""
    if isinstance(formula, Leaf):
        return formula.text
    sign, operands = formula.sign, formula.operands
    if sign in INFIX:
        return f" {sign} ".join(_text_at(part, sign, i) for i, part in enumerate(operands))
    if sign == "neg":
        return f"−{_text_at(operands[0], sign, 1)}"
    if sign in SUFFIXES:
        inner = operands[0]
        if isinstance(inner, Leaf) and sign == "ᵀ" and inner.text.endswith("ᵀ"):
            return inner.text[:-1]
        return f"{_text_at(inner, sign, 0)}{sign}"
    if sign[0] == "[":
        return f"{_text_at(operands[0], 'ᵀ', 0)}{sign}"
    if sign == "^":
        return f"{_text_at(operands[0], sign, 0)}^{_text_at(operands[1], sign, 0)}"
    inside = ", ".join(map(formula_text, operands))
    if sign == "|":
        return f"|{inside}|"
    return f"{sign} ({inside})" if " " in sign else f"{sign}({inside})"


def _text_at(part: Formula, sign: str, place: int) -> str:
    text = formula_text(part)
    return f"({text})" if _loose(part, sign, place) else text


def formula_latex(formula: Formula) -> str:
    """A formula as LaTeX for math mode."""
    if isinstance(formula, Leaf):
        return formula.latex
    sign, operands = formula.sign, formula.operands
    if sign == "/":
        return rf"\frac{{{formula_latex(operands[0])}}}{{{formula_latex(operands[1])}}}"
    if sign in INFIX:
        between = f" {_LATEX[sign]} ".replace("  ", " ")
        return between.join(_latex_at(part, sign, i) for i, part in enumerate(operands))
    if sign == "neg":
        return f"-{_latex_at(operands[0], sign, 1)}"
    if sign in SUFFIXES:
        inner = operands[0]
        if sign == "ᵀ" and isinstance(inner, Leaf) and inner.latex.endswith(r"^{\top}"):
            return inner.latex.removesuffix(r"^{\top}")
        return f"{_latex_at(inner, sign, 0)}{SUFFIXES[sign]}"
    if sign == "^":
        return f"{{{_latex_at(operands[0], sign, 0)}}}^{{{formula_latex(operands[1])}}}"
    if sign[0] == "[":
        return f"{{{_latex_at(operands[0], 'ᵀ', 0)}}}_{{{_words(sign)}}}"
    inside = ", ".join(map(formula_latex, operands))
    if sign == "|":
        return rf"\left|{inside}\right|"
    if sign == "√":
        return rf"\sqrt{{{inside}}}"
    return rf"{_function(sign)}\left({inside}\right)"


def _function(name: str) -> str:
    if name.startswith("Σ"):
        return rf"\textstyle\sum_{{{_words(name[1:].strip())}}}" if name[1:] else r"\textstyle\sum"
    if " " in name:
        return _words(name)
    if name in ("exp", "log", "det"):
        return rf"\{name}"
    word = name.rstrip("'")
    if len(word) == 1:
        return latex_name(word) + name[1:]
    written = word.replace("_", r"\_").removesuffix("ᵀ")
    raised = r"^{\top}" if word.endswith("ᵀ") else name[len(word) :]
    return rf"\operatorname{{{written}}}{raised}"


_SIGNS = {"→": r"\to", "×": r"\times", "…": r"\dots"}


def _words(text: str) -> str:
    plain = text.replace("−", "-").replace("_", r"\_")
    for sign, command in _SIGNS.items():
        plain = plain.replace(sign, rf"}} {command} \text{{")
    return rf"\text{{{plain}}}".replace(r"\text{}", "").strip()


def _latex_at(part: Formula, sign: str, place: int) -> str:
    text = formula_latex(part)
    fraction = isinstance(part, Operation) and part.sign == "/" and sign in INFIX
    return rf"\left({text}\right)" if _loose(part, sign, place) and not fraction else text


def _level(part: Formula) -> int:
    if isinstance(part, Leaf):
        return part.level
    if part.sign in INFIX:
        return INFIX[part.sign]
    if part.sign == "neg":
        return SIGN
    return POSTFIX if part.sign in SUFFIXES or part.sign[0] in "^[" else ATOM


def _loose(part: Formula, sign: str, place: int) -> bool:
    """Whether an operand needs brackets."""
    level = _level(part)
    if sign in SUFFIXES or sign == "^":
        return level < ATOM
    own = INFIX.get(sign, PRODUCT)
    if level == SIGN:
        return place > 0 or sign == "neg"
    if own == PRODUCT and level == PRODUCT and isinstance(part, Leaf):
        return place > 0
    if own == PRODUCT and level == PRODUCT and isinstance(part, Operation):
        # Products of one kind need no brackets in a row, nor does a number before a matrix.
        if part.sign == sign:
            return sign not in ("·", "⊙") and place > 0
        number = isinstance(part.operands[0], Leaf) and part.operands[0].text[0].isdigit()
        return place > 0 or not ("/" in (part.sign, sign) or number)
    if own == SUM and level == SUM:
        return place > 0 and sign == "−"
    return level < own
