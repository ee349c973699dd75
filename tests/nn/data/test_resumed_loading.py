"""A loader that stops anywhere goes on with the very batches that were to come."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from nn.data import (
    BatchSampler,
    DataLoader,
    IterableDataset,
    MapDataset,
    RandomSampler,
    Sampler,
    SubsetRandomSampler,
)

DATA = np.arange(17)


def jitter(x: Any, rng: np.random.Generator) -> Any:
    return np.asarray(x) + rng.random()


class Stream(IterableDataset):
    def __iter__(self) -> Any:
        return iter(range(17))


class Restless(Sampler):
    """A sampler as one writes it for PyTorch, with a state of its own."""

    def __init__(self, seed: int) -> None:
        self.own = np.random.default_rng(seed)

    def __iter__(self) -> Any:
        return iter(self.own.permutation(17).tolist())

    def __len__(self) -> int:
        return 17

    def state_dict(self) -> Any:
        return self.own.bit_generator.state

    def load_state_dict(self, state: Any) -> None:
        self.own.bit_generator.state = state


def philox(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


LOADERS: dict[str, Callable[[int], DataLoader]] = {
    "in order": lambda seed: DataLoader(DATA, 4),
    "shuffled": lambda seed: DataLoader(DATA, 4, shuffle=True, rng=seed),
    "another kind of generator": lambda seed: DataLoader(DATA, 4, True, rng=philox(seed)),
    "Mersenne twister": lambda seed: DataLoader(
        DATA, 4, True, rng=np.random.Generator(np.random.MT19937(seed))
    ),
    "dropped last": lambda seed: DataLoader(DATA, 4, True, drop_last=True, rng=seed),
    "threads": lambda seed: DataLoader(DATA, 4, True, num_workers=2, rng=seed),
    "samples that draw": lambda seed: DataLoader(
        MapDataset(list(range(17)), jitter), 4, True, rng=seed
    ),
    "batches that draw": lambda seed: DataLoader(
        DATA, 4, batch_transform=lambda b, rng: jitter(b[0], rng), rng=seed
    ),
    "with replacement": lambda seed: DataLoader(
        DATA, 3, sampler=RandomSampler(DATA, True, 10, rng=seed)
    ),
    "a batch sampler": lambda seed: DataLoader(
        DATA, batch_sampler=BatchSampler(SubsetRandomSampler(range(9), rng=seed), 2)
    ),
    "a list as sampler": lambda seed: DataLoader(DATA, 2, sampler=[3, 1, 2, 0, 5]),
    "lists as batches": lambda seed: DataLoader(DATA, batch_sampler=[[3, 1], [2], [0, 5, 6]]),
    "a sampler with a state": lambda seed: DataLoader(DATA, 4, sampler=Restless(seed)),
    "a stream": lambda seed: DataLoader(Stream(), 4, num_workers=2),
    "a stream, dropped last": lambda seed: DataLoader(Stream(), 4, drop_last=True),
    "one by one": lambda seed: DataLoader(DATA, None, True, rng=seed),
    "a stream, one by one": lambda seed: DataLoader(Stream(), None),
}


def as_lists(batch: Any) -> Any:
    return [np.asarray(part).tolist() for part in batch] if isinstance(batch, tuple) else batch


def walk(loader: DataLoader, epochs: int) -> list[list[Any]]:
    return [[as_lists(np.asarray(b).tolist()) for b in loader] for _ in range(epochs)]


@pytest.mark.parametrize("name", LOADERS)
def test_it_goes_on_where_it_stopped(name: str) -> None:
    make = LOADERS[name]
    whole = walk(make(3), 3)
    assert all(whole)
    for epoch in range(2):
        for position in range(len(whole[epoch]) + 1):
            loader = make(3)
            assert walk(loader, epoch) == whole[:epoch]
            batches = iter(loader) if position else None
            for _ in range(position):
                next(batches)  # type: ignore[arg-type]
            state = json.loads(json.dumps(loader.state_dict()))
            other = make(8)
            other.load_state_dict(state)
            assert json.loads(json.dumps(other.state_dict())) == state
            assert walk(other, 1) == [whole[epoch][position:]]
            assert walk(other, 1) == [whole[epoch + 1]]
            # The one that was asked for its state goes on as if it had not been.
            if batches is not None:
                rest = [np.asarray(b).tolist() for b in batches]
                assert rest == whole[epoch][position:]
            assert other.epoch == epoch + 2


def test_an_epoch_that_is_left_counts() -> None:
    def make() -> DataLoader:
        return DataLoader(MapDataset([0.0] * 4, jitter), 2, rng=0)

    left, whole = make(), make()
    for _ in left:
        break
    assert left.state_dict()["position"] == 1
    walk(whole, 1)
    assert walk(left, 1) == walk(whole, 1)
    assert left.epoch == whole.epoch == 2


def test_a_generator_that_others_draw_from_is_found_as_it_was() -> None:
    def steps(loader: DataLoader, rng: np.random.Generator) -> list[Any]:
        return [(b[0].tolist(), rng.random()) for b in loader]

    rng = np.random.default_rng(0)
    loader = DataLoader(DATA, 4, True, rng=rng)
    batches = iter(loader)
    next(batches), rng.random()
    state = loader.state_dict()
    expected = [(b[0].tolist(), rng.random()) for b in batches] + steps(loader, rng)
    rng = np.random.default_rng(5)
    again = DataLoader(DATA, 4, True, rng=rng)
    again.load_state_dict(state)
    assert steps(again, rng) + steps(again, rng) == expected
    library = DataLoader(DATA, 4, True)
    next(iter(library))
    state = library.state_dict()
    first = ad.random.generator().random()
    DataLoader(DATA, 4, True).load_state_dict(state)
    assert ad.random.generator().random() == first


def test_the_state_of_another_loader_is_refused() -> None:
    state = DataLoader(DATA, 4, True, rng=0).state_dict()
    for other, message in [
        (DataLoader(DATA[1:], 4, True), r"'samples': 17.*'samples': 16"),
        (DataLoader(DATA, 5, True), "'batch_size': 4"),
        (DataLoader(DATA, 4), "only one of the two loaders has a random order"),
        (DataLoader(DATA, 4, True, rng=philox(0)), "a PCG64 generator.*is a Philox"),
        (
            DataLoader(DATA, 4, True, batch_transform=lambda b, rng: b),
            "only one of the two loaders has transforms that draw",
        ),
    ]:
        before = other.state_dict()
        with pytest.raises(ValueError, match=message):
            other.load_state_dict(state)
        assert other.state_dict() == before
    with pytest.raises(ValueError, match=r"no state of a DataLoader: it lacks \['begun'"):
        DataLoader(DATA).load_state_dict({"epoch": 0})
