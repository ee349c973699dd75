"""Dropout of entries and channels: shares, moments, seeds, recorded steps; drawn classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn

F = nn.functional
LAYERS = ["AlphaDropout", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "FeatureAlphaDropout"]
AXES = {"Dropout1d": 1, "Dropout2d": 2, "Dropout3d": 3}


def inputs(name: str, samples: int = 40) -> Any:
    shape = (samples, 50, *[4] * AXES.get(name, 1))
    return np.random.default_rng(0).standard_normal(shape)


@pytest.mark.parametrize("name", LAYERS)
def test_the_share_is_right_and_what_is_kept_is_the_same_affine_map(name: str) -> None:
    p, x = 0.3, inputs(name)
    y = getattr(nn, name)(p, rng=1)(x).data
    alpha = "Alpha" in name
    limit = 1.7580993408473766 if alpha else 0.0
    a = 1 / np.sqrt((1 - p) * (1 + p * limit**2)) if alpha else 1 / (1 - p)
    kept = np.isclose(y, a * x + a * p * limit)
    np.testing.assert_allclose(y[~kept], a * limit * (p - 1))
    assert (~kept).mean() == pytest.approx(p, abs=0.03)
    if alpha and name == "AlphaDropout":
        assert (y.mean(), y.std()) == pytest.approx((0, 1), abs=0.03)
    by_channel = kept.reshape(*kept.shape[:2], -1)
    whole = (by_channel == by_channel[..., :1]).all()
    assert whole == (name in AXES or name == "FeatureAlphaDropout")
    assert (by_channel[:, :1] != by_channel[:, 1:]).any(), "channels are drawn one by one"


@pytest.mark.parametrize("name", LAYERS)
def test_draws_are_seeded_and_drawn_anew_also_in_recorded_steps(name: str) -> None:
    x, kind = inputs(name, 3).astype(np.float32), getattr(nn, name)
    layer, recorded = kind(rng=3), kind(rng=3)
    step = ad.compile(lambda x: recorded(x))
    seen = [layer(x).data for _ in range(3)]
    for expected in seen:
        np.testing.assert_array_equal(step(x).data, expected)
    assert (seen[0] != seen[1]).any()
    assert seen[0].dtype == np.float32
    recorded.p, layer.p = 0.9, 0.9
    np.testing.assert_array_equal(step(x).data, layer(x).data)
    recorded.eval()
    np.testing.assert_array_equal(step(x).data, x)
    assert kind(1.0)(x).tolist() == np.zeros(x.shape).tolist()
    assert kind(0.0)(x).data is not None
    np.testing.assert_array_equal(kind(0.0)(x).data, x)
    assert kind()(x[:0]).shape == x[:0].shape


@pytest.mark.parametrize("name", LAYERS)
def test_functions_are_on_where_pytorch_has_them_on(name: str) -> None:
    function = {"AlphaDropout": F.alpha_dropout, "FeatureAlphaDropout": F.feature_alpha_dropout}
    x = inputs(name, 3)
    found = function.get(name) or getattr(F, name.lower())
    same = bool((found(x, 0.5).data == x).all())
    assert same == ("Alpha" in name)
    layer = getattr(nn, name)(0.4, rng=5)(x).data
    np.testing.assert_array_equal(found(x, 0.4, True, False, rng=5).data, layer)


def test_gradients_pass_where_the_input_did() -> None:
    x = ad.Tensor(inputs("Dropout2d", 4), requires_grad=True)
    y = nn.Dropout2d(0.5, rng=0)(x)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, np.where(y.data == 0, 0.0, 2.0))
    z = ad.Tensor(inputs("AlphaDropout", 4), requires_grad=True)
    nn.AlphaDropout(0.5, rng=0)(z).sum().backward()
    assert len(np.unique(z.grad)) == 2


def test_one_sample_without_a_batch() -> None:
    assert set(nn.Dropout1d(rng=0)(np.ones((50, 2))).data.sum(1)) == {0.0, 4.0}
    assert set(nn.Dropout3d(rng=0)(np.ones((50, 2, 1, 1))).data.sum((1, 2, 3))) == {0.0, 4.0}


WRONG: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: nn.Dropout(1.5), ValueError, "from 0 to 1, and 1.5 was given"),
    (lambda: nn.Dropout1d(True), TypeError, "Dropout1d: p must be a number, not True"),
    (lambda: nn.Dropout(0.5, np.random.default_rng(0)), TypeError, "inplace must be True or False"),  # type: ignore[arg-type]
    (lambda: F.dropout([1.0], 0.5, True, np.random.default_rng(0)), TypeError, "rng by name"),  # type: ignore[arg-type]
    (lambda: nn.Dropout1d()(np.ones(3)), ad.ShapeError, "(N, C, L) or (C, L), not (3,)"),
    (lambda: nn.Dropout2d()(np.ones((3, 2, 2))), ad.ShapeError, "take dropout1d, of one image x"),
    (lambda: nn.Dropout3d()(np.ones((3, 2))), ad.ShapeError, "dropout3d takes inputs of shape"),
    (lambda: nn.FeatureAlphaDropout()(np.ones(3)), ad.ShapeError, "(N, C, ...), not (3,)"),
    (lambda: F.gumbel_softmax([1.0], tau=0), ValueError, "a positive tau, not 0"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[row[2] for row in WRONG])
def test_what_does_not_fit_is_said(
    call: Callable[[], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)


def test_classes_are_drawn_as_often_as_their_shares_say() -> None:
    shares = np.array([0.6, 0.3, 0.1])
    drawn = F.gumbel_softmax(np.tile(np.log(shares), (4000, 1)), hard=True, rng=0).data
    assert set(np.unique(drawn)) == {0.0, 1.0}
    assert (drawn.sum(1) == 1).all()
    np.testing.assert_allclose(drawn.mean(0), shares, atol=0.02)
    soft = F.gumbel_softmax(np.log(shares), tau=0.7, rng=1)
    u = np.random.default_rng(1).random(3)
    z = np.exp((np.log(shares) - np.log(-np.log(u))) / 0.7)
    np.testing.assert_allclose(soft.data, z / z.sum(), rtol=1e-12)


def test_the_gradient_of_drawn_classes_is_the_soft_ones() -> None:
    z, w = ad.Tensor([0.1, 0.5, -0.3]), np.array([1.0, 2.0, 4.0])
    hard, soft = (
        ad.grad(lambda z, how=how: (F.gumbel_softmax(z, 0.5, how, rng=2) * w).sum())(z)  # type: ignore[misc]
        for how in (True, False)
    )
    np.testing.assert_allclose(hard.data, soft.data, rtol=1e-12)
