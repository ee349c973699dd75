"""What is written through the array of a leaf is noticed, or cannot be written."""

from __future__ import annotations

import copy
import pickle
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import same

A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def leaf() -> ad.Tensor:
    return ad.Tensor(A, requires_grad=True, name="w")


def add_at(a: Any) -> None:
    np.add.at(a, (0, [0, 0]), 1.0)


WRITES: dict[str, Callable[[Any], Any]] = {
    "an item": lambda a: a.__setitem__((0, 1), 9.0),
    "a slice": lambda a: a.__setitem__(slice(0, 1), [[7.0, 8.0, 9.0]]),
    "a mask": lambda a: a.__setitem__(a > 2, 0.0),
    "an item of a row": lambda a: a[1].__setitem__(0, 9.0),
    "an item of a part of a part": lambda a: a[:, 1:][0].__setitem__(..., 9.0),
    "adding in place": lambda a: a.__iadd__(1.0),
    "dividing in place": lambda a: a.__itruediv__(2.0),
    "a row in place": lambda a: a[0].__imul__(3.0),
    "out=": lambda a: np.exp(a, out=a),
    "out= of another's computation": lambda a: np.add(np.ones(3), 1.0, out=a[0]),
    "ufunc.at": add_at,
    "fill": lambda a: a.fill(0.0),
    "sort": lambda a: a[:, ::-1].sort(),
    "put": lambda a: a[0].put([0], 9.0),
    "copyto": lambda a: np.copyto(a[1], a[0]),
    "place": lambda a: np.place(a, a > 1, [0.0]),
    "fill_diagonal": lambda a: np.fill_diagonal(a, 0.0),
    "out= of a function": lambda a: np.cumsum(a[0], out=a[1]),
    "a reshaped view": lambda a: a.reshape(-1).__setitem__(0, 9.0),
    "a transposed view": lambda a: a.T.__iadd__(1.0),
}
REFUSED: dict[str, Callable[[Any], Any]] = {
    "through a frozen view": lambda a: a.view(np.ndarray).fill(0.0),
    "numbers of a diagonal": lambda a: np.einsum("ii->i", a[:, :2]).__setitem__(..., 0.0),
    "a view as a plain array": lambda a: np.asarray(a).__setitem__(0, 9.0),
    "a generator's out=": lambda a: np.random.default_rng(0).random(out=a),
}


@pytest.mark.parametrize("write", WRITES)
def test_what_is_written_reaches_the_leaf_and_is_noticed(write: str) -> None:
    w, expected = leaf(), A.copy()
    array = w.data
    same((w * w).data, A * A)
    y = (w * w).sum()
    WRITES[write](array)
    WRITES[write](expected)
    for seen in (w.data, array, w.numpy()):
        same(np.array(seen), expected)
    with pytest.raises(ad.StaleDataError, match=r"'w' \(a leaf\), of shape \(2, 3\)"):
        y.backward()
    (w * w).sum().backward()
    same(w.grad, 2 * expected)


@pytest.mark.parametrize("write", WRITES)
def test_what_is_written_before_it_is_used_does_not_count(write: str) -> None:
    w, expected = leaf(), A.copy()
    WRITES[write](w.data)
    WRITES[write](expected)
    (w * w).sum().backward()
    same(w.grad, 2 * expected)


@pytest.mark.parametrize("write", REFUSED)
@pytest.mark.parametrize("kind", ["leaf", "constant", "result"])
def test_other_ways_of_writing_are_refused(write: str, kind: str) -> None:
    x = {"leaf": leaf(), "constant": ad.Tensor(A), "result": leaf() * 1}[kind]
    with pytest.raises(ValueError, match=r"read-only|writable"):
        REFUSED[write](x.data)
    same(x.data, A)


def test_constants_too() -> None:
    x, c = leaf(), ad.Tensor(A)
    y = (x * c).sum()
    c.data[0] = 0.0
    with pytest.raises(ad.StaleDataError, match="its operand 1"):
        y.backward()


def test_what_was_computed_of_it_is_plain_and_the_caller_s() -> None:
    w = leaf()
    for result in (w.data * 2, np.exp(w.data), w.data > 1, np.add.outer(w.data[0], w.data[1])):
        assert type(result) is np.ndarray
        result[0] = 0
    assert isinstance(w.data.sum(), np.float64)
    assert isinstance(w.data[0, 0], np.float64)
    chosen, copied = w.data[[0]], w.data.copy()
    chosen[:] = 0.0
    copied += 1.0
    copied[0] = 0.0
    np.add(copied, 1, out=copied)
    y = (w * w).sum()
    y.backward()
    same(w.data, A)


def test_it_looks_like_an_array() -> None:
    w = ad.Tensor(np.array([1.0, 2.0]), requires_grad=True)
    assert repr(w.data) == "array([1., 2.])"
    assert str(w.data) == "[1. 2.]"
    assert isinstance(w.data, np.ndarray)
    for twin in (copy.deepcopy(w.data), pickle.loads(pickle.dumps(w.data)), np.array(w.data)):
        assert type(twin) is np.ndarray
        twin[0] = 5.0
    same(w.data, [1.0, 2.0])
    assert ad.Tensor(0.5).data + 1 == 1.5


def test_it_may_be_given_back_as_data_and_as_the_data_of_another() -> None:
    w, v = leaf(), leaf()
    w.data = w.data
    v.data = w.data
    v.data[0] = 0.0
    same(w.data, A)
    w.data = w.data[::-1]
    same(w.data, A[::-1])
    w.data[0] = -1.0
    same(w.data, [[-1.0] * 3, A[0]])


def test_with_nodes_it_is_an_array_among_others() -> None:
    w, x = leaf(), leaf()
    for y in (w.data * x, x * w.data, np.multiply(w.data, x)):
        assert y.requires_grad
        same(y.data, A * A)
    with pytest.raises(TypeError, match="out="):
        np.multiply(w.data, x, out=w.data)


def test_an_array_handed_out_of_data_that_was_replaced_reaches_no_further() -> None:
    w = leaf()
    before = w.data
    w.data = np.zeros((2, 3))
    before[0] = 5.0
    same(w.data, np.zeros((2, 3)))


def test_the_array_of_a_result_says_why_it_is_read_only() -> None:
    y = ad.Tensor([3.0, 1.0, 2.0], requires_grad=True) * 3.0

    def change(write: Any) -> None:
        with pytest.raises(
            ad.ReadOnlyError, match=r"'multiply' made at .*test_handed_out.*at\[i\].*detach.*numpy"
        ):
            write()

    data = y.data
    change(lambda: data.__setitem__(0, 5.0))
    change(lambda: data[1:].__setitem__(0, 5.0))
    change(lambda: data.__iadd__(1.0))
    for name in ("sort", "fill", "put"):
        change(lambda name=name: getattr(data, name)(*[0] * {"sort": 0, "fill": 1}.get(name, 2)))
    assert y.tolist() == [9.0, 3.0, 6.0]
    # What is computed from it is an ordinary array, and a copy can be written into.
    for made in (data + 1.0, np.exp(data), data.sum(keepdims=True), copy.deepcopy(data)):
        assert type(made) is np.ndarray
    own = data.copy()
    own[0] = 1.0
    own += 1.0
    assert own.tolist() == [2.0, 4.0, 7.0]
    assert type(data.sum()) is np.float64
    assert repr(data) == repr(np.array([9.0, 3.0, 6.0]))


def test_an_array_that_is_kept_does_not_keep_the_graph() -> None:
    y = ad.Tensor([3.0], requires_grad=True) * 3.0
    data, gone = y.data, weakref.ref(y)
    del y
    assert gone() is None
    with pytest.raises(ad.ReadOnlyError, match="the result of an operation is read-only"):
        data[0] = 1.0


def test_backward_of_a_result_without_gradient_calls_it_a_result() -> None:
    with pytest.raises(ad.NonDifferentiableError, match=r"from a result of 'sum', which needs no"):
        (ad.Tensor([1.0]) * 2.0).sum().backward()
    with pytest.raises(ad.NonDifferentiableError, match=r"from a constant, .*requires_grad=True"):
        ad.Value(2.0).detach().backward()
