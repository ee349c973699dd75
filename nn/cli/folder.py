"""The folder of results: looked at before the work, filled after it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from nn.io.files import write_atomically
from nn.training.interrupts import SafeInterrupt

__all__ = ["check_folder", "fill_folder"]


def check_folder(folder: Path) -> None:
    """See that files can be put into a folder, without making it.

    Raises:
        OSError: they cannot: it or one above it is a file, or may not be written to.
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
