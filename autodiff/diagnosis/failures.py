"""Where a program stopped: the operation that raised an error, and what it was given.

An error refers to the frames that it passed, and these to the arguments of the functions that
were called. So nothing has to be noted while a program runs, nor when an error is raised.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from linecache import getline
from types import FrameType
from typing import Any

import numpy as np

from autodiff.graph.clock import next_sequence
from autodiff.graph.extras import own_extras
from autodiff.graph.modes import Scope, scope
from autodiff.graph.node import Node
from autodiff.graph.origin import Origin, is_of_library
from autodiff.ops.opaque import opaque
from autodiff.ops.primitive import Primitive
from autodiff.tensors.record import constant

__all__ = ["FailedNode", "Failure", "failure_of"]

_SWEEPS = ("autodiff.sweeps", "autodiff.graph")
_ARRAYS = (np.ndarray,)


class FailedNode(Node):
    """What an operation would have made, had it not failed: it has operands and no numbers.

    Attributes:
        parents: the operands.
        params: empty; they are in the message of the error.
    """

    __slots__ = ("parents",)

    parents: tuple[Node, ...]
    op: Primitive
    requires_grad: bool = False
    data: None = None
    grad: None = None
    shape: tuple[int, ...] = ()
    size: int = 1
    ndim: int = 0
    dtype: Any = np.dtype(np.float64)
    kind: type = Node

    def __init__(self, op: Primitive, parents: tuple[Node, ...], within: Scope) -> None:
        self.sequence: int = next_sequence()
        self.op, self.parents = op, parents
        if within:
            own_extras(self)["scope"] = within

    @property
    def params(self) -> dict[str, Any]:
        """No parameters."""
        return {}


@dataclass(frozen=True, slots=True, eq=False)
class Failure:
    """What is known of an operation that raised an error.

    Attributes:
        error: the error that the operation raised.
        name: of the operation, function or module.
        node: a `FailedNode`, or the node itself where its backward rule is at fault.
        root: what the node is a part of; of a failed operation the node itself.
        origin: file and line of the user's code.
    """

    error: BaseException
    name: str
    node: Node
    root: Node
    origin: Origin | None = None
    source: str = field(default="")

    @property
    def operands(self) -> tuple[Node, ...]:
        """What the operation was given."""
        return self.node.parents


def failure_of(error: BaseException) -> Failure | None:
    """The operation that raised an error, as far as the error still has its traceback.

    Args:
        error: raised by an operation, a module or `backward`; or by code that caught such a
            one and raised another (``raise … from error``).

    Returns:
        None where no operation of the library failed.

    Example:
        >>> import autodiff as ad
        >>> try:
        ...     ad.tanh(ad.Tensor([[1.0, 2.0]])) @ ad.Tensor([3.0], name="w")
        ... except ad.ShapeError as error:
        ...     found = failure_of(error)
        >>> found.name, [operand.shape for operand in found.operands]
        ('matmul', [(1, 2), (1,)])
    """
    seen: set[int] = set()
    given: BaseException | None = error
    while given is not None and id(given) not in seen:
        seen.add(id(given))
        frames = list(_frames(given))
        last = max((i for i, frame in enumerate(frames) if not is_of_library(frame[0])), default=-1)
        found = _found(given, frames, last)
        if found is not None:
            return found
        given = given.__cause__ or given.__context__
    return None


def _frames(error: BaseException) -> Iterator[tuple[FrameType, int]]:
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _found(error: BaseException, frames: list[tuple[FrameType, int]], last: int) -> Failure | None:
    inner = [frame for frame, _ in frames[last + 1 :]]
    where: Origin | None = None
    if last >= 0:
        frame, line = frames[last]
        where = frame.f_code.co_filename, line
    source = getline(*where).strip() if where is not None else ""
    backward = _in_a_sweep(inner)
    if backward is not None:
        node, root = backward
        name = node.op.name if node.op is not None else "backward"
        return Failure(error, name, node, root, node.origin or where, source)
    entry, operands = _application(inner)
    if entry is None:
        return None
    within = tuple(mark for frame, _ in frames for mark in _marks(frame))
    made = FailedNode(entry, operands, within)
    return Failure(error, entry.name, made, made, where, source)


def _in_a_sweep(frames: list[FrameType]) -> tuple[Any, Any] | None:
    """The node whose rule failed, and the one that the backward pass began with."""
    sweeping = [f for f in frames if f.f_globals.get("__name__", "").startswith(_SWEEPS)]
    if not frames or not sweeping or sweeping[0] is not _first_with_nodes(frames):
        return None
    met = [x for frame in sweeping for x in _arguments(frame) if isinstance(x, Node)]
    nodes = [x for x in met if x.op is not None]
    return (nodes[-1], nodes[0]) if nodes else None


def _first_with_nodes(frames: list[FrameType]) -> FrameType | None:
    return next((frame for frame in frames if list(_nodes(_arguments(frame)))), None)


def _application(frames: list[FrameType]) -> tuple[Primitive | None, tuple[Node, ...]]:
    """The entry of the table, function or module that failed, and what it was given."""
    for frame in frames:
        entry = next((x for x in frame.f_locals.values() if isinstance(x, Primitive)), None)
        operands = tuple(_nodes(_arguments(frame)))
        if entry is not None and operands:
            return entry, operands
    functions = [f for f in frames if f.f_code.co_argcount and not _module(f)]
    for frame in functions:
        operands = tuple(_nodes(_arguments(frame)))
        if operands:
            return opaque(_name(frame)), operands
    for frame in reversed(frames):
        operands = tuple(_nodes(_arguments(frame)))
        module = _module(frame)
        if operands and module is not None:
            held = vars(module).values()
            own = tuple(x for x in held if isinstance(x, Node) and _has_axes(x))
            return opaque(type(module).__name__), operands + own
    return None, ()


def _name(frame: FrameType) -> str:
    name = frame.f_code.co_name
    if name == "__call__":
        return type(_arguments(frame)[0]).__name__
    return name.strip("_")


def _arguments(frame: FrameType) -> list[Any]:
    """What the function of a frame was called with."""
    names, more, keywords, known = inspect.getargvalues(frame)
    found = [known[name] for name in names if name in known]
    found += known.get(more, ()) if more else ()
    found += known.get(keywords, {}).values() if keywords else ()
    return found


def _nodes(given: Any) -> Iterator[Node]:
    """Nodes among arguments, arrays as constants; also within lists and tuples."""
    for x in given:
        if isinstance(x, Node):
            yield x
        elif isinstance(x, _ARRAYS) and x.ndim:
            yield constant(x)
        elif isinstance(x, (list, tuple)) and any(isinstance(part, Node) for part in x):
            yield from _nodes(x)


def _has_axes(x: Any) -> bool:
    return bool(getattr(x, "shape", None))


def _module(frame: FrameType) -> Any:
    """The object whose method a frame runs, if it marks what it makes as a part of a model."""
    first = next(iter(_arguments(frame)), None)
    held = getattr(first, "__dict__", {}).values()
    return first if any(isinstance(x, scope) for x in held) else None


def _marks(frame: FrameType) -> Iterator[tuple[str, str]]:
    """The name and description of a module that is called in a frame."""
    module = _module(frame)
    if module is not None and frame.f_code.co_name == "__call__":
        yield from (x.mark for x in vars(module).values() if isinstance(x, scope))
