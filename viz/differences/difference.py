"""`diff`: two passes compared, to be read, looked at and asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from autodiff.graph.node import Node
from viz.differences.compare import Compared, compare
from viz.differences.elsewhere import elsewhere
from viz.differences.findings import Finding, findings
from viz.differences.passes import Pass, snapshot
from viz.differences.picture import compose
from viz.differences.sentences import headline, subject, summary, table
from viz.draw.page import to_table
from viz.draw.scene import Scene
from viz.files import json_text
from viz.layout import ENGINES
from viz.picture import Picture
from viz.text.formatting import clean

__all__ = ["Difference", "diff"]


class Difference(Picture):
    """Two passes compared: where they part first, and what comes of it.

    Made by `diff`. `print` tells it in words, notebooks show the picture, and `save` writes it
    as ``.svg``, ``.html``, ``.png``, ``.pdf``, ``.txt`` or ``.json``.

    Args:
        a: the first pass.
        b: the second one.
        labels: what the two are called.
        rtol: the relative difference up to which numbers count as equal.
        title: printed over the picture.
        theme: ``auto``, ``light`` or ``dark``.
        engine: the layout engine, as in `viz.draw`.

    Attributes:
        passes: the two passes.
        labels: what they are called.
        nodes: every node of both, laid over each other, operands before results.
        findings: all places where a difference is born, the first one first.
    """

    def __init__(
        self,
        a: Pass,
        b: Pass,
        *,
        labels: tuple[str, str] = ("a", "b"),
        rtol: float | None = None,
        title: str = "",
        theme: str = "auto",
        engine: str = "auto",
    ) -> None:
        if engine not in ENGINES:
            raise ValueError(
                f"engine={engine!r} is not known; expected one of {', '.join(ENGINES)}"
            )
        super().__init__(title=title, theme=theme)
        self.passes: tuple[Pass, Pass] = (a, b)
        self.labels: tuple[str, str] = labels
        self.nodes: list[Compared] = compare(a, b, rtol)
        self.findings: list[Finding] = findings(self.nodes)
        self._engine = engine

    @property
    def first(self) -> Finding | None:
        """The first difference; `None` if the passes agree."""
        return self.findings[0] if self.findings else None

    @property
    def equal(self) -> bool:
        """Whether the passes agree in structure, and in every number to rounding."""
        return not self.findings and all(c.equal for c in self.nodes)

    @property
    def name(self) -> str:
        """What the first difference is in, such as ``∂L/∂r``; empty if the passes agree."""
        return subject(self.first, self.nodes) if self.first else ""

    @property
    def line(self) -> str:
        """The user's line at which the first difference is born; empty where none is known."""
        if self.first is None:
            return ""
        c = self.nodes[self.first.place]
        nodes = [node for node in reversed(c.nodes) if node is not None]
        nodes += [self.nodes[reader].shown for reader in c.readers]
        return next((node.line for node in nodes if node.line), "")

    @property
    def headline(self) -> str:
        """What the first difference is, in a sentence."""
        return headline(self.first, self.nodes, self.labels)

    @property
    def summary(self) -> str:
        """How many values and gradients agree, and what is off by how much."""
        return summary(self.nodes, self.labels)

    @cached_property
    def scene(self) -> Scene:
        """The shapes of the picture."""
        return compose(self, self._engine)

    def __str__(self) -> str:
        first = f"first difference at {self.name}: {self.headline}" if self.first else self.headline
        lines = [first, self.summary]
        for other in self.findings[1:6]:
            lines.append(
                f"then {subject(other, self.nodes)}: " + headline(other, self.nodes, self.labels)
            )
        rows = table(self.nodes, self.labels, self.first)
        if len(rows) > 1:
            widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
            for row in rows:
                cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
                lines.append("  ".join(cells).rstrip())
        return "\n".join(line for line in lines if line)

    def __repr__(self) -> str:
        state = f"first at {self.name}" if self.first else "equal"
        return f"<Difference of {len(self.passes[0])} and {len(self.passes[1])} nodes, {state}>"

    def to_dict(self) -> dict[str, Any]:
        """The comparison as dicts, lists, strings and numbers, as written to ``.json``."""
        return {
            "labels": list(self.labels),
            "equal": self.equal,
            "headline": self.headline,
            "summary": self.summary,
            "findings": [
                {
                    "kind": one.kind,
                    "node": one.place,
                    "of": subject(one, self.nodes),
                    "pass": "forward" if one.forward else "backward",
                    "changes_numbers": one.effect,
                    "says": headline(one, self.nodes, self.labels),
                }
                for one in self.findings
            ],
            "nodes": [_plain(c) for c in self.nodes],
        }

    def formats(self) -> dict[str, Callable[[float], bytes]]:
        """What `save` can write: pictures, text and JSON."""
        return {
            **super().formats(),
            "txt": lambda _: f"{self}\n".encode(),
            "json": lambda _: (json_text(self.to_dict())).encode(),
        }

    def _below(self) -> str:
        rows = table(self.nodes, self.labels, self.first, most=1_000)
        if len(rows) == 1:
            return ""
        return to_table(f"What differs, as a table: {len(rows) - 1} nodes", rows[0], rows[1:])


def _plain(c: Compared) -> dict[str, Any]:
    def finite(number: float | None) -> float | None:
        return None if number is None or number - number != 0 else number

    node = c.shown
    return {
        "name": node.name,
        "formula": node.formula,
        "in": list(c.pair),
        "line": node.line,
        "value_apart": finite(c.value.apart),
        "value_relative": finite(c.value.relative),
        "gradient_apart": finite(c.gradient.apart),
        "gradient_relative": finite(c.gradient.relative),
        "equal": c.equal,
    }


def diff(
    a: Any,
    b: Any = None,
    *,
    values: Mapping[str, Any] | None = None,
    gradients: Mapping[str, Any] | None = None,
    labels: tuple[str, str] | None = None,
    rtol: float | None = None,
    title: str = "",
    theme: str = "auto",
    engine: str = "auto",
) -> Difference:
    """Compare two forward and backward passes: which node differs first, and what follows.

    Two steps of training, float32 against float64, a program before and after a change, or a
    pass against numbers brought from elsewhere. The graphs need not be the same: nodes that
    belong together are found, and what stands in one pass alone is said.

    Args:
        a: a `Value` or `Tensor` whose graph is still there, or the `snapshot` of one. Take a
            snapshot where parameters are updated in between: they are changed in place.
        b: likewise; left out when numbers from elsewhere are given.
        values: arrays by the names of nodes, or by the path of a module's parameter, such as
            ``hidden1.weight``: what elsewhere was computed for them.
        gradients: likewise, derivatives of the result.
        labels: what the two are called; by default what the snapshots are called, else a and b.
        rtol: the relative difference (of root mean squares) up to which numbers count as equal;
            by default 100 roundings of the coarser dtype.
        title: printed over the picture.
        theme: ``auto``, ``light`` or ``dark``.
        engine: layout engine, as in `viz.draw`.

    Returns:
        The comparison: printed as text, shown by notebooks, written by ``save("x.svg")``.

    Raises:
        TypeError: if given neither nodes nor passes, or neither a second pass nor numbers.
        ValueError: if a name is not that of one node, a shape does not fit, there are not two
            labels, the tolerance is negative, or an engine or a theme is not known.
        FreedGraphError: if `backward` has released a graph and nothing is known of it.

    Example:
        >>> import autodiff as ad
        >>> import viz
        >>> def loss(detached):
        ...     w = ad.Value(0.5, name="w")
        ...     h = w * 3
        ...     return ad.tanh(w) * (h.detach() if detached else h)
        >>> d = viz.diff(loss(False), loss(True))
        >>> d.first.kind
        'cut'
        >>> viz.diff(loss(False), gradients={"w": 2.5664}, rtol=1e-3).equal
        True
    """
    if b is None and not (values or gradients):
        raise TypeError(
            "diff() was given one pass; give another one, or numbers from elsewhere as values= or "
            "gradients="
        )
    if b is not None and (values or gradients):
        raise TypeError("diff() was given two passes and numbers from elsewhere; give one of them")
    if labels is not None and (len(labels) != 2 or not all(isinstance(one, str) for one in labels)):
        raise ValueError(f"labels={labels!r} are not two names, one for each pass")
    if rtol is not None and not rtol >= 0:
        raise ValueError(f"rtol={rtol!r} is no relative difference; give a number from 0 on")
    first = _pass(a)
    second = elsewhere(first, values or {}, gradients or {}, "given") if b is None else _pass(b)
    if labels is None:
        labels = (first.label or "a", second.label or "b")
        labels = labels if labels[0] != labels[1] else ("a", "b")
    named = (clean(labels[0], 40), clean(labels[1], 40))
    return Difference(
        first, second, labels=named, rtol=rtol, title=title, theme=theme, engine=engine
    )


def _pass(given: Any) -> Pass:
    if isinstance(given, Pass):
        return given
    if isinstance(given, Node):
        return snapshot(given)
    raise TypeError(
        f"diff() was given {type(given).__name__!r}; give two results that were computed from "
        "others, such as losses, or snapshots of them"
    )
