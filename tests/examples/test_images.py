"""What the examples of networks for images compute, by other means."""

from __future__ import annotations

import numpy as np
import pytest

from tests.examples.scripts import load

cnn = load("cnn_digits")


def test_the_formulas_are_the_derivatives() -> None:
    rng = np.random.default_rng(1)
    given = [rng.normal(size=shape) for shape in ((2, 6, 8), (3, 2, 3, 3), (3,), (4, 18))]
    found, step = cnn.formulas(*given, y=2), 1e-6
    for name, array in zip(("x", "K", "b"), given, strict=False):
        for at in np.ndindex(*array.shape):
            old, moved = array[at], []
            for h in (step, -step):
                array[at] = old + h
                moved.append(cnn.forward(*given, y=2)["loss"])
            array[at] = old
            expected = (moved[0] - moved[1]) / (2 * step)
            assert found[name][at] == pytest.approx(expected, rel=1e-5, abs=1e-8)


def test_engine_and_formulas_agree_for_each_gradient() -> None:
    off = cnn.check_formulas()
    assert set(off) == {"δ", "K", "b", "x"}
    assert max(off.values()) < 1e-12


def test_every_mistake_is_seen_by_the_network_that_made_it() -> None:
    rng = np.random.default_rng(0)
    images = rng.random((6, 1, 8, 8)).astype(np.float32)
    folds = []
    for seed in range(2):
        model = cnn.network(np.random.default_rng(seed), width=2).eval()
        scores = model(images).data
        labels = scores.argmax(axis=1)
        labels[seed] = (labels[seed] + 1) % 10
        folds.append(cnn.Fold(model, None, images, labels, scores))
    found = cnn.mistakes(folds).data
    np.testing.assert_array_equal(found.inputs, images[:2, 0])
    best = [fold.scores[i].max() for i, fold in enumerate(folds)]
    np.testing.assert_allclose(found.scores, best, rtol=1e-5)
