"""Folders of images as something to learn from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from nn.data import read_image_folder, read_images
from nn.data.readers.images import ENDINGS, is_picture
from nn.jobs.materials.describing import fields_of
from nn.jobs.materials.material import Material, MaterialError
from nn.jobs.materials.picturing import of_images
from nn.jobs.materials.source import Source

__all__ = ["from_images", "read_pictures"]


def from_images(source: Source) -> Material:
    """A folder of folders of images, each of which is a class.

    Raises:
        DataFileError: there are no images, one is damaged, or they differ in size.
        MissingExtraError: Pillow is not installed.
        MaterialError: there is one class only, or it is no folder.
    """
    if source.path.is_file():
        raise MaterialError(
            f"{source.path} is one picture; to learn, give the folder in which each class has a "
            "folder of pictures"
        )
    mode = "L" if source.grey else "RGB"
    x, y, classes = read_image_folder(source.path, source.size, mode, dtype=np.float32)
    if len(classes) < 2:
        raise MaterialError(
            f"{source.path} has one folder only, {classes[0]}; each class needs its own"
        )
    grey = x.shape[1] == 3 and bool(np.all(x == x[:, :1]))
    if grey:
        x = np.ascontiguousarray(x[:, :1])
    picturing = of_images(x, dark=True)
    return Material(
        f"Telling {', '.join(classes[:3])}{' …' * (len(classes) > 3)} apart",
        f"{len(x)} images in the folder {source.path.name}",
        "images",
        x,
        y,
        "class",
        classes,
        (),
        picturing,
        fields_of(x, y, classes, "class", picturing),
        {
            "kind": "images",
            "size": list(x.shape[2:]),
            "mode": "L" if x.shape[1] == 1 else "RGB",
        },
    )


def read_pictures(
    path: Path, size: tuple[int, int], mode: str
) -> tuple[list[Path], np.ndarray[Any, Any]]:
    """One picture, or all in a folder, brought to a size.

    Raises:
        MaterialError: there are none.
        DataFileError: one is damaged.
    """
    files = [path]
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if is_picture(file))
    if not files:
        raise MaterialError(f"the folder {path} holds no picture ({', '.join(sorted(ENDINGS))})")
    return files, read_images(files, size, mode, dtype=np.float32)
