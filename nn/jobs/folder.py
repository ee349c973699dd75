"""The folder of results: looked at before the work, filled after it."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from nn.io.files import write_atomically
from nn.training.interrupts import SafeInterrupt

__all__ = ["check_folder", "fill_folder"]


def check_folder(folder: Path, names: Iterable[str] = ()) -> None:
    """See that files can be put into a folder; afterwards all is as it was.

    Args:
        folder: the folder, which need not exist.
        names: of the files.

    Raises:
        OSError: they cannot: it or one above it is a file, or may not be written to; or there
            is a folder in the place of a file.
    """
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        raise NotADirectoryError(
            f"cannot write to {folder}: {place} is not a folder; choose another with --out"
        )
    if not os.access(place, os.W_OK | os.X_OK):
        raise PermissionError(
            f"cannot write to {folder}: no permission to write to {place}; "
            "choose another with --out"
        )
    for name in names:
        if (folder / name).is_dir():
            raise IsADirectoryError(
                f"cannot write {folder / name}: it is a folder; choose another --out"
            )
    try:
        _try_out(folder)
    except OSError as error:
        # Permissions do not tell everything: a disk may be full, or only there to be read.
        raise type(error)(
            f"cannot write to {folder}: {error.strerror or error}; choose another with --out"
        ) from None


def _try_out(folder: Path) -> None:
    """Put a file into the folder, and take it and the folders made for it away again."""
    absent = [place for place in (folder, *folder.parents) if not place.exists()]
    made: list[Path] = []
    try:
        for place in reversed(absent):
            place.mkdir()
            made.append(place)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b" ")
            file.flush()
    finally:
        for place in reversed(made):
            with contextlib.suppress(OSError):
                place.rmdir()


def fill_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, which is made if need be. Ctrl-C waits until all are there.

    Args:
        folder: where to.
        files: contents by name; each appears whole or not at all.

    Raises:
        OSError: the disk is full or not writable.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with SafeInterrupt() as interrupt:
        interrupt.hold()
        try:
            for name, content in files.items():
                write_atomically(folder / name, content)
        finally:
            # What was asked for is complete by now, so there is nothing left to interrupt.
            with contextlib.suppress(KeyboardInterrupt):
                interrupt.release()
