"""A user's own data: where they are, and how they are to be taken."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from nn.data.readers.images import ENDINGS
from nn.jobs.materials.manner import Manner
from nn.jobs.materials.material import MaterialError

__all__ = ["FORMATS", "Source", "format_of"]

FORMATS = {
    "csv": "delimited text with a column to predict",
    "npz": "a NumPy archive of x and y",
    "libsvm": "text of LIBSVM",
    "idx": "an IDX file of images, with the labels in another",
    "cifar10": "a binary file of CIFAR-10",
    "images": "a folder of folders of images, one for each class",
}
_ENDINGS = {
    "csv": "csv", "tsv": "csv", "tab": "csv", "data": "csv", "txt": "csv", "npz": "npz",
    "npy": "npz", "libsvm": "libsvm", "svm": "libsvm", "svmlight": "libsvm", "bin": "cifar10",
}  # fmt: skip


_OTHERS = frozenset(
    "xlsx xls ods parquet feather arrow json jsonl xml pkl pickle mat h5 hdf5 db sqlite".split()
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file or folder, and what was said of it.

    Attributes:
        path: where it is.
        target: the column to predict, by its name or number; of archives the name of the array.
        format: one of `FORMATS`; None to find out.
        task: ``classification`` or ``regression``; None to find out.
        labels: the file of labels that belongs to a file of images.
        ignore: columns to leave out.
        missing: ``error`` or ``mean``.
        image: height and width of the image that the columns of a sample are, if they are one.
        size: height and width to which images are brought.
        grey: whether images are made grey.
        manner: how delimited text is written.
    """

    path: Path
    target: str | None = None
    format: str | None = None
    task: str | None = None
    labels: Path | None = None
    ignore: tuple[str, ...] = ()
    missing: str = "error"
    image: tuple[int, int] | None = None
    size: tuple[int, int] | None = None
    grey: bool = False
    manner: Manner = field(default_factory=Manner)

    def words(self) -> list[str]:
        """The words of the command line that say the same."""
        found = ["--data", str(self.path)]
        for flag, value in (
            ("--target", self.target),
            ("--format", self.format),
            ("--task", self.task),
            ("--labels", self.labels),
        ):
            found += [] if value is None else [flag, str(value)]
        found += ["--ignore", *self.ignore] if self.ignore else []
        found += ["--missing", self.missing] if self.missing != "error" else []
        for flag, pair in (("--image", self.image), ("--size", self.size)):
            found += [] if pair is None else [flag, *map(str, pair)]
        return [*found, *(["--grey"] if self.grey else []), *self.manner.words()]


def format_of(path: Path, given: str | None = None) -> str:
    """The format of a file: as given, or by its ending and first bytes.

    Raises:
        FileNotFoundError: there is nothing of this name.
        MaterialError: it cannot be told.
    """
    if not path.exists():
        near = "" if path.parent.exists() else f"; there is no folder {path.parent} either"
        raise FileNotFoundError(f"there is no file or folder {path}{near}")
    if given is not None:
        return given
    if path.is_dir() or path.suffix.lower() in ENDINGS:
        return "images"
    if _begins(path)[:2] == b"\0\0":
        return "idx"
    endings = [ending.lstrip(".").lower() for ending in path.suffixes if ending.lower() != ".gz"]
    found = _ENDINGS.get(endings[-1]) if endings else None
    if found is None and endings and endings[-1] in _OTHERS:
        raise MaterialError(f"{path}: .{endings[-1]} is not read; save it as .csv or .npz")
    if found is None:
        known = ", ".join(f"{name} ({what})" for name, what in FORMATS.items())
        raise MaterialError(
            f"{path}: its ending does not say what it is; give --format, one of {known}"
        )
    return found


def _begins(path: Path) -> bytes:
    """The first bytes, unpacked."""
    with open(path, "rb") as file:
        first = file.read(4)
    if first[:2] != b"\x1f\x8b":
        return first
    try:
        with gzip.open(path) as unpacked:
            return unpacked.read(4)
    except (OSError, EOFError, zlib.error):
        # The reader says what is wrong with it.
        return b""
