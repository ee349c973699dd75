"""A step recorded for arguments of given shapes: binding its arrays, and running it."""

from __future__ import annotations

from operator import attrgetter, gt, is_not
from sys import getrefcount
from typing import Any

import numpy as np

from autodiff.compiler.environment import Environment
from autodiff.compiler.guards import Guard, all_the_same
from autodiff.compiler.numpy_writer.emit import Emitted, emit
from autodiff.compiler.numpy_writer.printing import program_text
from autodiff.compiler.passes import optimize
from autodiff.compiler.program import Gradient, Program, Variable
from autodiff.compiler.recording import Recording
from autodiff.live import plain_number
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor
from autodiff.trees import tree
from autodiff.trees.containers import LEAF

__all__ = ["Output", "Specialization"]

_data = attrgetter("_data")


class Output:
    """Marks an array in the nesting of what a step returns.

    Attributes:
        variable: the program's variable for it.
        is_tensor: the step returned a `Tensor`, not a plain array.
    """

    def __init__(self, variable: Variable, is_tensor: bool) -> None:
        self.variable = variable
        self.is_tensor = is_tensor

    def fresh(self, array: Any) -> Any:
        """An array of the program for the caller to keep: a copy."""
        copied = array.copy() if array.__class__ is np.ndarray else np.array(array)
        return constant(copied) if self.is_tensor else copied


class Specialization:
    """A step compiled for arguments of given shapes and dtypes.

    Args:
        run: the finished recording.
        template: what the step returned, taken apart, with an `Output` for each array.
        held: what the step takes for granted.
    """

    def __init__(
        self, run: Recording, template: tuple[list[Any], tree.Structure], held: Environment
    ) -> None:
        program = run.tracer.program
        self._leaves, self._shape = template
        self.held = held
        self.outputs: list[Output] = [leaf for leaf in self._leaves if isinstance(leaf, Output)]
        self._alone: bool = bool(self.outputs) and self._shape.kind is LEAF
        program.outputs = [output.variable for output in self.outputs]
        optimize(program)
        self.program: Program = program
        self.emitted: Emitted = emit(program, run.names)
        self.gradients: list[Gradient] = program.gradients
        self.checked = False
        self.calls = 0
        self._running = False
        self._text = ""
        self._initial_gradients = run.initial_gradients
        self._guards = run.tracer.guards
        self._make = self.emitted.build()
        states = [v for v in self.emitted.bound if v.kind == "state"]
        pinned = run.pinned
        self._tensors = [v.source for v in states] + [tensor for tensor, _ in pinned]
        self._pinned = [array for _, array in pinned]
        self._states = states
        flags = [Guard.of_slots(t, ["requires_grad"], t.describe()) for t in self._tensors]
        self._flags_hold = all_the_same(flags)
        self._overlaps = _overlaps([tensor._data for tensor in self._tensors])
        self._handed_out: list[Any] = []
        self._counts: list[int] = []
        self._has_more_inputs = bool(program.held or program.lives)
        self._gradient_sources = self._plan_gradients()
        self._cleared = [g.tensor for g in self.gradients if g.variable is None]
        self._bind()

    def _plan_gradients(self) -> list[tuple[Any, bool, bool]]:
        """For each gradient its tensor, whether it is a node, and whether it must be copied."""
        taken: set[Variable] = set()
        accumulating = {v.source for v in self.program.held}
        plan = []
        for gradient in self.gradients:
            variable = gradient.variable
            if variable is not None:
                owners = variable.owners()
                fresh = taken.isdisjoint(owners) and all(v.kind == "temp" for v in owners)
                copies = not fresh or gradient.tensor in accumulating
                taken |= owners
                plan.append((gradient.tensor, gradient.is_node, copies))
        return plan

    def text(self, name: str) -> str:
        """The step as a program that runs by itself."""
        if not self._text:
            self._text = program_text(self.emitted, name)
        return self._text

    def _bind(self) -> None:
        """Make the step anew on the arrays that the tensors have now, with fresh buffers."""
        values = [v.source._data if v.kind == "state" else v.source for v in self.emitted.bound]
        self.run: Any = self._make(*values)
        self._arrays = [tensor._data for tensor in self._tensors]
        self._handed_out = []
        self._counts = []

    def fits(self) -> bool:
        """Whether what the recording took for granted still holds.

        That is: gradients are there or not as they were, switches are as they were, and
        the arrays of tensors have the same layout.
        """
        for tensor, held in self._initial_gradients:
            if tensor._grad is not held:
                return False
        for guard in self._guards:
            if not guard.holds():
                return False
        for variable in self.program.held:
            if not variable.stands_for(variable.source._grad):
                return False
        if not self._flags_hold():
            return False
        if any(map(is_not, map(_data, self._tensors), self._arrays)):
            return self._rebind()
        return True

    def _rebind(self) -> bool:
        arrays = [tensor._data for tensor in self._tensors]
        count = len(self._states)
        for variable, array in zip(self._states, arrays, strict=False):
            if not variable.stands_for(array):
                return False
        if any(map(is_not, arrays[count:], self._pinned)) or _overlaps(arrays) != self._overlaps:
            return False
        self._bind()
        return True

    def __call__(self, arrays: list[Any]) -> Any:
        """Run the step on the flat list of its array arguments."""
        outer = self._running
        if outer or (
            self._counts and any(map(gt, map(getrefcount, self._handed_out), self._counts))
        ):
            # Called by a signal handler or a finalizer while it runs; or somebody keeps a
            # gradient of an earlier call. That memory is left alone.
            self._bind()
        self._running = True
        try:
            if self._has_more_inputs:
                arrays = [*arrays, *self._more_inputs()]
            returned = self.run(*arrays)
            self._set_gradients(returned[len(self.outputs) :])
            result = self._result(returned)
            del returned
            if not self._counts:
                self._counts = list(map(getrefcount, self._handed_out))
            return result
        finally:
            self._running = outer

    def _more_inputs(self) -> list[Any]:
        """Gradients that are there before the call, and numbers that may change."""
        program = self.program
        held = [v.source._grad for v in program.held]
        return held + [plain_number(v.source[0][v.source[1]], v.dtype) for v in program.lives]

    def _result(self, returned: Any) -> Any:
        if self._alone:
            return self.outputs[0].fresh(returned[0])
        given = zip(self.outputs, returned, strict=False)
        fresh = iter([output.fresh(array) for output, array in given])
        leaves = [next(fresh) if x.__class__ is Output else x for x in self._leaves]
        return tree.unflatten(self._shape, leaves)

    def _set_gradients(self, found: Any) -> None:
        for tensor in self._cleared:
            tensor._grad = None
        for (tensor, is_node, copies), array in zip(self._gradient_sources, found, strict=True):
            if copies or array.__class__ is not np.ndarray:
                array = np.array(array)
            tensor._grad = constant(array) if is_node else array
        if not self._handed_out:
            kept = [tensor._grad for tensor, is_node, copies in self._gradient_sources]
            bases = [g.base for g in kept if not isinstance(g, Tensor) and g.base is not None]
            self._handed_out = [*kept, *bases]


def _overlaps(arrays: list[Any]) -> set[tuple[int, int]]:
    """Which pairs of arrays share memory."""
    ends = sorted(
        (np.lib.array_utils.byte_bounds(array), i) for i, array in enumerate(arrays) if array.size
    )
    found = set()
    reach, holder = 0, -1
    for (low, high), i in ends:
        if low < reach:
            found.add((holder, i))
        if high > reach:
            reach, holder = high, i
    return found
