"""Which operation of a graph has made a gradient wrong."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.graph.order import topological_order
from autodiff.ops.engine import value_conversion
from autodiff.ops.opaque import Opaque
from autodiff.ops.primitive import Elementwise
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor
from autodiff.testing.function_problem import FunctionProblem
from autodiff.testing.graph_problem import GraphProblem
from autodiff.testing.report import Report
from autodiff.testing.run import Plan, run
from autodiff.testing.second_order_problem import SecondOrderProblem
from autodiff.testing.verdicts import Verdict
from autodiff.values.functions import scalar_functions
from autodiff.values.value import Value

__all__ = ["is_wrong", "wrong_operations"]

_MOST_OPERATIONS = 40
# These stand between Values and tensors, and copy numbers only.
_COPIES = (value_conversion.from_values, value_conversion.to_value)
_PLAN = Plan(whole=24, samples=4, directions=2)


def is_wrong(report: Report) -> bool:
    """Whether a gradient was found to be wrong, not just hard to tell."""
    return bool(report.findings) or any(e.verdict is Verdict.WRONG for e in report.entries)


def wrong_operations(problem: GraphProblem, order: int = 1) -> list[str]:
    """Check every operation of a function by itself, at the operands it had.

    Args:
        problem: a function whose gradient is wrong.
        order: of the gradient that is wrong.

    Returns:
        Hints that name the operations whose rule is wrong, and where they were used.
    """
    _, result = problem.recorded(problem.x)
    nodes = topological_order(*(node for node, _ in result.roots()))
    found: list[str] = []
    unknown: dict[str, None] = {}
    seen: set[Any] = set()
    for node in nodes:
        key = (node.op, _settings(node), _shapes(node))
        if node.op is None or key in seen or len(seen) >= _MOST_OPERATIONS:
            continue
        seen.add(key)
        if node.op in _COPIES:
            continue
        report = _alone(node, order)
        if report is None:
            unknown[repr(node.op.name)] = None
        elif is_wrong(report):
            where = f", used at {node.origin[0]}:{node.origin[1]}" if node.origin else ""
            given = " and ".join(map(str, _shapes(node)))
            found.append(
                getattr(node.op, "convention", "")
                or f"{_rule_of(node)} fails its check by itself too, for operands "
                f"of shape {given}{where}"
            )
    if not found and seen and len(seen) < _MOST_OPERATIONS:
        beside = f", but for {', '.join(unknown)}, which cannot be checked so" if unknown else ""
        found.append(
            f"every operation is right by itself{beside}; look for numbers taken out of the graph "
            "(detach(), .data, numpy(), item()) or data changed on the way"
        )
    return list(dict.fromkeys(found))


def _again(node: Any) -> Any:
    """What computes a node of an opaque operation anew, if anything does."""
    return getattr(node.params.get("rule"), "again", None) if isinstance(node.op, Opaque) else None


def _rule_of(node: Any) -> str:
    name = repr(node.op.name)
    return f"the rule given to custom_function {name}" if _again(node) else f"the rule of {name}"


def _settings(node: Any) -> Any:
    """What beside its operands decides what an operation computes."""
    return id(node) if isinstance(node.op, Opaque) else repr(getattr(node, "params", {}))


def _shapes(node: Any) -> tuple[tuple[int, ...], ...]:
    return tuple(np.shape(parent.data) for parent in node.parents)


def _alone(node: Any, order: int) -> Report | None:
    entry, params = node.op, node.params
    scalar = isinstance(node, Value)
    if scalar and not isinstance(entry, Elementwise):
        return None
    inputs = [_operand(parent) for parent in node.parents]

    again = _again(node)

    def operation(*operands: Any) -> Any:
        if again is not None:
            return again(*operands)
        if scalar:
            return scalar_functions[entry.name](*operands, **params)
        return apply(entry, *operands, **params)

    try:
        problem = FunctionProblem(operation, inputs)
        if order == 2:
            return run(SecondOrderProblem(problem, np.random.default_rng(0)), _PLAN)
        return run(problem, _PLAN)
    except (TypeError, ValueError, LookupError, RuntimeError):
        # An operation that cannot run outside its graph is neither blamed nor cleared.
        return None


def _operand(parent: Any) -> Any:
    if isinstance(parent, Value):
        return Value(parent.data) if parent.requires_grad else parent.data
    if parent.dtype.kind not in "fc":
        return parent
    dtype = np.complex128 if parent.dtype.kind == "c" else np.float64
    return Tensor(parent.numpy(), dtype, requires_grad=parent.requires_grad)
