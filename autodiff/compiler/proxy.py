"""The array that stands in for a real one while a step is being recorded.

It holds the real numbers, so that a recording run is an ordinary run; every NumPy
function it meets is carried out and noted by the tracer.
"""

from __future__ import annotations

from typing import Any

from autodiff.backends.interpreter import Interpreter
from autodiff.backends.standin import StandIn
from autodiff.compiler.program import Variable

__all__ = ["TraceArray"]


class TraceArray(StandIn):
    """An array under recording: its numbers, and the program's variable for it."""

    __slots__ = ("variable",)

    variable: Variable

    def __init__(self, interpreter: Interpreter, value: Any, variable: Variable) -> None:
        super().__init__(interpreter, value)
        self.variable = variable

    @property
    def base(self) -> None:
        """None: in whose memory it may lie is noted with the variable."""

    def __repr__(self) -> str:
        return f"TraceArray({self.variable.name or self.variable.kind}, shape={self.shape})"
