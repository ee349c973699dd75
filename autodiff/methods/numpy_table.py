"""The page that says what each of NumPy's functions does with a tensor.

``python -m autodiff.methods.numpy_table`` prints it.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

import numpy as np
from numpy.testing.overrides import (
    get_overridable_numpy_array_functions,
    get_overridable_numpy_ufuncs,
)

from autodiff.methods.numpy_dispatch import dispatched_parameters
from autodiff.methods.numpy_interface import Support, support, ufunc_support
from autodiff.methods.numpy_names import UFUNC_METHODS

__all__ = ["page", "supports"]

# NumPy registers the functions of these when they are first used.
_LATE = ("numpy.char", "numpy.fft", "numpy.polynomial", "numpy.strings")

_INTRODUCTION = """\
# NumPy's functions on tensors

NumPy asks a tensor what its functions shall do with it, so `np.sin(t)`, `np.concatenate([t, u])`
and `np.linalg.norm(t)` stay in the graph. This page lists every function and ufunc that NumPy
{version} lets others take over. It is generated from the library's tables:

    python -m autodiff.methods.numpy_table > docs/numpy_support.md

- **graph**: done by the function named; gradients flow where the operation has one.
- **plain**: answered by NumPy about the numbers, as its result is no part of a computation.
- **refused**: an error says why, and what to use instead.
- **not asked**: NumPy does not ask tensors given in this way, and would convert them; a tensor
  that needs a gradient refuses that with an `autodiff.ConversionError` while operations are
  recorded. Give the list to `autodiff.stack` or `autodiff.array` first.

The column *a tensor* is about `np.f(t)`, the column *in a list* about `np.f([t, u])`: NumPy's code
looks for tensors at some parameters, and into lists at a few, which are named where they are not
the first. Where one argument is a tensor itself, lists beside it are taken as well:
`np.dot(t, [u, v])`. Ufuncs never look into lists. An option that the function named does not have
(`out=`, say) is refused by its name.

Values are not asked as tensors are: lists of them are arrays of objects to NumPy, with which most
of its functions compute, and what comes out stays in the graph. Put into an array of numbers they
refuse like tensors.
"""


def overridable() -> dict[str, Any]:
    """NumPy's functions that others can take over, by their full names."""
    for module in _LATE:
        import_module(module)
    every = {support(f).title: f for f in get_overridable_numpy_array_functions()}
    # Of those with `like=` the function that is registered is an inner one.
    return {title: getattr(_module(title), f.__name__, f) for title, f in every.items()}


def _module(title: str) -> Any:
    return import_module(title.rpartition(".")[0])


def supports() -> tuple[list[Support], list[Support]]:
    """What becomes of each overridable function, and of each ufunc, sorted by name.

    Example:
        >>> functions, ufuncs = supports()
        >>> {one.how for one in functions + ufuncs} == {"graph", "plain", "refused"}
        True
    """
    functions = {support(function) for function in overridable().values()}
    ufuncs = {ufunc_support(ufunc) for ufunc in get_overridable_numpy_ufuncs()}
    return sorted(functions, key=_title), sorted(ufuncs, key=_title)


def _title(one: Support) -> str:
    return one.title


def page() -> str:
    """The page, in Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    functions, ufuncs = supports()
    version = ".".join(np.__version__.split(".")[:2])
    yield _INTRODUCTION.format(version=version)
    yield _count("Functions", functions)
    yield _count("Ufuncs", ufuncs) + "\n"
    yield "## Functions\n"
    yield "| NumPy | a tensor | in a list | by, or why not |"
    yield "| --- | --- | --- | --- |"
    yield from map(function_row, functions)
    yield "\n## Ufuncs\n"
    yield from _rows(ufuncs)
    yield "\n## Methods of ufuncs\n"
    methods = [ufunc_support(getattr(np, name), method) for name, method in sorted(UFUNC_METHODS)]
    yield from _rows(methods)
    yield "\n`outer` of any ufunc with two operands stays in the graph; `at` and `reduceat` do not."


def _count(what: str, found: Iterable[Support]) -> str:
    every = list(found)
    count = {how: sum(one.how == how for one in every) for how in ("graph", "plain", "refused")}
    return (
        f"{what}: {len(every)} in all, {count['graph']} in the graph, {count['plain']} plain, "
        f"{count['refused']} refused.  "
    )


def function_row(one: Support) -> str:
    """The row of a function: what it does with a tensor, with a list of tensors, and by what.

    Example:
        >>> function_row(support(np.sum))
        '| `numpy.sum` | graph | not asked | `autodiff.sum` |'
    """
    function = overridable()[one.title]
    found = dispatched_parameters(function)
    by = _by(one)
    if not found.nodes and one.how == "graph":
        by += ", with `like=` alone"
    lists = _NOT_ASKED
    if one.how == "plain" and inspect.isfunction(inspect.unwrap(function)):
        # Written in Python, it is recognised where it converts: see the module `conversions`.
        lists = one.how
    elif found.lists:
        first = found.lists[0]
        lists = one.how if first in found.nodes[:1] else f"{one.how} as `{first}`"
    return f"| `{one.title}` | {one.how if found.nodes else _NOT_ASKED} | {lists} | {by} |"


_NOT_ASKED = "not asked"


def _by(one: Support) -> str:
    return f"`{one.by}`" if one.how == "graph" else "" if one.how == "plain" else one.by


def _rows(found: Iterable[Support]) -> Iterator[str]:
    yield "| NumPy | | by, or why not |"
    yield "| --- | --- | --- |"
    for one in found:
        yield f"| `{one.title}` | {one.how} | {_by(one)} |"


if __name__ == "__main__":
    print(page(), end="")
