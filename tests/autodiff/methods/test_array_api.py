"""The Python array API standard: the namespace, its dtypes and what it says of itself."""

from __future__ import annotations

import doctest
import math
import operator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad


def test_autodiff_is_the_namespace_of_its_tensors() -> None:
    x = ad.Tensor([1.0])
    assert x.__array_namespace__() is ad
    assert x.__array_namespace__(api_version=ad.__array_api_version__) is ad
    with pytest.raises(ValueError, match=r"2025\.12.*not '1999\.12'"):
        x.__array_namespace__(api_version="1999.12")


def test_the_namespace_says_what_it_has() -> None:
    info = ad.__array_namespace_info__()
    assert info.devices() == (info.default_device(),) == (ad.zeros(1).device,)
    assert info.capabilities()["data-dependent shapes"] is True
    defaults = info.default_dtypes()
    assert defaults["real floating"] == ad.asarray(1.0).dtype
    assert defaults["complex floating"] == ad.asarray(1j).dtype
    assert defaults["integral"] == ad.asarray(1).dtype
    assert defaults["indexing"] == ad.argmax(ad.ones(2)).dtype
    assert info.dtypes() == {name: getattr(ad, name) for name in info.dtypes()}
    assert len(info.dtypes()) == 13
    assert list(info.dtypes(kind=("bool", "real floating"))) == ["bool", "float32", "float64"]


@pytest.mark.parametrize("name", list(ad.__array_namespace_info__().dtypes()))
def test_every_dtype_is_carried(name: str) -> None:
    dtype = getattr(ad, name)
    x = ad.ones((2, 2), dtype=dtype)
    assert x.dtype == dtype
    assert ad.reshape(x[0], (1, 2)).dtype == dtype
    assert (x + x).dtype == dtype
    assert ad.concatenate([x, x]).dtype == dtype


def test_limits_of_dtypes_are_python_numbers() -> None:
    limits = ad.finfo(ad.Tensor([1j], dtype=ad.complex64))
    assert limits == ad.finfo(ad.float32)
    assert limits.eps == 2.0**-23
    assert limits.max == -limits.min == float(np.finfo(np.float32).max)
    assert limits.smallest_normal == 2.0**-126
    assert type(limits.eps) is type(limits.max) is float
    assert (ad.iinfo(ad.uint8).min, ad.iinfo(ad.uint8).max, ad.iinfo(ad.uint8).bits) == (0, 255, 8)
    with pytest.raises(TypeError, match=r"int64; use iinfo\(\)"):
        ad.finfo(ad.int64)
    with pytest.raises(TypeError, match=r"float64; use finfo\(\)"):
        ad.iinfo(ad.zeros(1))


@pytest.mark.parametrize(
    ("dtype", "kind", "expected"),
    [
        ("int8", "signed integer", True),
        ("uint8", "signed integer", False),
        ("uint8", "integral", True),
        ("bool", "numeric", False),
        ("complex64", "numeric", True),
        ("complex64", ("real floating", "bool"), False),
        ("float64", np.dtype("float64"), True),
    ],
)
def test_kinds_of_dtypes(dtype: str, kind: Any, expected: bool) -> None:
    assert ad.isdtype(getattr(ad, dtype), kind) is expected


def test_promotion() -> None:
    assert ad.result_type(ad.ones(2, dtype=ad.float32), ad.int8, 1.5) == np.float32
    assert ad.result_type(ad.int8, ad.zeros((), dtype=ad.uint8)) == np.int16
    assert ad.can_cast(ad.zeros(1), ad.complex128) is True
    assert ad.can_cast(ad.zeros(1), ad.complex64) is False
    assert ad.can_cast(ad.zeros(1), ad.int64) is False


def test_constants_leave_the_dtype_as_it_is() -> None:
    x = ad.zeros(2, dtype=ad.float32)
    assert (x + ad.pi).dtype == (x * ad.e).dtype == np.float32
    assert (ad.pi, ad.e, ad.inf) == (math.pi, math.e, math.inf)
    assert math.isnan(ad.nan)
    assert x[ad.newaxis].shape == (1, 2)


def test_a_tensor_of_one_number_is_that_number() -> None:
    assert complex(ad.Tensor(1 + 2j)) == 1 + 2j
    assert operator.index(ad.asarray(3)) == 3
    assert [10, 20, 30][ad.asarray(1)] == 20
    for wrong in (ad.asarray(1.0), ad.asarray([1]), ad.asarray(True)):
        with pytest.raises(TypeError, match="can be an index"):
            operator.index(wrong)


def test_the_device_is_the_processor() -> None:
    x = ad.Tensor([1.0])
    assert x.device == "cpu"
    assert x.to_device("cpu") is x
    with pytest.raises(ValueError, match="'cuda'"):
        x.to_device("cuda")
    with pytest.raises(ValueError, match="streams"):
        x.to_device("cpu", stream=1)
    assert x.__dlpack_device__() == (1, 0)
    assert ad.astype(x, ad.float64, copy=False) is x
    assert ad.astype(x, ad.float64) is not x
    with pytest.raises(ValueError, match="'cuda'"):
        ad.astype(x, ad.float64, device="cuda")


def test_the_page_about_the_standard_is_true() -> None:
    page = Path(__file__).parents[3] / "docs" / "array_api.md"
    assert doctest.testfile(str(page), module_relative=False).failed == 0
