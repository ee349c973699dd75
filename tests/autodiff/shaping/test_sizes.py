"""Questions about shapes, pieces of one length, and new leaves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.compositions import check_composition


@pytest.mark.parametrize("given", [np.ones((2, 3)), [[1.0], [2.0]], 1.0, [], np.zeros((0, 4))])
def test_questions_as_numpy(given: Any) -> None:
    for x in (given, ad.Tensor(given)):
        assert ad.shape(x) == np.shape(given) == np.shape(x)
        assert ad.ndim(x) == np.ndim(given) == np.ndim(x)
        assert ad.size(x) == np.size(given) == np.size(x)
    for axis in range(np.ndim(given)):
        assert ad.size(given, axis) == np.size(given, axis)


def test_questions_about_nodes() -> None:
    a = ad.Value(1.0)
    assert (ad.shape([a, a]), ad.ndim(a), ad.size([[a, a]])) == ((2,), 0, 2)
    assert ad.size(np.ones((2, 3, 4)), (0, 2)) == 8
    with pytest.raises(ad.AxisError):
        ad.size([1.0], 1)
    with pytest.raises(TypeError, match="equal lengths"):
        ad.shape([[1.0], [1.0, 2.0]])


@pytest.mark.parametrize(("length", "chunks"), [(7, 3), (6, 3), (5, 4), (2, 5), (0, 3), (4, 1)])
def test_chunks_as_the_reference(length: int, chunks: int) -> None:
    torch = pytest.importorskip("torch")
    x = np.arange(2.0 * length).reshape(length, 2)
    expected = [piece.tolist() for piece in torch.tensor(x).chunk(chunks)]
    assert [piece.tolist() for piece in ad.chunk(x, chunks)] == expected
    assert [piece.mT.tolist() for piece in ad.chunk(x.T, chunks, dim=1)] == expected


def test_chunks_in_every_mode() -> None:
    x = np.arange(10.0).reshape(5, 2)
    check_composition(lambda x: ad.chunk(x, 2), lambda x: [x[:3], x[3:]], [x])
    with pytest.raises(ad.ShapeError, match="at least 1"):
        ad.chunk(x, 0)


def test_a_new_leaf_has_a_copy_of_the_data() -> None:
    data = np.arange(3, dtype=np.float32)
    x = ad.tensor(data, requires_grad=True)
    data[:] = 0
    assert (x.tolist(), x.dtype, x.requires_grad) == ([0.0, 1.0, 2.0], np.float32, True)
    assert ad.tensor([1, 2], dtype="float16").dtype == np.float16
    assert ad.tensor(2.5).shape == ()
    for part_of_a_graph in (x, [x[0], x[1]], [ad.Value(1.0)]):
        with pytest.raises(TypeError, match=r"detach|stack"):
            ad.tensor(part_of_a_graph)
    with pytest.raises(ad.NonDifferentiableError):
        ad.tensor([1], requires_grad=True)
    with pytest.raises(ValueError, match="cpu"):
        ad.tensor([1.0], device="cuda")
