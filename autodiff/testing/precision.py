"""Gradients in float32, held against the float64 ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from autodiff.testing.noise import EPS, unsteadiness
from autodiff.testing.problem import Problem
from autodiff.testing.report import Finding

__all__ = ["low_precision_findings"]

Array = NDArray[np.float64]

# Rounding errors of one operation, in units of the type's resolution; generous, since
# what is looked for is a gradient computed in the wrong way or in the wrong type.
_PER_OPERATION = 16


def low_precision_findings(problem: Problem, rng: np.random.Generator) -> list[Finding]:
    """Check that gradients have their inputs' dtype and are right to its precision.

    A gradient in low precision is never compared with differences of values in low
    precision. The bound is ``c·√depth·eps`` times the size of the argument's gradient,
    and what moving all inputs by a few units in the last place changes.

    Args:
        problem: the function; only inputs narrower than float64 are looked at.
        rng: for the random cotangent.
    """
    value = problem.value(problem.x)
    cotangent = np.asarray(rng.choice([-1.0, 1.0], value.shape))
    low = problem.low_precision(cotangent)
    if low is None:
        return []
    x, layout = problem.x, problem.layout
    exact = problem.vjp(x, [cotangent])[0]
    narrow = np.concatenate(
        [np.full(a.size, float(np.finfo(a.dtype).eps)) for a in layout.arguments]
    )
    spread = np.zeros_like(exact)
    for _ in range(3):
        moved = x * (1 + 2 * narrow * rng.choice([-1.0, 1.0], x.shape))
        spread = np.maximum(spread, np.abs(problem.vjp(moved, [cotangent])[0] - exact))
    # Where terms cancel, float64 shows its own rounding, and float32 as much more of it.
    own = unsteadiness(lambda point: problem.vjp(point, [cotangent])[0], x, exact, rng)
    spread += own * narrow / EPS
    rounding = layout.rounding(x, exact, float(np.abs(value).sum())) * narrow / EPS
    sizes = np.where(np.isfinite(exact), np.abs(exact), 0.0)
    findings = []
    for argument, gradient in zip(layout.arguments, low.parts, strict=True):
        if gradient is None or argument.dtype.itemsize >= 8:
            continue
        entries = argument.entries
        if np.asarray(gradient).dtype != argument.dtype:
            findings.append(
                Finding(
                    "dtype of the gradient",
                    f"the gradient for {argument.name!r} has dtype {np.asarray(gradient).dtype}, "
                    f"but the input has {argument.dtype}; the rule must keep the input's type",
                )
            )
        eps = float(np.finfo(argument.dtype).eps)
        scale = sizes[entries].max(initial=0.0)
        bound = _PER_OPERATION * np.sqrt(low.depth + 1) * eps * scale
        bound = bound + 8 * spread[entries] + 4 * rounding[entries]
        off = np.abs(np.asarray(gradient, np.float64).ravel() - exact[entries])
        if (off > bound).any():
            worst = int(np.argmax(off - bound))
            findings.append(
                Finding(
                    f"gradient in {argument.dtype}",
                    f"that for {argument.name!r} is {off[worst]:.2g} away from the float64 "
                    f"gradient {exact[entries][worst]:.6g} at entry {worst}; rounding explains "
                    f"{bound[worst]:.2g}",
                )
            )
    return findings
