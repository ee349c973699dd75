"""`compile`: a training step recorded once and replayed as straight-line NumPy."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from contextvars import ContextVar
from functools import update_wrapper
from threading import RLock
from typing import Any

from autodiff.backends.recorder import RECORDER, ended
from autodiff.compiler.code_names import where_changed
from autodiff.compiler.effects import watching_effects
from autodiff.compiler.environment import Environment
from autodiff.compiler.inputs_outputs import detached, opened, output, stand_ins
from autodiff.compiler.numpy_writer.printing import save_program
from autodiff.compiler.recording import recording
from autodiff.compiler.refusals import changes_outside, keeps_outside, title
from autodiff.compiler.signature import UnrecordableError, leaf_names, raw_array, signature, varies
from autodiff.compiler.specialization import Specialization
from autodiff.compiler.verify import verified_call
from autodiff.errors import TracingError, TracingWarning
from autodiff.graph.clock import next_sequence
from autodiff.graph.hooks import REGISTRATIONS
from autodiff.graph.modes import current_mode
from autodiff.trees import tree

__all__ = ["CompiledStep", "compile"]

_MOST = 16
_FIRST = 16
_COMPARING: ContextVar[bool] = ContextVar("glassgrad_comparing_a_step", default=False)
_VERIFIED_AGAIN = {16**n for n in range(1, 9)}


class CompiledStep:
    """What `compile` returns: call it like the step itself.

    Attributes:
        source: the recording used last as a NumPy program that runs by itself; empty before
            the first call.
        recordings: the number of recordings that are kept, one for each kind of arguments
            and each setting of switches met.
    """

    def __init__(self, function: Callable[..., Any], *, verify: bool) -> None:
        self._function = function
        self._verify = verify
        self._known: dict[Any, list[Specialization]] = {}
        self._lock = RLock()
        self._begun: set[Any] = set()
        self._warned = self._told = False
        self._name = getattr(function, "__qualname__", type(function).__name__)
        self._title = title(function)
        self._last: Specialization | None = None
        update_wrapper(self, function)

    @property
    def source(self) -> str:
        """The recording used last as a NumPy program that runs by itself; empty before a call."""
        return "" if self._last is None else self._last.text(self._name)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the program of the recording used last, with the arrays it works on beside it.

        ``save("step.py")`` writes the program to ``step.py`` and the parameters, buffers,
        states of random generators and other arrays, as they are now, to ``step.npz``.
        ``python step.py step.npz`` runs it on made-up arguments; a program that imports it
        calls ``make_step(**read("step.npz"))`` for the step. It needs NumPy alone.

        Args:
            path: of the program.

        Raises:
            TracingError: the step was not called yet, or cannot stand by itself.
            OSError: a file cannot be written.
        """
        if self._last is None:
            raise TracingError(
                f"the compiled step {self._title!r} was not called yet, so there is nothing to "
                "save; call it once with arguments of the shapes that the program is for"
            )
        save_program(path, self.source, self._last.emitted.bound)

    @property
    def recordings(self) -> int:
        """The number of recordings kept."""
        return sum(map(len, self._known.values()))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the step: recorded at first, replayed from then on.

        Raises:
            TracingError: the step cannot be recorded, or does not repeat.
        """
        mode = current_mode()
        if RECORDER.get() is not None or mode.anomaly or mode.batches or _COMPARING.get():
            # Inside another step that is being recorded this one is a part of it, and so it is
            # when that is compared, or inside a mapped function; where NaN is looked for, it is
            # in the code as written.
            return self._function(*args, **kwargs)
        try:
            key, leaves = signature(args, kwargs)
        except UnrecordableError as refusal:
            raise refusal.error(self._function, args, kwargs) from None
        # Threads share the buffers, so they take turns.
        with self._lock:
            for known in self._known.get(key, ()):
                if not (known.held.hold() and known.fits()):
                    continue
                known.calls = calls = known.calls + 1
                often = calls > _FIRST and calls % _FIRST and not known.held.shared
                if often or self._is_current(known):
                    self._last = known
                    arrays = [raw_array(leaf) for leaf in leaves if varies(leaf)]
                    if known.checked:
                        return known(arrays)
                    return self._check(known, arrays, args, kwargs)
            return self._record(key, leaves, args, kwargs)

    def _is_current(self, known: Specialization) -> bool:
        """Whether what is looked at from time to time is as it was, if it is time to look."""
        everything = known.calls <= _FIRST or not known.calls % _FIRST
        if known.held.shared and known.held.refilled(everything):
            known.checked = False
        if not everything:
            return True
        changed = known.held.late_change()
        if known.calls in _VERIFIED_AGAIN:
            known.checked = False
        if changed is not None and known.calls > _FIRST:
            warnings.warn(
                f"{changed} was changed, which the compiled step {self._title!r} noticed now: up "
                f"to {_FIRST - 1} calls before this one went on with what it was. Give it as an "
                "argument, keep it in a Tensor, or read it through autodiff.live",
                TracingWarning,
                stacklevel=3,
            )
        return changed is None

    def _check(self, known: Specialization, arrays: list[Any], args: Any, kwargs: Any) -> Any:
        known.checked = True
        if not self._verify:
            known.held.compared(True)
            return known(arrays)

        def ordinary() -> Any:
            return ended(self._function, *args, **kwargs)

        since = next_sequence()
        token = _COMPARING.set(True)
        try:
            result = verified_call(self._title, known, arrays, ordinary)
        except BaseException as failure:
            known.checked = False
            if isinstance(failure, TracingError):
                known.held.compared(False)
            raise
        finally:
            _COMPARING.reset(token)
        known.held.compared(True)
        found, shape = opened(result, since)
        return tree.unflatten(shape, map(detached, found))

    def _record(self, key: Any, leaves: list[Any], args: Any, kwargs: Any) -> Any:
        since = next_sequence()
        held = Environment(self._function, (x for x in leaves if not varies(x)))
        names = iter(leaf_names(self._function, args, kwargs))
        with watching_effects() as effects, recording() as run:
            # It calls no hooks: it is recorded anew, and perhaps refused, when one is set.
            run.tracer.guard(REGISTRATIONS, "count", exact=True)
            result = ended(
                self._function, *stand_ins(run, args, names), **stand_ins(run, kwargs, names)
            )
            found, shape = opened(result, since)
            marked = [output(run, leaf) for leaf in found]
            found = [detached(leaf) for leaf in found]
            del result
        real = tree.unflatten(shape, found)
        # What is needed to build a result may hold the one that was recorded.
        shape = opened(tree.unflatten(shape, marked), since)[1]
        try:
            complete = self._is_complete(key, run, effects, held)
        except TracingError as refusal:
            refusal.result = real
            raise
        if complete:
            self._last = Specialization(run, (marked, shape), held)
            self._keep(key, self._last)
        return real

    def _is_complete(self, key: Any, run: Any, effects: Any, held: Environment) -> bool:
        """Whether a recording does what later calls do; a first call may make what they need."""
        survivors = run.survivors()
        if all(tensor.is_leaf for tensor in survivors) and survivors and key not in self._begun:
            # State that is made when it is first needed: from the next call on it is there.
            self._begun.add(key)
            return False
        if survivors:
            kept = max(survivors, key=lambda t: (not t.is_leaf, t.sequence))
            raise keeps_outside(self._title, kept)
        effects.check_draws(self._title, run.tracer.reads_anew, held.codes)
        self._told = self._told or effects.tell(self._title)
        changed = held.after_recording(run.tracer.reads_anew, run.tracer.masks)
        if changed is None:
            return True
        if key not in self._begun:
            self._begun.add(key)
            return False
        raise changes_outside(self._title, changed, where_changed(held.codes, changed))

    def _keep(self, key: Any, made: Specialization) -> None:
        known = self._known.setdefault(key, [])
        known.append(made)
        if self.recordings <= _MOST:
            return
        if not self._warned:
            self._warned = True
            warnings.warn(
                f"the compiled step {self._title!r} was recorded {_MOST + 1} times, which is "
                "slower than not compiling it: numbers that change from call to call belong in "
                "array arguments or behind autodiff.live.number, and batches in few sizes",
                TracingWarning,
                stacklevel=4,
            )
        if len(known) > 1:
            del known[0]
        else:
            del self._known[next(iter(self._known))]

    def __repr__(self) -> str:
        if self._last is None:
            return f"<compiled step {self._name}, not called yet>"
        program, emitted = self._last.program, self._last.emitted
        inputs = ", ".join(f"{v.name}: {v.dtype}{list(v.shape)}" for v in program.arguments)
        others = self.recordings - 1
        more = f", and {others} other recording{'s' * (others > 1)}" * (others > 0)
        return (
            f"<compiled step {self._name}({inputs}): {len(program.calls)} array calls, "
            f"{emitted.buffers} buffers of {emitted.nbytes:,} bytes{more}>"
        )


def compile(function: Callable[..., Any] | None = None, *, verify: bool = True) -> Any:
    """Record a step at its first call and replay it as straight-line NumPy from then on.

    The step is ordinary code: forward, loss, backward, the optimizer's update. The first call runs
    it and records every array operation. The second runs both the recording and the ordinary code
    on the same data and compares every result; only rounding, where a large sum runs in another
    order, may set them apart. From the third on only the recording runs: the same numbers, two to
    five times sooner. ``compiled.source`` is the program, the backpropagation one would have
    written by hand.

    What may change from call to call: arrays in the arguments, plain arrays that the step refers
    to, the data of all Tensors that it uses, gradients, settings of optimizers, training mode,
    numbers drawn by dropout. Arguments of other shapes or dtypes, other plain values, and other
    things under the names that the step and its helpers use (globals, attributes, entries of dicts
    and lists) are recorded anew. ``docs/compile.md`` says what is looked at in every call, what
    from time to time, and what cannot be noticed. The comparison is repeated at the 16th replay,
    the 256th and so on. Printing, counting and collecting in the step happen while it is recorded
    and compared only.

    Args:
        function: the step; takes Tensors, arrays and plain values, also in tuples, lists and dicts,
            and returns Tensors, arrays or nestings of them. They come back as copies without a
            graph, single numbers as arrays without axes. Without it a decorator is returned.
        verify: whether the second call compares; without it a step whose Python code
            does not do the same at every call would be replayed wrongly without notice.

    Returns:
        A `CompiledStep`.

    Raises:
        TracingError: at a call, if the step reads numbers in Python (``item()``, ``if``),
            keeps results outside of itself, or does not repeat.

    Example:
        >>> import numpy as np
        >>> import autodiff as ad
        >>> w = ad.Tensor([1.0, 2.0], requires_grad=True, name="w")
        >>> @ad.compile
        ... def step(x):
        ...     w.zero_grad()
        ...     loss = ((w * x) ** 2).sum()
        ...     loss.backward()
        ...     w.data -= 0.1 * w.grad
        ...     return loss
        >>> x = np.ones(2, np.float32)
        >>> [round(step(x).item(), 3) for _ in range(3)]
        [5.0, 3.2, 2.048]
        >>> step
        <compiled step step(x: float32[2]): ... array calls, ... buffers of ... bytes>
        >>> "h1 = np.multiply(w, x, out=b0)" in step.source
        True
    """
    if function is None:
        return lambda f: CompiledStep(f, verify=verify)
    return CompiledStep(function, verify=verify)
