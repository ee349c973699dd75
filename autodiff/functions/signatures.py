"""The public functions of elementwise primitives, as editors and type checkers see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, overload

from autodiff.tensors.operations import elementwise_function, named

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from autodiff.ops.primitive import Elementwise
    from autodiff.tensors.tensor import Tensor
    from autodiff.typing import TensorLike
    from autodiff.values.value import Value

__all__ = ["Binary", "Parametric", "Ternary", "Unary", "binary", "parametric", "ternary", "unary"]


class Unary(Protocol):
    """A function of one operand: a Value for a Value, else a Tensor."""

    __name__: str

    @overload
    def __call__(self, input: Value) -> Value: ...
    @overload
    def __call__(self, input: Tensor | ArrayLike) -> Tensor: ...


class Parametric(Protocol):
    """A function of one operand that has parameters beside it."""

    __name__: str

    @overload
    def __call__(self, x: Value, /, *parameters: float, **named: float) -> Value: ...
    @overload
    def __call__(self, x: Tensor | ArrayLike, /, *parameters: float, **named: float) -> Tensor: ...


class Binary(Protocol):
    """A function of two operands: a Value of Values and numbers, else a Tensor."""

    __name__: str

    @overload
    def __call__(self, input: Value, other: Value | float) -> Value: ...
    @overload
    def __call__(self, input: float, other: Value) -> Value: ...
    @overload
    def __call__(self, input: Tensor | ArrayLike, other: Tensor | ArrayLike) -> Tensor: ...
    @overload
    def __call__(self, input: Tensor, other: Value) -> Tensor: ...
    @overload
    def __call__(self, input: Value, other: Tensor) -> Tensor: ...


class Ternary(Protocol):
    """A function of three operands: a Value of Values and numbers, else a Tensor.

    With one, the condition of `autodiff.where`, the places at which it holds.
    """

    __name__: str

    @overload
    def __call__(self, a: TensorLike, /) -> tuple[Tensor, ...]: ...
    @overload
    def __call__(self, condition: Value | float, input: Value, other: Value | float) -> Value: ...
    @overload
    def __call__(self, condition: Value | float, input: float, other: Value) -> Value: ...
    @overload
    def __call__(self, condition: Value, input: float, other: float) -> Value: ...
    @overload
    def __call__(
        self,
        condition: Tensor | ArrayLike,
        input: Tensor | ArrayLike,
        other: Tensor | ArrayLike,
    ) -> Tensor: ...
    @overload
    def __call__(self, condition: Tensor, input: TensorLike, other: TensorLike) -> Tensor: ...
    @overload
    def __call__(self, condition: TensorLike, input: Tensor, other: TensorLike) -> Tensor: ...
    @overload
    def __call__(self, condition: TensorLike, input: TensorLike, other: Tensor) -> Tensor: ...


def unary(entry: Elementwise, on_complex: Callable[[Any], Any] | None = None) -> Unary:
    """See `elementwise_function`."""
    return elementwise_function(entry, on_complex)


def parametric(entry: Elementwise) -> Parametric:
    """See `elementwise_function`."""
    return elementwise_function(entry)


def binary(entry: Elementwise) -> Binary:
    """See `elementwise_function`."""
    return elementwise_function(entry)


def ternary(entry: Elementwise, function: Callable[..., Any] | None = None) -> Ternary:
    """See `elementwise_function`; or a function of one's own in its place."""
    return elementwise_function(entry) if function is None else named(entry, function)
