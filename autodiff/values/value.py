"""`Value`: one Python float as a node of the graph.

A Value keeps, beside its operands, the local derivatives with respect to them, worked
out when it is made. So the backward pass of a scalar graph is a multiplication and an
addition per edge, and no later change of an operand can falsify it. Unary and binary
operations hold operands and derivatives in slots of their own instead of tuples, which
halves the work of Python's garbage collector.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from autodiff.errors import NonDifferentiableError
from autodiff.graph.clock import next_sequence
from autodiff.graph.cuts import note_cut, note_taken
from autodiff.graph.extras import extras_of
from autodiff.graph.node import Node
from autodiff.values.micrograd import leaf_with

if TYPE_CHECKING:
    from autodiff.methods.value_declarations import ValueMethods
    from autodiff.ops.primitive import Primitive
else:
    ValueMethods = Node

__all__ = ["ConstantValue", "Value", "constant_value", "lift", "lift_operand"]


class Value(ValueMethods):
    """A number that remembers how it was computed.

    Args:
        data: the number.
        name: a name for messages and drawings. (``()`` in its place, and ``_op``, as in
            micrograd's ``Value(3.0, (), "+")``, are taken as well.)
        label: the same under micrograd's name.

    Of micrograd there are also ``_prev``, ``_op`` and ``_backward()``. Unlike there, ``grad`` is
    None until a gradient has been computed.

    Raises:
        TypeError: the data is not one real number.

    Example:
        >>> import autodiff as ad
        >>> x = ad.Value(3.0, name="x")
        >>> y = x * x + 2 * x
        >>> y.backward()
        >>> y.data, x.grad
        (15.0, 8.0)
    """

    # The operands and the derivatives by them (of a constant, how it was cut off); whether the
    # graph was released; what a backward pass has added up so far.
    __slots__ = ("_a", "_b", "_da", "_db", "_spent", "_total", "data", "grad")
    requires_grad: bool = True

    op: Primitive | None
    sequence: int
    data: float
    grad: Any
    _grad: Any
    _a: Any
    _b: Any
    _da: Any
    _db: Any
    _spent: Any
    _total: Any
    _code: Any
    _instruction: Any

    def __init__(
        self, data: Any, name: Any = None, _op: str = "", label: str | None = None
    ) -> None:
        self.data = data if data.__class__ is float else _number(data)
        self.grad = None
        self.op = None
        self._a = self._b = self._da = self._db = self._total = None
        self.sequence = next_sequence()
        if name is not None and name.__class__ is not str:
            leaf_with(self, name, _op)
            name = None
        if label is not None:
            if name is not None:
                raise TypeError(f"Value(name={name!r}, label={label!r}): these are one; give one")
            name = label or None
        if name is not None:
            self.name = name

    @property
    def parents(self) -> tuple[Any, ...]:  # type: ignore[override]
        """The operands."""
        a = self._a
        if a is None:
            return ()
        if a.__class__ is tuple:
            return a
        return (a,) if self._b is None else (a, self._b)

    @property
    def params(self) -> dict[str, Any]:
        """Keyword parameters of the operation that made this value."""
        return extras_of(self).get("params", {})

    @property
    def retains_grad(self) -> bool:
        """Whether `backward` keeps this node's gradient: always, for Values."""
        return True

    def local_gradients(self) -> Iterator[tuple[Any, float]]:
        """Operands that need a gradient, each with the local derivative."""
        a = self._a
        if a.__class__ is tuple:
            for operand, partial in zip(a, self._da, strict=True):
                if operand.requires_grad:
                    yield operand, partial
            return
        if a is not None and a.requires_grad:
            yield a, self._da
        b = self._b
        if b is not None and b.requires_grad:
            yield b, self._db

    def zero_grad(self) -> None:
        """Forget the gradient."""
        self.grad = None

    def detach(self) -> Value:
        """The same number as a constant: gradients stop here."""
        node = constant_value(self.data)
        note_cut(node, self, "detach")
        return node

    def item(self) -> float:
        """The number."""
        # Written out, because a number is often asked for: a call would cost as much again.
        number, op = self.data, self.op
        if op is None:
            note_taken(("item", self.sequence, number))
        else:
            note_taken(("item", self.sequence, number, op, self._code, self._instruction))
        return number

    def conjugate(self) -> Value:
        """The number itself, as it is real; NumPy asks for it in ``np.var([x, y])``."""
        return self

    def _twin(self, memo: dict[int, Any]) -> Node:
        twin = type(self).__new__(type(self))
        Value.__init__(twin, self.data, self.name)
        twin.grad = deepcopy(self.grad, memo)
        return twin

    def _release(self) -> None:
        # The numbers stay, so that the graph can still be drawn after the backward pass.
        if self.op is not None:
            self._spent = True

    def __bool__(self) -> bool:
        return bool(self.data)

    def __repr__(self) -> str:
        parts = [f"data={self.data!r}"]
        if self.name is not None:
            parts.append(f"name={self.name!r}")
        if self.grad is not None:
            gradient = self.grad.data if isinstance(self.grad, Value) else self.grad
            parts.append(f"grad={gradient!r}")
        if self.op is not None:
            parts.append(f"op={self.op.name}")
        return f"Value({', '.join(parts)})"


# One slot under two names: that of every node, and the user's, which for a Value has no checks.
setattr(Value, "_grad", Value.__dict__["grad"])  # noqa: B010 - a checker knows slots only


class ConstantValue(Value):
    """A Value without a gradient: a plain number among the operands, or a detached one.

    A class of its own, so that one look at an operand's class tells both that it is a
    Value and that it needs a gradient.
    """

    __slots__ = ()
    requires_grad: bool = False

    def item(self) -> float:
        """The number."""
        return self.data


def _number(data: Any) -> float:
    if isinstance(data, (int, float)):
        return float(data)
    if isinstance(data, Node):
        raise TypeError(
            f"Value(...) was given a {type(data).__name__}; use x.detach() for a copy outside the "
            "graph, or autodiff.values(x) to take a Tensor apart into Values"
        )
    try:
        if getattr(data, "ndim", 0) == 0 and not isinstance(data, (str, bytes, complex)):
            return float(data)
    except (TypeError, ValueError):
        pass
    raise TypeError(f"a Value holds one real number, not {data!r}; use a Tensor for arrays")


_NONE = (
    "an operation on a Value was given None (NoneType); if it is a gradient: one that was never "
    "computed is None, not 0, so call backward() first"
)


def constant_value(data: float) -> Value:
    """A node for a number without a gradient."""
    node: Any = ConstantValue.__new__(ConstantValue)
    node.data = data
    node.grad = None
    node.op = None
    node._a = node._b = node._da = node._db = node._total = None
    node.sequence = next_sequence()
    return node  # type: ignore[no-any-return]


class _Constants(dict[float, Value]):
    """Numbers met as operands, as constant nodes that graphs share."""

    def __missing__(self, number: float) -> Value:
        node = constant_value(float(number))
        # Zeros have two signs under one key and NaN has no equal: neither is kept.
        if number and number == number and len(self) < 4096:
            self[number] = node
        return node


_constants = _Constants()


def lift(x: Any) -> Value:
    """A number as a constant node.

    Args:
        x: an int, a float, or a NumPy number.

    Returns:
        A `Value` that needs no gradient.

    Raises:
        NonDifferentiableError: ``x`` is not a real number.
    """
    if x.__class__ is float or x.__class__ is int:
        return _constants[x]
    if isinstance(x, Value):
        return x
    try:
        return _constants[_number(x)]
    except TypeError:
        raise NonDifferentiableError(
            f"an operation on Values was given {x!r}, a {type(x).__name__}; "
            "give Values and real numbers, or use Tensors for arrays"
        ) from None


def lift_operand(x: Any) -> Any:
    """A number as a constant node; NotImplemented for what is no number, as operators need."""
    if x.__class__ is float or x.__class__ is int:
        return _constants[x]
    if x is None:
        raise TypeError(_NONE)
    try:
        return _constants[_number(x)]
    except TypeError:
        return NotImplemented
