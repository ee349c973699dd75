"""`Tensor`: what it is made of, what it shows, and how it lives beside NumPy."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import same


@pytest.mark.parametrize(
    ("data", "dtype"),
    [
        (1.5, np.float64),
        ([1.5, 2], np.float64),
        ([[1.0], [2.0]], np.float64),
        ([1, 2], np.int64),
        (3, np.int64),
        ([True, False], np.bool_),
        (np.array([1.5]), np.float64),
        (np.array([1.5], np.float16), np.float16),
        (np.float64(1.5), np.float64),
        (np.int8(3), np.int8),
        ([np.float64(1.5), 2.0], np.float64),
        ([], np.float64),
        (1j, np.complex128),
    ],
)
def test_dtype_of_what_is_given(data: Any, dtype: Any) -> None:
    x = ad.Tensor(data)
    assert x.dtype == dtype
    same(x.data, np.asarray(data, dtype))
    assert ad.Tensor(data, dtype=np.complex128).dtype == np.complex128


def test_the_default_dtype_is_settable() -> None:
    with ad.default_dtype("float32"):
        assert ad.get_default_dtype() == np.float32
        assert ad.Tensor([1.0]).dtype == np.float32
        with ad.default_dtype(np.float16):
            assert ad.Tensor(2.0).dtype == np.float16
        assert ad.Tensor([1]).dtype == np.int64
        assert ad.Tensor([[1.0], (2.0,)]).dtype == np.float32
        for strong in ([np.float64(1.0), 2.0], [np.ones(2)]):
            assert ad.Tensor(strong).dtype == np.float64
    ad.set_default_dtype(np.float32)
    try:
        assert ad.Tensor([1.0]).dtype == np.float32
    finally:
        ad.set_default_dtype(np.float64)
    with pytest.raises(TypeError, match=r"must be a floating one, such as numpy\.float32, not int"):
        ad.set_default_dtype(int)
    with pytest.raises(TypeError, match="not complex128"), ad.default_dtype(complex):
        pass


OPERATORS: list[Callable[[Any, Any], Any]] = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.pow,
    operator.lt,
    operator.le,
    operator.gt,
    operator.ge,
    operator.eq,
    operator.ne,
]


@pytest.mark.parametrize("op", OPERATORS, ids=lambda op: op.__name__)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int32, np.int64])
def test_operators_promote_as_numpy_does(op: Callable[[Any, Any], Any], dtype: Any) -> None:
    data = np.array([1, 2, 3], dtype)
    x = ad.Tensor(data)
    others = [
        2, 2.0, True, np.float32(2), np.float64(2), np.int64(2), np.arange(1, 4), np.ones((2, 3)),
        np.ones(3, np.float32),
    ]  # fmt: skip
    for other in others:
        for found, expected in (
            (op(x, other), op(data, other)),
            (op(other, x), op(other, data)),
            (op(x, ad.Tensor(np.asarray(other))), op(data, np.asarray(other))),
        ):
            assert isinstance(found, ad.Tensor)
            assert found.dtype == expected.dtype
            same(found.data, expected, rtol=1e-3 if dtype == np.float16 else 1e-6)


def test_python_numbers_take_the_dtype_of_the_tensor_in_any_order() -> None:
    whole = ad.Tensor([1, 2])
    for _ in range(2):
        assert (whole * 2).dtype == np.int64
        assert (whole * 2.0).dtype == np.float64
        assert (2.0 * whole).dtype == np.float64
        assert (whole * True).dtype == np.int64
        assert (ad.Tensor([True]) + True).dtype == np.bool_
        assert (ad.Tensor([True]) + 1).dtype == np.int64
        assert (ad.Tensor([1.0], dtype=np.float32) * 1).dtype == np.float32
        assert (ad.Tensor([1.0], dtype=np.float32) * 1.0).dtype == np.float32
    assert np.signbit((ad.Tensor([1.0]) * -0.0).data).all()
    assert not np.signbit((ad.Tensor([1.0]) * 0.0).data).any()


@pytest.mark.parametrize("op", [operator.and_, operator.or_, operator.xor])
def test_logic_of_conditions(op: Callable[[Any, Any], Any]) -> None:
    a, b = np.array([True, True, False, False]), np.array([True, False, True, False])
    for found in (op(ad.Tensor(a), ad.Tensor(b)), op(a, ad.Tensor(b)), op(ad.Tensor(a), b)):
        same(found.data, op(a, b))
    same((~ad.Tensor(a)).data, ~a)


METHODS: dict[str, tuple[Any, ...]] = {
    "sum": (0,), "mean": (1,), "var": (), "std": (0,), "max": (1,), "min": (), "prod": (0,),
    "cumsum": (1,), "reshape": (3, 2), "transpose": (1, 0), "ravel": (), "flatten": (),
    "swapaxes": (0, 1), "squeeze": (), "astype": (np.float32,), "dot": (np.ones((3, 2)),),
    "clip": (-0.5, 0.5),
}  # fmt: skip


@pytest.mark.parametrize("name", METHODS)
def test_methods_are_those_of_numpy(name: str) -> None:
    data = np.random.default_rng(0).standard_normal((2, 3))
    found = getattr(ad.Tensor(data), name)(*METHODS[name])
    same(found.data, getattr(data, name)(*METHODS[name]), rtol=1e-14)


def test_properties_are_those_of_numpy() -> None:
    data = np.zeros((2, 3, 4))
    x = ad.Tensor(data)
    assert (x.shape, x.ndim, x.size, x.dtype) == (data.shape, 3, 24, data.dtype)
    assert (len(x), x.T.shape, x.mT.shape) == (2, (4, 3, 2), (2, 4, 3))
    assert [row.shape for row in x] == [(3, 4)] * 2
    assert x.reshape((4, -1)).shape == x.reshape(4, -1).shape == (4, 6)
    assert x.transpose((1, 0, 2)).shape == (3, 2, 4)
    assert x.tolist() == data.tolist()
    assert (-x).shape == (+x).shape == abs(x).shape == data.shape


def test_conversions() -> None:
    x = ad.Tensor(2.5)
    assert (float(x), int(x), x.item(), bool(x)) == (2.5, 2, 2.5, True)
    assert isinstance(x.item(), float)
    array = np.asarray(ad.Tensor([1.0, 2.0]))
    assert array.dtype == np.float64
    assert np.asarray(x, np.float32).dtype == np.float32
    array[0] = 9
    y = ad.Tensor([1.0])
    np.array(y)[0] = 9
    y.numpy()[0] = 9
    assert y.tolist() == [1.0]


def test_leaves_and_results() -> None:
    x = ad.Tensor([1.0], requires_grad=True)
    y = x * 2
    assert (x.is_leaf, x.op, x.parents, x.params) == (True, None, (), {})
    assert y.op is not None
    assert (y.is_leaf, y.op.name, y.requires_grad) == (False, "multiply", True)
    assert y.parents[0] is x
    assert ad.sum(y, axis=0).params == {"axis": 0, "keepdims": False}
    assert not (ad.Tensor([1.0]) * 2).requires_grad
    # What needs no gradient holds on to nothing.
    assert (ad.Tensor([1.0]) * 2).parents == ()


def test_what_a_tensor_shows_of_itself() -> None:
    assert repr(ad.Tensor([1.0, 2.0])) == "Tensor([1., 2.], dtype=float64)"
    x = ad.Tensor(np.array([[1, 2], [3, 4]]), name="x")
    assert repr(x) == "Tensor([[1, 2],\n        [3, 4]], dtype=int64, name='x')"
    w = ad.Tensor([1.0], requires_grad=True)
    assert repr(w) == "Tensor([1.], dtype=float64, requires_grad=True)"
    assert repr(w * 2) == "Tensor([2.], dtype=float64, op=multiply)"
    assert repr(ad.Tensor(2.0)) == "Tensor(2., dtype=float64)"
    assert repr(ad.Tensor(np.zeros((0, 3)))) == "Tensor([], shape=(0, 3), dtype=float64)"
    assert len(repr(ad.Tensor(np.zeros(100_000)))) < 200


def test_numpy_functions_do_not_drop_the_graph() -> None:
    x = ad.Tensor([1.0, 2.0], requires_grad=True)
    for y in (np.exp(x), np.add(np.ones(2), x), np.concatenate([x, x]), np.sum(x), np.ones(2) @ x):
        assert isinstance(y, ad.Tensor)
        assert y.requires_grad
    assert np.allclose(x, [1.0, 2.0])
    assert np.shape(x) == (2,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: np.isnat(x), "numpy.isnat does not take a Tensor: it is about dates"),
        (lambda x: np.add.reduceat(x, [0]), "numpy.add.reduceat does not.*autodiff.segment_sum"),
        (lambda x: np.add(x, x, out=np.ones(2)), "numpy.add with out= does not take a Tensor"),
        (lambda x: np.sort_complex(x), "numpy.sort_complex does not take a Tensor: .*no order"),
    ],
)
def test_numpy_functions_without_a_counterpart_are_refused(call: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call(ad.Tensor([1.0, 2.0], requires_grad=True))


def test_where_takes_its_type_from_the_values() -> None:
    x = ad.Tensor([1.0, -2.0], dtype=np.float32, requires_grad=True)
    assert ad.where(x > 0, x, 0.0).dtype == np.float32


def test_arrays_on_the_left_leave_the_operator_to_the_tensor() -> None:
    x = ad.Tensor([1.0, 2.0], requires_grad=True)
    y = np.array([3.0, 4.0]) * x
    assert isinstance(y, ad.Tensor)
    y = np.float32(2) - x
    assert isinstance(y, ad.Tensor)
    y.sum().backward()
    same(x.grad, [-1, -1])


def test_squares_have_an_operation_of_their_own() -> None:
    x = ad.Tensor([1.0, 2.0], requires_grad=True)
    names = {repr(n): (x**n).op.name for n in (2, 2.0, 3, 0.5, 1)}
    assert names["2"] == names["2.0"] == "square"
    assert names["3"] == "power"


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 4, -1, -2, 0.5, 1.5])
def test_powers_with_special_exponents(exponent: float) -> None:
    data = np.array([0.5, 1.0, 2.5], np.float32)
    x = ad.Tensor(data, requires_grad=True)
    y = x**exponent
    same(y.data, data.astype(float) ** exponent, rtol=1e-6)
    y.sum().backward()
    assert y.dtype == x.grad.dtype == np.float32
    same(x.grad, exponent * data.astype(float) ** (exponent - 1), rtol=1e-6)
    x.zero_grad()
    (x**exponent).sum().backward(create_graph=True)
    g, x.grad = x.grad, None
    if g.requires_grad:
        g.sum().backward()
        expected = exponent * (exponent - 1) * data.astype(float) ** (exponent - 2)
        same(x.grad, expected, rtol=1e-5, atol=1e-7)


def test_the_generator_of_the_library_is_seeded() -> None:
    first = ad.random.seed(3).standard_normal(4)
    same(ad.random.seed(3).standard_normal(4), first)
    own = np.random.default_rng(3)
    assert ad.random.generator(own) is own
    same(ad.random.generator(own).standard_normal(4), first)
