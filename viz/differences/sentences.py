"""What is said of a comparison of two passes."""

from __future__ import annotations

from collections.abc import Iterable

from viz.differences.compare import Compared, Distance
from viz.differences.findings import Finding
from viz.differences.passes import PassNode
from viz.read.statistics import rms
from viz.text.formatting import number, percent

__all__ = ["headline", "subject", "summary", "table"]

Labels = tuple[str, str]


def subject(finding: Finding, compared: list[Compared]) -> str:
    """The quantity that differs first, such as ``∂L/∂r``."""
    name = compared[finding.place].shown.name
    if finding.forward:
        return name
    return f"∂{compared[-1].shown.name}/∂{name}"


def headline(finding: Finding | None, compared: list[Compared], labels: Labels) -> str:
    """What the first difference is, as half a sentence."""
    if finding is None:
        return "the two passes agree in every value and every gradient"
    c = compared[finding.place]
    one, other = c.nodes
    name, b = c.shown.name, labels[1]
    where = _where(c, compared)
    if finding.kind in ("extra", "missing"):
        side = labels[1] if finding.kind == "extra" else labels[0]
        formula = "" if c.shown.formula == name else f" = {c.shown.formula}"
        return f"only {side} computes {name}{formula}{where}"
    assert one is not None
    assert other is not None
    if finding.kind == "operation":
        first, second = (_made(node) for node in (one, other))
        return f"{labels[0]} computes {first}, {b} {second}{where}"
    if finding.kind == "settings":
        return f"{other.op} has other settings: {_settings(one, other, labels)}{where}"
    if finding.kind == "order":
        return f"{other.op} takes its operands in another order in {b}: {other.formula}{where}"
    if finding.kind == "operands":
        return f"{labels[0]} computes {one.formula}, {b} {other.formula}{where}"
    if finding.kind == "cut":
        return f"in {b}, {name} {_ending(other)}{where} and the gradient ends there"
    if finding.kind == "joined":
        return f"in {labels[0]}, {name} {_ending(one)}{where}; in {b} it has a history"
    if finding.kind == "frozen":
        side, node = (labels[0], one) if other.needs_gradient else (b, other)
        if node.cut:
            return f"in {side}, {name} {_ending(node)}{where}, so it receives no gradient"
        return f"in {side}, {name} needs no gradient"
    if finding.kind == "dtype":
        return f"{labels[0]} computes it in {one.dtype}, {b} in {other.dtype}{where}"
    if finding.kind == "shape":
        return f"its shape is {one.shape} in {labels[0]} and {other.shape} in {b}{where}"
    if finding.kind == "value":
        return f"{_apart(c.value, labels)}{_read(c, compared)}"
    if finding.kind == "number":
        known = all(compared[o].value.apart is not None for o in c.operands)
        return f"{'from equal operands ' * known}{_apart(c.value, labels)}{where}"
    known = all(compared[reader].gradient.apart is not None for reader in c.readers)
    return f"{'from equal gradients ' * known}{_apart(c.gradient, labels)}{where}"


_ENDINGS = {
    "detach": "is detached",
    "no_grad": "is computed while nothing is recorded",
    "no derivative": "passes an operation that has no derivative",
    "integers": "becomes whole numbers",
}


def _ending(node: PassNode) -> str:
    """How a number came to have no history."""
    if not node.cut:
        return "is a number without a history"
    return _ENDINGS.get(node.cut, f"is taken as a number ({node.cut})")


def _made(node: PassNode) -> str:
    return node.formula if node.formula else "a number without a history"


def _where(c: Compared, compared: list[Compared]) -> str:
    """The line of the user's code, that of the second pass if there are two."""
    lines = [node.line for node in reversed(c.nodes) if node is not None and node.line]
    return f" ({lines[0]})" if lines else _read(c, compared)


def _read(c: Compared, compared: list[Compared]) -> str:
    readers = [compared[reader].shown for reader in c.readers]
    lines = [reader.line for reader in readers if reader.line]
    return f" (used at {lines[0]})" if lines else ""


def _settings(one: PassNode, other: PassNode, labels: Labels) -> str:
    first, second = (dict(_split(node.params)) for node in (one, other))
    differing = [key for key in sorted(first | second) if first.get(key) != second.get(key)]
    told = [
        f"{key}={_short(first.get(key))} in {labels[0]}, {_short(second.get(key))} in {labels[1]}"
        for key in differing
    ]
    return "; ".join(told)


def _split(params: str) -> Iterable[tuple[str, str]]:
    depth, start = 0, 0
    for place, char in enumerate(f"{params}, "):
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth == 0:
            key, _, entry = params[start:place].partition("=")
            if key:
                yield key.strip(), entry
            start = place + 2


def _short(entry: str | None) -> str:
    if entry is None:
        return "absent"
    return entry if len(entry) <= 24 else f"{entry[:23]}…"


def _apart(distance: Distance, labels: Labels) -> str:
    if distance.apart is None:
        return "the shapes differ"
    first, second = ("—" if size is None else number(size) for size in distance.sizes)
    if distance.apart == float("inf"):
        return f"rms {first} in {labels[0]} and {second} in {labels[1]}"
    gap, share = number(distance.apart), percent(distance.relative)
    share = f", {share}" if share else ""
    return f"{labels[0]} and {labels[1]} are {gap} apart{share} (rms {first} and {second})"


def summary(compared: list[Compared], labels: Labels) -> str:
    """How many values and gradients agree, and who is off by how much."""
    parts = []
    for what in ("value", "gradient"):
        told = _passes(compared, what, labels)
        if told:
            parts.append(f"{'Forward' if what == 'value' else 'Backward'}: {told}.")
    single = [sum(c.nodes[1 - side] is None for c in compared) for side in (0, 1)]
    for side, count in enumerate(single):
        if count:
            nodes = f"{count} node{'s' * (count != 1)}"
            parts.append(f"{nodes} stand{'s' * (count == 1)} in {labels[side]} alone.")
    return " ".join(parts)


def _passes(compared: list[Compared], what: str, labels: Labels) -> str:
    known = [(c, getattr(c, what)) for c in compared if not c.single]
    known = [(c, d) for c, d in known if d.apart is not None or not d.equal]
    if not known:
        return ""
    equal = [d for _, d in known if d.equal]
    worst = max((d.within for d in equal), default=0.0)
    exactly = "exactly" if worst == 0 else f"to {number(worst, 2)}"
    if len(equal) == len(known):
        every = f"all {len(known)} arrays agree" if len(known) > 1 else "the only array agrees"
        return f"{every} {exactly}"
    told = f"{len(equal)} of {len(known)} arrays agree {exactly}" if equal else "no array agrees"
    leaves = [(c, d) for c, d in known if not d.equal and c.shown.is_leaf and c.shown.called]
    chosen = leaves or [(c, d) for c, d in known if not d.equal]
    chosen.sort(key=lambda entry: -(entry[1].relative or float("inf")))
    words = [_off(c, d, labels) for c, d in chosen[:4]]
    more = f" and {len(chosen) - 4} more" if len(chosen) > 4 else ""
    return f"{told}; {', '.join(words)}{more}"


def _off(c: Compared, d: Distance, labels: Labels) -> str:
    if d.missing:
        return f"{c.shown.name} receives nothing in {labels[d.sizes[0] is not None]}"
    if d.relative is None:
        return f"{c.shown.name} is not the same"
    return f"{c.shown.name} is {percent(d.relative)} off"


def table(
    compared: list[Compared], labels: Labels, first: Finding | None, most: int = 40
) -> list[tuple[str, ...]]:
    """What differs, row by row under a heading: names and sizes in both passes.

    The first difference comes first, and what follows from it in the order of its pass.
    """
    rows: list[tuple[str, ...]] = [("", f"value in {labels[0]}", f"in {labels[1]}", "apart",
             f"gradient in {labels[0]}", f"in {labels[1]}", "apart", "line")]  # fmt: skip
    differing = _in_order(compared, first)
    for c in differing[:most]:
        cells = [c.shown.name]
        for d, field in ((c.value, "value"), (c.gradient, "gradient")):
            sizes = [_size(c.nodes[side], field) for side in (0, 1)]
            cells += [*sizes, percent(d.relative) if not d.equal else "="]
        rows.append((*cells, c.shown.line))
    if len(differing) > most:
        rows.append((f"… {len(differing) - most} more", *[""] * 7))
    return rows


def _in_order(compared: list[Compared], first: Finding | None) -> list[Compared]:
    start = 0 if first is None else first.place
    places = [place for place, c in enumerate(compared) if not c.equal]
    if first is not None and not first.forward:
        places.reverse()
        return [compared[p] for p in sorted(places, key=lambda place: place > start)]
    return [compared[p] for p in sorted(places, key=lambda place: place < start)]


def _size(node: PassNode | None, field: str) -> str:
    data = None if node is None else getattr(node, field)
    return "—" if data is None else number(rms(data))
