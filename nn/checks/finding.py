"""What one check found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Finding", "Verdict", "fine", "warning", "wrong"]

Verdict = Literal["ok", "warning", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes:
        name: of the check.
        verdict: ``ok``, ``warning`` (training may work, and probably not as meant) or ``wrong``.
        measured: what was found, in words.
        expected: what is found where all is well.
        mend: what to do about it; empty if all is well.
        numbers: the figures behind it, by name.
    """

    name: str
    verdict: Verdict
    measured: str
    expected: str
    mend: str = ""
    numbers: dict[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        text = f"{self.verdict:8}{self.name}: {self.measured}"
        if self.verdict == "ok":
            return text
        return f"{text}\n{'':8}expected: {self.expected}\n{'':8}to mend it: {self.mend}"


def fine(measured: str, expected: str, **numbers: float) -> Finding:
    """All is well."""
    return Finding("", "ok", measured, expected, "", numbers)


def warning(measured: str, expected: str, mend: str, **numbers: float) -> Finding:
    """Training may work, and probably not as meant."""
    return Finding("", "warning", measured, expected, mend, numbers)


def wrong(measured: str, expected: str, mend: str, **numbers: float) -> Finding:
    """It cannot be meant so."""
    return Finding("", "wrong", measured, expected, mend, numbers)
