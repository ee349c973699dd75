"""PyTorch's methods in place, for the tensors that belong to a module.

What an operation gave keeps its numbers while a graph lives; a parameter or buffer is a leaf, to
which an update may be given after the backward pass.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self, TypeVar

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import NonDifferentiableError, ShapeError
from autodiff.extending import raw

__all__ = ["InPlace"]

T = TypeVar("T", bound="InPlace")


class InPlace(Tensor):
    """A leaf whose numbers may be changed: a buffer's always, a parameter's within `no_grad`.

    All methods give the tensor back, keep its shape and dtype, and work in compiled steps.
    They raise `NonDifferentiableError` where a gradient would be lost, TypeError for numbers that
    the dtype cannot keep, and `ShapeError` for another shape.

    Example:
        >>> import nn
        >>> mean = nn.Buffer([1.0, 2.0])
        >>> mean.mul_(0.5).add_([1.0, 1.0], alpha=2.0).tolist()
        [2.5, 3.0]
    """

    __slots__ = ()

    def copy_(self, src: Any, non_blocking: bool = False) -> Self:
        """Take the numbers of another tensor, in this one's dtype; it may be a smaller shape."""
        return _changed(self, "copy_", lambda x, new: new, src, cast=True)

    def fill_(self, value: Any) -> Self:
        """Set every element to one number."""
        return _changed(self, "fill_", lambda x, new: new, value, cast=True)

    def zero_(self) -> Self:
        """Set every element to 0."""
        return self.fill_(0)

    def add_(self, other: Any, *, alpha: Any = 1) -> Self:
        """Add alpha · other."""
        return _changed(self, "add_", lambda x, v: x + _times(alpha, v), other)

    def sub_(self, other: Any, *, alpha: Any = 1) -> Self:
        """Subtract alpha · other."""
        return _changed(self, "sub_", lambda x, v: x - _times(alpha, v), other)

    def mul_(self, other: Any) -> Self:
        """Multiply by other."""
        return _changed(self, "mul_", lambda x, v: x * v, other)

    def div_(self, other: Any) -> Self:
        """Divide by other."""
        return _changed(self, "div_", lambda x, v: x / v, other)

    def pow_(self, exponent: Any) -> Self:
        """Raise to a power."""
        return _changed(self, "pow_", lambda x, v: x**v, exponent)

    def lerp_(self, end: Any, weight: Any) -> Self:
        """Go the part ``weight`` of the way to ``end``: x + weight · (end − x)."""
        return _changed(self, "lerp_", lambda x, e, w: x + w * (e - x), end, weight)

    def addcmul_(self, tensor1: Any, tensor2: Any, *, value: Any = 1) -> Self:
        """Add value · tensor1 · tensor2."""
        formula: Any = lambda x, a, b: x + _times(value, a) * b  # noqa: E731
        return _changed(self, "addcmul_", formula, tensor1, tensor2)

    def addcdiv_(self, tensor1: Any, tensor2: Any, *, value: Any = 1) -> Self:
        """Add value · tensor1 / tensor2."""
        formula: Any = lambda x, a, b: x + _times(value, a) / b  # noqa: E731
        return _changed(self, "addcdiv_", formula, tensor1, tensor2)

    def clamp_(self, min: Any = None, max: Any = None) -> Self:
        """Bring every element into [min, max]; None for no bound."""
        return _changed(self, "clamp_", lambda x: ad.clip(x, min, max))


def _times(factor: Any, x: Any) -> Any:
    return x if isinstance(factor, int) and factor == 1 else factor * x


def _changed(x: T, name: str, formula: Callable[..., Any], *operands: Any, cast: bool = False) -> T:
    if ad.is_grad_enabled():
        for given in (x, *operands):
            if isinstance(given, Tensor) and given.requires_grad:
                raise _recorded(x, name, given)
    with ad.no_grad():
        given = [v if isinstance(v, Tensor | int | float | complex) else _like(v) for v in operands]
        new = ad.asarray(formula(x, *given))
        if not cast and not np.can_cast(new.dtype, x.dtype, "same_kind"):
            raise TypeError(
                f"{x.describe()} of dtype {x.dtype} cannot keep the {new.dtype} numbers of "
                f"{name}(); assign a new tensor of that dtype"
            )
        if cast:
            try:
                new = ad.broadcast_to(new, x.shape)
            except ValueError:
                raise ShapeError(
                    f"{x.describe()} of shape {x.shape} cannot be given the numbers of something "
                    f"of shape {new.shape} by {name}()"
                ) from None
        x.data = raw(new.astype(x.dtype))
    return x


def _like(given: Any) -> Any:
    return given if hasattr(given, "dtype") else np.asarray(given)


def _recorded(x: Tensor, name: str, given: Tensor) -> NonDifferentiableError:
    if given is x:
        return NonDifferentiableError(
            f"{name}() on {x.describe()}, a leaf that needs a gradient: while operations are "
            "recorded its numbers stay; change it inside `with autodiff.no_grad():`, after "
            "backward()"
        )
    return NonDifferentiableError(
        f"{name}() on {x.describe()} was given {given.describe()}, which carries a gradient that "
        "would be lost; give x.detach(), or call it inside `with autodiff.no_grad():`"
    )
