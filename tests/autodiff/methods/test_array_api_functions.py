"""Functions that the array API standard names, against NumPy's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad

RNG = np.random.default_rng(3)


def leaf(*shape: int) -> ad.Tensor:
    return ad.Tensor(RNG.normal(size=shape), requires_grad=True)


class TestNames:
    def test_older_names_are_the_same_functions(self) -> None:
        for name in ("acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh"):
            assert getattr(ad, name) is getattr(ad, "arc" + name[1:])
        assert ad.concat is ad.concatenate
        assert ad.pow is ad.power

    def test_axes_in_another_order(self) -> None:
        x = leaf(2, 3, 4)
        assert ad.permute_dims(x, (2, 0, 1)).shape == (4, 2, 3)
        assert ad.matrix_transpose(x).shape == (2, 4, 3)
        with pytest.raises(ad.ShapeError):
            ad.matrix_transpose(leaf(3))


class TestBits:
    @pytest.mark.parametrize(
        ("sign", "name"),
        [
            ("&", "bitwise_and"),
            ("|", "bitwise_or"),
            ("^", "bitwise_xor"),
            ("<<", "bitwise_left_shift"),
            (">>", "bitwise_right_shift"),
        ],
    )
    def test_operators_are_numpys(self, sign: str, name: str) -> None:
        a, b = np.array([[5], [6]], np.int16), np.array([1, 2, 3], np.int16)
        x, y = ad.Tensor(a), ad.Tensor(b)
        expected = eval(f"a {sign} b")
        made = [getattr(ad, name)(x, y), getattr(np, name)(x, y), eval(f"x {sign} y")]
        made += [eval(f"x {sign} b"), eval(f"a {sign} y")]
        for z in made:
            assert isinstance(z, ad.Tensor)
            assert z.dtype == np.int16
            np.testing.assert_array_equal(z.numpy(), expected)
        assert eval(f"x {sign} 2").tolist() == eval(f"a {sign} 2").tolist()
        assert eval(f"9 {sign} y").tolist() == eval(f"9 {sign} b").tolist()

    def test_booleans_are_combined_as_such(self) -> None:
        x = leaf(5)
        mask = (x > 0) & (x < 1) | ~(x > -1) ^ True
        expected = (x.data > 0) & (x.data < 1) | ~(x.data > -1) ^ True
        assert mask.dtype == np.bool_
        np.testing.assert_array_equal(mask.numpy(), expected)
        assert (~ad.asarray([0, 5])).tolist() == np.invert(ad.asarray([0, 5])).tolist() == [-1, -6]

    def test_floats_have_no_bits(self) -> None:
        for wrong in (lambda x: x & 1, lambda x: ~x, lambda x: 1 << x):
            with pytest.raises(TypeError, match="compare first"):
                wrong(leaf(2))


class TestFloatingPoint:
    def test_signs(self) -> None:
        x = np.array([1.0, -2.0, 0.0, -0.0, np.inf, -np.inf])
        for y in (1.0, -1.0, -0.0, np.array([[1.0], [-3.0]])):
            z = ad.copysign(x, y).numpy()
            np.testing.assert_array_equal(z, np.copysign(x, y))
            np.testing.assert_array_equal(np.signbit(z), np.signbit(np.copysign(x, y)))
        assert ad.signbit(x).tolist() == np.signbit(x).tolist()
        a, b = leaf(4), leaf(3, 4)
        assert ad.gradcheck(ad.copysign, a, b, order=2).passed
        zero = ad.Tensor([0.0], requires_grad=True)
        ad.copysign(zero, -1.0).backward(np.ones(1))
        assert zero.grad.tolist() == [0.0]
        assert ad.copysign(ad.ones(1, dtype=ad.float32), -1).dtype == np.float32
        assert ad.copysign([1], [-2]).dtype == np.copysign([1], [-2]).dtype

    def test_neighbours(self) -> None:
        x = np.array([1.0, -1.0], np.float32)
        z = ad.nextafter(ad.Tensor(x), ad.zeros(2, dtype=ad.float32))
        assert z.dtype == np.float32
        np.testing.assert_array_equal(z.numpy(), np.nextafter(x, np.float32(0)))

    @pytest.mark.parametrize("decimals", [0, 2, -1])
    @pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "complex64"])
    def test_rounding(self, decimals: int, dtype: str) -> None:
        x = np.array([0.5, 1.5, -2.345, 127.0, 15.0]).astype(dtype)
        z = ad.round(x, decimals)
        assert z.dtype == x.dtype
        np.testing.assert_array_equal(z.numpy(), np.round(x, decimals))

    def test_rounding_has_the_derivative_0(self) -> None:
        for decimals in (0, 1, -1):
            x = leaf(3)
            (ad.round(x, decimals) * x).sum().backward()
            np.testing.assert_array_equal(x.grad, np.round(x.data, decimals))
        assert ad.round(ad.Value(1.26), 1).data == pytest.approx(1.3)


class TestRepeating:
    @pytest.mark.parametrize(
        ("repeats", "axis"),
        [(2, None), (3, 0), (0, 1), ([0, 2, 1], 1), ([2], -1), (np.arange(6), None)],
    )
    def test_repeat(self, repeats: Any, axis: int | None) -> None:
        x = leaf(2, 3)
        np.testing.assert_array_equal(
            ad.repeat(x, repeats, axis=axis).numpy(), np.repeat(x.data, repeats, axis=axis)
        )
        assert ad.gradcheck(lambda a: ad.repeat(a, repeats, axis) ** 2, x, order=2).passed
        assert np.repeat(x, repeats, axis=axis).requires_grad

    def test_repeats_that_do_not_fit(self) -> None:
        with pytest.raises(ad.ShapeError, match="give one, or 3"):
            ad.repeat(leaf(3), [1, 2])
        with pytest.raises(ValueError, match="negative"):
            ad.repeat(leaf(3), -1)
        with pytest.raises(TypeError, match="integers"):
            ad.repeat(leaf(3), 1.5)

    @pytest.mark.parametrize("reps", [2, (2, 1), (3, 1, 2), (0, 1), ()])
    def test_tile(self, reps: Any) -> None:
        x = leaf(2, 3)
        np.testing.assert_array_equal(ad.tile(x, reps).numpy(), np.tile(x.data, reps))
        assert ad.gradcheck(lambda a: ad.tile(a, reps) ** 2, x, order=2).passed
        with pytest.raises(ValueError, match="negative"):
            ad.tile(x, -1)

    def test_broadcast_arrays_and_meshgrid(self) -> None:
        x, y, z = leaf(3), leaf(2), leaf(4)
        for indexing in ("xy", "ij"):
            for sparse in (False, True):
                made = ad.meshgrid(x, y, z, indexing=indexing, sparse=sparse)
                expected = np.meshgrid(x.data, y.data, z.data, indexing=indexing, sparse=sparse)  # type: ignore[arg-type]
                for one, other in zip(made, expected, strict=True):
                    np.testing.assert_array_equal(one.numpy(), other)
            assert ad.gradcheck(
                lambda a, b, how=indexing: sum(ad.meshgrid(a, b, indexing=how)), x, y, order=2
            ).passed
        a, b = ad.broadcast_arrays(x, leaf(2, 1))
        assert a.shape == b.shape == (2, 3)
        assert ad.meshgrid() == ad.broadcast_arrays() == ()
        assert ad.broadcast_shapes((2, 1), 3) == np.broadcast_shapes((2, 1), 3)
        with pytest.raises(ad.ShapeError, match=r"\(3,\), \(2,\)"):
            ad.broadcast_arrays(x, y)
        with pytest.raises(ad.ShapeError, match="one axis"):
            ad.meshgrid(leaf(2, 2))
        with pytest.raises(ValueError, match="'xx'"):
            ad.meshgrid(x, indexing="xx")

    def test_unstack_undoes_stack(self) -> None:
        x = leaf(2, 3)
        for axis in (0, 1, -1):
            pieces = ad.unstack(x, axis=axis)
            assert isinstance(pieces, tuple)
            np.testing.assert_array_equal(ad.stack(pieces, axis=axis).numpy(), x.data)
        (_, middle, _) = ad.unstack(x, axis=1)
        middle.backward(np.ones(2))
        assert x.grad.tolist() == [[0.0, 1.0, 0.0]] * 2


class TestTriangles:
    @pytest.mark.parametrize("name", ["tril", "triu"])
    @pytest.mark.parametrize("k", [-2, 0, 1, 5])
    def test_triangles(self, name: str, k: int) -> None:
        function, theirs = getattr(ad, name), getattr(np, name)
        for shape in [(2, 3, 4), (3, 0), (4, 2)]:
            x = leaf(*shape)
            np.testing.assert_array_equal(function(x, k=k).numpy(), theirs(x.data, k))
        assert ad.gradcheck(lambda a: function(a, k=k) ** 2, leaf(3, 2), order=2).passed
        assert function(ad.ones((2, 2), dtype=ad.int8)).dtype == np.int8
        assert theirs(leaf(2, 2)).requires_grad
        with pytest.raises(ad.ShapeError, match="matrices"):
            function(leaf(3))

    def test_an_infinity_that_is_left_out_does_no_harm(self) -> None:
        x = ad.Tensor([[1.0, np.inf], [np.nan, 2.0]], requires_grad=True)
        ad.tril(ad.triu(x)).sum().backward()
        assert x.grad.tolist() == [[1.0, 0.0], [0.0, 1.0]]


class TestDiff:
    @pytest.mark.parametrize(
        "options",
        [
            {},
            {"n": 2},
            {"n": 0},
            {"axis": 0},
            {"n": 7},
            {"prepend": 0.5},
            {"append": np.ones((3, 2)), "n": 2},
            {"prepend": 1.0, "append": 2.0},
        ],
    )
    def test_differences_of_neighbours(self, options: dict[str, Any]) -> None:
        x = leaf(3, 4)
        np.testing.assert_allclose(ad.diff(x, **options).numpy(), np.diff(x.data, **options))
        if options.get("n") != 7:
            assert ad.gradcheck(lambda a: ad.diff(a, **options) ** 3, x, order=2).passed

    def test_integers_booleans_and_wrong_numbers(self) -> None:
        assert ad.diff([True, False, False]).tolist() == [True, False]
        assert ad.diff(ad.asarray([1, 4], dtype=ad.int8)).dtype == np.int8
        with pytest.raises(ValueError, match="n=-1"):
            ad.diff(leaf(3), n=-1)
        with pytest.raises(ad.ShapeError):
            ad.diff(leaf(3), axis=1)


class TestUnique:
    def test_every_part(self) -> None:
        x = ad.Tensor([[3.0, 1.0], [3.0, np.nan], [np.nan, 1.0]])
        found = ad.unique_all(x)
        values = found.values.numpy()
        np.testing.assert_array_equal(values, [1.0, 3.0, np.nan, np.nan])
        np.testing.assert_array_equal(x.numpy().ravel()[found.indices.numpy()], values)
        np.testing.assert_array_equal(values[found.inverse_indices.numpy()], x.numpy())
        assert found.counts.tolist() == [2, 2, 1, 1]
        np.testing.assert_array_equal(ad.unique_values(x).numpy(), values)
        np.testing.assert_array_equal(ad.unique_counts(x).counts.numpy(), found.counts.numpy())
        inverse = ad.unique_inverse(x).inverse_indices
        np.testing.assert_array_equal(inverse.numpy(), found.inverse_indices.numpy())

    def test_nothing(self) -> None:
        assert [part.shape for part in ad.unique_all(ad.zeros((0, 2)))] == [
            (0,),
            (0,),
            (0, 2),
            (0,),
        ]


def test_nonzero() -> None:
    x = ad.Tensor([[1.0, 0.0], [0.0, -2.0]], requires_grad=True)
    assert [part.tolist() for part in np.nonzero(x)] == [[0, 1], [0, 1]]
    assert x[ad.nonzero(x)].requires_grad
    with pytest.raises(ad.ShapeError, match="at least one axis"):
        ad.nonzero(ad.ones(()))


def test_clip_with_one_edge() -> None:
    x = leaf(5)
    np.testing.assert_array_equal(ad.clip(x, max=0.0).numpy(), np.minimum(x.data, 0))
    np.testing.assert_array_equal(ad.clip(x, 0.0).numpy(), np.maximum(x.data, 0))
    np.testing.assert_array_equal(ad.clip(x).numpy(), x.data)
    assert ad.gradcheck(lambda a: ad.clip(a, min=0.0) ** 2, x, order=2).passed
    whole = ad.clip(ad.asarray([1, 300, -5], dtype=ad.int16), min=0)
    assert whole.dtype == np.int16
    assert whole.tolist() == [1, 300, 0]
    assert ad.clip(ad.Value(3.0), max=1.0).data == 1.0


def test_sums_are_of_the_dtype_asked_for() -> None:
    x = ad.asarray([100, 100, 100], dtype=ad.uint8)
    for function in (ad.sum, ad.prod, ad.cumsum, ad.cumprod, ad.cumulative_sum, ad.cumulative_prod):
        assert function(x).dtype == np.uint64
        y = function(x, dtype=ad.uint8)
        assert y.dtype == np.uint8
        theirs = getattr(np, function.__name__)
        np.testing.assert_array_equal(y.numpy(), theirs(x.data, dtype=np.uint8))


def test_complex_numbers_that_are_not_finite() -> None:
    y = ad.expm1(ad.Tensor([complex(np.inf, 0), complex(-np.inf, np.inf), 1j]))
    assert y.numpy()[0] == complex(np.inf, 0)
    assert y.numpy()[1] == -1
    np.testing.assert_allclose(y.numpy()[2], np.expm1(1j), rtol=1e-14)
    z = ad.Tensor([0j, 1j], requires_grad=True)
    ad.real(ad.expm1(z)).sum().backward()
    np.testing.assert_allclose(z.grad, np.conj(np.exp(z.data)), rtol=1e-14)
    for zero in (complex(-0.0, -0.0), complex(-0.0, 0.0), 0j):
        sign = ad.sign(ad.Tensor([zero])).numpy()
        assert not np.signbit(sign.real).any()
        assert not np.signbit(sign.imag).any()


def test_reshape_without_a_copy() -> None:
    x = leaf(2, 3)
    assert ad.reshape(x, (3, 2), copy=False).shape == (3, 2)
    assert not np.shares_memory(ad.reshape(x, (6,), copy=True).data, x.data)
    with pytest.raises(ValueError, match="copy=False"):
        ad.reshape(x.T, (6,), copy=False)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: ad.expand_dims(x, 5),
        lambda x: ad.sum(x, axis=2),
        lambda x: ad.moveaxis(x, 0, 3),
        lambda x: ad.unstack(x, axis=-3),
    ],
)
def test_an_axis_that_does_not_exist_is_an_error_of_shape_and_of_index(call: Any) -> None:
    with pytest.raises(ad.AxisError, match=r"axis -?\d") as caught:
        call(leaf(2, 3))
    assert isinstance(caught.value, IndexError)
    assert isinstance(caught.value, ad.ShapeError)
