"""`Why`: the answer, as sentences, as data and as a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from viz.causes.condense import condensed
from viz.causes.finding import Finding
from viz.causes.flow import Flow, as_numbers
from viz.causes.prose import markdown, plain, report_markdown, report_text
from viz.causes.sizes import Scale, scale_of
from viz.causes.staircase import compose
from viz.causes.steps import Step
from viz.draw.scene import Scene
from viz.files import json_text, save_as
from viz.picture import Picture
from viz.read.statistics import rms
from viz.text.formatting import number

__all__ = ["Why", "WhyReport"]


class Why(Picture):
    """Why a gradient is as it is: made by `viz.why`.

    Printed it is text; notebooks show the picture; ``save`` writes svg, png, pdf, html, txt, md
    and json.

    Attributes:
        verdict: one sentence.
        kind: what kind of cause it is, see `viz.causes.finding.KINDS`; ``"healthy"`` where
            nothing is wrong.
        node: the result of the operation that answers for it; None where none does.
        line: file and line of that operation, or of the place where the gradient was cut.
        operation: its name.
        share: which share of the entries is blocked there; None where that has no meaning.
        note: what has to be said of the numbers; mostly nothing.
    """

    def __init__(
        self,
        root: Any,
        x: Any,
        name: str,
        finding: Finding | None,
        flow: Flow | None,
        steps: Callable[[], list[Step]],
        note: str = "",
        *,
        root_name: str = "L",
        title: str = "",
        theme: str = "auto",
    ) -> None:
        super().__init__(title=title, theme=theme)
        self.root: Any = root
        self.x: Any = x
        self.name: str = name
        found = finding or _healthy(flow, name)
        self.verdict: str = found.verdict
        self.kind: str = found.kind
        self.node: Any = found.node
        self.line: tuple[str, int] | None = found.line
        self.operation: str = found.operation
        self.share: float | None = found.share
        self._steps = steps
        self.note: str = note
        self.trail: tuple[tuple[str, tuple[str, int] | None], ...] = found.trail
        self.element: tuple[int, ...] | None = None if flow is None else flow.element
        self.flow: Flow | None = flow
        self.root_name: str = root_name
        if not self.healthy and flow is not None:
            # At once, because an optimizer may soon change what the steps tell of.
            _ = self.steps

    @property
    def healthy(self) -> bool:
        """Whether nothing is wrong."""
        return self.kind == "healthy"

    @property
    def gradient(self) -> Any:
        """The gradient asked about, as an array; None if there is none."""
        return None if self.flow is None else np.asarray(self.flow.gradient())

    @property
    def size(self) -> float | None:
        """Root mean square of the gradient; the gradient itself where it is one number."""
        g = self.gradient
        if g is None:
            return None
        return float(np.real(g.reshape(-1)[0])) if g.size == 1 else rms(g)

    @property
    def scale(self) -> Scale | None:
        """What the gradient is compared with; None where there is none, or it is not finite."""
        if self.flow is None or self.size is None or not np.isfinite(self.size):
            return None
        return scale_of(self.flow)

    @property
    def root_value(self) -> float:
        """The number of the root; nan where it is not one number."""
        data = as_numbers(self.root) if self.root.data is not None else np.zeros(0)
        return float(np.real(data.reshape(-1)[0])) if data.size == 1 else float("nan")

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The way of the gradient from the root, one `Step` for each operation that changes it."""
        with np.errstate(all="ignore"):
            return tuple(self._steps())

    @cached_property
    def rows(self) -> tuple[Step, ...]:
        """The steps as they are shown: what is alike as one, so that all fits on a page."""
        return tuple(condensed(list(self.steps)))

    @cached_property
    def scene(self) -> Scene:
        """The staircase."""
        return compose(self)

    def __str__(self) -> str:
        return plain(self)

    def __repr__(self) -> str:
        return str(self)

    def _repr_markdown_(self) -> str:
        return markdown(self)

    def to_dict(self) -> dict[str, Any]:
        """The answer as dicts, lists, strings and numbers, as written to ``.json``."""
        line = None if self.line is None else {"file": self.line[0], "number": self.line[1]}
        return {
            "name": self.name,
            "kind": self.kind,
            "verdict": self.verdict,
            "operation": self.operation,
            "line": line,
            "share": _known(self.share),
            "size": _known(self.size),
            "note": self.note,
            "steps": [
                {
                    name: _known(getattr(step, name))
                    for name in (
                        "group", "operation", "formula", "line", "source", "factor", "gain",
                        "size", "blocked", "first", "stops",
                    )
                }
                for step in self.steps
            ],
        }  # fmt: skip

    def formats(self) -> dict[str, Callable[[float], bytes]]:
        """Those of every picture, and text, Markdown and JSON."""
        return super().formats() | {
            "txt": lambda _: (plain(self) + "\n").encode("utf-8"),
            "md": lambda _: (markdown(self) + "\n").encode("utf-8"),
            "json": lambda _: (json_text(self.to_dict())).encode("utf-8"),
        }


def _healthy(flow: Flow | None, name: str) -> Finding:
    size = "" if flow is None else number(flow.size(flow.x), 3)
    return Finding("healthy", f"Nothing is wrong with the gradient of {name}: its size is {size}.")


def _known(x: Any) -> Any:
    return x if not isinstance(x, float) or np.isfinite(x) else str(x)


class WhyReport(Mapping[str, Why]):
    """Answers for the parameters of a model, by path; printed, those that matter come first.

    Example:
        >>> import autodiff as ad
        >>> import viz
        >>> w = [ad.Value(1.0, name="a"), ad.Value(2.0, name="b")]
        >>> print(viz.why(w[0] * 3.0, w))
        1 of 2 gradients have something to tell:
        b  not used: No gradient reaches b: the root was not computed from it.
    """

    def __init__(self, answers: dict[str, Why]) -> None:
        self._answers = answers

    def __getitem__(self, name: str) -> Why:
        return self._answers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)

    @property
    def healthy(self) -> bool:
        """Whether nothing is wrong with any of them."""
        return all(answer.healthy for answer in self.values())

    def to_dict(self) -> dict[str, Any]:
        """The answers as dicts, lists, strings and numbers, as written to ``.json``."""
        return {name: answer.to_dict() for name, answer in self.items()}

    def formats(self) -> dict[str, Callable[[float], bytes]]:
        """What `save` can write: text, Markdown, JSON."""
        return {
            "txt": lambda _: f"{self}\n".encode(),
            "md": lambda _: f"{self._repr_markdown_()}\n".encode(),
            "json": lambda _: json_text(self.to_dict()).encode("utf-8", "replace"),
        }

    def save(self, path: str | PathLike[str]) -> Path:
        """Write all answers to a file; the ending of its name chooses the format.

        Args:
            path: ends in ``.txt``, ``.md`` or ``.json``; each answer alone is a picture.

        Returns:
            The path written.

        Raises:
            ValueError: if the ending is none of these.
            OSError: if the file cannot be written.
        """
        return save_as(path, self.formats(), "report", advice="; each of its answers is a picture")

    def _repr_markdown_(self) -> str:
        return report_markdown(list(self.items()))

    def __str__(self) -> str:
        return report_text(list(self.items()))

    def __repr__(self) -> str:
        return str(self)
