"""Two sigmoid layers: the formulas, the order of the updates, minima, penalties."""

from __future__ import annotations

import numpy as np
import pytest

import autodiff as ad
from tests.examples.scripts import load

example = load("03_two_layer_sigmoid")


def problem() -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(5)
    return tuple(rng.normal(size=shape) for shape in ((6, 3), (6, 2), (3, 4), (4, 2)))


def tensors(*arrays: np.ndarray) -> list[ad.Tensor]:
    return [ad.Tensor(a, requires_grad=True) for a in arrays]


def test_engine_and_formulas_agree_with_sums_over_indices() -> None:
    x, y, w, v = problem()
    h = 1 / (1 + np.exp(-np.einsum("np,pm->nm", x, w)))
    o = 1 / (1 + np.exp(-np.einsum("nm,mq->nq", h, v)))
    error, out, hidden = o - y, o * (1 - o), h * (1 - h)
    for_v = np.einsum("nq,nq,nm->mq", error, out, h)
    for_w = np.einsum("nq,nq,mq,nm,np->pm", error, out, v, hidden, x)
    wt, vt = tensors(w, v)
    example.step(x, y, wt, vt, 0.5)
    formula_w, formula_v, _ = example.formulas(x, y, w, v)
    for found in (wt.grad, formula_w):
        np.testing.assert_allclose(found, for_w, rtol=0, atol=1e-12)
    for found in (vt.grad, formula_v):
        np.testing.assert_allclose(found, for_v, rtol=0, atol=1e-12)
    np.testing.assert_allclose(wt.numpy(), w - 0.5 * for_w, rtol=0, atol=1e-12)


@pytest.mark.parametrize("rate", [1.0, 0.1])
def test_the_error_must_go_back_through_the_old_v(rate: float) -> None:
    x, y, w, v = problem()
    (w1, v1), (w2, v2) = tensors(w, v), tensors(w, v)
    example.step(x, y, w1, v1, rate)
    example.step(x, y, w2, v2, rate, through_new_v=True)
    shift = example.formulas(x, y, w, v)[2]
    assert (v1.numpy() == v2.numpy()).all()
    assert np.abs(w2.numpy() - w1.numpy()).max() > 1e-3 * rate**2
    np.testing.assert_allclose(w2.numpy() - w1.numpy(), rate**2 * shift, rtol=0, atol=1e-12)


def test_the_engine_refuses_a_v_that_changed_before_backward() -> None:
    x, y, w, v = problem()
    wt, vt = tensors(w, v)
    error = ad.square(ad.sigmoid(ad.sigmoid(x @ wt) @ vt) - y).sum()
    vt.data = vt.data - 0.1
    with pytest.raises(ad.StaleDataError, match="changed in place after"):
        error.backward()


def test_descents_end_in_several_true_minima() -> None:
    found = example.minima(example.descents(starts=16))
    assert len(found) >= 3
    assert sorted(n for _, ends, _ in found for n in ends) == list(range(16))
    assert found[-1][0] > 1.5 * found[0][0]
    assert all(curvature > 0 for _, _, curvature in found)


def test_the_gradients_of_the_penalties() -> None:
    w = np.array([-2.0, 0.5, 3.0])
    assert ad.grad(lambda t: ad.abs(t).sum())(w).tolist() == [-1.0, 1.0, 1.0]
    assert ad.grad(lambda t: 0.5 * ad.square(t).sum())(w).tolist() == w.tolist()


def test_penalties_and_scaled_inputs_do_what_they_are_for() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(100, 8))
    y = np.stack([x[:, 0] > 0, (x[:, 0] > 0) != (x[:, 1] > 0)], axis=1).astype(float)
    (*_, plain), weights = example.sgd(x, y, 1e-3, 0.0, 0.0)
    _, sparse = example.sgd(x, y, 1e-3, 1e-3, 0.0)
    _, small = example.sgd(x, y, 1e-3, 0.0, 1e-3)
    assert (np.abs(sparse) < 0.02).sum() > 5 * max((np.abs(weights) < 0.02).sum(), 1)
    assert np.linalg.norm(small) < 0.7 * np.linalg.norm(weights)
    assert plain < 0.6 * example.sgd(30 + 20 * x, y, 0.0, 0.0, 0.0)[0][-1]
