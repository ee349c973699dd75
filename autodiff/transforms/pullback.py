"""Reverse mode for transforms: cotangents of results sent back to chosen variables.

A sweep goes no further back than the variables: the history of what was given, and of what
the function took from elsewhere, is neither walked nor released.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autodiff.errors import NonDifferentiableError
from autodiff.graph.conjugation import conjugated
from autodiff.graph.node import Node
from autodiff.sweeps.higher_order import pull_nodes
from autodiff.sweeps.plain import may_be_plain, plain_sweep
from autodiff.sweeps.walk import reached, walk
from autodiff.values.value import Value

__all__ = ["gradients_by", "unused_gradient"]


def gradients_by(
    variables: Sequence[Node], seeds: Mapping[Node, Any], *, record: bool, free: bool
) -> list[Any]:
    """The gradient by each variable, None where it has no influence.

    Args:
        variables: nodes made before all that depends on them.
        seeds: the cotangent to begin with of each result: conjugated, as within a sweep;
            nodes, if the gradients are to be recorded.
        record: give nodes that can be differentiated in turn.
        free: release the graph while it is walked.
    """
    since = min((node.sequence for node in variables), default=0)
    seeds = {root: seed for root, seed in seeds.items() if root.sequence >= since}
    if not variables or not seeds:
        return [None] * len(variables)
    if record:
        found = dict(walk(seeds, pull_nodes, inputs=variables, since=since))
    elif len(seeds) == 1 and may_be_plain():
        ((root, seed),) = seeds.items()
        order = [n for n in reached(seeds, since) if n.op is not None and n.sequence >= since]
        found = dict(plain_sweep(root, seed, order, free=free))
    else:
        found = dict(walk(seeds, inputs=variables, free=free, since=since))
    return [conjugated(found[node]) if node in found else None for node in variables]


def unused_gradient(wish: str, node: Any, what: str = "") -> Any:
    """What stands for the gradient by a variable without influence.

    Raises:
        NonDifferentiableError: ``wish`` is ``"raise"``.
        ValueError: there is no such wish.
    """
    if wish not in ("zeros", "none", "raise"):
        raise ValueError(f"unused must be 'zeros', 'none' or 'raise', not {wish!r}")
    if node is None or wish == "none":
        return None
    if wish == "zeros":
        return 0.0 if isinstance(node, Value) else np.zeros_like(node._data)
    raise NonDifferentiableError(
        f"the result does not depend on {what}; do not differentiate for it, or ask for "
        "unused='zeros' or unused='none'"
    )
