"""Data that changed between the forward and the backward pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.graph.staleness import reads_of
from tests.autodiff.reference import pull, same
from tests.autodiff.table.elementwise_samples import DIFFERENTIABLE, apply, operands_for, title


def tensor(*numbers: float, **options: Any) -> ad.Tensor:
    return ad.Tensor(np.array(numbers), requires_grad=True, **options)


NEEDED: dict[str, Callable[[Any, Any], Any]] = {
    "multiply": lambda x, w: x * w,
    "divide": lambda x, w: x / w,
    "matmul": lambda x, w: x @ w,
    "power": lambda x, w: w**3.0,
    "square": lambda x, w: w**2,
    "einsum": lambda x, w: ad.einsum("i,i->", x, w),
    "dot through a view": lambda x, w: x * w.reshape(2, 1).T,
    "prod": lambda x, w: ad.prod(w),
    "max": lambda x, w: ad.max(w),
    "clip": lambda x, w: ad.clip(w, 0, 1),
    "log": lambda x, w: ad.log(w),
}
UNNEEDED: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda x, w: x + w,
    "subtract": lambda x, w: x - w,
    "negative": lambda x, w: -w,
    "sum": lambda x, w: ad.sum(w),
    "mean": lambda x, w: ad.mean(w),
    "reshape": lambda x, w: w.reshape(2, 1),
    "index": lambda x, w: w[[0, 0]],
    "concatenate": lambda x, w: ad.concatenate([x, w]),
    "exp, which needs its result only": lambda x, w: ad.exp(w),
    "tanh, which needs its result only": lambda x, w: ad.tanh(w),
    "softmax, which needs its result only": lambda x, w: ad.softmax(w),
    "a constant factor": lambda x, w: w * 3.0,
}
CHANGES: dict[str, Callable[[Any], None]] = {
    "assigned": lambda w: setattr(w, "data", np.array([5.0, 6.0])),
    "augmented": lambda w: setattr(w, "data", w.data - 1.0),
}


def augmented(w: Any) -> None:
    w.data -= 1.0


def marked(w: Any) -> None:
    w.data[0] = 7.0
    w.data = w.data


CHANGES |= {"in place": augmented, "in place and marked": marked}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("case", NEEDED)
@pytest.mark.parametrize("create_graph", [False, True])
def test_a_change_of_what_is_needed_is_refused(case: str, change: str, create_graph: bool) -> None:
    x, w = tensor(1.0, 2.0, name="x"), tensor(3.0, 4.0, name="w")
    y = NEEDED[case](x, w).sum()
    CHANGES[change](w)
    with pytest.raises(ad.StaleDataError, match=r"changed in place after that operation"):
        y.backward(create_graph=create_graph)
    assert x.grad is w.grad is None


@pytest.mark.parametrize("case", UNNEEDED)
def test_a_change_of_what_is_not_needed_is_allowed(case: str) -> None:
    def gradients(change: Callable[[Any], None]) -> list[Any]:
        x, w = tensor(1.0, 2.0), tensor(3.0, 4.0)
        y = UNNEEDED[case](x, w)
        change(w)
        return pull(y, [x, w])

    for found, expected in zip(gradients(augmented), gradients(lambda w: None), strict=True):
        same(found, expected)


def test_the_message_names_the_operation_the_operand_its_shape_and_the_line() -> None:
    x, w = tensor(1.0, 2.0), tensor(3.0, 4.0, name="w")
    y = (x * w).sum()  # the line that is named
    w.data = w.data * 2
    with pytest.raises(ad.StaleDataError) as caught:
        y.backward()
    message = str(caught.value)
    line = test_the_message_names_the_operation_the_operand_its_shape_and_the_line.__code__
    assert f"the result of 'multiply' made at {__file__}:{line.co_firstlineno + 2}" in message
    assert "its operand 1, 'w' (a leaf), of shape (2,)" in message
    assert "do the update after backward()" in message


def test_an_update_after_backward_and_before_the_next_forward_is_what_training_does() -> None:
    w = tensor(3.0, 4.0)
    for _ in range(3):
        w.zero_grad()
        (w * w).sum().backward()
        same(w.grad, 2 * w.data)
        w.data -= 0.1 * w.grad


def test_a_change_before_the_forward_pass_does_not_count() -> None:
    w = tensor(3.0)
    w.data = [5.0]
    y = w * w
    y.backward()
    same(w.grad, [10])


def test_a_changed_result_is_refused_where_it_is_needed() -> None:
    x = tensor(1.0)
    y = ad.exp(x)
    y.data = [9.0]
    with pytest.raises(ad.StaleDataError, match="needs the data of its result"):
        y.backward()


def test_a_change_of_what_a_view_shows_is_refused() -> None:
    w = tensor(1.0, 2.0, 3.0)
    view = w[1:]
    y = (view * view).sum()
    w.data -= 1
    with pytest.raises(ad.StaleDataError, match="its operand 0, the result of 'getitem'"):
        y.backward()


def test_the_data_of_a_result_cannot_be_written_into() -> None:
    x = tensor(1.0, 2.0)
    for y in (x * 2, x.reshape(2, 1), x[0:1]):
        with pytest.raises(ValueError, match="read-only"):
            y.data[0] = 5.0
    same(x.data, [1, 2])


def test_a_view_made_without_recording_cannot_be_written_into_either() -> None:
    x, fixed = tensor(1.0, 2.0), ad.Tensor(np.array([1.0, 2.0]))
    with ad.no_grad():
        views = [x.reshape(2, 1), x[0:1], x.T]
    for view in (*views, fixed[1:]):
        with pytest.raises(ValueError, match="read-only"):
            view.data[0] = 5.0
        view.data = view.data + 1
    same(x.data, [1, 2])
    same(fixed.data, [1, 2])


def test_what_was_given_is_copied_and_may_be_changed() -> None:
    given = np.array([1.0, 2.0])
    x = ad.Tensor(given, requires_grad=True)
    y = (x * x).sum()
    given[:] = 100
    y.backward()
    same(x.grad, [2, 4])
    taken = x.numpy()
    taken[:] = 100
    same(x.data, [1, 2])


def test_values_keep_their_local_derivatives() -> None:
    x, w = ad.Value(2.0), ad.Value(3.0)
    y = x * w
    w.data = 100.0
    y.backward()
    assert x.grad == 3.0


def test_values_changed_before_a_backward_as_a_graph_are_refused() -> None:
    x, w = ad.Value(2.0), ad.Value(3.0, name="w")
    y = x * w
    w.data = 100.0
    with pytest.raises(ad.StaleDataError, match=r"operand 0, .*changed|operand 1, .*changed") as e:
        y.backward(create_graph=True)
    assert "'multiply'" in str(e.value)
    assert x.grad is None


def test_data_of_another_shape_is_refused() -> None:
    w = tensor(1.0, 2.0, name="w")
    with pytest.raises(
        ad.ShapeError, match=r"data of shape \(3,\) was assigned to 'w' \(a leaf\) of shape \(2,\)"
    ):
        w.data = np.ones(3)
    w.data = np.ones(2, np.float32)
    assert w.dtype == np.float64


def test_what_only_the_gradient_of_another_operand_needs_may_change() -> None:
    x, w = tensor(1.0, 2.0), ad.Tensor(np.array([3.0, 4.0]))
    y = (x * w).sum()
    x.data -= 1
    y.backward()
    same(x.grad, [3, 4])
    z = (x * w).sum()
    w.data -= 1
    with pytest.raises(ad.StaleDataError, match="its operand 1"):
        z.backward()


@pytest.mark.parametrize("entry", DIFFERENTIABLE, ids=title)
def test_what_a_rule_does_not_read_may_change_freely(entry: Any) -> None:
    operands = operands_for(entry, np.random.default_rng(8), (3,))

    def gradients(hide: bool) -> list[Any]:
        nodes = [ad.Tensor(x, requires_grad=x.dtype.kind == "f") for x in operands]
        y = apply(entry, *nodes)
        wanted = [i for i, node in enumerate(nodes) if node.requires_grad]
        read = {what for i in wanted for what in reads_of(entry, i)}
        for i in wanted:
            if hide and i not in read:
                nodes[i].data = np.full(3, np.nan)
        if hide and "y" not in read:
            y.data = np.full(3, np.nan)
        return pull(y, nodes)

    for found, expected in zip(gradients(True), gradients(False), strict=True):
        same(found, expected, rtol=0)


def test_an_array_changed_after_its_use_changes_no_gradient() -> None:
    x = ad.Tensor([1.0, 2.0, 3.0], dtype=np.float64, requires_grad=True)
    array = np.ones(3)
    y = (x * array).sum()
    array[:] = 100.0
    y.backward()
    np.testing.assert_array_equal(x.grad, np.ones(3))


def test_an_array_given_as_data_stays_the_giver_s() -> None:
    x = ad.Tensor(np.zeros(3), requires_grad=True)
    array = np.ones(3)
    x.data = array
    y = (x * x).sum()
    array[:] = 7.0
    y.backward()
    np.testing.assert_array_equal(x.grad, [2.0, 2.0, 2.0])
