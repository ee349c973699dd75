"""What a mapped function meets from outside: the same for all its examples.

Its gradient is the sum of what the examples send, so a node older than the mapping is
used within it through another one that shares it.
"""

from __future__ import annotations

from typing import Any

from autodiff.batching.array import batched_parts
from autodiff.batching.batch import Batch
from autodiff.graph.modes import current_mode, enter, leave
from autodiff.ops.engine import batching
from autodiff.ops.opaque import Opaque
from autodiff.ops.primitive import Primitive
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

__all__ = ["Batches"]


class Batches(tuple[Batch, ...]):
    """The mappings that are under way, the outermost first."""

    __slots__ = ()

    def share(self, operands: tuple[Any, ...], entry: Primitive | None = None) -> tuple[Any, ...]:
        """Operands of an operation within mappings, those from outside shared.

        Args:
            operands: nodes. Values pass: they become tensors before they meet a batch.
            entry: the operation. One whose rule is a Python function computes again what it
                did, and meets what is from outside a second time.

        Returns:
            As many nodes.
        """
        if isinstance(entry, Opaque):
            return operands
        return tuple(
            self.shared(x, x.sequence) if x.requires_grad and isinstance(x, Tensor) else x
            for x in operands
        )

    def shared(self, x: Any, sequence: int) -> Any:
        """A node shared in every mapping that began after a moment."""
        mode = current_mode()
        for i, batch in enumerate(self):
            if sequence < batch.start:
                token = enter(mode._replace(batches=Batches(self[:i])))
                try:
                    x = apply(batching.share_in_batch, x, batch=batch)
                finally:
                    leave(token)
        return x

    def spread(self, x: Any, index: Any) -> Any:
        """An operand as an array of every batch that an index differs in."""
        held = {part.interpreter for part in batched_parts(x._data)}
        wanted = {part.interpreter for part in batched_parts(index)} - held
        for batch in sorted(wanted, key=lambda batch: batch.start):
            x = apply(batching.spread_in_batch, x, batch=batch)
        return x

    def without(self, others: Any) -> Batches:
        """Those that are not among others."""
        return Batches(batch for batch in self if batch not in others)

    def sum(self, g: Any, sequence: int) -> Any:
        """The sum over all examples of a gradient by a node from outside, for its ``grad``.

        Args:
            g: an array, a node or a number, for one example.
            sequence: of the node; mappings that began before it are left out.
        """
        for batch in reversed(self):
            if sequence < batch.start:
                if isinstance(g, Tensor):
                    g = apply(batching.sum_of_batch, g, batch=batch)
                else:
                    g = batch.total(g) if hasattr(g, "dtype") else g * batch.size
        return g
