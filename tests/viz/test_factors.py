"""Every wire carries its factor: the table is walked, each entry drawn, and its wires read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops import Elementwise, Fused, Primitive, Structural, every_primitive
from autodiff.ops.notation import Place
from autodiff.ops.primitive import TABLE
from autodiff.tensors.operations import apply
from tests.autodiff.table import elementwise_samples as elementwise
from tests.autodiff.table.structural_samples import samples
from tests.viz.samples import edge
from viz import Drawing, draw
from viz.cards.body import LABEL, LABEL_ROOM
from viz.draw.metrics import text_width
from viz.text.factors import received

ENTRIES = [entry for entry in every_primitive().values() if entry.differentiable]
NAMES = ["A", "B", "C", "D"]
SYMBOLS = re.compile(r"[^\W\d_]\w*")
OPERATORS = {"Σ", "Π"}


def leaf(x: Any, name: str) -> ad.Tensor:
    array = np.asarray(x)
    return ad.Tensor(array, requires_grad=array.dtype.kind in "fc", name=name)


def drawings(entry: Primitive) -> Iterator[Drawing]:
    rng = np.random.default_rng(0)
    results: list[Any] = []
    if isinstance(entry, Elementwise):
        operands = elementwise.operands_for(entry, rng, (2, 3))
        results += [elementwise.apply(entry, *map(leaf, operands, NAMES))]
        if operands[0].dtype.kind == "f":
            numbers = [
                ad.Value(float(x[0, 0]), name=n) for x, n in zip(operands, NAMES, strict=False)
            ]
            results += [elementwise.apply(entry, *numbers)]
    elif isinstance(entry, Fused):
        a, b, c, d = (ad.Value(0.5, name=name) for name in NAMES)
        results += [ad.total([a, b, c]), ad.dot([a, b], [c, d])]
    elif isinstance(entry, Structural) and entry.samples is not None:
        for operands, params in samples(entry):
            results.append(apply(entry, *map(leaf, operands, NAMES), **params))
    for result in results:
        result.name = "r"
        yield draw(result, engine="builtin")


def check(label: str, told: str, operand: str, names: set[str], legend: str = "") -> None:
    assert label
    assert text_width(label, LABEL) <= LABEL_ROOM
    assert re.search(rf"(^|; ){re.escape(operand)} receives [^;]+", told)
    assert "{" not in label + told
    for symbol in SYMBOLS.findall(label):
        # Longer ones are words and functions.
        bare = symbol.rstrip("ᵀᴴ")
        explained = rf"(?<!\w){re.escape(bare)}(?!\w)|{bare}ᵀ"
        if bare in OPERATORS or len(bare) > 2:
            continue
        assert bare in names or re.search(explained, told + legend), symbol


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_label_and_tooltip_of_each_operand(entry: Primitive) -> None:
    met = False
    for drawing in drawings(entry):
        names = {card.id: card.name for card in drawing.graph.cards}
        for wire in drawing.graph.edges:
            if wire.differentiable:
                met = True
                operand = names[wire.source]
                check(wire.local, wire.tooltip, operand, {*names.values()}, drawing.svg)
    if not met:
        count = 2 if callable(entry.vjp) else len(entry.vjp)  # type: ignore[attr-defined]
        for position in range(count):
            place = Place([(2, 2)] * count, (2, 2), {"index": (0, 1)}, position)
            found = received(entry, place, [*NAMES[:count]], "r")
            check(found.label, f"A receives {found.rule}", "A", {*NAMES, "r"}, "g J")


def test_an_entry_that_says_nothing_has_the_jacobian() -> None:
    place = Place([(2,)], (2,), {}, 0)
    entry = Structural("mine", lambda xp, x: x, TABLE["sum"].notation)
    assert received(entry, place, ["A"], "r") == (
        "Jᵀ ·",
        "Jᵀ · g, with J the Jacobian of the result by the operand",
    )


def index(text: str, params: dict[str, Any]) -> Any:
    """What stands in the brackets of a label as an index again."""
    text = text.replace("−", "-").replace("new", "None").replace("…", "...")
    given = params.get("index")
    arrays = [x for x in (given if isinstance(given, tuple) else (given,)) if np.ndim(x)]
    known = dict(zip("ijk", arrays, strict=False)) | {"mask": given}
    return eval(f"np.s_[{text}]", {"np": np, **known})


def placed(g: Any, where: Any, shape: tuple[int, ...]) -> Any:
    found = np.zeros(shape)
    np.add.at(found, where, g)
    return found


def summed(found: Any, shape: tuple[int, ...]) -> Any:
    extra = tuple(range(found.ndim - len(shape)))
    found = found.sum(axis=extra)
    thin = tuple(i for i, n in enumerate(shape) if n == 1)
    return found.sum(axis=thin, keepdims=True)


def turned(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def inner(g: Any, x: Any) -> Any:
    return g * x if x.ndim == 1 else np.tensordot(g, x, x.ndim - 1)


def from_left(x: Any, g: Any) -> Any:
    column = g.ndim < x.ndim
    found = turned(x) @ (g[..., None] if column else g)
    return found[..., 0] if column else found


def from_right(g: Any, x: Any) -> Any:
    row = g.ndim < x.ndim
    found = (g[..., None, :] if row else g) @ turned(x)
    return found[..., 0, :] if row else found


def einsum(given: str, wanted: str, arrays: list[Any], shape: tuple[int, ...]) -> Any:
    # What no other has is repeated.
    lone = [label for label in wanted if label not in given]
    ones = [np.ones(shape[wanted.index(label)]) for label in lone]
    return np.einsum(f"{','.join([given, *lone])}->{wanted}", *arrays, *ones)


def over_rows(g: Any, x: Any) -> Any:
    rows = range(x.ndim - 1)
    return np.tensordot(g, x, (rows, rows))


Case = tuple[Any, list[Any], dict[str, Any], tuple[int, ...]]
MEANINGS: list[tuple[str, Callable[[re.Match[str], Case], Any]]] = [
    (r"g\[(.*)\]", lambda m, c: summed(c[0][index(m[1], c[2])], c[3])),
    (r"into \[(.*)\]", lambda m, c: placed(c[0], index(m[1], c[2]), c[3])),
    (
        r"einsum (.*)→(.*)",
        lambda m, c: einsum(m[1], m[2], [c[0], *c[1]], c[3]),
    ),
    (r"· [AB]", lambda m, c: inner(c[0], c[1][0])),
    (r"⊗ [AB]", lambda m, c: c[0][..., None] * c[1][0]),
    (r"[AB] ⊗", lambda m, c: c[1][0][:, None] * c[0][..., None, :]),
    (r"· [AB]ᵀ", lambda m, c: from_right(c[0], c[1][0])),
    (r"· [AB]ᵀ, Σ batch", lambda m, c: summed(from_right(c[0], c[1][0]), c[3])),
    (r"[AB]ᵀ ·", lambda m, c: from_left(c[1][0], c[0])),
    (r"[AB]ᵀ ·, Σ batch", lambda m, c: summed(from_left(c[1][0], c[0]), c[3])),
    (r"gᵀ · [AB]", lambda m, c: over_rows(c[0], c[1][0])),
    (r"axes (.*)", lambda m, c: c[0].transpose(*map(int, m[1].split(", ")))),
    (r"gᵀ", lambda m, c: c[0].T),
]
EXACT = "getitem scatter concatenate stack einsum matmul inner pad transpose".split()


@pytest.mark.parametrize("name", EXACT)
def test_labels_made_of_shapes_and_indices_are_what_the_operand_receives(name: str) -> None:
    rng = np.random.default_rng(1)
    entry: Any = TABLE[name]
    for operands, params in samples(entry):
        nodes = [leaf(x, n) for x, n in zip(operands, NAMES, strict=False)]
        result = apply(entry, *nodes, **params)
        drawing = draw(result, engine="builtin")
        g = rng.normal(size=result.shape)
        result.backward(g)
        for position, node in enumerate(nodes):
            label = edge(drawing, node.name, drawing.graph.cards[-1].name).local
            others = [x for i, x in enumerate(operands) if i != position]
            if label != "1":
                known = ((meaning, re.fullmatch(pattern, label)) for pattern, meaning in MEANINGS)
                meaning, found = next((m, match) for m, match in known if match is not None)
                value = meaning(found, (g, others, params, node.shape))
                np.testing.assert_allclose(value, node.grad, err_msg=f"{name}: {label}")
