"""A user's file or folder, read by what it is."""

from __future__ import annotations

from collections.abc import Callable

from nn.jobs.materials.arrays import from_cifar10, from_idx, from_libsvm, from_npz
from nn.jobs.materials.folders import from_images
from nn.jobs.materials.manner import spoken
from nn.jobs.materials.material import Material, MaterialError
from nn.jobs.materials.source import Source, format_of
from nn.jobs.materials.tables import from_csv

__all__ = ["read"]

_READERS: dict[str, Callable[[Source], Material]] = {
    "csv": from_csv,
    "npz": from_npz,
    "libsvm": from_libsvm,
    "idx": from_idx,
    "cifar10": from_cifar10,
    "images": from_images,
}

_ONLY = {
    "ignore": ("--ignore", ("csv",)),
    "labels": ("--labels", ("idx",)),
    "size": ("--size", ("images",)),
    "image": ("--image", ("csv", "npz", "libsvm")),
    "target": ("--target", ("csv", "npz")),
}


def read(source: Source) -> Material:
    """All that is in it.

    Raises:
        FileNotFoundError: there is no such file.
        MaterialError: it is malformed, cannot be learnt from, or an option says nothing about its
            format.
        MissingExtraError: a package is needed that is not installed.
    """
    kind = format_of(source.path, source.format)
    for name, (flag, kinds) in _ONLY.items():
        if getattr(source, name) and kind not in kinds:
            raise MaterialError(
                f"{flag} is for {' and '.join(kinds)}, and {source.path} is read as {kind}"
            )
    if source.grey and kind != "images":
        raise MaterialError(f"--grey is for images, and {source.path} is read as {kind}")
    if source.task == "regression" and kind in ("images", "cifar10"):
        raise MaterialError("--task regression needs numbers to predict; folders name classes")
    words = source.manner.words()
    if words and kind != "csv":
        raise MaterialError(f"{words[0]} is for csv, and {source.path} is read as {kind}")
    with spoken():
        return _READERS[kind](source)
