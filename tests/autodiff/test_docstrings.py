"""What public functions say of themselves: an example each, and of entries the derivative."""

from __future__ import annotations

import doctest
import inspect
from importlib import import_module

import numpy as np
import pytest

import autodiff as ad
from autodiff.names import FUNCTIONS, HOMES
from autodiff.ops.primitive import TABLE, Elementwise
from autodiff.tensors.operations import elementwise_function
from autodiff.writers.derivatives import derivatives
from tests.structural_docs import CALLED

MADE_IN = elementwise_function.__module__
NAMESPACES = ("linalg", "fft", "special", "tree")


def public_functions() -> dict[str, object]:
    found = {name: getattr(ad, name) for name in HOMES if not name.startswith("__")}
    for namespace in NAMESPACES:
        module = getattr(ad, namespace)
        found |= {f"{namespace}.{name}": getattr(module, name) for name in module.__all__}
    return {name: f for name, f in found.items() if inspect.isfunction(f)}


def test_every_function_has_a_docstring_with_an_example_and_a_signature() -> None:
    functions = public_functions()
    assert len(functions) > 500
    lacking = [name for name, f in functions.items() if ">>> " not in (f.__doc__ or "")]
    assert lacking == []
    for name, function in functions.items():
        assert not str(inspect.signature(function)).startswith("(*args"), name


def test_elementwise_functions_show_the_derivative_of_the_table() -> None:
    shown = 0
    for name in FUNCTIONS:
        function = getattr(ad, name)
        entry = TABLE.get(getattr(function, "__name__", ""))
        if not isinstance(entry, Elementwise) or function.__module__ != MADE_IN:
            continue
        assert (function.__doc__ or "").startswith(entry.doc)
        told = [line for line in derivatives(entry) if line in (function.__doc__ or "")]
        shown += len(told)
    assert shown > 70
    assert "    d tanh(x)/dx = 1 − tanh(x)²\n" in (ad.tanh.__doc__ or "")
    assert "At x = 0 the derivative is 0." in (ad.relu.__doc__ or "")


def test_structural_functions_show_what_their_operands_receive() -> None:
    for function, told in (
        (ad.matmul, "a receives g · bᵀ; b receives aᵀ · g"),
        (ad.Tensor.reshape, "x receives g in the shape of x"),
        (ad.Tensor.max, "x receives g where x = y. Equal ones share it."),
        (ad.linalg.svd, "a receives U · (diag(gs)"),
        (ad.conv2d, "x receives g ⋆ᵀ weight"),
    ):
        assert told in " ".join((function.__doc__ or "").split())


@pytest.mark.parametrize("name", [n for n in CALLED if not n.startswith(("conv", "max_pool"))])
def test_functions_that_say_they_are_an_entry_are_it(name: str) -> None:
    axes = {"moveaxis": (0, 1), "permute_dims": ((1, 0),), "rollaxis": (1,), "swapaxes": (0, 1)}
    x = ad.Tensor(np.ones((2, 4)), requires_grad=True)
    given = {**axes, "unflatten": (1, (2, 2))}.get(name, ())
    home = ad.fft if name in ("fftn", "ifftn") else ad
    y = getattr(home, name)(*(("ij->ji", x) if name == "einsum" else (x, *given)))
    assert y.op.name == CALLED[name]


def test_their_examples_run() -> None:
    runner = doctest.DocTestRunner(verbose=False)
    for name in FUNCTIONS:
        function = getattr(ad, name)
        if getattr(function, "__module__", "") == MADE_IN:
            for test in doctest.DocTestFinder().find(function, name, module=False, globs={}):
                runner.run(test)
    assert runner.summarize().failed == 0
    assert runner.tries > 200


def test_signatures_are_true() -> None:
    assert str(inspect.signature(ad.tanh)) == (
        "(input: 'Tensor | Value | ArrayLike') -> 'Tensor | Value'"
    )
    assert "negative_slope: 'float' = 0.01" in str(inspect.signature(ad.leaky_relu))
    module = import_module("autodiff.functions.shaping.shaping")
    assert inspect.signature(ad.reshape) == inspect.signature(module.reshape)
