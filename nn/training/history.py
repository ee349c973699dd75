"""The figures of every epoch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["History"]


class History:
    """What was measured in the epochs of a fit.

    Attributes:
        epochs: one dict of figures per finished epoch; ``epoch`` counts from 1.
        interrupted: whether Ctrl-C ended the fit.

    Example:
        >>> history = History()
        >>> history.epochs.append({"epoch": 1, "loss": 0.5})
        >>> history["loss"], len(history), history.last["loss"]
        ([0.5], 1, 0.5)
    """

    def __init__(self) -> None:
        self.epochs: list[dict[str, Any]] = []
        self.interrupted = False

    @property
    def last(self) -> dict[str, Any]:
        """The figures of the last finished epoch; empty if there is none."""
        return self.epochs[-1] if self.epochs else {}

    def __getitem__(self, name: str) -> list[Any]:
        """One figure over the epochs."""
        if not any(name in epoch for epoch in self.epochs):
            names = sorted({key for epoch in self.epochs for key in epoch})
            raise KeyError(
                f"no epoch has the figure {name!r}; there are {', '.join(names) or 'none yet'}"
            )
        return [epoch.get(name) for epoch in self.epochs]

    def __len__(self) -> int:
        return len(self.epochs)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.epochs)

    def __repr__(self) -> str:
        figures = ", ".join(
            f"{k}={v:.4g}" if isinstance(v, float) else f"{k}={v}" for k, v in self.last.items()
        )
        ending = ", interrupted" if self.interrupted else ""
        return f"History({len(self)} epochs{': ' if figures else ''}{figures}{ending})"
