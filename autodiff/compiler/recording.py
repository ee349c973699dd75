"""A recording run: tensors give stand-ins for their arrays while it lasts.

The slots that hold the arrays of tensors are replaced by descriptors that hand out
stand-ins to the recording thread. So whatever the step touches is found by its being
touched: parameters, buffers, optimizer state. No list of them has to be given. A tensor
that was there before keeps its real array all the time; only tensors made in the step
hold stand-ins, and lose them when the recording ends.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import ref

from autodiff.backends.kinds import is_array
from autodiff.backends.recorder import RECORDER
from autodiff.compiler.names import describe_tensor
from autodiff.compiler.program import Gradient, Variable
from autodiff.compiler.trace_array import TraceArray
from autodiff.compiler.tracer import Tracer
from autodiff.compiler.trees import map_leaves
from autodiff.errors import TracingError
from autodiff.graph.clock import next_sequence
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor
from autodiff.values.value import Value

__all__ = ["Recording", "recording"]

_DATA: Any = vars(Tensor)["_data"]
_GRAD: Any = vars(Tensor)["_grad"]
_UNSEEN = object()
_lock = threading.Lock()

Key = tuple[int, str]


class Recording:
    """What a recording run found out about the tensors that it touched.

    Attributes:
        tracer: notes the array calls.
        initial_gradients: tensors with what they have in the place of a gradient when the step
            begins, none or a node; the recording holds as long as that is so.
        pinned: tensors whose arrays are constants of the recording, with these.
        names: what tensors are called, found when they were first read.
    """

    def __init__(self) -> None:
        self.tracer: Tracer = Tracer()
        self.initial_gradients: list[tuple[Any, Any]] = []
        self.pinned: list[tuple[Any, Any]] = []
        self.names: dict[int, tuple[Any, str]] = {}
        self._started = next_sequence()
        self._thread = threading.get_ident()
        self._now: dict[Key, Any] = {}
        self._states: dict[Key, Variable] = {}
        self._assigned: dict[Key, tuple[Any, Any]] = {}
        self._made: list[ref[Any]] = []

    def read(self, tensor: Any, slot: Any, kind: str) -> Any:
        """What a tensor's slot holds, as a stand-in where it is an array."""
        raw = slot.__get__(tensor)
        if threading.get_ident() != self._thread:
            return raw.value if isinstance(raw, TraceArray) else raw
        if tensor.sequence > self._started:
            if is_array(raw) and raw.ndim:
                return self.tracer.stand_in(raw)
            return raw
        now = self._now.get((id(tensor), kind), _UNSEEN)
        return self._first_read(tensor, raw, kind) if now is _UNSEEN else now

    def _first_read(self, tensor: Any, raw: Any, kind: str) -> Any:
        key = id(tensor), kind
        if not is_array(raw):
            self.initial_gradients.append((tensor, raw))
            self._now[key] = raw
            return raw
        if raw.ndim or raw.flags.writeable or kind == "grad":
            proxy = self.tracer.wrap(raw, self._state(tensor, raw, kind))
        else:
            # A number beside a tensor in a formula is kept by the library for other uses.
            proxy = self.tracer.stand_in(raw)
            self.pinned.append((tensor, raw))
        self._now[key] = proxy
        return proxy

    def _state(self, tensor: Any, raw: Any, kind: str) -> Variable:
        name, remark = describe_tensor(tensor, self.names)
        if kind == "data":
            made = self.tracer.variable("state", raw, tensor, name, remark)
        else:
            made = self.tracer.variable("gradient", raw, tensor, f"{name}_grad", remark)
        self._states[id(tensor), kind] = made
        return made

    def write(self, tensor: Any, slot: Any, kind: str, value: Any) -> None:
        """Set a tensor's slot, noting what a lasting tensor was given."""
        lasts = getattr(tensor, "sequence", self._started) < self._started
        if threading.get_ident() != self._thread:
            slot.__set__(tensor, value)
        elif lasts:
            slot.__set__(tensor, value.value if isinstance(value, TraceArray) else value)
            self._now[id(tensor), kind] = value
            self._assigned[id(tensor), kind] = tensor, value
        else:
            slot.__set__(tensor, value)
            if isinstance(value, TraceArray):
                self._made.append(ref(tensor))

    def finish(self) -> None:
        """End the recording: note what was assigned, and leave no stand-in behind."""
        program = self.tracer.program
        for (key, kind), (tensor, value) in self._assigned.items():
            if kind == "grad":
                program.gradients.append(self._gradient(tensor, value))
                continue
            source = self.tracer.stand_in(value).variable
            target = self._states.get((key, kind))
            if source is not target:
                target = target or self._state(tensor, _DATA.__get__(tensor), kind)
                program.write_back.append((target, source))
        self._now.clear()
        self._assigned.clear()
        self._clean()
        self.tracer.closed = True

    def _gradient(self, tensor: Any, value: Any) -> Gradient:
        if value is None:
            return Gradient(tensor, None)
        is_node = isinstance(value, Tensor)
        array = self.tracer.stand_in(value._data if is_node else value)
        if is_node:
            # Its graph is that of the recording and goes with it.
            _GRAD.__set__(tensor, constant(array.value))
        return Gradient(tensor, array.variable, is_node)

    def _clean(self) -> None:
        for reference in self._made:
            tensor = reference()
            if tensor is None:
                continue
            for slot in (_DATA, _GRAD):
                held = slot.__get__(tensor)
                if isinstance(held, TraceArray):
                    slot.__set__(tensor, held.value)
            if hasattr(tensor, "_params"):
                tensor._params = map_leaves(
                    lambda x: x.value if isinstance(x, TraceArray) else x, tensor._params
                )

    def survivors(self) -> list[Any]:
        """The tensors made in the step that something still holds after it."""
        if any(reference() is not None for reference in self._made):
            gc.collect()
        return [tensor for reference in self._made if (tensor := reference()) is not None]


class _TracedSlot:
    """A descriptor over a slot of `Tensor` that asks the recording first."""

    def __init__(self, run: Recording, slot: Any, kind: str) -> None:
        self._run, self._slot, self._kind = run, slot, kind

    def __get__(self, tensor: Any, owner: Any = None) -> Any:
        return self if tensor is None else self._run.read(tensor, self._slot, self._kind)

    def __set__(self, tensor: Any, value: Any) -> None:
        self._run.write(tensor, self._slot, self._kind, value)


class _RefusingSlot:
    """A descriptor over a slot of `Value`: a Value from outside cannot be in a step."""

    def __init__(self, run: Recording, slot: Any) -> None:
        self._run, self._slot = run, slot

    def __get__(self, value: Any, owner: Any = None) -> Any:
        if value is None:
            return self
        self._check(value)
        return self._slot.__get__(value)

    def __set__(self, value: Any, number: Any) -> None:
        self._check(value)
        self._slot.__set__(value, number)

    def _check(self, value: Any) -> None:
        run = self._run
        outside = getattr(value, "sequence", run._started) < run._started
        if outside and threading.get_ident() == run._thread:
            raise TracingError(
                f"a compiled step uses the Value {value.name or 'without a name'}, which exists "
                "outside of it; steps are recorded on arrays, so use a Tensor in its place"
            )


_VALUE_SLOTS: dict[str, Any] = {name: vars(Value)[name] for name in ("data", "grad")}


@contextmanager
def recording() -> Iterator[Recording]:
    """Record what this thread does with tensors inside the block.

    Yields:
        The recording; its program is complete after the block.
    """
    with _lock:
        run = Recording()
        replaced: list[tuple[Any, str, Any]] = [(Tensor, "_data", _DATA), (Tensor, "_grad", _GRAD)]
        replaced += [(Value, name, slot) for name, slot in _VALUE_SLOTS.items()]
        type.__setattr__(Tensor, "_data", _TracedSlot(run, _DATA, "data"))
        type.__setattr__(Tensor, "_grad", _TracedSlot(run, _GRAD, "grad"))
        for name, slot in _VALUE_SLOTS.items():
            type.__setattr__(Value, name, _RefusingSlot(run, slot))
        token = RECORDER.set(run.tracer)
        try:
            yield run
        finally:
            RECORDER.reset(token)
            for owner, name, slot in replaced:
                type.__setattr__(owner, name, slot)
            run.finish()
