"""What an entry of the operation table is.

A primitive states once what it computes and what its derivative is, in terms of an
array namespace ``xp``. Everything else in the project interprets that statement: it only
chooses what ``xp`` and the operands are. Nothing in this package knows of graphs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autodiff.ops.half_precision import in_single
from autodiff.ops.notation import (
    ADDITIVE,
    ATOM,
    COMPARISON,
    MULTIPLICATIVE,
    NEGATION,
    POWER,
    Domain,
    Factor,
    Notation,
)

__all__ = [
    "ADDITIVE",
    "ATOM",
    "COMPARISON",
    "MULTIPLICATIVE",
    "NEGATION",
    "POWER",
    "TABLE",
    "Domain",
    "Elementwise",
    "Fused",
    "Notation",
    "Primitive",
    "Structural",
    "elementwise",
    "fused",
    "structural",
]

Rule = Callable[..., Any]


@dataclass(frozen=True, slots=True, eq=False)
class Primitive:
    """One entry of the table. Compared by identity, found in `TABLE` by ``name``.

    Attributes:
        name: the public name, that of NumPy where NumPy has the function.
        forward: ``forward(xp, *operands, **params)``, the value.
        notation: how an application is written as text and as LaTeX.
        domains: where each operand may be sampled; one entry per operand.
        differentiable: false for comparisons and the like, which carry no gradient.
        doc: one sentence for the generated documentation.
        selects: passes a zero cotangent to what it did not choose (`where`, `maximum`).
        ordered: compares numbers, so it has no meaning for complex ones.
        keeps: parameters that hold arrays, which a node keeps apart from what users write into.
        aside: positions of operands that only choose, whose types the result does not have.
        of_one_kind: its rules need complex operands where the result is complex, and not real
            ones beside them: they take logarithms.
    """

    name: str
    forward: Rule
    notation: Notation
    domains: tuple[Domain, ...] = (Domain(),)
    differentiable: bool = True
    doc: str = ""
    selects: bool = False
    ordered: bool = False
    keeps: tuple[str, ...] = ()
    aside: tuple[int, ...] = ()
    of_one_kind: bool = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__.lower()} primitive {self.name!r}>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Elementwise(Primitive):
    """Acts on each element alone, after broadcasting.

    Attributes:
        partials: one entry per operand: a number, when the partial derivative is that
            constant, or ``partial(xp, y, *operands, **params)`` with ``y`` the result.
            The VJP is ``g * partial``, the JVP ``tangent * partial``, and the label
            drawn on an edge is ``partial`` run on symbols. A zero written as one, the
            constant 0 or ``xp.where(condition, slope, 0.0)`` around all else, is a choice:
            there nothing is sent, not even of an infinite cotangent.
        kinks: operand values (for a binary primitive: differences of the two operands)
            at which the function is continuous but not differentiable.
        ufunc: the name of the function that is ``forward`` in every namespace, if one is.
        refused: ``refused(**params)``: what is wrong with the parameters, as text that follows
            the name in the error, or nothing.
    """

    partials: tuple[Rule | float, ...] = ()
    kinks: tuple[float, ...] = ()
    ufunc: str | None = None
    refused: Callable[..., str] | None = None

    @property
    def arity(self) -> int:
        """Number of differentiable operands."""
        return len(self.domains)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Structural(Primitive):
    """Moves, combines or reduces elements.

    Attributes:
        vjp: one rule ``vjp(xp, g, y, *operands, **params)`` per operand; or, for a
            primitive with any number of operands, a single rule called with the
            operand's position as keyword ``index``. Each returns the cotangent of that
            operand for the cotangent ``g`` of the result ``y``.
        together: the rules of ``vjp`` in one that is told which are ``wanted``, if they share work.
        reads: which arrays the rules read beyond shape and dtype: positions of
            operands, and ``"y"`` for the result. What is not listed may change freely
            between the forward and the backward pass.
        linear: the value is linear in the differentiable operands.
        multilinear: the value is linear in each operand while the others stay.
        jvp: ``jvp(xp, tangents, y, *operands, **params)`` returns the tangent of the result
            for those of the operands (None where one does not vary). Without it the tangent
            is that of ``forward`` for what is linear, else that of ``vjp`` transposed.
        samples: ``samples(rng)`` yields ``(operands, params)`` for the tests.
        factors: what each operand receives, drawn and told; the last one holds for all others.
        convention: of the gradient, where it is not that by each entry; gradient checks say it.
        kinks: the sentence of what the gradient is where there is no derivative.
    """

    vjp: tuple[Rule, ...] | Rule = ()
    together: Rule | None = None
    reads: tuple[int | str, ...] = ()
    linear: bool = False
    samples: Callable[..., Any] | None = None
    factors: tuple[Factor, ...] = ()
    multilinear: bool = False
    jvp: Rule | None = None
    convention: str = ""
    kinks: str = ""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Fused(Primitive):
    """Several scalar operations recorded as one node with any number of operands.

    Attributes:
        partials: ``partials(xp, y, *operands)`` returns the partial derivatives with
            respect to all operands, in their order.
    """

    partials: Rule = lambda xp, y, *operands: ()


TABLE: dict[str, Primitive] = {}


def _register(primitive: Primitive) -> None:
    if primitive.name in TABLE:
        raise ValueError(
            f"the operation table already has an entry {primitive.name!r}; "
            "give the new primitive another name"
        )
    TABLE[primitive.name] = primitive


def elementwise(
    name: str,
    forward: Rule | str,
    partials: Sequence[Rule | float],
    *,
    notation: Notation | None = None,
    domains: Sequence[Domain] | None = None,
    kinks: Sequence[float] = (),
    differentiable: bool = True,
    selects: bool = False,
    ordered: bool = False,
    aside: Sequence[int] = (),
    of_one_kind: bool = False,
    refused: Callable[..., str] | None = None,
    doc: str = "",
) -> Elementwise:
    """Declare an elementwise primitive and enter it in the table.

    See `Elementwise` for the meaning of the arguments. ``forward`` may be the name of a
    function that every namespace has under that name with that meaning (then it is also the
    NumPy ufunc's name); operands are sampled from (-2, 2) where no domain is given.

    Returns:
        The entry.
    """
    arity = len(partials)
    ufunc: str | None = None
    if isinstance(forward, str):
        ufunc, forward = forward, _by_name(forward)
    entry = Elementwise(
        name=name,
        forward=forward,
        notation=notation or Notation.function(name, arity=arity),
        domains=tuple(domains) if domains is not None else (Domain(),) * arity,
        differentiable=differentiable,
        doc=doc,
        selects=selects,
        ordered=ordered,
        aside=tuple(aside),
        of_one_kind=of_one_kind,
        partials=tuple(partials),
        kinks=tuple(kinks),
        ufunc=ufunc,
        refused=refused,
    )
    _register(entry)
    return entry


def _by_name(name: str) -> Rule:
    def forward(xp: Any, *operands: Any) -> Any:
        return getattr(xp, name)(*operands)

    return forward


def structural(
    name: str,
    forward: Rule,
    vjp: Sequence[Rule] | Rule,
    *,
    together: Rule | None = None,
    notation: Notation | None = None,
    reads: Sequence[int | str] = (),
    keeps: Sequence[str] = (),
    linear: bool = False,
    multilinear: bool = False,
    jvp: Rule | None = None,
    samples: Callable[..., Any] | None = None,
    factors: Sequence[str | tuple[Any, ...]] = (),
    differentiable: bool = True,
    selects: bool = False,
    ordered: bool = False,
    sums: bool = False,
    convention: str = "",
    kinks: str = "",
    doc: str = "",
) -> Structural:
    """Declare a structural primitive and enter it in the table.

    See `Structural` for the meaning of the arguments; with ``sums``, which says that many
    numbers are added up or counted, every rule computes float16 in float32.

    Returns:
        The entry.
    """
    if sums:
        forward = in_single(forward)
        vjp = in_single(vjp) if callable(vjp) else [in_single(rule) for rule in vjp]
        jvp, together = (None if rule is None else in_single(rule) for rule in (jvp, together))
    entry = Structural(
        name=name,
        forward=forward,
        notation=notation or Notation.function(name),
        differentiable=differentiable,
        doc=doc,
        selects=selects,
        ordered=ordered,
        keeps=tuple(keeps),
        vjp=vjp if callable(vjp) else tuple(vjp),
        together=together,
        reads=tuple(reads),
        linear=linear,
        samples=samples,
        factors=tuple(map(Factor.of, factors)),
        multilinear=multilinear,
        jvp=jvp,
        convention=convention,
        kinks=kinks,
    )
    _register(entry)
    return entry


def fused(
    name: str, forward: Rule, partials: Rule, *, notation: Notation | None = None, doc: str = ""
) -> Fused:
    """Declare a fused scalar primitive, see `Fused`, and enter it in the table."""
    entry = Fused(
        name=name,
        forward=forward,
        notation=notation or Notation.function(name),
        doc=doc,
        partials=partials,
    )
    _register(entry)
    return entry
