"""Python's garbage collector and graphs: while a big graph grows, it looks less often.

A graph has no reference cycles and is freed by reference counting, so looking at its nodes
never finds garbage. But the collector runs whenever 700 more objects were made than freed,
and each run walks over them: up to a third of the time of building a scalar graph. So where
most of what a run of the collector looked at were nodes, the next one comes after 250 000
objects; when nodes no longer prevail, the program's own threshold is back.

What the program sets with ``gc.set_threshold`` or ``gc.disable`` while that is so, stays.
``gc.callbacks.remove(autodiff.graph.collector.attend)`` switches it off.
"""

from __future__ import annotations

import gc
from typing import Any

from autodiff.graph.clock import next_sequence
from autodiff.graph.node import Node

__all__ = ["PATIENT", "attend", "install"]

PATIENT = 250_000
"""How many objects there may be more before the collector runs, while nodes prevail."""

_SAMPLES = 64
_before: list[tuple[int, int, int]] = []
_seen = [0]


def install() -> None:
    """Ask the collector to call `attend`."""
    if attend not in gc.callbacks:
        gc.callbacks.append(attend)


def attend(phase: str, info: dict[str, Any]) -> None:
    """Set the threshold of the next run by what this one is about to look at."""
    if phase != "start":
        return
    number = next_sequence()
    made, _seen[0] = number - _seen[0], number
    threshold = gc.get_threshold()
    prevail = 2 * made > threshold[0] and _nodes_prevail()
    if _before:
        if not prevail and threshold[0] == PATIENT:
            gc.set_threshold(*_before[0])
        if not prevail or threshold[0] != PATIENT:
            _before.clear()
    elif prevail and 0 < threshold[0] < PATIENT:
        _before.append(threshold)
        gc.set_threshold(PATIENT, *threshold[1:])


def _nodes_prevail() -> bool:
    """Whether most of the youngest objects are nodes, by a sample."""
    young = gc.get_objects(generation=0)
    sample = young[:: len(young) // _SAMPLES or 1]
    return 2 * sum(issubclass(type(x), Node) for x in sample) > len(sample)
