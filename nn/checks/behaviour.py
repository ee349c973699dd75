"""Checks of what a model does: samples apart, chance, modes, and whether inputs matter."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
from nn.checks.finding import Finding, fine, warning, wrong
from nn.checks.inputs import NORMS
from nn.checks.sampling import rows
from nn.checks.trial import Trial, shake
from nn.layers import AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d, FeatureAlphaDropout
from nn.names.listing import few
from nn.training.generators import found_generators, generator_states, restore_generators

__all__ = ["MODAL", "affine", "apart", "blank", "chance", "drops", "modes", "repeats"]

DROPOUTS = (Dropout, Dropout1d, Dropout2d, Dropout3d, AlphaDropout, FeatureAlphaDropout)
MODAL = (*DROPOUTS, *NORMS[:3])
"""Layers that do something else in training."""
OFF = 1e-4
"""Rounding, as a part of the largest output."""


def _apart(a: Any, b: Any) -> float:
    """How far apart two outputs are, as a part of the larger."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    scale = max(float(np.abs(a).max(initial=0)), float(np.abs(b).max(initial=0)))
    return float(np.abs(a - b).max(initial=0)) / scale if scale else 0.0


def repeats(trial: Trial) -> Finding | None:
    """Two passes in evaluation mode give the same."""
    model, _ = trial.twin()
    model.eval()
    first, second = trial.given(model, trial.inputs), trial.given(model, trial.inputs)
    expected = "in evaluation mode the same inputs give the same outputs"
    if first is None or second is None or not np.isfinite(first).all():
        return None
    off = _apart(first, second)
    if off == 0:
        return fine("two passes in evaluation mode give the same bits", expected)
    return wrong(
        f"in evaluation mode outputs change from pass to pass, by {off:.1%}",
        expected,
        "take the layer nn.Dropout, which ends with eval(); give functions training=self.training",
        off=off,
    )


def chance(trial: Trial) -> Finding | None:
    """What a pass in training mode draws comes from generators that can be set."""
    model, _ = trial.twin()
    trial.train(model)
    found = found_generators(model=model)
    states = generator_states(found)
    first = trial.given(model, trial.inputs)
    model, _ = trial.twin()
    trial.train(model)
    restore_generators(found_generators(model=model), states)
    second = trial.given(model, trial.inputs)
    if first is None or second is None or not np.isfinite(first).all():
        return None
    expected = "with generators put back, training passes are the same"
    off = _apart(first, second)
    if off <= 1e-6:
        return fine("a pass in training mode can be repeated", expected)
    return warning(
        f"a pass in training mode cannot be repeated: outputs differ by {off:.1%}",
        expected,
        "draw from a generator that the module keeps (self.rng = ad.random.generator(seed)), not "
        "from a new one in every call",
        off=off,
    )


def modes(trial: Trial) -> Finding | None:
    """Whether train() and eval() reach every part, and parts are in the mode of the whole."""
    twin, _ = trial.twin()
    stuck = []
    for mode in (True, False):
        twin.train(mode) if mode else twin.eval()
        stuck += [name for name, m in twin.named_modules() if m.training is not mode]
    expected = "train() and eval() reach every layer"
    if stuck:
        return wrong(
            f"train() and eval() do not reach {few(sorted(set(stuck))) or 'the model'}",
            expected,
            "in a train() of your own call super().train(mode), and return self",
        )
    odd = [
        name
        for name, m in trial.model.named_modules()
        if isinstance(m, MODAL)
        and not m.training
        and not any(f"{name}.".startswith(f"{part}.") for part in trial.frozen)
        and trial.model.training
        and (isinstance(m, DROPOUTS) or any(p.requires_grad for p in m.parameters()))
    ]
    if odd:
        return warning(
            f"the model is in training mode, and {few(odd)} in evaluation mode",
            expected,
            "call model.train() before training; to keep layers as they are give fit(frozen=...)",
        )
    return fine(f"the model is in {'training' if trial.model.training else 'evaluation'} mode, "
                "and its layers follow train() and eval()", expected)  # fmt: skip


def drops(trial: Trial) -> Finding | None:
    """How much dropout drops, and where."""
    found = [(n, m) for n, m in trial.model.named_modules() if isinstance(m, DROPOUTS)]
    if not found:
        return None
    expected = "between 0.1 and 0.5 is dropped, and not from the outputs"
    for name, module in found:
        p = float(module.p)
        if p >= 1:
            return wrong(
                f"{name} drops everything: p is {p:g}",
                expected,
                "p is the share that is dropped, not the share that is kept",
                p=p,
            )
        if p > 0.8:
            return warning(
                f"{name} drops {p:.0%}", expected, "p is the share that is dropped; try 0.2", p=p
            )
    last: list[Any] = []
    twin, _ = trial.twin()
    twin.eval()
    for name, part in twin.named_modules():
        if isinstance(part, DROPOUTS):
            part.register_forward_hook(lambda m, args, output, n=name: last.append((n, output)))
    outputs = trial.given(twin, trial.inputs)
    if last and outputs is not None and last[-1][1].shape == outputs.shape:
        name, value = last[-1]
        if np.array_equal(value.numpy(), outputs):
            return warning(
                f"{name} drops outputs of the model",
                expected,
                "put dropout before the last layer, not after it",
            )
    return fine(f"at most {max(m.p for _, m in found):g} is dropped", expected)


def _shaken(trial: Trial, seed: int) -> Any:
    """A copy in evaluation mode whose parameters are moved by chance."""
    model, _ = trial.twin()
    shake(model.eval(), seed)
    return model


def apart(trial: Trial) -> Finding | None:
    """Whether what a sample gives depends on the other samples of its batch."""
    if not trial.plain or trial.size < 4:
        return None
    n = min(trial.size, 8)
    few = rows(trial.inputs, slice(0, n))
    other = rows(trial.inputs, np.r_[0, np.arange(trial.size - 1, trial.size - n + 1, -1), n - 1])
    off = 0.0
    for seed in (1, 2):
        model = _shaken(trial, seed)
        a, b = trial.given(model, few), trial.given(model, other)
        if a is None or b is None or not a.ndim or len(a) != n or a.shape != b.shape:
            return None
        if not np.isfinite(a).all():
            return None
        scale = float(np.abs(a).max())
        # The first is what a layer that runs over samples sees of none, the last of all.
        ends = np.abs(a[[0, -1]] - b[[0, -1]])
        off = max(off, float(ends.max()) / scale if scale else 0.0)
    expected = "in evaluation mode a sample's outputs depend on that sample alone"
    if off <= OFF:
        return fine("other samples do not change a sample's outputs", expected, off=off)
    return wrong(
        f"other samples in the batch change a sample's outputs, by {off:.1%}",
        expected,
        "look for reshape, transpose, softmax or a mean over axis 0 in forward(), and for a "
        "recurrent or attention layer without batch_first=True",
        off=off,
    )


def blank(trial: Trial) -> Finding | None:
    """Whether the outputs depend on the inputs at all."""
    if not trial.plain or trial.size < 2:
        return None
    off = 0.0
    for seed in (1, 2, 3):
        outputs = trial.given(_shaken(trial, seed), trial.inputs)
        if outputs is None or not outputs.ndim or len(outputs) != trial.size:
            return None
        if not np.isfinite(outputs).all():
            return None
        off = max(off, _apart(outputs, np.broadcast_to(outputs[:1], outputs.shape)))
    flat = [np.asarray(leaf) for leaf in ad.tree.leaves(trial.inputs)]
    if all((leaf == leaf[:1]).all() for leaf in flat if leaf.ndim):
        return None
    expected = "different inputs give different outputs"
    if off > 1e-6:
        return fine(f"outputs differ from sample to sample by {off:.1%}", expected, off=off)
    return wrong(
        "the outputs are the same for every sample, whatever the weights: inputs are ignored",
        expected,
        "look in forward() for a variable that is overwritten, a product with 0, or a softmax or "
        "normalisation over an axis of length 1",
        off=off,
    )


def affine(trial: Trial) -> Finding | None:
    """Several layers without anything between them are one layer."""
    x = trial.inputs
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f" or trial.size < 4:
        return None
    weights = [p for p in trial.model.parameters() if p.ndim >= 2]
    if len(weights) < 2:
        return None
    model = _shaken(trial, 5)
    a, b = x, np.roll(x, 1, axis=0) * 3
    ends = [trial.given(model, part.astype(x.dtype)) for part in (a, b, (a + b) / 2)]
    if any(end is None or not np.isfinite(end).all() for end in ends):
        return None
    first, second, middle = (np.asarray(end, np.float64) for end in ends)
    scale = max(float(np.abs(first - second).max()), 1e-12)
    off = float(np.abs(middle - (first + second) / 2).max()) / scale
    expected = "something that is not linear between layers"
    if off > 1e-3 or float(np.abs(first - second).max()) < 1e-9:
        return fine(f"the model bends: {off:.1%} from a straight line", expected, off=off)
    return warning(
        f"the model is a linear function of its inputs, though it has {len(weights)} layers",
        expected,
        "put activations such as nn.ReLU between the layers",
        off=off,
    )
