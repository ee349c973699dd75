"""What a fit needs to go on bit by bit: taken, compared and put back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nn.io import CheckpointError
from nn.module.base import Module
from nn.training.callbacks import Callback

__all__ = ["check_fits", "described", "find_checkpoint", "put_back", "taken"]

KIND = "glassgrad.training"
VERSION = 1
PATTERN = "step-*.safetensors"


def described(model: Module, optimizer: Any) -> dict[str, Any]:
    """What a checkpoint belongs to, in numbers and text."""
    groups = getattr(optimizer, "param_groups", ())
    return {
        "model": type(model).__name__,
        "entries": {
            name: f"{array.dtype}{list(array.shape)}" for name, array in _tensors(model).items()
        },
        "optimizer": type(optimizer).__name__,
        "groups": [len(group["params"]) for group in groups],
    }


def _tensors(model: Module) -> dict[str, Any]:
    """Parameters and all buffers, also those that a state_dict leaves out."""
    state = model.state_dict()
    known = {name for name, _ in model.named_buffers()} - state.keys()
    extra = {name: np.array(b.data) for name, b in model.named_buffers() if name in known}
    return {**state, **extra}


def taken(model: Module, loss: Any, optimizer: Any, callbacks: list[Any]) -> dict[str, Any]:
    """What the parts of a fit hold, and what they are."""
    return {
        "kind": KIND,
        "version": VERSION,
        "about": described(model, optimizer),
        "model": _tensors(model),
        "loss_state": loss.state_dict() if isinstance(loss, Module) else {},
        "optimizer": optimizer.state_dict() if hasattr(optimizer, "state_dict") else {},
        "callbacks": [[type(c).__name__, c.state_dict()] for c in _kept(callbacks)],
    }


def _kept(callbacks: list[Any]) -> list[Callback]:
    return [callback for callback in callbacks if isinstance(callback, Callback)]


def check_fits(state: Any, model: Module, optimizer: Any, callbacks: list[Any], path: Any) -> None:
    """Refuse a checkpoint of something else, saying what differs.

    Raises:
        CheckpointError: it does not fit; nothing was changed.
    """
    if not isinstance(state, Mapping) or state.get("kind") != KIND:
        raise CheckpointError(
            f"{path} is no checkpoint of a fit; give a file or folder written by nn.Checkpoint or "
            "Trainer.save (weights alone are loaded by nn.load)"
        )
    if state["version"] != VERSION:
        raise CheckpointError(
            f"{path} is a checkpoint of version {state['version']}, and this is {VERSION}"
        )
    there, here = state["about"], described(model, optimizer)
    lines = []
    for name in sorted(there["entries"].keys() | here["entries"].keys()):
        one, other = there["entries"].get(name), here["entries"].get(name)
        if one != other:
            lines.append(f"{name}: {one or 'absent'} in the checkpoint, {other or 'absent'} here")
    if there["optimizer"] != here["optimizer"]:
        lines.append(f"optimizer: {there['optimizer']} in the checkpoint, {here['optimizer']} here")
    elif there["groups"] != here["groups"]:
        lines.append(
            f"parameters by group: {there['groups']} in the checkpoint, {here['groups']} here"
        )
    names = [name for name, _ in state["callbacks"]]
    own = [type(callback).__name__ for callback in _kept(callbacks)]
    if names != own:
        lines.append(
            f"callbacks: {', '.join(names) or 'none'} in the checkpoint, "
            f"{', '.join(own) or 'none'} here"
        )
    if lines:
        shown = [*lines[:8], *([f"and {len(lines) - 8} more"] if len(lines) > 8 else [])]
        raise CheckpointError(
            f"{path} does not fit this fit, and nothing was loaded:\n  " + "\n  ".join(shown)
        )


def put_back(
    state: Mapping[str, Any], model: Module, loss: Any, optimizer: Any, callbacks: list[Any]
) -> None:
    """Put back what `taken` took."""
    own = model.state_dict().keys()
    model.load_state_dict({name: a for name, a in state["model"].items() if name in own})
    for name, buffer in model.named_buffers():
        if name not in own:
            buffer.data = state["model"][name].copy()
    if isinstance(loss, Module):
        loss.load_state_dict(state["loss_state"])
    if hasattr(optimizer, "load_state_dict"):
        optimizer.load_state_dict(state["optimizer"])
    for callback, (_, kept) in zip(_kept(callbacks), state["callbacks"], strict=True):
        callback.load_state_dict(kept)


def find_checkpoint(path: str | os.PathLike[str]) -> Path | None:
    """The file itself, or of a folder the checkpoint that is furthest on; None if it has none.

    Raises:
        FileNotFoundError: neither is there.
    """
    place = Path(path)
    if not place.is_dir():
        if not place.exists():
            raise FileNotFoundError(f"there is no checkpoint {place}; give a file, or a folder")
        return place
    return max(place.glob(PATTERN), key=lambda file: file.name, default=None)
