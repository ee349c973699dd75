"""The 256-10 recogniser: gains, the backward network, and neuron-by-neuron sums."""

from __future__ import annotations

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.examples.scripts import load

example = load("05_forward_backward_pass")


def model(rng: np.random.Generator) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(256, 6, rng=rng, dtype=np.float64),
        nn.Sigmoid(),
        nn.Linear(6, 5, rng=rng, dtype=np.float64),
        nn.Sigmoid(),
        nn.Linear(5, 10, rng=rng, dtype=np.float64),
    )


def some(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    return rng.random((count, 256)), rng.integers(0, 10, count)


def test_every_neuron_has_the_gradient_of_the_formula() -> None:
    rng = np.random.default_rng(4)
    (x, labels), network = some(3, rng), model(rng)
    z1 = network[0](x)
    z2 = network[2](ad.sigmoid(z1))
    z3 = network[4](ad.sigmoid(z2))
    for z in (z1, z2, z3):
        z.retain_grad()
    nn.cross_entropy(z3, labels, reduction="sum").backward()
    for n in range(3):
        e = np.exp(z3.data[n])
        np.testing.assert_allclose(
            z3.grad[n], e / e.sum() - np.eye(10)[labels[n]], rtol=0, atol=1e-12
        )
        for before, after, wires in ((z2, z3, network[4]), (z1, z2, network[2])):
            for j in range(before.shape[1]):
                s = 1 / (1 + np.exp(-before.data[n, j]))
                back = sum(
                    wires.weight.data[k, j] * after.grad[n, k] for k in range(after.shape[1])
                )
                assert before.grad[n, j] == pytest.approx(s * (1 - s) * back, rel=0, abs=1e-12)
    # ∂z/∂w is the input of the weight.
    expected = sum(np.outer(z1.grad[n], x[n]) for n in range(3))
    np.testing.assert_allclose(network[0].weight.grad, expected, rtol=0, atol=1e-12)


def test_the_backward_network_gives_the_gradients_and_is_linear() -> None:
    rng = np.random.default_rng(4)
    (x, labels), network = some(20, rng), model(rng)
    difference, back, delta = example.compare(network, x, labels)
    assert difference < 1e-12
    one, other = delta, rng.normal(size=delta.shape)
    np.testing.assert_allclose(
        back(2 * one + 3 * other).numpy(),
        2 * back(one).numpy() + 3 * back(other).numpy(),
        rtol=0,
        atol=1e-12,
    )
    assert back[0].wires.shape == (10, 5)
    assert all((part.gains.data > 0).all() and part.gains.data.max() <= 0.25 for part in back)


def test_the_engine_finds_what_the_amplifiers_send_back() -> None:
    rng = np.random.default_rng(1)
    (x, labels), network = some(5, rng), model(rng)
    found = example.engine(network, x, labels)
    _, back = example.forward_pass(network, x)
    for mine, theirs in zip(found, example.formulas(back, found[-1]), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-14)
    a, delta, product = example.one_weight(network, x, labels)
    assert a == x[0].max()
    assert a * delta == pytest.approx(product, rel=1e-12)


def test_it_reads_its_digits() -> None:
    (x, labels), (tx, test_labels) = example.digits(np.random.default_rng(0))
    assert len(x) + len(tx) == 1797
    assert x.shape[1:] == tx.shape[1:] == (256,)
    assert x.min() == 0.0
    assert x.max() <= 1.0
    assert sorted(set(test_labels.tolist())) == list(range(10))
    means = np.stack([x[labels == d].mean(axis=0) for d in range(10)])
    assert np.abs(np.corrcoef(means) - np.eye(10)).max() < 0.95
