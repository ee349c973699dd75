"""New tensors, and arrays taken over from elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad


@pytest.mark.parametrize("name", ["zeros", "ones", "empty"])
def test_filled_tensors_are_numpys_in_the_default_dtype(name: str) -> None:
    expected = np.ones if name == "ones" else np.zeros
    for shape in [(), 3, (2, 0), (2, 3)]:
        y = getattr(ad, name)(shape)
        assert y.dtype == np.float64
        assert not y.requires_grad
        np.testing.assert_array_equal(y.numpy(), expected(shape))
    like = getattr(ad, f"{name}_like")
    assert like(np.zeros((2, 1), np.int8)).dtype == np.int8
    assert like(np.zeros((2, 1)), dtype=ad.complex64).numpy().tolist() == [[expected(())]] * 2
    with ad.default_dtype("float32"):
        assert getattr(ad, name)(2).dtype == np.float32


def test_a_new_tensor_may_be_a_leaf_that_needs_a_gradient() -> None:
    for x in [
        ad.zeros(2, requires_grad=True),
        ad.arange(0.0, 2.0, requires_grad=True),
        ad.eye(2, requires_grad=True),
        ad.full_like([1.0, 2.0], 3.0, requires_grad=True),
        ad.asarray([1.0, 2.0], requires_grad=True),
        ad.linspace(0.0, 1.0, 4, requires_grad=True),
    ]:
        (x * x).sum().backward()
        np.testing.assert_array_equal(x.grad, 2 * x.numpy())
    with pytest.raises(ad.NonDifferentiableError, match="int64"):
        ad.arange(3, requires_grad=True)


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (True, "bool"),
        (3, "int64"),
        (3.0, "float64"),
        (1j, "complex128"),
        (np.float64(1), "float64"),
    ],
)
def test_full_takes_the_dtype_of_its_number(value: Any, dtype: str) -> None:
    y = ad.full((2,), value)
    assert y.dtype == dtype
    assert y.tolist() == [value, value]


def test_full_and_linspace_are_differentiable() -> None:
    x = ad.Tensor(3.0, requires_grad=True)
    (ad.full((2, 3), x) * 2).sum().backward()
    assert x.grad == 12
    x64 = ad.Tensor(np.array([1.0, 2.0]), requires_grad=True)
    assert ad.gradcheck(lambda a: ad.linspace(a, a * a, 5, endpoint=False), x64, order=2).passed
    y = ad.linspace(x64, np.array([5.0, 5.0]), 3)
    np.testing.assert_allclose(y.numpy(), np.linspace([1.0, 2.0], [5.0, 5.0], 3))
    assert ad.linspace(ad.Tensor(1.0), 2.0, 1).tolist() == [1.0]


@pytest.mark.parametrize(
    "args", [(5,), (2, 7), (7, 2, -2), (0.0, 1.0, 0.25), (1, 2, 0.5), (5, 0), (0.0,)]
)
def test_arange_is_numpys(args: tuple[Any, ...]) -> None:
    y, expected = ad.arange(*args), np.arange(*args)
    assert y.dtype == expected.dtype
    np.testing.assert_array_equal(y.numpy(), expected)
    assert ad.arange(*args, dtype=ad.float32).dtype == np.float32


@pytest.mark.parametrize("args", [(0, 1, 5), (1.0, -1.0, 4), (0, 1j, 3), (2.0, 3.0, 0)])
def test_linspace_is_numpys(args: tuple[Any, ...]) -> None:
    for endpoint in (True, False):
        y, expected = ad.linspace(*args, endpoint=endpoint), np.linspace(*args, endpoint=endpoint)
        assert y.dtype == expected.dtype
        np.testing.assert_array_equal(y.numpy(), expected)


def test_eye_is_numpys() -> None:
    for args, k in [((3,), 0), ((2, 4), 1), ((4, 2), -2), ((0, 2), 0)]:
        np.testing.assert_array_equal(ad.eye(*args, k=k).numpy(), np.eye(*args, k=k))
    assert ad.eye(2, dtype=ad.int8).dtype == np.int8


class TestAsarray:
    def test_tensors_stay_in_the_graph(self) -> None:
        x = ad.Tensor([1.0, 2.0], requires_grad=True)
        assert ad.asarray(x) is x
        copied = ad.asarray(x, copy=True)
        cast = ad.asarray(x, dtype=ad.float32)
        assert cast.dtype == np.float32
        (copied.sum() + cast.sum() + ad.asarray([x[0], 3.0]).sum()).backward()
        assert x.grad.tolist() == [3.0, 2.0]

    def test_an_array_is_copied_unless_it_is_to_be_shared(self) -> None:
        array = np.zeros(2)
        copied, shared = ad.asarray(array), ad.asarray(array, copy=False)
        array[0] = 1.0
        assert copied.tolist() == [0.0, 0.0]
        assert shared.tolist() == [1.0, 0.0]

    @pytest.mark.parametrize(
        ("given", "dtype"), [([1.0], None), (np.zeros(2), ad.float32), (ad.Value(1.0), None)]
    )
    def test_a_copy_that_is_not_allowed_is_refused(self, given: Any, dtype: Any) -> None:
        with pytest.raises(ValueError, match="without a copy"):
            ad.asarray(given, dtype=dtype, copy=False)

    def test_another_device_is_refused(self) -> None:
        for make in (ad.asarray, ad.zeros, ad.arange, ad.eye):
            assert make(1, device="cpu").size == 1
            with pytest.raises(ValueError, match="'cpu' only, not on 'gpu'"):
                make(1, device="gpu")


class TestDLPack:
    def test_a_tensor_goes_to_numpy_and_back(self) -> None:
        x = ad.Tensor([1.0, 2.0])
        array = np.from_dlpack(x)
        assert array.tolist() == [1.0, 2.0]
        assert not np.from_dlpack(x, copy=False).flags.writeable
        assert ad.from_dlpack(array).tolist() == [1.0, 2.0]
        assert ad.from_dlpack(x).dtype == np.float64
        assert ad.from_dlpack(array.astype(np.float32)).dtype == np.float32

    def test_memory_is_shared_only_when_asked_for(self) -> None:
        array = np.zeros(2)
        copied, shared = ad.from_dlpack(array), ad.from_dlpack(array, copy=False)
        array[0] = 1.0
        assert copied.tolist() == [0.0, 0.0]
        assert shared.tolist() == [1.0, 0.0]

    def test_a_graph_is_not_handed_over(self) -> None:
        x = ad.Tensor([1.0], requires_grad=True)
        with pytest.raises(BufferError, match=r"x\.detach\(\)"):
            np.from_dlpack(x * 2)

    def test_older_readers_get_the_memory_when_they_ask_for_it(self) -> None:
        x = ad.Tensor([1.0, 2.0])
        assert x.__dlpack__() is not None
        assert x.__dlpack__(copy=False) is not None
        assert x.reshape(2, 1).__dlpack__(copy=False) is not None
        frozen = np.ones(2)
        frozen.flags.writeable = False
        with pytest.raises(BufferError, match="max_version"):
            ad.asarray(frozen, copy=False).__dlpack__(copy=False)

    def test_torch_reads_a_tensor(self) -> None:
        torch = pytest.importorskip("torch")
        x = ad.Tensor([1.0, 2.0])
        theirs = torch.from_dlpack(x)
        assert theirs.tolist() == [1.0, 2.0]
        theirs[0] = 5.0
        assert x.tolist() == [1.0, 2.0]
        assert ad.from_dlpack(torch.ones(2)).tolist() == [1.0, 1.0]
