"""The walk through the batches of training, which can be taken up again where it was."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from nn.io import CheckpointError
from nn.training.generators import generator_states, restore_generators

__all__ = ["END", "Walk"]

END: Any = object()
"""What comes after the last batch of an epoch."""

Generators = Mapping[str, np.random.Generator]


class Walk:
    """Batches of a loader, epoch after epoch.

    A loader that says where it is (``state_dict``) is asked. Through another one the walk is
    begun again with the generators as they were, and goes through the batches that were done.

    Args:
        loader: what gives batches when it is iterated.
        batches: after how many an epoch ends, going on with the same walk; None for when the
            loader ends.
        generators: finds all generators of the fit.
    """

    def __init__(
        self, loader: Any, batches: int | None, generators: Callable[[], Generators]
    ) -> None:
        self._loader = loader
        self._batches = batches
        self._generators = generators
        self._tells = hasattr(loader, "state_dict") and hasattr(loader, "load_state_dict")
        self._walk: Iterator[Any] | None = None
        self._drawn = 0
        self._begun: Any = None
        self._ended = False

    def new_epoch(self) -> None:
        """Begin an epoch."""
        self._ended = False

    def next(self, done: int) -> Any:
        """The next batch, or `END`.

        Args:
            done: how many there were in this epoch.
        """
        if self._ended or (self._batches is not None and done >= self._batches):
            return END
        began = self._walk is None
        batch = next(self._begin() if self._walk is None else self._walk, END)
        if batch is not END:
            self._drawn += 1
            return batch
        self._walk, self._drawn = None, 0
        # An epoch of so many batches goes on in the next walk.
        self._ended = self._batches is None or began
        return self.next(done)

    def _begin(self) -> Iterator[Any]:
        self._drawn = 0
        self._begun = None if self._tells else generator_states(self._generators())
        self._walk = iter(self._loader)
        return self._walk

    def state_dict(self) -> dict[str, Any]:
        """Where the walk is."""
        if self._tells:
            return {"ended": self._ended, "loader": self._loader.state_dict()}
        return {
            "ended": self._ended,
            "drawn": self._drawn,
            "begun": self._begun if self._drawn else None,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go there. Generators are left as the walk leaves them.

        Raises:
            CheckpointError: the data are others.
        """
        if self._tells != ("loader" in state):
            raise CheckpointError(
                "the checkpoint was taken with another kind of loader; give the same data as before"
            )
        self._ended = bool(state["ended"])
        if self._tells:
            self._loader.load_state_dict(state["loader"])
            return
        drawn = int(state["drawn"])
        if not drawn:
            return
        restore_generators(self._generators(), state["begun"])
        skipped = sum(1 for _ in itertools.islice(self._begin(), drawn))
        self._drawn = skipped
        if skipped < drawn:
            raise CheckpointError(
                f"the checkpoint was taken after {drawn} batches, and the data give {skipped}; "
                "give the same data as before"
            )
