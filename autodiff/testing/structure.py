"""What must hold of any gradient, before a single number is compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.testing.input_layout import InputLayout
from autodiff.testing.noise import jitter
from autodiff.testing.problem import Problem, same
from autodiff.testing.report import Finding

__all__ = ["is_comparable", "structural_findings"]

Array = NDArray[np.float64]

# Rounding differs between cotangents; a rule that is not additive is off by far more.
_ADDITIVE = 1e-6
_FATAL = (
    "dtype of the gradient",
    "gradient function",
    "repeatability of the value",
    "shape of the gradient",
)


def is_comparable(findings: Sequence[Finding]) -> bool:
    """Whether numbers can be compared in spite of what was found."""
    return not any(finding.check in _FATAL for finding in findings)


def structural_findings(problem: Problem, rng: np.random.Generator) -> list[Finding]:
    """Look the value and the gradient over.

    Args:
        problem: the function, its gradient and the point.
        rng: for random cotangents.

    Returns:
        What is wrong; empty if nothing is.
    """
    findings = list(_of_the_value(problem))
    if not is_comparable(findings):
        return findings
    result = problem.value(problem.x)
    u, v = (_cotangent(result.shape, rng) for _ in range(2))
    raw = problem.pull(problem.x, [u])[0]
    findings += _of_the_shape(problem, raw)
    if is_comparable(findings):
        findings += _of_the_rule(problem, result, raw, u, v, rng)
    if problem.changed:
        changed = " and ".join(sorted(problem.changed))
        findings.append(
            Finding(
                "what was given stays unchanged",
                f"{changed} was modified in place; compute with a copy",
            )
        )
    return findings


def _cotangent(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    return np.asarray(rng.choice([-1.0, 1.0], shape) * rng.uniform(0.5, 1.5, shape))


def _of_the_value(problem: Problem) -> Iterator[Finding]:
    first, again = problem.value(problem.x), problem.value(problem.x)
    if not same(first, again):
        yield Finding(
            "repeatability of the value",
            f"two calls of {problem.name} at the same point differ by "
            f"{_largest(first - again):.2g}; if it draws random numbers, draw them once outside "
            "or from a generator made anew in each call",
        )
    elif not same(first, problem.fresh_value()):
        yield Finding(
            "value with and without gradients",
            f"{problem.name} computes something else when no gradient is recorded; the two "
            "must be the same",
        )


def _of_the_shape(problem: Problem, raw: Sequence[Any]) -> Iterator[Finding]:
    arguments = problem.layout.arguments
    if len(raw) != len(arguments):
        yield Finding(
            "gradient function",
            f"it returned {len(raw)} gradients for {len(problem.layout.names)} inputs; "
            "return one for each, or None",
        )
        return
    for argument, gradient in zip(arguments, raw, strict=True):
        if gradient is None:
            continue
        shape = np.shape(gradient)
        if shape != argument.shape:
            yield Finding(
                "shape of the gradient",
                f"the gradient for {argument.name!r} has shape {shape}, but the input has shape "
                f"{argument.shape}{_shape_hint(shape, argument.shape)}",
            )
        elif np.asarray(gradient).dtype.kind not in "f":
            yield Finding(
                "dtype of the gradient",
                f"the gradient for {argument.name!r} has dtype {np.asarray(gradient).dtype}, "
                f"but the input is floating-point",
            )


def _shape_hint(found: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    try:
        if np.broadcast_shapes(found, wanted) == found:
            return "; a broadcast input needs the sum of the gradient over the axes it was spread"
    except ValueError:
        pass
    if found == wanted[::-1]:
        return "; it is transposed"
    return ""


def _of_the_rule(
    problem: Problem,
    result: Array,
    raw: Sequence[Any],
    u: Array,
    v: Array,
    rng: np.random.Generator,
) -> Iterator[Finding]:
    layout, x = problem.layout, problem.x
    gradient = layout.join(raw)
    again, doubled, negated, other, zero = problem.vjp(x, [u, 2 * u, -u, v, 0 * u])
    if not same(gradient, again):
        yield _finding(layout, "repeatability of the gradient", gradient, again, "the same number")
    if np.isfinite(result).all() and not np.isfinite(gradient).all():
        position = int(np.flatnonzero(~np.isfinite(gradient))[0])
        yield Finding(
            "finite gradient where the function is finite",
            f"the gradient for {_place(layout, position)} is {gradient[position]}; if the "
            "derivative really is infinite there, check at another point",
        )
        return
    # Multiplication by 2 or -1 is exact, so linear rules commute with it to the last bit,
    # unless something leaves the range of normal numbers.
    tame = _tame(gradient)
    if not (same(doubled[tame], 2 * gradient[tame]) and same(negated[tame], -gradient[tame])):
        wrong = np.where(doubled != 2 * gradient, doubled / 2, -negated)
        yield _finding(layout, "linearity in the cotangent", wrong, gradient, "the same number")
        return
    (both,) = problem.vjp(x, [u - 3 * v])
    expected = gradient - 3 * other
    slack = _ADDITIVE * (np.abs(gradient) + 3 * np.abs(other) + layout.scales(expected))
    moved = jitter(x, rng)
    for cotangent, here in ((u, gradient), (3 * v, 3 * other)):
        slack += 16 * np.abs(problem.vjp(moved, [cotangent])[0] - here)
        slack += 64 * layout.rounding(x, here, float(np.abs(cotangent) @ np.abs(result)))
    beyond = np.abs(both - expected) > slack
    if beyond.any():
        worst = np.where(beyond, both, expected)
        yield _finding(layout, "linearity in the cotangent", worst, expected, "their combination")
    if zero.any():
        yield _finding(layout, "zeros for a zero cotangent", zero, np.zeros_like(zero), "zero")
    twice = problem.pull_twice(u)
    if twice is not None and not same(layout.join(twice), 2 * gradient):
        what = "accumulation over two backward passes"
        yield _finding(layout, what, layout.join(twice), 2 * gradient, "exactly twice the gradient")


def _tame(gradient: Array) -> NDArray[np.bool_]:
    size = np.abs(gradient)
    return np.asarray(((size > 1e-290) & (size < 1e290)) | (size == 0))


def _finding(layout: InputLayout, check: str, found: Array, expected: Array, what: str) -> Finding:
    with np.errstate(invalid="ignore"):
        off = np.abs(found - expected)
    off = np.where(np.isfinite(off), off, np.inf)
    position = int(np.argmax(off))
    return Finding(
        check,
        f"the gradient for {_place(layout, position)} is {found[position]:.10g}, expected {what} "
        f"({expected[position]:.10g})",
    )


def _place(layout: InputLayout, position: int) -> str:
    argument = layout.arguments[layout.argument_of(position)]
    index = layout.index_of(position)
    return argument.name + (f"[{', '.join(map(str, index))}]" if index else "")


def _largest(array: Array) -> float:
    return float(np.max(np.abs(array), initial=0.0))
