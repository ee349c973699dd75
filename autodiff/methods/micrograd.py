"""The names by which programs written for micrograd know the parts of a `Value`.

Two things are otherwise on purpose: a gradient that was never computed is None, not 0, and a
second `backward` over a released graph raises, where micrograd adds up wrong gradients.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from autodiff.errors import NonDifferentiableError
from autodiff.graph.extras import extras_of
from autodiff.graph.node import Node
from autodiff.sweeps.pullbacks import AtIndex, Sweep, pull_value

__all__ = ["MICROGRAD_NAMES"]

_SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "relu": "ReLU"}


def _label(self: Any) -> str:
    """The name; empty if there is none."""
    return self.name or ""


def _set_label(self: Any, label: str) -> None:
    self.name = label or None


def _prev(self: Any) -> set[Node]:
    """The operands, each once."""
    return set(self.parents)


def _op(self: Any) -> str:
    """The operation in short, such as ``+`` or ``**2``; empty for a leaf."""
    if self.op is None:
        return extras_of(self).get("sign", "")
    name: str = self.op.name
    if name == "power":
        exponent: Any = self.parents[1]
        return f"**{exponent.data:g}" if not exponent.requires_grad else "**"
    return _SIGNS.get(name, name)


def _backward(self: Any) -> Callable[[], None]:
    """A function that adds to the operands' ``grad`` what this node's ``grad`` sends them."""
    return partial(_send, self)


def _set_backward(self: Any, function: Any) -> None:
    raise NonDifferentiableError(
        f"_backward was set on {self.describe()}, but derivatives stand in the table of "
        "operations; make an operation of your own with autodiff.custom_function"
    )


def _send(self: Any) -> None:
    if self.op is None:
        return
    if self.grad is None:
        raise NonDifferentiableError(
            f"_backward() of {self.describe()}, whose grad is None: a gradient that was never "
            "computed is None here, not 0; set grad = 1.0 on the result, and go from results "
            "to operands"
        )
    for parent, part in zip(self.parents, pull_value(self, self.grad, Sweep()), strict=True):
        if part is None:
            continue
        if part.__class__ is AtIndex:
            part = part.whole()
        before = parent._grad
        parent._grad = part if before is None else before + part


MICROGRAD_NAMES: dict[str, property] = {
    "label": property(_label, _set_label),
    "_prev": property(_prev),
    "_op": property(_op),
    "_backward": property(_backward, _set_backward),
}
"""Properties of a `Value`, by name."""
