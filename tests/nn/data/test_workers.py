"""Threads that make batches ahead: the same batches, errors in place, nothing left behind."""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

import numpy as np
import pytest

import nn
from nn.data import (
    ChainDataset,
    ConcatDataset,
    DataLoader,
    Dataset,
    IterableDataset,
    MapDataset,
    StackDataset,
    Subset,
)


class Slow(Dataset):
    """Later samples are ready sooner."""

    def __init__(self, bad: int | None = None) -> None:
        self.bad, self.asked, self.threads = bad, 0, set()

    def __len__(self) -> int:
        return 24

    def __getitem__(self, index: int) -> Any:
        self.asked += 1
        self.threads.add(threading.current_thread().name)
        time.sleep(0.0005 * (24 - index) / 24)
        if index == self.bad:
            raise KeyError("the disk is on fire")
        return np.float32(index), index


def left() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("batches")]


def noisy(sample: Any, rng: np.random.Generator) -> Any:
    return sample[0] + rng.random(), sample[1]


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_batches_do_not_depend_on_the_number_of_threads(workers: int) -> None:
    def epochs(count: int, batch_size: int = 5) -> Any:
        dataset = ConcatDataset([Subset(MapDataset(Slow(), noisy), range(12)), Slow()])
        loader = DataLoader(dataset, batch_size, True, num_workers=count, rng=0)
        return [[(x.tolist(), y.tolist()) for x, y in loader] for _ in range(2)]

    assert epochs(workers) == epochs(0)
    assert not left()
    drawn = [x for batch, _ in epochs(0)[0] for x in batch]
    # What is drawn belongs to the place in the epoch, not to the batch.
    assert [x for batch, _ in epochs(workers, 7)[0] for x in batch] == drawn


def test_every_epoch_draws_anew() -> None:
    loader = DataLoader(MapDataset([(0.0, 0)] * 4, noisy), 4, rng=0)
    first, second = ([x.tolist() for x, _ in loader] for _ in range(2))
    assert first != second
    assert len(set(first[0])) == 4


def test_no_more_is_made_than_was_allowed() -> None:
    data = Slow()
    batches = iter(DataLoader(data, 2, num_workers=2, prefetch_factor=2))
    next(batches)
    time.sleep(0.05)
    assert data.asked <= 2 * (4 + 1)
    assert len(data.threads) <= 2
    batches.close()  # type: ignore[attr-defined]
    assert not left()


@pytest.mark.parametrize("workers", [0, 2])
def test_an_error_comes_in_its_place_and_names_the_sample(workers: int) -> None:
    seen: list[Any] = []
    loader = DataLoader(Slow(bad=9), 4, num_workers=workers)
    with pytest.raises(KeyError, match="on fire") as caught:
        seen.extend(y.tolist() for _, y in loader)
    assert seen == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert caught.value.__notes__ == ["This happened in sample 9 of the dataset."]
    assert not left()
    ragged = [(np.zeros(k // 3),) for k in range(6)]
    with pytest.raises(nn.data.padding.ShapeError) as wrong:
        list(DataLoader(ragged, 2, num_workers=workers))
    assert wrong.value.__notes__ == ["This happened in batch 1 of the epoch."]


def test_a_loop_that_is_left_leaves_no_threads() -> None:
    loader = DataLoader(Slow(), 2, num_workers=3)
    for _ in loader:
        break
    assert not left()
    begun = []
    list(DataLoader(Slow(), 2, num_workers=2, worker_init_fn=begun.append))
    assert set(begun) <= {0, 1}
    assert 0 in begun
    assert not left()


def test_an_interrupt_leaves_no_threads() -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    try:
        loader = DataLoader(Slow(), 2, num_workers=2)
        with pytest.raises(KeyboardInterrupt):
            sum(len(y) for _ in range(1000) for _, y in loader)
        # It may come while the threads are being ended.
        deadline = time.monotonic() + 5
        while left() and time.monotonic() < deadline:
            time.sleep(0.001)
        assert not left()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_threads_see_the_settings_of_the_caller() -> None:
    with nn.default_dtype(np.float64):
        loader = DataLoader([(0.5,), (1.5,)], 2, num_workers=1)
        assert next(iter(loader))[0].dtype == np.float64


class Stream(IterableDataset):
    def __iter__(self) -> Any:
        return iter([(np.float32(k), k) for k in range(5)])


@pytest.mark.parametrize("workers", [0, 2])
def test_streams(workers: int) -> None:
    loader = DataLoader(Stream() + Stream(), 4, num_workers=workers)
    for _ in range(2):
        assert [y.tolist() for _, y in loader] == [[0, 1, 2, 3], [4, 0, 1, 2], [3, 4]]
    assert [len(y) for _, y in DataLoader(Stream(), 2, drop_last=True)] == [2, 2]
    assert [y for _, y in DataLoader(Stream(), None)] == list(range(5))
    with pytest.raises(TypeError, match="a ChainDataset has no length"):
        len(loader)
    with pytest.raises(TypeError, match="gives its samples in its own order"):
        DataLoader(Stream(), shuffle=True)
    assert isinstance(Stream() + Stream(), ChainDataset)


def test_datasets_of_datasets() -> None:
    base = nn.data.TensorDataset(np.arange(10) * 10, np.arange(10))
    part = Subset(base, [7, 3, -1])
    assert part[1] == (30, 3)
    assert part[-1] == (90, 9)
    both = base + part
    assert [int(both[i][1]) for i in (0, 9, 10, 12, -1)] == [0, 9, 7, 9, 9]
    mapped = MapDataset(both, lambda sample: sample[0] + 1)
    assert [b.tolist() for b in DataLoader(mapped, 12)] == [[*range(1, 92, 10), 71, 31], [91]]
    # Batches of a part are taken at once; those of all of it in order are no copies of views.
    ((x, y),) = DataLoader(part, 3)
    assert (x.tolist(), y.tolist()) == ([70, 30, 90], [7, 3, 9])
    for call in (lambda: part[3], lambda: both[13], lambda: Subset(base, [10])):
        with pytest.raises(IndexError, match="was asked for, and"):
            call()
    with pytest.raises(ValueError, match="at least one dataset"):
        ConcatDataset([])
    assert MapDataset([0.0], lambda x, rng: x + rng.random(), rng=0)[0] > 0


def test_datasets_of_pytorch() -> None:
    data = pytest.importorskip("torch.utils.data")
    torch = pytest.importorskip("torch")
    base = data.TensorDataset(torch.arange(6.0).reshape(3, 2), torch.arange(3))
    for dataset in (base, data.Subset(base, [0, 1, 2]), data.ConcatDataset([base])):
        ((x, y),) = DataLoader(dataset, 3)
        assert (type(x), x.dtype, x.shape, y.tolist()) == (
            np.ndarray,
            np.float32,
            (3, 2),
            [0, 1, 2],
        )
    sampler = data.WeightedRandomSampler([0.0, 1.0, 0.0], 4)
    ((_, y),) = DataLoader(base, 4, sampler=sampler)
    assert y.tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"pin_memory_device": "cuda"}, TypeError, "no device"),
        ({"timeout": 3}, TypeError, "cannot be ended from outside"),
        ({"generator": 1}, TypeError, "rng="),
        ({"nonsense": 1}, TypeError, "has no argument 'nonsense'"),
        ({"num_workers": -1}, ValueError, "num_workers must be"),
        ({"prefetch_factor": 0, "num_workers": 1}, ValueError, "prefetch_factor must be"),
        ({"prefetch_factor": 2}, ValueError, "and there are none; give num_workers"),
        ({"collate_fn": 3}, TypeError, "DataLoader: collate_fn must be a function, not 3"),
        ({"worker_init_fn": 3}, TypeError, "worker_init_fn must be a function"),
        ({"batch_transform": "x"}, TypeError, "batch_transform must be a function"),
        ({"shuffle": True, "sampler": [0]}, TypeError, "already says the order"),
        ({"batch_size": 2, "batch_sampler": [[0]]}, TypeError, "already makes the batches"),
        ({"batch_size": None, "drop_last": True}, TypeError, "no last one to drop"),
        ({"sampler": iter([0])}, TypeError, "have a length, and a list_iterator"),
    ],
)
def test_what_a_loader_does_not_take(settings: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        DataLoader(np.arange(3), **settings)
    settings = {"timeout": 0, "generator": None}
    without_meaning = {"pin_memory": True, "persistent_workers": True, "in_order": False}
    loader = DataLoader(np.arange(3), 2, **settings, **without_meaning)
    assert [batch.tolist() for (batch,) in loader] == [[0, 1], [2]]


def test_datasets_side_by_side() -> None:
    both = StackDataset(np.arange(4.0), MapDataset(range(4), lambda i, rng: rng.random()))
    assert both.random
    loader = DataLoader(both, batch_size=2, shuffle=True, rng=0)
    (first, drawn), _ = loader
    assert first.shape == drawn.shape == (2,)
    named = StackDataset(a=[1, 2], b="xy")
    assert (named[-1], len(named)) == ({"a": 2, "b": "y"}, 2)
    for args, kwargs in (((), {}), (([1],), {"a": [1]}), (([1], [1, 2]), {})):
        with pytest.raises(ValueError, match="StackDataset takes datasets"):
            StackDataset(*args, **kwargs)
    with pytest.raises(IndexError):
        named[2]
