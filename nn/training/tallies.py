"""The figures of a walk through data, kept as sums while it lasts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor
from nn.metrics import Metric
from nn.metrics.labels import as_array
from nn.training.named_metrics import Function

__all__ = ["Tally", "joined", "plain"]

_ENOUGH = 4096
"""Samples that are gathered before metrics are told of them, which costs less by the sample."""


class Tally:
    """Mean loss, parts of the loss and metrics over batches.

    Of `Metric` objects only sums are kept; functions need all outputs at once, so for them they
    are gathered.

    Args:
        metrics: by name.

    Attributes:
        total: the sum of losses times weights.
        weight: the sum of weights.
        seen: how many samples there were.
    """

    def __init__(self, metrics: Mapping[str, Metric | Function]) -> None:
        self._states = {k: m.fresh() for k, m in metrics.items() if isinstance(m, Metric)}
        self._functions = {k: m for k, m in metrics.items() if not isinstance(m, Metric)}
        self._order = list(metrics)
        self._sums: dict[str, float] = {}
        self.total: float = 0.0
        self.weight: float = 0.0
        self.seen: int = 0
        self._pending: list[tuple[Any, Any]] = []
        self._waiting = 0
        self._all: list[tuple[Any, Any]] = []

    def loss(self, loss: float, parts: Mapping[str, float], weight: float) -> None:
        """Take the loss of a batch into account."""
        self.total += loss * weight
        self.weight += weight
        if parts:
            for name, part in parts.items():
                self._sums[name] = self._sums.get(name, 0.0) + part * weight

    def outputs(self, outputs: Any, targets: Any, size: int) -> None:
        """Take the outputs of a batch into account."""
        first = not self.seen
        self.seen += size
        if not self._order:
            return
        pair = plain(outputs), plain(targets)
        if first:
            # What the metrics of this library do not take they say before an epoch is over.
            for metric in self._states.values():
                metric.measure(*pair)
        if self._states:
            self._pending.append(pair)
            self._waiting += size
            if self._waiting >= _ENOUGH:
                self._settle()
        if self._functions:
            self._all.append(pair)

    def _settle(self) -> None:
        if self._pending:
            joined = _joined(self._pending)
            for metric in self._states.values():
                metric.update(*joined)
        self._pending, self._waiting = [], 0

    def figures(self) -> dict[str, float]:
        """The figures: the mean loss, its parts, and the metrics in their order."""
        self._settle()
        weight = self.weight or 1.0
        sums = {"loss": self.total, **self._sums}
        figures = {name: total / weight for name, total in sums.items()}
        joined = _joined(self._all) if self._functions and self._all else None
        for name in self._order:
            if name in self._states:
                found = self._states[name].compute()
            else:
                found = None if joined is None else self._functions[name](*joined)
            try:
                figures[name] = float(found)
            except (TypeError, ValueError):
                raise TypeError(
                    f"the metric {name!r} gave a {type(found).__name__}, and a figure of a fit is "
                    "one number"
                ) from None
        return figures

    def state_dict(self) -> dict[str, Any]:
        """All sums, and what was gathered."""
        return {
            "loss": self.total,
            "sums": dict(self._sums),
            "weight": self.weight,
            "seen": self.seen,
            "metrics": {name: metric.state_dict() for name, metric in self._states.items()},
            "pending": list(self._pending),
            "all": list(self._all),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` returned."""
        self.total = float(state["loss"])
        self._sums, self.weight = dict(state["sums"]), float(state["weight"])
        self.seen = int(state["seen"])
        for name, metric in self._states.items():
            metric.load_state_dict(state["metrics"][name])
        self._pending, self._all = list(state["pending"]), list(state["all"])
        self._waiting = sum(len(ad.tree.leaves(targets)[0]) for _, targets in self._pending)


def plain(part: Any) -> Any:
    """Outputs or targets as arrays of their own, nested as they were."""
    if isinstance(part, Tensor):
        return np.array(part.data)
    if isinstance(part, np.ndarray):
        return part
    if isinstance(part, tuple):
        return tuple(map(plain, part))
    if isinstance(part, Mapping):
        return {key: plain(entry) for key, entry in part.items()}
    return part if part is None else as_array(part)


def _joined(pairs: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    outputs, targets = zip(*pairs, strict=True)
    return joined(outputs), joined(targets)


def joined(parts: Any) -> Any:
    """Nested arrays of batches, one after the other."""
    first = parts[0]
    if isinstance(first, tuple):
        return tuple(map(joined, zip(*parts, strict=True)))
    if isinstance(first, Mapping):
        return {key: joined([part[key] for part in parts]) for key in first}
    if first is None or len(parts) == 1:
        return first
    return np.concatenate([np.atleast_1d(part) for part in parts])
