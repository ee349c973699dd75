"""What is found out of a model for drawings: boundaries, surfaces, saliency, filters."""

from __future__ import annotations

import numpy as np
import pytest

import autodiff as ad
import nn
from nn import inspect

RNG = np.random.default_rng(0)
X = RNG.standard_normal((40, 2))


def net(inputs: int = 2, outputs: int = 3) -> nn.Sequential:
    rng = np.random.default_rng(1)
    first, last = nn.Linear(inputs, 5, rng=rng), nn.Linear(5, outputs, rng=rng)
    return nn.Sequential(first, nn.Tanh(), nn.Dropout(0.5), last).to(np.float64)


def test_a_boundary_is_what_the_model_says_at_each_point() -> None:
    model = net().train()
    found = inspect.boundary(model, X, RNG.integers(0, 3, 40), steps=9)
    assert found.classes.shape == found.scores.shape == (9, 9)
    for row, column in [(0, 0), (3, 7), (8, 8)]:
        point = np.array([[found.across[column], found.down[row]]])
        scores = np.asarray(model.eval()(ad.Tensor(point)).data)[0]
        assert found.classes[row, column] == scores.argmax()
        shares = np.sort(np.exp(scores) / np.exp(scores).sum())
        assert found.scores[row, column] == pytest.approx(shares[-1] - shares[-2])
    assert found.across[0] < X[:, 0].min() < X[:, 0].max() < found.across[-1]


def test_other_features_stay_at_their_means_and_the_mode_stays_as_it_was() -> None:
    model = net(inputs=4, outputs=1).train()
    x = RNG.standard_normal((10, 4))
    found = inspect.boundary(model, x, np.where(x[:, 0] > 0, 1, -1), axes=(3, 1), steps=4)
    point = x.mean(axis=0)
    point[3], point[1] = found.across[2], found.down[1]
    assert model.training
    score = float(np.asarray(model.eval()(ad.Tensor(point[None])).data)[0, 0])
    assert found.classes[1, 2] == (score > 0)
    assert set(found.labels) <= {0, 1}


def test_a_surface_has_the_losses_and_the_slopes_of_finite_differences() -> None:
    model = net()
    y = RNG.integers(0, 3, 40)
    loss = nn.CrossEntropyLoss()
    before = [np.array(p.data) for p in model.parameters()]
    found = inspect.surface(model, loss, X, y, 2, span=1e-4, steps=3, rng=np.random.default_rng(2))
    here = found.losses[1, 1]
    assert here == pytest.approx(float(loss(model.eval()(ad.Tensor(X)), y).data), rel=1e-12)
    slopes = [
        (found.losses[1, 2] - found.losses[1, 0]) / 2e-4,
        (found.losses[2, 1] - found.losses[0, 1]) / 2e-4,
    ]
    assert found.slopes == pytest.approx(slopes, rel=1e-6)
    for p, old in zip(model.parameters(), before, strict=True):
        assert np.array_equal(p.data, old)
        assert p.grad is None


def test_random_directions_have_the_norms_of_what_they_move() -> None:
    from nn.inspect.parameters import _like

    weights = RNG.standard_normal((4, 3)) * np.array([[0.1], [1.0], [10.0], [2.0]])
    direction = _like(RNG.standard_normal((4, 3)), weights)
    assert np.linalg.norm(direction, axis=1) == pytest.approx(np.linalg.norm(weights, axis=1))


def test_the_way_to_another_model_ends_at_its_loss() -> None:
    one, other = net(), net()
    for p in other.parameters():
        p.data = p.data + 0.3
    y, loss = RNG.integers(0, 3, 40), nn.CrossEntropyLoss()
    found = inspect.surface(one, loss, X, y, [other], steps=3)
    there = float(loss(other.eval()(ad.Tensor(X)), y).data)
    assert found.losses[0, 2] == pytest.approx(there, rel=1e-12)
    downhill = inspect.surface(one, loss, X, y, ["gradient"], span=1e-3, steps=3)
    assert downhill.losses[0, 0] < downhill.losses[0, 1] < downhill.losses[0, 2]


def test_saliency_is_the_derivative_of_the_score() -> None:
    model = net(inputs=9).eval()
    x = RNG.standard_normal((3, 9))
    found = inspect.saliency(model, x, [2, 0, 1])
    assert found.gradients.shape == (3, 3, 3)
    step = np.zeros((3, 9))
    step[:, 4] = 1e-6
    up, down = (np.asarray(model(ad.Tensor(x + s)).data) for s in (step, -step))
    rows = np.arange(3)
    slope = (up - down)[rows, [2, 0, 1]] / 2e-6
    assert found.gradients[:, 1, 1] == pytest.approx(slope, rel=1e-6)
    assert inspect.saliency(model, x).classes.tolist() == (
        np.asarray(model(ad.Tensor(x)).data).argmax(axis=1).tolist()
    )


def test_filters_are_the_weights_in_their_shape() -> None:
    class Convolution(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.kernel = nn.Parameter(RNG.standard_normal((4, 3, 5, 5)))

    conv = Convolution()
    found = inspect.filters(conv)
    assert found.name == "kernel"
    assert np.array_equal(found.weights, np.asarray(conv.kernel.data).mean(axis=1))
    assert inspect.filters(nn.Linear(6, 2), shape=(2, 3)).weights.shape == (2, 2, 3)
    assert inspect.filters(nn.Linear(6, 2)).weights.shape == (2, 1, 6)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: inspect.boundary(net(), X[:, :1]), "samples of shape (40, 1)"),
        (lambda: inspect.boundary(net(), X, axes=(0, 2)), "axes=(0, 2) are not two of the 2"),
        (lambda: inspect.surface(net(), nn.MSELoss(), X, X, 3), "given 3 directions"),
        (lambda: inspect.surface(net(outputs=2), nn.MSELoss(), X, X, ["up"]), "'up' is not known"),
        (lambda: inspect.surface(net(outputs=2), nn.MSELoss(), X, X, [[X]]), "has the shapes"),
        (lambda: inspect.saliency(net(), X, [7] * 40), "a class that is not among 3"),
        (lambda: inspect.filters(net(), "x"), "no parameter 'x'"),
        (lambda: inspect.filters(net(), shape=(3, 3)), "does not hold the 2 inputs"),
        (lambda: net().inspected("nope"), "not 'nope'"),
    ],
)
def test_bad_calls_say_what_is_wrong(call, said) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is compared below
        call()
    assert said in str(caught.value)
