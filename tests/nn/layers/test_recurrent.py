"""RNN, LSTM, GRU and their cells: formulas by hand, PyTorch, lengths, compiled steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.errors import ShapeError
from autodiff.testing import assert_gradients
from nn.utils import rnn
from tests.nn.layers.beside_torch import assert_compiled_as_called

Array = np.ndarray[Any, Any]

LENGTHS = [2, 5, 3]


def _sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def _by_hand(layer: nn.Module, x: Array, states: list[Array], end: str = "") -> list[Array]:
    """One step by its formula, with the weights of a cell or of one layer."""
    p = {k: v.astype(np.float64) for k, v in layer.state_dict().items()}
    a = x @ p[f"weight_ih{end}"].T + p[f"bias_ih{end}"]
    b = states[0] @ p[f"weight_hh{end}"].T + p[f"bias_hh{end}"]
    kind = type(layer).__name__
    if kind.startswith("RNN"):
        z = a + b
        return [np.tanh(z) if layer.nonlinearity == "tanh" else np.maximum(z, 0)]
    if kind.startswith("GRU"):
        (ar, az, an), (br, bz, bn) = np.split(a, 3, -1), np.split(b, 3, -1)
        r, z = _sigmoid(ar + br), _sigmoid(az + bz)
        n = np.tanh(an + r * bn)
        return [(1 - z) * n + z * states[0]]
    i, f, g, o = np.split(a + b, 4, -1)
    c = _sigmoid(f) * states[1] + _sigmoid(i) * np.tanh(g)
    return [_sigmoid(o) * np.tanh(c), c]


KINDS = [
    ("RNN", {}),
    ("RNN", {"nonlinearity": "relu"}),
    ("LSTM", {}),
    ("GRU", {}),
]


@pytest.mark.parametrize(("kind", "settings"), KINDS)
def test_one_step_and_three_are_the_formula(kind: str, settings: dict[str, Any]) -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((3, 2, 3))
    begin = [rng.standard_normal((2, 4)) for _ in range(2 if kind == "LSTM" else 1)]
    given = begin[0] if len(begin) == 1 else tuple(begin)
    cell = getattr(nn, kind + "Cell")(3, 4, **settings, dtype=np.float64, rng=1)
    found = ad.tree.leaves(cell(x[0], given))
    for a, b in zip(found, _by_hand(cell, x[0], begin), strict=True):
        np.testing.assert_allclose(a.data, b, rtol=1e-12)
    layer = getattr(nn, kind)(3, 4, **settings, dtype=np.float64, rng=1)
    y, last = layer(x, ad.tree.map(lambda h: h[None], given))
    states = begin
    for t in range(3):
        states = _by_hand(layer, x[t], states, "_l0")
        np.testing.assert_allclose(y[t].data, states[0], rtol=1e-12)
    for a, b in zip(ad.tree.leaves(last), states, strict=True):
        np.testing.assert_allclose(a.data[0], b, rtol=1e-12)


SETTINGS: list[dict[str, Any]] = [
    {},
    {"bias": False},
    {"num_layers": 2, "bidirectional": True},
    {"batch_first": True, "bidirectional": True},
    {"num_layers": 3, "batch_first": True, "bias": False},
]
CASES = [(k, {**s, **more}) for k, s in KINDS for more in SETTINGS]
CASES += [("LSTM", {"proj_size": 2}), ("LSTM", {"proj_size": 2, "bidirectional": True})]
CASES += [("LSTM", {"proj_size": 1, "num_layers": 2, "bidirectional": True, "batch_first": True})]


def _pair(kind: str, settings: dict[str, Any]) -> tuple[Any, Any]:
    torch = pytest.importorskip("torch")
    theirs = getattr(torch.nn, kind)(3, 4, **settings, dtype=torch.float64)
    mine = getattr(nn, kind)(3, 4, **settings, dtype=np.float64)
    assert list(mine.state_dict()) == list(theirs.state_dict())
    mine.load_state_dict(theirs.state_dict())
    return mine, theirs


def _states(mine: Any, batch: tuple[int, ...]) -> list[Array]:
    rng, at = np.random.default_rng(3), mine.num_layers * (2 if mine.bidirectional else 1)
    lengths = [mine.proj_size or 4, 4][: 2 if mine.mode == "LSTM" else 1]
    return [rng.standard_normal((at, *batch, n)) for n in lengths]


def _compare(mine: Any, theirs: Any, x: Array, states: list[Array] | None, how: str = "") -> None:
    """Outputs, last states, and all gradients of a sum of both with random weights."""
    torch = pytest.importorskip("torch")
    lengths = LENGTHS if how else None
    results = []
    for engine, layer in ((ad, mine), (torch, theirs)):
        ours = engine is ad
        make = ad.Tensor if ours else torch.tensor
        u = make(x, requires_grad=True)
        s = [make(h, requires_grad=True) for h in states or ()]
        hx = (s[0] if len(s) == 1 else tuple(s),) if s else ()
        if not lengths:
            y, last = layer(u, *hx)
        elif how == "lengths" and ours:
            y, last = layer(u, *hx, lengths=lengths)
        else:
            pack = rnn if ours else torch.nn.utils.rnn
            first = layer.batch_first
            packed = pack.pack_padded_sequence(u, lengths, first, enforce_sorted=False)
            packed, last = layer(packed, *hx)
            y, found = pack.pad_packed_sequence(packed, first)
            assert found.tolist() == lengths
        ends = [last] if layer.mode != "LSTM" else list(last)
        parts = [y, *ends]
        rng = np.random.default_rng(4)
        loss = sum((part * make(rng.standard_normal(part.shape))).sum() for part in parts)
        loss.backward()
        named = {name: p.grad for name, p in layer.named_parameters()}
        grads = [u.grad, *(h.grad for h in s), *(named[name] for name in sorted(named))]
        results.append([np.asarray(part.data) for part in parts] + [np.asarray(g) for g in grads])
    for a, b in zip(*results, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("kind", "settings"), CASES)
def test_values_and_gradients_are_those_of_torch(kind: str, settings: dict[str, Any]) -> None:
    mine, theirs = _pair(kind, settings)
    x = np.random.default_rng(2).standard_normal((3, 5, 3))
    batch = 3 if settings.get("batch_first") else 5
    _compare(mine, theirs, x, None)
    _compare(mine, theirs, x, _states(mine, (batch,)))
    _compare(mine, theirs, x[0], _states(mine, ()))


@pytest.mark.parametrize("how", ["packed", "lengths"])
@pytest.mark.parametrize(("kind", "settings"), CASES[::3] + CASES[-1:])
def test_several_lengths_are_as_packed_in_torch(
    kind: str, settings: dict[str, Any], how: str
) -> None:
    mine, theirs = _pair(kind, settings)
    shape = (3, 5, 3) if settings.get("batch_first") else (5, 3, 3)
    x = np.random.default_rng(2).standard_normal(shape)
    _compare(mine, theirs, x, None, how)
    _compare(mine, theirs, x, _states(mine, (3,)), how)


def test_what_stands_after_the_end_has_no_influence() -> None:
    layer = nn.LSTM(2, 3, bidirectional=True, dtype=np.float64, rng=0)
    x = np.random.default_rng(1).standard_normal((5, 3, 2))
    dirty = np.where(np.arange(5)[:, None, None] < np.array(LENGTHS)[:, None], x, np.nan)
    grads = []
    for given in (x, dirty):
        leaf = ad.Tensor(given, requires_grad=True)
        layer.zero_grad()
        y, (h, c) = layer(leaf, lengths=LENGTHS)
        (y.sum() + (h * c).sum()).backward()
        grads.append([y.data, h.data, leaf.grad, *(p.grad for p in layer.parameters())])
    for a, b in zip(*grads, strict=True):
        np.testing.assert_array_equal(a, b)
    assert not y.data[2:, 0].any()
    assert not leaf.grad[2:, 0].any()


@pytest.mark.parametrize("kind", ["RNNCell", "LSTMCell", "GRUCell"])
def test_cells_have_second_derivatives(kind: str) -> None:
    cell = getattr(nn, kind)(2, 3, dtype=np.float64, rng=0)

    def loss(x: Any) -> Any:
        states = cell(x, cell(x))
        return ad.square(states[0] if isinstance(states, tuple) else states).sum()

    x = np.random.default_rng(0).standard_normal((2, 2))
    assert_gradients(loss, x, order=2)


@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
def test_compiled_steps_are_ordinary_ones(name: str) -> None:
    layer = getattr(nn, name)(2, 3, 2, dropout=0.5, bidirectional=True)
    x = np.random.default_rng(0).standard_normal((4, 3, 2)).astype(np.float32)
    assert_compiled_as_called(layer, x)
    assert_compiled_as_called(layer, x, lengths=np.array([4, 1, 2]))


def test_lengths_may_change_in_a_compiled_step() -> None:
    layer = nn.GRU(2, 3, bidirectional=True, rng=0)
    x = np.random.default_rng(0).standard_normal((4, 3, 2)).astype(np.float32)
    step = ad.compile(lambda x, lengths: layer(x, lengths=lengths))
    for lengths in ([4, 1, 2], [1, 2, 3], [4, 4, 4], [2, 2, 1]):
        found, wanted = step(x, np.array(lengths)), layer(x, lengths=lengths)
        for a, b in zip(found, wanted, strict=True):
            np.testing.assert_array_equal(np.asarray(a), b.data)


REFUSED: list[tuple[Any, type[Exception], str]] = [
    (lambda: nn.RNN(2, 3, nonlinearity="sin"), ValueError, 'nonlinearity is "tanh" or "relu"'),
    (lambda: nn.LSTM(2, 3, proj_size=3), ValueError, "proj_size must be smaller than hidden_size"),
    (lambda: nn.GRU(0, 3), ValueError, "GRU: input_size must be a positive integer, not 0"),
    (lambda: nn.GRU(2, 3)(np.zeros((4, 3))), ShapeError, r"GRU\(2, 3\) .*\(T, 2\) .*got \(4, 3\)"),
    (lambda: nn.GRU(2, 3)(np.zeros((0, 1, 2))), ShapeError, "at least one step"),
    (
        lambda: nn.LSTM(2, 3)(np.zeros((4, 1, 2)), (np.zeros((1, 1, 3)), np.zeros((1, 2, 3)))),
        ShapeError,
        r"\(h_0, c_0\) of shape \(1, 1, 3\) and \(1, 1, 3\), and got .* and \(1, 2, 3\)",
    ),
    (
        lambda: nn.RNN(2, 3)(np.zeros((4, 1, 2)), lengths=[5]),
        ValueError,
        r"lengths from 1 to the 4 steps that there are, and got \[5\]",
    ),
    (lambda: nn.RNN(2, 3)(np.zeros((4, 1, 2)), lengths=[2, 2]), ShapeError, r"of shape \(1,\)"),
    (lambda: nn.LSTMCell(2, 3)(np.zeros((4, 3))), ShapeError, r"LSTMCell\(2, 3\).*got \(4, 3\)"),
    (
        lambda: nn.GRUCell(2, 3)(np.zeros((4, 2)), np.zeros((4, 2))),
        ShapeError,
        r"states of shape \(4, 3\) .* got \(4, 2\)",
    ),
    (lambda: nn.RNNCell(2, 3, nonlinearity="sin"), ValueError, "RNNCell: nonlinearity is"),
]


@pytest.mark.parametrize(("call", "error", "said"), REFUSED)
def test_what_does_not_fit_is_refused(call: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        call()


def test_dropout_between_no_layers_is_warned_of() -> None:
    with pytest.warns(UserWarning, match="acts between layers, and num_layers is 1"):
        nn.GRU(2, 3, dropout=0.5)
