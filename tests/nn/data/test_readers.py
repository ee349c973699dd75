"""Files are read rightly, and what is wrong with one is said with the place."""

from __future__ import annotations

import gzip
import re
import struct
import time
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn.data import (
    DataFileError,
    ImageFolder,
    read_cifar10,
    read_cifar100,
    read_idx,
    read_image_folder,
    read_libsvm,
    read_npy,
    read_npz,
)
from nn.data.readers import files

RNG = np.random.default_rng(0)
ARRAYS = [
    RNG.standard_normal((3, 4)),
    np.arange(5, dtype=">i4"),
    np.asfortranarray(RNG.standard_normal((2, 3, 4)).astype(np.float32)),
    np.array([True, False]),
    np.array(["a", "büro"]),
    np.array([b"x", b"yz"]),
    np.array(3.5),
    np.zeros((0, 3)),
    np.array([1 + 2j]),
    np.array(["2024-01-01"], "M8[D]"),
    np.float16([1.5]),
]


def refused(call: Any, message: str) -> DataFileError:
    with pytest.raises(DataFileError, match=message) as caught:
        call()
    assert str(caught.value).startswith(caught.value.path)
    return caught.value


def test_numpy_files_hold_what_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    for array in ARRAYS:
        np.save(path, array)
        found = read_npy(path)
        np.testing.assert_array_equal(found, array)
        assert (found.shape, found.dtype) == (array.shape, array.dtype.newbyteorder("="))
    arrays = {f"x{i}": array for i, array in enumerate(ARRAYS)}
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "a.npz", **arrays)
        read = read_npz(tmp_path / "a.npz")
        assert list(read) == list(arrays)
        for name, array in arrays.items():
            np.testing.assert_array_equal(read[name], array)


def test_pickles_and_what_else_numpy_files_may_not_hold(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.array([{}], dtype=object), allow_pickle=True)
    refused(lambda: read_npy(path), "the file holds pickled objects, which are never unpickled")
    np.save(path, np.zeros(2, [("a", int)]))
    refused(lambda: read_npy(path), "holds records; save plain arrays")
    np.savez(tmp_path / "a.npz", x=np.array([{}], dtype=object))
    refused(lambda: read_npz(tmp_path / "a.npz"), "the array 'x' holds pickled objects")
    refused(lambda: read_npz(path), r"begins with b'\\x93NUM'.*use read_npy")
    np.save(path, np.zeros(2, bool))
    path.write_bytes(path.read_bytes()[:-1] + b"\5")
    refused(lambda: read_npy(path), "bytes other than 0 and 1")
    np.save(path, np.array(["a"]))
    path.write_bytes(path.read_bytes()[:-1] + b"\5")
    refused(lambda: read_npy(path), "no character")
    with zipfile.ZipFile(tmp_path / "b.npz", "w") as archive:
        archive.writestr("evil.pkl", b"x")
    refused(lambda: read_npz(tmp_path / "b.npz"), "holds 'evil.pkl'")


def header(shape: str, descr: str = "'<f8'") -> bytes:
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}".encode()
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text


def bombs(folder: Path) -> list[tuple[Any, Path, str]]:
    """Small files that claim to be large."""
    made: list[tuple[Any, Path, str]] = []

    def plain(name: str, content: bytes, read: Any, message: str) -> None:
        (folder / name).write_bytes(content)
        made.append((read, folder / name, message))

    plain("a.npy", header("(1 << 40,)"), read_npy, "header that is none")
    plain("b.npy", header(f"({1 << 40},)"), read_npy, "8,796,093,022,208 bytes after its header")
    plain("c.npy", header(f"(0, {1 << 62})"), read_npy, "header that is none")
    plain("c2.npy", header(f"(0, {1 << 61}, 8)"), read_npy, "shape that no array has")
    plain("d.npy", header("(2,)", "'S0'"), read_npy, "header that is none")
    plain("e.npy", header("(" * 3000 + ")" * 3000), read_npy, "header that is none")
    plain("f.npy", b"\x93NUMPY\2\0\xff\xff\xff\x7f{}", read_npy, "claims a header of 2,147,483,647")
    plain("a.idx", b"\0\0\x0e\3" + b"\xff" * 12, read_idx, "bytes after the header, and 0 are")
    packed = gzip.compress(b"\0\0\x08\3" + struct.pack(">3I", 1 << 16, 1 << 14, 1))
    plain("b.idx.gz", packed, read_idx, "more than the packed file can hold")
    with (
        zipfile.ZipFile(folder / "zeros.npz", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("x.npy", "w", force_zip64=True) as member,
    ):
        member.write(header(f"({6 << 17},)"))
        for _ in range(6):
            member.write(bytes(1 << 20))
    made.append((read_npz, folder / "zeros.npz", "would take 6,291,.*give max_bytes=6291"))
    lying = bytearray((folder / "zeros.npz").read_bytes())
    at = lying.rfind(b"PK\5\6") + 12
    lying[at : at + 4] = b"\xf0\xff\xff\xff"
    plain("directory.npz", bytes(lying), read_npz, "claims a directory of 4,294,967,280 bytes")
    plain("a.svm", b"1 900000000:1\n" * 2, read_libsvm, "give max_bytes=7200000000")
    line = gzip.compress(b"1," * (1 << 20) * 20)
    plain("line.csv.gz", line, nn.data.read_csv, "becomes more than")
    plain("long.csv.gz", gzip.compress(bytes(40 << 20), 1), nn.data.read_csv, "becomes more than")
    return made


def test_bombs_are_refused_at_once_and_for_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "SMALL", 1 << 22)
    for read, path, message in bombs(tmp_path):
        tracemalloc.start()
        begin = time.perf_counter()
        try:
            refused(lambda read=read, path=path: read(path), message)
            assert time.perf_counter() - begin < 2, path
            assert tracemalloc.get_traced_memory()[1] < 64 << 20, path
        finally:
            tracemalloc.stop()
    assert read_npz(tmp_path / "zeros.npz", max_bytes=1 << 30)["x"].shape == (6 << 17,)


@pytest.mark.parametrize(
    "code", [(8, "u1"), (9, "i1"), (11, ">i2"), (12, ">i4"), (13, ">f4"), (14, ">f8")]
)
def test_idx_of_every_type(code: tuple[int, str], tmp_path: Path) -> None:
    array = (RNG.standard_normal((2, 3)) * 50).astype(code[1])
    content = bytes([0, 0, code[0], 2]) + struct.pack(">2I", 2, 3) + array.tobytes()
    path = tmp_path / "a"
    for packed in (content, gzip.compress(content)):
        path.write_bytes(packed)
        found = read_idx(path)
        np.testing.assert_array_equal(found, array)
        assert found.dtype == array.dtype.newbyteorder("=")
        assert found.flags.writeable
    path.write_bytes(content + b"x")
    refused(lambda: read_idx(path), "bytes after the header, and")
    path.write_bytes(gzip.compress(content + b"x"))
    refused(lambda: read_idx(path), "the file goes on")
    path.write_bytes(gzip.compress(content[:-1]))
    refused(lambda: read_idx(path), "are there")
    path.write_bytes(gzip.compress(content)[:-9])
    refused(lambda: read_idx(path), "damaged or cut short")
    path.write_bytes(b"\0\1" + content[2:])
    refused(lambda: read_idx(path), "no IDX file, which begins with two zero bytes")


def test_cifar(tmp_path: Path) -> None:
    rows = RNG.integers(0, 256, (4, 3073)).astype(np.uint8)
    rows[:, 0] = [0, 9, 3, 3]
    path = tmp_path / "data_batch_1.bin"
    path.write_bytes(rows.tobytes())
    images, labels, classes = read_cifar10([path, path])
    assert (images.shape, labels.tolist()) == ((8, 3, 32, 32), [0, 9, 3, 3] * 2)
    assert classes[9] == "truck"
    # Red first, then green; the pixels of a row one after the other.
    assert images[1, 1, 2, 3] == rows[1, 1 + 1024 + 2 * 32 + 3]
    rows[2, 0] = 10
    path.write_bytes(rows.tobytes())
    error = refused(lambda: read_cifar10(path), "record 2, column 0: the label is 10.*from 0 to 9")
    assert (error.row, error.column) == (2, 0)
    path.write_bytes(rows.tobytes()[:-1])
    refused(lambda: read_cifar10(path), r"12,291 bytes are not a whole number.*3 and 3072 bytes")
    path.write_bytes(b"\x80\x04whatever")
    refused(lambda: read_cifar10(path), "the pickled version.*ever unpickled.*binary version of")
    fine = np.zeros((2, 3074), np.uint8)
    fine[:, :2] = [[19, 99], [1, 2]]
    path.write_bytes(fine.tobytes())
    assert read_cifar100(path).labels.tolist() == [99, 2]
    assert read_cifar100(path, "coarse").labels.tolist() == [19, 1]


def test_libsvm_is_read_as_by_scikit_learn(tmp_path: Path) -> None:
    datasets = pytest.importorskip("sklearn.datasets")
    path = tmp_path / "a.svm"
    x = RNG.standard_normal((7, 5)) * (RNG.random((7, 5)) < 0.5)
    x[0, 0] = 1
    for y in (np.arange(7) - 3, RNG.standard_normal(7)):
        for zero_based in (True, False):
            datasets.dump_svmlight_file(x, y, str(path), zero_based=zero_based, comment="hello")
            found = read_libsvm(path, n_features=6, dtype=np.float64)
            wanted = datasets.load_svmlight_file(str(path), n_features=6)
            np.testing.assert_array_equal(found[0], wanted[0].toarray())
            np.testing.assert_array_equal(found[1], wanted[1])
            assert found[1].dtype == (np.int64 if y.dtype == int else np.float64)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1,2 3:4", r"line 2, column 0: the label '1,2' is no number; several labels per sample"),
        ("1 qid:3 1:2", r"line 2, column 1: queries"),
        ("1 1:2 3:x", r"line 2, column 2: '3:x' is not index:value"),
        ("1 1:2 3", r"line 2, column 2: '3' is not index:value"),
        ("1 1:2 1:3", r"line 2: the index 1 comes twice"),
        ("1 -1:2", r"line 2: the index -1 is none"),
        ("1 1:nan", r"'1:nan' is not"),
        ("1 1:1_0", r"'1:1_0' is not"),
        ("1 9:1", r"line 2: the index is 9, and n_features=4"),
        ("1 0:1 4:1", r"line 2: the index is 4, and n_features=4, counted from 0"),
    ],
)
def test_libsvm_that_is_wrong(line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.svm"
    path.write_text(f"1 2:0.5\n{line}\n")
    refused(lambda: read_libsvm(path, n_features=4), message)


def pictures(folder: Path, **sizes: tuple[int, int]) -> Path:
    image = pytest.importorskip("PIL.Image")
    for number, (name, size) in enumerate(sizes.items()):
        (folder / name).mkdir(parents=True, exist_ok=True)
        pixels = np.full((*size[::-1], 3), 40 * number + 10, np.uint8)
        pixels[0, 0] = [255, 0, 0]
        image.fromarray(pixels).save(folder / name / f"{number}.png")
    return folder


def test_image_folders(tmp_path: Path) -> None:
    pictures(tmp_path, dog=(4, 3), cat=(4, 3))
    (tmp_path / "cat" / "notes.txt").write_text("no picture")
    images, labels, classes = read_image_folder(tmp_path)
    assert (images.shape, images.dtype, labels.tolist()) == ((2, 3, 3, 4), np.float32, [0, 1])
    assert classes == ("cat", "dog")
    np.testing.assert_array_equal(images[0, :, 0, 0], [1, 0, 0])
    np.testing.assert_allclose(images[1, :, 1, 1], 10 / 255)
    grey = read_image_folder(tmp_path, mode="L", dtype="uint8").images
    assert (grey.shape, int(grey[0, 0, 0, 0]), int(grey[0, 0, 2, 2])) == ((2, 1, 3, 4), 76, 50)
    pictures(tmp_path, emu=(5, 6))
    error = refused(lambda: read_image_folder(tmp_path), "6 × 5 pixels.*3 × 4; give resize=")
    assert error.path.endswith("0.png")
    assert read_image_folder(tmp_path, resize=(2, 3)).images.shape == (3, 3, 2, 3)
    folder = ImageFolder(tmp_path, resize=8)
    assert next(iter(nn.data.DataLoader(folder, 3)))[0].shape == (3, 3, 8, 8)
    bad = tmp_path / "cat" / "bad.jpg"
    bad.write_bytes(b"\xff\xd8nonsense")
    refused(lambda: read_image_folder(tmp_path), re.escape(f"{bad}: the picture cannot be read"))
    (tmp_path / "empty").mkdir()
    refused(lambda: ImageFolder(tmp_path), "empty: it holds no picture")
    refused(lambda: ImageFolder(tmp_path / "cat"), "it has no folders; each class is a folder")
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        ImageFolder(tmp_path / "nothing")


def test_transparent_and_deep_pictures(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    (tmp_path / "a").mkdir()
    clear = np.zeros((2, 2, 4), np.uint8)
    image.fromarray(clear).save(tmp_path / "a" / "1.png")
    image.fromarray(np.full((2, 2), 32896, np.uint16)).save(tmp_path / "a" / "2.png")
    images = read_image_folder(tmp_path, mode="L", dtype="uint8").images
    assert images[:, 0, 0, 0].tolist() == [255, 128]
    for kind in (np.float32, np.int32):
        image.fromarray(np.ones((2, 2), kind)).save(tmp_path / "a" / "3.tiff")
        refused(lambda: read_image_folder(tmp_path), r"3.tiff: it has numbers of 32 bits")
