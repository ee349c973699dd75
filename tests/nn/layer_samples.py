"""One row for each layer and loss: how it is made, and what it is called with.

Tests that hold for every layer (as trees, under transforms, compiled, beside PyTorch, in files,
in a summary) run over `SAMPLES`. To have a new layer tested, add rows to the file of its family in
`tests/nn/samples`, or a file with a list ``ROWS``: it is found by being there.
"""

from __future__ import annotations

import importlib
from pathlib import Path

from tests.nn.layer_rows import Row

__all__ = ["SAMPLES", "of"]


def _collected() -> list[Row]:
    found: list[Row] = []
    for path in sorted((Path(__file__).parent / "samples").glob("*.py")):
        found += importlib.import_module(f"tests.nn.samples.{path.stem}").ROWS
    return found


SAMPLES: list[Row] = _collected()


def of(*names: str) -> list[Row]:
    """The rows of some layers."""
    return [row for row in SAMPLES if row.name in names]
