"""The worked examples, where the sources are."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["SOURCES", "Example", "examples"]

SOURCES = Path(__file__).resolve().parents[3]
"""The folder of the sources, if the package is used from there."""


@dataclass(frozen=True, slots=True)
class Example:
    """A script that works a set of formulas out.

    Attributes:
        path: where it is.
        summary: the first line of what it says of itself.
        quick: whether it takes ``--quick``.
    """

    path: Path
    summary: str
    quick: bool


@cache
def examples() -> dict[str, Example]:
    """The scripts in the folder ``examples`` beside the package, by name; none if there is none."""
    found: dict[str, Example] = {}
    if not (SOURCES / "pyproject.toml").is_file():
        # Installed without them, beside whatever others have installed.
        return found
    for path in sorted((SOURCES / "examples").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        said = ast.get_docstring(ast.parse(text)) or ""
        if said and '__name__ == "__main__"' in text:
            summary = said.splitlines()[0].rstrip(".")
            found[path.stem] = Example(path, summary, "--quick" in text)
    return found
