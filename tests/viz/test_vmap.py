"""Pictures of graphs in which a function was mapped over a batch."""

from __future__ import annotations

import numpy as np
import pytest

import autodiff as ad
import viz
from viz.networks.errors import NotANetworkError


def test_nodes_of_a_mapped_function_show_the_numbers_of_all_examples() -> None:
    w = ad.Tensor(np.array([1.0, 2.0]), requires_grad=True, name="w")
    y = ad.vmap(lambda x: ad.sum(ad.tanh(w * x)))(np.ones((3, 2))).sum()
    for gradients in (None, True):
        picture = viz.draw(y, gradients=gradients)
        assert "tanh" in picture.svg
        assert picture.json().count('"id"') >= 8


def test_gradients_of_each_example_are_drawn_explained_and_compared() -> None:
    rng = np.random.default_rng(0)
    xs, ys = rng.normal(size=(6, 3)), rng.normal(size=6)
    w = ad.Tensor(rng.normal(size=3), requires_grad=True, name="w")
    each = ad.vmap(ad.grad(lambda w, x, y: (ad.tanh(x @ w) - y) ** 2), in_axes=(None, 0, 0))
    loss = (each(w, xs, ys) ** 2).sum()
    # The targets differ from example to example, so that they are no number in a formula.
    picture = viz.draw(loss, gradients=True, engine="builtin")
    size = np.sqrt(np.mean(ys**2))
    assert f"{size:.4g}" in [card.value for card in picture.graph.cards if not card.formula]
    again = (each(w, xs, ys) ** 2).sum()
    for other in (viz.explain(loss, w), viz.why(loss, w), viz.diff(loss, again)):
        assert other.svg
    with pytest.raises(NotANetworkError, match="mapped over examples by vmap"):
        viz.network(loss)
