"""`compile`: a training step recorded once and replayed as straight-line NumPy."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

import numpy as np

from autodiff.compiler.emit import Emitted, emit
from autodiff.compiler.program import Variable
from autodiff.compiler.proxy import TraceArray
from autodiff.compiler.recording import Recording, recording
from autodiff.compiler.trees import flatten, map_leaves
from autodiff.compiler.verify import verified_call
from autodiff.errors import TracingError
from autodiff.graph import Node
from autodiff.live import plain_number
from autodiff.operations import constant
from autodiff.tensor import Tensor

__all__ = ["CompiledStep", "Specialization", "compile"]


class Specialization:
    """A step compiled for arguments of given shapes and dtypes."""

    def __init__(self, run: Recording, result: Any) -> None:
        program = run.tracer.program
        self.template = result
        program.outputs = [v for v in flatten(result) if isinstance(v, Variable)]
        self.program = program
        self.emitted: Emitted = emit(program)
        self.gradients = program.gradients
        self.absent = run.absent
        self.guards = run.tracer.guards
        self.checked = False
        self._bind()

    def _bind(self) -> None:
        self.arrays = [_array_of(v) for v in self.emitted.bound]
        self.run = self.emitted.build(self.arrays)

    def fits(self) -> bool:
        """Whether what the recording took for granted still holds.

        That is: gradients that were absent are absent, switches are as they were.
        """
        return all(tensor._grad is None for tensor in self.absent) and all(
            bool(owner[key]) == held for owner, key, held in self.guards
        )

    def __call__(self, arrays: list[Any]) -> Any:
        """Run the step on the flat list of its array arguments."""
        for variable, array in zip(self.emitted.bound, self.arrays, strict=True):
            if variable.kind == "state" and _array_of(variable) is not array:
                self._bind()
                break
        lives = [plain_number(v.source[0][v.source[1]], v.dtype) for v in self.program.lives]
        returned = self.run(*arrays, *lives)
        count = len(self.program.outputs)
        outputs = iter(returned[:count])
        self._set_gradients(returned[count:])
        return map_leaves(lambda v: _fresh(next(outputs)) if v is _OUTPUT else v, self.result)

    @property
    def result(self) -> Any:
        """The nesting of what the step returns, with a mark for every array."""
        return map_leaves(lambda v: _OUTPUT if isinstance(v, Variable) else v, self.template)

    def _set_gradients(self, found: Any) -> None:
        given = iter(found)
        for tensor, variable in self.gradients:
            tensor._grad = None if variable is None else next(given)


_OUTPUT = object()


def _fresh(array: Any) -> Tensor:
    return constant(np.array(array))


def _array_of(variable: Variable) -> Any:
    if variable.kind != "state":
        return variable.source
    tensor, kind = variable.source
    return tensor._data if kind == "data" else tensor._grad


class CompiledStep:
    """What `compile` returns: call it like the step itself.

    Attributes:
        source: the NumPy source of the specialization used last; empty before the
            first call.
    """

    def __init__(self, function: Callable[..., Any], *, verify: bool) -> None:
        self._function = function
        self._verify = verify
        self._known: dict[Any, list[Specialization]] = {}
        self.source = ""
        update_wrapper(self, function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        tree = (args, kwargs)
        leaves = flatten(tree)
        key = tuple(_signature(leaf) for leaf in leaves), _shape_of_tree(tree)
        for known in self._known.get(key, ()):
            if known.fits():
                return self._replay(known, leaves, args, kwargs)
        return self._record(key, tree)

    def _replay(self, known: Specialization, leaves: list[Any], args: Any, kwargs: Any) -> Any:
        self.source = known.emitted.source
        arrays = [_raw(leaf) for leaf in leaves if _is_array(leaf)]
        if self._verify and not known.checked:
            known.checked = True
            return verified_call(known, arrays, lambda: self._function(*args, **kwargs))
        return known(arrays)

    def _record(self, key: Any, tree: Any) -> Any:
        with recording() as run:

            def stand_in(leaf: Any) -> Any:
                if not _is_array(leaf):
                    return leaf
                raw = _raw(leaf)
                proxy = run.tracer.wrap(raw, run.tracer.variable("argument", raw))
                return constant(proxy) if isinstance(leaf, Tensor) else proxy

            args, kwargs = map_leaves(stand_in, tree)
            result = self._function(*args, **kwargs)
            outputs = map_leaves(_output, result)
            real = map_leaves(_real, result)
        known = Specialization(run, outputs)
        self._known.setdefault(key, []).append(known)
        self.source = known.emitted.source
        return real


def _is_array(leaf: Any) -> bool:
    return isinstance(leaf, (Tensor, np.ndarray))


def _raw(leaf: Any) -> Any:
    return leaf._data if isinstance(leaf, Tensor) else leaf


def _signature(leaf: Any) -> Any:
    if _is_array(leaf):
        raw = _raw(leaf)
        if isinstance(leaf, Tensor) and leaf.requires_grad:
            raise TracingError(
                f"a compiled step was given {leaf.describe()} that needs a gradient as an "
                "argument; let the step refer to it directly, as to a model's parameters"
            )
        return type(leaf), raw.shape, raw.dtype
    if isinstance(leaf, Node):
        raise TracingError(
            "a compiled step takes Tensors, arrays and plain numbers, not Values; "
            "Values inside the step are not recorded either"
        )
    try:
        hash(leaf)
    except TypeError:
        raise TracingError(
            f"a compiled step was given {type(leaf).__name__}; give Tensors, arrays, numbers, "
            "strings, or tuples, lists and dicts of them"
        ) from None
    return type(leaf), leaf


def _shape_of_tree(tree: Any) -> str:
    return repr(map_leaves(lambda _: 0, tree))


def _output(leaf: Any) -> Any:
    held = leaf._data if isinstance(leaf, Tensor) else leaf
    return held.variable if isinstance(held, TraceArray) else leaf


def _real(leaf: Any) -> Any:
    held = leaf._data if isinstance(leaf, Tensor) else leaf
    return _fresh(held.value) if isinstance(held, TraceArray) else leaf


def compile(function: Callable[..., Any] | None = None, *, verify: bool = True) -> Any:
    """Record a step at its first call and replay it as straight-line NumPy from then on.

    The step is ordinary code: forward, loss, backward, the optimizer's update in place.
    The first call runs it and records every array operation; the second runs both the
    recording and the ordinary code on the same data and compares every result bit for
    bit; from the third on only the recording runs. New shapes or dtypes of the
    arguments are recorded anew. ``compiled.source`` is the recorded program: the
    backpropagation one would have written by hand.

    Args:
        function: the step; takes Tensors, arrays and plain values, returns Tensors (or
            nestings of them). Without it, a decorator is returned.
        verify: whether the second call compares; without it a step whose Python code
            does not do the same at every call (a counter, a list being filled) would be
            replayed wrongly without notice.

    Returns:
        A `CompiledStep`.

    Raises:
        TracingError: at a call, if the step reads numbers in Python or does not repeat.

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
        >>> "np.multiply" in step.source
        True
    """
    if function is None:
        return lambda f: CompiledStep(f, verify=verify)
    return CompiledStep(function, verify=verify)
