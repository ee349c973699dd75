"""What is said to the person at the terminal."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["Say", "speaker"]

Say = Callable[[str], None]


def speaker(quiet: bool) -> Say:
    """A function that prints a line on stdout, or keeps quiet."""

    def say(line: str) -> None:
        if not quiet:
            print(line, flush=True)

    return say
