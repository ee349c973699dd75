"""A job: data, and the options with which a network learns them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from nn.jobs.materials import Material, MaterialError
from nn.jobs.options import Options

__all__ = ["Job", "decided", "options_for", "unused"]

STEPS = 3000
"""The epochs of a user's own data are as many as make about so many steps."""
LEAST, MOST = 10, 200
SIDE = 12
"""Images as large as this or larger are given to a network of convolutions."""


@dataclass(frozen=True, slots=True)
class Job:
    """Data with a name.

    Attributes:
        summary: one line on it.
        material: reads the data.
        options: what holds where nothing else is said.
        good: from which accuracy or R² on the result is as it should be.
        needs: the extra whose packages it needs, if it does.
    """

    summary: str
    material: Callable[[], Material]
    options: Options = field(default_factory=Options)
    good: float | None = None
    needs: str = ""


def options_for(material: Material, train: int) -> Options:
    """Options that suit a user's own data, of which nothing is known but what was read.

    Args:
        material: the data.
        train: how many samples are learnt from.
    """
    images = material.picturing is not None and len(material.inputs) == 3
    batch = max(2, min(64, 2 ** round(math.log2(max(train / 16, 2)))))
    epochs = min(max(round(STEPS * batch / max(train, 1)), LEAST), MOST)
    if images and min(material.inputs[1:]) >= SIDE:
        cnn = Options(model="cnn", hidden=(64,), dropout=0.2, lr="auto")
        return replace(cnn, batch_size=batch, epochs=epochs)
    if material.classes:
        hidden = (256, 128) if images else (64, 64)
        return Options(hidden=hidden, dropout=0.1, lr="auto", batch_size=batch, epochs=epochs)
    # Normalising by the batch and switching units off blur a number that is to be exact.
    plain = Options(hidden=(64, 64), batch_norm=False, dropout=0.0, lr="auto")
    return replace(plain, batch_size=batch, epochs=epochs)


def unused(material: Material | None, model: str) -> dict[str, str]:
    """Options that mean nothing to a run, and why.

    Args:
        material: the data; None where they are not yet read.
        model: the kind of network.
    """
    found: dict[str, str] = {}
    if model != "cnn":
        found["channels"] = "it is for --model cnn"
    if model == "linear":
        why = "--model linear has no hidden layer"
        found |= dict.fromkeys(("hidden", "activation", "batch_norm", "dropout"), why)
    if material is not None and material.classes:
        found["loss"] = "it is for numbers; classes are learnt by cross-entropy"
    if material is not None and not material.classes:
        found["label_smoothing"] = "it is for classes, and numbers are predicted"
    return found


def decided(material: Material, standard: Options, given: dict[str, Any]) -> Options:
    """The options of a run.

    Args:
        material: the data.
        standard: what holds where nothing was given.
        given: what was, by name; None for what was not.

    Raises:
        MaterialError: an option was given that means nothing, or the network does not suit.
    """
    found = standard.given(given)
    if found.model == "cnn" and (material.picturing is None):
        raise MaterialError(
            "--model cnn is for images; if the columns of a sample are the pixels of one, say so: "
            "--image HEIGHT WIDTH"
        )
    for name, why in unused(material, found.model).items():
        if given.get(name) is not None:
            raise MaterialError(f"--{name.replace('_', '-')} has no meaning here: {why}")
    return found
