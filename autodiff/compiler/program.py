"""A recorded program: array calls in the order in which they ran."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array
from autodiff.compiler.instructions import Instruction
from autodiff.compiler.step_parts import UNKNOWN, Part

__all__ = ["Call", "Gradient", "Program", "Variable", "axis_order"]


def axis_order(array: Any) -> tuple[int, ...] | None:
    """The axes from the outermost to the innermost in memory; None if they lie in order."""
    if array.flags.c_contiguous:
        return None
    strides = array.strides
    order = tuple(sorted(range(array.ndim), key=lambda i: -abs(strides[i])))
    return None if order == tuple(range(array.ndim)) else order


@dataclass(eq=False, slots=True)
class Variable:
    """One array of the program.

    Attributes:
        kind: ``"argument"``, ``"state"`` (data of a lasting tensor), ``"gradient"`` (one
            that a lasting tensor has before the step), ``"live"`` (a number read anew at
            every call), ``"constant"``, ``"generator"`` (a source of random numbers) or
            ``"temp"``.
        shape: its shape.
        dtype: its dtype.
        name: how it would like to be called in the source.
        bases: the variables in whose memory it lies or may lie.
        own: it may lie in memory of its own.
        source: where its array comes from: the tensor it belongs to, the mapping and key
            of a live number, or the constant or generator itself.
        order: its axes from the outermost to the innermost in memory, None if in order.
        remark: what the source says of it beside its name.
        strides: of the array it was recorded with, if that came from outside.
    """

    kind: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    name: str = ""
    bases: tuple[Variable, ...] = ()
    own: bool = True
    source: Any = None
    order: tuple[int, ...] | None = None
    remark: str = ""
    strides: tuple[int, ...] = ()

    def stands_for(self, array: Any) -> bool:
        """Whether another array from outside can take the place of the recorded one."""
        return (
            is_array(array)
            and array.strides == self.strides
            and array.shape == self.shape
            and array.dtype == self.dtype
        )

    def owners(self) -> frozenset[Variable]:
        """The variables whose memory this one may lie in, itself among them if it has its own."""
        if not self.bases:
            return frozenset((self,))
        found = frozenset().union(*(base.owners() for base in self.bases))
        return found | {self} if self.own else found

    @property
    def layout(self) -> tuple[Any, ...]:
        """What two arrays must share to use the same memory."""
        return self.shape, self.dtype, self.order

    @property
    def never_changes(self) -> bool:
        """Whether its numbers are the same in every call for certain."""
        return self.kind == "constant" and not self.source.flags.writeable

    @property
    def is_outside(self) -> bool:
        """Whether its memory is there before the step, where others may write too."""
        return self.kind not in ("temp", "live", "generator") and not self.never_changes


@dataclass(eq=False, slots=True)
class Call:
    """One call of the program.

    Attributes:
        function: the row of the function that is called.
        args: positional arguments; variables, numbers, or tuples of them.
        kwargs: keyword arguments.
        result: the variable that holds the result.
        target: what is written: ``"new"`` (a fresh array), ``"out"`` (into the existing
            variable ``result``), ``"view"`` (a view of the first argument), ``"maybe"``
            (a fresh array, or the memory of arguments, which are the bases of the result).
        takes_out: the function accepts ``out=`` here.
        part: of the step, to which it belongs.
    """

    function: Instruction
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    result: Variable
    target: str = "new"
    takes_out: bool = False
    part: Part = UNKNOWN

    def reads(self) -> list[Variable]:
        """The variables among the arguments."""
        found: list[Variable] = []
        _collect(self.args, found)
        _collect(tuple(self.kwargs.values()), found)
        return found


def _collect(values: Any, into: list[Variable]) -> None:
    for value in values:
        if isinstance(value, Variable):
            into.append(value)
        elif isinstance(value, (tuple, list)):
            _collect(value, into)


@dataclass(slots=True)
class Gradient:
    """What a lasting tensor has for a gradient after the step.

    Attributes:
        tensor: the tensor.
        variable: the gradient, or None.
        is_node: it is kept as a Tensor, after ``create_graph``.
    """

    tensor: Any
    variable: Variable | None
    is_node: bool = False


@dataclass(slots=True)
class Program:
    """Everything that a step did.

    Attributes:
        calls: the array calls.
        setup: calls whose results are the same every time; made once.
        arguments: the variables of array arguments, by position in the flat list.
        states: variables of lasting tensors' data.
        held: variables of gradients that lasting tensors have before the step.
        lives: variables of numbers read anew in every call.
        constants: variables of arrays and generators from outside the recording.
        outputs: the variables of returned arrays, in order.
        write_back: pairs of a state and the variable that it was assigned.
        gradients: what lasting tensors have for gradients afterwards.
    """

    calls: list[Call] = field(default_factory=list)
    setup: list[Call] = field(default_factory=list)
    arguments: list[Variable] = field(default_factory=list)
    states: list[Variable] = field(default_factory=list)
    held: list[Variable] = field(default_factory=list)
    lives: list[Variable] = field(default_factory=list)
    constants: list[Variable] = field(default_factory=list)
    outputs: list[Variable] = field(default_factory=list)
    write_back: list[tuple[Variable, Variable]] = field(default_factory=list)
    gradients: list[Gradient] = field(default_factory=list)

    def final(self) -> list[Variable]:
        """The variables that must hold their values when the program ends."""
        kept = [g.variable for g in self.gradients if g.variable is not None]
        return [*self.outputs, *(source for _, source in self.write_back), *kept]

    def replace_final(self, by: dict[Variable, Variable]) -> None:
        """Take other variables for those that hold the values in the end."""
        self.outputs = [by.get(v, v) for v in self.outputs]
        self.write_back = [(target, by.get(v, v)) for target, v in self.write_back]
        for gradient in self.gradients:
            if gradient.variable is not None:
                gradient.variable = by.get(gradient.variable, gradient.variable)
