"""What a run is to do: data, options, and the command that says so."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from nn.jobs.job import unused
from nn.jobs.materials import Material
from nn.jobs.options import Options

__all__ = ["Plan"]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What a run depends on.

    Attributes:
        material: what is learnt from.
        options: the options of the run.
        standard: what would hold without any given.
        source: the words of the command line that name the data.
        good: from which accuracy or R² on the result is as it should be.
    """

    material: Material
    options: Options
    standard: Options
    source: tuple[str, ...]
    good: float | None = None

    def command(self) -> str:
        """The command that makes the same files, naming what is not default."""
        words = ["python", "-m", "nn", "train", *self.source]
        return shlex.join([*words, *self.options.words(self.standard)])

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Flag, value and meaning of the options that mean something to this run."""
        return self.options.rows(frozenset(unused(self.material, self.options.model)))
