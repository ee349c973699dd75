"""What an adapter offers: lines, each one way of doing one kind of work."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.problems import Problem

ORDER = (
    "numpy_by_hand",
    "micrograd",
    "autograd",
    "mygrad",
    "pytorch",
    "jax",
    "glassgrad",
    "glassgrad_compiled",
)


class Outcome(NamedTuple):
    """What one step came to; arrays in the order and the shapes of `problem.parameters`.

    `gradients` is empty where a peer's step keeps none; `parameters`, as they stand after the
    step, is empty where the work has no update.
    """

    loss: float
    gradients: list[NDArray[Any]]
    parameters: list[NDArray[Any]]


class Job(NamedTuple):
    """A step to be timed, and a look at what the latest one came to."""

    step: Callable[[], object]
    outcome: Callable[[], Outcome] | None


@dataclass(frozen=True)
class Line:
    """One line of a table: a peer, in one of its ways, at one kind of problem."""

    peer: str
    way: str
    problem: type
    make: Callable[[Any], Job]
    numpy_products: bool

    @property
    def title(self) -> str:
        """The name that the report prints."""
        return f"{self.peer}, {self.way}" if self.way else self.peer


@dataclass
class Peer:
    """An engine and its lines.

    `numpy_products` tells whether its matrix products are NumPy's, which decides whose bare
    products are taken off for the figure net of products.
    """

    name: str
    distribution: str
    numpy_products: bool = False
    lines: list[Line] = field(default_factory=list)

    def line(self, problem: type, way: str = "") -> Callable[[Callable[[Any], Job]], Any]:
        """Register the decorated factory as this peer's way of working on `problem`."""

        def register(make: Callable[[Any], Job]) -> Callable[[Any], Job]:
            self.lines.append(Line(self.name, way, problem, make, self.numpy_products))
            return make

        return register

    def lines_for(self, problem: Problem) -> list[Line]:
        """The ways in which this peer does the kind of work that `problem` is."""
        return [line for line in self.lines if line.problem is type(problem)]

    @property
    def version(self) -> str:
        """The installed version of the distribution."""
        try:
            return metadata.version(self.distribution)
        except metadata.PackageNotFoundError:
            return "source tree"


def load(names: Iterable[str] = ORDER) -> tuple[list[Peer], dict[str, str]]:
    """Import the adapters.

    Returns:
        The peers that are here, and for each absent one the reason.
    """
    here: list[Peer] = []
    absent: dict[str, str] = {}
    for name in names:
        try:
            here.append(importlib.import_module(f"benchmarks.peers.{name}").peer)
        except ImportError as error:
            absent[name] = str(error)
    return here, absent


def arrays(values: Iterable[Any]) -> list[NDArray[Any]]:
    """Copies of array-likes, so that a later step cannot change them."""
    return [np.array(value) for value in values]
