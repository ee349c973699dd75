"""Weights out of NumPy's archives of arrays, ``.npz``."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from nn.data import DataFileError
from nn.data.readers import read_npz
from nn.io.container import CheckpointError
from nn.io.foreign import first_member
from nn.io.safetensors_reader import read_file

__all__ = ["read_weights"]

Array = np.ndarray[Any, Any]


def read_weights(path: str | os.PathLike[str]) -> tuple[dict[str, Array], dict[str, str]]:
    """Arrays and metadata out of a safetensors file, or arrays out of a NumPy archive.

    Raises:
        CheckpointError: it is neither, or is damaged.
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        member = first_member(file)
    if member is None or not member.endswith(".npy"):
        return read_file(path)
    try:
        return read_npz(path), {}
    except DataFileError as error:
        raise CheckpointError(str(error)) from None
