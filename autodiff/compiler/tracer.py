"""Recording: every array call of a running step becomes a call of the program."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array
from autodiff.compiler.instructions import (
    COPYTO,
    GETITEM,
    SETITEM,
    VIEW,
    Instruction,
    of_kernel,
    of_method,
    of_ufunc,
)
from autodiff.compiler.live_settings import LiveSettings
from autodiff.compiler.numpy_functions import NUMPY, PLAIN
from autodiff.compiler.refusals import refuse_foreign
from autodiff.compiler.trace_array import TraceArray
from autodiff.compiler.traced_arguments import masks_in, named_reduction, value_of
from autodiff.errors import TracingError

__all__ = ["Tracer"]


class Tracer(LiveSettings):
    """Carries out array calls on real numbers and notes them in a program.

    Attributes:
        masks: arrays of booleans from outside whose counts decide shapes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.masks: list[Any] = []

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

    def _copyto(self, target: Any, source: Any, **kwargs: Any) -> None:
        np.copyto(value_of(target), value_of(source), **{k: value_of(v) for k, v in kwargs.items()})
        self._note_write(COPYTO, (target, source), kwargs, target)

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
