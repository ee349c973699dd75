"""A trained network as a file, with all that is needed to use it on new data."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from nn.io import CheckpointError
from nn.io.container import encode
from nn.io.safetensors_reader import read_file
from nn.jobs.bench import Bench
from nn.jobs.materials import Scaling
from nn.jobs.materials.noted import check_reading
from nn.jobs.network import build
from nn.jobs.options import ACTIVATIONS, MODELS, Options
from nn.module.sequential import Sequential

__all__ = ["Kept", "load_kept", "model_file"]

Array = np.ndarray[Any, Any]

NOTE = "glassgrad.job"
VERSION = 1
_NETWORK = ("model", "hidden", "channels", "activation", "batch_norm", "dropout", "init")


def model_file(bench: Bench) -> bytes:
    """The network as a safetensors file, with what is needed to use it."""
    options = asdict(bench.options)
    seen = bench.material.picturing
    note = {
        "version": VERSION,
        "title": bench.material.title,
        "target": bench.material.target,
        "inputs": list(bench.x_train.shape[1:]),
        "outputs": bench.material.outputs,
        "network": {name: options[name] for name in _NETWORK},
        "scaling": bench.scaling.as_lists(),
        "reading": dict(bench.material.reading),
        "image": None if seen is None else list(seen.shape),
        **bench.task.kept(),
    }
    kept = {
        "input": "what was read, minus mean, divided by scale",
        "mean": json.dumps(note["scaling"]["mean"]),
        "scale": json.dumps(note["scaling"]["scale"]),
        "command": bench.plan.command(),
        NOTE: json.dumps(note),
    }
    return encode(bench.network.state_dict(), kept)


@dataclass(frozen=True, eq=False)
class Kept:
    """A trained network, and how it is used.

    Attributes:
        network: in evaluation mode.
        scaling: of the inputs.
        reading: how data are read for it.
        inputs: the shape of one input of the network.
        title: what it was about.
        target: what it predicts.
        classes: their names; none if it predicts numbers.
        target_scaling: of the numbers it predicts; None for classes.
    """

    network: Sequential
    scaling: Scaling
    reading: Mapping[str, Any]
    inputs: tuple[int, ...]
    title: str
    target: str
    classes: tuple[str, ...]
    target_scaling: Scaling | None


def load_kept(path: str | os.PathLike[str]) -> Kept:
    """Read what `model_file` made.

    Raises:
        CheckpointError: it is no such file, or is damaged.
        OSError: it cannot be read.
    """
    arrays, notes = read_file(path)
    if NOTE not in notes:
        raise CheckpointError(
            f"{path} holds weights, but not how data are read for them; give a model that "
            "python -m nn train wrote"
        )
    try:
        return _understood(json.loads(notes[NOTE]), arrays, path)
    except (
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as error:
        raise CheckpointError(
            f"{path}: what it says of its own use cannot be understood ({_cut(error)}); train it "
            "again"
        ) from error


def _cut(error: Exception) -> str:
    said = str(error)
    return f"{said[:200]} …" if len(said) > 200 else said


def _understood(note: Any, arrays: Mapping[str, Array], path: Any) -> Kept:
    if note["version"] != VERSION:
        raise ValueError(f"it is of version {note['version']}, and this is {VERSION}")
    given = dict(note["network"])
    options = Options(
        model=_among(given["model"], MODELS),
        hidden=tuple(map(int, given["hidden"])),
        channels=tuple(map(int, given["channels"])),
        activation=_among(given["activation"], ACTIVATIONS),
        batch_norm=bool(given["batch_norm"]),
        dropout=float(given["dropout"]),
        init="zeros",
    )
    inputs, outputs = tuple(map(int, note["inputs"])), int(note["outputs"])
    _check_sizes(options, inputs, outputs, arrays)
    rng = np.random.default_rng(0)
    network = build(options, inputs, outputs, rng, rng)
    network.load_state_dict(dict(arrays))
    network.eval()
    classes = tuple(map(str, note.get("classes", ())))
    if classes and len(classes) != outputs:
        raise ValueError(f"{len(classes)} classes and {outputs} outputs")
    return Kept(
        network,
        Scaling.from_lists(note["scaling"], inputs),
        check_reading(note["reading"], inputs),
        inputs,
        str(note["title"]),
        str(note["target"]),
        classes,
        None if classes else Scaling.from_lists(note["target_scaling"]),
    )


def _among(name: Any, known: Mapping[str, Any]) -> str:
    if name not in known:
        raise ValueError(f"there is no {name!r}")
    return str(name)


def _check_sizes(
    options: Options, inputs: tuple[int, ...], outputs: int, arrays: Mapping[str, Array]
) -> None:
    """See that the network is no larger than the arrays, before memory is asked for."""
    sizes = [array.shape for array in arrays.values()]
    known = {n for shape in sizes for n in shape}
    hidden = () if options.model == "linear" else options.hidden
    filters = options.channels if options.model == "cnn" else ()
    strange = [n for n in (*hidden, *filters, outputs) if n not in known]
    if strange or len(inputs) not in (1, 3) or min(inputs) < 1 or len(hidden) > len(arrays):
        raise ValueError("the sizes are not those of the weights")
    if max(inputs) > sum(array.size for array in arrays.values()) * 16:
        raise ValueError("the inputs are larger than the weights")
