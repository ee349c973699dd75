"""What the table says an operand receives, as a formula: read from its text, written as LaTeX too.

The rules of `autodiff.ops.notation.Factor` are Unicode text, such as ``{0}ᵀ · g`` or
``y ⊙ (g − Σ(g ⊙ y))``. Here they become trees, in which ``g`` and the operands can be replaced
by formulas in turn, with the brackets that these need and no others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from autodiff.writers.literals import latex_name

__all__ = ["Formula", "Leaf", "Operation", "filled", "formula_latex", "formula_text", "read_rule"]

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

_INFIX = {"+": SUM, "−": SUM, "·": PRODUCT, "⊙": PRODUCT, "⊗": PRODUCT, "/": PRODUCT, "∗": PRODUCT}
_INFIX |= {"⋆": PRODUCT, "⋆ᵀ": PRODUCT, "⋆ᵂ": PRODUCT}
_POSTFIX = {"ᵀ": r"^{\top}", "ᴴ": r"^{\mathsf{H}}", "⁻ᵀ": r"^{-\top}", "⁻¹": "^{-1}", "²": "^{2}"}
_LATEX = {
    "−": "-", "·": "", "⊙": r"\odot", "⊗": r"\otimes", "∗": "*", "⋆": r"\star",
    "⋆ᵀ": r"\star^{\top}", "⋆ᵂ": r"\star^{W}", "+": "+",
}  # fmt: skip
_TOKEN = re.compile(
    r"\s*(\{\w+\}|⁻ᵀ|⁻¹|⋆ᵀ|⋆ᵂ|[ᵀᴴ²]|\d+(?:\.\d+)?|[^\W\d][\w'ⱼᵢ]*(?<![ᵀᴴ²])|[-+−·⊙⊗/∗⋆^()|√Σ,])"
)


def read_rule(rule: str) -> tuple[Formula | None, str]:
    """A rule of the table as a formula of ``g``, ``y`` and ``{0}``, ``{1}`` …, and what it adds.

    Args:
        rule: a formula, which words may follow behind a comma, or words alone.

    Returns:
        The formula, None where the rule is words; and the words, empty if there are none.

    Example:
        >>> formula, words = read_rule("g / n, with n elements to each mean")
        >>> formula_text(formula), words
        ('g / n', 'with n elements to each mean')
        >>> read_rule("g rolled back")
        (None, 'g rolled back')
    """
    head, words = _parted(rule)
    try:
        reader = _Reader(head)
        found = reader.sum()
    except _UnreadError:
        return None, rule
    return (found, words) if reader.done else (None, rule)


def _parted(rule: str) -> tuple[str, str]:
    depth = 0
    for place, char in enumerate(rule):
        depth += (char in "({[") - (char in ")}]")
        if not depth and rule.startswith(", ", place):
            return rule[:place], rule[place + 2 :]
    return rule, ""


class _UnreadError(Exception):
    """This is no formula."""


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        place = 0
        while place < len(text.rstrip()):
            found = _TOKEN.match(text, place)
            if found is None:
                raise _UnreadError
            self.tokens.append(found[1])
            place = found.end()
        self.place = 0

    @property
    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    @property
    def done(self) -> bool:
        return self.place == len(self.tokens)

    def take(self, wanted: str = "") -> str:
        token = self.next
        if not token or (wanted and token != wanted):
            raise _UnreadError
        self.place += 1
        return token

    def sum(self) -> Formula:
        found = self.product()
        while self.next in ("+", "−"):
            found = Operation(self.take(), (found, self.product()))
        return found

    def product(self) -> Formula:
        found = self.signed()
        while _INFIX.get(self.next) == PRODUCT:
            found = Operation(self.take(), (found, self.signed()))
        return found

    def signed(self) -> Formula:
        if self.next == "−":
            self.take()
            return Operation("neg", (self.signed(),))
        return self.power()

    def power(self) -> Formula:
        found = self.atom()
        while self.next in _POSTFIX:
            found = Operation(self.take(), (found,))
        if self.next == "^":
            self.take()
            return Operation("^", (found, self.atom()))
        return found

    def atom(self) -> Formula:
        token = self.take()
        if token == "(":
            found = self.sum()
            self.take(")")
            return found
        if token == "|":
            found = self.sum()
            self.take("|")
            return Operation("|", (found,))
        if token in ("√", "Σ") or (self.next == "(" and token[0].isalpha()):
            return Operation(token, self.operands())
        if token[0] == "{" or token[0].isalnum():
            plain = token[0] == "{" or token[0].isdigit()
            return Leaf(token, token if plain else latex_name(token))
        raise _UnreadError

    def operands(self) -> tuple[Formula, ...]:
        self.take("(")
        found = [self.sum()]
        while self.next == ",":
            self.take()
            found.append(self.sum())
        self.take(")")
        return tuple(found)


def filled(formula: Formula, parts: Mapping[str, Formula]) -> Formula:
    r"""The formula with leaves replaced, by their text.

    Example:
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
    if sign in _INFIX:
        return f" {sign} ".join(_text_at(part, sign, i) for i, part in enumerate(operands))
    if sign == "neg":
        return f"−{_text_at(operands[0], sign, 1)}"
    if sign in _POSTFIX:
        inner = operands[0]
        if isinstance(inner, Leaf) and sign == "ᵀ" and inner.text.endswith("ᵀ"):
            return inner.text[:-1]
        return f"{_text_at(inner, sign, 0)}{sign}"
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
    if sign in _INFIX:
        between = f" {_LATEX[sign]} ".replace("  ", " ")
        return between.join(_latex_at(part, sign, i) for i, part in enumerate(operands))
    if sign == "neg":
        return f"-{_latex_at(operands[0], sign, 1)}"
    if sign in _POSTFIX:
        inner = operands[0]
        if sign == "ᵀ" and isinstance(inner, Leaf) and inner.latex.endswith(r"^{\top}"):
            return inner.latex.removesuffix(r"^{\top}")
        return f"{_latex_at(inner, sign, 0)}{_POSTFIX[sign]}"
    if sign == "^":
        return f"{{{_latex_at(operands[0], sign, 0)}}}^{{{formula_latex(operands[1])}}}"
    inside = ", ".join(map(formula_latex, operands))
    if sign == "|":
        return rf"\left|{inside}\right|"
    if sign == "√":
        return rf"\sqrt{{{inside}}}"
    return rf"{_function(sign)}\left({inside}\right)"


def _function(name: str) -> str:
    if name.startswith("Σ"):
        over = name[1:].strip()
        return rf"\textstyle\sum_{{\text{{{over}}}}}" if over else r"\textstyle\sum"
    if name in ("exp", "log", "det"):
        return rf"\{name}"
    word = name.rstrip("'")
    if len(word) == 1:
        return latex_name(word) + name[1:]
    written = word.replace("_", r"\_").replace(" ", r"\ ").removesuffix("ᵀ")
    raised = r"^{\top}" if word.endswith("ᵀ") else name[len(word) :]
    return rf"\operatorname{{{written}}}{raised}"


def _latex_at(part: Formula, sign: str, place: int) -> str:
    text = formula_latex(part)
    fraction = isinstance(part, Operation) and part.sign == "/" and sign in _INFIX
    return rf"\left({text}\right)" if _loose(part, sign, place) and not fraction else text


def _level(part: Formula) -> int:
    if isinstance(part, Leaf):
        return part.level
    if part.sign in _INFIX:
        return _INFIX[part.sign]
    if part.sign == "neg":
        return SIGN
    return POSTFIX if part.sign in _POSTFIX or part.sign == "^" else ATOM


def _loose(part: Formula, sign: str, place: int) -> bool:
    """Whether an operand needs brackets."""
    level = _level(part)
    if sign in _POSTFIX or sign == "^":
        return level < ATOM
    own = _INFIX.get(sign, PRODUCT)
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
