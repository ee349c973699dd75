"""Recording: every array call of a running step becomes a call of the program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autodiff.compiler.program import Call, Program, Variable
from autodiff.compiler.proxy import TraceArray
from autodiff.errors import TracingError

__all__ = ["Tracer"]

_VIEWS = {"reshape", "transpose", "swapaxes", "expand_dims", "squeeze", "broadcast_to", "ravel"}
_OUT = {"matmul", "concatenate", "stack", "clip", "cumsum", "cumprod", "mean", "var", "std"}
_FRESH = {
    "where",
    "einsum",
    "flip",
    "roll",
    "pad",
    "zeros_like",
    "ones_like",
    "copy",
    "full_like",
    "split",
}
_REDUCTION_ARGS = ("axis", "dtype", "out", "keepdims", "initial", "where")


class Tracer:
    """Carries out array calls on real numbers and notes them in a program."""

    def __init__(self) -> None:
        self.program = Program()
        self.guards: list[tuple[Mapping[str, Any], str, bool]] = []
        self._constants: dict[int, Variable] = {}
        self._lives: dict[tuple[int, str, Any], Variable] = {}

    def live_number(self, owner: Mapping[str, Any], key: str, dtype: Any) -> Any:
        """A stand-in for the number ``owner[key]``, read anew in every call."""
        value = np.asarray(owner[key], dtype)
        known = self._lives.get((id(owner), key, value.dtype))
        if known is None:
            known = self.variable("live", value, (owner, key), key)
            self._lives[id(owner), key, value.dtype] = known
        return self.wrap(value, known)

    def guard(self, owner: Mapping[str, Any], key: str) -> None:
        """Note the truth of ``owner[key]``, on which the step's course depends."""
        self.guards.append((owner, key, bool(owner[key])))

    def uniform(self, rng: np.random.Generator, shape: tuple[int, ...], dtype: Any) -> Any:
        """Draw from [0, 1), and record the drawing."""
        known = self._constants.get(id(rng))
        if known is None:
            known = Variable("generator", (), np.dtype(object), "rng", None, rng)
            self.program.constants.append(known)
            self._constants[id(rng)] = known
        value = rng.random(shape, dtype=dtype)
        named = {"dtype": np.dtype(dtype)}
        return self._new(".random", (known, tuple(shape)), named, value, takes_out=True)

    def wrap(self, value: Any, variable: Variable) -> TraceArray:
        """An array under recording."""
        return TraceArray(self, value, variable)

    def variable(self, kind: str, value: Any, source: Any = None, name: str = "") -> Variable:
        """A new variable of the program for an array."""
        made = Variable(kind, value.shape, value.dtype, name, None, source)
        lists = {
            "argument": self.program.arguments,
            "state": self.program.states,
            "live": self.program.lives,
            "constant": self.program.constants,
        }
        if kind in lists:
            lists[kind].append(made)
        return made

    def ufunc(self, ufunc: Any, method: str, inputs: tuple[Any, ...], kwargs: Any) -> Any:
        """Carry out and record a ufunc, or its ``reduce``."""
        out = kwargs.pop("out", None)
        out = out[0] if isinstance(out, tuple) else out
        if method == "reduce":
            inputs, kwargs = _named_reduction(inputs, kwargs)
        elif method != "__call__":
            raise TracingError(
                f"numpy.{ufunc.__name__}.{method} is not supported in a compiled step; "
                f"use numpy.{ufunc.__name__} or its reduce"
            )
        name = f"np.{ufunc.__name__}" + ("" if method == "__call__" else f".{method}")
        function = ufunc if method == "__call__" else getattr(ufunc, method)
        elementwise = method == "__call__" and ufunc.signature is None
        return self._record(name, function, inputs, kwargs, out, elementwise, takes_out=True)

    def function(self, function: Any, args: Any, kwargs: Any) -> Any:
        """Carry out and record a NumPy function that is not a ufunc."""
        name = function.__name__
        kwargs = dict(kwargs)
        if name in ("shape", "ndim", "size", "result_type"):
            plain = [_value(a) for a in args]
            return function(*plain, **kwargs)
        if name == "copyto":
            target, source = args
            self._into(target, "np.copyto", (target, source), kwargs)
            return None
        if name in _VIEWS:
            return self._view(f"np.{name}", function, args, kwargs)
        if name not in _OUT | _FRESH:
            raise TracingError(
                f"numpy.{name} is not supported in a compiled step; write the step with "
                "autodiff's functions, or leave this part outside of it"
            )
        out = kwargs.pop("out", None)
        return self._record(f"np.{name}", function, args, kwargs, out, False, name in _OUT)

    def kernel(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        """Carry out and record a function of the library on arrays."""
        if function.__name__ == "add_at":
            function(*(_value(a) for a in args))
            target = self._argument(args[0])
            call_args = tuple(self._argument(a) for a in args)
            self.program.calls.append(Call("add_at", call_args, {}, target, "out"))
            return None
        return self._record(function.__name__, function, args, kwargs, None, False, False)

    def method(self, array: Any, name: str, args: Any, kwargs: Any) -> Any:
        """Carry out and record a method of an array that returns a new one."""
        function = getattr(np.ndarray, name)
        return self._record(f".{name}", function, (array, *args), kwargs, None, False, False)

    def getitem(self, array: TraceArray, index: Any) -> Any:
        """Record an indexing: a view for a basic index, else a copy."""
        plain = _value(index)
        value = array.value[plain]
        if isinstance(value, np.ndarray) and np.may_share_memory(value, array.value):
            return self._view("getitem", None, (array, index), {}, value)
        call_args = (self._argument(array), self._argument(index))
        return self._new("getitem", call_args, {}, value)

    def setitem(self, array: TraceArray, index: Any, value: Any) -> None:
        """Record an assignment to elements."""
        array.value[_value(index)] = _value(value)
        args = tuple(self._argument(a) for a in (array, index, value))
        self.program.calls.append(Call("setitem", args, {}, array.variable, "out"))

    def _record(
        self,
        name: str,
        function: Any,
        args: Any,
        kwargs: Any,
        out: Any,
        elementwise: bool,
        takes_out: bool,
    ) -> Any:
        plain = [_value(a) for a in args]
        plain_kwargs = {k: _value(v) for k, v in kwargs.items()}
        call_args = tuple(self._argument(a) for a in args)
        call_kwargs = {k: self._argument(v) for k, v in kwargs.items()}
        if out is None:
            value = function(*plain, **plain_kwargs)
            return self._new(name, call_args, call_kwargs, value, elementwise, takes_out)
        function(*plain, out=_value(out), **plain_kwargs)
        variable = self._argument(out)
        self.program.calls.append(
            Call(name, call_args, call_kwargs, variable, "out", elementwise, True)
        )
        return out

    def _into(self, target: Any, name: str, args: Any, kwargs: Any) -> None:
        np.copyto(*(_value(a) for a in args), **{k: _value(v) for k, v in kwargs.items()})
        call_args = tuple(self._argument(a) for a in args)
        call_kwargs = {k: self._argument(v) for k, v in kwargs.items()}
        variable = self._argument(target)
        self.program.calls.append(Call(name, call_args, call_kwargs, variable, "out"))

    def _new(
        self,
        name: str,
        args: Any,
        kwargs: Any,
        value: Any,
        elementwise: bool = False,
        takes_out: bool = False,
    ) -> Any:
        if isinstance(value, (list, tuple)):
            raise TracingError(f"{name} gives several arrays, which a compiled step cannot record")
        value = np.asarray(value)
        variable = self.variable("temp", value)
        call = Call(name, args, kwargs, variable, "new", elementwise, takes_out)
        self.program.calls.append(call)
        return self.wrap(value, variable)

    def _view(self, name: str, function: Any, args: Any, kwargs: Any, value: Any = None) -> Any:
        array = args[0]
        if value is None:
            value = function(*(_value(a) for a in args), **kwargs)
        call_args = tuple(self._argument(a) for a in args)
        if not isinstance(array, TraceArray):
            return self._new(name, call_args, dict(kwargs), value)
        if not np.may_share_memory(value, array.value):
            return self._new(name, call_args, dict(kwargs), value)
        variable = self.variable("temp", value)
        variable.base = array.variable
        self.program.calls.append(Call(name, call_args, dict(kwargs), variable, "view"))
        return self.wrap(value, variable)

    def _argument(self, value: Any) -> Any:
        """What stands in the program for an argument of a call."""
        if isinstance(value, TraceArray):
            return value.variable
        if isinstance(value, np.ndarray):
            return self.constant(value)
        if isinstance(value, tuple):
            return tuple(self._argument(v) for v in value)
        if isinstance(value, list):
            return [self._argument(v) for v in value]
        return value

    def constant(self, array: Any) -> Variable:
        """The variable for an array that exists outside the recording."""
        found = self._constants.get(id(array))
        if found is None:
            found = self.variable("constant", array, source=array)
            self._constants[id(array)] = found
        return found


def _value(x: Any) -> Any:
    """The real array behind an argument, also inside tuples and lists."""
    if isinstance(x, TraceArray):
        return x.value
    if isinstance(x, tuple):
        return tuple(_value(v) for v in x)
    if isinstance(x, list):
        return [_value(v) for v in x]
    return x


def _named_reduction(inputs: Any, kwargs: Any) -> tuple[Any, dict[str, Any]]:
    named = dict(zip(_REDUCTION_ARGS, inputs[1:], strict=False)) | kwargs
    kept = {k: v for k, v in named.items() if v is not None or k == "axis"}
    if kept.get("keepdims") is False:
        del kept["keepdims"]
    return inputs[:1], kept
