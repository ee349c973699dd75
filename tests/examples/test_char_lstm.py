"""The LSTM that reads: formulas, entropy, learning."""

from __future__ import annotations

import numpy as np
import pytest

from tests.examples.scripts import load

example = load("char_lstm")


def test_engine_and_formulas_agree_and_the_text_is_whole() -> None:
    assert all(example.largest_difference(seed) < 1e-12 for seed in range(3))
    text = example.zen()
    assert text.startswith("The Zen of Python, by Tim Peters\n")
    assert text.endswith("let's do more of those!")


def test_formulas_are_those_of_difference_quotients() -> None:
    rng = np.random.default_rng(0)
    w, u, b = rng.standard_normal((8, 3)), rng.standard_normal((8, 2)), rng.standard_normal(8)
    x, target, step = rng.standard_normal((4, 3)), rng.standard_normal((4, 2)), 1e-6

    def loss(u: np.ndarray) -> float:
        h, c, total = np.zeros(2), np.zeros(2), 0.0
        for x_t, wanted in zip(x, target, strict=True):
            i, f, g, o = np.split(w @ x_t + u @ h + b, 4)
            c = example.sigma(f) * c + example.sigma(i) * np.tanh(g)
            h = example.sigma(o) * np.tanh(c)
            total += 0.5 * np.sum((h - wanted) ** 2)
        return total

    found = example.formulas(w, u, b, x, target)["U"]
    for at in np.ndindex(*u.shape):
        moved = np.zeros_like(u)
        moved[at] = step
        quotient = (loss(u + moved) - loss(u - moved)) / (2 * step)
        assert found[at] == pytest.approx(quotient, rel=1e-5, abs=1e-8)


def test_entropy_counts_letters() -> None:
    assert example.entropy("abab") == 1.0
    assert example.entropy("aabc") == 1.5
