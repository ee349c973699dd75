"""Holding a recorded step against the ordinary code: bit for bit, or up to rounding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array, is_numeric
from autodiff.compiler.specialization import Specialization
from autodiff.errors import TracingError
from autodiff.tensors.tensor import Tensor
from autodiff.trees import tree

__all__ = ["verified_call"]

_SLACK = 16.0
_TRIES = 3
_WAYS_OUT = (
    "Keep it in a Tensor, draw through autodiff.live.uniform, read settings through "
    "autodiff.live.number, or leave it outside the step"
)
Outcome = list[tuple[str, Any]]


def verified_call(
    step: str, known: Specialization, arrays: list[Any], ordinary: Callable[[], Any]
) -> Any:
    """Run the recording, put everything back, run the ordinary code, and compare.

    Large sums may be added up in another order than in the ordinary code, where NumPy
    takes the memory of an operand for its result. So where bits differ, the ordinary code
    is run on data that differ in their last bits: rounding is what moves results no
    further than that.

    Args:
        step: its name.
        known: the recorded step.
        arrays: its array arguments.
        ordinary: runs the step's own code on the same arguments.

    Returns:
        What the ordinary code returned.

    Raises:
        TracingError: a result, or an array that lasts, differs by more than rounding.
    """
    before = _Moment(known, arrays)
    replayed = _outcome(before, known(arrays))
    before.restore()
    result = ordinary()
    try:
        _compare(step, known, before, arrays, ordinary, _outcome(before, result), replayed)
    except TracingError as refusal:
        refusal.result = result
        raise
    return result


def _compare(
    step: str,
    known: Specialization,
    before: _Moment,
    arrays: list[Any],
    ordinary: Callable[[], Any],
    found: Outcome,
    replayed: Outcome,
) -> None:
    if len(found) != len(replayed):
        raise _unsteady(step, "the number of things it returns")
    apart = [i for i, (a, b) in enumerate(zip(found, replayed, strict=True)) if not _same(a, b)]
    if apart:
        after = _Moment(known, arrays)
        try:
            _explain_by_rounding(step, before, ordinary, found, replayed, apart)
        finally:
            after.restore()


class _Moment:
    """All that a step reads and changes, as it is now."""

    def __init__(self, known: Specialization, arrays: list[Any]) -> None:
        bound = known.emitted.bound
        self.lasting = [v for v in bound if v.kind != "generator"]
        self.generators = [v.source for v in bound if v.kind == "generator"]
        self.gradients = [g.tensor for g in known.gradients]
        self.names = [v.name for v in known.program.arguments]
        self.arguments = arrays
        self._tensors = [v.source for v in self.lasting if v.kind == "state"]
        held = [v.source for v in known.program.held]
        self._data = [t._data for t in self._tensors]
        self._grads = [(t, t._grad) for t in (*held, *self.gradients)]
        self.arrays = [*self._data, *(v.source for v in self.lasting if v.kind != "state")]
        self.arrays += [*arrays, *(_data(t._grad) for t in held)]
        self._copies = [array.copy() for array in self.arrays]
        self._states = [generator.bit_generator.state for generator in self.generators]

    def restore(self) -> None:
        """Put everything back."""
        for tensor, array in zip(self._tensors, self._data, strict=True):
            tensor._data = array
        for tensor, gradient in self._grads:
            tensor._grad = gradient
        for array, copy in zip(self.arrays, self._copies, strict=True):
            if array.flags.writeable:
                np.copyto(array, copy)
        for generator, state in zip(self.generators, self._states, strict=True):
            generator.bit_generator.state = state

    def disturb(self, rng: np.random.Generator) -> None:
        """Change floating numbers in their last bits."""
        for array in self.arrays:
            if array.flags.writeable and array.dtype.kind in "fc" and array.size:
                signs = rng.integers(0, 2, array.shape) * 2 - 1
                with np.errstate(all="ignore"):
                    np.multiply(array, 1 + signs * np.finfo(array.dtype).eps, out=array)


def _outcome(moment: _Moment, result: Any) -> Outcome:
    """What a run returned and left behind, copied."""
    found: Outcome = [("what it returns", _copy(x)) for x in tree.leaves(result)]
    for variable in moment.lasting:
        name = variable.name or f"an array of shape {variable.shape}"
        array = variable.source._data if variable.kind == "state" else variable.source
        found.append((f"{name!r} afterwards", _copy(array)))
    pairs = zip(moment.names, moment.arguments, strict=True)
    found += [(f"the argument {name!r} afterwards", _copy(x)) for name, x in pairs]
    found += [(f"the gradient of {t.describe()}", _copy(t._grad)) for t in moment.gradients]
    name = "the state of a random generator afterwards"
    return found + [(name, repr(g.bit_generator.state)) for g in moment.generators]


def _explain_by_rounding(
    step: str,
    before: _Moment,
    ordinary: Callable[[], Any],
    found: Outcome,
    replayed: Outcome,
    apart: list[int],
) -> None:
    """Raise unless the last bits of the data move results as far as the recording is off.

    Raises:
        TracingError: names what differs, and by how much.
    """
    before.restore()
    again = _outcome(before, ordinary())
    repeats = len(again) == len(found) and all(map(_same, again, found))
    gaps = [_distance(found[i][1], replayed[i][1]) for i in apart]
    rng, moved = np.random.default_rng(0), []
    for _ in range(_TRIES if repeats and np.isfinite(gaps).all() else 0):
        before.restore()
        before.disturb(rng)
        other = _outcome(before, ordinary())
        if len(other) == len(found):
            moved.append([_distance(found[i][1], other[i][1]) for i in apart])
    for place, (index, gap) in enumerate(zip(apart, gaps, strict=True)):
        name, value = found[index]
        # The middle one: a kink that is crossed in one of them says nothing about rounding.
        spread = sorted(each[place] for each in moved)[len(moved) // 2] if moved else 0.0
        allowed = _SLACK * (spread + _last_bit(value)) if moved else 0.0
        if not gap <= allowed:
            if not repeats:
                raise _unsteady(step, name)
            how = f"by {gap:.3g}, where rounding explains {allowed:.3g}"
            if np.isinf(gap):
                how = f"(there it is {_shown(replayed[index][1])}, here {_shown(value)})"
            raise _differs(step, name, how)


def _distance(a: Any, b: Any) -> float:
    """The largest difference of two arrays; infinite where they cannot be compared."""
    arrays = is_array(a) and is_array(b)
    if not arrays or (a.dtype, a.shape) != (b.dtype, b.shape) or a.dtype.kind not in "fc":
        return 0.0 if _same(("", a), ("", b)) else np.inf
    wide = np.promote_types(a.dtype, np.float64)
    with np.errstate(all="ignore"):
        apart = np.abs(a.astype(wide) - b.astype(wide))
    alike = (a == b) | (np.isnan(a) & np.isnan(b))
    largest = float(np.max(np.where(alike, 0.0, apart), initial=0.0))
    return np.inf if np.isnan(largest) else largest


def _last_bit(value: Any) -> float:
    finite = np.abs(value[np.isfinite(value)])
    return float(np.max(finite, initial=0.0)) * float(np.finfo(value.dtype).eps)


def _same(a: tuple[str, Any], b: tuple[str, Any]) -> bool:
    new, old = a[1], b[1]
    if is_array(new) and is_array(old):
        inexact = new.dtype.kind in "fc"
        return new.dtype == old.dtype and np.array_equal(new, old, equal_nan=inexact)
    return new is old or (type(new) is type(old) and repr(new) == repr(old))


def _copy(x: Any) -> Any:
    data = _data(x)
    return np.array(data) if is_numeric(data) else data


def _data(x: Any) -> Any:
    return x._data if isinstance(x, Tensor) else x


def _shown(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 70 else text[:67] + "..."


def _unsteady(step: str, what: str) -> TracingError:
    return TracingError(
        f"the compiled step {step!r} does not repeat: {what} differs between the recording and the "
        "ordinary code, which gives something else each time it is run on the same data: a Python "
        "counter or list, a plain NumPy array used as a buffer, random numbers drawn directly from "
        f"a Generator. {_WAYS_OUT}"
    )


def _differs(step: str, what: str, how: str) -> TracingError:
    return TracingError(
        f"the compiled step {step!r} does not repeat: {what} differs between the recording and the "
        f"ordinary code {how}. Something in the step was another when it was recorded, without "
        "being an array of a Tensor: what Python read from a counter, a clock, a file, or a plain "
        f"NumPy array. {_WAYS_OUT}"
    )
