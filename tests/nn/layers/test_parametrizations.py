"""Weights computed from others: formulas, PyTorch's numbers and states, transforms, refusals."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from nn.utils import parametrizations, parametrize
from tests.nn.differences import assert_module_gradients
from tests.nn.layers.beside_torch import assert_as_torch, assert_compiled_as_called

X = np.random.default_rng(0).standard_normal((5, 4))
IMAGES = np.random.default_rng(0).standard_normal((2, 4, 5))

CASES: dict[str, tuple[str, dict[str, Any], str, tuple[Any, ...]]] = {
    "length of rows": ("weight_norm", {}, "Linear", (4, 3)),
    "length of columns": ("weight_norm", {"dim": 1}, "Linear", (4, 3)),
    "length of all": ("weight_norm", {"dim": None}, "Linear", (4, 3)),
    "length of kernels": ("weight_norm", {}, "Conv1d", (4, 3, 2)),
    "spectral": ("spectral_norm", {"n_power_iterations": 2}, "Linear", (4, 3)),
    "spectral of kernels": ("spectral_norm", {}, "Conv1d", (4, 3, 2)),
    "spectral, transposed": ("spectral_norm", {}, "ConvTranspose1d", (4, 3, 2)),
    "spectral of a vector": ("spectral_norm", {"name": "bias"}, "Linear", (4, 3)),
    "orthogonal": ("orthogonal", {}, "Linear", (4, 4)),
    "orthogonal, cayley": ("orthogonal", {"orthogonal_map": "cayley"}, "Linear", (4, 3)),
    "orthogonal, exp": ("orthogonal", {"orthogonal_map": "matrix_exp"}, "Linear", (4, 6)),
}


def made(name: str, library: Any, given: Any) -> Any:
    kind, settings, layer, sizes = CASES[name]
    return getattr(given, kind)(getattr(library, layer)(*sizes), **settings)


def input_of(name: str) -> Any:
    return X if CASES[name][2] == "Linear" else IMAGES


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", CASES)
def test_numbers_and_states_are_those_of_pytorch(name: str, training: bool) -> None:
    torch = pytest.importorskip("torch")
    theirs = made(name, torch.nn, torch.nn.utils.parametrizations).train(training)
    mine = made(name, nn, parametrizations).train(training)
    assert_as_torch(mine, theirs, input_of(name), rtol=1e-7)


def test_reflections_are_those_of_pytorch() -> None:
    torch = pytest.importorskip("torch")
    for moved in (True, False):
        theirs = torch.nn.utils.parametrizations.orthogonal(
            torch.nn.Linear(4, 6).double(), use_trivialization=moved, orthogonal_map="householder"
        )
        mine = parametrizations.orthogonal(
            nn.Linear(4, 6, dtype=np.float64), use_trivialization=moved
        )
        mine.load_state_dict(theirs.state_dict())
        np.testing.assert_allclose(mine.weight.data, theirs.weight.detach().numpy(), rtol=1e-9)
        w = theirs.weight.detach().numpy()
        if not moved:
            mine.weight = w[::-1].copy()
            np.testing.assert_allclose(mine.weight.data, w[::-1], rtol=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_compiled_steps_leave_what_ordinary_ones_leave(name: str) -> None:
    layer = made(name, nn, parametrizations)
    assert_compiled_as_called(layer, input_of(name).astype(np.float32))


@pytest.mark.parametrize("name", ["length of rows", "length of all", "spectral", "orthogonal"])
def test_gradients_agree_with_differences(name: str) -> None:
    assert_module_gradients(made(name, nn, parametrizations).eval(), (5, 4))


def test_weights_are_what_the_formulas_say() -> None:
    layer = nn.Linear(4, 3, rng=0, dtype=np.float64)
    before = layer.weight.data.copy()
    parametrizations.weight_norm(layer)
    np.testing.assert_allclose(layer.weight.data, before, rtol=1e-12)
    g = layer.parametrizations["weight"].original0  # type: ignore[attr-defined]
    g.data = g.data * 2
    np.testing.assert_allclose(np.linalg.norm(layer.weight.data, axis=1)[:, None], g.data)
    layer = parametrizations.spectral_norm(nn.Linear(4, 3, rng=0, dtype=np.float64), rng=0)
    for _ in range(60):
        layer(X)
    largest = np.linalg.svd(before)[1][0]
    np.testing.assert_allclose(layer.eval().weight.data, before / largest, rtol=1e-9)
    for sizes in ((4, 3), (4, 4), (4, 6)):
        for kind in ("matrix_exp", "cayley", "householder"):
            layer = parametrizations.orthogonal(nn.Linear(*sizes, dtype=np.float64), "weight", kind)
            original = layer.parametrizations["weight"].original  # type: ignore[attr-defined]
            shift = np.tril(np.random.default_rng(1).standard_normal(original.shape), -1)
            original.data = original.data + shift
            w = layer.weight.data if sizes[0] <= sizes[1] else layer.weight.data.T
            np.testing.assert_allclose(w.T @ w, np.eye(min(sizes)), atol=1e-12)


def test_power_iterations_are_made_once_in_a_call_and_only_in_training() -> None:
    layer = parametrizations.spectral_norm(nn.Linear(4, 3, rng=0, dtype=np.float64), rng=0)
    u = layer.state_dict()["parametrizations.weight.0._u"]
    matrix = layer.state_dict()["parametrizations.weight.original"]
    v = layer.state_dict()["parametrizations.weight.0._v"]
    layer(X)
    once = matrix @ v
    after = layer.state_dict()["parametrizations.weight.0._u"]
    np.testing.assert_allclose(after, once / np.linalg.norm(once), rtol=1e-12)
    assert not np.array_equal(after, u)
    layer.eval()(X)
    np.testing.assert_array_equal(layer.state_dict()["parametrizations.weight.0._u"], after)


def test_it_works_as_a_tree_in_other_calls_and_in_copies() -> None:
    layer = parametrizations.weight_norm(nn.Linear(4, 3, rng=0, dtype=np.float64))
    y = layer(X).data
    grads = ad.grad(lambda m: ad.sum(ad.square(m(X))))(layer)
    name = "parametrizations.weight.original0"
    ad.sum(ad.square(layer(X))).backward()
    own = dict(layer.named_parameters())[name].grad
    np.testing.assert_allclose(dict(grads.named_parameters())[name].data, own)
    doubled = nn.functional_call(layer, {name: 2 * layer.state_dict()[name]}, X)
    bias = layer.bias.data  # type: ignore[union-attr]
    np.testing.assert_allclose(doubled.data, 2 * (y - bias) + bias, rtol=1e-12)
    twin = copy.deepcopy(layer)
    np.testing.assert_array_equal(twin(X).data, y)
    dict(twin.named_parameters())[name].data = np.ones((3, 1))
    np.testing.assert_array_equal(layer(X).data, y)


def test_several_are_applied_one_after_the_other_and_taken_away() -> None:
    layer = nn.Linear(4, 3, rng=0, dtype=np.float64)
    before = layer.weight.data.copy()
    parametrizations.weight_norm(layer)
    parametrizations.spectral_norm(layer, rng=0)
    assert len(layer.parametrizations["weight"]) == 2  # type: ignore[attr-defined]
    assert parametrize.is_parametrized(layer)
    assert type(layer).__name__ == "ParametrizedLinear"
    assert isinstance(layer, nn.Linear)
    for _ in range(60):
        layer(X)
    layer.eval()
    assert np.linalg.svd(layer.weight.data)[1][0] == pytest.approx(1)
    w = layer.weight.data
    parametrize.remove_parametrizations(layer, "weight")
    assert type(layer) is nn.Linear
    assert not parametrize.is_parametrized(layer)
    np.testing.assert_array_equal(layer.weight.data, w)
    parametrizations.spectral_norm(layer)
    layer.weight = before  # type: ignore[assignment]
    parametrize.remove_parametrizations(layer, "weight", leave_parametrized=False)
    np.testing.assert_array_equal(layer.weight.data, before)


class Halved(nn.Module):
    def forward(self, x: Any) -> Any:
        return x[: len(x.data) // 2]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: parametrizations.weight_norm(m, "nothing"), "Linear has no parameter 'nothing'"),
        (lambda m: parametrizations.weight_norm(m, dim=2), "dim=2 for a weight with 2 axes"),
        (lambda m: parametrizations.spectral_norm(m, dim=2), "dim=2"),
        (lambda m: parametrizations.spectral_norm(m, n_power_iterations=0), "must be 1 or more"),
        (lambda m: parametrizations.orthogonal(m, "bias"), r"bias is of shape \(2,\)"),
        (lambda m: parametrizations.orthogonal(m, orthogonal_map="x"), "not 'x'"),
        (lambda m: parametrize.remove_parametrizations(m, "weight"), "is not computed from others"),
        (
            lambda m: parametrize.register_parametrization(m, "weight", Halved()),
            r"Halved makes 'weight' of shape \(2, 2\) one of shape \(1, 2\)",
        ),
        (
            lambda m: parametrize.remove_parametrizations(
                parametrizations.weight_norm(m), "weight", leave_parametrized=False
            ),
            "computed from 2 originals",
        ),
    ],
)
def test_what_is_refused(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(nn.Linear(2, 2))
