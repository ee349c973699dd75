"""A 3-4-3 network as matrix products: ReLU, softmax, cross-entropy.

    forward     h = x W⁽⁰⁾,  a = ReLU(h),  z = a W⁽¹⁾,  p = softmax(z),  C = −Σ y log p
    backward    ∂C/∂z   = p − y
                ∂C/∂W⁽¹⁾ = ReLU(h)ᵀ (softmax(z) − y)
                ∂C/∂a   = (p − y) W⁽¹⁾ᵀ
                ∂C/∂h   = ∂C/∂a ⊙ 1[h > 0]
                ∂C/∂W⁽⁰⁾ = xᵀ ∂C/∂h

Samples are rows. The softmax and the logarithm cancel to p − y, whose rows add up to zero: what
one class gains, the others lose. Computed as one function of z they also stay finite where the
exponentials alone overflow.

Where h is negative the ReLU is silent, and no gradient passes. The network is trained on points of
the plane, each with a third input that is always 1: so every neuron of the first layer has a line
on which h = 0, and the borders between the classes bend on these four lines.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

import autodiff as ad
import nn
import viz

Array = np.ndarray[Any, Any]

FORMULAS = (
    "forward     h = x W⁽⁰⁾,  a = ReLU(h),  z = a W⁽¹⁾,  p = softmax(z),  C = −Σ y log p",
    "backward    ∂C/∂z    = p − y",
    "            ∂C/∂W⁽¹⁾ = ReLU(h)ᵀ (softmax(z) − y)",
    "            ∂C/∂h    = (p − y) W⁽¹⁾ᵀ ⊙ 1[h > 0]",
    "            ∂C/∂W⁽⁰⁾ = xᵀ ∂C/∂h",
)


def forward(x: Array, y: Array, w0: ad.Tensor, w1: ad.Tensor) -> tuple[ad.Tensor, ...]:
    """h, z and C; the steps have names, so that the picture speaks of them."""
    h = ad.Tensor(x, name="x") @ w0
    a = ad.relu(h)
    z = a @ w1
    c = nn.cross_entropy(z, ad.Tensor(y, name="y"), reduction="sum")
    for name, node in {"h": h, "a": a, "z": z, "C": c}.items():
        node.name = name
    return h, z, c


def formulas(x: Array, y: Array, w0: Array, w1: Array) -> dict[str, Array]:
    """The gradients as worked out on paper, in plain NumPy."""
    h = x @ w0
    z = np.maximum(h, 0.0) @ w1
    e = np.exp(z - z.max(axis=1, keepdims=True))
    dz = e / e.sum(axis=1, keepdims=True) - y
    dh = (dz @ w1.T) * (h > 0)
    return {"W0": x.T @ dh, "W1": np.maximum(h, 0.0).T @ dz, "h": dh, "z": dz}


def clusters(count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Points of the plane in three overlapping classes, around the corners of a triangle."""
    labels = rng.integers(0, 3, count)
    angles = np.pi / 2 + 2 * np.pi / 3 * labels
    corners = 1.5 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return corners + rng.normal(0.0, 0.6, (count, 2)), labels


class WithOne(nn.Module):
    """Gives every point a third input that is always 1."""

    def forward(self, x: Any) -> ad.Tensor:
        """Points of shape (N, 2) with a column of ones."""
        return ad.concatenate([x, np.ones((len(x), 1), np.float32)], axis=1)


def train(epochs: int = 8) -> tuple[nn.Module, nn.History]:
    """The same network from modules, trained by mini-batch SGD; loss and accuracy per epoch."""
    rng = np.random.default_rng(6)
    model = nn.Sequential(
        WithOne(),
        nn.Linear(3, 4, bias=False, rng=rng),
        nn.ReLU(),
        nn.Linear(4, 3, bias=False, rng=rng),
    )
    history = nn.fit(
        model,
        nn.cross_entropy,
        nn.optim.SGD(model.parameters(), lr=0.1),
        clusters(300, rng),
        clusters(300, rng),
        epochs=epochs,
        batch_size=10,
        metrics=["accuracy"],
        progress=False,
        rng=rng,
    )
    return model, history


def by_hand(page: viz.Page, out: Path) -> None:
    """Compare engine and formulas for a batch, and draw it with the factors on the wires."""
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(5, 3)), np.eye(3)[rng.integers(0, 3, 5)]
    w0 = nn.Parameter(nn.init.he_normal((3, 4), rng=rng, dtype=float), name="W⁽⁰⁾")
    w1 = nn.Parameter(nn.init.he_normal((4, 3), rng=rng, dtype=float), name="W⁽¹⁾")
    h, z, c = forward(x, y, w0, w1)
    h.retain_grad()
    z.retain_grad()
    c.backward(retain_graph=True)
    engine = {"W0": w0.grad, "W1": w1.grad, "h": h.grad, "z": z.grad}
    expected = formulas(x, y, w0.numpy(), w1.numpy())
    differences = {name: np.abs(g - expected[name]).max() for name, g in engine.items()}
    for name, difference in differences.items():
        print(f"dC/d{name:2} {engine[name].shape}: engine and formulas differ by {difference:.1e}")
        assert difference < 1e-12, (name, difference)

    rows = np.abs(z.grad.sum(axis=1)).max()
    silent = h.numpy() <= 0
    print(f"rows of p - y add up to {rows:.1e}")
    print(f"ReLU silent for {silent.mean():.0%} of h, dC/dh zero for {(h.grad == 0).mean():.0%}")
    assert rows < 1e-15
    assert (h.grad[silent] == 0).all()

    roles = {"x": "input", "y": "input"}
    drawing = viz.draw(c, roles=roles)
    print("drawn:", drawing.save(out / "softmax_network.svg"))
    single = forward(x[:1], y[:1], w0, w1)[-1]
    numbers = viz.network(single, detail="full", roles=roles)
    print("drawn:", numbers.save(out / "every_number.svg"))
    page.section("Every formula").text(
        "Five samples, weights drawn from N(0, 2/n). On the wires stands what the gradient is "
        "multiplied by on its way back: `p − y` where it begins, `1[h > 0]` at the ReLU, and the "
        "other operand, transposed, at the matrix products."
    ).picture(drawing).table(
        ["gradient", "shape", "engine and formula differ by"],
        [[f"∂C/∂{n}", str(engine[n].shape), float(d)] for n, d in differences.items()],
    ).section("Every number").text(
        "One sample: each wire with its weight, each neuron with its value and its gradient."
    ).picture(numbers)


def huge_scores(page: viz.Page) -> None:
    """Where exponentials alone overflow, the gradient is still p − y."""
    huge = ad.Tensor([[1000.0, 0.0, -1000.0]], requires_grad=True)
    nn.cross_entropy(huge, [1]).backward()
    found = huge.grad.tolist()[0]
    print("logits 1000, 0, -1000, true class 1: p - y =", found)
    assert found == [1.0, -1.0, 0.0]
    page.section("Scores of any size").text(
        f"For the scores 1000, 0, −1000 and the second class the gradient p − y is {found}: "
        "softmax and logarithm are one function of z, in which nothing overflows."
    )


def learned(page: viz.Page, out: Path) -> None:
    """Train on points of the plane, and draw curves and decision regions."""
    model, history = train()
    for name in ("loss", "val_loss", "val_accuracy"):
        print(f"{name:12} per epoch:", *(f"{value:.3f}" for value in history[name]))
    assert history.last["val_accuracy"] > 0.95
    x, y = clusters(300, np.random.default_rng(7))
    regions = viz.boundary(model, x, y, title="Which class each point gets")
    curves = viz.curves(history, "loss", title="Training")
    print("drawn:", regions.save(out / "softmax_regions.svg"))
    page.section("Trained").text(
        "Eight epochs of mini-batch SGD on 300 points of the plane, with 1 as the third input. "
        f"Of 300 other points {history.last['val_accuracy']:.1%} get their class."
    ).picture(regions, curves)


def main(out: Path) -> None:
    """Compare the engine with the formulas, look at the gradients, train; print and draw."""
    out.mkdir(parents=True, exist_ok=True)
    page = viz.Page("A 3-4-3 network", "Matrix products, ReLU, softmax and cross-entropy.")
    page.formula(*FORMULAS)
    by_hand(page, out)
    huge_scores(page)
    learned(page, out)
    print("page:", page.save(out / "softmax_network.html"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A 3-4-3 network: ReLU, softmax, cross-entropy.")
    parser.add_argument("--out", type=Path, default=Path("runs/examples"), help="where to draw")
    main(parser.parse_args().out)
