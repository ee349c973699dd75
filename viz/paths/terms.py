"""What an explanation consists of: plain text and numbers."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Check", "Delta", "Local", "PathProduct", "Share"]


@dataclass(frozen=True, slots=True)
class Local:
    """The derivative of one node by one of its operands.

    Attributes:
        node: name of the node.
        operand: name of the operand.
        held: names of other operands that depend on this one, which the derivative holds fixed.
        use: which use of the operand by the node it is, from 1; 0 where there is but one.
        formula: the derivative in symbols, such as ``1 − h²``.
        latex: the same as LaTeX.
        value: its number.
    """

    node: str
    operand: str
    held: tuple[str, ...]
    use: int
    formula: str
    latex: str
    value: float


@dataclass(frozen=True, slots=True)
class PathProduct:
    """One path from the result back to what it is differentiated by.

    Attributes:
        nodes: the names along it, the result first.
        steps: the local derivative of each step.
        formula: their product in symbols, simplified.
        latex: the same as LaTeX.
        value: the product as a number.
    """

    nodes: tuple[str, ...]
    steps: tuple[Local, ...]
    formula: str
    latex: str
    value: float

    def briefly(self, most: int) -> tuple[Local, ...]:
        """The steps; of a longer path than ``most`` those whose derivative is not simply 1."""
        if len(self.steps) <= most:
            return self.steps
        return tuple(step for step in self.steps if step.formula != "1")


@dataclass(frozen=True, slots=True)
class Share:
    """What a node sends to one of its operands: δ of the node times a local derivative.

    Attributes:
        step: the local derivative.
        arriving: δ of the node.
        value: what is sent.
    """

    step: Local
    arriving: float
    value: float


@dataclass(frozen=True, slots=True)
class Delta:
    """The derivative of the result by one node, as the sum of what its readers send.

    Attributes:
        node: its name.
        shares: one for each use of the node that is told.
        untold: how many further uses there are.
        untold_value: what those send.
        value: the sum of all; 1 for the result itself.
    """

    node: str
    shares: tuple[Share, ...]
    untold: int
    untold_value: float
    value: float


@dataclass(frozen=True, slots=True)
class Check:
    """The gradient found in another way.

    Attributes:
        name: which way, such as ``finite differences``.
        value: what is found there.
        error: how far it is from the explained gradient.
        allowed: how far it may be.
        agrees: whether it is no farther.
        note: what else is to be said.
    """

    name: str
    value: float
    error: float
    allowed: float
    agrees: bool
    note: str = ""
