"""Programs as users write them, for what `viz` reads of their source.

They hold no assertions: those are compiled otherwise while tests run, and then nothing is read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor, Value


def plain() -> Value:
    aa, bb = Value(2.0), Value(3.0)
    c = aa * bb
    return c


def reassigned() -> Value:
    a = Value(2.0)
    b = Value(3.0)
    a = a * b
    a = a + b
    return a


def augmented() -> Value:
    a, b = Value(2.0), Value(3.0)
    total = a * b
    total += b
    total -= a
    return total


def swapped() -> Value:
    p, q = Value(2.0), Value(3.0)
    p, q = p + q, p - q
    r = p * q
    return r


def loop() -> Value:
    h = Value(0.5)
    for _ in range(3):
        h = ad.tanh(h)
    return h


def comprehension() -> Value:
    out = Value(0.0)
    for part in [w * 2.0 for w in (Value(1.0), Value(2.0))]:
        out = out + part
    return out


def several_lines() -> Value:
    left, right = Value(2.0), Value(3.0)
    both = (
        left
        * right
        + left / right
    )  # fmt: skip
    return both


def same_operation_twice_on_a_line() -> Value:
    u, v, w = Value(1.0), Value(2.0), Value(3.0)
    s, t = u * v, v * w; z = s * t  # noqa: E702 # fmt: skip
    return z


def inner_function() -> Value:
    def scale(p: Any, q: Any) -> Any:
        r = p * q
        return r

    one, two = Value(1.0), Value(2.0)
    x = scale(one, two)
    y = scale(x, two)
    return y


def recursive(depth: int = 3) -> Value:
    if depth == 0:
        base = Value(2.0)
        return base
    below = recursive(depth - 1)
    square = below * below
    return square


def anonymous() -> Value:
    f: Callable[[Any], Any] = lambda v: v * v  # noqa: E731
    k = Value(3.0)
    m = f(k)
    return m


def chosen() -> Value:
    a, b = Value(2.0), Value(3.0)
    c = a * b if a.data > 1 else a + b
    d = a - b and c
    return c * (e := a + b) + d  # noqa: F841


def taken_apart() -> Tensor:
    t = Tensor(np.ones((4, 2)), requires_grad=True)
    parts = ad.split(t, 2)
    first = parts[0]
    return ad.sum(first * first)


def several_results() -> Tensor:
    matrix = Tensor(np.array([[2.0, 1.0], [1.0, 3.0]]), requires_grad=True)
    both = ad.linalg.eigh(matrix)
    return ad.sum(both[0])


def module_in_the_place_of_an_operand() -> Tensor:
    t = Tensor(np.ones(3), requires_grad=True)
    return ad.clip(t, 0.0, 2.0)


def attributes() -> Value:
    class Box:
        def __init__(self) -> None:
            self.weight = Value(2.0)

        def run(self, x: Any) -> Any:
            self.out = self.weight * x
            return self.out

    box = Box()
    x = Value(1.0)
    return box.run(x)


def ends_in_a_digit() -> Value:
    x1 = Value(2.0)
    x1 = x1 * x1
    x1 = ad.tanh(x1)
    return x1


def clashing() -> Value:
    c1 = Value(2.0)
    c = c1 * 3.0
    c = c * c1
    return c


def given_names() -> Value:
    a, b = Value(2.0, name="c"), Value(3.0)
    c = a * b
    return c


def products_of_matrices() -> Tensor:
    data = np.ones((4, 3))
    Wq = Tensor(np.ones((3, 2)), requires_grad=True)  # noqa: N806
    bq = Tensor(np.ones(2), requires_grad=True)
    queries = data @ Wq + bq
    loss = ad.mean(queries**2)
    return loss


def constants_of_one_value() -> Value:
    n, x = 2.0, Value(3.0)
    y = n * x
    z = 2.0 * y
    return z


def several_returned() -> Tensor:
    image = Tensor(np.arange(16.0).reshape(1, 1, 4, 4), requires_grad=True)
    pair = ad.max_pool2d(image, 2, return_indices=True)
    return ad.sum(pair[0])


def names_of_two_callers() -> Value:
    def twice(given: Any) -> Any:
        return given + given

    one = Value(1.0)
    first = one * 3.0
    both = twice(first)
    other = twice(one)
    return both * other


def annotated_and_generated() -> Value:
    a, b = Value(1.0), Value(2.0)
    total: Any = sum(part for part in (a * b, a - b))
    scaled: Any = total * a
    return scaled


def written_in_place() -> Tensor:
    x = Tensor(np.ones(3), requires_grad=True)
    y = x * 2.0
    y += x
    y = y.at[0].set(5.0)
    y -= 1.0
    return ad.sum(y)


def through_numpy() -> Tensor:
    x = Tensor(np.ones(3), requires_grad=True)
    data = np.arange(3.0)
    y = np.exp(x)
    z = data * y
    s = np.sum(z)
    return s
