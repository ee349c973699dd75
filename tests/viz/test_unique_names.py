"""Whatever nodes are called, no two cards of a picture have one name."""

from __future__ import annotations

import random
from typing import Any

import pytest

import autodiff as ad
from tests.sampled import sampled
from viz import draw

POOL = [None, "w1", "w₁", "w", "p1", "p₁", "p", "c", "c1", "L", "x", "z₁", "a⁽¹⁾₁", "s (2)", "h1"]


@pytest.mark.parametrize("seed", sampled(range(200), every=10))
def test_of_any_graph(seed: int) -> None:
    rng = random.Random(seed)
    nodes: list[Any] = [ad.Value(rng.random(), name=rng.choice(POOL)) for _ in range(4)]
    for _ in range(rng.randrange(4, 30)):
        function = rng.choice([ad.multiply, ad.add, ad.maximum])
        node: Any = function(rng.choice(nodes), rng.choice(nodes))
        if rng.random() < 0.4:
            node = ad.tanh(node)
        if rng.random() < 0.4:
            node.name = rng.choice(POOL)
        nodes.append(node)
    root = ad.total(nodes[4:])
    names = [card.name for card in draw(root, roll_up=False, engine="builtin").graph.cards]
    assert all(names)
    assert len(set(names)) == len(names), sorted(n for n in names if names.count(n) > 1)
