"""Files that are replaced as a whole or not at all."""

from __future__ import annotations

import contextlib
import os
import platform
import tempfile
from pathlib import Path

__all__ = ["write_atomically"]


def write_atomically(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file so that the old or the new one is there at every moment.

    The content goes to a temporary file in the same folder, is forced to the disk, and
    takes the name in one step. If anything fails, the temporary file is removed; what a
    killed process left behind is removed by the next write of the same file.

    Args:
        path: the file; its folder must exist.
        content: what it shall hold.

    Raises:
        FileNotFoundError: the folder does not exist.
        NotADirectoryError: the folder is a file.
        IsADirectoryError: the path is a folder.
        OSError: the disk is full or not writable; the old file is as it was.
    """
    target = Path(path)
    if not target.parent.is_dir():
        if target.parent.exists():
            raise NotADirectoryError(
                f"cannot write {target}: {target.parent} is a file, not a folder; choose another"
            )
        raise FileNotFoundError(
            f"cannot write {target}: the folder {target.parent} does not exist; make it first: "
            f"pathlib.Path({str(target.parent)!r}).mkdir(parents=True)"
        )
    if target.is_dir():
        raise IsADirectoryError(f"cannot write {target}: it is a folder; give the name of a file")
    prefix = f"{_prefix(target)}{os.getpid()}."
    try:
        _remove_stale(target)
        handle, temporary = tempfile.mkstemp(prefix=prefix, suffix=".tmp", dir=target.parent)
    except OSError as error:
        # It speaks of a temporary file, of which the user knows nothing.
        raise type(error)(
            error.errno, f"cannot write {target}: {error.strerror}; choose another folder or name"
        ) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(target.parent)


def _prefix(target: Path) -> str:
    """How the names of temporary files begin that this machine makes for a target."""
    # Names of files are limited to 255 bytes, and the target's own may be as long.
    return f".{target.name[:40]}.{platform.node()[:40]}."


def _remove_stale(target: Path) -> None:
    """Remove temporary files of processes of this machine that are no more."""
    prefix = _prefix(target)
    for path in target.parent.iterdir():
        process = path.name.removeprefix(prefix).partition(".")[0]
        ours = path.name.startswith(prefix) and path.name.endswith(".tmp")
        if ours and process.isdigit() and not _is_running(int(process)):
            path.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    """Whether there is such a process, or no way to tell."""
    if os.name == "posix":
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        except OSError:
            pass
    return True


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, or those of a new file."""
    try:
        return target.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    # The new name is only safe once the folder is on the disk; not every system allows it.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
