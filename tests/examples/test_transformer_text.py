"""What the example of a Transformer computes, by other means."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.examples.scripts import load

example = load("transformer_text")


def test_the_formulas_are_the_derivatives() -> None:
    rng = np.random.default_rng(0)
    q, k, v, g = (rng.normal(size=(3, 2)) for _ in range(4))

    def loss() -> float:
        total = 0.0
        for i in range(3):
            e = [math.exp(q[i] @ k[j] / math.sqrt(2)) for j in range(i + 1)]
            total += sum(e[j] / sum(e) * (v[j] @ g[i]) for j in range(i + 1))
        return total

    for array, found in zip((q, k, v), example.formulas(q, k, v, g), strict=True):
        for index in np.ndindex(array.shape):
            old, moved = array[index], []
            for h in (1e-6, -1e-6):
                array[index] = old + h
                moved.append(loss())
            array[index] = old
            assert found[index] == pytest.approx((moved[0] - moved[1]) / 2e-6, abs=1e-8)


def test_entropies_of_letters_and_pairs() -> None:
    alone, pairs = example.entropies("abab" * 100)
    assert alone == pytest.approx(math.log(2))
    assert pairs == pytest.approx(0.0, abs=1e-4)
    assert "Beautiful is better than ugly." in example.text()


def test_what_comes_later_is_not_seen_and_it_learns() -> None:
    model = example.Reader(5, 8, 2, 1, np.random.default_rng(0))
    numbers = np.tile([0, 1, 2, 3, 4], 20)
    losses = example.train(model, numbers, 300, 8, 8)
    assert losses[0] > 1.0
    assert np.mean(losses[-5:]) < 0.2
    model.eval()
    later = numbers[None, :8].copy()
    later[0, 7] = 0
    a, b = model(numbers[None, :8]).data, model(later).data
    np.testing.assert_array_equal(a[:, :7], b[:, :7])
    assert not np.array_equal(a[:, 7], b[:, 7])
    assert example.written(model, "abcde", "ab", 6, 8) == "abcdeabc"
