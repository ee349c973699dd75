"""Where gradients stopped: a constant that came from a node remembers how, never the graph.

What is kept of a copy is the operation and the two places in the user's code, those of what was
cut off and of the cut. The node that was cut off is known only for as long as somebody else holds
it. Where many constants are made or many numbers taken, less is noted, so that it costs next to
nothing: within `no_grad` the block, which all its results share, and when the node was made; of a
number that leaves, what made the node.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from sys import _getframe
from types import CodeType, FrameType
from typing import Any
from weakref import ref

from autodiff.graph.origin import Origin, is_library, is_of_library, line_of, user_frame

__all__ = [
    "CUT",
    "Cut",
    "Record",
    "cut_at",
    "cut_in_passing",
    "cut_of",
    "latest_departures",
    "note_cut",
    "note_departure",
    "note_taken",
    "note_value",
]

Record = tuple[Any, ...]
"""A cut as it is noted: kind, operation, the one before it, number of the clock, two places in the
code, a weak reference."""


class _Cut(tuple[Any, ...]):
    """The operands of a constant tensor that was cut off: none. It says that ``_cut`` is set."""

    __slots__ = ()


CUT = _Cut()


class Cut:
    """A place where a gradient stops because numbers went on without their history.

    Attributes:
        kind: ``"detach"``; ``"data"``: an array that a node handed out became a constant;
            ``"no_grad"``: made while nothing was recorded; ``"no derivative"``: by an operation
            that has none, such as a comparison; ``"integers"``: by one whose result is whole
            numbers; ``"item"``, ``"numpy"``, ``"float"``, ``"int"`` or ``"complex"``: taken as
            numbers of Python's or NumPy's.
        operation: name of the operation that was not recorded; empty where there was none, or
            it is not known.
        source: name of the operation that made what was cut off; empty for a leaf, and for Values
            within `no_grad`.
        name: the name of what was cut off, if it is known.
        sequence: when that was made, by the clock.
        origin: file and line of the cut: of ``"no_grad"`` where the block, or the decorated
            function, begins; None where it was not noted, as by ``item()``.
        made_at: file and line that made what was cut off; None if that is not known.
        number: what was taken, if it is a single number.
    """

    __slots__ = (
        "_node", "kind", "made_at", "name", "number", "operation", "origin", "sequence", "source"
    )  # fmt: skip

    def __init__(self, record: Record, number: Any = None) -> None:
        kind, entry, op, sequence, code, at, made, made_at, self._node = record
        self.sequence: int = sequence
        if kind == "":
            kind = "integers" if entry.differentiable else "no derivative"
        node = self._node()
        self.kind: str = kind
        self.number: Any = number
        self.operation: str = entry if isinstance(entry, str) else entry.name
        self.source: str = "" if op is None else op.name
        self.name: str | None = None if node is None else node.name
        self.origin: Origin | None = None if code is None else line_of(code, at)
        self.made_at: Origin | None = None if made is None else line_of(made, made_at)

    @property
    def node(self) -> Any:
        """What was cut off, if it still exists; else None."""
        return self._node()


_departures: deque[tuple[Any, ...]] = deque(maxlen=256)
note_taken: Callable[[tuple[Any, ...]], None] = _departures.append
"""Note that a number was taken from a node that needs a gradient, in a hurry: kind, number of the
clock, what was taken; operation and place in the code that made the node, if it is no leaf; place
in the code that took it, if that is known."""


def _nowhere() -> None:
    """What a node is that was not noted."""


def cut_at(frame: FrameType, kind: str, entry: Any, source: Any) -> Record:
    """A cut, noted in a hurry: nothing is looked up that can be looked up later.

    Args:
        frame: the caller's, or one further out that is nearer to the user's.
        kind: see `Cut`; empty for an operation that has no derivative, or not here.
        entry: the operation, or its name.
        source: what is cut off.
    """
    code = frame.f_code
    if is_library(code.co_filename, True):
        while frame.f_back is not None and is_of_library(frame):
            frame = frame.f_back
        code = frame.f_code
    op = source.op
    if op is None:
        return kind, entry, None, source.sequence, code, frame.f_lasti, None, 0, ref(source)
    return (
        kind, entry, op, source.sequence, code, frame.f_lasti, source._code, source._instruction,
        ref(source),
    )  # fmt: skip


def cut_in_passing(entry: Any, source: Any) -> Record:
    """The cut by an operation that has no derivative, or not here: two calls above this one."""
    frame = _getframe(3)
    if is_library(frame.f_code.co_filename, True):
        frame = user_frame(3)
    return entry, source.op, source.sequence, frame.f_code, frame.f_lasti


def cut_of(node: Any) -> Cut | None:
    """How a constant was cut off from its history; None if it never had one.

    Example:
        >>> import autodiff as ad
        >>> x = ad.Tensor([1.0], requires_grad=True, name="x")
        >>> cut = cut_of(ad.exp(x).detach() * 2.0)
        >>> cut.kind, cut.source
        ('detach', 'exp')
    """
    record = _known(node) if node.op is None else None
    return None if record is None else Cut(record)


def _known(node: Any) -> Record | None:
    """The cut of a constant. Of one within `no_grad` the block is noted, and the source's time."""
    found: Record | None
    if hasattr(node, "_data"):
        found = node._cut if node.parents is CUT else None
    else:
        found = getattr(node, "_da", None)
    match found:
        case (block, sequence, entry, op):
            return "no_grad", entry, op, sequence, *block, None, 0, _nowhere
        case (code, at) if node._db is not None:
            return "no_grad", "", None, node._db, code, at, None, 0, _nowhere
        case (entry, op, sequence, code, at):
            return "", entry, op, sequence, code, at, None, 0, _nowhere
    return found


def latest_departures() -> list[Cut]:
    """The latest numbers that left the graph, the last one first."""
    return [_departure(*noted) for noted in reversed(_departures)]


def _departure(kind: str, sequence: int, number: Any, op: Any = None, *places: Any) -> Cut:
    made, made_at, code, at = (*places, None, None, None, None)[:4]
    return Cut((kind, "", op, sequence, code, at, made, made_at, _nowhere), number)


def note_cut(node: Any, source: Any, kind: str, operation: str = "") -> None:
    """Note that a leaf has the numbers of another node, if that had a history.

    Args:
        node: the leaf.
        source: whose numbers it has.
        kind: how it came by them; see `Cut`.
        operation: the name of what was done, where that is no entry of the table.
    """
    if source.requires_grad:
        record = cut_at(_getframe(2), kind, operation, source)
    else:
        before = _known(source)
        if before is None:
            return
        record = before
    if hasattr(node, "_data"):
        node._cut, node.parents = record, CUT
    else:
        node._da = record


def note_value(node: Any, block: tuple[CodeType, int] | None, operands: tuple[Any, ...]) -> None:
    """Note of a constant Value why the operation that gave it was not recorded.

    Args:
        node: the result.
        block: where recording was switched off, if an operand needs a gradient; else None.
        operands: what it was computed from.
    """
    for source in operands:
        if block is not None:
            if source.requires_grad:
                node._da, node._db = block, source.sequence
                return
        elif source._da is not None:
            node._da, node._db = source._da, source._db
            return


def note_departure(
    node: Any, kind: str, number: Any = None, frame: FrameType | None = None
) -> None:
    """Note that the numbers of a node that needs a gradient were taken out of the graph.

    Args:
        node: the node.
        kind: as what; see `Cut`.
        number: what was taken, if it is one.
        frame: the user's that took it, if it is known.
    """
    op = node.op
    made = (None, None) if op is None else (node._code, node._instruction)
    at = () if frame is None else (frame.f_code, frame.f_lasti)
    note_taken((kind, node.sequence, number, op, *made, *at))
