"""Prints of nodes: equal ones head the same structure, down to the leaves."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import numpy as np

from viz.differences.passes import Pass, PassNode

__all__ = ["NEAR", "kin", "prints"]

NEAR = 3
"""So many operations deep do nodes have to agree that are kin."""


def prints(one: Pass, *, numbers: bool) -> list[bytes]:
    """For each node a print of its structure.

    Args:
        one: a pass.
        numbers: whether leaves with other numbers differ, too. Roundings don't count.
    """
    found: list[bytes] = []
    for node in one:
        if node.is_leaf:
            told: list[Any] = ["leaf", node.dotted or node.called or node.role, node.shape]
            found.append(_digest([*told, _numbers(node)] if numbers else told))
        else:
            found.append(_digest([node.op, node.params], [found[o] for o in node.operands]))
    return found


def kin(one: Pass) -> list[bytes]:
    """For each node a print of the operations up to `NEAR` steps below it."""
    found = [_digest([node.op or "leaf", node.shape]) for node in one]
    for _ in range(NEAR - 1):
        found = [
            _digest([node.op or node.called, node.shape], [found[o] for o in node.operands])
            for node in one
        ]
    return found


def _digest(told: list[Any], below: list[bytes] | None = None) -> bytes:
    digest = blake2b(repr(told).encode(), digest_size=12)
    for entry in below or ():
        digest.update(entry)
    return digest.digest()


def _numbers(node: PassNode) -> str:
    """A value in a few digits that float32 and float64 share; two arrays rarely have the same."""
    if node.value is None or node.value.dtype.kind not in "fcbiu":
        return ""
    flat = np.asarray(node.value, np.complex128).reshape(-1)
    with np.errstate(all="ignore"):
        mixed = complex(np.dot(np.cos(np.arange(flat.size)), flat))
    return f"{mixed.real:.5e} {mixed.imag:.5e}"
