"""Tables looked up by number, and positions: by hand, beside PyTorch, compiled, refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.nn.differences import assert_module_gradients
from tests.nn.layer_rows import Row
from tests.nn.layer_samples import of
from tests.nn.layers.beside_torch import assert_as_torch, assert_compiled_as_called

ROWS = of("Embedding", "EmbeddingBag")
POSITIONS = of("LearnedPositions", "RotaryPositions", "SinusoidalPositions")
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_numbers_and_states_are_those_of_pytorch(row: Row) -> None:
    theirs = row.build_torch(pytest.importorskip("torch"))
    assert_as_torch(row.build(), theirs, *row.arrays(), rtol=1e-9)


@pytest.mark.parametrize("row", [*ROWS, *POSITIONS], ids=str)
def test_compiled_steps_leave_what_ordinary_ones_leave(row: Row) -> None:
    assert_compiled_as_called(row.build(np.float32), *row.arrays(np.float32))


def test_rows_and_their_gradients_by_hand() -> None:
    layer = nn.Embedding(4, 2, padding_idx=-1, rng=0, dtype=np.float64)
    assert layer.padding_idx == 3
    assert not layer.weight.data[3].any()
    places = np.array([[0, 2], [2, 3]])
    g = RNG.standard_normal((2, 2, 2))
    (layer(places) * g).sum().backward()
    np.testing.assert_array_equal(layer(places).data, layer.weight.data[places])
    wanted = [g[0, 0], [0, 0], g[0, 1] + g[1, 0], [0, 0]]
    np.testing.assert_allclose(layer.weight.grad, wanted)
    layer = nn.Embedding(4, 2, scale_grad_by_freq=True, rng=0, dtype=np.float64)
    (layer(places) * g).sum().backward()
    np.testing.assert_allclose(layer.weight.grad[2], (g[0, 1] + g[1, 0]) / 2)


def test_gradients_of_bags_are_divided_by_how_often_a_row_was_looked_up() -> None:
    # Not beside PyTorch, which in bags takes the count of another row.
    places, g = np.array([0, 2, 2, 1]), RNG.standard_normal((2, 2))
    layer = nn.EmbeddingBag(4, 2, mode="sum", scale_grad_by_freq=True, rng=0, dtype=np.float64)
    (layer(places, [0, 2]) * g).sum().backward()
    wanted = [g[0], g[1], (g[0] + g[1]) / 2, [0, 0]]
    np.testing.assert_allclose(layer.weight.grad, wanted)


def test_long_rows_are_shortened_in_the_table_where_they_are_looked_up() -> None:
    layer = nn.Embedding.from_pretrained([[3.0, 4.0], [30.0, 40.0], [0.3, 0.4]], max_norm=1.0)
    y = layer(np.array([0, 2, 0]))
    np.testing.assert_allclose(y.data, [[0.6, 0.8], [0.3, 0.4], [0.6, 0.8]], rtol=1e-6)
    np.testing.assert_allclose(layer.weight.data[:2], [[0.6, 0.8], [30.0, 40.0]], rtol=1e-6)


def test_bags_by_hand() -> None:
    table = np.arange(8.0).reshape(4, 2)
    found = {
        mode: nn.EmbeddingBag.from_pretrained(table, mode=mode)(
            np.array([3, 0, 1]), [0, 2]
        ).tolist()
        for mode in ("sum", "mean", "max")
    }
    assert found["sum"] == [[6.0, 8.0], [2.0, 3.0]]
    assert found["mean"] == [[3.0, 4.0], [2.0, 3.0]]
    assert found["max"] == [[6.0, 7.0], [2.0, 3.0]]
    assert not nn.EmbeddingBag.from_pretrained(table).weight.requires_grad
    assert nn.EmbeddingBag.from_pretrained(table, freeze=False).weight.requires_grad


def test_nothing_looked_up_gives_nothing() -> None:
    assert nn.Embedding(4, 2)(np.zeros((0, 3), int)).shape == (0, 3, 2)
    assert nn.EmbeddingBag(4, 2)(np.zeros((0, 3), int)).shape == (0, 2)
    empty = nn.EmbeddingBag(4, 2)(np.zeros((2, 0), int))
    np.testing.assert_array_equal(empty.data, np.zeros((2, 2)))


def test_sines_and_cosines_of_the_paper() -> None:
    rows = nn.functional.sinusoidal_positions(50, 7, dtype=np.float64)
    for p, i in [(0, 0), (3, 4), (49, 6), (7, 1), (49, 5)]:
        angle = p / 10000 ** ((i - i % 2) / 7)
        assert rows[p, i] == pytest.approx(np.cos(angle) if i % 2 else np.sin(angle), abs=1e-12)
    x = RNG.standard_normal((3, 2, 7))
    y = nn.SinusoidalPositions(7)(x)
    np.testing.assert_allclose(y.data, x + rows[:3, None], rtol=1e-12)
    y = nn.SinusoidalPositions(7, batch_first=True)(x)
    np.testing.assert_allclose(y.data, x + rows[:2], rtol=1e-12)


def test_turned_queries_and_keys_know_their_distance_alone() -> None:
    q, k = RNG.standard_normal((2, 6))
    rows = np.tile(q, (9, 1)), np.tile(k, (9, 1))
    turned = [nn.functional.rotary_embedding(x).data for x in rows]
    scores = turned[0] @ turned[1].T
    for distance in range(-8, 9):
        along = np.diagonal(scores, distance)
        np.testing.assert_allclose(along, along[0], rtol=1e-10)
    assert not np.allclose(scores[0], scores[0, 0])
    pairs = q[0::2] + 1j * q[1::2]
    wanted = pairs * np.exp(1j * 5 / 10000 ** (np.arange(0, 6, 2) / 6))
    np.testing.assert_allclose(turned[0][5, 0::2] + 1j * turned[0][5, 1::2], wanted, rtol=1e-12)
    later = nn.RotaryPositions()(rows[0][:2], offset=5)
    np.testing.assert_allclose(later.data, turned[0][5:7], rtol=1e-12)


@pytest.mark.parametrize("row", POSITIONS, ids=str)
def test_gradients_of_positions(row: Row) -> None:
    assert_module_gradients(row.build(), row.inputs[0])


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: nn.Embedding(4, 2)([[0, 1], [5, 0]]), IndexError, r"row 5 .*at indices\[1, 0\]"),
        (lambda: nn.Embedding(4, 2)([0.5]), TypeError, "needs integers as indices"),
        (lambda: nn.Embedding(4, 2, sparse=True), ValueError, "sparse=True is not supported"),
        (lambda: nn.Embedding(4, 2, 4), ValueError, "padding_idx=4 is no row of a table with 4"),
        (lambda: nn.Embedding(0, 2), ValueError, "num_embeddings must be a positive"),
        (lambda: nn.Embedding(3, 2, _weight=[[1.0]]), ad.ShapeError, r"\(1, 1\); give \(3, 2\)"),
        (lambda: nn.Embedding.from_pretrained([1.0]), ad.ShapeError, r"of shape \(V, D\)"),
        (lambda: nn.EmbeddingBag(4, 2, mode="min"), ValueError, "not 'min'"),
        (lambda: nn.EmbeddingBag(4, 2, sparse=True), ValueError, "sparse=True is not supported"),
        (lambda: nn.LearnedPositions(2, 4)(np.zeros((3, 4))), ad.ShapeError, "knows 2 positions"),
        (lambda: nn.LearnedPositions(2, 4)(np.zeros((2, 3))), ad.ShapeError, r"\(L, N, 4\) or"),
        (lambda: nn.SinusoidalPositions(4)(np.zeros(4)), ad.ShapeError, r"and got \(4,\)"),
        (lambda: nn.RotaryPositions()(np.zeros((2, 3))), ad.ShapeError, "with D even"),
    ],
)
def test_what_is_refused(call: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        call()


def test_what_differs_from_the_usual_is_printed() -> None:
    layer = nn.Embedding(4, 2, padding_idx=0, max_norm=1.0)
    assert repr(layer) == "Embedding(4, 2, padding_idx=0, max_norm=1.0)  # 8 parameters"
    assert repr(nn.EmbeddingBag(4, 2, mode="sum")) == "EmbeddingBag(4, 2, mode=sum)  # 8 parameters"
    assert repr(nn.LearnedPositions(3, 2)) == "LearnedPositions(3, 2)  # 6 parameters"


@pytest.mark.parametrize("layer", [nn.Embedding(4, 2), nn.EmbeddingBag(4, 2)])
def test_replays_count_no_row_from_the_end(layer: Any) -> None:
    look = ad.compile(lambda rows: layer(rows))
    good = np.array([[0, 3], [1, 2]])
    for _ in range(2):
        np.testing.assert_array_equal(look(good).data, layer(good).data)
    for wrong in (good - 1, good + 1):
        with pytest.raises(IndexError, match="out of bounds"):
            look(wrong)
