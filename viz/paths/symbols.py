"""Local derivatives and products of them in symbols, from the table's own rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autodiff.ops.primitive import Elementwise
from autodiff.symbolic import Apply, Constant, Expression, Symbol, simplify
from autodiff.writers.text import to_latex, to_text
from viz.paths.best import Step
from viz.paths.between import Between, Use
from viz.paths.names import Names
from viz.paths.terms import Local, PathProduct
from viz.paths.written import LISTED, bracketed_factor
from viz.text.formulas import partial_formula, plain_params, written_operand
from viz.text.iverson_brackets import bracketed, bracketed_latex

__all__ = ["Symbols", "sum_terms"]

_ONE = Constant(1)

SHORT, LONGEST = 12, 60
"""Steps and characters of a formula that is written out."""

SEARCHED = 2_000
"""Nodes to look at, at most, for whether one operand depends on another."""


class Symbols:
    """Writes what lies between a result and a node.

    Args:
        part: what lies between.
        names: what its nodes are called.
    """

    def __init__(self, part: Between, names: Names) -> None:
        self.part: Between = part
        self.names: Names = names

    def local(self, number: int, use: Use, held: bool = True) -> Local:
        """The derivative of a node by one of its operands.

        Args:
            number: of the node.
            use: the operand.
            held: whether to look for what the derivative holds fixed.
        """
        node = self.part.nodes[number]
        operand = node.parents[use.position]
        places = [i for i, parent in enumerate(node.parents) if parent is operand]
        formula = self._formula(number, use.position)
        return Local(
            self.names[node],
            self.names[operand],
            self._held(number, use) if held else (),
            places.index(use.position) + 1 if len(places) > 1 else 0,
            _text(formula),
            bracketed_latex(formula) or to_latex(formula),
            float(use.slope),
        )

    def path(self, steps: tuple[Step, ...], value: float) -> tuple[PathProduct, Expression]:
        """A path with its product, and the product as a formula."""
        formulas = [self._formula(*step) for step in steps]
        told = [len(steps) <= LISTED or formula != _ONE for formula in formulas]
        locals_ = [
            self.local(number, self._use(number, position), held)
            for (number, position), held in zip(steps, told, strict=True)
        ]
        product = _product(_as_written(formula) for formula in formulas)
        cases = [latex for formula in formulas if (latex := bracketed_latex(formula))]
        plain = _product(formula for formula in formulas if not bracketed_latex(formula))
        latex = r" \cdot ".join([to_latex(plain)] * (plain != _ONE) + cases) or "1"
        nodes = [self.names[self.part.nodes[number]] for number, _ in steps]
        end = self.names[self.part.nodes[0]]
        path = PathProduct((*nodes, end), tuple(locals_), to_text(product), latex, value)
        return path, product

    def whole(self, root: Any) -> str:
        """What a result was computed as, down to the leaves; empty if that is long."""
        if len(self.part.nodes) > SHORT:
            return ""
        formula = self._computed(root, SHORT)
        text = "" if formula is None else f"{self.names[root]} = {to_text(formula)}"
        return text if len(text) <= LONGEST else ""

    def _computed(self, node: Any, left: int) -> Expression | None:
        if node.op is None or left <= 0 or not isinstance(node.op, Elementwise):
            return None
        operands: list[Expression] = []
        for parent, given in zip(node.parents, self.names.operands(node), strict=True):
            inner = None if parent.op is None else self._computed(parent, left - 1)
            if inner is None and parent.op is not None:
                return None
            operands.append(inner if inner is not None else written_operand(given))
        return Apply(node.op.name, tuple(operands), tuple(plain_params(node.params).items()))

    def _use(self, number: int, position: int) -> Use:
        return next(use for use in self.part.uses[number] if use.position == position)

    def _formula(self, number: int, position: int) -> Expression:
        node: Any = self.part.nodes[number]
        found = partial_formula(
            node.op, position, self.names.operands(node), self.names[node], node.params
        )
        return Constant(self._use(number, position).slope) if found is None else found

    def _held(self, number: int, use: Use) -> tuple[str, ...]:
        node = self.part.nodes[number]
        others = {other.operand for other in self.part.uses[number]} - {use.operand}
        return tuple(
            self.names[self.part.nodes[other]]
            for other in sorted(others)
            if other > use.operand and self._depends(other, use.operand)
            and any(self.part.nodes[other] is parent for parent in node.parents)
        )  # fmt: skip

    def _depends(self, later: int, earlier: int) -> bool:
        seen, stack = {later}, [later]
        while stack and len(seen) < SEARCHED:
            for use in self.part.uses[stack.pop()]:
                if use.operand == earlier:
                    return True
                if use.operand > earlier and use.operand not in seen:
                    seen.add(use.operand)
                    stack.append(use.operand)
        return False


def _product(factors: Iterable[Expression]) -> Expression:
    product: Expression = _ONE
    for factor in factors:
        if factor != _ONE:
            product = simplify(product * factor)
    return product


def _text(formula: Expression) -> str:
    return bracketed(formula) or to_text(formula)


def _as_written(formula: Expression) -> Expression:
    """A derivative by cases as one symbol, so that products of it stay short."""
    if isinstance(formula, Apply) and (cases := bracketed(formula)):
        return Symbol(cases)
    return formula


def sum_terms(total: Expression) -> list[str]:
    """A sum as its terms, all but the first with their sign.

    >>> x, y = Symbol("x"), Symbol("y")
    >>> sum_terms(x * y - y + (x - 1))
    ['x · y', '− y', '+ (x − 1)']
    """
    if isinstance(total, Apply) and total.name in ("add", "subtract"):
        first, last = total.args
        sign = "+" if total.name == "add" else "−"
        return [*sum_terms(first), f"{sign} {bracketed_factor(_text(last))}"]
    return [_text(total)]
