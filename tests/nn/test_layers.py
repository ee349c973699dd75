"""Linear, activations, dropout and flatten: values, gradients, messages."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.nn.differences import assert_module_gradients


def test_linear_is_x_w_transposed_plus_b() -> None:
    layer = nn.Linear(3, 2, rng=np.random.default_rng(0))
    assert layer.bias is not None
    for shape in ((3,), (4, 3), (2, 4, 3)):
        x = np.random.default_rng(1).standard_normal(shape).astype(np.float32)
        expected = x @ layer.weight.data.T + layer.bias.data
        np.testing.assert_allclose(layer(x).data, expected, rtol=1e-6)


@pytest.mark.parametrize("shape", [(3,), (4, 3), (2, 4, 3)])
def test_gradients_of_linear(shape: tuple[int, ...]) -> None:
    assert_module_gradients(nn.Linear(3, 2), shape)


def test_linear_begins_as_in_pytorch() -> None:
    layer = nn.Linear(400, 300, rng=np.random.default_rng(0))
    assert layer.bias is not None
    bound = 1 / math.sqrt(400)
    for values in (layer.weight.data, layer.bias.data):
        assert np.abs(values).max() <= bound
        assert values.std() == pytest.approx(bound / math.sqrt(3), rel=0.1)


def test_linear_with_a_scheme_or_a_function() -> None:
    layer = nn.Linear(400, 300, init="he_normal", rng=np.random.default_rng(0))
    assert layer.weight.data.std() == pytest.approx(math.sqrt(2 / 400), rel=0.02)
    assert layer.bias is not None
    assert not layer.bias.data.any()
    ones = nn.Linear(2, 2, bias=False, init=nn.init.ones, dtype=np.float64)
    assert ones.weight.tolist() == [[1.0, 1.0], [1.0, 1.0]]
    assert ones.weight.dtype == np.float64
    assert ones.bias is None
    assert repr(ones) == "Linear(2, 2, bias=False)  # 4 parameters"


def test_linear_is_deterministic() -> None:
    a, b = (nn.Linear(3, 2, rng=np.random.default_rng(4)) for _ in range(2))
    np.testing.assert_array_equal(a.weight.data, b.weight.data)
    ad.random.seed(1)
    c = nn.Linear(3, 2)
    ad.random.seed(1)
    np.testing.assert_array_equal(nn.Linear(3, 2).weight.data, c.weight.data)


@pytest.mark.parametrize(
    ("layer", "shape", "messages"),
    [
        (nn.Linear(3, 2), (4, 5), ["Linear(3, 2)", "length 3", "(4, 5)", "in_features to 5"]),
        (nn.Linear(3, 2), (), ["shape ()", "give an array of shape (N, in_features)"]),
        (nn.Linear(64, 2), (9, 8, 8), ["put nn.Flatten() before it"]),
    ],
)
def test_linear_names_the_dimension_that_does_not_fit(
    layer: nn.Linear, shape: tuple[int, ...], messages: list[str]
) -> None:
    with pytest.raises(ad.ShapeError) as caught:
        layer(np.zeros(shape, np.float32))
    for message in messages:
        assert message in str(caught.value)


def test_linear_names_its_place_in_the_model() -> None:
    net = nn.Sequential(nn.Linear(2, 3), nn.Linear(4, 1))
    with pytest.raises(ad.ShapeError, match=r"Linear\(4, 1\), the part '1',.*length 4.*\(5, 3\)"):
        net(np.zeros((5, 2), np.float32))


@pytest.mark.parametrize("sizes", [(0, 1), (1, -1), (1.5, 2), (True, 2)])
def test_linear_refuses_bad_sizes(sizes: Any) -> None:
    with pytest.raises(ValueError, match=r"Linear: (in|out)_features must be a positive integer"):
        nn.Linear(*sizes)


ACTIVATIONS: dict[str, tuple[nn.Module, Any]] = {
    "ReLU": (nn.ReLU(), lambda x: np.maximum(x, 0)),
    "LeakyReLU": (nn.LeakyReLU(0.1), lambda x: np.where(x > 0, x, 0.1 * x)),
    "Sigmoid": (nn.Sigmoid(), lambda x: 1 / (1 + np.exp(-x))),
    "Tanh": (nn.Tanh(), np.tanh),
    "ELU": (nn.ELU(1.5), lambda x: np.where(x > 0, x, 1.5 * np.expm1(x))),
    "SELU": (
        nn.SELU(),
        lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x)),
    ),
    "GELU": (
        nn.GELU(),
        lambda x: x * 0.5 * (1 + np.vectorize(math.erf)(x / math.sqrt(2))),
    ),
    "GELU tanh": (
        nn.GELU("tanh"),
        lambda x: 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    ),
    "SiLU": (nn.SiLU(), lambda x: x / (1 + np.exp(-x))),
    "Mish": (nn.Mish(), lambda x: x * np.tanh(np.log1p(np.exp(x)))),
    "Softplus": (nn.Softplus(), lambda x: np.log1p(np.exp(x))),
    "Softmax": (nn.Softmax(), lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True)),
    "Softmax 0": (nn.Softmax(0), lambda x: np.exp(x) / np.exp(x).sum(0, keepdims=True)),
    "LogSoftmax": (nn.LogSoftmax(1), lambda x: x - np.log(np.exp(x).sum(1, keepdims=True))),
    "Identity": (nn.Identity(3, unused=True), lambda x: x),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations(name: str) -> None:
    module, formula = ACTIVATIONS[name]
    x = np.random.default_rng(0).standard_normal((4, 3))
    np.testing.assert_allclose(module(ad.Tensor(x)).data, formula(x), rtol=1e-12, atol=1e-15)
    assert_module_gradients(module, (4, 3))


@pytest.mark.parametrize(
    ("module", "text"),
    [
        (nn.ReLU(), "ReLU()"),
        (nn.LeakyReLU(), "LeakyReLU()"),
        (nn.ELU(2), "ELU(alpha=2)"),
        (nn.GELU(), "GELU()"),
        (nn.GELU("tanh"), "GELU(approximate='tanh')"),
        (nn.Softmax(1), "Softmax(dim=1)"),
        (nn.LogSoftmax(), "LogSoftmax()"),
        (nn.Dropout(0.25), "Dropout(p=0.25)"),
        (nn.Flatten(), "Flatten()"),
        (nn.Flatten(0, 1), "Flatten(start_dim=0, end_dim=1)"),
        (nn.MSELoss(), "MSELoss()"),
        (nn.BCEWithLogitsLoss(), "BCEWithLogitsLoss()"),
        (nn.NLLLoss(reduction="sum"), "NLLLoss(reduction='sum')"),
        (
            nn.CrossEntropyLoss(label_smoothing=0.1),
            "CrossEntropyLoss(label_smoothing=0.1)",
        ),
    ],
)
def test_how_layers_print(module: nn.Module, text: str) -> None:
    assert repr(module) == text


def test_gelu_knows_two_forms() -> None:
    with pytest.raises(ValueError, match="approximate must be 'none' or 'tanh', not 'sigmoid'"):
        nn.GELU("sigmoid")


def test_dropout_keeps_the_mean_and_is_seeded() -> None:
    x = np.ones((200, 200), np.float32)
    layer = nn.Dropout(0.25, rng=np.random.default_rng(0))
    y = layer(x)
    values = set(np.unique(y.data).tolist())
    assert values == {0.0, np.float32(1 / 0.75)}
    assert y.dtype == np.float32
    assert y.data.mean() == pytest.approx(1.0, abs=0.01)
    assert (y.data == 0).mean() == pytest.approx(0.25, abs=0.01)
    again = nn.Dropout(0.25, rng=np.random.default_rng(0))(x)
    np.testing.assert_array_equal(y.data, again.data)
    ad.random.seed(2)
    first = nn.Dropout()(x).data
    ad.random.seed(2)
    np.testing.assert_array_equal(nn.Dropout()(x).data, first)


def test_the_gradient_of_dropout_passes_where_the_input_did() -> None:
    x = ad.Tensor(np.ones(1000, np.float32), requires_grad=True)
    y = nn.Dropout(0.5)(x)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, y.data)


def test_dropout_takes_a_number_from_0_to_1() -> None:
    for bad in ("0.5", True, None):
        with pytest.raises(TypeError, match="p must be a number"):
            nn.Dropout(bad)  # type: ignore[arg-type]


def test_dropout_at_the_ends_and_in_evaluation() -> None:
    x = np.array([1.0, 2.0], np.float32)
    assert nn.Dropout(0.0)(x).tolist() == [1.0, 2.0]
    assert nn.Dropout(1.0)(x).tolist() == [0.0, 0.0]
    assert set(nn.functional.dropout(np.ones(100), 0.75).tolist()) == {0.0, 4.0}
    assert nn.Dropout(0.9).eval()(x).tolist() == [1.0, 2.0]
    for p in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="from 0 to 1, and"):
            nn.Dropout(p)


@pytest.mark.parametrize(
    ("args", "shape", "expected"),
    [
        ((), (2, 3, 4), (2, 12)),
        ((), (2,), None),
        ((0, 1), (2, 3, 4), (6, 4)),
        ((-2,), (2, 3, 4), (2, 12)),
        ((0, 0), (2, 3), (2, 3)),
        ((1, 2), (0, 3, 4), (0, 12)),
        ((0, -1), (), (1,)),
    ],
)
def test_flatten(args: Any, shape: Any, expected: Any) -> None:
    x = np.arange(math.prod(shape), dtype=np.float32).reshape(shape)
    if expected is None:
        with pytest.raises(ad.ShapeError, match=r"axis 1 does not exist in shape \(2,\)"):
            nn.Flatten(*args)(x)
    else:
        y = nn.Flatten(*args)(x)
        assert y.shape == expected
        np.testing.assert_array_equal(y.data.ravel(), x.ravel())


def test_flatten_refuses_axes_in_the_wrong_order() -> None:
    with pytest.raises(ad.ShapeError, match="start_dim=2 comes after end_dim=1"):
        nn.Flatten(2, 1)(np.zeros((1, 2, 3)))
