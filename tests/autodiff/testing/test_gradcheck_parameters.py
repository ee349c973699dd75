"""Checks of whole computations: every parameter, nothing left behind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.testing import Verdict, check_model, check_parameters

RNG = np.random.default_rng(5)
BATCH = RNG.standard_normal((6, 5)).astype(np.float32)
LABELS = RNG.integers(0, 3, 6)


def network(*middle: Any, width: int = 16) -> Any:
    ad.random.seed(1)
    return nn.Sequential(nn.Linear(5, width), *middle, nn.Linear(width, 3))


@pytest.mark.parametrize("activation", [nn.ReLU, nn.Tanh, nn.GELU])
def test_a_network_passes(activation: Any) -> None:
    report = check_model(network(activation()), nn.CrossEntropyLoss(), BATCH, LABELS)
    assert report.passed, report
    assert report.checked == 5 * 16 + 16 + 16 * 3 + 3
    assert {e.argument for e in report.entries} >= {"0.weight", "0.bias", "all inputs"}
    assert set(report.counts) == {Verdict.OK}


def test_everything_is_put_back() -> None:
    model = network(nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.5))
    state = {name: array.copy() for name, array in model.state_dict().items()}
    arrays = [parameter.data for parameter in model.parameters()]
    loss = nn.CrossEntropyLoss()
    before = loss(model(BATCH), LABELS)
    state = {name: array.copy() for name, array in model.state_dict().items()}
    next(model.parameters()).grad = np.ones((16, 5))
    assert check_model(model, loss, BATCH, LABELS).passed
    for parameter, array in zip(model.parameters(), arrays, strict=True):
        assert np.shares_memory(parameter.data, array)
        assert parameter.dtype == np.float32
    for name, array in model.state_dict().items():
        assert np.array_equal(array, state[name])
    grads = [parameter.grad for parameter in model.parameters()]
    assert np.array_equal(grads[0], np.ones((16, 5)))
    assert all(grad is None for grad in grads[1:])
    before.backward()


def test_everything_is_put_back_after_an_error() -> None:
    w = ad.Tensor([1.0, 2.0], np.float32, requires_grad=True)
    calls: list[int] = []

    def failing() -> Any:
        calls.append(1)
        if len(calls) > 20:
            raise RuntimeError("no more")
        return ad.sum(w * w)

    with pytest.raises(RuntimeError, match="no more"):
        check_parameters(failing, {"w": w})
    assert w.dtype == np.float32
    assert w.data.tolist() == [1, 2]
    assert w.grad is None


def test_values_are_parameters_too() -> None:
    a, b = ad.Value(0.5), ad.Value(-2.0)
    report = check_parameters(lambda: ad.tanh(a * b) + a, {"a": a, "b": b}, order=2)
    assert report.passed
    assert (a.data, b.data, a.grad) == (0.5, -2.0, None)


def test_a_parameter_used_under_two_names_is_checked_once() -> None:
    w = ad.Tensor([1.0, 2.0], "float32", requires_grad=True)
    fixed = ad.Tensor([1.0, 2.0])
    report = check_parameters(lambda: ad.sum(w * w * fixed), {"w": w, "tied": w, "fixed": fixed})
    assert report.passed
    assert [e.argument for e in report.entries] == ["w", "w"]


def test_nothing_to_check_is_an_error() -> None:
    with pytest.raises(ValueError, match="none of the 1 parameters given needs a gradient"):
        check_parameters(lambda: ad.Tensor([1.0]), {"w": ad.Tensor([1.0])})


def test_a_layer_cut_off_from_the_graph_is_named() -> None:
    model = network(nn.Tanh(), width=2)
    loss = nn.CrossEntropyLoss()

    def cut(logits: Any, labels: Any) -> Any:
        return loss(logits.detach(), labels) + loss(logits, labels) * 0.5

    report = check_model(model, cut, BATCH, LABELS)
    assert not report.passed
    assert "is off by the factor 0.333333 throughout" in str(report)

    first = next(model.parameters())

    def partly() -> Any:
        hidden = ad.tanh(ad.matmul(BATCH, ad.Tensor(first.data).T))
        return ad.sum(hidden * hidden) + ad.sum(first * 0)

    report = check_parameters(partly, {"weight": first})
    assert "the gradient for 'weight' is zero although the function depends on it" in str(report)


def test_a_single_wrong_entry_of_a_large_parameter_is_located() -> None:
    w = ad.Tensor(np.random.default_rng(0).standard_normal((70, 40)), requires_grad=True)
    mask = np.ones((70, 40))
    mask[60, 7] = 0

    def closure() -> Any:
        seen = w * mask + ad.Tensor(w.data * (1 - mask))
        return ad.sum(ad.sin(seen))

    report = check_parameters(closure, {"w": w})
    wrong = [e for e in report.failures if e.index is not None]
    assert [e.index for e in wrong] == [(60, 7)]
    assert wrong[0].place == "w[60, 7]"
    assert any("along a random line" in e.place for e in report.failures)


def test_samples_are_seeded() -> None:
    w = ad.Tensor(np.linspace(1, 2, 50), requires_grad=True)

    def closure() -> Any:
        return ad.sum(w**3)

    def places(seed: int) -> list[Any]:
        report = check_parameters(closure, {"w": w}, seed=seed, max_entries_per_parameter=5)
        return [e.index for e in report.entries if e.index is not None]

    assert len(places(0)) == 5
    assert places(0) == places(0) != places(1)
