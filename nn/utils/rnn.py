"""Sequences of several lengths in one tensor: padded, or packed without padding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from autodiff.extending import raw
from nn.module.inputs import as_node
from nn.names.missing import missing

__all__ = [
    "PackedSequence",
    "invert_permutation",
    "pack_padded_sequence",
    "pack_sequence",
    "pad_packed_sequence",
    "pad_sequence",
    "unpack_sequence",
    "unpad_sequence",
]

Array = np.ndarray[Any, Any]


class PackedSequence(NamedTuple):
    """Sequences of several lengths, step by step, without what would fill up the shorter ones.

    `pack_padded_sequence` and `pack_sequence` make one; recurrent layers take and give them.

    Attributes:
        data: a tensor of shape (Σ lengths, ...): the first step of all sequences, the longest
            first, then the second step of those that have one, and so on.
        batch_sizes: how many sequences each step has, an array of int64.
        sorted_indices: which of the original sequences stands at each place, or None where they
            were in order already.
        unsorted_indices: where each of the original sequences stands, or None.
    """

    data: Tensor
    batch_sizes: Array
    sorted_indices: Array | None = None
    unsorted_indices: Array | None = None

    def places(self) -> tuple[Array, Array]:
        """The step and the sequence of each row of ``data``."""
        sizes = self.batch_sizes
        steps = np.repeat(np.arange(len(sizes)), sizes)
        return steps, np.arange(len(steps)) - (np.cumsum(sizes) - sizes)[steps]

    def lengths(self) -> Array:
        """The length of each sequence, the longest first."""
        sequences = np.arange(self.batch_sizes[0] if len(self.batch_sizes) else 0)
        found: Array = np.add.reduce(self.batch_sizes[:, None] > sequences, axis=0)
        return found

    def padded(self, value: float = 0.0, steps: int | None = None) -> Tensor:
        """All steps of all sequences in their present order, (T, N, ...).

        Args:
            value: what fills up the shorter ones.
            steps: T; that of the longest if not given.
        """
        shape = (len(self.batch_sizes) if steps is None else steps, int(self.batch_sizes[0]))
        around = ad.full((*shape, *self.data.shape[1:]), value, dtype=self.data.dtype)
        filled: Tensor = around.at[self.places()].set(self.data)
        return filled

    def with_data(self, data: Tensor) -> PackedSequence:
        """The same with other numbers."""
        return PackedSequence(data, *self[1:])


def invert_permutation(permutation: Any) -> Array | None:
    """Where each number stands in an order of them all; None of None.

    Example:
        >>> invert_permutation([2, 0, 1]).tolist()
        [1, 2, 0]
    """
    return None if permutation is None else np.argsort(np.asarray(permutation))


def _lengths_of(lengths: Any, sequences: int, steps: int) -> Array:
    found = np.asarray(raw(lengths) if isinstance(lengths, Tensor) else lengths)
    if found.shape != (sequences,) or (found.size and found.dtype.kind not in "iu"):
        raise ShapeError(
            f"lengths are whole numbers, one for each of the {sequences} sequences, and {lengths} "
            "was given"
        )
    if found.size and not 1 <= found.min() <= found.max() <= steps:
        raise ValueError(
            f"lengths go from 1 to the {steps} steps that there are, and {found.tolist()} was "
            "given; leave empty sequences out"
        )
    return found.astype(np.int64)


def pack_padded_sequence(
    input: Any, lengths: Any, batch_first: bool = False, enforce_sorted: bool = True
) -> PackedSequence:
    """Padded sequences without their padding.

    Args:
        input: a tensor of shape (T, N, ...), or (N, T, ...) with ``batch_first``.
        lengths: the length of each sequence, N whole numbers.
        batch_first: which of the two shapes it is.
        enforce_sorted: refuse lengths that do not fall; without it the sequences are sorted,
            and `PackedSequence.sorted_indices` remembers how.

    Raises:
        ValueError: a length is not from 1 to T, or they are not sorted and have to be.

    Example:
        >>> packed = pack_padded_sequence([[1.0, 3.0], [2.0, 0.0]], [2, 1])
        >>> packed.data.tolist(), packed.batch_sizes.tolist()
        ([1.0, 3.0, 2.0], [2, 1])
        >>> pad_packed_sequence(packed)[0].tolist()
        [[1.0, 3.0], [2.0, 0.0]]
    """
    x = as_node(input)
    if x.ndim < 2:
        raise ShapeError(
            f"pack_padded_sequence() takes sequences of shape (T, N, ...), and got {x.shape}"
        )
    if batch_first:
        x = ad.swapaxes(x, 0, 1)
    steps, sequences = x.shape[:2]
    found = _lengths_of(lengths, sequences, steps)
    order: Array | None = None
    if not enforce_sorted:
        order = np.argsort(-found, kind="stable")
        found, x = found[order], x[:, order]
    elif np.any(found[1:] > found[:-1]):
        raise ValueError(
            f"pack_padded_sequence() takes the longest sequence first, and lengths are "
            f"{found.tolist()}; sort them, or give enforce_sorted=False"
        )
    at = np.arange(found.max(initial=0))[:, None]
    sizes: Array = np.add.reduce(found > at, axis=1, dtype=np.int64)
    packed = PackedSequence(x, sizes, order, invert_permutation(order))
    return packed.with_data(x[packed.places()])


def pad_packed_sequence(
    sequence: PackedSequence,
    batch_first: bool = False,
    padding_value: float = 0.0,
    total_length: int | None = None,
) -> tuple[Tensor, Array]:
    """Packed sequences with padding, in the order in which they were packed; and their lengths.

    Args:
        sequence: what `pack_padded_sequence`, `pack_sequence` or a recurrent layer gave.
        batch_first: give (N, T, ...) instead of (T, N, ...).
        padding_value: what fills up the shorter ones.
        total_length: T; the length of the longest if not given.

    Returns:
        The tensor, and an array of N lengths.

    Raises:
        ValueError: ``total_length`` is less than that of the longest.
    """
    longest = len(sequence.batch_sizes)
    if total_length is not None and total_length < longest:
        raise ValueError(
            f"pad_packed_sequence() was given total_length={total_length}, and the longest "
            f"sequence has {longest} steps; give at least as many"
        )
    x, lengths = sequence.padded(padding_value, total_length), sequence.lengths()
    if sequence.unsorted_indices is not None:
        x, lengths = x[:, sequence.unsorted_indices], lengths[sequence.unsorted_indices]
    return (ad.swapaxes(x, 0, 1) if batch_first else x), lengths


def pad_sequence(
    sequences: Sequence[Any],
    batch_first: bool = False,
    padding_value: float = 0.0,
    padding_side: str = "right",
) -> Tensor:
    """Sequences of several lengths in one tensor.

    Args:
        sequences: N tensors of shape (length, ...).
        batch_first: give (N, T, ...) instead of (T, N, ...).
        padding_value: what fills up the shorter ones.
        padding_side: "right": after their end; "left": before their beginning.

    Example:
        >>> pad_sequence([[1.0, 2.0], [3.0]], batch_first=True).tolist()
        [[1.0, 2.0], [3.0, 0.0]]
    """
    if padding_side not in ("left", "right"):
        raise ValueError(f'padding_side is "left" or "right", and {padding_side!r} was given')
    rows = [as_node(x) for x in sequences]
    if not rows or any(x.ndim < 1 or x.shape[1:] != rows[0].shape[1:] for x in rows):
        raise ShapeError(
            "pad_sequence() takes at least one sequence, all of shape (length, ...) with the same "
            f"axes after the first, and got {[x.shape for x in rows]}"
        )
    longest = max(x.shape[0] for x in rows)
    padded = []
    for x in rows:
        missing = longest - x.shape[0]
        around = (missing, 0) if padding_side == "left" else (0, missing)
        pads = [around, *[(0, 0)] * (x.ndim - 1)]
        padded.append(ad.pad(x, pads, constant_values=padding_value) if missing else x)
    stacked: Tensor = ad.stack(padded, axis=0 if batch_first else 1)
    return stacked


def unpad_sequence(padded_sequences: Any, lengths: Any, batch_first: bool = False) -> list[Tensor]:
    """Padded sequences, each for itself and of its own length.

    Args:
        padded_sequences: a tensor of shape (T, N, ...), or (N, T, ...) with ``batch_first``.
        lengths: the length of each sequence, N whole numbers.
        batch_first: which of the two shapes it is.

    Example:
        >>> [x.tolist() for x in unpad_sequence([[1.0, 3.0], [2.0, 0.0]], [2, 1])]
        [[1.0, 2.0], [3.0]]
    """
    x = as_node(padded_sequences)
    if not batch_first:
        x = ad.swapaxes(x, 0, 1)
    found = _lengths_of(lengths, x.shape[0], x.shape[1])
    return [x[n, :length] for n, length in enumerate(found.tolist())]


def pack_sequence(sequences: Sequence[Any], enforce_sorted: bool = True) -> PackedSequence:
    """Sequences of several lengths, packed; see `pack_padded_sequence`.

    Args:
        sequences: N tensors of shape (length, ...).
        enforce_sorted: refuse lengths that do not fall.

    Example:
        >>> pack_sequence([[1.0, 2.0], [3.0]]).data.tolist()
        [1.0, 3.0, 2.0]
    """
    rows = [as_node(x) for x in sequences]
    lengths = [x.shape[0] for x in rows]
    return pack_padded_sequence(pad_sequence(rows), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Tensor]:
    """Packed sequences, each for itself and of its own length.

    Example:
        >>> [x.tolist() for x in unpack_sequence(pack_sequence([[1.0, 2.0], [3.0]]))]
        [[1.0, 2.0], [3.0]]
    """
    return unpad_sequence(*pad_packed_sequence(packed_sequences))


def __dir__() -> list[str]:
    return sorted(__all__)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        raise missing(__name__, name)
