"""The figures of every epoch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from autodiff.extending import notebook_table

__all__ = ["History"]

_TOLD = 20
"""So many epochs stand in a table."""


class History:
    """What was measured in the epochs of a fit.

    Attributes:
        epochs: one dict of figures per finished epoch; ``epoch`` counts from 1.
        interrupted: whether Ctrl-C ended the fit.
        reason: why the training step was not compiled; empty if it was.

    Example:
        >>> history = History()
        >>> history.epochs.append({"epoch": 1, "loss": 0.5})
        >>> history["loss"], len(history), history.last["loss"]
        ([0.5], 1, 0.5)
    """

    def __init__(self) -> None:
        self.epochs: list[dict[str, Any]] = []
        self.interrupted: bool = False
        self.reason: str = ""

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

    def state_dict(self) -> dict[str, Any]:
        """The figures by name, long columns of numbers as arrays; None where there is none."""
        names = list(dict.fromkeys(name for epoch in self.epochs for name in epoch))
        columns: dict[str, Any] = {}
        for name in names:
            column = [epoch.get(name) for epoch in self.epochs]
            for kind, dtype in ((float, np.float64), (int, np.int64)):
                if all(type(value) is kind for value in column):
                    columns[name] = np.array(column, dtype)
            columns.setdefault(name, column)
        return {"epochs": len(self.epochs), "columns": columns}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` returned."""
        columns = {
            name: column.tolist() if isinstance(column, np.ndarray) else column
            for name, column in state["columns"].items()
        }
        self.epochs = [
            {name: column[i] for name, column in columns.items() if column[i] is not None}
            for i in range(int(state["epochs"]))
        ]

    def __len__(self) -> int:
        return len(self.epochs)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.epochs)

    def _repr_html_(self) -> str:
        names = list(dict.fromkeys(name for epoch in self.epochs for name in epoch))
        rows = [[_figure(epoch.get(name)) for name in names] for epoch in self.epochs]
        left = len(rows) - _TOLD
        if left > 0:
            rows = [*rows[: _TOLD // 2], ["…"] * len(names), *rows[-_TOLD // 2 :]]
        notes = ["interrupted"] if self.interrupted else []
        title = f"History of {len(self)} epochs"
        return notebook_table(self, "history", title, rows, names, "; ".join(notes))

    def __repr__(self) -> str:
        figures = ", ".join(
            f"{k}={v:.4g}" if isinstance(v, float) else f"{k}={v}" for k, v in self.last.items()
        )
        ending = ", interrupted" if self.interrupted else ""
        return f"History({len(self)} epochs{': ' if figures else ''}{figures}{ending})"


def _figure(value: Any) -> str:
    if value is None:
        return "—"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
