"""Checks of the inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
from nn.checks.finding import Finding, fine, warning, wrong
from nn.checks.trial import Trial, shake
from nn.layers import Embedding, EmbeddingBag
from nn.layers.normalization.batch import BatchNorm1d, BatchNorm2d, BatchNorm3d
from nn.layers.normalization.features import GroupNorm, LayerNorm, RMSNorm
from nn.names.listing import few
from nn.training.batches import called

__all__ = ["columns", "duplicates", "finite_data", "ignored", "once", "scale"]

NORMS = (BatchNorm1d, BatchNorm2d, BatchNorm3d, GroupNorm, LayerNorm, RMSNorm)
LARGE = 10.0
"""Root mean square of inputs above which they are not normalised."""
SMALL = 1e-2
UNEQUAL = 100.0
"""Ratio of features' scales."""
DISTANT = 10.0
"""Mean over standard deviation."""


def finite_data(trial: Trial) -> Finding | None:
    """NaN and infinity in inputs and targets."""
    found = {}
    for name, part in (("inputs", trial.data.inputs), ("targets", trial.data.targets)):
        arrays = [a for a in ad.tree.leaves(part) if isinstance(a, np.ndarray)]
        bad = sum(int((~np.isfinite(a)).sum()) for a in arrays if a.dtype.kind == "f")
        if bad:
            found[name] = bad
    expected = "all numbers are finite"
    if not found:
        return fine(f"all numbers of {trial.data.size} samples are finite", expected)
    said = " and ".join(f"{count} in the {name}" for name, count in found.items())
    return wrong(
        f"there are NaN or infinite numbers: {said}",
        expected,
        "leave those samples out, or fill in what is missing (np.nan_to_num, a column's mean) "
        "before training",
        **found,
    )


def once(trial: Trial) -> Finding | None:
    """Data that end after the first epoch, and loaders that give sorted classes."""
    if trial.data.once:
        return warning(
            "the data are an iterator, which can be walked through once; this check has taken "
            f"{len(trial.data.batches)} batches of it",
            "data that can be walked through in every epoch",
            "give a list of batches, a DataLoader, or a function that makes the iterator anew",
        )
    labels = trial.labels
    batches = trial.data.batches
    if not trial.data.own_order or labels is None or labels.ndim != 1 or len(batches) < 2:
        return None
    classes = len(np.unique(labels))
    per_batch = [len(np.unique(b.targets)) for b in batches if b.size >= 8]
    if classes < 2 or not per_batch:
        return None
    mean = float(np.mean(per_batch))
    # A batch of n samples of K equal classes holds about K (1 − (1 − 1/K)ⁿ) of them.
    n = float(np.mean([b.size for b in batches]))
    share = classes * (1 - (1 - 1 / classes) ** n)
    numbers = {"classes per batch": mean, "classes": classes}
    measured = f"a batch holds {mean:.1f} of {classes} classes, {share:.1f} if they were shuffled"
    expected = "classes are mixed within a batch"
    sorted_ = np.all(np.diff(labels) >= 0) or (mean < 0.5 * share and mean < 1.5)
    if not sorted_:
        return fine(measured, expected, **numbers)
    return warning(
        f"the loader gives samples sorted by class: {measured}",
        expected,
        "let the loader shuffle: nn.data.DataLoader(data, batch_size, shuffle=True)",
        **numbers,
    )


def columns(trial: Trial) -> Finding | None:
    """Inputs that are the same for all samples."""
    x = trial.data.inputs
    if not isinstance(x, np.ndarray) or x.dtype.kind not in "fiub" or len(x) < 8:
        return None
    flat = x.reshape(len(x), -1)
    constant = (flat == flat[:1]).all(axis=0)
    expected = "every feature differs from sample to sample"
    numbers = {"constant": int(constant.sum()), "features": flat.shape[1]}
    if constant.all():
        return wrong(
            f"all {flat.shape[1]} features are constant over {len(x)} samples",
            expected,
            "look at how the inputs are read: every sample is the same",
            **numbers,
        )
    # Zeros are the edges of pictures and words that do not occur.
    odd = np.flatnonzero(constant & (flat[0] != 0)) if x.ndim == 2 else np.array([], int)
    if odd.size and x.dtype.kind == "f":
        return warning(
            f"of {flat.shape[1]} columns {few(odd, 5)} hold the same number in every sample",
            expected,
            "leave them out: a layer has a bias already",
            **numbers,
        )
    return fine(
        f"{numbers['constant']} of {flat.shape[1]} features are constant", expected, **numbers
    )


def duplicates(trial: Trial) -> Finding | None:
    """Columns that are there twice, also as the target."""
    x, y = trial.table, trial.data.targets
    if x is None or len(x) < 20 or not 2 <= x.shape[1] <= 2000:
        return None
    expected = "every column says something of its own"
    answer = y.reshape(-1) if isinstance(y, np.ndarray) and y.size == len(x) else None
    if answer is not None and np.unique(answer).size > 1:
        leaks = np.flatnonzero((x == answer[:, None].astype(x.dtype)).all(axis=0))
        if leaks.size:
            return wrong(
                f"column {few(leaks, 5)} of the inputs is the target itself",
                "inputs do not hold the target",
                "leave the target's column out of the inputs",
                leaks=float(leaks.size),
            )
    seen: dict[bytes, int] = {}
    pairs = []
    for j, column in enumerate(np.ascontiguousarray(x.T)):
        usual = column == np.median(column)
        if (~usual).sum() < 10 or np.unique(column).size < 3:
            continue
        before = seen.setdefault(column.tobytes(), j)
        if before != j:
            pairs.append((before, j))
    if not pairs:
        return fine(f"of {x.shape[1]} columns no two are equal", expected, pairs=0)
    said = ", ".join(f"{j} (as {i})" for i, j in pairs[:5])
    return warning(
        f"columns are there twice: {said}",
        expected,
        "leave the second ones out; they only double the weight of the first",
        pairs=len(pairs),
    )


def _first_inputs(trial: Trial) -> tuple[Any, Any] | None:
    """The first layer that has parameters, and what it is given."""
    model, _ = trial.twin()
    model.eval()
    met: list[tuple[Any, Any]] = []

    def note(module: Any, args: Any) -> None:
        met.append((module, args))

    for part in model.modules():
        if not list(part.children()) and list(part.parameters()):
            part.register_forward_pre_hook(note)
    with ad.no_grad():
        called(model, trial.inputs)
    if not met or not met[0][1]:
        return None
    layer, args = met[0]
    value = args[0]
    return layer, value.numpy() if isinstance(value, ad.Tensor) else np.asarray(value)


def scale(trial: Trial) -> Finding | None:
    """How large the numbers are that the first layer is given."""
    found = _first_inputs(trial)
    if found is None or isinstance(found[0], (*NORMS, Embedding, EmbeddingBag)):
        return None
    x = np.asarray(found[1], np.float64)
    if x.ndim < 2 or x.size < 2 or not np.isfinite(x).all():
        return None
    # The last axis of tables and sequences holds features; of pictures the second.
    features = np.moveaxis(x, 1 if x.ndim >= 4 else -1, -1)
    flat = features.reshape(-1, features.shape[-1])
    stds, means = flat.std(axis=0), np.abs(flat.mean(axis=0))
    varying = stds > 0
    if not varying.any():
        return None
    rms = float(np.sqrt(np.mean(flat**2)))
    ratio = float(stds[varying].max() / np.median(stds[varying]))
    offset = float(np.median(means[varying] / stds[varying]))
    numbers = {"rms": rms, "ratio of scales": ratio, "mean over std": offset}
    measured = (
        f"the first layer is given numbers of root mean square {rms:.3g}; the largest feature's "
        f"spread is {ratio:.3g} times the median's; means are {offset:.3g} standard deviations"
    )
    expected = "numbers of about 1, of alike spread, around 0"
    bad = rms > LARGE or rms < SMALL or offset > DISTANT
    if not bad and not (ratio > UNEQUAL and stds.max() > 1):
        return fine(measured, expected, **numbers)
    return warning(
        measured,
        expected,
        "normalise the inputs by the training data: nn.data.Standardizer, or pictures / 255",
        **numbers,
    )


def ignored(trial: Trial) -> Finding | None:
    """Columns of a table that nothing depends on."""
    x = trial.table
    if x is None or x.shape[1] < 2:
        return None
    x = x[:16]
    seen = np.zeros(x.shape[1], bool)
    rng = np.random.default_rng(4)
    for seed in range(3):
        model, _ = trial.twin()
        shake(model.eval(), seed)
        node = ad.tensor(x.astype(trial.inputs.dtype), requires_grad=True)
        out = called(model, node)
        out = next(iter(ad.tree.leaves(out)))
        if not isinstance(out, ad.Tensor) or not out.requires_grad:
            return None
        (out * rng.normal(size=out.shape).astype(out.dtype)).sum().backward()
        if node.grad is not None:
            seen |= (np.asarray(node.grad) != 0).any(axis=0)
    expected = "the outputs depend on every column"
    unseen = np.flatnonzero(~seen)
    numbers = {"ignored": float(unseen.size), "columns": float(x.shape[1])}
    if not unseen.size or unseen.size == x.shape[1]:
        return None if unseen.size else fine("they depend on all", expected, **numbers)
    return warning(
        f"of {x.shape[1]} columns nothing depends on {few(unseen, 5)}",
        expected,
        "look for a slice or index in forward() that drops them, or leave them out of the data",
        **numbers,
    )
