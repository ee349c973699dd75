"""Attention and the Transformer: formulas by hand, PyTorch's numbers, masks, what is refused."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.nn.layer_rows import Row
from tests.nn.layer_samples import of
from tests.nn.layers.beside_torch import assert_as_torch, assert_compiled_as_called

Array = np.ndarray[Any, Any]
ROWS = of(
    *("MultiheadAttention", "TransformerEncoderLayer", "TransformerDecoderLayer", "Transformer")
)
RNG = np.random.default_rng(0)
X = RNG.standard_normal((4, 2, 6))
HIDDEN = np.triu(np.ones((4, 4), bool), 1)
PADDING = np.array([[False, False, True, True], [False, False, False, True]])
SCORES = RNG.standard_normal((4, 4))


@pytest.mark.parametrize("row", [row for row in ROWS if not row.draws], ids=str)
def test_numbers_and_states_are_those_of_pytorch(row: Row) -> None:
    torch = pytest.importorskip("torch")
    theirs, twice = row.build_torch(torch), "Multihead" in row.name
    assert_as_torch(row.build(), theirs, *row.arrays(), rtol=1e-7, twice=twice, **row.named())


MASKS: dict[str, dict[str, Any]] = {
    "booleans": {"attn_mask": HIDDEN},
    "numbers": {"attn_mask": SCORES},
    "a mask for every head": {"attn_mask": RNG.standard_normal((4, 4, 4))},
    "booleans for every head": {"attn_mask": np.stack([HIDDEN, HIDDEN.T, HIDDEN, HIDDEN])},
    "padding": {"key_padding_mask": PADDING},
    "padding and booleans": {"attn_mask": HIDDEN, "key_padding_mask": PADDING},
    "padding and numbers": {
        "attn_mask": SCORES,
        "key_padding_mask": np.where(PADDING, -np.inf, 0.0),
    },
    "weights of every head": {"average_attn_weights": False},
    "no weights": {"need_weights": False, "attn_mask": HIDDEN, "is_causal": True},
}


@pytest.mark.parametrize("extra", [{}, {"add_bias_kv": True, "add_zero_attn": True}])
@pytest.mark.parametrize("name", MASKS)
def test_masks_are_those_of_pytorch(name: str, extra: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    if extra and "is_causal" in MASKS[name]:
        pytest.skip("PyTorch then hides the key that is learned")
    mine, theirs = (m.MultiheadAttention(6, 2, **extra) for m in (nn, torch.nn))
    assert_as_torch(mine, theirs, X, X, X, rtol=1e-8, **MASKS[name])


def heads_by_hand(layer: nn.MultiheadAttention, x: Array, mask: Array) -> Array:
    """Queries that see keys where the mask is 0, of one sequence (L, E)."""
    state = layer.state_dict()
    q, k, v = np.split(x @ state["in_proj_weight"].T + state["in_proj_bias"], 3, axis=1)
    found = []
    for head in np.split(np.arange(x.shape[1]), layer.num_heads):
        scores = q[:, head] @ k[:, head].T / np.sqrt(len(head)) + mask
        e = np.exp(scores)
        found.append(e / e.sum(1, keepdims=True) @ v[:, head])
    return np.hstack(found) @ state["out_proj.weight"].T + state["out_proj.bias"]


def test_the_formula_and_that_causal_needs_no_mask() -> None:
    layer = nn.MultiheadAttention(6, 3, rng=0, dtype=np.float64)
    x = X[:, 0]
    for mask, settings in [
        (np.zeros((4, 4)), {}),
        (np.where(HIDDEN, -np.inf, 0.0), {"is_causal": True}),
        (np.where(HIDDEN, -np.inf, SCORES), {"is_causal": True, "attn_mask": SCORES}),
    ]:
        y, _ = layer(x, x, x, **settings)
        np.testing.assert_allclose(y.data, heads_by_hand(layer, x, mask), rtol=1e-12)


def test_the_encoder_layer_is_its_formula_and_norm_first_another() -> None:
    for first in (False, True):
        layer = nn.TransformerEncoderLayer(
            6, 2, 5, norm_first=first, activation=ad.tanh, rng=0, dtype=np.float64
        ).eval()
        x = X[:, 0]

        def normal(x: Array) -> Array:
            return (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-5)

        def feed(x: Array, state: dict[str, Array]) -> Array:
            h = np.tanh(x @ state["linear1.weight"].T + state["linear1.bias"])
            return h @ state["linear2.weight"].T + state["linear2.bias"]

        state, none = layer.state_dict(), np.zeros((4, 4))
        if first:
            h = x + heads_by_hand(layer.self_attn, normal(x), none)
            wanted = h + feed(normal(h), state)
        else:
            h = normal(x + heads_by_hand(layer.self_attn, x, none))
            wanted = normal(h + feed(h, state))
        np.testing.assert_allclose(layer(x).data, wanted, rtol=1e-10)


@pytest.mark.parametrize("need_weights", [True, False])
@pytest.mark.parametrize("floats", [True, False])
def test_a_query_that_sees_nothing_gets_the_last_bias(floats: bool, need_weights: bool) -> None:
    layer = nn.MultiheadAttention(6, 2, rng=0, dtype=np.float64)
    layer.out_proj.bias.data = np.arange(6.0)  # type: ignore[union-attr]
    hidden = HIDDEN.copy()
    hidden[1] = True
    mask = np.where(hidden, -np.inf, 0.0) if floats else hidden
    x = ad.Tensor(X, requires_grad=True)
    y, weights = layer(x, x, x, attn_mask=mask, need_weights=need_weights)
    np.testing.assert_array_equal(y.data[1], np.tile(np.arange(6.0), (2, 1)))
    if weights is not None:
        np.testing.assert_array_equal(weights.data[:, 1], 0.0)
    ad.square(y).sum().backward()
    assert np.isfinite(x.grad).all()


def test_dropped_weights_are_drawn_from_the_generator_given() -> None:
    first, second = (nn.TransformerEncoderLayer(6, 2, 5, 0.5, rng=7) for _ in range(2))
    x = X.astype(np.float32)
    a, b = first(x), second(x)
    np.testing.assert_array_equal(a.data, b.data)
    assert not np.array_equal(first(x).data, a.data)
    assert np.array_equal(first.eval()(x).data, first(x).data)
    _, weights = nn.MultiheadAttention(6, 2, 0.9, rng=7)(x, x, x)
    assert weights is not None
    assert (weights.data == 0).any()


def test_copies_of_a_layer_draw_different_numbers() -> None:
    layer = nn.TransformerEncoderLayer(6, 2, 5, 0.5, rng=7)
    stack = nn.TransformerEncoder(layer, 2)
    first, second = stack.layers
    assert not np.array_equal(first(X).data, second(X).data)
    np.testing.assert_array_equal(first.linear1.weight.data, second.linear1.weight.data)
    stack.eval()
    np.testing.assert_array_equal(first(X).data, second(X).data)


def test_a_stack_calls_its_layers_and_its_norm() -> None:
    torch = pytest.importorskip("torch")
    stacks = []
    for m in (nn, torch.nn):
        layer = m.TransformerDecoderLayer(6, 2, 5, 0.0)
        stacks.append(m.TransformerDecoder(layer, 2, m.LayerNorm(6)))
    assert_as_torch(stacks[0], stacks[1], X, X[:3], rtol=1e-7, tgt_mask=HIDDEN)
    stacks = []
    for m in (nn, torch.nn):
        layer = m.TransformerEncoderLayer(6, 2, 5, 0.0, batch_first=True)
        stacks.append(m.TransformerEncoder(layer, 2, m.LayerNorm(6), enable_nested_tensor=False))
    turned = X.swapaxes(0, 1).copy()
    assert_as_torch(*stacks, turned, rtol=1e-7, mask=HIDDEN, src_key_padding_mask=PADDING)


def test_causal_transformer_sees_nothing_of_what_comes_later() -> None:
    model = nn.Transformer(6, 2, 1, 1, 5, rng=0).eval()
    mask = nn.Transformer.generate_square_subsequent_mask(4)
    x = X.astype(np.float32)
    later = x.copy()
    later[3] += 1.0
    for settings in ({"tgt_mask": mask}, {"tgt_is_causal": True}):
        a, b = (model(x, tgt, **settings).data for tgt in (x, later))
        np.testing.assert_array_equal(a[:3], b[:3])
        assert not np.allclose(a[3], b[3])


@pytest.mark.parametrize("row", [*ROWS[:4], *ROWS[5:8]], ids=str)
def test_compiled_steps_leave_what_ordinary_ones_leave(row: Row) -> None:
    named = row.named(np.float32)
    assert_compiled_as_called(row.build(np.float32), *row.arrays(np.float32), **named)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: nn.MultiheadAttention(6, 4), ValueError, "embed_dim=6 .* num_heads=4"),
        (lambda: nn.MultiheadAttention(0, 4), ValueError, "embed_dim must be a positive"),
        (lambda: nn.MultiheadAttention(6, 2)(X, X, X[0]), ad.ShapeError, r"takes a value of sha"),
        (lambda: nn.MultiheadAttention(6, 2)(X, X, X[:3]), ad.ShapeError, r"values of shape \(3,"),
        (
            lambda: nn.MultiheadAttention(6, 2)(X, X, X, attn_mask=HIDDEN[:2]),
            ad.ShapeError,
            r"attn_mask of shape \(2, 4\); give \(4, 4\).*\(4, 4, 4\)",
        ),
        (
            lambda: nn.MultiheadAttention(6, 2)(X, X, X, key_padding_mask=PADDING.T),
            ad.ShapeError,
            r"key_padding_mask of shape \(4, 2\); give \(2, 4\)",
        ),
        (
            lambda: nn.MultiheadAttention(6, 2)(X, X, X, attn_mask=HIDDEN.astype(int)),
            TypeError,
            "attn_mask of int64; give booleans",
        ),
        (lambda: nn.TransformerEncoderLayer(6, 2, activation="tan"), ValueError, "not 'tan'"),
        (lambda: nn.TransformerEncoder(nn.Linear(2, 2), 0), ValueError, "num_layers must be"),
        (lambda: nn.TransformerEncoder("x", 1), TypeError, "takes a layer, and a str"),  # type: ignore[arg-type]
        (
            lambda: nn.Transformer(6, 2, 1, 1, 5)(X, X[:, :1]),
            ad.ShapeError,
            r"src of shape \(4, 2, 6\) and tgt of shape \(4, 1, 6\)",
        ),
    ],
)
def test_what_is_refused(call: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        call()


def test_a_batch_of_nothing_and_a_copy() -> None:
    layer = nn.TransformerEncoderLayer(6, 2, 5, batch_first=True, rng=0).eval()
    assert layer(np.zeros((0, 4, 6), np.float32)).shape == (0, 4, 6)
    x = X.astype(np.float32)
    np.testing.assert_array_equal(copy.deepcopy(layer)(x).data, layer(x).data)
