"""Parameters drawn anew, in the tensors that there are."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

import nn
from tests.nn.layer_rows import Row
from tests.nn.layer_samples import SAMPLES

ROWS = [row for row in SAMPLES if hasattr(getattr(nn, row.name), "reset_parameters")]


def resettable() -> set[str]:
    return {
        name
        for name in nn.__all__
        if inspect.isclass(getattr(nn, name)) and hasattr(getattr(nn, name), "reset_parameters")
    }


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_layer_begins_anew(row: Row) -> None:
    kind = getattr(nn, row.name)
    draws = {"rng": 5} if "rng" in inspect.signature(kind.__init__).parameters else {}
    layer, fresh = kind(*row.args, **row.settings), kind(*row.args, **row.settings, **draws)
    for tensor in (*layer.parameters(), *layer.buffers()):
        tensor.data = tensor.data + 1
    kept = [id(p) for p in layer.parameters()]
    layer.to(np.float64).eval()
    layer.reset_parameters(rng=5)
    assert [id(p) for p in layer.parameters()] == kept
    assert not layer.training
    state = layer.state_dict()
    for name, array in fresh.state_dict().items():
        np.testing.assert_array_equal(state[name], array)
        assert state[name].dtype == (np.float64 if array.dtype.kind == "f" else array.dtype)


def test_the_layers_that_can_are_pytorchs_and_all_are_sampled() -> None:
    torch = pytest.importorskip("torch")
    assert resettable() == {row.name for row in ROWS}
    for name in nn.__all__:
        theirs = getattr(torch.nn, name, None)
        if hasattr(theirs, "reset_parameters") and not name.startswith("Lazy"):
            assert name in resettable()


def test_what_was_changed_and_what_was_made_otherwise() -> None:
    class Square(nn.Linear):
        def __init__(self, size: int) -> None:
            super().__init__(size, size, bias=False)

    layer: Any = Square(3)
    before = layer.weight.numpy().copy()
    layer.reset_parameters()
    assert (layer.weight.data != before).any()
    table = np.ones((4, 2), np.float32)
    words = nn.Embedding.from_pretrained(table)
    words.reset_parameters(rng=0)
    assert (words.weight.data != 1).all()
    np.testing.assert_array_equal(table, 1)
    lazy = nn.LazyLinear(2)
    assert not hasattr(lazy, "reset_parameters")
    lazy(np.ones((1, 3), np.float32))
    lazy.reset_parameters()
    layer.weight = nn.Parameter(np.ones((2, 3)))
    for changed in (layer, nn.utils.parametrizations.weight_norm(nn.Linear(2, 2))):
        with pytest.raises(ValueError, match="since it was changed"):
            changed.reset_parameters()
    with pytest.raises(AttributeError, match="no parameters of its own"):
        nn.ReLU().reset_parameters()  # type: ignore[attr-defined]
