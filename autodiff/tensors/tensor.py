"""`Tensor`: an n-dimensional array as a node of the graph."""

from __future__ import annotations

import warnings
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from autodiff.backends.kinds import is_array, is_stand_in
from autodiff.dtypes import as_array
from autodiff.errors import BatchingError, NonDifferentiableError, ShapeError
from autodiff.graph.clock import next_sequence
from autodiff.graph.cuts import note_cut, note_departure, note_taken
from autodiff.graph.extras import extras_of, own_extras
from autodiff.graph.node import Node, holds_nodes
from autodiff.graph.order import FREED
from autodiff.graph.origin import user_frame
from autodiff.graph.recomputing import changed_before
from autodiff.graph.staleness import mark_changed
from autodiff.graph.switches import Use
from autodiff.tensors.leaf_array import hand_out, is_handed_out
from autodiff.tensors.result_array import HANDED_OUT, note_copied, show

if TYPE_CHECKING:
    from autodiff.methods.tensor_declarations import TensorMethods
    from autodiff.ops.primitive import Primitive
else:
    TensorMethods = Node

__all__ = ["Tensor"]

_NO_PARAMS: dict[str, Any] = {}


class Tensor(TensorMethods):
    """An array that remembers how it was computed.

    Args:
        data: an array (copied, its dtype kept), a number, or nested lists (floats become
            the default dtype, float64 unless set otherwise).
        dtype: the dtype wanted.
        requires_grad: whether `backward` shall compute its gradient.
        name: a name for messages and drawings.

    Raises:
        TypeError: the data is not numeric.
        NonDifferentiableError: a gradient is wanted of integers or booleans.

    Example:
        >>> import autodiff as ad
        >>> x = ad.Tensor([1.0, 2.0, 3.0], requires_grad=True)
        >>> (x * x).sum().backward()
        >>> x.grad
        array([2., 4., 6.])
    """

    __slots__ = (
        "_changed",
        "_cut",
        "_data",
        "_grad",
        "_params",
        "_result_of",
        "_spent",
        "parents",
        "requires_grad",
    )

    op: Primitive | None
    parents: tuple[Node, ...]
    requires_grad: bool
    sequence: int
    _cut: Any
    _data: Any
    _grad: Any
    _result_of: Any
    _spent: Any

    def __init__(
        self,
        data: Any,
        dtype: npt.DTypeLike | None = None,
        requires_grad: bool = False,
        name: str | None = None,
    ) -> None:
        if isinstance(data, Node):
            raise TypeError(
                f"Tensor(...) was given a {type(data).__name__}; "
                "use x.detach() for a copy outside the graph, or stack Values with autodiff.stack"
            )
        if holds_nodes(data):
            raise TypeError(
                "Tensor(...) was given a list of Tensors or Values, whose gradients would be lost; "
                "use autodiff.stack"
            )
        array = as_array(data, dtype)
        if requires_grad:
            _check_differentiable(array.dtype)
        self._data = array
        self._grad = None
        self.op = None
        self.parents = ()
        self.requires_grad = bool(requires_grad)
        self.sequence = next_sequence()
        if data.__class__ in HANDED_OUT:
            note_copied(self, data)
        if name is not None:
            self.name = name
        elif requires_grad:
            # For messages: constants are too many, and seldom spoken of.
            frame = user_frame(2)
            self._code, self._instruction = frame.f_code, frame.f_lasti

    @property
    def data(self) -> Any:
        """The array. That of an operation's result is read-only.

        Assigning sets new data of the same shape. A leaf's array may also be written into, by
        items (``x.data[0] = 1``), operators (``x.data -= v``) or ``out=x.data``. Either is noticed:
        gradients that need the old data are then refused. Else it is read-only.
        """
        if not is_array(self._data):
            return self._data
        return hand_out(self) if self.op is None else show(self)

    @data.setter
    def data(self, data: Any) -> None:
        if changed_before(self):
            return
        if data is not self._data and not is_handed_out(data, self):
            array = as_array(data, self._data.dtype)
            if array.shape != self._data.shape:
                raise ShapeError(
                    f"data of shape {array.shape} was assigned to {self.describe()} of shape "
                    f"{self._data.shape}; give data of that shape or make a new Tensor"
                )
            if is_stand_in(array) and self.sequence < array.interpreter.start:
                raise BatchingError(
                    f"within vmap {self.describe()}, which is the same for all examples, was to "
                    "be given other numbers by each; return them instead"
                )
            self._data = array
        mark_changed(self)

    @property
    def grad(self) -> Any:
        """The gradient after `backward`: an array of this shape and dtype, or None."""
        if self._grad is None and self.op is not None and not self.retains_grad:
            warnings.warn(
                f"the gradient of {self.describe()} is not kept, because it is not a leaf; "
                "call its retain_grad() before backward()",
                stacklevel=2,
            )
        return self._grad

    @grad.setter
    def grad(self, gradient: Any) -> None:
        if gradient is not None and not isinstance(gradient, Node):
            gradient = as_array(gradient, self._data.dtype, copy=False)
            if gradient.shape != self._data.shape:
                raise ShapeError(
                    f"a gradient of shape {gradient.shape} was assigned to {self.describe()} "
                    f"of shape {self._data.shape}"
                )
        self._grad = gradient

    @property
    def params(self) -> dict[str, Any]:
        """Keyword parameters of the operation that made this tensor."""
        params: dict[str, Any] = getattr(self, "_params", _NO_PARAMS)
        return params

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis."""
        shape: tuple[int, ...] = self._data.shape
        return shape

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self._data.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        return int(self._data.size)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the elements."""
        dtype: np.dtype[Any] = self._data.dtype
        return dtype

    @property
    def retains_grad(self) -> bool:
        """Whether `backward` keeps this node's gradient although it is not a leaf."""
        return "retained" in extras_of(self)

    def retain_grad(self) -> None:
        """Ask `backward` to keep this node's gradient."""
        own_extras(self)["retained"] = Use()

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Switch on or off whether this leaf gets a gradient; returns the tensor."""
        if self.op is not None:
            raise NonDifferentiableError(
                f"requires_grad_() was called on {self.describe()}; only leaves can be "
                "switched: use x.detach().requires_grad_() for a new leaf"
            )
        if requires_grad:
            _check_differentiable(self._data.dtype)
        self.requires_grad = requires_grad
        return self

    def cast_(self, dtype: npt.DTypeLike) -> Self:
        """Change the dtype of this leaf's data, keeping the tensor; forgets the gradient.

        Example:
            >>> import autodiff as ad
            >>> ad.Tensor([1.5]).cast_("float32").dtype
            dtype('float32')
        """
        if self.op is not None:
            raise NonDifferentiableError(
                f"cast_() was called on {self.describe()}; only leaves can be changed: use "
                "x.astype(dtype) for a new node"
            )
        wanted = np.dtype(dtype)
        if self.requires_grad:
            _check_differentiable(wanted)
        self._data = self._data.astype(wanted)
        self._grad = None
        mark_changed(self)
        return self

    def zero_grad(self) -> None:
        """Forget the gradient."""
        self._grad = None

    def detach(self) -> Tensor:
        """The same numbers as a constant: gradients stop here. The array is copied."""
        node = Tensor(self._data)
        note_cut(node, self, "detach")
        return node

    def item(self) -> Any:
        """The only element as a Python number.

        Raises:
            ShapeError: there is not exactly one element.
        """
        if self._data.size != 1:
            raise ShapeError(
                f"item() needs a single element, but the tensor has shape {self.shape}; "
                "index it or reduce it first"
            )
        number = self._data.item()
        if self.requires_grad:
            # Written out, because a number is often asked for: a call would cost as much again.
            op = self.op
            if op is None:
                note_taken(("item", self.sequence, number))
            else:
                note_taken(("item", self.sequence, number, op, self._code, self._instruction))
        return number

    def numpy(self) -> Any:
        """A copy of the data as a NumPy array."""
        if self.requires_grad:
            note_departure(self, "numpy")
        return np.array(self._data)

    def tolist(self) -> Any:
        """The data as nested Python lists."""
        return self._data.tolist()

    def _twin(self, memo: dict[int, Any]) -> Node:
        twin = type(self).__new__(type(self))
        Tensor.__init__(twin, self._data, None, self.requires_grad, self.name)
        twin._grad = deepcopy(self._grad, memo)
        own = getattr(self, "__dict__", None)
        if own:
            twin.__dict__.update(deepcopy(own, memo))
        return twin

    def _release(self) -> None:
        if self.op is not None:
            self.parents = FREED


def _check_differentiable(dtype: np.dtype[Any]) -> None:
    if dtype.kind not in "fc":
        raise NonDifferentiableError(
            f"requires_grad=True needs floating-point data, but the dtype is {dtype}; "
            "give floats, or dtype=numpy.float64"
        )
