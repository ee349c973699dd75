"""A step recorded for arguments of given shapes: binding its arrays, and running it."""

from __future__ import annotations

from operator import attrgetter, is_not
from sys import getrefcount
from typing import Any

import numpy as np

from autodiff.compiler.emit import Emitted, emit
from autodiff.compiler.passes import optimize
from autodiff.compiler.program import Variable
from autodiff.compiler.recording import Recording
from autodiff.compiler.trees import flatten, map_leaves
from autodiff.live import plain_number
from autodiff.operations import constant

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
        copied = np.array(array)
        return constant(copied) if self.is_tensor else copied


class Specialization:
    """A step compiled for arguments of given shapes and dtypes.

    Args:
        run: the finished recording.
        template: what the step returned, with an `Output` for each array.
        held: what the step's names stood for.
    """

    def __init__(self, run: Recording, template: Any, held: list[Any]) -> None:
        program = run.tracer.program
        self.template = template
        self.held = held
        self.outputs = [leaf for leaf in flatten(template) if isinstance(leaf, Output)]
        program.outputs = [output.variable for output in self.outputs]
        optimize(program)
        self.program = program
        self.emitted: Emitted = emit(program, run.names)
        self.gradients = program.gradients
        self.checked = False
        self._settled = run.settled
        self._guards = run.tracer.guards
        self._make = self.emitted.build()
        states = [v for v in self.emitted.bound if v.kind == "state"]
        pinned = run.pinned
        self._tensors = [v.source for v in states] + [tensor for tensor, _ in pinned]
        self._pinned = [array for _, array in pinned]
        self._states = states
        self._overlaps = _overlaps([tensor._data for tensor in self._tensors])
        self._handed_out: list[Any] = []
        self._counts: list[int] = []
        self._gradient_sources = self._plan_gradients()
        self._bind()

    def _plan_gradients(self) -> list[tuple[Any, str, bool]]:
        """For each gradient its tensor, how it is kept, and whether that needs a copy."""
        taken: set[Variable] = set()
        accumulating = {v.source for v in self.program.held}
        plan = []
        for gradient in self.gradients:
            variable = gradient.variable
            if variable is None:
                plan.append((gradient.tensor, "none", False))
                continue
            root = variable.root
            copies = root.kind != "temp" or root in taken or gradient.tensor in accumulating
            taken.add(root)
            plan.append((gradient.tensor, "node" if gradient.is_node else "array", copies))
        return plan

    def _bind(self) -> None:
        """Make the step anew on the arrays that the tensors have now, with fresh buffers."""
        values = [v.source._data if v.kind == "state" else v.source for v in self.emitted.bound]
        self.run = self._make(*values)
        self._arrays = [tensor._data for tensor in self._tensors]
        self._handed_out = []
        self._counts = []

    def fits(self) -> bool:
        """Whether what the recording took for granted still holds.

        That is: gradients are there or not as they were, switches are as they were, and
        the arrays of tensors have the same layout.
        """
        for tensor, held in self._settled:
            if tensor._grad is not held:
                return False
        for owner, key, truth in self._guards:
            if bool(owner[key]) is not truth:
                return False
        for variable in self.program.held:
            if not variable.stands_for(variable.source._grad):
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
        if self._counts and any(map(_more, map(getrefcount, self._handed_out), self._counts)):
            # Somebody keeps a gradient of an earlier call, so that memory is left alone.
            self._bind()
        program = self.program
        inputs = [*arrays, *[v.source._grad for v in program.held]]
        for v in program.lives:
            owner, key = v.source
            inputs.append(plain_number(owner[key], v.dtype))
        returned = self.run(*inputs)
        count = len(self.outputs)
        self._set_gradients(returned[count:])
        fresh = [o.fresh(array) for o, array in zip(self.outputs, returned, strict=False)]
        del returned
        if not self._counts and self._handed_out:
            self._counts = list(map(getrefcount, self._handed_out))
        if isinstance(self.template, Output):
            return fresh[0]
        given = iter(fresh)
        return map_leaves(lambda x: next(given) if isinstance(x, Output) else x, self.template)

    def _set_gradients(self, found: Any) -> None:
        given = iter(found)
        watch = not self._handed_out
        for tensor, kind, copies in self._gradient_sources:
            if kind == "none":
                tensor._grad = None
                continue
            array = next(given)
            if copies or not isinstance(array, np.ndarray):
                array = np.array(array)
            elif watch:
                self._handed_out += [array] if array.base is None else [array, array.base]
            tensor._grad = constant(array) if kind == "node" else array


def _more(now: int, before: int) -> bool:
    return now > before


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
