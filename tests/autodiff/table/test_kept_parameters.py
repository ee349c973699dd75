"""Arrays among the parameters of an operation may be filled anew before the backward pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops import Structural, every_primitive
from autodiff.tensors.operations import apply
from tests.autodiff.calls import CALLS, function
from tests.autodiff.table.structural_samples import SAMPLED, samples, title

X = np.arange(1.0, 13.0).reshape(3, 4)


def arrays_in(given: Any) -> Iterator[Any]:
    if isinstance(given, np.ndarray):
        yield given
    elif isinstance(given, (tuple, list)):
        for part in given:
            yield from arrays_in(part)
    elif isinstance(given, dict):
        yield from arrays_in(tuple(given.values()))


def copied(given: Any) -> Any:
    if isinstance(given, dict):
        return {key: copied(value) for key, value in given.items()}
    if isinstance(given, (tuple, list)):
        return type(given)(map(copied, given))
    return np.array(given) if isinstance(given, np.ndarray) else given


def spoil(given: Any) -> None:
    """Fill all arrays with other numbers that would do as well."""
    for array in arrays_in(given):
        if array.dtype.kind == "b":
            array[...] = ~np.array(array)
        elif array.dtype.kind in "iu":
            array[...] = 0 if array.any() else 1
        else:
            array[...] = np.array(array) + 1


HOLDING = [e for e in SAMPLED if any([*arrays_in(p)] for _, p in samples(e))]
each = pytest.mark.parametrize("entry", HOLDING, ids=title)


def test_entries_say_which_parameters_are_arrays() -> None:
    found = {
        entry: {name for _, p in samples(entry) for name, v in p.items() if [*arrays_in(v)]}
        for entry in SAMPLED
    }
    said = {e: set(e.keeps) for e in every_primitive().values() if isinstance(e, Structural)}
    assert {e: names for e, names in said.items() if names} == {e: n for e, n in found.items() if n}


def squares(y: Any) -> Any:
    return ad.sum(ad.square(y))


def reverse(f: Callable[..., Any], xs: list[Any], change: Callable[[], None]) -> list[Any]:
    leaves = [ad.Tensor(x, requires_grad=True) for x in xs]
    loss = squares(f(*leaves))
    change()
    loss.backward()
    return [x.grad for x in leaves]


def twice(f: Callable[..., Any], xs: list[Any], change: Callable[[], None]) -> list[Any]:
    leaves = [ad.Tensor(x, requires_grad=True) for x in xs]
    squares(f(*leaves)).backward(create_graph=True)
    change()
    total = ad.stack([squares(x.grad) for x in leaves]).sum()
    for x in leaves:
        x.grad = None
    total.backward()
    return [x.grad for x in leaves]


def changed_first(f: Callable[..., Any], xs: list[Any], change: Callable[[], None]) -> list[Any]:
    leaves = [ad.Tensor(x, requires_grad=True) for x in xs]
    loss = squares(f(*leaves))
    change()
    loss.backward(create_graph=True)
    return [x.grad.data for x in leaves]


def linearized(f: Callable[..., Any], xs: list[Any], change: Callable[[], None]) -> list[Any]:
    _, push = ad.linearize(f, *xs)
    change()
    return [push(*[np.cos(x) for x in xs])]


def pulled(f: Callable[..., Any], xs: list[Any], change: Callable[[], None]) -> list[Any]:
    y, pull = ad.vjp(f, *xs)
    change()
    return list(pull(np.cos(y)))


WAYS = [reverse, twice, changed_first, linearized, pulled]


@each
def test_filling_them_anew_changes_no_gradient(entry: Structural) -> None:
    for operands, params in samples(entry):
        if not [*arrays_in(params)]:
            continue
        for way in WAYS:
            expected = way(lambda *x, p=params: apply(entry, *x, **p), operands, lambda: None)
            mine = copied(params)
            found = way(lambda *x, p=mine: apply(entry, *x, **p), operands, lambda p=mine: spoil(p))
            for a, b in zip(expected, found, strict=True):
                np.testing.assert_array_equal(a, b, err_msg=way.__name__)


INDEX, MASK, WIDE = np.array([0, 2]), X[:, 0] > 1, np.array([[0, 1, 2, 3]])
# Through the ways in which users write it, each with the array that it changes.
USES: dict[str, tuple[Callable[[Any, Any], Any], Any]] = {
    "x[i]": (lambda x, i: x[i], INDEX),
    "x[mask]": (lambda x, i: x[i], MASK),
    "x[:, i]": (lambda x, i: x[:, i], INDEX),
    "x[i:]": (lambda x, i: x[i:], np.array(1)),
    "x[view of i]": (lambda x, i: x[i[::-1]], INDEX),
    "x[tensor]": (lambda x, i: x[i], ad.Tensor(INDEX)),
    "x[mask tensor]": (lambda x, i: x[i], ad.Tensor(MASK)),
    "x.at[i].set": (lambda x, i: x.at[i].set(x[1] * 2), INDEX),
    "x.at[mask].add": (lambda x, i: x.at[i].add(x[1]), MASK),
    "x.at[i].multiply": (lambda x, i: x.at[i].multiply(x[1]), INDEX),
    "scatter": (lambda x, i: ad.scatter(x[:2], i, (5, 4)), INDEX),
    "index_max": (lambda x, i: ad.index_max(x, i, x[1]), INDEX),
    "take": (lambda x, i: ad.take(x, i, 0), INDEX),
    "take_along_axis": (lambda x, i: ad.take_along_axis(x, i, 0), WIDE % 3),
    "embedding": (lambda x, i: ad.embedding(i, x), INDEX),
    "label_cross_entropy": (lambda x, i: ad.label_cross_entropy(x[:2], i), INDEX),
    "where": (lambda x, i: ad.where(i, x, x * x), WIDE > 1),
    "a factor": (lambda x, i: x * i, WIDE * 1.5),
    "vmap": (lambda x, i: ad.vmap(lambda row: row[i] * row[0])(x), INDEX),
    "vmap over i": (lambda x, i: ad.vmap(lambda j: x[j] * x[0])(i), INDEX),
    "checkpoint": (lambda x, i: ad.checkpoint(lambda x: ad.sin(x)[i.copy()])(x), INDEX),
}


@pytest.mark.parametrize("name", USES)
@pytest.mark.parametrize("way", WAYS)
def test_as_users_write_it(name: str, way: Callable[..., list[Any]]) -> None:
    use, given = USES[name]
    expected = way(lambda x: use(x, given), [X], lambda: None)
    tensor = isinstance(given, ad.Tensor)
    mine = ad.Tensor(given.data) if tensor else copied(given)
    memory: Any = mine.data if tensor else mine
    try:
        found = way(lambda x: use(x, mine), [X], lambda: spoil(memory))
    except (ad.StaleDataError, ad.GlassgradError):
        return
    for a, b in zip(expected, found, strict=True):
        np.testing.assert_array_equal(a, b)


def gradient_of(name: str, call: Any, place: int, spoiled: bool) -> Any:
    args, kwargs = copied(call)
    leaf = ad.Tensor(args[place], requires_grad=True)
    found = function(name)(*args[:place], leaf, *args[place + 1 :], **kwargs)
    parts = found if isinstance(found, tuple) else (found,)
    sums = [ad.sum(ad.abs(y)) for y in parts if isinstance(y, ad.Tensor) and y.requires_grad]
    if spoiled:
        spoil((args, kwargs))
    if sums:
        ad.stack(sums).sum().backward()
    return leaf.grad


@pytest.mark.parametrize("name", CALLS)
def test_whatever_functions_are_given_may_be_filled_anew(name: str) -> None:
    for call in CALLS[name]:
        for place, given in enumerate(call[0]):
            if not (isinstance(given, np.ndarray) and given.dtype.kind in "fc"):
                continue
            if not [a for a in arrays_in(call) if a is not given]:
                continue
            expected, found = (gradient_of(name, call, place, s) for s in (False, True))
            np.testing.assert_array_equal(found, expected, err_msg=f"argument {place}")


def test_an_index_that_a_recorded_step_is_given_stays_live() -> None:
    w = ad.Tensor(X, requires_grad=True)

    def step(i: Any, j: Any) -> Any:
        w.zero_grad()
        (w[i] * ad.take_along_axis(w, j, 0)).sum().backward()
        return w.grad

    recorded = ad.compile(step)
    i, j = np.array([0, 2]), np.array([[0, 1, 2, 0], [1, 1, 1, 1]])
    for k in range(4):
        i[:] = (k % 3, 2 * k % 3)
        j[:] = (j + k) % 3
        np.testing.assert_array_equal(recorded(i, j), step(i, j))
