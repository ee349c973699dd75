"""Two copies of a training step, one ordinary and one compiled, held against each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import autodiff as ad
from autodiff.compiler.trees import flatten

__all__ = ["Twins", "assert_same"]

Step = Callable[..., Any]
Build = Callable[[], tuple[Step, Sequence[ad.Tensor]]]


def _array(x: Any) -> Any:
    # What NumPy gives as a single number comes back from a compiled step as an array.
    return x.data if isinstance(x, ad.Tensor) else np.asarray(x) if isinstance(x, np.generic) else x


def assert_same(a: Any, b: Any) -> None:
    """Check that two results, or nestings of them, are the same to the last bit."""
    left, right = flatten(a), flatten(b)
    assert len(left) == len(right)
    for x, y in zip(map(_array, left), map(_array, right), strict=True):
        if isinstance(x, np.ndarray):
            assert isinstance(y, np.ndarray)
            assert (x.dtype, x.shape) == (y.dtype, y.shape)
            np.testing.assert_array_equal(x, y)
        else:
            assert type(x) is type(y)
            assert x == y


class Twins:
    """The same step built twice from the same seed.

    Args:
        build: returns a step and the tensors that it changes.
    """

    def __init__(self, build: Build) -> None:
        ad.random.seed(3)
        self.eager, self.eager_tensors = build()
        ad.random.seed(3)
        step, self.tensors = build()
        self.compiled = ad.compile(step)

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Run both on the same arguments and compare results, data and gradients."""
        expected = self.eager(*args, **kwargs)
        found = self.compiled(*args, **kwargs)
        assert_same(expected, found)
        self.compare()
        return found

    def compare(self) -> None:
        """Compare the tensors of both and their gradients."""
        for a, b in zip(self.eager_tensors, self.tensors, strict=True):
            assert_same(a, b)
            assert (a.grad is None) == (b.grad is None)
            if a.grad is not None:
                assert_same(a.grad, b.grad)
