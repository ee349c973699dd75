"""A convolutional network that reads handwritten digits, measured on digits it has not seen.

    convolution    z[o, i, j] = b[o] + Σ K[o, c, k, l] x[c, i + k, j + l]
    its gradients  ∂C/∂K[o, c, k, l] = Σ_ij δ[o, i, j] x[c, i + k, j + l]        for δ = ∂C/∂z
                   ∂C/∂x[c, i, j] = Σ K[o, c, k, l] δ[o, i − k, j − l],   ∂C/∂b[o] = Σ_ij δ[o, i, j]
    max pooling    y[i, j] = max of z over a window: ∂C/∂z is ∂C/∂y at the place of the maximum,
                   and nothing elsewhere

The gradient of a kernel is the correlation of the input with the map of δ: a weight that is used at
every place is told by every place. The gradient of the input is the convolution proper, with the
kernel turned over.

An image of 8 × 8 pixels has few of them to spare, so the network pools once, and takes the mean
of every channel at the end. Each digit of the set is held out once, in five folds that have all
classes in the same shares, and read by a network that was trained without it; what those were
trained on is shifted and turned a little, anew in every epoch.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import autodiff as ad
import nn
import viz

Array = np.ndarray[Any, Any]

RATE = 5e-3


def correlate(x: Array, kernel: Array) -> Array:
    """Σ kernel[o, c, k, l] x[c, i + k, j + l] for all o, i and j."""
    return np.einsum("cijkl,ockl->oij", sliding_window_view(x, kernel.shape[2:], (1, 2)), kernel)


def forward(x: Array, kernel: Array, bias: Array, head: Array, y: int) -> dict[str, Array]:
    """Convolution, ReLU, 2 × 2 max pooling, scores, and −log p of the class."""
    z = correlate(x, kernel) + bias[:, None, None]
    h = np.maximum(z, 0)
    o, height, width = h.shape
    windows = h.reshape(o, height // 2, 2, width // 2, 2).swapaxes(2, 3)
    pooled = windows.reshape(o, height // 2, width // 2, 4)
    scores = head @ pooled.max(axis=-1).ravel()
    p = np.exp(scores - scores.max())
    p /= p.sum()
    return {"z": z, "windows": pooled, "p": p, "loss": -np.log(p[y])}


def formulas(x: Array, kernel: Array, bias: Array, head: Array, y: int) -> dict[str, Array]:
    """The gradients, in plain NumPy."""
    found = forward(x, kernel, bias, head, y)
    o, height, width = found["z"].shape
    at_pool = (head.T @ (found["p"] - np.eye(len(head))[y])).reshape(o, height // 2, width // 2)
    # To the place of the maximum.
    routed = np.zeros((o, height // 2, width // 2, 4))
    places = found["windows"].argmax(axis=-1)[..., None]
    np.put_along_axis(routed, places, at_pool[..., None], axis=-1)
    at_relu = routed.reshape(o, height // 2, width // 2, 2, 2).swapaxes(2, 3)
    delta = at_relu.reshape(o, height, width) * (found["z"] > 0)
    # The input correlated with δ; and δ, with a margin of zeros, with the kernel turned over.
    by_kernel = np.stack([correlate(x[c : c + 1], delta[:, None]) for c in range(len(x))], axis=1)
    margin = np.pad(delta, ((0, 0), *((k - 1, k - 1) for k in kernel.shape[2:])))
    by_input = correlate(margin, kernel[:, :, ::-1, ::-1].swapaxes(0, 1))
    return {"δ": delta, "K": by_kernel, "b": delta.sum(axis=(1, 2)), "x": by_input}


def engine(x: Array, kernel: Array, bias: Array, head: Array, y: int) -> dict[str, Array]:
    """The same gradients, as the engine finds them."""
    leaves = [ad.Tensor(array, requires_grad=True) for array in (x[None], kernel, bias)]
    z = ad.conv2d(*leaves)
    z.retain_grad()
    scores = ad.max_pool2d(ad.relu(z), 2).reshape(1, -1) @ head.T
    nn.cross_entropy(scores, np.array([y])).backward()
    return {"δ": z.grad[0], "K": leaves[1].grad, "b": leaves[2].grad, "x": leaves[0].grad[0]}


def check_formulas() -> dict[str, float]:
    """How far the engine's gradients are from the formulas."""
    rng = np.random.default_rng(0)
    given = [rng.normal(size=shape) for shape in ((2, 8, 8), (3, 2, 3, 3), (3,), (5, 27))]
    found, expected = engine(*given, y=1), formulas(*given, y=1)
    # Of every window one element is told at most.
    told = (found["δ"].reshape(3, 3, 2, 3, 2) != 0).sum(axis=(2, 4))
    assert told.max() == 1
    return {name: float(np.abs(found[name] - expected[name]).max()) for name in expected}


def network(rng: np.random.Generator, width: int = 24) -> nn.Sequential:
    """Four convolutions, each with normalisation and ReLU; a pool; a mean; scores."""
    parts: list[nn.Module] = []
    for number, (inputs, outputs) in enumerate(
        ((1, width), (width, width), (width, 2 * width), (2 * width, 2 * width))
    ):
        parts += [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False, rng=rng)]
        parts += [nn.BatchNorm2d(outputs), nn.ReLU()]
        parts += [nn.MaxPool2d(2)] if number == 1 else []
    parts += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3, rng=rng)]
    return nn.Sequential(*parts, nn.Linear(2 * width, 10, rng=rng))


def train(images: Array, labels: Array, held: tuple[Array, Array], epochs: int, seed: int) -> Any:
    """A network trained on the images, and its figures after each epoch.

    What is held out is measured after every epoch and steers nothing: the network is that of the
    last epoch.
    """
    rng = np.random.default_rng(seed)
    model = network(rng)
    change = nn.data.Compose([nn.data.RandomShift(1), nn.data.RandomRotation(10.0)])
    loader = nn.data.DataLoader(
        (images, labels), 32, shuffle=True, drop_last=True, batch_transform=change, rng=rng
    )
    optimizer = nn.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.05)
    history = nn.fit(
        model,
        nn.CrossEntropyLoss(label_smoothing=0.05),
        optimizer,
        loader,
        held,
        epochs=epochs,
        metrics=["accuracy"],
        schedule=nn.optim.OneCycleLR(optimizer, RATE, total_steps=epochs * len(loader) + 1),
        progress=False,
    )
    return model, history


class Fold(NamedTuple):
    """A network, and what it made of the digits that it was not trained on."""

    model: nn.Sequential
    history: Any
    images: Array
    labels: Array
    scores: Array


def cross_validated(count: int, epochs: int) -> list[Fold]:
    """Networks for so many of five folds."""
    digits = nn.data.load_digits()
    images, labels = digits.images[:, None] / np.float32(16), digits.labels
    parts = nn.data.StratifiedKFold(5, shuffle=True, rng=0).split(images, labels)
    folds = []
    for number, (learn, held) in zip(range(count), parts, strict=False):
        x, y = images[held], labels[held]
        model, history = train(images[learn], labels[learn], (x, y), epochs, number)
        folds.append(Fold(model, history, x, y, nn.predict(model, x)))
        print(f"  fold {number + 1}: {history.last['val_accuracy']:.2%} of {len(held)} digits")
    return folds


def mistakes(folds: list[Fold]) -> viz.Chart:
    """Digits that were misread, each as its own network sees it."""
    found = []
    for fold in folds:
        wrong = fold.scores.argmax(axis=1) != fold.labels
        if wrong.any():
            found.append(nn.inspect.saliency(fold.model, fold.images[wrong]))
    parts = ("inputs", "gradients", "classes", "scores")
    all_of = (np.concatenate([getattr(one, part) for one in found]) for part in parts)
    return viz.saliency(nn.inspect.Saliency(*all_of), title="Misread: what each was taken for")


def curves(folds: list[Fold]) -> viz.Chart:
    """The share that is misread, after every epoch; none at all leaves a gap."""
    lines = {
        f"fold {number}": [1 - row["val_accuracy"] or None for row in fold.history]
        for number, fold in enumerate(folds, 1)
    }
    epochs = range(1, 1 + len(lines["fold 1"]))
    title = "Share of the digits held out that are misread"
    return viz.lines(
        lines, epochs, x_label="epoch", y_label="misread", logarithmic=True, title=title
    )


def main(out: Path, count: int, epochs: int) -> None:
    """Check the formulas, train on five folds, draw; print, and write a page."""
    out.mkdir(parents=True, exist_ok=True)
    page = viz.Page("A convolutional network", "Handwritten digits, each held out once.")
    page.formula(
        "∂C/∂K[o, c, k, l] = Σ δ[o, i, j] x[c, i + k, j + l]    the input correlated with δ",
        "∂C/∂x[c, i, j] = Σ K[o, c, k, l] δ[o, i − k, j − l]    with the kernel turned over",
        "max pooling: ∂C/∂y goes to the place of the maximum",
    )
    off = check_formulas()
    print("engine and formulas differ by", *(f"{value:.0e}" for value in off.values()))
    assert max(off.values()) < 1e-12, off
    page.table(
        ["gradient by", "engine and formulas differ by"],
        off.items(),
        caption="Convolution, ReLU, 2 × 2 pooling, scores and cross-entropy, in float64.",
    )
    folds = cross_validated(count, epochs)
    accuracy = float(np.mean([fold.history.last["val_accuracy"] for fold in folds]))
    print(f"mean of {count} folds: {accuracy:.2%}")
    assert accuracy >= (0.99 if count == 5 else 0.7)
    scores, labels = (
        np.concatenate([getattr(f, of) for f in folds]) for of in ("scores", "labels")
    )
    counts = nn.metrics.confusion_matrix(scores, labels)
    pictures = {
        "folds": curves(folds),
        "confusion": viz.confusion(counts, title="Digits held out, as they were read"),
        "mistakes": mistakes(folds),
        "kernels": viz.filters(folds[0].model, title="Kernels of the first convolution"),
    }
    page.section("Digits that it has not seen").text(
        f"Mean accuracy of {count} folds: {accuracy:.2%}. Each network is that of the last epoch; "
        "what is held out steers nothing."
    )
    for name, chart in pictures.items():
        print("drawn:", chart.save(out / f"cnn_digits_{name}.svg"))
        page.picture(chart)
    print("page:", page.save(out / "cnn_digits.html"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A convolutional network on handwritten digits.")
    parser.add_argument("--out", type=Path, default=Path("runs/examples"), help="where to draw")
    parser.add_argument("--quick", action="store_true", help="one fold and one epoch, to try it")
    arguments = parser.parse_args()
    main(arguments.out, *((1, 1) if arguments.quick else (5, 18)))
