"""Inputs and targets with all that is known of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autodiff.errors import GlassgradError

__all__ = ["Field", "Material", "MaterialError", "Picturing"]

Array = np.ndarray[Any, Any]


class MaterialError(GlassgradError, ValueError):
    """Data cannot be learnt from as they are; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Field:
    """A line of the table of what was read.

    Attributes:
        name: of the column.
        kind: such as ``whole numbers`` or ``3 categories``.
        values: which there are, or from where to where.
        use: what becomes of it.
    """

    name: str
    kind: str
    values: str
    use: str


@dataclass(frozen=True, slots=True)
class Picturing:
    """How inputs are seen as images.

    Attributes:
        shape: channels, height, width.
        low: the number that is drawn as paper; of coloured images, as no light.
        high: the number that is drawn as ink; of coloured images, as full light.
        dark: whether small numbers are dark, as in photographs; else they are paper.
    """

    shape: tuple[int, int, int]
    low: float
    high: float
    dark: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What is learnt from.

    Attributes:
        title: what it is about.
        said: where it comes from, in a few words.
        unit: what the samples are, in the plural.
        x: inputs as they were read, floats of shape (N, D) or (N, channels, height, width);
            NaN where a number is missing.
        y: targets: classes, int64, or numbers, floats; of shape (N,).
        target: the name of what is predicted.
        classes: their names; none if numbers are predicted.
        columns: the names of the D inputs; none for images.
        picturing: how an input is seen as an image; None if it is none.
        fields: the table of what was read.
        reading: what is needed to read new data as these were.
        notes: what the user should know of the reading.
        tested: numbers of the samples that the data set aside as a test; None if it does not.
    """

    title: str
    said: str
    unit: str
    x: Array
    y: Array
    target: str
    classes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    picturing: Picturing | None = None
    fields: tuple[Field, ...] = ()
    reading: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    tested: Array | None = None

    def fingerprint(self) -> str:
        """A text that other data do not have."""
        digest = hashlib.blake2b(digest_size=16)
        said = [self.x.shape, self.x.dtype.str, self.y.dtype.str, self.classes, self.columns]
        digest.update(repr(said).encode())
        for array in (self.x, self.y, self.tested):
            digest.update(b"" if array is None else np.ascontiguousarray(array).data)
        return digest.hexdigest()

    @property
    def inputs(self) -> tuple[int, ...]:
        """The shape of one input."""
        shape: tuple[int, ...] = self.x.shape[1:]
        return shape

    @property
    def outputs(self) -> int:
        """How many numbers a network gives for a sample."""
        return len(self.classes) or 1
