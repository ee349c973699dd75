"""Telling files of other formats apart, so that a message can say what to do with them."""

from __future__ import annotations

from typing import BinaryIO

from nn.io.container import CheckpointError

__all__ = ["first_member", "what_it_is"]

_TORCH = (
    "a PyTorch file, which holds a pickle, and nothing is ever unpickled here; convert it where "
    "PyTorch is: safetensors.torch.save_file(torch.load({path!r}, weights_only=True), "
    "'model.safetensors')"
)
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (
        b"\x93NUMPY",
        "a single NumPy array; read it with numpy.load({path!r}), and give the arrays of a model "
        "by name to model.load_state_dict",
    ),
    (
        b"\x89HDF",
        "an HDF5 file; read it with the package h5py, and give the arrays by name to "
        "model.load_state_dict",
    ),
    (b"GGUF", "a GGUF file; convert it to safetensors with the tool that wrote it"),
)


def what_it_is(file: BinaryIO, source: str) -> CheckpointError | None:
    """The error that names the format of a file, and the way out; None if it is not known.

    Args:
        file: the file, whose place is moved.
        source: its path.
    """
    file.seek(0)
    start = file.read(8)
    found = next((said for sign, said in _BEGINNINGS if start.startswith(sign)), None)
    member = first_member(file)
    if member is not None:
        found = _of_archive(member)
    elif start[:1] == b"\x80" and start[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        found = _TORCH.replace("a PyTorch file, which holds", "a PyTorch file or another with")
    if found is None:
        return None
    return CheckpointError(
        f"{source} is no safetensors file but {found.format(path=source)}; nn.save writes "
        "safetensors"
    )


def first_member(file: BinaryIO) -> str | None:
    """The name of an archive's first member, None if it is no zip archive.

    The list of all could be of any length.

    Args:
        file: the file, whose place is moved.
    """
    file.seek(0)
    start = file.read(30)
    if not start.startswith(b"PK\x03\x04"):
        return None
    return file.read(int.from_bytes(start[26:28], "little")).decode(errors="replace")


def _of_archive(name: str) -> str:
    if name.endswith(("data.pkl", "/version", ".format_version", ".storage_alignment")):
        return _TORCH
    if name.endswith((".json", ".h5")):
        return "a Keras file; give its weights as arrays by name to model.load_state_dict"
    return "a zip archive; give a file that safetensors wrote"
