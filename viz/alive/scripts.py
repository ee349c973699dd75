"""The files that go into the page: what computes, what is seen, and how it looks."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

__all__ = ["part"]


@cache
def part(name: str) -> str:
    """The text of a file of this folder, such as ``engine.js``."""
    return files("viz.alive").joinpath(name).read_text(encoding="utf-8")
