"""A Value or a tensor: what it is, its numbers, and its gradient beside them."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.notebooks import Table
from autodiff.tensors.tensor import Tensor
from autodiff.values.value import Value
from viz.draw.palette import LIGHT
from viz.draw.svg import escape
from viz.notebooks.arrays import array_html
from viz.notebooks.parts import boxed
from viz.text.formatting import pretty

__all__ = ["node_html"]


def node_html(node: Any, told: Table) -> str:
    """A Value or a tensor as HTML.

    Args:
        node: what is shown.
        told: what it tells of itself in words.
    """
    known: dict[str, str] = {row[0]: row[1] for row in told.rows}
    name = f"<b>{escape(pretty(node.name))}</b> " if node.name else ""
    made = f"made by {known['operation']}" if "operation" in known else known.get("role", "")
    where = f"at {known['made at']}" if "made at" in known else ""
    parts = [array_html(_numbers(node.data), "value", LIGHT.forward)]
    if "gradient" in known:
        parts.append(array_html(_numbers(node.grad), "gradient", LIGHT.backward))
    side = '<div style="display:flex;flex-wrap:wrap;gap:4px 28px;max-width:100%">'
    notes = (known.get("shape", ""), known.get("dtype", ""), made, where)
    return boxed(f"{name}{escape(told.title)}", notes, f"{side}{''.join(parts)}</div>")


def _numbers(data: Any) -> np.ndarray[Any, Any]:
    return np.asarray(data.data if isinstance(data, Value | Tensor) else data)
