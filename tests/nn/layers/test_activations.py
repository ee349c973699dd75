"""Activations: their formulas, what they refuse, how they are written, and PyTorch's numbers."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from nn.layers.activations.base import Elementwise

Array = np.ndarray[Any, Any]


def sigma(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def phi(x: Array) -> Array:
    return 0.5 * (1 + np.vectorize(math.erf, otypes=[float])(x / math.sqrt(2)))


def expo(x: Array, a: float = 1.0, b: float = 1.0) -> Array:
    return np.where(x > 0, x, a * np.expm1(x / b))


# Every activation as one row: how it is made in both libraries, and its formula.
ROWS: list[tuple[str, dict[str, Any], Callable[[Array], Array]]] = [
    ("ELU", {"alpha": 1.5}, lambda x: expo(x, 1.5)),
    ("CELU", {"alpha": 2.0}, lambda x: expo(x, 2.0, 2.0)),
    ("SELU", {}, lambda x: 1.0507009873554805 * expo(x, 1.6732632423543772)),
    ("Hardshrink", {"lambd": 0.4}, lambda x: np.where(np.abs(x) > 0.4, x, 0)),
    ("Softshrink", {"lambd": 0.4}, lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.4, 0)),
    ("Tanhshrink", {}, lambda x: x - np.tanh(x)),
    ("Hardsigmoid", {}, lambda x: np.clip(x / 6 + 0.5, 0, 1)),
    ("Hardswish", {}, lambda x: x * np.clip(x / 6 + 0.5, 0, 1)),
    ("Hardtanh", {"min_val": -0.5, "max_val": 2.0}, lambda x: np.clip(x, -0.5, 2.0)),
    ("ReLU", {"inplace": True}, lambda x: np.maximum(x, 0)),
    ("ReLU6", {}, lambda x: np.clip(x, 0, 6)),
    ("LeakyReLU", {"negative_slope": 0.2}, lambda x: np.where(x > 0, x, 0.2 * x)),
    ("RReLU", {"lower": 0.1, "upper": 0.3}, lambda x: np.where(x > 0, x, 0.2 * x)),
    ("PReLU", {"init": 0.125}, lambda x: np.where(x > 0, x, 0.125 * x)),
    ("PReLU", {"num_parameters": 4}, lambda x: np.where(x > 0, x, 0.25 * x)),
    ("Threshold", {"threshold": 0.3, "value": -2.0}, lambda x: np.where(x > 0.3, x, -2.0)),
    ("Sigmoid", {}, sigma),
    ("LogSigmoid", {}, lambda x: -np.log1p(np.exp(-x))),
    ("Tanh", {}, np.tanh),
    ("Softsign", {}, lambda x: x / (1 + np.abs(x))),
    ("Softplus", {"beta": 2.0, "threshold": 1.0},
     lambda x: np.where(2 * x > 1, x, np.log1p(np.exp(2 * x)) / 2)),
    ("SiLU", {}, lambda x: x * sigma(x)),
    ("Mish", {}, lambda x: x * np.tanh(np.log1p(np.exp(x)))),
    ("GELU", {}, lambda x: x * phi(x)),
    ("GELU", {"approximate": "tanh"},
     lambda x: 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))),
    ("GLU", {"dim": 1}, lambda x: x[:, :2] * sigma(x[:, 2:])),
    ("Softmax", {"dim": 0}, lambda x: np.exp(x) / np.exp(x).sum(0)),
    ("Softmin", {"dim": 1}, lambda x: np.exp(-x) / np.exp(-x).sum(1, keepdims=True)),
    ("LogSoftmax", {"dim": 1}, lambda x: x - np.log(np.exp(x).sum(1, keepdims=True))),
    ("Softmax2d", {}, lambda x: np.exp(x) / np.exp(x).sum(-3, keepdims=True)),
    ("Identity", {"unused": 3}, lambda x: x),
]  # fmt: skip
IDS = [f"{name}-{'-'.join(options)}" for name, options, _ in ROWS]
X = np.random.default_rng(0).standard_normal((3, 4, 2)) * 2


@pytest.mark.parametrize(("name", "options", "formula"), ROWS, ids=IDS)
def test_values_are_those_of_the_formula(
    name: str, options: dict[str, Any], formula: Callable[[Array], Array]
) -> None:
    module = getattr(nn, name)(**options).eval().to(np.float64)
    np.testing.assert_allclose(module(X).data, formula(X), rtol=1e-12, atol=1e-15)
    again = ad.compile(lambda x: module(x))
    for _ in range(2):
        np.testing.assert_array_equal(again(X).data, module(X).data)
    single = getattr(nn, name)(**options).eval()(X.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single.data, formula(X), rtol=1e-4, atol=1e-5)
    assert module(X[:0]).shape == formula(X[:0]).shape


@pytest.mark.parametrize(("name", "options"), [row[:2] for row in ROWS], ids=IDS)
def test_values_and_both_derivatives_are_those_of_pytorch(
    name: str, options: dict[str, Any]
) -> None:
    torch = pytest.importorskip("torch")
    mine = getattr(nn, name)(**options).eval().to(np.float64)
    other = getattr(torch.nn, name)(**{**options, "inplace": False} if "inplace" in options
                                    else options).eval().double()  # fmt: skip
    x, t = ad.Tensor(X, requires_grad=True), torch.tensor(X, requires_grad=True)
    parameters, theirs = list(mine.parameters()), list(other.parameters())
    y, u = mine(x), other(t)
    np.testing.assert_allclose(y.data, u.detach().numpy(), rtol=1e-12, atol=1e-14)
    weights = np.cos(np.arange(y.size)).reshape(y.shape)
    ours = ad.grad(lambda x: (mine(x) * weights).sum())
    (g,) = torch.autograd.grad((u * torch.tensor(weights)).sum(), t, create_graph=True)
    # PyTorch's sixth in the derivative of Hardsigmoid is one of float32, and has no derivative.
    rtol = 1e-7 if name == "Hardsigmoid" else 1e-10
    np.testing.assert_allclose(ours(x).data, g.detach().numpy(), rtol=rtol, atol=1e-14)
    if g.requires_grad and name != "Hardsigmoid":
        second = ad.grad(lambda x: ad.sin(ours(x)).sum())(x)
        (h,) = torch.autograd.grad(torch.sin(g).sum(), t, retain_graph=True, allow_unused=True)
        expected = np.zeros_like(X) if h is None else h.numpy()
        np.testing.assert_allclose(second.data, expected, rtol=10 * rtol, atol=1e-12)
    (y * weights).sum().backward()
    if theirs:
        (found,) = torch.autograd.grad((u * torch.tensor(weights)).sum(), theirs)
        np.testing.assert_allclose(parameters[0].grad, found.numpy(), rtol=1e-10)
        assert list(mine.state_dict()) == list(other.state_dict())


def test_every_activation_has_a_row() -> None:
    tried = {name for name, _, _ in ROWS}
    kinds = [getattr(nn, name) for name in nn.layers.__all__]
    assert {kind.__name__ for kind in kinds if issubclass(kind, Elementwise)} <= tried


REFUSED: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: nn.ELU("a"), TypeError, "ELU: alpha must be a number, not 'a'"),  # type: ignore[arg-type]
    (lambda: nn.ELU(True), TypeError, "ELU: alpha must be a number, not True"),
    (lambda: nn.ReLU(1), TypeError, "ReLU: inplace must be True or False, not 1"),  # type: ignore[arg-type]
    (lambda: nn.CELU(0), ValueError, "CELU: alpha must not be 0"),
    (lambda: nn.Softplus(beta=0), ValueError, "Softplus: beta must not be 0"),
    (lambda: nn.Softshrink(-1), ValueError, "Softshrink: lambd must be 0 or more, not -1"),
    (lambda: nn.GELU("x"), ValueError, "GELU: approximate must be 'none' or 'tanh', not 'x'"),
    (lambda: nn.Hardtanh(1, 1), ValueError, "Hardtanh: max_val=1 must be above min_val=1"),
    (lambda: nn.Hardtanh(min_value=0), TypeError, "does not take min_value=: it is called min_val"),  # type: ignore[call-arg]
    (lambda: nn.RReLU(0.5, 0.25), ValueError, "lower=0.5 must not be above upper=0.25"),
    (lambda: nn.Threshold(1.0), TypeError, "Threshold(threshold, value, inplace=False): missing"),  # type: ignore[call-arg]
    (lambda: nn.Softmax(None), TypeError, "Softmax: dim must be an integer, not None"),  # type: ignore[arg-type]
    (lambda: nn.PReLU(0), ValueError, "PReLU: num_parameters must be a positive integer, not 0"),
    (lambda: nn.PReLU(3)(X), ad.ShapeError, "PReLU(3) takes inputs with 3 channels"),
    (lambda: nn.Softmax2d()(X[0]), ad.ShapeError, "Softmax2d takes images of shape"),
    (lambda: nn.GLU(0)(X), ValueError, "the length 3 cannot be halved"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "error", "message"), REFUSED, ids=[r[2] for r in REFUSED])
def test_what_does_not_fit_is_said(
    make: Callable[[], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        make()
    assert message in str(caught.value)


def test_slopes_are_drawn_in_training_anew_in_every_call_also_of_a_compiled_one() -> None:
    x = -np.ones(2000)
    module = nn.RReLU(0.1, 0.3, rng=0)
    first, second = -module(x).data, -module(x).data
    assert 0.1 <= first.min() < 0.105
    assert 0.295 < first.max() < 0.3
    assert abs(first.mean() - 0.2) < 0.005
    assert (first != second).all()
    np.testing.assert_array_equal(-nn.RReLU(0.1, 0.3, rng=0)(x).data, first)
    recorded, step = nn.RReLU(0.1, 0.3, rng=0), nn.RReLU(0.1, 0.3, rng=0)
    replayed = ad.compile(lambda x: step(x))
    for _ in range(3):
        np.testing.assert_array_equal(replayed(x).data, recorded(x).data)


def test_settings_may_change_between_calls_of_a_compiled_step() -> None:
    module = nn.ELU()
    step = ad.compile(lambda x: module(x))
    assert step(X).data.min() >= -1
    module.alpha = 3.0
    np.testing.assert_array_equal(step(X).data, nn.ELU(3.0)(X).data)


def test_rows_read_as_ordinary_classes() -> None:
    assert str(inspect.signature(nn.Softplus)) == (
        "(beta: 'float' = 1.0, threshold: 'float' = 20.0)"
    )
    said = inspect.getdoc(nn.Softplus)
    assert said is not None
    assert "Args:\n    beta: β; the larger, the sharper the bend; not 0.\n    threshold" in said
    assert said.index("Args:") < said.index("Example:")
    assert repr(nn.Hardtanh(0.0, 1.0)) == "Hardtanh(min_val=0.0)"
    assert nn.Hardtanh(0.0, 6.0).bounds == (0.0, 6.0)

    class Twice(nn.ELU):
        def __init__(self) -> None:
            super().__init__(2.0)

    assert Twice().alpha == 2.0
    assert inspect.signature(Twice).parameters == {}
