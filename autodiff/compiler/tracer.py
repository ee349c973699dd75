"""Recording: every array call of a running step becomes a call of the program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array
from autodiff.compiler.guards import SettingGuard
from autodiff.compiler.instructions import (
    COPYTO,
    GETITEM,
    RANDOM,
    SETITEM,
    VIEW,
    Instruction,
    of_kernel,
    of_method,
    of_ufunc,
)
from autodiff.compiler.numpy_functions import NUMPY, PLAIN
from autodiff.compiler.parts import Parts
from autodiff.compiler.program import Call, Program, Variable, axis_order
from autodiff.compiler.proxy import TraceArray
from autodiff.compiler.refusals import Refusing, refuse_foreign
from autodiff.compiler.traced_arguments import masks_in, named_reduction, value_of
from autodiff.errors import TracingError

__all__ = ["Tracer"]


class Tracer(Parts, Refusing):
    """Carries out array calls on real numbers and notes them in a program.

    Attributes:
        program: what was noted so far.
        guards: settings that decided the step's course.
        closed: the recording is over.
        masks: arrays of booleans from outside whose counts decide shapes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.program: Program = Program()
        self.guards: list[SettingGuard] = []
        self.closed = False
        self.masks: list[Any] = []
        self._constants: dict[int, Variable] = {}
        self._lives: dict[tuple[int, str, Any], Variable] = {}

    def live_number(self, owner: Mapping[str, Any], key: str, dtype: Any) -> Any:
        """A stand-in for the number ``owner[key]``, read anew in every call."""
        value = np.asarray(owner[key], dtype)
        known = self._lives.get((id(owner), key, value.dtype))
        if known is None:
            name = key if key.isidentifier() else f"setting_{key}"
            known = self.variable("live", value, (owner, key), name)
            self._lives[id(owner), key, value.dtype] = known
        return self.wrap(value, known)

    def guard(self, owner: Mapping[str, Any], key: str, *, exact: bool) -> None:
        """Note what ``owner[key]`` is, or its truth, on which the step's course depends."""
        if not any(g.owner is owner and g.key == key and g.exact == exact for g in self.guards):
            held = owner[key] if exact else bool(owner[key])
            self.guards.append(SettingGuard(owner, key, exact, held))

    def reads_anew(self, owner: Any, key: Any) -> bool:
        """Whether an entry, or all of an array or generator, is looked at in every call."""
        if isinstance(owner, (np.ndarray, np.random.Generator)):
            return id(owner) in self._constants
        lives = ((held, name) for held, name, _ in self._lives)
        guards = ((id(guard.owner), guard.key) for guard in self.guards)
        return (id(owner), key) in {*lives, *guards}

    def uniform(self, rng: np.random.Generator, shape: tuple[int, ...], dtype: Any) -> Any:
        """Draw from [0, 1), and record the drawing."""
        known = self._constants.get(id(rng))
        if known is None:
            known = Variable("generator", (), np.dtype(object), "rng", source=rng)
            self.program.constants.append(known)
            self._constants[id(rng)] = known
        value = rng.random(shape, dtype=dtype)
        named = {"dtype": np.dtype(dtype)}
        return self._new(RANDOM, (known, tuple(shape)), named, value, takes_out=True)

    def wrap(self, value: Any, variable: Variable | None = None) -> TraceArray:
        """An array under recording; without a variable one from outside."""
        return TraceArray(self, value, variable or self.constant(value))

    def variable(
        self, kind: str, value: Any, source: Any = None, name: str = "", remark: str = ""
    ) -> Variable:
        """A new variable of the program for an array."""
        order = axis_order(value)
        made = Variable(
            kind, value.shape, value.dtype, name, source=source, order=order, remark=remark
        )
        lists = {
            "argument": self.program.arguments,
            "state": self.program.states,
            "gradient": self.program.held,
            "live": self.program.lives,
            "constant": self.program.constants,
        }
        if kind in lists:
            made.strides = value.strides
            lists[kind].append(made)
        return made

    def constant(self, array: Any) -> Variable:
        """The variable for an array that exists outside the recording."""
        found = self._constants.get(id(array))
        if found is None:
            found = self._constants[id(array)] = self.variable("constant", array, source=array)
        return found

    def stand_in(self, array: Any) -> TraceArray:
        """An array under recording for any array."""
        return array if isinstance(array, TraceArray) else self.wrap(array)

    def ufunc(self, ufunc: Any, method: str, inputs: Any, kwargs: dict[str, Any]) -> Any:
        """Carry out and record a ufunc, or its ``reduce``."""
        refuse_foreign(ufunc, method)
        out = kwargs.pop("out", None)
        out = out[0] if isinstance(out, tuple) else out
        if method == "reduce":
            inputs, kwargs = named_reduction(inputs, kwargs)
        elif method != "__call__":
            raise TracingError(
                f"numpy.{ufunc.__name__}.{method} is not supported in a compiled step; "
                f"use numpy.{ufunc.__name__} or its reduce, or leave this part outside the step"
            )
        row = of_ufunc(ufunc, method)
        return self._record(row, inputs, kwargs, out, row.takes_out)

    def function(self, function: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        """Carry out and record a NumPy function that is not a ufunc."""
        kwargs = dict(kwargs)
        if function in PLAIN:
            return function(*(value_of(a) for a in args), **kwargs)
        if function is np.copyto:
            self._copyto(*args, **kwargs)
            return None
        row = NUMPY.get(function)
        if row is None:
            raise TracingError(
                f"numpy.{function.__name__} is not supported in a compiled step; write the "
                "step with autodiff's functions, or leave this part outside the step"
            )
        if function is np.nan_to_num and not kwargs.get("copy", (*args[1:2], True)[0]):
            function(*map(value_of, args), **kwargs)
            self._note_write(row, args, kwargs, args[0])
            return args[0]
        if row.is_view:
            return self._view(row, args, kwargs)
        out = kwargs.pop("out", None)
        # A mean of float16 is rounded once more when it is written through `out`.
        plain = all(getattr(a, "dtype", None) != np.float16 for a in args)
        return self._record(row, args, kwargs, out, row.takes_out and plain)

    def kernel(self, function: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        """Carry out and record a function of the library on arrays."""
        row = of_kernel(function)
        if row.writes:
            row.function(*(value_of(a) for a in args), **kwargs)
            self._note_write(row, args, kwargs, args[0])
            return None
        result = self._record(row, args, kwargs)
        # For other numbers it may hand back an operand as it is.
        alike = [x for x in self._arrays_in(args) if x.shape == result.shape]
        self._may_lie_in(result, [x for x in alike if x.dtype == result.dtype])
        return result

    def method(self, array: Any, name: str, args: Any, kwargs: dict[str, Any]) -> Any:
        """Carry out and record a method of an array that returns a new one, or a view."""
        row = of_method(name)
        if row is VIEW:
            return self._view(row, (array, *args), kwargs)
        return self._record(row, (array, *args), kwargs)

    def getitem(self, array: Any, index: Any) -> Any:
        """Record an indexing: a view for a basic index, else a copy."""
        self.refuse_if_closed()
        array = self.stand_in(array)
        value = array.value[value_of(index)]
        if is_array(value) and np.may_share_memory(value, array.value):
            return self._view(GETITEM, (array, index), {}, value)
        masks = masks_in(index)
        if any(isinstance(mask, TraceArray) for mask in masks):
            raise TracingError(
                "a compiled step indexes with an array of booleans that changes from call to "
                "call, so the shape of the result does too; choose with autodiff.where instead"
            )
        self.masks += masks
        return self._new(GETITEM, (self._argument(array), self._argument(index)), {}, value)

    def setitem(self, array: Any, index: Any, value: Any) -> None:
        """Record an assignment to elements."""
        array.value[value_of(index)] = value_of(value)
        self._note_write(SETITEM, (array, index, value), {}, array)

    def refuse_if_closed(self) -> None:
        """Raise if the recording is over: a stand-in for an array got out of the step."""
        if self.closed:
            raise TracingError(
                "an array that was made in a compiled step was kept outside of it and is used "
                "now; its numbers are those of the recording: return it from the step instead"
            )

    def _copyto(self, target: Any, source: Any, **kwargs: Any) -> None:
        np.copyto(value_of(target), value_of(source), **{k: value_of(v) for k, v in kwargs.items()})
        self._note_write(COPYTO, (target, source), kwargs, target)

    def _note_write(self, row: Instruction, args: Any, kwargs: Any, target: Any) -> None:
        self._note(row, args, kwargs, self.stand_in(target).variable, "out")

    def _note(self, row: Instruction, args: Any, kwargs: Any, result: Any, *more: Any) -> None:
        self.refuse_if_closed()
        named = {k: self._argument(v) for k, v in kwargs.items()}
        call = Call(row, tuple(map(self._argument, args)), named, result, *more)
        self.locate(call)
        self.program.calls.append(call)

    def _record(
        self,
        row: Instruction,
        args: Any,
        kwargs: Any,
        out: Any = None,
        takes_out: bool = False,
    ) -> Any:
        self.refuse_if_closed()
        plain = [value_of(a) for a in args]
        plain_kwargs = {k: value_of(v) for k, v in kwargs.items()}
        if out is None:
            value = row.function(*plain, **plain_kwargs)
            return self._new(row, args, kwargs, value, takes_out)
        row.function(*plain, out=value_of(out), **plain_kwargs)
        self._note(row, args, kwargs, self.stand_in(out).variable, "out", True)
        return out

    def _new(
        self, row: Instruction, args: Any, kwargs: Any, value: Any, takes_out: bool = False
    ) -> Any:
        if isinstance(value, (list, tuple)):
            raise TracingError(
                f"{row} gives several arrays, which a compiled step cannot record; use functions "
                "that give one"
            )
        value = np.asarray(value)
        variable = self.variable("temp", value)
        self._note(row, args, kwargs, variable, "new", takes_out)
        made = self.wrap(value, variable)
        if not takes_out:
            arrays = self._arrays_in((args, tuple(kwargs.values())))
            self._may_lie_in(made, [x for x in arrays if np.may_share_memory(x.value, value)])
        return made

    def _arrays_in(self, values: Any) -> list[TraceArray]:
        """The arrays among arguments, also inside tuples and lists."""
        if isinstance(values, (tuple, list)):
            return [found for v in values for found in self._arrays_in(v)]
        return [self.stand_in(values)] if isinstance(values, (TraceArray, np.ndarray)) else []

    def _may_lie_in(self, result: TraceArray, arrays: list[TraceArray]) -> None:
        """Note that the last call's result may lie in the memory of arguments."""
        bases = (*result.variable.bases, *(x.variable for x in arrays))
        if bases:
            self.program.calls[-1].target = "maybe"
            result.variable.bases = tuple(dict.fromkeys(bases))

    def _view(self, row: Instruction, args: Any, kwargs: Any, value: Any = None) -> Any:
        self.refuse_if_closed()
        array = args[0]
        if value is None:
            value = row.function(*(value_of(a) for a in args), **kwargs)
        if not isinstance(array, TraceArray) or not np.may_share_memory(value, array.value):
            return self._new(row, args, dict(kwargs), value)
        variable = self.variable("temp", value)
        variable.bases, variable.own = (array.variable,), False
        self._note(row, args, dict(kwargs), variable, "view")
        return self.wrap(value, variable)

    def _argument(self, value: Any) -> Any:
        """What stands in the program for an argument of a call."""
        if isinstance(value, TraceArray):
            return value.variable
        if is_array(value):
            return self.constant(value)
        if isinstance(value, tuple):
            return tuple(self._argument(v) for v in value)
        if isinstance(value, list):
            return [self._argument(v) for v in value]
        return value
