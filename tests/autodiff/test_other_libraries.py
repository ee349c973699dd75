"""Names of other libraries say what does the same here; what is said is true."""

from __future__ import annotations

import re
from functools import reduce
from importlib import import_module
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import viz
from autodiff.functions.other_libraries import FUNCTIONS, METHODS, missing

T = ad.Tensor([1.0, 2.0], requires_grad=True)


def holds(advice: str) -> bool:
    """Whether every name that an advice mentions exists."""
    for path in re.findall(r"\b((?:autodiff|numpy|nn)(?:\.\w+)+)", advice):
        root, *rest = path.split(".")
        reduce(getattr, rest, import_module(root))
    for method in re.findall(r"\bx\.(\w+)", advice):
        assert hasattr(T, method)
    return True


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_of_other_libraries(name: str) -> None:
    assert name not in ad.__all__
    with pytest.raises(AttributeError, match=rf"no attribute '{name}'; that is .* here"):
        getattr(ad, name)
    assert holds(FUNCTIONS[name])


@pytest.mark.parametrize("name", METHODS)
def test_methods_of_other_libraries(name: str) -> None:
    assert not hasattr(T, name)
    assert name not in dir(T)
    with pytest.raises(AttributeError, match=rf"no attribute '{name}'; that is "):
        getattr(T, name)
    assert holds(METHODS[name])


@pytest.mark.parametrize("inside", ["linalg", "special", "fft", "random", "testing"])
def test_names_of_the_modules_inside(inside: str) -> None:
    names = set(import_module(f"autodiff.{inside}").__all__) - {*ad.__all__, *dir(ad), *FUNCTIONS}
    assert names
    for name in names:
        with pytest.raises(AttributeError, match=rf"'{name}'; that is autodiff\.\w+\.{name} here"):
            getattr(ad, name)


@pytest.mark.parametrize("module", ["testing", "typing", "extending", "array_api"])
def test_modules_that_are_imported_by_name(module: str) -> None:
    # Another test may have imported it, which makes it an attribute.
    said = str(missing("autodiff", module, ad.__all__))
    assert said.endswith(f"yet; write import autodiff.{module}")


def test_names_that_are_nearly_right() -> None:
    with pytest.raises(AttributeError, match="did you mean 'sigmoid'"):
        ad.sigmiod  # noqa: B018
    with pytest.raises(AttributeError, match=r"no attribute '__wrapped__'$"):
        ad.__wrapped__  # noqa: B018
    with pytest.raises(AttributeError, match="no attribute 'foo'"):
        T.foo  # type: ignore[attr-defined] # noqa: B018


def test_pictures() -> None:
    with pytest.raises(AttributeError, match=r"viz\.draw\(loss\).*save"):
        viz.draw_dot  # noqa: B018
    with pytest.raises(AttributeError, match=r"last line of a cell, and save"):
        viz.draw(ad.Value(1.0) * 2).show()
    for owner in (viz, viz.draw(ad.Value(1.0) * 2)):
        assert not hasattr(owner, "_repr_png_")


def test_what_grad_was_given() -> None:
    wrong: Any = 3.0
    for transform in (ad.grad, ad.value_and_grad, ad.jacobian, ad.hessian):
        with pytest.raises(TypeError, match=r"and 3\.0 was given; give the function itself"):
            transform(wrong)
    with pytest.raises(ad.NonScalarBackwardError, match="returned None; end it with a return"):
        ad.grad(lambda x: None)(1.0)
    with pytest.raises(
        ad.NonScalarBackwardError, match=r"with shape \(3,\).*sum or mean.*jacobian"
    ):
        ad.grad(lambda x: x * x)(np.ones(3))
