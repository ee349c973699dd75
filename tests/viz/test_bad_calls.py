"""What callers are told who ask for pictures of too little, or at no place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import autodiff as ad
import nn
import viz

PRODUCT = ad.Value(2.0, name="a") * 3.0


def saved() -> Any:
    return viz.draw(PRODUCT).save(Path(__file__).parent / "nowhere" / "x.svg")


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (saved, FileNotFoundError, r"'x\.svg' cannot be written: there is no folder .*nowhere"),
        (lambda: viz.draw(PRODUCT, focus="a", hops=-1), ValueError, "hops=-1.* give 0 or more"),
        (lambda: viz.draw(PRODUCT, depth=-2), ValueError, "depth=-2.* give 0 or more"),
        (lambda: viz.curves({}), ValueError, r"curves\(\) was given no figures to draw"),
        (lambda: viz.flow(nn.Linear(1, 1)), TypeError, r"flow\(\) .*\(model, loss, x, y\)"),
        (lambda: viz.saliency(nn.Linear(1, 1)), TypeError, r"saliency\(\) .*'x'"),
        (lambda: viz.backward_network(3), TypeError, "no network can be read from a 'int'"),
        (lambda: viz.network(nn.Linear(1, 1)), TypeError, "a model was given without x"),
        (lambda: viz.network(ad.Tensor([1.0])), ValueError, r"no graph behind it: .* no_grad\(\)"),
    ],
)
def test_a_call_says_what_it_lacks(call: Callable[[], Any], error: type, says: str) -> None:
    with pytest.raises(error, match=says):
        call()
