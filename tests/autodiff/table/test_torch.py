"""Values and gradients beside PyTorch's, where it is installed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops import TABLE
from tests.autodiff.reference import leaves, normal, same, weights
from tests.autodiff.table.elementwise_samples import DIFFERENTIABLE, apply, operands_for, title
from tests.autodiff.table.structural_samples import SAMPLED, samples

torch = pytest.importorskip("torch", reason="the second opinion, PyTorch, is not installed")

ALIASES = {
    "arctan2": "atan2", "power": "pow", "logaddexp": "logaddexp", "rint": "round",
    "log_sigmoid": "logsigmoid", "gammaln": "lgamma",
}  # fmt: skip
# Of these PyTorch has another function, or rounds to single precision.
OTHERWISE = frozenset("digamma gammainc gammaincc kl_div prelu threshold".split())
FUNCTIONAL = {"relu", "leaky_relu", "elu", "selu", "gelu", "silu", "mish", "softplus"}
FUNCTIONAL |= set("log_sigmoid relu6 hardtanh hardswish celu softshrink".split())
FUNCTIONAL |= set("hardshrink tanhshrink softsign".split())


def counterpart(name: str) -> Any:
    functional = torch.nn.functional
    if name == "gelu_tanh":
        return lambda x: functional.gelu(x, approximate="tanh")
    if name in FUNCTIONAL:
        return getattr(functional, ALIASES.get(name, name))
    name = ALIASES.get(name, name)
    return getattr(torch, name, None) or getattr(torch.special, name, None)


def tensors(operands: list[Any]) -> list[Any]:
    return [torch.tensor(x, requires_grad=x.dtype.kind == "f") for x in operands]


def compare(y: Any, nodes: list[Any], z: Any, others: list[Any], rtol: float = 1e-10) -> None:
    atol = rtol / 100
    same(y.data, z.detach().numpy(), rtol=rtol, atol=atol)
    w = weights(y.shape, y.dtype)
    if y.requires_grad:
        y.backward(w)
        z.backward(torch.tensor(w))
    for node, other in zip(nodes, others, strict=True):
        if other.requires_grad:
            expected = np.zeros(node.shape) if other.grad is None else other.grad.numpy()
            found = np.zeros(node.shape) if node.grad is None else node.grad
            same(found, expected, rtol=rtol, atol=atol)


COMPARED = [
    entry
    for entry in DIFFERENTIABLE
    if any(entry.partials) and entry.name not in OTHERWISE and counterpart(entry.name)
]


@pytest.mark.parametrize("entry", COMPARED, ids=title)
def test_elementwise_functions(entry: Any) -> None:
    operands = operands_for(entry, np.random.default_rng(4), (3, 4))
    nodes, others = leaves(operands), tensors(operands)
    compare(apply(entry, *nodes), nodes, counterpart(entry.name)(*others), others)


REDUCTIONS: dict[str, Any] = {
    "sum": lambda x, axis, keepdims: torch.sum(x, dim=axis, keepdim=keepdims),
    "mean": lambda x, axis, keepdims: torch.mean(x, dim=axis, keepdim=keepdims),
    "var": lambda x, axis, keepdims: torch.var(x, dim=axis, correction=0, keepdim=keepdims),
    "std": lambda x, axis, keepdims: torch.std(x, dim=axis, correction=0, keepdim=keepdims),
    "max": lambda x, axis, keepdims: torch.amax(x, dim=_axes(x, axis), keepdim=keepdims),
    "min": lambda x, axis, keepdims: torch.amin(x, dim=_axes(x, axis), keepdim=keepdims),
    "logsumexp": lambda x, axis, keepdims: torch.logsumexp(x, _axes(x, axis), keepdim=keepdims),
}


def _axes(x: Any, axis: Any) -> Any:
    return tuple(range(x.ndim)) if axis is None else axis


@pytest.mark.parametrize("name", REDUCTIONS)
def test_reductions(name: str) -> None:
    for operands, params in samples(TABLE[name]):  # type: ignore[arg-type]
        nodes, others = leaves(operands), tensors(operands)
        y = getattr(ad, name)(*nodes, **params)
        options = {"axis": None, "keepdims": False, **params}
        compare(y, nodes, REDUCTIONS[name](*others, **options), others)


@pytest.mark.parametrize("name", ["max", "min"])
def test_ties_share_the_gradient(name: str) -> None:
    operands = [np.array([[1.0, 1.0, 0.0], [2.0, 2.0, 2.0]])]
    nodes, others = leaves(operands), tensors(operands)
    compare(getattr(ad, name)(*nodes, axis=1), nodes, REDUCTIONS[name](*others, 1, False), others)


@pytest.mark.parametrize("entry", [e for e in SAMPLED if e.name in ("matmul", "einsum")], ids=title)
def test_products(entry: Any) -> None:
    for operands, params in samples(entry):
        nodes, others = leaves(operands), tensors(operands)
        if entry.name == "matmul":
            y, z = ad.matmul(*nodes), torch.matmul(*others)
        else:
            y, z = (
                ad.einsum(params["subscripts"], *nodes),
                torch.einsum(params["subscripts"], *others),
            )
        compare(y, nodes, z, others)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax(axis: int) -> None:
    for name in ("softmax", "log_softmax"):
        operands = normal((3, 4))
        nodes, others = leaves(operands), tensors(operands)
        y = getattr(ad, name)(*nodes, axis=axis)
        compare(y, nodes, getattr(torch, name)(*others, dim=axis), others)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_small_network(dtype: Any) -> None:
    x, w1, b1, w2, b2 = (
        a.astype(dtype) for a in normal((5, 4), (4, 6), (6,), (6, 3), (3,), seed=6)
    )
    labels = np.array([0, 2, 1, 1, 0])
    nodes, others = leaves([x, w1, b1, w2, b2]), tensors([x, w1, b1, w2, b2])

    def network(lib: Any, x: Any, w1: Any, b1: Any, w2: Any, b2: Any) -> Any:
        hidden = lib.tanh(x @ w1 + b1)
        logits = (hidden * lib.sigmoid(hidden)) @ w2 + b2
        chosen = lib.log_softmax(logits, -1)[np.arange(5), labels]
        return -chosen.mean() + (w2 * w2).sum() * 0.5

    y = network(ad, *nodes)
    z = network(torch, *others)
    assert y.dtype == dtype
    compare(y, nodes, z, others, rtol=1e-4 if dtype == np.float32 else 1e-11)


@pytest.mark.parametrize("seed", range(5))
def test_second_derivatives_of_a_small_network(seed: int) -> None:
    x, w = normal((4, 3), (3, 2), seed=seed)
    direction = weights((3, 2))
    node, other = ad.Tensor(w, requires_grad=True), torch.tensor(w, requires_grad=True)
    ad.log(ad.softmax(ad.tanh(x @ node)))[:, 0].sum().backward(create_graph=True)
    g, node.grad = node.grad, None
    (g * direction).sum().backward()
    z = torch.log_softmax(torch.tanh(torch.tensor(x) @ other), -1)[:, 0].sum()
    (slope,) = torch.autograd.grad(z, other, create_graph=True)
    (expected,) = torch.autograd.grad((slope * torch.tensor(direction)).sum(), other)
    same(node.grad, expected.numpy(), rtol=1e-10)


def test_the_classic_expression_of_scalars() -> None:
    def expression(a: Any, b: Any) -> Any:
        c = a + b
        d = a * b + b**3
        c = c + (c + 1)
        c = c + (1 + c + (-a))
        d = d + (d * 2 + (b + a).relu())
        d = d + (3 * d + (b - a).relu())
        f = (c - d) ** 2
        return f / 2.0 + 10.0 / f

    a, b = ad.Value(-4.0), ad.Value(2.0)
    y = expression(a, b)
    y.backward()
    p, q = (torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (-4.0, 2.0))
    z = expression(p, q)
    z.backward()
    assert y.data == pytest.approx(z.item(), rel=1e-14)
    assert a.grad == pytest.approx(p.grad.item(), rel=1e-12)
    assert b.grad == pytest.approx(q.grad.item(), rel=1e-12)
