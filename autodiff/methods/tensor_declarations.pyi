"""Declarations of the operators and methods of `Tensor`, for editors and type checkers.

At run time each is the namespace's function itself, put in place by
`autodiff.methods.install`, so nothing is written twice and an operator costs no extra call.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Self

import numpy.typing as npt

from autodiff.functions.indexing.indexing import At
from autodiff.graph.node import Node
from autodiff.methods.node_declarations import NumberMethods
from autodiff.tensors.tensor import Tensor
from autodiff.typing import Array, Axis, TensorLike

__all__ = ["TensorMethods"]

class TensorMethods(Node, NumberMethods):
    """The operators and methods that a `Tensor` has from the namespace."""

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any: ...
    def __add__(self, other: TensorLike) -> Tensor: ...
    def __radd__(self, other: TensorLike) -> Tensor: ...
    def __sub__(self, other: TensorLike) -> Tensor: ...
    def __rsub__(self, other: TensorLike) -> Tensor: ...
    def __mul__(self, other: TensorLike) -> Tensor: ...
    def __rmul__(self, other: TensorLike) -> Tensor: ...
    def __truediv__(self, other: TensorLike) -> Tensor: ...
    def __rtruediv__(self, other: TensorLike) -> Tensor: ...
    def __floordiv__(self, other: TensorLike) -> Tensor: ...
    def __rfloordiv__(self, other: TensorLike) -> Tensor: ...
    def __mod__(self, other: TensorLike) -> Tensor: ...
    def __rmod__(self, other: TensorLike) -> Tensor: ...
    def __pow__(self, other: TensorLike) -> Tensor: ...
    def __rpow__(self, other: TensorLike) -> Tensor: ...
    def __matmul__(self, other: TensorLike) -> Tensor: ...
    def __rmatmul__(self, other: TensorLike) -> Tensor: ...
    def __iadd__(self, other: TensorLike) -> Self: ...
    def __isub__(self, other: TensorLike) -> Self: ...
    def __imul__(self, other: TensorLike) -> Self: ...
    def __itruediv__(self, other: TensorLike) -> Self: ...
    def __ifloordiv__(self, other: TensorLike) -> Self: ...
    def __imod__(self, other: TensorLike) -> Self: ...
    def __ipow__(self, other: TensorLike) -> Self: ...
    def __imatmul__(self, other: TensorLike) -> Self: ...
    def __neg__(self) -> Tensor: ...
    def __pos__(self) -> Tensor: ...
    def __abs__(self) -> Tensor: ...
    def __getitem__(self, index: Any) -> Tensor: ...
    def __setitem__(self, index: Any, value: TensorLike) -> None: ...
    def __len__(self) -> int: ...
    def __bool__(self) -> bool: ...
    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> Array: ...
    def __iter__(self) -> Iterator[Tensor]: ...
    def __and__(self, other: TensorLike) -> Tensor: ...
    def __rand__(self, other: TensorLike) -> Tensor: ...
    def __or__(self, other: TensorLike) -> Tensor: ...
    def __ror__(self, other: TensorLike) -> Tensor: ...
    def __xor__(self, other: TensorLike) -> Tensor: ...
    def __rxor__(self, other: TensorLike) -> Tensor: ...
    def __lshift__(self, other: TensorLike) -> Tensor: ...
    def __rlshift__(self, other: TensorLike) -> Tensor: ...
    def __rshift__(self, other: TensorLike) -> Tensor: ...
    def __rrshift__(self, other: TensorLike) -> Tensor: ...
    def __invert__(self) -> Tensor: ...
    def __lt__(self, other: TensorLike) -> Tensor: ...
    def __le__(self, other: TensorLike) -> Tensor: ...
    def __gt__(self, other: TensorLike) -> Tensor: ...
    def __ge__(self, other: TensorLike) -> Tensor: ...
    def sum(
        self,
        axis: Axis = None,
        keepdims: bool = False,
        *,
        dtype: npt.DTypeLike | None = None,
        initial: TensorLike | None = None,
        where: npt.ArrayLike | None = None,
    ) -> Tensor:
        """Sum of elements.

        Derivative: of the result's gradient g, x receives g repeated along the axes summed over.
        """
    def mean(
        self,
        axis: Axis = None,
        keepdims: bool = False,
        *,
        dtype: npt.DTypeLike | None = None,
        where: npt.ArrayLike | None = None,
    ) -> Tensor:
        """Arithmetic mean of elements; parameters as for `sum`.

        Derivative: of the result's gradient g, x receives g / n, with n elements to each mean.
        """
    def var(
        self,
        axis: Axis = None,
        correction: float = 0,
        keepdims: bool = False,
        *,
        ddof: float | None = None,
        dtype: npt.DTypeLike | None = None,
        where: npt.ArrayLike | None = None,
    ) -> Tensor:
        """Variance of elements.

        Derivative: of the result's gradient g, x receives 2 · g ⊙ (x − mean(x)) / (n − correction).
        """
    def std(
        self,
        axis: Axis = None,
        correction: float = 0,
        keepdims: bool = False,
        *,
        ddof: float | None = None,
        dtype: npt.DTypeLike | None = None,
        where: npt.ArrayLike | None = None,
    ) -> Tensor:
        """Standard deviation of elements; its gradient is 0 where it is 0. See `var`.

        Derivative: of the gradient g of the result y, x receives g ⊙ (x − mean(x)) / ((n −
        correction) · y). Where all elements are equal the gradient is 0.
        """
    def max(
        self,
        axis: Axis = None,
        keepdims: bool = False,
        *,
        initial: TensorLike | None = None,
        where: npt.ArrayLike | None = None,
    ) -> Tensor:
        """Largest element; equal largest ones share the gradient. Parameters as for `sum`.

        Derivative: of the gradient g of the result y, x receives g where x = y. Equal ones share
        it.
        """
    def min(
        self,
        axis: Axis = None,
        keepdims: bool = False,
        *,
        initial: TensorLike | None = None,
        where: npt.ArrayLike | None = None,
    ) -> Tensor:
        """Smallest element; equal smallest ones share the gradient. Parameters as for `max`.

        Derivative: of the gradient g of the result y, x receives g where x = y. Equal ones share
        it.
        """
    def prod(
        self,
        axis: Axis = None,
        keepdims: bool = False,
        *,
        dtype: npt.DTypeLike | None = None,
        initial: TensorLike | None = None,
        where: npt.ArrayLike | None = None,
    ) -> Tensor:
        """Product of elements, its gradient exact also at zeros. Parameters as for `sum`.

        Derivative: of the result's gradient g, x receives g ⊙ the product of the other elements.
        """
    def cumsum(self, axis: int | None = None, *, dtype: npt.DTypeLike | None = None) -> Tensor:
        """Running sum.

        Derivative: of the result's gradient g, x receives the sums of g from the end.
        """
    def logsumexp(
        self, axis: Axis = None, keepdims: bool = False, *, b: TensorLike | None = None
    ) -> Tensor:
        """Logarithm of the sum of exponentials, without overflow. Parameters as for `sum`.

        Derivative: of the result's gradient g, x receives g ⊙ softmax(x). Where all are -inf the
        gradient is 0, and those that are inf share it equally.
        """
    def softmax(self, axis: Axis = -1, *, where: npt.ArrayLike | None = None) -> Tensor:
        """Exponentials divided by their sum along an axis.

        Derivative: of the gradient g of the result y, x receives y ⊙ (g − Σ(g ⊙ y)).
        """
    def log_softmax(self, axis: Axis = -1, *, where: npt.ArrayLike | None = None) -> Tensor:
        """Logarithm of the `softmax`, without overflow; −∞ for what takes no part.

        Derivative: of the gradient g of the result y, x receives g − p ⊙ Σ(g), with p = exp(y).
        """
    def argmax(self, axis: int | None = None, keepdims: bool = False) -> Tensor:
        """Place of the largest element, the first of equal ones; carries no gradient."""
    def argmin(self, axis: int | None = None, keepdims: bool = False) -> Tensor:
        """Place of the smallest element, the first of equal ones; carries no gradient."""
    def any(
        self, axis: Axis = None, keepdims: bool = False, *, where: npt.ArrayLike | None = None
    ) -> Tensor:
        """Whether any element is true, of those where ``where`` holds; carries no gradient."""
    def all(
        self, axis: Axis = None, keepdims: bool = False, *, where: npt.ArrayLike | None = None
    ) -> Tensor:
        """Whether all elements are true, of those where ``where`` holds; carries no gradient."""
    def reshape(self, *shape: int | Sequence[int], copy: bool | None = None) -> Tensor:
        """The elements in C order under another shape.

        Derivative: of the result's gradient g, x receives g in the shape of x.
        """
    def transpose(self, *axes: int | Sequence[int] | None) -> Tensor:
        """Axes in another order.

        Derivative: of the result's gradient g, x receives g with its axes back in the order of x.
        """
    def ravel(self) -> Tensor:
        """All elements along one axis.

        Derivative: of the result's gradient g, x receives g in the shape of x.
        """
    def flatten(self, start_dim: int = 0, end_dim: int = -1) -> Tensor:
        """The axes from one to another as a single one; all of them by default."""
    def swapaxes(self, axis1: int, axis2: int) -> Tensor:
        """Two axes exchanged.

        Derivative: of the result's gradient g, x receives g with its axes back in the order of x.
        """
    def squeeze(self, axis: Axis = None) -> Tensor:
        """Axes of length 1 removed, all of them or those given.

        Derivative: of the result's gradient g, x receives g in the shape of x.
        """
    def astype(
        self, dtype: npt.DTypeLike, *, copy: bool = True, device: str | None = None
    ) -> Tensor:
        """The elements in another type; a gradient passes between floating types only.

        Derivative: of the result's gradient g, x receives g in the type of x.
        """
    def to_device(self, device: str, /, *, stream: None = None) -> Tensor:
        """The tensor itself, as there is one device, ``"cpu"``; any other is refused."""
    def __array_namespace__(self, *, api_version: str | None = None) -> Any: ...
    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[Any, int] | None = None,
        copy: bool | None = None,
    ) -> Any: ...
    def __dlpack_device__(self) -> Any: ...
    def argpartition(self, kth: int | Sequence[int], axis: int | None = -1) -> Tensor:
        """Places that partition an operand; carries no gradient. Parameters as for `partition`."""
    def argsort(
        self,
        axis: int | None = -1,
        kind: str | None = None,
        *,
        descending: bool = False,
        stable: bool | None = True,
    ) -> Tensor:
        """Places that sort an operand; carries no gradient. Parameters as for `sort`."""
    def choose(self, choices: TensorLike | Sequence[TensorLike], *, mode: str = "raise") -> Tensor:
        """From several tensors the elements that an array of numbers names."""
    def compress(self, condition: npt.ArrayLike, axis: int | None = None) -> Tensor:
        """What `autodiff.compress` gives for this tensor."""
    def conj(self) -> Tensor:
        """Complex conjugate; also called `conj`.

        Derivative: of the result's gradient g, z receives conj(g).
        """
    def conjugate(self) -> Tensor:
        """Complex conjugate; also called `conj`.

        Derivative: of the result's gradient g, z receives conj(g).
        """
    def copy(self, order: str = "C") -> Tensor:
        """The same numbers as a node of their own, through which gradients pass."""
    def cumprod(self, axis: int | None = None, *, dtype: npt.DTypeLike | None = None) -> Tensor:
        """Running product, its derivatives of every order exact also at zeros.

        Derivative: of the result's gradient g, x receives the sum of g_i times the product of the
        others up to i, for i from its own on.
        """
    def diagonal(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
        """Elements whose places along two axes differ by an offset."""
    def nonzero(self) -> tuple[Tensor, ...]:
        """The places of elements that are not 0, in C order; carries no gradient."""
    def partition(self, kth: int | Sequence[int], axis: int | None = -1) -> Tensor:
        """Elements with the kth smallest in its place, smaller ones before, larger after it.

        Derivative: of the result's gradient g, x receives g at the places where the elements came
        from. Of equal elements each gets the gradient of one place.
        """
    def ptp(self, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
        """Largest less smallest element; equal ones share the gradient."""
    def repeat(self, repeats: int | npt.ArrayLike, axis: int | None = None) -> Tensor:
        """Each element several times, one after the other."""
    def round(self, decimals: int = 0) -> Tensor:
        """The nearest number of so many decimals, halves to the even one; its derivative is 0."""
    def searchsorted(
        self, v: TensorLike, side: str = "left", sorter: npt.ArrayLike | None = None
    ) -> Tensor:
        """Where values belong in a sorted row; carries no gradient."""
    def sort(
        self,
        axis: int | None = -1,
        kind: str | None = None,
        *,
        descending: bool = False,
        stable: bool | None = True,
    ) -> Tensor:
        """Elements in order along an axis; each gets the gradient of its new place.

        Derivative: of the result's gradient g, x receives g at the places where the elements came
        from. Equal elements count as rising in their order, and each gets the gradient of one
        place.
        """
    def take(
        self, indices: npt.ArrayLike, axis: int | None = None, *, mode: str = "raise"
    ) -> Tensor:
        """Elements at places along an axis; those taken twice get both gradients."""
    @property
    def real(self) -> Tensor:
        """The real parts."""
    @property
    def imag(self) -> Tensor:
        """The imaginary parts."""
    @property
    def itemsize(self) -> int:
        """How many bytes one number takes."""
    @property
    def nbytes(self) -> int:
        """How many bytes the numbers take."""
    def dot(self, b: TensorLike, bias: TensorLike | None = None) -> Tensor:
        """Inner product; of sequences of Values one node, w·x + b, as a neuron computes it."""
    def clip(self, min: TensorLike | None = None, max: TensorLike | None = None) -> Tensor:
        """The first operand limited to the interval of the other two.

        ∂clip(x, low, high)/∂x = 1 if (x > low) and (x < high), else 0.
        ∂clip(x, low, high)/∂low = 1 if (x < low) and (low < high), else 0.
        ∂clip(x, low, high)/∂high = 1 if (x > high) or (low ≥ high), else 0.
        """
    def exp(self) -> Tensor:
        """The exponential function. d exp(x)/dx = exp(x)."""
    def log(self) -> Tensor:
        """Natural logarithm. d log(x)/dx = 1 / x."""
    def sqrt(self) -> Tensor:
        """Square root. d √x/dx = 0.5 / √x."""
    def abs(self) -> Tensor:
        """Absolute value; derivative 0 at 0. d |x|/dx = sign(x)."""
    def sin(self) -> Tensor:
        """Sine. d sin(x)/dx = cos(x)."""
    def cos(self) -> Tensor:
        """Cosine. d cos(x)/dx = −sin(x)."""
    def tanh(self) -> Tensor:
        """Hyperbolic tangent. d tanh(x)/dx = 1 − tanh(x)²."""
    def sigmoid(self) -> Tensor:
        """Logistic function 1 / (1 + exp(-x)); its derivative never exceeds 1/4.

        d σ(x)/dx = σ(x) · (1 − σ(x)).
        """
    def relu(self) -> Tensor:
        """max(x, 0); derivative 0 at 0. d ReLU(x)/dx = 1 if x > 0, else 0."""
    @property
    def device(self) -> str:
        """Where the numbers are: always ``"cpu"``."""
    @property
    def T(self) -> Tensor:
        """The tensor with its axes in the opposite order."""
    @property
    def mT(self) -> Tensor:
        """The tensor with its last two axes exchanged."""
    @property
    def at(self) -> At:
        """Places for a functional update: ``x.at[index].set(v)`` gives a changed copy."""
