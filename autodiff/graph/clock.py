"""The one clock of the engine: a counter by which before and after are told apart.

What takes a number from it can be compared with everything else that did:

- a node, when it is made (``sequence``): operands have smaller numbers than results, so that to
  sort by them is to order a graph (`autodiff.graph.order`);
- a change of an array (``_changed``): an operand changed after a node was made is stale for it
  (`autodiff.graph.staleness`);
- a mapping (``start``): older nodes are outside, and the same for all its examples
  (`autodiff.vmap`);
- a transform such as `autodiff.grad` (``since``): older nodes are constants to it, so that
  transforms nest (`autodiff.transforms.nesting`);
- a recording: older tensors last beyond the step, and are its arguments or its state
  (`autodiff.compile`).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

__all__ = ["next_sequence"]

next_sequence: Callable[[], int] = count(1).__next__
"""The next number; they begin with 1."""
