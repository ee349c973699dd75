"""The table of what was read, for arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.jobs.materials.material import Field, Picturing
from nn.report.text import number

__all__ = ["class_counts", "fields_of", "size_of", "span"]

Array = np.ndarray[Any, Any]

MANY = 40
"""So many columns get each a line of their own."""
SHOWN = 12
"""So many classes are listed."""


def span(values: Array) -> str:
    """From where to where numbers go, and how many are missing."""
    numbers = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    missing = values.size - numbers.size
    said = (
        f"{number(float(numbers.min()))} to {number(float(numbers.max()))}" if numbers.size else ""
    )
    return "; ".join(filter(None, [said, f"{missing} missing" if missing else ""]))


def class_counts(y: Array, classes: tuple[str, ...]) -> str:
    """How many samples each class has."""
    counts = np.bincount(y, minlength=len(classes))
    listed = ", ".join(
        f"{name} ({count})" for name, count in list(zip(classes, counts, strict=True))[:SHOWN]
    )
    return listed + (f", and {len(classes) - SHOWN} more" if len(classes) > SHOWN else "")


def size_of(shape: tuple[int, int, int]) -> str:
    """The size of an image in words.

    >>> size_of((3, 32, 24))
    '32 × 24 pixels in 3 colours'
    """
    colours = "" if shape[0] == 1 else f" in {shape[0]} colours"
    return f"{shape[1]} × {shape[2]} pixels{colours}"


def fields_of(
    x: Array,
    y: Array,
    classes: tuple[str, ...],
    target: str,
    picturing: Picturing | None,
    columns: tuple[str, ...] = (),
) -> tuple[Field, ...]:
    """What was read, one line for each column, or one for all.

    Args:
        x: inputs.
        y: targets.
        classes: names of the classes; none for numbers.
        target: name of what is predicted.
        picturing: how an input is an image; None if it is none.
        columns: names of the inputs; none if they have none.
    """
    if picturing is not None:
        found = [Field("images", size_of(picturing.shape), span(x), "input")]
    elif columns and len(columns) <= MANY:
        found = [Field(name, "numbers", span(x[:, i]), "input") for i, name in enumerate(columns)]
    else:
        found = [Field(f"{x.shape[1]} columns", "numbers", span(x), "inputs")]
    if classes:
        last = Field(target, f"{len(classes)} classes", class_counts(y, classes), "is predicted")
    else:
        last = Field(target, "numbers", span(y), "is predicted")
    return (*found, last)
