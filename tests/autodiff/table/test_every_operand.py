"""Every operand of every function: its gradient flows, or it is refused by name."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.calls import CALLS, function

Path = tuple[Any, ...]


def leaves(given: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The floating arrays and numbers among arguments, and where they stand."""
    if isinstance(given, dict):
        for key, part in given.items():
            yield from leaves(part, (*path, key))
    elif isinstance(given, (tuple, list)):
        for i, part in enumerate(given):
            yield from leaves(part, (*path, i))
    elif isinstance(given, float) or getattr(given, "dtype", np.dtype(int)).kind in "fc":
        yield path, given


def replaced(given: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    if isinstance(given, tuple):
        return tuple(replaced(p, path[1:], new) if i == path[0] else p for i, p in enumerate(given))
    changed = copy.copy(given)
    changed[path[0]] = replaced(given[path[0]], path[1:], new)
    return changed


def results(found: Any) -> list[Any]:
    if isinstance(found, (tuple, list)):
        return [x for part in found for x in results(part)]
    data = getattr(found, "data", found)
    return [found] if getattr(data, "dtype", np.dtype(type(data))).kind in "fc" else []


def number(found: Any) -> Any:
    """One real number that depends on all that is given back."""
    total: Any = 0.0
    for x in results(found):
        shape = np.shape(getattr(x, "data", x))
        weights = np.cos(np.arange(np.prod(shape, dtype=int))).reshape(shape)
        total = total + ad.sum(ad.nan_to_num(ad.real(x) + 0.5 * ad.imag(x)) * weights)
    return total


def fresh(given: Any) -> Any:
    if isinstance(given, ad.Tensor):
        return ad.Tensor(given.data)
    if isinstance(given, (tuple, list)):
        return type(given)(map(fresh, given))
    return {k: fresh(v) for k, v in given.items()} if isinstance(given, dict) else given


def plain(call: Any, path: Path, x: Any, name: str) -> float:
    args, kwargs = replaced(fresh(call), path, x)
    with ad.no_grad():
        return float(getattr(number(function(name)(*args, **kwargs)), "data", 0.0))


# Of their matrices only a half is read, as of a symmetric one.
SYMMETRIC = frozenset(f"linalg.{n}" for n in "cho_factor cholesky eigh eigvalsh sqrtm".split())


def direction_for(name: str, data: Any) -> Any:
    found = np.sin(np.arange(1.0, data.size + 1)).reshape(data.shape)
    return found + found.T if name in SYMMETRIC else found


def outcome(name: str, call: Any, path: Path, given: Any, kind: Any) -> str:
    """What is wrong; nothing for the right gradient, or a refusal that says the way out."""
    data = np.asarray(getattr(given, "data", given))
    leaf = kind(data, requires_grad=True) if kind is ad.Tensor else kind(float(data))
    args, kwargs = replaced(fresh(call), path, leaf)
    try:
        loss = number(function(name)(*args, **kwargs))
    except (ad.NonDifferentiableError, TypeError) as error:
        return "" if re.search(r"detach\(\)|use Tensors", str(error)) else f"no way out: {error!r}"
    direction = direction_for(name, data)
    h = 1e-6
    values = []
    for step in (-h, h):
        moved: Any = data + step * direction
        moved = float(moved) if isinstance(given, float) else moved
        moved = ad.Tensor(moved) if isinstance(given, ad.Tensor) else moved
        values.append(plain(call, path, moved, name))
    expected = (values[1] - values[0]) / (2 * h)
    if getattr(loss, "requires_grad", False):
        loss.backward()
    grad = np.zeros(data.shape) if leaf.grad is None else leaf.grad
    found = float(np.sum(np.real(np.conj(grad) * direction)))
    scale = 1e-5 * (1 + abs(expected) + abs(values[0]))
    right = abs(found - expected) <= scale or np.isnan(expected)
    return "" if right else f"gradient {found}, differences {expected}"


def test_every_function_has_a_call() -> None:
    assert not [name for name, calls in CALLS.items() if not calls], "to be added to tests.calls"


@pytest.mark.parametrize("name", CALLS)
def test_a_gradient_flows_or_is_refused(name: str) -> None:
    wrong = []
    with ad.default_dtype("float64"):
        for i, call in enumerate(CALLS[name]):
            for path, given in leaves(call):
                kinds = [ad.Tensor, ad.Value] if isinstance(given, float) else [ad.Tensor]
                for kind in kinds:
                    found = outcome(name, call, path, given, kind)
                    if found:
                        wrong.append(f"call {i}, place {path}, as {kind.__name__}: {found}")
    assert not wrong, "\n".join(wrong)


def test_elements_of_sets_keep_their_gradients() -> None:
    a = ad.Tensor([3.0, 1.0, 3.0, 2.0], requires_grad=True)
    b = ad.Tensor([2.0, 5.0, 5.0], requires_grad=True)
    weights = np.array([1.0, 10.0, 100.0, 1000.0])
    for found, by_a, by_b in [
        (ad.unique(a), [100, 1, 0, 10], [0, 0, 0]),
        (ad.intersect1d(a, b), [0, 0, 0, 1], [0, 0, 0]),
        (ad.intersect1d(a, b, return_indices=True)[0], [0, 0, 0, 1], [0, 0, 0]),
        (ad.setdiff1d(a, b), [10, 1, 0, 0], [0, 0, 0]),
        (ad.setxor1d(a, b), [10, 1, 0, 0], [0, 100, 0]),
        (ad.union1d(a, b), [100, 1, 0, 10], [0, 1000, 0]),
    ]:
        a.grad = b.grad = None
        (found * weights[: len(found)]).sum().backward()
        assert a.grad.tolist() == by_a
        assert (np.zeros(3) if b.grad is None else b.grad).tolist() == by_b
    slices = ad.Tensor([[1.0, 2.0], [0.0, 1.0], [1.0, 2.0]], requires_grad=True)
    (ad.unique(slices, return_counts=True, axis=0)[0] * [[1.0], [10.0]]).sum().backward()
    assert slices.grad.tolist() == [[10, 10], [1, 1], [0, 0]]


def test_a_setting_that_is_a_constant_node_is_its_number() -> None:
    x = np.array([1.0, -2.0])
    for found, expected in [
        (ad.elu(x, ad.Tensor(2.0)), ad.elu(x, 2.0)),
        (ad.linalg.norm(x, ad.Tensor(3.0)), ad.linalg.norm(x, 3.0)),
        (ad.zeta(ad.Tensor(2.0)), ad.zeta(2.0)),
    ]:
        assert found.tolist() == expected.tolist()
