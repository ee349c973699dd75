"""Every entry of the table with complex operands: refused by name, or with right gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops import Elementwise, Structural
from autodiff.tensors.operations import apply as apply_entry
from tests.autodiff.reference import same, slopes
from tests.autodiff.table.elementwise_samples import DIFFERENTIABLE, apply, operands_for
from tests.autodiff.table.structural_samples import SAMPLED, samples

ENTRIES = [*DIFFERENTIABLE, *SAMPLED]


def _adjoint(x: Any) -> Any:
    return ad.conjugate(ad.swapaxes(x, -1, -2))


def _without_phases(y: Any, rows: tuple[int, ...]) -> Any:
    """Of blocks of rows with a common phase in each column, what does not depend on it."""
    blocks, start = [], 0
    for count in rows:
        blocks.append(y[..., start : start + count, :])
        start += count
    values, vectors = blocks[1], ad.concatenate([blocks[0], blocks[2]], axis=-2)
    weights = np.cos(np.arange(vectors.shape[-1]) + 1.0)
    return ad.concatenate(
        [ad.sum(values, axis=-2).reshape(-1), ((vectors * weights) @ _adjoint(vectors)).reshape(-1)]
    )


# What is tested of these: `mirror` reads one triangle, but its gradient is that of a Hermitian
# matrix as a whole; eigenvectors and singular vectors have no phase of their own.
PARTICULAR: dict[str, Callable[..., Any]] = {
    "mirror": lambda entry, x, **params: apply_entry(entry, x + _adjoint(x), **params),
    "eig": lambda entry, x: _without_phases(apply_entry(entry, x), (0, 1, x.shape[-1])),
    "eigh": lambda entry, x: _without_phases(apply_entry(entry, x), (0, 1, x.shape[-1])),
    "svd": lambda entry, x: _without_phases(apply_entry(entry, x), (x.shape[-2], 1, x.shape[-1])),
}

each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)


def turned(x: Any, k: int = 0, low: float = 0.2) -> Any:
    """Real numbers with imaginary parts added, other kinds as they are."""
    rng = np.random.default_rng(40 + k)
    if x.dtype.kind != "f":
        return x
    return np.asarray(x + 1j * rng.uniform(low, low + 0.5, x.shape) * rng.choice([-1, 1], x.shape))


def cases(entry: Any) -> Iterator[tuple[Callable[..., Any], list[Any]]]:
    """Functions of the operands, each with complex ones, and with one of them real."""
    if isinstance(entry, Elementwise):
        real = operands_for(entry, np.random.default_rng(20), (2, 3))
        yield (lambda *x: apply(entry, *x)), [turned(x, k) for k, x in enumerate(real)]
        if entry.arity == 2:
            yield (lambda *x: apply(entry, *x)), [real[0], turned(real[1])]
            yield (lambda *x: apply(entry, *x)), [turned(real[0]), real[1]]
        return
    assert isinstance(entry, Structural)
    for real, params in samples(entry):
        if params.get("dtype") is not None:
            params = {"dtype": np.dtype(np.complex64)}
        applied = PARTICULAR.get(entry.name, apply_entry)
        function = lambda *x, p=params, f=applied: f(entry, *x, **p)  # noqa: E731
        yield function, [turned(x, k) for k, x in enumerate(real)]
        if len(real) > 1:
            yield function, [turned(real[0]), *real[1:]]


def loss(y: Any) -> Any:
    """A real number of complex results, by all their parts."""
    n = np.arange(y.size).reshape(y.shape)
    return ad.sum(ad.real(y) * np.cos(n + 1.0)) + ad.sum(ad.imag(y) * np.sin(n + 0.5))


def leaves(operands: list[Any]) -> list[Any]:
    return [ad.Tensor(x, requires_grad=x.dtype.kind in "fc") for x in operands]


def refused(function: Callable[..., Any], operands: list[Any], entry: Any) -> bool:
    """Whether an entry refuses complex operands, and then whether it says so."""
    message = None
    try:
        y = function(*leaves(operands))
    except ad.NonDifferentiableError as error:
        message = str(error)
    if message is None:
        assert not entry.ordered or y.op is not entry
        return False
    assert f"'{entry.name}' was given complex numbers" in message
    assert "autodiff.abs(z)" in message
    return True


@each_entry
def test_gradient_by_complex_operands_is_that_of_finite_differences(entry: Any) -> None:
    for function, operands in cases(entry):
        if refused(function, operands, entry):
            continue
        nodes = leaves(operands)
        y = function(*nodes)
        if not y.requires_grad:
            continue
        loss(y).backward()
        rtol = 1e-5 if y.dtype == np.complex64 else 1e-8
        for i, node in enumerate(nodes):
            if node.requires_grad and node.grad is not None:
                assert node.grad.dtype == operands[i].dtype
                with ad.no_grad():
                    along = slopes(
                        lambda *x, f=function: loss(f(*x)).item(), operands, i, node.grad
                    )
                same(*along, rtol=rtol, atol=rtol * 100 if rtol > 1e-6 else 1e-9)


@each_entry
def test_second_derivative_by_complex_operands_is_that_of_finite_differences(entry: Any) -> None:
    for function, operands in list(cases(entry))[:3]:
        if refused(function, operands, entry) or entry.name == "astype":
            continue

        def gradients(*values: Any, function: Any = function) -> list[Any]:
            nodes = leaves(list(values))
            y = function(*nodes)
            if y.requires_grad:
                loss(y).backward(create_graph=True)
            return nodes

        def first(*values: Any, i: int, gradients: Any = gradients) -> float:
            node = gradients(*values)[i]
            return 0.0 if node.grad is None else float(loss(node.grad).item())

        for i, operand in enumerate(operands):
            if operand.dtype.kind not in "fc":
                continue
            nodes = gradients(*operands)
            g = nodes[i].grad
            for node in nodes:
                node.zero_grad()
            if g is None or not g.requires_grad:
                continue
            loss(g).backward()
            for j, node in enumerate(nodes):
                if operands[j].dtype.kind not in "fc":
                    continue
                found = np.zeros_like(operands[j]) if node.grad is None else node.grad
                same(*slopes(lambda *x, i=i, f=first: f(*x, i=i), operands, j, found), 1e-7, 1e-8)
