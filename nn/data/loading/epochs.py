"""One epoch: its order, how far it is, and what brings the order back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from nn.data.loading.states import generator_from, generator_state
from nn.data.samplers.base import Sampler, follows

__all__ = ["Epoch", "describe", "jobs", "stream_jobs"]


@dataclass(eq=False)
class Epoch:
    """An epoch under way.

    Attributes:
        order: the numbers of samples, or those of each batch; nothing for a stream.
        start: the state of the sampler's generator before it drew the order, if it has one.
        position: how many batches were handed out.
        kept: whether only the order itself brings it back.
    """

    order: Sequence[Any]
    start: dict[str, Any] | None = None
    position: int = 0
    kept: bool = False

    @classmethod
    def begun(cls, source: Any) -> Epoch:
        """A new epoch, in an order from a sampler; from None, that of a stream."""
        if source is None:
            return cls(())
        rng = _generator(source)
        start = None if rng is None else generator_state(rng)
        if follows(source):
            return cls(source.order(rng), start)
        return cls(list(source), start, kept=not isinstance(source, range))

    def state(self) -> dict[str, Any]:
        """What brings the order back, in plain numbers and text."""
        return {
            "start": self.start,
            "order": [_plain(entry) for entry in self.order] if self.kept else None,
        }

    @classmethod
    def again(cls, state: dict[str, Any], position: int, source: Any) -> Epoch:
        """The epoch of a state, as far as it was."""
        start = state["start"]
        if state["order"] is not None:
            return cls(state["order"], start, position, kept=True)
        if source is None:
            return cls((), None, position)
        rng = None if start is None else generator_from(start)
        order = source.order(rng) if follows(source) else list(source)
        return cls(order, start, position)


def _generator(source: Any) -> Any:
    return source.rng if isinstance(source, Sampler) else None


def _plain(entry: Any) -> Any:
    try:
        return [int(number) for number in entry]
    except TypeError:
        return int(entry)


def jobs(order: Sequence[Any], batched: bool, begin: int) -> Iterator[tuple[int, int, Any]]:
    """The batches from one on: number, place of the first sample, the samples' numbers."""
    place = sum(map(len, order[:begin])) if batched else begin
    for number in range(begin, len(order)):
        yield number, place, order[number]
        place += len(order[number]) if batched else 1


def stream_jobs(
    stream: Iterable[Any], size: int | None, drop_last: bool, begin: int
) -> Iterator[tuple[int, Any]]:
    """The batches of a stream from one on: number, and a list of samples."""
    samples = islice(stream, begin * (size or 1), None)
    number = begin
    while group := list(islice(samples, size or 1)):
        if size is not None and len(group) < size and drop_last:
            return
        yield number, (group[0],) if size is None else group
        number += 1


def describe(loader: Any) -> dict[str, Any]:
    """What must be the same when a loader goes on where another was."""
    stream = loader.batch_sampler is None and loader.sampler is None
    return {
        "samples": None if stream else len(loader.dataset),
        "batches": None if stream else len(loader),
        "batch_size": loader.batch_size,
    }
