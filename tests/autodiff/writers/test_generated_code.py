"""Generated code: made at one place, and shown wherever Python shows source."""

from __future__ import annotations

import ast
import gc
import inspect
import linecache
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops.primitive import TABLE, Elementwise
from autodiff.values.functions import placed_functions, scalar_functions
from autodiff.writers.build import GENERATED, build
from autodiff.writers.kernels import make_kernel
from tests.import_contracts import modules


def _calls_of_exec(path: Path) -> Iterator[int]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="exec" | "eval")):
                yield node.lineno


def test_source_is_executed_at_one_place() -> None:
    found = {name: list(_calls_of_exec(path)) for name, path in modules().items()}
    assert {name: len(lines) for name, lines in found.items() if lines} == {
        "autodiff.writers.build": 1
    }


def _entry(name: str) -> Elementwise:
    entry = TABLE[name]
    assert isinstance(entry, Elementwise)
    return entry


def _run_of_a_step() -> Callable[..., Any]:
    w = ad.Tensor([1.0, 2.0], requires_grad=True, name="w")
    step = ad.compile(lambda x: (w * x).sum())
    step(np.ones(2))
    step(np.ones(2))
    run: Callable[..., Any] = step._last.run
    return run


GENERATED_FUNCTIONS: dict[str, tuple[Callable[[], Any], str]] = {
    "an operator of Value": (lambda: ad.Value.__mul__, "y = x0 * x1"),
    "a reflected operator": (lambda: ad.Value.__rsub__, "def value_subtract(b, a):"),
    "a method of Value": (lambda: ad.Value.tanh, "d0 = 1.0 - y * y"),
    "a function of Values": (lambda: scalar_functions["tanh"], "y = tanh(x0)"),
    "one told its place": (lambda: placed_functions["tanh"], "code, instruction):"),
    "a kernel of arrays": (lambda: make_kernel(_entry("tanh"), 0), "t0 *= g"),
    "a compiled step": (_run_of_a_step, "np.multiply(w, x"),
}


@pytest.mark.parametrize("name", GENERATED_FUNCTIONS)
def test_inspect_shows_the_source(name: str) -> None:
    make, line = GENERATED_FUNCTIONS[name]
    function = make()
    assert line in inspect.getsource(function)
    assert function.__code__.co_filename.startswith(GENERATED)
    # What Python does before it prints a traceback.
    linecache.checkcache()
    assert line in inspect.getsource(function)


def test_help_has_the_docstring_of_the_table() -> None:
    assert ad.Value.tanh.__doc__ == TABLE["tanh"].doc
    assert ad.Value.__mul__.__doc__ == TABLE["multiply"].doc


def _text_times_a_number() -> None:
    x = ad.Value(2.0)
    x.data = "text"  # type: ignore[assignment]
    x * x * 2.5


def _text_in_a_kernel() -> None:
    kernel = make_kernel(_entry("multiply"), 1)
    assert kernel is not None
    kernel(np.ones(2), None, "text", None)


@pytest.mark.parametrize(
    ("fails", "place", "line"),
    [
        (_text_times_a_number, "<glassgrad multiply of Values, operator", "y = x0 * x1"),
        (_text_in_a_kernel, "<glassgrad derivative of multiply by x1", "return x0 * g"),
    ],
)
def test_a_traceback_shows_the_generated_line(
    fails: Callable[[], None], place: str, line: str
) -> None:
    with pytest.raises(TypeError) as caught:
        fails()
    text = "".join(traceback.format_exception(caught.value))
    assert place in text
    assert f"    {line}\n" in text


def _listed() -> int:
    gc.collect()
    return sum(name.startswith(GENERATED) for name in linecache.cache)


def test_what_is_gone_is_no_longer_listed() -> None:
    before = _listed()
    functions = [build(f"def f():\n    return {i}\n", "f", "test", {}) for i in range(3)]
    assert [f() for f in functions] == [0, 1, 2]
    assert len({f.__code__.co_filename for f in functions}) == 3
    assert [inspect.getsource(f).split()[-1] for f in functions] == ["0", "1", "2"]
    assert _listed() == before + 3
    functions.clear()
    assert _listed() == before


def test_a_function_outlives_what_built_it() -> None:
    inner = build("def outer():\n    def inner(): ...\n    return inner\n", "outer", "test", {})()
    gc.collect()
    assert inspect.getsource(inner).strip() == "def inner(): ..."


def test_many_compiled_steps_fill_no_memory() -> None:
    before = _listed()
    x = np.ones(2)
    for _ in range(20):
        step = ad.compile(lambda x: x + 1, verify=False)
        step(x)
    del step
    assert _listed() == before


def test_parameters_that_always_change_fill_no_memory() -> None:
    before = _listed()
    kernel = make_kernel(_entry("leaky_relu"), 0)
    assert kernel is not None
    x = np.array([-1.0, 1.0])
    for slope in np.linspace(0.1, 0.9, 400).tolist():
        found = kernel(np.ones(2), np.where(x > 0, x, slope * x), x, negative_slope=slope)
        assert found.tolist() == [slope, 1.0]
    assert _listed() <= before + 256


@pytest.mark.parametrize("name", ["tanh", "multiply", "leaky_relu"])
def test_a_kernel_is_made_once(name: str) -> None:
    assert make_kernel(_entry(name), 0) is make_kernel(_entry(name), 0)
