"""Matrix products: `matmul` in all of NumPy's shapes, and `einsum`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from autodiff.ops.broadcasting import unbroadcast
from autodiff.ops.notation import Place
from autodiff.ops.primitive import MULTIPLICATIVE, POWER, Notation, Structural, structural
from autodiff.ops.sample_operands import Sample, cases


def _swap(xp: Any, x: Any) -> Any:
    return xp.swapaxes(x, -1, -2)


def _matmul_left(xp: Any, g: Any, y: Any, a: Any, b: Any) -> Any:
    if len(b.shape) == 1:
        if len(a.shape) == 1:
            return g * b
        return unbroadcast(xp, xp.expand_dims(g, -1) * b, a.shape)
    if len(a.shape) == 1:
        row = xp.matmul(xp.expand_dims(g, -2), _swap(xp, b))
        return unbroadcast(xp, row, (1, *a.shape))[0]
    return unbroadcast(xp, xp.matmul(g, _swap(xp, b)), a.shape)


def _matmul_right(xp: Any, g: Any, y: Any, a: Any, b: Any) -> Any:
    if len(a.shape) == 1:
        if len(b.shape) == 1:
            return g * a
        outer = xp.expand_dims(a, -1) * xp.expand_dims(g, -2)
        return unbroadcast(xp, outer, b.shape)
    if len(b.shape) == 1:
        column = xp.matmul(_swap(xp, a), xp.expand_dims(g, -1))
        return unbroadcast(xp, column, (*b.shape, 1))[..., 0]
    if len(b.shape) == 2:
        if len(a.shape) > 2:
            # One large product instead of a batch of small ones summed up.
            count = math.prod(a.shape[:-1])
            a = xp.reshape(a, (count, a.shape[-1]))
            g = xp.reshape(g, (count, g.shape[-1]))
        return xp.product_over_rows(a, g, b)
    return unbroadcast(xp, xp.matmul(_swap(xp, a), g), b.shape)


def _batched(place: Place, label: str, rule: str) -> tuple[str, str]:
    """The same with the sum over a batch that the operand has not."""
    own, whole = place.shape[:-2], place.result[: max(len(s) for s in place.shapes) - 2]
    if own == whole:
        return label, rule
    return f"{label}, Σ batch", f"{rule}, summed over the batch"


def _left_factor(place: Place) -> tuple[str, str]:
    a, b = map(len, place.shapes)
    if b > 1:
        return _batched(place, "· {1}ᵀ", "g · {1}ᵀ")
    return ("⊗ {1}", "g ⊗ {1}") if a > 1 else ("· {1}", "g · {1}")


def _right_factor(place: Place) -> tuple[str, str]:
    a, b = map(len, place.shapes)
    if a > 1 and b == 1:
        extra = ("", "") if a == 2 else (", Σ batch", ", summed over the batch")
        return f"{{0}}ᵀ ·{extra[0]}", f"{{0}}ᵀ · g{extra[1]}"
    if a > 1:
        return _batched(place, "{0}ᵀ ·", "{0}ᵀ · g")
    return ("{0} ⊗", "{0} ⊗ g") if b > 1 else ("· {0}", "g · {0}")


matmul: Structural = structural(
    "matmul",
    lambda xp, a, b: xp.matmul(a, b),
    [_matmul_left, _matmul_right],
    notation=Notation("{0} @ {1}", "{0} {1}", MULTIPLICATIVE, (MULTIPLICATIVE, MULTIPLICATIVE + 1)),
    multilinear=True,
    reads=(0, 1),
    samples=cases(
        ([(3,), (3,)], {}),
        ([(2, 3), (3,)], {}),
        ([(3,), (3, 2)], {}),
        ([(2, 3), (3, 4)], {}),
        ([(5, 2, 3), (5, 3, 2)], {}),
        ([(2, 3), (4, 3, 2)], {}),
        ([(4, 2, 3), (3, 2)], {}),
        ([(2, 1, 2, 3), (3, 3, 2)], {}),
        ([(3,), (2, 3, 4)], {}),
        ([(2, 4, 3), (3,)], {}),
    ),
    factors=[("· {1}ᵀ", "g · {1}ᵀ", _left_factor), ("{0}ᵀ ·", "{0}ᵀ · g", _right_factor)],
    doc="Matrix product with NumPy's rules for 1-D, 2-D, batched and broadcast operands.",
)


def _rows(xp: Any, x: Any) -> Any:
    """All axes but the last as one."""
    if len(x.shape) == 2:
        return x
    return xp.reshape(x, (math.prod(x.shape[:-1]), x.shape[-1]))


def _inner(xp: Any, a: Any, b: Any) -> Any:
    if len(b.shape) < 2:
        return xp.matmul(a, b)
    if len(a.shape) == len(b.shape) == 2 and 8 <= a.shape[0] <= b.shape[0] // 2:
        # A product whose second factor is transposed is slow where the first has few rows:
        # half as many again as this one for 64 rows and 256.
        return xp.transpose(xp.matmul(b, xp.transpose(a)))
    # One product of many rows takes half the time of many products, or less.
    y = xp.matmul(_rows(xp, a) if len(a.shape) > 2 else a, _swap(xp, _rows(xp, b)))
    whole = len(b.shape) == 2 and len(a.shape) < 3
    return y if whole else xp.reshape(y, a.shape[:-1] + b.shape[:-1])


def _inner_left(xp: Any, g: Any, y: Any, a: Any, b: Any) -> Any:
    if len(b.shape) != 2:
        g = xp.reshape(g, (*a.shape[:-1], math.prod(b.shape[:-1])))
    if len(a.shape) < 3:
        return xp.matmul_like(g, _rows(xp, b), a)
    return xp.reshape(xp.matmul(_rows(xp, g), _rows(xp, b)), a.shape)


def _inner_right(xp: Any, g: Any, y: Any, a: Any, b: Any) -> Any:
    if not len(a.shape) == len(b.shape) == 2:
        g = xp.reshape(g, (math.prod(a.shape[:-1]), math.prod(b.shape[:-1])))
    product = xp.matmul(_swap(xp, g), _rows(xp, a))
    return product if len(b.shape) == 2 else xp.reshape(product, b.shape)


def _inner_left_factor(place: Place) -> tuple[str, str]:
    a, b = map(len, place.shapes)
    return ("⊗ {1}", "g ⊗ {1}") if a > 1 and b == 1 else ("· {1}", "g · {1}")


def _inner_right_factor(place: Place) -> tuple[str, str]:
    a, b = map(len, place.shapes)
    if a > 1:
        return "gᵀ · {0}", "gᵀ · {0}"
    return ("⊗ {0}", "g ⊗ {0}") if b > 1 else ("· {0}", "g · {0}")


inner: Structural = structural(
    "inner",
    _inner,
    [_inner_left, _inner_right],
    notation=Notation("{0} @ {1}ᵀ", "{0} {1}^T", MULTIPLICATIVE, (MULTIPLICATIVE, POWER)),
    multilinear=True,
    reads=(0, 1),
    samples=cases(
        ([(3,), (3,)], {}),
        ([(2, 3), (4, 3)], {}),
        ([(2, 3), (3,)], {}),
        ([(3,), (2, 3)], {}),
        ([(2, 4, 3), (5, 3)], {}),
        ([(2, 3), (2, 4, 3)], {}),
    ),
    factors=[
        ("· {1}", "g · {1}", _inner_left_factor),
        ("gᵀ · {0}", "gᵀ · {0}", _inner_right_factor),
    ],
    doc="Sums of products over the last axes of both operands; of matrices the product a bᵀ.",
)


def _einsum_vjp(xp: Any, g: Any, y: Any, *operands: Any, subscripts: str, index: int) -> Any:
    inputs, output = subscripts.split("->")
    terms = inputs.split(",")
    target = terms[index]
    shape = operands[index].shape
    others = [term for i, term in enumerate(terms) if i != index]
    known = set(output).union(*others)
    # A label that occurs nowhere else was summed on its own: its cotangent is constant.
    kept = "".join(c for c in target if c in known)
    rest = [operand for i, operand in enumerate(operands) if i != index]
    partial = xp.einsum(f"{','.join([output, *others])}->{kept}", g, *rest)
    # An axis of length 1 was repeated along its label: its cotangents are summed.
    lengths = [n for c, n in zip(target, shape, strict=True) if c in known]
    met = zip(lengths, partial.shape, strict=True)
    partial = unbroadcast(xp, partial, tuple(1 if n == 1 else m for n, m in met))
    if kept != target:
        widened = iter(partial.shape)
        partial = xp.reshape(partial, tuple(next(widened) if c in known else 1 for c in target))
    return xp.broadcast_to(partial, shape) if partial.shape != shape else partial


def _einsum_samples(rng: np.random.Generator) -> Iterator[Sample]:
    for subscripts, shapes in (
        ("ij,jk->ik", [(2, 3), (3, 4)]),
        ("ij->ji", [(2, 3)]),
        ("ij->j", [(2, 3)]),
        ("ij,ij->", [(2, 3), (2, 3)]),
        ("i,j->ij", [(2,), (3,)]),
        ("bij,bjk,k->bi", [(2, 3, 2), (2, 2, 3), (3,)]),
    ):
        yield [rng.standard_normal(s) for s in shapes], {"subscripts": subscripts}


def _einsum_factor(place: Place) -> tuple[str, str]:
    inputs, output = place.params["subscripts"].split("->")
    terms = inputs.split(",")
    others = [i for i in range(len(terms)) if i != place.position]
    labels = f"{','.join([output, *(terms[i] for i in others)])}→{terms[place.position]}"
    given = ", ".join(["g", *(f"{{{i}}}" for i in others)])
    return f"einsum {labels}", f"einsum {labels} of {given}"


einsum: Structural = structural(
    "einsum",
    lambda xp, *operands, subscripts: xp.einsum(subscripts, *operands),
    _einsum_vjp,
    notation=Notation("einsum", r"\operatorname{{einsum}}"),
    multilinear=True,
    reads=("operands",),
    samples=_einsum_samples,
    factors=[
        (
            "einsum",
            "einsum of g and the other operands, summed to the labels of the operand",
            _einsum_factor,
        )
    ],
    doc="Sum of products by index labels (explicit output, each label once per operand).",
)
