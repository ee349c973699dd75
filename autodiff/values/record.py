"""How a node of a `Value` is made: the lines of it, and a function printed from them.

Functions and operators on Values are generated with these lines in their middle, since a call
would cost a scalar operation a tenth of its time. What is written by hand calls `record`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autodiff.graph.clock import next_sequence
from autodiff.values.value import Value
from autodiff.writers.build import build

__all__ = ["lines_of_constant", "lines_of_node", "record"]


def lines_of_constant() -> list[str]:
    """The lines that make ``node``, a constant of the number ``y``."""
    return [
        "node = new(ConstantValue)",
        "node.data = y",
        "node.op = node.grad = node._total = None",
        "node._a = node._b = node._da = node._db = None",
        "node.sequence = next_sequence()",
    ]


def lines_of_node(links: Sequence[str], *, scoped: bool) -> list[str]:
    """The lines that make ``node``, a Value of the number ``y`` that came from ``entry``.

    Args:
        links: the lines that set what leads to the operands: ``_a`` and ``_b``, or all of them
            as a tuple in ``_a``; and in ``_da`` and ``_db`` the derivatives by them.
        scoped: whether ``mode``, the state of the code being run, may be within modules.

    The place in the user's code is ``code`` and ``instruction``.
    """
    lines = [
        "node = new(Value)",
        "node.data = y",
        "node.op = entry",
        *links,
        "node.grad = node._total = None",
        "node.sequence = next_sequence()",
    ]
    if scoped:
        lines += ["if mode.scope:", '    node._extras = {"scope": mode.scope}']
    return [*lines, "node._code = code", "node._instruction = instruction"]


_SOURCE = """\
def record(entry, y, operands, partials, mode, code, instruction):
    {}
    return node
"""
_LINKS = ["node._a = operands", "node._da = partials", "node._b = node._db = None"]

record: Callable[..., Value] = build(
    _SOURCE.format("\n    ".join(lines_of_node(_LINKS, scoped=True))),
    "record",
    "node of a Value",
    {"Value": Value, "new": Value.__new__, "next_sequence": next_sequence},
)
"""``record(entry, y, operands, partials, mode, code, instruction)``: the node of an operation.

``entry`` stands in the table, ``y`` is the number that it gave for the operands, ``partials`` are
the derivatives by each of them, ``mode`` is the state of the code being run, and ``code`` and
``instruction`` are the place in the user's code.
"""
