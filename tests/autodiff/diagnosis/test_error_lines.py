"""Every error about a node names the line of the user's code that made it."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn


def tensor() -> Any:
    x = ad.Tensor([1.0, 2.0], requires_grad=True)
    return x * x  # the line


def value() -> Any:
    v = ad.Value(2.0)
    return v * v  # the line


def leaf() -> Any:
    return ad.Tensor([1.0, 2.0], requires_grad=True)  # the line


def complex_tensor() -> Any:
    return ad.Tensor([1 + 2j], requires_grad=True) * 2  # the line


def twice(y: Any) -> None:
    y.sum().backward()
    y.sum().backward()


def value_twice(y: Any) -> None:
    y.backward()
    y.backward()


def ordered_after_backward(y: Any) -> None:
    y.sum().backward()
    ad.topological_order(y)


def stale(y: Any) -> None:
    y.parents[0].data = [0.0, 0.0]
    y.sum().backward()


def stale_result(y: Any) -> None:
    z = (y * y).sum()
    y.data = [0.0, 0.0]
    z.backward()


def stale_graph(y: Any) -> None:
    y.parents[0].data = 7.0
    y.backward(create_graph=True)


def bad_hook(y: Any) -> None:
    y.register_hook(lambda g: np.zeros(7))
    y.sum().backward()


def bad_hook_of_value(y: Any) -> None:
    y.register_hook(lambda g: "seven")
    y.backward()


def not_finite(y: Any) -> None:
    with ad.detect_anomaly(), np.errstate(all="ignore"):
        ad.arctanh(y)


def assigned(y: Any) -> None:
    y[0] = 1.0


def augmented(y: Any) -> None:
    y += 1.0


def unused(y: Any) -> None:
    ad.gradients(ad.Tensor([1.0], requires_grad=True).sum(), inputs=[y], unused="raise")


CASES: list[tuple[Callable[[], Any], Callable[[Any], Any], type[Exception]]] = [
    (tensor, twice, ad.FreedGraphError),
    (value, value_twice, ad.FreedGraphError),
    (tensor, ordered_after_backward, ad.FreedGraphError),
    (tensor, stale, ad.StaleDataError),
    (tensor, stale_result, ad.StaleDataError),
    (value, stale_graph, ad.StaleDataError),
    (leaf, lambda x: stale(x * x), ad.StaleDataError),
    (tensor, lambda y: y.backward(), ad.NonScalarBackwardError),
    (leaf, lambda y: y.backward(), ad.NonScalarBackwardError),
    (complex_tensor, lambda y: y.backward(), ad.NonScalarBackwardError),
    (tensor, lambda y: y.backward(np.ones(3)), ad.ShapeError),
    (tensor, lambda y: y.backward(np.ones(2) * 1j), ad.NonDifferentiableError),
    (tensor, bad_hook, ad.ShapeError),
    (value, bad_hook_of_value, ad.ShapeError),
    (tensor, lambda y: setattr(y, "grad", np.ones(3)), ad.ShapeError),
    (tensor, lambda y: setattr(y, "data", np.ones(3)), ad.ShapeError),
    (tensor, lambda y: y.requires_grad_(False), ad.NonDifferentiableError),
    (
        tensor,
        lambda y: y.register_post_accumulate_grad_hook(print),
        ad.NonDifferentiableError,
    ),
    (tensor, not_finite, ad.NonFiniteError),
    (tensor, assigned, ad.NonDifferentiableError),
    (leaf, assigned, ad.NonDifferentiableError),
    (leaf, augmented, ad.NonDifferentiableError),
    (tensor, copy.deepcopy, TypeError),
    (tensor, unused, ad.NonDifferentiableError),
    (leaf, unused, ad.NonDifferentiableError),
]


@pytest.mark.parametrize(("make", "use", "error"), CASES)
def test_an_error_names_the_line(
    make: Callable[[], Any], use: Callable[[Any], Any], error: type[Exception]
) -> None:
    lines, first = inspect.getsourcelines(make)
    line = next(i for i, text in enumerate(lines, first) if text.endswith("# the line\n"))
    y = make()
    with pytest.raises(error) as caught:
        use(y)
    message = str(caught.value)
    assert f"{__file__}:{line}" in message


def test_a_leaf_is_told_by_its_name_if_it_has_one() -> None:
    assert ad.Tensor([1.0], requires_grad=True, name="w").describe() == "'w' (a leaf)"
    assert ad.Tensor([1.0], requires_grad=True).origin is None
    assert ad.Tensor([1.0]).describe() == "a leaf"


def test_a_leaf_made_inside_the_library_is_told_by_the_users_line() -> None:

    layer = nn.Linear(2, 3)
    p = nn.Parameter([1.0])
    assert __file__ in p.describe()
    assert layer.weight.name is not None or __file__ in layer.weight.describe()
