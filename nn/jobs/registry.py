"""The jobs that ``python -m nn train`` knows."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nn.jobs import digits

__all__ = ["JOBS", "Job"]


@dataclass(frozen=True, slots=True)
class Job:
    """Something that can be trained from the command line.

    Attributes:
        summary: one line on it.
        description: what ``--help`` says first.
        examples: what ``--help`` says last.
        add_options: adds its options to a parser.
        run: does the work and returns the exit status.
    """

    summary: str
    description: str
    examples: str
    add_options: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


JOBS: Mapping[str, Job] = {
    "digits": Job(
        digits.SUMMARY, digits.DESCRIPTION, digits.EXAMPLES, digits.add_options, digits.run
    ),
}
