"""Summaries: multiply-adds by hand, parameters once, no trace left, and how they print."""

from __future__ import annotations

import importlib
import json
import pkgutil
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff import ops
from autodiff.ops.primitive import TABLE
from nn.inspect.products import UNCOUNTED
from nn.module.tree import float_type


def _linear(n: int, a: int, b: int) -> int:
    return n * a * b


# A model, what it is called with, and its multiply-adds by hand.
COUNTED: list[tuple[Any, tuple[Any, ...], int]] = [
    (lambda: nn.Linear(7, 5), ((3, 7),), 3 * 7 * 5),
    (lambda: nn.Linear(7, 5), ((2, 3, 7),), 6 * 7 * 5),
    (lambda: nn.Linear(7, 5), ((7,),), 7 * 5),
    (lambda: nn.Conv1d(4, 6, 3), ((2, 4, 10),), 2 * 6 * 8 * 4 * 3),
    (
        lambda: nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2),
        ((2, 4, 9, 9),),
        2 * 6 * 5 * 5 * 2 * 9,
    ),
    (lambda: nn.Conv2d(4, 6, 3, dilation=2), ((2, 4, 9, 9),), 2 * 6 * 5 * 5 * 4 * 9),
    (lambda: nn.Conv3d(2, 3, 2), ((1, 2, 4, 4, 4),), 3 * 27 * 2 * 8),
    # Every entry of the input meets every entry of its kernels.
    (lambda: nn.ConvTranspose2d(2, 4, 3, stride=2), ((1, 2, 5, 5),), 2 * 25 * 4 * 9),
    (lambda: nn.LSTM(3, 4), ((5, 2, 3),), 5 * 2 * (16 * 3 + 16 * 4)),
    (lambda: nn.LSTM(3, 4, unroll=True), ((5, 2, 3),), 5 * 2 * (16 * 3 + 16 * 4)),
    (lambda: nn.GRU(3, 4), ((5, 2, 3),), 5 * 2 * (12 * 3 + 12 * 4)),
    (
        lambda: nn.MultiheadAttention(8, 2, batch_first=True),
        ((2, 5, 8), (2, 5, 8), (2, 5, 8)),
        2 * 5 * 8 * 24 + 2 * (2 * 2 * 5 * 5 * 4) + 2 * 5 * 8 * 8,
    ),
    (lambda: nn.ReLU(), ((3, 4),), 0),
    (lambda: nn.BatchNorm1d(4), ((3, 4),), 0),
]


@pytest.mark.parametrize("number", range(len(COUNTED)))
def test_multiply_adds_are_those_counted_by_hand(number: int) -> None:
    make, inputs, expected = COUNTED[number]
    found = nn.summary(make(), *inputs)
    assert found.products == expected
    assert found.rows[0].products == expected
    assert found.uncounted == ()


def test_what_is_not_counted_is_named() -> None:
    class Products(nn.Module):
        def forward(self, x: Any) -> Any:
            return ad.einsum("ij,kj->ik", x, x)

    found = nn.summary(Products(), (3, 4))
    assert found.products == 0
    assert found.uncounted == ("einsum",)
    assert "multiply-adds of einsum are not counted" in str(found)


def test_indices_cost_nothing_and_are_of_an_integer_type() -> None:
    found = nn.summary(nn.Embedding(10, 4), (2, 3), dtype=int)
    assert found.rows[0].shape == (2, 3, 4)
    assert found.products == 0
    assert nn.summary(nn.Embedding(10, 4), np.array([[1, 9]])).rows[0].shape == (1, 2, 4)


def _tied() -> nn.Sequential:
    shared = nn.Linear(4, 4, rng=0)
    return nn.Sequential(shared, nn.Tanh(), shared, nn.Linear(4, 2, rng=1))


def test_what_is_shared_is_counted_once_and_called_twice() -> None:
    found = nn.summary(_tied(), (3, 4))
    assert found.parameters == 20 + 10
    rows = {row.name: row for row in found.rows}
    assert rows["0"].calls == 2
    assert rows["0"].products == 2 * 3 * 16
    assert found.products == 2 * 3 * 16 + 3 * 8
    assert "× 2" in str(found)


def test_frozen_parts_are_counted_apart_and_have_a_graph() -> None:
    model = _tied()
    model.requires_grad_(False)
    found = nn.summary(model, (3, 4))
    assert (found.parameters, found.trainable) == (30, 0)
    assert found.products == 2 * 3 * 16 + 3 * 8
    assert "30 frozen" in str(found)
    assert not any(p.requires_grad for p in model.parameters())


def test_memory_is_that_of_the_arrays() -> None:
    model = nn.Sequential(nn.Linear(8, 16, dtype="float64"), nn.BatchNorm1d(16, dtype="float64"))
    found = nn.summary(model, (3, 8))
    assert found.parameter_bytes == (8 * 16 + 16 + 32) * 8
    assert found.buffer_bytes == 2 * 16 * 8 + 8
    # Views are part of what they show.
    assert nn.summary(nn.Flatten(), (3, 4, 5)).activation_bytes == 0
    assert nn.summary(nn.ReLU(), (3, 4)).activation_bytes == 3 * 4 * 4


def _state(model: nn.Module) -> list[Any]:
    return [*model.state_dict().values(), *(m.training for m in model.modules())]


def test_nothing_is_left_behind() -> None:
    model = nn.Sequential(
        nn.Linear(4, 4, rng=0), nn.BatchNorm1d(4), nn.Dropout(0.5, rng=3), nn.Dropout(0.5)
    )
    model[0].weight.grad = np.ones((4, 4), np.float32)
    before, drawn = _state(model), model[2].rng.bit_generator.state
    library = ad.random.generator().bit_generator.state
    nn.summary(model, (3, 4))
    for one, other in zip(_state(model), before, strict=True):
        np.testing.assert_array_equal(one, other)
    assert model[2].rng.bit_generator.state == drawn
    assert ad.random.generator().bit_generator.state == library
    assert model[0].weight.grad.sum() == 16
    # No hook is left either: a call makes nothing but its result.
    assert model.eval()(np.ones((1, 4), np.float32)).shape == (1, 4)


def test_a_lazy_model_stays_lazy() -> None:
    model = nn.Sequential(nn.Flatten(), nn.LazyLinear(3))
    found = nn.summary(model, (2, 4, 5))
    assert found.rows[2].kind == "1: Linear(20, 3)"
    assert found.parameters == 63
    assert "LazyLinear" in repr(model)


def test_a_failure_names_the_module() -> None:
    with pytest.raises(ad.errors.ShapeError) as caught:
        nn.summary(nn.Sequential(nn.ReLU(), nn.Linear(4, 2)), (3, 5))
    assert caught.value.__notes__ == ["(in 1: Linear)"]
    with pytest.raises(TypeError, match="give its inputs, or their shapes"):
        nn.summary(nn.ReLU())
    with pytest.raises(TypeError, match="takes a module first"):
        nn.summary((1, 2), (3,))
    with pytest.raises(ValueError, match="no negative lengths"):
        nn.summary(nn.ReLU(), (-1, 4))


def test_it_prints_as_text_html_and_data() -> None:
    model = nn.TransformerEncoder(
        nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2, enable_nested_tensor=False
    )
    found = nn.summary(model, (2, 5, 8))
    lines = str(found).splitlines()
    assert len({line.find("1,200") for line in lines[1:3]} - {-1}) == 1
    assert any(line.strip().startswith("out_proj: Linear(8, 8)") for line in lines)
    assert len(nn.summary(model, (2, 5, 8), depth=1).rows) == 2
    text = found._repr_html_()
    assert text.count("<tr>") == len(found.rows) + 1
    assert "<script" not in text
    assert json.loads(json.dumps(found.to_dict()))["parameters"] == 1200
    with pytest.raises(AttributeError):
        found.parameters = 3  # type: ignore[misc]


def test_names_of_what_is_not_counted_are_of_the_table() -> None:
    for module in pkgutil.walk_packages(ops.__path__, "autodiff.ops."):
        importlib.import_module(module.name)
    assert sorted(UNCOUNTED - set(TABLE)) == []


class Tied(nn.Module):
    """A table of words that is the last layer's weight, too."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(10, 4)
        self.body = nn.Sequential(nn.Linear(4, 4), nn.Tanh())
        self.head = nn.Linear(4, 10, bias=False)
        self.head.weight = self.words.weight

    def forward(self, x: Any) -> Any:
        return self.head(self.body(self.words(x)))


def test_a_parameter_of_several_modules_is_counted_once_and_marked() -> None:
    found = nn.summary(Tied(), (2,), dtype=int)
    rows = {row.name: row for row in found.rows}
    assert [rows[name].parameters for name in ("", "words", "body", "head")] == [60, 40, 20, 0]
    assert [rows[name].tied for name in ("", "words", "body", "head")] == [0, 0, 0, 40]
    assert rows["head"].trainable == 0
    assert "0 (40 shared)" in str(found)
    assert found.parameters == 60


def test_hooks_of_the_user_are_not_called_and_stay() -> None:
    model, called = nn.Sequential(nn.Linear(2, 3), nn.ReLU()), []
    model[0].register_forward_hook(lambda module, args, y: called.append(y))
    model.register_forward_pre_hook(lambda module, args: called.append(args))
    nn.summary(model, (1, 2))
    assert called == []
    model(np.ones((1, 2), np.float32))
    assert len(called) == 2


def test_reports_are_written_as_text_and_as_pages(tmp_path: Any) -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2))
    checked = nn.check(model, nn.CrossEntropyLoss(), nn.data.make_blobs(60, centers=2, rng=0))
    for report in (nn.summary(model, (1, 2)), checked):
        path = report.save(tmp_path / "report.txt")
        assert path.read_text(encoding="utf-8") == f"{report}\n"
        page = report.save(str(tmp_path / "report.html")).read_text(encoding="utf-8")
        assert page.startswith("<!doctype html>")
        assert report._repr_html_() in page
        with pytest.raises(ValueError, match=r"'\.pdf' is none of \.txt, .* and \.html"):
            report.save(tmp_path / "report.pdf")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_float_type_of_a_model_is_that_of_its_first_floating_parameter(dtype: Any) -> None:
    lazy = nn.Sequential(nn.LazyLinear(2), nn.Linear(2, 2, dtype=dtype))
    assert float_type(lazy) == dtype
    assert float_type(nn.Tanh()) is None
    assert float_type(ad.tree.map(lambda p: p * 2, nn.Linear(2, 2, dtype=dtype))) == dtype
    assert nn.summary(lazy, (1, 3)).rows[0].shape == (1, 2)
