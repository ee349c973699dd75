"""Whatever bytes a file holds, a reader gives arrays or its one error."""

from __future__ import annotations

import gzip
import io
import struct
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn import data

Read = Callable[[Path], Any]


def saved(save: Callable[..., Any], *arrays: Any, **named: Any) -> bytes:
    file = io.BytesIO()
    save(file, *arrays, **named)
    return file.getvalue()


X = np.arange(6.0).reshape(2, 3)
TABLE = b'a,b,"c, d"\n1,2.5,"x ""y"""\n2,-1e3,z\n3,0,"two\nlines"\n'
IDX = b"\0\0\x0c\2" + struct.pack(">2I", 2, 3) + X.astype(">i4").tobytes()
SVM = b"1 1:0.5 3:-2 # remark\n-1 2:1e-3\n"
FILES: dict[str, tuple[bytes, Read]] = {
    "npy": (saved(np.save, X), data.read_npy),
    "text npy": (saved(np.save, np.array(["a", "bc"])), data.read_npy),
    "npz": (saved(np.savez, x=X, y=np.arange(2)), data.read_npz),
    "packed npz": (saved(np.savez_compressed, x=X, y=np.arange(2)), data.read_npz),
    "csv": (TABLE, data.read_csv),
    "csv.gz": (gzip.compress(TABLE, mtime=0), data.read_csv),
    "idx": (IDX, data.read_idx),
    "idx.gz": (gzip.compress(IDX, mtime=0), data.read_idx),
    "cifar": (bytes([3]) + bytes(range(256)) * 12, data.read_cifar10),
    "cifar 100": (bytes([3, 42]) + bytes(range(256)) * 12, data.read_cifar100),
    "libsvm": (SVM, data.read_libsvm),
    "libsvm.gz": (gzip.compress(SVM, mtime=0), data.read_libsvm),
}


def picture(kind: str) -> bytes:
    image = pytest.importorskip("PIL.Image")
    pixels = np.random.default_rng(0).integers(0, 256, (6, 5, 3)).astype(np.uint8)
    return saved(image.fromarray(pixels).save, kind)


def folder(path: Path) -> Any:
    return data.read_image_folder(path.parent.parent)


def damaged(content: bytes, rng: np.random.Generator, count: int | None) -> Iterator[bytes]:
    """Cut short, a byte changed, bytes inserted, removed or doubled."""
    places = range(len(content))
    if count is not None:
        places = rng.integers(0, len(content), count).tolist()  # type: ignore[assignment]
    for place in places:
        yield content[:place]
        bit = 1 << int(rng.integers(8))
        yield content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]
        other = rng.integers(0, 256, int(rng.integers(1, 5))).astype(np.uint8).tobytes()
        yield content[:place] + other + content[place + len(other) :]
        yield content[:place] + other + content[place:]
        yield content[:place] + content[place + 1 :]


def check(name: str, count: int | None, tmp_path: Path) -> None:
    if name in ("PNG", "JPEG", "BMP", "GIF"):
        content, read = picture(name), folder
    else:
        content, read = FILES[name]
    path = tmp_path / "root" / "class" / f"file.{name.lower()}"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    read(path)
    refused = []
    for changed in damaged(content, np.random.default_rng(1), count):
        path.write_bytes(changed)
        try:
            with warnings.catch_warnings():
                # Pillow warns of damage that it can live with.
                warnings.simplefilter("ignore")
                read(path)
        except data.DataFileError as error:
            refused.append(error)
    assert refused
    assert all(error.path and len(str(error)) < 1000 for error in refused)


NAMES = [*FILES, "PNG", "JPEG", "BMP", "GIF"]


@pytest.mark.parametrize("name", NAMES)
def test_some_damage(name: str, tmp_path: Path) -> None:
    check(name, 25, tmp_path)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", NAMES)
def test_damage_everywhere(name: str, tmp_path: Path) -> None:
    check(name, None if len(FILES.get(name, (b"",))[0]) < 1500 else 1500, tmp_path)
