"""Files such as users have, made for the tests of the command line."""

from __future__ import annotations

import csv
import gzip
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def write_table(path: Path, head: Iterable[str], rows: Iterable[Iterable[Any]]) -> Path:
    """Delimited text; without a head if that is empty."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if names := list(head):
            writer.writerow(names)
        writer.writerows(rows)
    return path


def houses(folder: Path, n: int = 120, gaps: bool = False) -> Path:
    """A price that is a known function of rooms, area and town, with columns of no use."""
    rng = np.random.default_rng(0)
    rows = []
    for i in range(n):
        rooms, area, town = rng.integers(1, 8), rng.normal(90, 25), "ABC"[rng.integers(3)]
        price = 50 * rooms + 3 * area + 200 * (town == "C")
        shown = "" if gaps and i % 30 == 7 else f"{area:.1f}"
        rows.append([f"House {i}", rooms, shown, town, "CH", f"{price:.1f}"])
    return write_table(
        folder / "houses.csv", ["name", "rooms", "area", "town", "land", "price"], rows
    )


def insects(folder: Path, n: int = 90, head: bool = True) -> Path:
    """Three kinds that two measures tell apart."""
    rng = np.random.default_rng(0)
    rows = [
        [
            f"{rng.normal(3 * (i % 3), 0.3):.2f}",
            f"{rng.normal(0, 1):.2f}",
            ["ant", "bee", "cat"][i % 3],
        ]
        for i in range(n)
    ]
    return write_table(folder / "insects.csv", ["length", "width", "kind"] if head else [], rows)


def idx(path: Path, array: Array) -> Path:
    """An IDX file of bytes, packed."""
    head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    with gzip.open(path, "wb") as file:
        file.write(head + array.astype(np.uint8).tobytes())
    return path


def strokes(n: int = 60, side: int = 14) -> tuple[Array, Array]:
    """Images of bytes (N, side, side) of a stroke that lies or stands, and which."""
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 40, (n, side, side)), np.arange(n) % 2
    for image, label in zip(images, labels, strict=True):
        place = rng.integers(2, side - 2)
        image[(place, slice(None)) if label else (slice(None), place)] = 255
    return images.astype(np.uint8), labels


def picture_folder(folder: Path, n: int = 40) -> Path:
    """The strokes as pictures, in a folder for each kind."""
    from PIL import Image

    for number, (image, label) in enumerate(zip(*strokes(n), strict=True)):
        place = folder / "pictures" / ["stands", "lies"][label]
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(place / f"{number}.png")
    return folder / "pictures"
