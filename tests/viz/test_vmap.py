"""Pictures of graphs in which a function was mapped over a batch."""

from __future__ import annotations

import numpy as np

import autodiff as ad
import viz


def test_nodes_of_a_mapped_function_show_the_numbers_of_all_examples() -> None:
    w = ad.Tensor(np.array([1.0, 2.0]), requires_grad=True, name="w")
    y = ad.vmap(lambda x: ad.sum(ad.tanh(w * x)))(np.ones((3, 2))).sum()
    for gradients in (None, True):
        picture = viz.draw(y, gradients=gradients)
        assert "tanh" in picture.svg
        assert picture.json().count('"id"') >= 8
