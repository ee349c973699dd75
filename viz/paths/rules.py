"""The factor of each wire as a formula of δ, from the table's own rules."""

from __future__ import annotations

import math
import re
from typing import Any

from autodiff.ops.notation import Factor, Place, factor_at, summed_text
from autodiff.ops.primitive import Structural
from autodiff.symbolic import Apply, Constant, Expression, Symbol
from autodiff.writers.literals import latex_name, latex_number, text_number
from autodiff.writers.rule_reader import read_rule
from autodiff.writers.rules import (
    ATOM,
    PRODUCT,
    SUM,
    Formula,
    Leaf,
    Operation,
    filled,
    formula_text,
)
from autodiff.writers.text import to_latex, to_text
from viz.paths.between import Between
from viz.paths.names import Names
from viz.text.formulas import partial_formula
from viz.text.iverson_brackets import bracketed, bracketed_latex

__all__ = ["ONE", "ONES", "Rules", "delta", "shape_of"]

ONE, ONES = Leaf("1", "1"), Leaf("ones", r"\mathbf{1}")
"""The derivative of the result by itself, and what becomes of it where it is repeated."""


def shape_of(node: Any) -> tuple[int, ...]:
    """The shape of a node; that of a number for a `Value`."""
    found: tuple[int, ...] = getattr(node, "shape", ())
    return found


def delta(name: str, shape: tuple[int, ...]) -> Leaf:
    """δ of a node by name."""
    return Leaf(f"δ_{name}", rf"\delta_{{{latex_name(name)}}}", shape=shape)


class Rules:
    """Writes what operands receive.

    Args:
        part: what lies between a result and a tensor.
        names: what its nodes are called.

    Attributes:
        words: for each word that stands in a formula what it means.
    """

    def __init__(self, part: Between, names: Names) -> None:
        self.part: Between = part
        self.names: Names = names
        self.words: dict[str, str] = {}

    def received(self, reader: int, position: int, g: Formula) -> Formula:
        """What an operand receives of the gradient ``g`` of the result."""
        node = self.part.nodes[reader]
        if isinstance(node.op, Structural):
            return self._structural(node, position, g)
        found = partial_formula(
            node.op, position, self.names.operands(node), self.names[node], node.params
        )
        if found is None:
            return self._word(f"{node.op.name}ᵀ", "what its own rule makes of g", g)
        scalar = shape_of(node) == ()
        shape = shape_of(node)
        if isinstance(found, Symbol) and found.name in self.names.operands(node):
            # An operand as it is, which may have been broadcast.
            place = self.names.operands(node).index(found.name)
            shape = shape_of(node.parents[place])
        product = _times(g, found, shape, "·" if scalar else "⊙")
        over = summed_text(shape_of(node.parents[position]), shape_of(node))
        return Operation(over, (product,)) if over else product

    def _structural(self, node: Any, position: int, g: Formula) -> Formula:
        shapes = [shape_of(parent) for parent in node.parents]
        factor = factor_at(node.op.factors, Place(shapes, shape_of(node), node.params, position))
        if factor.label == "gᵀ" and len(shapes[0]) == 2:
            return Operation("ᵀ", (g,))
        parts = self._parts(node)
        repeated = shape_of(node.parents[position]) != shape_of(node)
        g = ONES if g == ONE and repeated and node.op.name in ("sum", "mean") else g
        if g == ONES and node.op.name == "sum":
            return g
        formula, words = read_rule(factor.rule)
        taught = read_rule(f"g {factor.label}")[0] if factor.label[:1] in ("⊙", "·") else None
        if taught is not None and (formula is None or "with p =" in words):
            # The label is what is taught, as p − y; the rule says what is meant.
            parts.pop("y")
            meant = _spelt(factor.rule, parts)
            self.words[formula_text(filled(taught, parts))] = meant
            return _tidy(filled(taught, {**parts, "g": g}))
        if formula is None or "with m =" in words:
            return self._worded(node, factor, parts, g)
        if words:
            self.words[formula_text(filled(formula, parts))] = _counted(words, node, parts)
        return _tidy(filled(formula, {**parts, "g": g}))

    def _worded(self, node: Any, factor: Factor, parts: dict[str, Formula], g: Formula) -> Formula:
        """What is no formula: a part of g, or a word with its meaning."""
        label = _spelt(factor.label, parts)
        if re.fullmatch(r"g\[.*\]", label):
            return Operation(label[1:], (g,))
        if label == "1 each":
            label = "repeat"
        word = label if re.fullmatch(r"[A-Za-fh-zΣ][\w ,→:×…−\[\]]*", label) else f"{node.op.name}ᵀ"
        return self._word(word, _spelt(factor.rule, parts), g)

    def _parts(self, node: Any) -> dict[str, Formula]:
        parts: dict[str, Formula] = {}
        for i, given in enumerate(self.names.operands(node)):
            parts[f"{{{i}}}"] = (
                Leaf(given, latex_name(given), shape=shape_of(node.parents[i]))
                if isinstance(given, str)
                else _number(given)
            )
        result = self.names[node]
        parts["y"] = Leaf(result, latex_name(result), shape=shape_of(node))
        for name, value in node.params.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                parts[name] = _number(value)
        return parts

    def _word(self, word: str, meaning: str, g: Formula) -> Formula:
        self.words[f"{word}(g)"] = meaning
        return Operation(word, (g,))


def _number(value: float) -> Leaf:
    written = text_number(value)
    level = ATOM if written.level >= 4 and value >= 0 else SUM
    return Leaf(written.text, latex_number(value).text, level, ())


def _spelt(rule: str, parts: dict[str, Formula]) -> str:
    return re.sub(r"\{\d+\}", lambda m: formula_text(parts.get(m[0], Leaf("·", ""))), rule)


def _counted(words: str, node: Any, parts: dict[str, Formula]) -> str:
    """The words with the number of elements to each result, where they speak of n."""
    size = math.prod(shape_of(node.parents[0])) // max(1, math.prod(shape_of(node)))
    return re.sub(r"\bn elements\b", f"n = {size} elements", _spelt(words, parts))


def _times(g: Formula, found: Expression, shape: tuple[int, ...], sign: str) -> Formula:
    if isinstance(found, Constant):
        if found.number == 1:
            return g
        if found.number == -1:
            return Operation("neg", (g,))
        return _tidy(Operation("·", (_number(float(found.number)), g)))
    if isinstance(found, Apply) and found.name == "divide" and found.args[0] == Constant(1):
        return Operation("/", (g, _leaf(found.args[1], shape)))
    return _tidy(Operation(sign, (g, _leaf(found, shape))))


def _leaf(found: Expression, shape: tuple[int, ...]) -> Leaf:
    text = bracketed(found) or to_text(found)
    level = ATOM
    if isinstance(found, Apply):
        level = {"add": SUM, "subtract": SUM, "negative": SUM}.get(found.name, level)
        level = PRODUCT if found.name in ("multiply", "divide") else level
    return Leaf(text, bracketed_latex(found) or to_latex(found), level, shape)


def _tidy(formula: Formula) -> Formula:
    """The same without factors 1, divisors of 1 taken over by what it is multiplied with."""
    if not isinstance(formula, Operation):
        return formula
    operands = tuple(_tidy(part) for part in formula.operands)
    if formula.sign in ("⊙", "·") and len(operands) == 2:
        for one, other in (operands, operands[::-1]):
            if one == ONE or (one == ONES and formula.sign == "⊙"):
                return other
            share = isinstance(one, Operation) and one.sign == "/" and one.operands[0]
            if share and share in (ONE, ONES) and formula.sign == "⊙":
                assert isinstance(one, Operation)
                return Operation("/", (other, one.operands[1]))
    return Operation(formula.sign, operands)
