"""The parts of a step, as comments of its source name them."""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["UNKNOWN", "Part"]


class Part(NamedTuple):
    """A part of a step.

    Attributes:
        phase: ``"forward"``, ``"backward"`` or ``"update"``.
        text: what is done, as a comment says it.
        subject: the tensor that is being worked on, for an update.
    """

    phase: str
    text: str
    subject: Any = None

    def is_same(self, other: Part) -> bool:
        """Whether two calls belong to the same part."""
        return self.text == other.text and self.subject is other.subject


UNKNOWN = Part("update", "")
