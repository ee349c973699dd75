"""What the examples of networks for images compute, by other means."""

from __future__ import annotations

import numpy as np
import pytest

from tests.examples.scripts import load

cnn, resnet = load("cnn_digits"), load("resnet_digits")


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


def test_the_gradient_of_a_block_is_that_of_difference_quotients() -> None:
    rng = np.random.default_rng(2)
    x, delta = rng.normal(size=(2, 2, 4, 5))
    first, second = rng.normal(size=(2, 2, 2, 3, 3))
    terms, step = resnet.formulas(x, first, second, delta), 1e-6
    assert terms[0] is delta
    for at in np.ndindex(*x.shape):
        moved = []
        for h in (step, -step):
            there = x.copy()
            there[at] += h
            change = resnet.correlate(np.maximum(resnet.correlate(there, first), 0), second)
            moved.append(np.sum(delta * (there + change)))
        expected = (moved[0] - moved[1]) / (2 * step)
        assert sum(terms)[at] == pytest.approx(expected, rel=1e-5, abs=1e-7)
    assert resnet.check_formulas() < 1e-12


def test_stages_halve_the_size_and_gradients_arrive_by_the_skips() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.random((3, 1, 32, 32)), np.arange(3)
    shapes, h = [], x.astype(np.float32)
    for part in resnet.resnet(4, 2, rng):
        h = part(h)
        if isinstance(part, resnet.Block):
            shapes.append(h.shape[1:])
    assert shapes == [(4, 16, 16)] * 2 + [(8, 8, 8)] * 2 + [(16, 4, 4)] * 2
    norms = [
        resnet.gradient_norms(resnet.deep(6, skip, np.float64), x, y) for skip in (True, False)
    ]
    assert len(norms[0]) == 7
    assert norms[0][0] > 0.1 * norms[0][-1]
    assert norms[1][0] < 1e-3 * norms[1][-1]
