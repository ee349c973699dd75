"""A recording run: tensors give stand-ins for their arrays while it lasts.

The slots of `Tensor` that hold arrays are replaced, for the recording thread, by
descriptors that hand out stand-ins. So whatever the step touches is found by its being
touched: parameters, buffers, optimizer state. No list of them has to be given.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import ref

import numpy as np

from autodiff.compiler.program import Variable
from autodiff.compiler.proxy import TraceArray
from autodiff.compiler.tracer import Tracer
from autodiff.graph import next_sequence
from autodiff.live import RECORDER
from autodiff.tensor import Tensor

__all__ = ["Recording", "recording"]

_DATA: Any = vars(Tensor)["_data"]
_GRAD: Any = vars(Tensor)["_grad"]
_lock = threading.Lock()


class Recording:
    """What a recording run found out about the tensors that it touched."""

    def __init__(self) -> None:
        self.tracer = Tracer()
        self.started = next_sequence()
        self.thread = threading.get_ident()
        self.lasting: dict[tuple[int, str], tuple[Any, Variable | None]] = {}
        self.touched: dict[int, ref[Any]] = {}
        self.absent: list[Any] = []
        self.assigned: dict[tuple[int, str], Any] = {}

    def active(self) -> bool:
        """Whether the running thread is the one that records."""
        return threading.get_ident() == self.thread

    def read(self, tensor: Any, slot: Any, kind: str) -> Any:
        """What a tensor's slot holds, a lasting tensor's array as a stand-in."""
        raw = slot.__get__(tensor)
        if not isinstance(raw, np.ndarray) or not self.active():
            lasts = tensor.sequence < self.started
            if raw is None and lasts and self.active() and (id(tensor), kind) not in self.assigned:
                self.absent.append(tensor)
            return raw
        if tensor.sequence > self.started:
            return self.tracer.wrap(raw, self.tracer.constant(raw)) if raw.ndim else raw
        variable = self.tracer.variable("state", raw, (tensor, kind), tensor.name or "")
        proxy = self.tracer.wrap(raw, variable)
        self.lasting[id(tensor), kind] = (tensor, variable)
        slot.__set__(tensor, proxy)
        self.touched[id(tensor)] = ref(tensor)
        return proxy

    def write(self, tensor: Any, slot: Any, kind: str, value: Any) -> None:
        """Set a tensor's slot, noting what a lasting tensor was given."""
        slot.__set__(tensor, value)
        if not self.active():
            return
        if isinstance(value, TraceArray):
            self.touched[id(tensor)] = ref(tensor)
        if getattr(tensor, "sequence", self.started) < self.started:
            self.lasting.setdefault((id(tensor), kind), (tensor, None))
            self.assigned[id(tensor), kind] = value

    def finish(self) -> None:
        """Give all tensors real arrays again, and note in the program what was assigned."""
        program = self.tracer.program
        for (key, kind), value in self.assigned.items():
            tensor, variable = self.lasting[key, kind]
            if kind == "grad":
                array = value if value is None else self._stand_in(value).variable
                program.gradients.append((tensor, array))
            elif not (isinstance(value, TraceArray) and value.variable is variable):
                source = self._stand_in(value).variable
                target = variable or self.tracer.variable("state", value, (tensor, "data"))
                program.write_back.append((target, source))
        for reference in self.touched.values():
            tensor = reference()
            if tensor is None:
                continue
            for slot in (_DATA, _GRAD):
                held = slot.__get__(tensor)
                if isinstance(held, TraceArray):
                    slot.__set__(tensor, held.value)

    def _stand_in(self, value: Any) -> TraceArray:
        if isinstance(value, TraceArray):
            return value
        return self.tracer.wrap(value, self.tracer.constant(value))


class _TracedSlot:
    """A descriptor over a slot of `Tensor` that asks the recording first."""

    def __init__(self, run: Recording, slot: Any, kind: str) -> None:
        self._run, self._slot, self._kind = run, slot, kind

    def __get__(self, tensor: Any, owner: Any = None) -> Any:
        return self if tensor is None else self._run.read(tensor, self._slot, self._kind)

    def __set__(self, tensor: Any, value: Any) -> None:
        self._run.write(tensor, self._slot, self._kind, value)


def _replace(slot: str, descriptor: Any) -> None:
    setattr(Tensor, slot, descriptor)


@contextmanager
def recording() -> Iterator[Recording]:
    """Record what this thread does with tensors inside the block.

    Yields:
        The recording; its program is complete after the block.
    """
    with _lock:
        run = Recording()
        _replace("_data", _TracedSlot(run, _DATA, "data"))
        _replace("_grad", _TracedSlot(run, _GRAD, "grad"))
        token = RECORDER.set(run.tracer)
        try:
            yield run
        finally:
            RECORDER.reset(token)
            _replace("_data", _DATA)
            _replace("_grad", _GRAD)
            run.finish()
