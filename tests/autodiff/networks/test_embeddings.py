"""Rows of tables and bags of them: PyTorch's results, gradients, and what is refused."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.images.test_pooling import normal
from tests.autodiff.reference import leaves, pull, same, weights

TABLE = normal((6, 3))


def compare(name: str, indices: Any, **settings: Any) -> None:
    torch = pytest.importorskip("torch")
    (table,) = leaves([TABLE])
    y = getattr(ad, name)(indices, table, **settings)
    theirs = torch.tensor(TABLE, requires_grad=True)
    given = {k: torch.tensor(v) if isinstance(v, np.ndarray) else v for k, v in settings.items()}
    z = getattr(torch.nn.functional, name)(torch.tensor(indices), theirs, **given)
    same(y.data, z.detach().numpy(), rtol=1e-13, atol=1e-15)
    z.backward(torch.tensor(weights(y.shape)))
    same(pull(y, [table])[0], theirs.grad.numpy(), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("padding", [None, 2, -6])
def test_rows_are_those_of_torch(padding: int | None) -> None:
    for indices in (np.array([[0, 2, 2], [5, 1, 0]]), np.array(4), np.zeros((0, 2), int)):
        compare("embedding", indices, padding_idx=padding)


@pytest.mark.parametrize(("mode", "padding"), list(product(("sum", "mean", "max"), (None, 2, -6))))
def test_bags_are_those_of_torch(mode: str, padding: int | None) -> None:
    settings = {"mode": mode, "padding_idx": padding}
    compare("embedding_bag", np.array([[0, 2, 3], [5, 1, 0]]), **settings)
    row = np.array([4, 1, 2, 0, 2, 3])
    compare("embedding_bag", row, offsets=np.array([0, 1, 1, 4]), **settings)
    ends = {"offsets": np.array([0, 2, 6]), "include_last_offset": True}
    compare("embedding_bag", row, **ends, **settings)


def test_weighted_bags_are_those_of_torch_and_weights_get_gradients() -> None:
    torch = pytest.importorskip("torch")
    indices, factors = np.array([[0, 2, 3], [5, 2, 0]]), normal((2, 3), 2)
    for padding in (None, 2):
        nodes = leaves([TABLE, factors])
        settings = {"mode": "sum", "padding_idx": padding}
        y = ad.embedding_bag(indices, nodes[0], per_sample_weights=nodes[1], **settings)
        theirs = [torch.tensor(a, requires_grad=True) for a in (TABLE, factors)]
        z = torch.nn.functional.embedding_bag(
            torch.tensor(indices), theirs[0], per_sample_weights=theirs[1], **settings
        )
        same(y.data, z.detach().numpy(), rtol=1e-13)
        z.backward(torch.tensor(weights(y.shape)))
        for g, t in zip(pull(y, nodes), theirs, strict=True):
            same(g, t.grad.numpy(), rtol=1e-13, atol=1e-15)


def test_second_derivatives() -> None:
    indices = np.array([[0, 2], [2, 5]])
    assert ad.gradcheck(lambda t: ad.embedding(indices, t) ** 3, TABLE, order=2)
    assert ad.gradcheck(lambda t: ad.embedding_bag(indices, t) ** 3, TABLE, order=2)


def test_a_step_with_a_table_is_compiled() -> None:
    (table,) = leaves([TABLE.astype(np.float32)])

    def step(indices: Any) -> Any:
        table.zero_grad()
        loss = ad.sum(ad.square(ad.embedding(indices, table, padding_idx=1)))
        loss.backward()
        return loss

    compiled = ad.compile(step)
    compiled(np.array([0, 1, 2]))
    loss, g = compiled(np.array([1, 5, 5])), table.grad.copy()
    same(loss.data, step(np.array([1, 5, 5])).data, rtol=1e-6)
    same(g, table.grad, rtol=1e-6)
    assert table.grad.dtype == np.float32
    assert not g[1].any()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda t: ad.embedding([0.5], t), TypeError, "needs integers as indices"),
        (lambda t: ad.embedding([6], t), IndexError, "row 6 of a table with 6 rows"),
        (lambda t: ad.embedding([-1], t), IndexError, "row -1 of"),
        (lambda t: ad.embedding([0], t[0]), ad.ShapeError, r"a table of shape \(V, D\)"),
        (lambda t: ad.embedding([0], t, 6), ValueError, "padding_idx=6"),
        (
            lambda t: ad.embedding([0], ad.Tensor(t, requires_grad=True) * 1, max_norm=1.0),
            ValueError,
            "a result of 'multiply'",
        ),
        (lambda t: ad.embedding([0], t, max_norm=0.0), ValueError, "give numbers > 0"),
        (lambda t: ad.embedding([[0, 1], [2, 7]], t), IndexError, r"row 7 .* at indices\[1, 1\]"),
        (
            lambda t: ad.embedding_bag([[0]], t, mode="max", scale_grad_by_freq=True),
            ValueError,
            "with mode='sum' or 'mean' only",
        ),
        (lambda t: ad.embedding([0], t, sparse=True), ValueError, "does not support sparse=True"),
        (lambda t: ad.embedding_bag([0], t), ad.ShapeError, "without offsets; give indices"),
        (lambda t: ad.embedding_bag([[0]], t, [0]), ad.ShapeError, "with offsets"),
        (lambda t: ad.embedding_bag([0], t, [1]), ValueError, "begin with 0"),
        (lambda t: ad.embedding_bag([0], t, [0, 2]), ValueError, "must rise"),
        (lambda t: ad.embedding_bag([[0]], t, mode="min"), ValueError, "not 'min'"),
        (
            lambda t: ad.embedding_bag([[0]], t, per_sample_weights=[[1.0]]),
            ValueError,
            "with mode='sum' only",
        ),
        (
            lambda t: ad.embedding_bag([[0]], t, mode="sum", per_sample_weights=[1.0]),
            ad.ShapeError,
            "must be equal",
        ),
    ],
)
def test_what_does_not_fit_is_explained(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call(TABLE)
