"""Batches of arrays or samples, in any order, made ahead by threads; resumed where they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

import autodiff as ad
from nn.data.arrays import TensorDataset
from nn.data.collate import collate
from nn.data.datasets import takes_rng
from nn.data.loading.choosing import (
    check_batch_sampler,
    check_stream,
    check_workers,
    choose_sampler,
)
from nn.data.loading.epochs import Epoch, describe, jobs, stream_jobs
from nn.data.loading.making import BatchMaker
from nn.data.loading.others import refuse_others
from nn.data.loading.sources import as_source, is_stream
from nn.data.loading.states import generator_state, restore_generator
from nn.data.loading.workers import ahead
from nn.data.samplers.base import Sampler
from nn.data.samplers.plain import BatchSampler, positive

__all__ = ["DataLoader"]


class DataLoader:
    """Walks through a dataset in batches; each walk is one epoch.

    Args:
        dataset: one of

            - a `TensorDataset`, one array, or a tuple of arrays, ``(x, y)``: entry i along
              axis 0 of each is sample i;
            - a list of samples: tuples such as ``(x, y)``, dicts, numbers or text;
            - a data frame: batches are dicts of its columns, see `Table`;
            - an object with ``__len__`` and ``__getitem__``, which gives sample i for the
              integer i;
            - an object that can be iterated again and again, without a length: its samples
              come in their own order.
        batch_size: samples per batch, at least 1; None gives the samples one by one, unbatched.
        shuffle: draw a new order for every epoch.
        sampler: the numbers of an epoch's samples: a `Sampler`, or anything with a length that
            can be iterated again and again.
        batch_sampler: the same for whole batches, each a list of numbers.
        num_workers: threads that make batches ahead of time; with 0 a batch is made when it is
            asked for. The batches and their order do not depend on it.
        collate_fn: what makes a batch of a list of samples; by default numbers and arrays are
            stacked, each part of a tuple or dict by itself.
        drop_last: leave out a last batch that is smaller than the others.
        prefetch_factor: how many batches each thread may be ahead; 2 if not given.
        worker_init_fn: called in each thread with its number before it begins.
        batch_transform: a function of a batch, applied to each. If it has an argument ``rng``
            it is given a generator made of the loader's seed, the epoch and the batch's number.
        rng: a generator or a seed for the shuffling and the transforms; the library's
            generator if not given.
        **others: PyTorch's other arguments, with which a loader of threads has nothing to do:
            ``pin_memory``, ``persistent_workers`` and ``in_order`` are without meaning here, the
            others are refused, unless they have their default.

    Attributes:
        epoch: how many epochs were walked through, or left, before the one under way.

    Iterating yields one tuple of arrays per batch; of samples that are no tuples, whatever
    they are made of: an array, or a dict of arrays. The same seed gives the same batches in
    every epoch of every run. Without shuffling the batches of arrays are views of the data.
    `state_dict` holds what is needed to go on where the loader is, also within an epoch.

    An error in a sample is raised when its batch is asked for, with a note that names it.

    Raises:
        ValueError: the batch size is not a positive integer.
        ShapeError: the arrays differ in length, or samples in shape.
        TypeError: the dataset is no such thing; or it is a list of arrays or lists, which may
            be columns or samples; or arguments exclude each other.

    Example:
        >>> loader = DataLoader((np.arange(5),), batch_size=2)
        >>> [batch[0].tolist() for batch in loader], len(loader)
        ([[0, 1], [2, 3], [4]], 3)
        >>> for x, y in DataLoader([([0.5, 1.5], 0), ([2.5, 3.5], 1)], batch_size=2):
        ...     print(x.tolist(), y.tolist())
        [[0.5, 1.5], [2.5, 3.5]] [0, 1]
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int | None = 1,
        shuffle: bool | None = False,
        sampler: Any = None,
        batch_sampler: Any = None,
        num_workers: int = 0,
        collate_fn: Callable[[list[Any]], Any] | None = None,
        *,
        drop_last: bool = False,
        prefetch_factor: int | None = None,
        worker_init_fn: Callable[[int], Any] | None = None,
        batch_transform: Callable[..., Any] | None = None,
        rng: np.random.Generator | int | None = None,
        **others: Any,
    ) -> None:
        refuse_others(others)
        functions = {
            "collate_fn": collate_fn,
            "worker_init_fn": worker_init_fn,
            "batch_transform": batch_transform,
        }
        check_workers(num_workers, prefetch_factor, functions)
        self.dataset: Any = as_source(dataset)
        self.shuffle: bool = bool(shuffle)
        self.drop_last: bool = drop_last
        if batch_size is None and drop_last:
            raise TypeError("without batches (batch_size=None) there is no last one to drop")
        self.batch_size: int | None = (
            None if batch_size is None else positive("batch_size", batch_size)
        )
        self.num_workers: int = num_workers
        self.worker_init_fn: Callable[[int], Any] | None = worker_init_fn
        self.prefetch_factor: int = positive(
            "prefetch_factor", 2 if prefetch_factor is None else prefetch_factor
        )
        self.collate_fn: Callable[[list[Any]], Any] | None = collate_fn
        self.batch_transform: Callable[..., Any] | None = batch_transform
        self._stream = is_stream(self.dataset)
        generator = ad.random.generator(rng)
        self.sampler: Any = None
        self.batch_sampler: Any = None
        if batch_sampler is not None:
            check_batch_sampler(batch_sampler, self.batch_size, self.shuffle, sampler, drop_last)
            self.sampler, self.batch_sampler, self.batch_size = sampler, batch_sampler, None
        if self._stream:
            check_stream(self.dataset, self.shuffle, sampler, batch_sampler)
        elif batch_sampler is None:
            self.sampler = choose_sampler(self.dataset, self.shuffle, sampler, generator)
            if self.batch_size is not None:
                self.batch_sampler = BatchSampler(self.sampler, self.batch_size, drop_last)
        draws = batch_transform is not None and takes_rng(batch_transform)
        self._seed: int | None = None
        if draws or getattr(self.dataset, "random", False) is True:
            self._seed = int(generator.integers(1 << 62))
        self.epoch: int = 0
        self._now: Epoch | None = None
        self._resume = False

    @property
    def _source(self) -> Any:
        """What gives the order of an epoch: of batches, or else of single samples."""
        return self.sampler if self.batch_sampler is None else self.batch_sampler

    @property
    def _rng(self) -> np.random.Generator | None:
        """Where the order comes from."""
        return self._source.rng if isinstance(self._source, Sampler) else None

    @property
    def _stateful(self) -> Any:
        """A sampler that has a state of its own."""
        places = (self.batch_sampler, self.sampler)
        return next((one for one in places if hasattr(one, "state_dict")), None)

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        if not self._stream:
            return len(self._source)
        if not hasattr(self.dataset, "__len__"):
            raise TypeError(
                f"a {type(self.dataset).__name__} has no length, so a loader of it has none"
            )
        if self.batch_size is None:
            return len(self.dataset)
        whole, rest = divmod(len(self.dataset), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[Any]:
        """Walk through the data once; after `load_state_dict`, through the rest of that epoch."""
        if not self._resume or self._now is None:
            if self._now is not None:
                self.epoch += 1
            self._now = Epoch.begun(None if self._stream else self._source)
        self._resume = False
        return self._walk(self._now, self.epoch)

    def _walk(self, epoch: Epoch, number: int) -> Iterator[Any]:
        make = BatchMaker(
            self.dataset,
            self.collate_fn or collate,
            self.collate_fn is None,
            self.batch_transform,
            None if self._seed is None else (self._seed, number),
        )
        todo: Iterator[Any]
        if self._stream:
            todo = stream_jobs(self.dataset, self.batch_size, self.drop_last, epoch.position)
            call: Callable[[Any], Any] = make.of_samples
        else:
            todo = jobs(epoch.order, self.batch_sampler is not None, epoch.position)
            call = make.of_numbers
        workers = min(self.num_workers, 1) if self._stream else self.num_workers
        batches = ahead(call, todo, workers, workers * self.prefetch_factor, self.worker_init_fn)
        try:
            for batch in batches:
                epoch.position += 1
                yield batch
        finally:
            # A broken-off loop leaves no threads behind.
            batches.close()
        if self._now is epoch:
            self._now, self.epoch = None, self.epoch + 1

    def state_dict(self) -> dict[str, Any]:
        """Where the loader is, in numbers and text that JSON can hold.

        Batches that were handed out count as done, those made ahead do not. To go on there,
        make a loader of the same data with the same settings, and give it the state.

        Returns:
            The epoch, the batches of it that were handed out, the states of the generator when
            the epoch began and at present, and the seed of the transforms.

        Example:
            >>> data = np.arange(6)
            >>> loader = DataLoader(data, 2, shuffle=True, rng=0)
            >>> batches = iter(loader)
            >>> first, state = next(batches), loader.state_dict()
            >>> again = DataLoader(data, 2, shuffle=True, rng=5)
            >>> again.load_state_dict(state)
            >>> [b.tolist() for (b,) in again] == [b.tolist() for (b,) in batches]
            True
        """
        rng, own = self._rng, self._stateful
        return {
            "epoch": self.epoch,
            "position": 0 if self._now is None else self._now.position,
            "begun": None if self._now is None else self._now.state(),
            "generator": None if rng is None else generator_state(rng),
            "sampler": None if own is None else own.state_dict(),
            "seed": self._seed,
            "of": describe(self),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where another loader was; the next iteration is the rest of its epoch.

        The generator of the order is put into its state of then, also if others share it.

        Args:
            state: what `state_dict` gave.

        Raises:
            ValueError: the state is none, or that of a loader of other data or settings.
        """
        missing = {"epoch", "position", "begun", "generator", "sampler", "seed", "of"} - set(state)
        if missing:
            raise ValueError(f"this is no state of a DataLoader: it lacks {sorted(missing)}")
        here = describe(self)
        if state["of"] != here:
            raise ValueError(
                f"the state is that of a loader with {state['of']}, and this one has {here}; "
                "make it of the same data with the same settings"
            )
        if (state["seed"] is None) != (self._seed is None):
            raise ValueError("only one of the two loaders has transforms that draw")
        begun, rng = state["begun"], self._rng
        if (state["generator"] is None) != (rng is None):
            raise ValueError("only one of the two loaders has a random order")
        now = None if begun is None else Epoch.again(begun, state["position"], self._source)
        if rng is not None:
            restore_generator(rng, state["generator"])
        if state["sampler"] is not None:
            self._stateful.load_state_dict(state["sampler"])
        self.epoch, self._seed = int(state["epoch"]), state["seed"]
        self._now, self._resume = now, now is not None

    def __repr__(self) -> str:
        named = isinstance(self.dataset, TensorDataset)
        many = f"{len(self.dataset)} samples" if not self._stream else type(self.dataset).__name__
        of = self.dataset if named else many
        return (
            f"DataLoader({of!r}, batch_size={self.batch_size}, "
            f"shuffle={self.shuffle}, drop_last={self.drop_last})"
        ).replace("'", "")
