"""Figures over epochs as lines, a panel for each figure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from viz.charts.chart import Chart
from viz.charts.panels import Points, arranged
from viz.draw.scene import Scene

__all__ = ["curves"]

HELD_OUT = "val_"


def curves(
    history: Any,
    *names: str,
    logarithmic: Sequence[str] = ("loss", "lr", "learning_rate"),
    title: str = "",
    theme: str = "auto",
) -> Chart:
    """Draw how figures changed while training.

    A figure and its twin over held-out data, whose name begins with ``val_``, share a panel.

    Args:
        history: what `nn.fit` gave; or lists of numbers by name; or several histories by name,
            whose curves are then compared.
        *names: which figures; all by default.
        logarithmic: figures on a logarithmic axis, where they are positive.
        title: printed over the chart.
        theme: ``auto``, ``light`` or ``dark``.

    Returns:
        The chart, with a panel for each figure.

    Raises:
        TypeError: if given nothing of the kind.
        ValueError: if there is no figure of that name, or none at all.

    Example:
        >>> import viz
        >>> viz.curves({"loss": [2.3, 1.1, 0.4], "val_loss": [2.2, 1.3, 0.9]})
        <Chart 'loss over 3 epochs'>
    """
    found = _figures(history)
    panels: dict[str, dict[str, list[float]]] = {}
    for name, lines in found.items():
        base = name.removeprefix(HELD_OUT)
        if names and base not in names and name not in names:
            continue
        for label, line in lines.items():
            kind = "held out" if name.startswith(HELD_OUT) else "training"
            told = f"{label}, {kind}" if label and _twins(found, base) else label or kind
            panels.setdefault(base, {})[told] = line
    missing = [name for name in names if name.removeprefix(HELD_OUT) not in panels]
    if missing or not panels:
        listed = ", ".join(found) or "none"
        wanted = f"no figures {', '.join(missing)}" if missing else "no figures"
        raise ValueError(f"curves() was given {wanted} to draw; there are: {listed}")
    return Chart(
        lambda told: _compose(panels, set(logarithmic), told), panels, title=title, theme=theme
    )


def _twins(found: Mapping[str, Any], base: str) -> bool:
    return base in found and f"{HELD_OUT}{base}" in found


def _figures(history: Any) -> dict[str, dict[str, list[float]]]:
    """For each figure its lines, by the name of the history that they are from."""
    if isinstance(history, Mapping) and any(
        hasattr(one, "epochs") or isinstance(one, Mapping) for one in history.values()
    ):
        merged: dict[str, dict[str, list[float]]] = {}
        for label, one in history.items():
            for name, lines in _figures(one).items():
                merged.setdefault(name, {})[str(label)] = lines[""]
        return merged
    if hasattr(history, "epochs"):
        keys = dict.fromkeys(key for epoch in history.epochs for key in epoch)
        return {
            key: {"": [_number(epoch.get(key)) for epoch in history.epochs]}
            for key in keys
            if key != "epoch" and any(math.isfinite(_number(e.get(key))) for e in history.epochs)
        }
    if isinstance(history, Mapping):
        return {str(name): {"": [_number(n) for n in line]} for name, line in history.items()}
    raise TypeError(
        f"curves() was given {type(history).__name__!r}; give what nn.fit gave, or lists of "
        "numbers by name"
    )


def _number(entry: Any) -> float:
    try:
        return float(entry)
    except (TypeError, ValueError):
        return math.nan


def _compose(
    panels: Mapping[str, Mapping[str, list[float]]], logarithmic: set[str], title: str
) -> Scene:
    epochs = max(len(line) for lines in panels.values() for line in lines.values())
    told = title or f"{', '.join(panels)} over {epochs} epoch{'s' * (epochs != 1)}"
    points: dict[str, dict[str, Points]] = {
        name: {label: [*enumerate(line, 1)] for label, line in lines.items()}
        for name, lines in panels.items()
    }
    return arranged(points, told, "epoch", logarithmic, whole=True)
