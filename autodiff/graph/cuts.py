"""Where gradients stopped: a constant that came from a node remembers how, never the graph.

What is kept is the operation and the two places in the user's code, those of what was cut off and
of the cut. The node that was cut off is known only for as long as somebody else holds it.
"""

from __future__ import annotations

from collections import deque
from sys import _getframe
from types import FrameType
from typing import Any
from weakref import ref

from autodiff.graph.origin import Origin, is_library, line_of, user_frame

__all__ = [
    "CUT",
    "Cut",
    "Record",
    "cut_of",
    "cut_record",
    "latest_departures",
    "note_cut",
    "note_departure",
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
        operation: name of the operation that was not recorded; empty where there was none.
        source: name of the operation that made what was cut off; empty for a leaf.
        name: the name of what was cut off.
        sequence: when that was made, by the clock.
        origin: file and line of the cut.
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
        self.origin: Origin = line_of(code, at)
        self.made_at: Origin | None = None if made is None else line_of(made, made_at)

    @property
    def node(self) -> Any:
        """What was cut off, if it still exists; else None."""
        return self._node()


departures: deque[tuple[Record, Any]] = deque(maxlen=256)
"""The latest numbers that left the graph as those of Python or NumPy, the last one at the end."""


def cut_record(kind: str, entry: Any, source: Any, frame: FrameType) -> Record:
    """A cut, noted in a hurry: nothing is looked up that can be looked up later."""
    op = source.op
    code, made_at = (None, 0) if op is None else (source._code, source._instruction)
    at = frame.f_code, frame.f_lasti
    return kind, entry, op, source.sequence, *at, code, made_at, ref(source)


def _place(depth: int) -> FrameType:
    """The user's frame, ``depth`` frames above the caller's or further out."""
    frame = _getframe(depth + 1)
    return user_frame(depth + 1) if is_library(frame.f_code.co_filename, True) else frame


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
    found: Record | None
    if hasattr(node, "_data"):
        found = node._cut if node.parents is CUT else None
    else:
        found = getattr(node, "_da", None)
    return found


def latest_departures() -> list[Cut]:
    """The latest numbers that left the graph, the last one first."""
    return [Cut(record, number) for record, number in reversed(departures)]


def note_cut(node: Any, source: Any, kind: str, operation: str = "") -> None:
    """Note that a leaf has the numbers of another node, if that had a history.

    Args:
        node: the leaf.
        source: whose numbers it has.
        kind: how it came by them; see `Cut`.
        operation: the name of what was done, where that is no entry of the table.
    """
    if source.requires_grad:
        _note(node, cut_record(kind, operation, source, _place(2)))
    elif (before := _known(source)) is not None:
        _note(node, before)


def _note(node: Any, record: Record) -> None:
    if hasattr(node, "_data"):
        node._cut, node.parents = record, CUT
    else:
        node._da = record


def note_value(node: Any, entry: Any, operands: tuple[Any, ...]) -> None:
    """Note of a constant Value why the operation that gave it was not recorded.

    Args:
        node: the result.
        entry: the operation.
        operands: what it was computed from.
    """
    for source in operands:
        if source.requires_grad:
            # Written out, since who switches recording off wants speed.
            frame = _getframe(2)
            if is_library(frame.f_code.co_filename, True):
                frame = user_frame(2)
            op = source.op
            code, made_at = (None, 0) if op is None else (source._code, source._instruction)
            node._da = (
                "no_grad", entry, op, source.sequence, frame.f_code, frame.f_lasti, code, made_at,
                ref(source),
            )  # fmt: skip
            return
    for source in operands:
        if source._da is not None:
            node._da = source._da
            return


def note_departure(node: Any, kind: str, number: Any = None) -> None:
    """Note that the numbers of a node that needs a gradient were taken out of the graph.

    Args:
        node: the node.
        kind: as what; see `Cut`.
        number: what was taken, if it is one.
    """
    frame = _getframe(2)
    if is_library(frame.f_code.co_filename, True):
        frame = user_frame(2)
    departures.append((cut_record(kind, "", node, frame), number))
