"""Every function and ufunc that NumPy lets others take over: supported or refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing.overrides import (
    get_overridable_numpy_array_functions,
    get_overridable_numpy_ufuncs,
)

import autodiff as ad
from autodiff.methods import numpy_names
from autodiff.methods.numpy_interface import apply_function, support, ufunc_support
from autodiff.methods.numpy_table import page, supports

FUNCTIONS = sorted(
    get_overridable_numpy_array_functions(), key=lambda f: (f.__module__, f.__name__)
)
UFUNCS = sorted(get_overridable_numpy_ufuncs(), key=lambda f: f.__name__)
PAGE = Path(__file__).parents[3] / "docs" / "numpy_support.md"


def tensor() -> Any:
    return ad.Tensor([[1.0, 2.0], [3.0, 4.0]], dtype="float64", requires_grad=True)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f"{f.__module__}.{f.__name__}")
def test_a_function_is_supported_or_refused_with_its_alternative(function: Any) -> None:
    found = support(function)
    assert found.title.endswith(function.__name__)
    if found.how == "refused":
        with pytest.raises(TypeError) as caught:
            apply_function(tensor(), function, (), (tensor(),), {})
        message = str(caught.value)
        assert message.startswith(f"{found.title} does not take a Tensor: ")
        assert any(word in message for word in ("use ", "take ", "give ", "keep ", "call "))
    elif found.how == "graph":
        assert callable(found.function)
        name = found.by.rpartition(".")[2]
        assert (
            name
            in (ad.linalg if "linalg" in found.by else ad.fft if "fft" in found.by else ad).__all__
        )


@pytest.mark.parametrize("ufunc", UFUNCS, ids=lambda f: f.__name__)
def test_a_ufunc_is_supported_or_refused_with_its_alternative(ufunc: Any) -> None:
    found = ufunc_support(ufunc)
    if found.how == "refused":
        with pytest.raises(TypeError, match=f"numpy.{ufunc.__name__} does not take a Tensor: it"):
            ufunc(*[tensor()] * ufunc.nin)
    else:
        assert found.by in (f"autodiff.{ufunc.__name__}", f"autodiff.{_renamed(ufunc)}")


def _renamed(ufunc: Any) -> str:
    return numpy_names.RENAMED.get(f"numpy.{ufunc.__name__}", "")


FLOATING = [u for u in UFUNCS if ufunc_support(u).how == "graph" and "dd->d" in u.types]
UNARY = [u for u in UFUNCS if ufunc_support(u).how == "graph" and "d->d" in u.types]


@pytest.mark.parametrize("ufunc", [*UNARY, *FLOATING], ids=lambda f: f.__name__)
def test_a_ufunc_gives_numpys_numbers(ufunc: Any) -> None:
    x = np.array([1.25, 1.5]) if ufunc.__name__ == "arccosh" else np.array([0.25, 0.5])
    if ufunc.signature:
        operands = {"matvec": [x * np.eye(2), x], "vecmat": [x, x * np.eye(2)]}
        given = operands.get(ufunc.__name__, [x] * ufunc.nin)
    else:
        given = [x] * ufunc.nin
    found = ufunc(ad.Tensor(given[0], requires_grad=True), *given[1:])
    assert isinstance(found, ad.Tensor)
    np.testing.assert_allclose(found.numpy(), ufunc(*given), rtol=1e-14)


@pytest.mark.parametrize(("name", "method"), numpy_names.UFUNC_METHODS)
def test_methods_of_ufuncs(name: str, method: str) -> None:
    x = np.array([[1.0, 3.0, 2.0], [5.0, 4.0, 6.0]])
    ufunc = getattr(np, name)
    run = getattr(ufunc, method)
    for options in ({}, {"axis": 1}, {"axis": -1}):
        found, expected = run(ad.Tensor(x), **options), run(x, **options)
        np.testing.assert_allclose(found.numpy(), expected, rtol=1e-14)
    if method == "reduce":
        expected = run(x, axis=None, keepdims=True)
        np.testing.assert_allclose(run(ad.Tensor(x), axis=None, keepdims=True).numpy(), expected)


def test_outer_and_dtype_of_ufuncs() -> None:
    a, b = tensor(), ad.Tensor([1.0, 2.0, 3.0], dtype="float64", requires_grad=True)
    found = np.multiply.outer(a, b)
    np.testing.assert_array_equal(found.numpy(), np.multiply.outer(a.numpy(), b.numpy()))
    found.sum().backward()
    assert a.grad.tolist() == [[6.0, 6.0], [6.0, 6.0]]
    assert np.add(a, 1, dtype="float32").dtype == np.float32


def test_methods_and_options_that_write_are_refused() -> None:
    with pytest.raises(TypeError, match=r"numpy.add.at does not take a Tensor.*x.at\[index\]"):
        np.add.at(tensor(), 0, 1.0)
    with pytest.raises(TypeError, match=r"numpy.add with out= does not take a Tensor"):
        np.add(tensor(), 1.0, out=np.zeros((2, 2)))
    with pytest.raises(TypeError, match=r"numpy.exp with where= does not take a Tensor"):
        np.exp(tensor(), where=np.ones((2, 2), bool))
    with pytest.raises(TypeError, match=r"numpy.copyto does not take.*autodiff.where"):
        np.copyto(np.zeros((2, 2)), tensor())


def test_positions_and_options_mean_what_numpy_means() -> None:
    x, t = tensor().numpy(), tensor()
    assert np.sum(t, 0, None, None, True).tolist() == x.sum(0, keepdims=True).tolist()
    assert np.sum(t, 1, np.float32).dtype == np.float32
    assert np.sort(t, -1, None).tolist() == x.tolist()
    assert np.std(t, 0, None, None, 1).tolist() == x.std(0, ddof=1).tolist()
    assert np.argsort(t, axis=0, kind=None).tolist() == [[0, 0], [1, 1]]
    assert np.sum(a=t, axis=0).tolist() == x.sum(0).tolist()
    assert [p.tolist() for p in np.split(t, indices_or_sections=2)] == [[[1, 2]], [[3, 4]]]
    assert np.tile(A=t, reps=2).tolist() == np.tile(x, 2).tolist()
    assert np.median(a=t, axis=0).tolist() == [2.0, 3.0]
    for clipped in (np.clip(t, 2, 3), np.clip(t, a_min=2, a_max=3), np.clip(t, min=2, max=3)):
        assert clipped.tolist() == np.clip(x, 2, 3).tolist()
    assert np.clip(t, 2, None).tolist() == np.clip(x, 2, None).tolist()
    with pytest.raises(TypeError, match=r"numpy.sum was given out=array.*sum of autodiff does not"):
        np.sum(t, out=np.zeros(()))
    with pytest.raises(TypeError, match=r"numpy.reshape was given order='F'"):
        np.reshape(t, (4,), order="F")


def test_plain_answers() -> None:
    t = tensor()
    assert np.shape(t) == (2, 2)
    assert np.allclose(t, t.numpy())
    assert [i.tolist() for i in np.tril_indices_from(t)] == [[0, 1, 1], [0, 0, 1]]


def test_the_page_in_the_documentation_is_up_to_date() -> None:
    functions, ufuncs = supports()
    text = page()
    for one in (*functions, *ufuncs):
        assert f"| `{one.title}` | " in text
    version = ".".join(np.__version__.split(".")[:2])
    written = PAGE.read_text(encoding="utf-8")
    if f"\n{version} lets" not in written:
        pytest.skip(f"docs/numpy_support.md is about another version of NumPy than {version}")
    assert written == text, "run: python -m autodiff.methods.numpy_table > docs/numpy_support.md"
