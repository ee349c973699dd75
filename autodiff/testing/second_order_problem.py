"""Gradients of gradients as a problem like any other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.functions.reductions.reductions import sum as total
from autodiff.graph.modes import enable_grad
from autodiff.tensors.tensor import Tensor
from autodiff.testing.graph_problem import GraphProblem, collect, quiet, untouched
from autodiff.testing.input_layout import InputLayout
from autodiff.testing.noise import EPS
from autodiff.testing.problem import Problem
from autodiff.testing.report import Finding
from autodiff.values.value import Value

__all__ = ["SecondOrderProblem"]

Array = NDArray[np.float64]


class SecondOrderProblem(Problem):
    """The function ``x ↦ J(x)ᵀ v`` for a fixed random ``v``, with its gradient.

    Its value comes from a backward pass on arrays, which the first order was checked
    with; its gradient from one that makes nodes.

    Args:
        first: the problem of first order.
        rng: draws ``v``.
    """

    first: GraphProblem
    name: str
    layout: InputLayout
    x: Array
    shape: tuple[int, ...]

    def __init__(self, first: GraphProblem, rng: np.random.Generator) -> None:
        super().__init__()
        self.first, self.name = first, first.name
        self.layout, self.x = first.layout, first.x
        result = first.value(first.x)
        outputs = len(result)
        self._v = rng.choice([-1.0, 1.0], outputs) * rng.uniform(0.5, 1.5, outputs)

        self._size = float(np.abs(result) @ np.abs(self._v))

    def least_noise(self) -> Array:
        """See `Problem.least_noise`: gradients are rounded where the function is."""
        size = self._size if np.isfinite(self._size) else 0.0
        return np.asarray(EPS * size / self.layout.scales(self.x))

    def value(self, x: Array) -> Array:
        """See `Problem.value`."""
        self.shape = x.shape
        return np.asarray(self.first.vjp(x, [self._v])[0])

    def pull(self, x: Array, cotangents: Iterable[Array]) -> list[list[Any]]:
        """See `Problem.pull`."""
        found = []
        with enable_grad(), quiet():
            nodes, gradients, result = self._gradient_nodes(x)
            with untouched(result, nodes):
                for cotangent in cotangents:
                    inner = _inner(gradients, self.layout.split(cotangent))
                    if inner is not None:
                        inner.backward(retain_graph=True)
                    found.append(self.layout.halves(collect(nodes)))
        return found

    def _gradient_nodes(self, x: Array) -> tuple[list[Any], list[Any], Any]:
        nodes, result = self.first.graph(x)
        with untouched(result, nodes):
            result.backward(self._v, create_graph=True)
            return nodes, self.layout.halves(collect(nodes)), result

    def further_findings(self, rng: np.random.Generator) -> list[Finding]:
        """See `Problem.further_findings`."""
        findings = []
        with enable_grad(), quiet():
            _, gradients, _ = self._gradient_nodes(self.x)
        recorded = self.layout.join([None if g is None else g.data for g in gradients])
        plain = self.value(self.x)
        slack = 1e4 * EPS * np.abs(plain) + 64 * self.layout.rounding(self.x, plain, self._size)
        if (np.abs(recorded - plain) > slack).any():
            worst = int(np.argmax(np.abs(recorded - plain) - slack))
            findings.append(
                Finding(
                    "gradient with create_graph",
                    f"backward(create_graph=True) gives {recorded[worst]:.10g} where backward() "
                    f"gives {plain[worst]:.10g}; the two must be the same",
                )
            )
        return findings + self._asymmetry(plain, rng)

    def _asymmetry(self, gradient: Array, rng: np.random.Generator) -> list[Finding]:
        u, w = rng.standard_normal((2, self.layout.size))
        hu, hw = self.vjp(self.x, [u, w])
        slack = 1e-9 * (np.sum(np.abs(w * hu)) + np.sum(np.abs(u * hw)))
        noise = np.maximum(EPS * np.abs(gradient), self.least_noise())
        scales = self.layout.scales(self.x)
        for a, b in ((u, w), (w, u)):
            slack += 64 * (np.abs(a) @ noise) * np.sum(np.abs(b) / scales)
        if not np.isfinite(slack) or abs(w @ hu - u @ hw) <= slack:
            return []
        return [
            Finding(
                "symmetry of second derivatives",
                f"wᵀHu is {w @ hu:.10g}, but uᵀHw is {u @ hw:.10g} for random u and w; "
                "the rule of some operation does not differentiate in turn",
            )
        ]


def _inner(gradients: Sequence[Any], weights: Sequence[Array]) -> Any:
    """The inner product of gradient nodes with constants; None if nothing needs a gradient."""
    terms: list[Any] = []
    for gradient, weight in zip(gradients, weights, strict=True):
        if gradient is None or not gradient.requires_grad:
            continue
        if isinstance(gradient, Value):
            terms.append(gradient * float(weight))
        else:
            terms.append(total(gradient * Tensor(weight)))
    if not terms:
        return None
    result = terms[0]
    for term in terms[1:]:
        result = result + term
    return result
