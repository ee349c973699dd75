"""The array that stands in for a real one while a step is being recorded.

It holds the real numbers, so that a recording run is an ordinary run; every NumPy
function it meets is carried out and noted by the tracer.
"""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from autodiff.backends.interpreter import Interpreter
from autodiff.backends.stand_in import StandIn
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

    def __getattr__(self, name: str) -> NoReturn:
        if not hasattr(np.ndarray, name) or name.startswith("_"):
            raise AttributeError(f"an array has no attribute {name!r}")
        remedy = f"numpy.{name}(x)" if hasattr(np, name) else "a function of autodiff or NumPy"
        raise AttributeError(
            f"in a compiled step an array has no attribute {name!r}, but shape, dtype, and the "
            f"methods of arithmetic, shape and sums; write {remedy}, or make it a tensor first, "
            "with autodiff.asarray(x)"
        )

    def __repr__(self) -> str:
        name = f" {self.variable.name}" if self.variable.name else ""
        return f"<array{name} of shape {self.shape}, {self.dtype}, in a step being recorded>"
