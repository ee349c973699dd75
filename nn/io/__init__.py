"""Saving and loading: plain safetensors files, written whole or not at all.

Files are readable by every tool that reads safetensors. A checksum in their metadata lets
`load` refuse a file that was cut short or changed. Nothing is ever unpickled.
NumPy archives are read, too. It may import `nn.module` and `nn.data`.
"""

from __future__ import annotations

from nn.io.checkpoint import load, load_state, save, save_state
from nn.io.container import CheckpointError

__all__ = ["CheckpointError", "load", "load_state", "save", "save_state"]


def __dir__() -> list[str]:
    return __all__
