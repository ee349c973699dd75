"""What a card of several nodes computes, as one formula put together from those inside."""

from __future__ import annotations

import re

from autodiff.ops.primitive import Elementwise
from viz.plan.build import Builder
from viz.plan.units import Unit

__all__ = ["composed_formula", "filled_in"]

LONGEST = 30
"""A formula of more characters is not put together further."""


def composed_formula(builder: Builder, unit: Unit, result: int) -> str:
    """The formula of a unit's result, such as ``x @ W₁ᵀ + b₁``; empty where none is short.

    What is inside takes the place of its name: all of it, or only what scales and shifts by
    parameters, as in ``n · γ + β``.

    Args:
        builder: knows the formulas of single nodes.
        unit: whose formula it is.
        result: the node that leaves it.
    """
    texts = {i: _own(builder, i) for i in unit.members if not builder.graph.nodes[i].is_leaf}
    if result not in texts:
        return ""
    whole = _expanded(builder, unit, result, texts, set(texts))
    if whole is not None:
        return whole
    tail = {i for i in texts if any(_is_parameter(builder, o) for o in builder.graph.operands[i])}
    if result in tail and all(isinstance(builder.graph.nodes[i].op, Elementwise) for i in tail):
        return _expanded(builder, unit, result, texts, tail, whole=False) or ""
    return ""


def _own(builder: Builder, index: int) -> str:
    return builder.card(index, "", ()).formula.removeprefix("= ")


def _is_parameter(builder: Builder, index: int) -> bool:
    return index >= 0 and builder.graph.roles[index] == "parameter"


def _expanded(
    builder: Builder,
    unit: Unit,
    result: int,
    texts: dict[int, str],
    inside: set[int],
    whole: bool = True,
) -> str | None:
    """The formula with those of ``inside`` in it; `None` where that is too long or unclear."""
    own = {i: texts[i] for i in inside if i != result}
    text = _filled(builder, texts[result], own)
    if text is None:
        return None
    left = [i for i in texts if i != result and _places(text, builder.names[i])]
    return None if whole and left else text


def filled_in(builder: Builder, unit: Unit, text: str) -> str:
    """A text with formulas in the place of names that stand inside of a card only.

    Args:
        builder: knows the formulas of single nodes.
        unit: the card.
        text: such as ``⊙ d / 8``; given back as it is where the whole would be long or unclear.
    """
    graph, own = builder.graph, set(unit.members)
    inner = {
        i: _own(builder, i)
        for i in unit.members
        if not graph.nodes[i].is_leaf and own.issuperset(graph.readers[i]) and graph.readers[i]
    }
    found = _filled(builder, text, inner)
    if found is None or any(_places(found, builder.names[i]) for i in inner):
        return text
    return found


def _filled(builder: Builder, text: str, texts: dict[int, str]) -> str | None:
    for index in sorted(texts, reverse=True):
        found = _places(text, builder.names[index])
        if len(found) > 1:
            return None
        if found:
            text = _put(text, found[0], texts[index])
        if len(text) > LONGEST:
            return None
    return text


def _places(text: str, name: str) -> list[re.Match[str]]:
    if not name:
        return []
    return list(re.finditer(rf"(?<![\w₀-₉]){re.escape(name)}(?![₀-₉⁽₋]|[^\Wᵀ²])", text))


def _put(text: str, place: re.Match[str], inner: str) -> str:
    before, after = text[: place.start()], text[place.end() :]
    return f"{before}{inner if _fits(before, inner, after) else f'({inner})'}{after}"


def _fits(before: str, inner: str, after: str) -> bool:
    """Whether a formula can stand in another one without brackets."""
    if after.startswith(("ᵀ", "²")) and not inner.isalnum():
        return False
    if inner.startswith("Σ ") and (not before or before.endswith("· ")):
        return not after or after.startswith((" ·", " /"))
    if not _loose(inner) or (before.endswith("(") and after.startswith(")")):
        return True
    opens = not before or before.endswith(("(", ", "))
    closes = not after or after.startswith((")", ", "))
    if opens and closes:
        return True
    sum_before, sum_after = before.endswith(("+ ", "− ")), after.startswith((" +", " −"))
    if re.search(r" [+−] | if ", inner):
        return (opens or before.endswith("+ ")) and (closes or sum_after) and " if " not in inner
    product = opens and after.startswith((" ·", " /", " if "))
    product = product or (before.endswith("⊙ ") and not after)
    return (opens or sum_before or product) and (closes or sum_after or product)


def _loose(text: str) -> bool:
    """Whether a formula has parts side by side, outside any brackets."""
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == " " and not depth:
            return True
    return False
