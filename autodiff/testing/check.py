"""The ways to check gradients that users call."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autodiff.tensors.tensor import Tensor
from autodiff.testing.function_problem import FunctionProblem
from autodiff.testing.graph_problem import GraphProblem
from autodiff.testing.parameter_problem import ParameterProblem
from autodiff.testing.problem import PairProblem, name_of, names_of
from autodiff.testing.report import GradientCheckError, Report, merged
from autodiff.testing.run import Plan, run
from autodiff.testing.second_order_problem import SecondOrderProblem
from autodiff.testing.verdicts import Verdict
from autodiff.testing.wrong_operations import is_wrong, wrong_operations

__all__ = [
    "assert_gradients",
    "check_model",
    "check_parameters",
    "check_vjp",
    "gradcheck",
]


def gradcheck(
    function: Callable[..., Any],
    *inputs: Any,
    names: Sequence[str] | None = None,
    order: int = 1,
    max_entries: int = 256,
    samples: int = 16,
    accept: Collection[str] = (),
    seed: int = 0,
) -> Report:
    """Check the gradients of a function against its values, in float64.

    First the structure is looked over: gradients present and of the right shape and type,
    the same in a second pass, linear in the cotangent, accumulating exactly. Then each
    entry is compared with a derivative extrapolated from differences of values (Ridders,
    1982), which comes with a bound of its error; there is no tolerance to choose. Inputs
    with more than ``max_entries`` entries are screened along random lines, and what is
    wrong is located. Layers of `nn`, which else bring their input to the float type of their
    parameters, keep float64 meanwhile.

    Args:
        function: takes a node for each input, returns a `Tensor` of any shape or a
            `Value` (or a tuple of them). It must compute the same each time. Of a function
            made with `custom_function` each rule is checked.
        *inputs: Tensors and arrays, which become Tensors; Values and Python numbers,
            which become Values. They are promoted to float64; the gradient of float32
            inputs is also computed in float32 and compared with that. The real and the
            imaginary parts of complex ones are checked each by itself, as are those of a
            complex result. What is of no such type is handed over as it is. If some of the
            nodes given need a gradient, the others are constants.
        names: of the inputs, for the report.
        order: 2 to check gradients of gradients too.
        max_entries: so many input entries are checked one by one.
        samples: of larger inputs, so many entries of each are checked one by one beside
            the screening.
        accept: verdicts to let pass, such as ``"jump"``.
        seed: for random lines and samples.

    Returns:
        The report; ``report.passed`` says whether all is well.

    Raises:
        NonDifferentiableError: no input is of a floating or complex type.

    Example:
        >>> import autodiff as ad
        >>> from autodiff.testing import gradcheck
        >>> report = gradcheck(lambda w, x: ad.tanh(w @ x), np.eye(2), np.array([1.0, 2.0]))
        >>> report.passed
        True
        >>> print(gradcheck(lambda x: x * x.detach(), 3.0).failures[0])
        x: analytic 3, numeric 6 ± ..., wrong
    """
    plan = Plan(max_entries, samples, seed=seed, accept=_verdicts(accept))
    rules = getattr(function, "rules", ())
    if len(rules) < 2:
        return _check(FunctionProblem(function, inputs, names), plan, order)
    # A custom function with two rules: neither may hide behind the other.
    made: Any = function
    alone = [made.only(rule) for rule in rules]
    return merged([_check(FunctionProblem(one, inputs, names), plan, order) for one in alone])


def assert_gradients(function: Callable[..., Any], *inputs: Any, **options: Any) -> None:
    """Check the gradients of a function and raise if they are wrong; for tests.

    Args:
        function: as for `gradcheck`.
        *inputs: as for `gradcheck`.
        **options: as for `gradcheck`.

    Raises:
        GradientCheckError: with the report, as its message and as ``error.report``.

    Example:
        >>> import autodiff as ad
        >>> assert_gradients(ad.sin, 0.3, order=2)
    """
    report = gradcheck(function, *inputs, **options)
    if not report.passed:
        raise GradientCheckError(report)


def check_vjp(
    value: Callable[..., Any],
    vjp: Callable[..., Any],
    *inputs: Any,
    names: Sequence[str] | None = None,
    max_entries: int = 256,
    samples: int = 16,
    accept: Collection[str] = (),
    seed: int = 0,
) -> Report:
    """Check a gradient written by hand against the function it belongs to.

    Args:
        value: ``value(*arrays)`` returns an array or a number.
        vjp: ``vjp(cotangent, *arrays)`` returns the gradient for each input, as an array
            of its shape or None for zeros: a tuple, or a bare array for a single input.
            Of complex numbers x + iy cotangents and gradients are ∂L/∂x + i ∂L/∂y.
        *inputs: arrays and numbers; they are promoted to float64, or to complex128.
        names: of the inputs.
        max_entries: as for `gradcheck`.
        samples: as for `gradcheck`.
        accept: as for `gradcheck`.
        seed: as for `gradcheck`.

    Returns:
        The report.

    Example:
        >>> check_vjp(np.sin, lambda g, x: g * np.cos(x), np.linspace(-3, 3, 7)).passed
        True
    """
    problem = PairProblem(value, vjp, inputs, names_of(value, inputs, names), name_of(value))
    return run(problem, Plan(max_entries, samples, seed=seed, accept=_verdicts(accept)))


def check_parameters(
    closure: Callable[[], Any],
    parameters: Mapping[str, Any],
    *,
    max_entries_per_parameter: int = 8,
    order: int = 1,
    state: Sequence[Any] = (),
    accept: Collection[str] = (),
    seed: int = 0,
    name: str = "closure",
) -> Report:
    """Check the gradients for all parameters that a computation reads.

    All entries take part in random lines; some of each parameter are checked one by one.
    The parameters are promoted to float64 for the time of the check; they and their
    gradients are left as they were found. Gradients for float32 parameters are then
    compared with those in float64.

    Args:
        closure: computes the loss (or any `Tensor` or `Value`) anew at each call. Random
            numbers drawn from the library's generator are the same in each call.
        parameters: the leaves, by name.
        max_entries_per_parameter: so many random entries of each are checked one by one.
        order: 2 to check gradients of gradients too.
        state: other tensors that the closure changes, such as running means; they are
            put back.
        accept: as for `gradcheck`.
        seed: for random lines and samples.
        name: of the computation, for the report.

    Returns:
        The report.

    Raises:
        ValueError: no parameter needs a gradient.

    Example:
        >>> import autodiff as ad
        >>> w = ad.Tensor([0.5, -1.0], requires_grad=True)
        >>> x = np.array([2.0, 3.0])
        >>> check_parameters(lambda: ad.tanh(w @ x), {"w": w}).passed
        True
    """
    problem = ParameterProblem(closure, parameters, state, name)
    plan = Plan(max_entries_per_parameter, max_entries_per_parameter, seed=seed)
    with problem.in_double_precision():
        return _check(problem, replace(plan, accept=_verdicts(accept)), order)


def check_model(
    model: Any,
    loss: Callable[..., Any],
    inputs: Any,
    *targets: Any,
    **options: Any,
) -> Report:
    """Check the gradients of a loss for all parameters of a model, on one small batch.

    Args:
        model: has ``named_parameters()``, and ``named_buffers()`` if it keeps state.
        loss: ``loss(model(inputs), *targets)`` is differentiated.
        inputs: what the model is called with.
        *targets: what the loss is called with beside the model's result.
        **options: as for `check_parameters`.

    Returns:
        The report.

    Example:
        >>> import nn
        >>> model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
        >>> x, labels = np.ones((5, 3)), np.array([0, 1, 0, 1, 1])
        >>> check_model(model, nn.CrossEntropyLoss(), x, labels).passed
        True
    """
    buffers: dict[str, Any] = dict(model.named_buffers()) if hasattr(model, "named_buffers") else {}
    return check_parameters(
        lambda: loss(model(inputs), *targets),
        dict(model.named_parameters()),
        state=[tensor for tensor in buffers.values() if isinstance(tensor, Tensor)],
        name=type(model).__name__,
        **options,
    )


def _check(problem: GraphProblem, plan: Plan, order: int) -> Report:
    if order not in (1, 2):
        raise ValueError(f"order must be 1 or 2, not {order!r}")
    report = run(problem, plan)
    if is_wrong(report):
        report = replace(report, hints=(*report.hints, *wrong_operations(problem)))
    if not report.passed:
        return report
    if order == 2:
        rng = np.random.default_rng(plan.seed)
        second = run(SecondOrderProblem(problem, rng), replace(plan, order=2))
        if is_wrong(second):
            second = replace(second, hints=(*second.hints, *wrong_operations(problem, order=2)))
        report = replace(report, second=second)
    return report


def _verdicts(accept: Collection[str]) -> Collection[str]:
    unknown = [name for name in accept if name not in list(Verdict)]
    if isinstance(accept, str) or unknown:
        known = ", ".join(verdict.value for verdict in Verdict)
        raise ValueError(f"accept={accept!r}: give a tuple of verdicts, out of {known}")
    return tuple(accept)
