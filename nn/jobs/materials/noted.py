"""What a model says of how its data are read, looked at before it is believed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from nn.jobs.materials.manner import Manner

__all__ = ["check_reading"]

LARGEST = 1 << 14
"""Pixels of a side of an image, at most."""


def check_reading(reading: Any, inputs: Sequence[int]) -> dict[str, Any]:
    """The note of how data are read.

    Args:
        reading: the note.
        inputs: the shape of one input of the network.

    Raises:
        ValueError: it cannot be meant, or leads to other inputs.
    """
    if not isinstance(reading, dict) or not isinstance(reading.get("kind"), str):
        raise ValueError("it does not say how data are read")
    sizes = {"table": _of_table, "images": _of_images, "arrays": _of_arrays}
    if reading["kind"] not in sizes:
        raise ValueError(f"there is no reading of {reading['kind'][:40]!r}")
    if sizes[reading["kind"]](reading) != math.prod(inputs):
        raise ValueError("the data that it reads are not those that the network takes")
    return reading


def _of_table(reading: Mapping[str, Any]) -> int:
    """How many numbers it reads for a row."""
    names, everything = _texts(reading["columns"]), _texts(reading["all"])
    categories = reading["categories"]
    if not isinstance(categories, dict) or not set(categories) <= set(names):
        raise ValueError("categories are those of columns")
    if not isinstance(reading["target"], str) or not {*names, reading["target"]} <= set(everything):
        raise ValueError("columns are missing among all")
    if reading["missing"] not in ("error", "mean"):
        raise ValueError("a missing value is an error, or the mean")
    Manner().after(reading.get("manner", {}))
    return sum(len(_texts(categories[name])) if name in categories else 1 for name in names)


def _of_images(reading: Mapping[str, Any]) -> int:
    size = _sizes(reading["size"])
    if len(size) != 2 or reading["mode"] not in ("L", "RGB"):
        raise ValueError("images have a height, a width and a mode")
    return math.prod(size) * (3 if reading["mode"] == "RGB" else 1)


def _of_arrays(reading: Mapping[str, Any]) -> int:
    return math.prod(_sizes(reading["shape"]))


def _texts(found: Any) -> list[str]:
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise ValueError("names are a list of texts")
    if len(set(found)) < len(found):
        raise ValueError("two have the same name")
    return found


def _sizes(found: Any) -> list[int]:
    if not isinstance(found, list) or not all(type(n) is int and n > 0 for n in found):
        raise ValueError("sizes are a list of whole numbers")
    if len(found) > 1 and max(found) > LARGEST:
        raise ValueError("an image is too large")
    return found
