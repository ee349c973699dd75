"""Where two passes part: each place at which a difference is born, and what it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from viz.differences.compare import Compared, Distance
from viz.differences.passes import PassNode

__all__ = ["Finding", "findings"]


COMMUTE = frozenset(("add", "multiply", "maximum", "minimum"))
"""The order of their operands is no difference."""

JUMP = 10.0
"""A difference is new that exceeds those before it by this factor."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A place where a difference is born.

    Attributes:
        kind: ``value`` (a leaf holds other numbers), ``operation``, ``settings``, ``operands``,
            ``order`` (the same operands, exchanged), ``extra`` or ``missing`` (stands in one
            pass alone), ``dtype``, ``shape``, ``number`` (equal operands, other result),
            ``cut`` or ``joined`` (the gradient ends in one pass alone), ``frozen``,
            ``gradient`` (equal gradients arrive, others leave).
        place: which node of the comparison.
        forward: whether it is of the forward pass.
        effect: whether numbers differ there.
    """

    kind: str
    place: int
    forward: bool
    effect: bool


def findings(compared: list[Compared]) -> list[Finding]:
    """All places where a difference is born: those that change numbers first, in their order.

    Forward ones come in the order of the forward pass, then backward ones in that of the
    backward pass. What follows from another one is not among them.
    """
    forward = list(_forward(compared))
    found = [*forward, *_backward(compared, {one.place for one in forward})]
    return [one for one in found if one.effect] + [one for one in found if not one.effect]


def _forward(compared: list[Compared]) -> Iterator[Finding]:
    places = [
        {c.pair[side]: index for index, c in enumerate(compared) if c.pair[side] is not None}
        for side in (0, 1)
    ]
    for index, c in enumerate(compared):
        one, other = c.nodes
        if one is None or other is None:
            if _heads_a_part(compared, c):
                effect = any(not compared[reader].value.equal for reader in c.readers)
                effect = effect or any(not compared[o].gradient.equal for o in c.operands)
                yield Finding("missing" if other is None else "extra", index, True, effect)
            continue
        if _is_number(one) and _is_number(other) and any(not compared[r].single for r in c.readers):
            # A number without a name belongs to what reads it.
            continue
        kind = _structural(one, other, places, compared)
        if kind == "cut":
            if not c.value.equal:
                yield Finding("operation", index, True, True)
        elif kind:
            # Two numbers that happen to be equal hide what is read, but not what is sent back.
            known = [c.value, c.gradient, *(compared[o].gradient for o in c.operands)]
            effect = not all(distance.equal for distance in known)
            turned = kind == "order" and one.op in COMMUTE
            if (effect and not turned) or kind not in ("order", "operands"):
                yield Finding(kind, index, True, effect)
        elif (
            not c.value.equal
            and _begins(c.value, [compared[o].value for o in c.operands])
            and (not any(compared[o].single for o in c.operands))
        ):
            yield Finding(_numeric(one, other), index, True, True)


def _begins(distance: Distance, before: list[Distance]) -> bool:
    """Whether a difference is new: not there before, and no rounding that has grown."""
    grown = JUMP * max((d.relative or 0.0 for d in before), default=0.0)
    return all(d.equal for d in before) and (distance.relative is None or distance.relative > grown)


def _heads_a_part(compared: list[Compared], c: Compared) -> bool:
    """Whether what stands in one pass alone is read by something that stands in both."""
    if c.shown.is_leaf:
        return False
    return any(
        one is not None and other is not None and not one.is_leaf and not other.is_leaf
        for one, other in (compared[reader].nodes for reader in c.readers)
    )


def _structural(
    one: PassNode, other: PassNode, places: list[dict[int | None, int]], compared: list[Compared]
) -> str:
    """What kind of difference two nodes show without a look at their numbers."""
    if one.is_leaf != other.is_leaf:
        return "cut"
    if one.is_leaf:
        return ""
    if one.op != other.op:
        return "operation"
    if one.params != other.params:
        return "settings"
    read = [places[0][operand] for operand in one.operands]
    if read == [places[1][o] for o in other.operands] and all(
        compared[p].value.equal for p in read
    ):
        return ""
    first = [_told(compared, places[0][operand], 0) for operand in one.operands]
    second = [_told(compared, places[1][operand], 1) for operand in other.operands]
    if first != second:
        if sorted(first) == sorted(second):
            return "order"
        # An operation that stands between the two in one pass alone is a finding of its own.
        between = [place for place, _ in {*first, *second} if place >= 0]
        between = [place for place in between if compared[place].single]
        if all(compared[place].shown.is_leaf for place in between):
            return "operands"
    return ""


def _told(compared: list[Compared], place: int, side: int) -> tuple[int, str]:
    """An operand by its place, or by its value if it is a number without a name."""
    c = compared[place]
    node = c.nodes[side]
    assert node is not None
    if c.nodes[0] is not None and c.value.equal and not c.single:
        # 0.1 is another number in float32 than in float64, and meant to be the same.
        node = c.nodes[0]
    if _is_number(node) and node.value is not None:
        return -1, repr(node.value.item())
    return place, ""


def _is_number(node: PassNode) -> bool:
    """Whether it is what a program has written out, such as the 2 of ``2 * x``."""
    plain = node.is_leaf and not node.called and not node.cut and node.role == "constant"
    return plain and node.value is not None and node.value.size == 1


def _numeric(one: PassNode, other: PassNode) -> str:
    if one.is_leaf:
        return "value"
    if one.shape != other.shape:
        return "shape"
    return "dtype" if one.dtype != other.dtype else "number"


def _backward(compared: list[Compared], born: set[int]) -> Iterator[Finding]:
    # What is computed from a frozen leaf alone is a number, too: the leaf comes first.
    frozen = [index for index, c in enumerate(compared) if _frozen_in_one(c)]
    for index in frozen:
        yield Finding("frozen", index, False, not compared[index].gradient.equal)
    for index in reversed(range(len(compared))):
        c = compared[index]
        one, other = c.nodes
        if one is None or other is None:
            continue
        if one.is_leaf != other.is_leaf and one.needs_gradient != other.needs_gradient:
            kind = "cut" if other.is_leaf else "joined"
            yield Finding(kind, index, False, not c.gradient.equal)
            continue
        if c.gradient.equal or index in frozen:
            continue
        # What computes something else sends something else back.
        if born & {*c.readers} or not all(_passes_the_same(compared, r) for r in c.readers):
            continue
        if not _begins(c.gradient, [compared[reader].gradient for reader in c.readers]):
            continue
        yield Finding(_kind_of_gradient(one, other), index, False, True)


def _frozen_in_one(c: Compared) -> bool:
    one, other = c.nodes
    if one is None or other is None or not (one.is_leaf and other.is_leaf):
        return False
    return one.needs_gradient != other.needs_gradient


def _passes_the_same(compared: list[Compared], reader: int) -> bool:
    """Whether equal gradients come to a node, and equal numbers make its local derivatives."""
    c = compared[reader]
    if c.single or not (c.value.equal and c.gradient.equal):
        return False
    one, other = c.nodes
    assert one is not None
    assert other is not None
    same = (one.op, one.params) == (other.op, other.params)
    return same and all(compared[o].value.equal and not compared[o].single for o in c.operands)


def _kind_of_gradient(one: PassNode, other: PassNode) -> str:
    if one.gradient is None or other.gradient is None:
        return "cut" if other.gradient is None else "joined"
    return "gradient"
