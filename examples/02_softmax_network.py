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


def forward(x: Array, y: Array, w0: ad.Tensor, w1: ad.Tensor) -> tuple[ad.Tensor, ...]:
    """h, z and C; the steps have names, so that the picture speaks of them."""
    h = ad.Tensor(x, name="x") @ w0
    a = ad.relu(h)
    z = a @ w1
    log_p = ad.log_softmax(z)
    terms = ad.Tensor(y, name="y") * log_p
    total = terms.sum()
    c = -total
    named = {"h": h, "a": a, "z": z, "log p": log_p, "t": terms, "T": total, "C": c}
    for name, node in named.items():
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
    """Points of three overlapping classes around the corners of a triangle in space."""
    labels = rng.integers(0, 3, count)
    return 1.5 * np.eye(3)[labels] + rng.normal(0.0, 0.5, (count, 3)), labels


def train(epochs: int = 8) -> nn.History:
    """The same network from modules, trained by mini-batch SGD; loss and accuracy per epoch."""
    rng = np.random.default_rng(6)
    model = nn.Sequential(
        nn.Linear(3, 4, bias=False, rng=rng), nn.ReLU(), nn.Linear(4, 3, bias=False, rng=rng)
    )
    return nn.fit(
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


def main(out: Path) -> None:
    """Compare the engine with the formulas, look at the gradients, train, draw."""
    out.mkdir(parents=True, exist_ok=True)
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
    for name, gradient in engine.items():
        difference = np.abs(gradient - expected[name]).max()
        assert difference < 1e-12, (name, difference)
        print(f"dC/d{name:2} {gradient.shape}: engine and formulas differ by {difference:.1e}")

    print(f"rows of p - y add up to {np.abs(z.grad.sum(axis=1)).max():.1e}")
    silent = (h.numpy() <= 0).mean()
    print(f"ReLU silent for {silent:.0%} of h, dC/dh zero for {(h.grad == 0).mean():.0%}")

    huge = ad.Tensor([[1000.0, 0.0, -1000.0]], requires_grad=True)
    nn.cross_entropy(huge, [1]).backward()
    print("logits 1000, 0, -1000, true class 1: p - y =", huge.grad.tolist()[0])

    history = train()
    for name in ("loss", "val_loss", "val_accuracy"):
        print(f"{name:12} per epoch:", *(f"{value:.3f}" for value in history[name]))
    roles = {"x": "input", "y": "input"}
    print("drawn:", viz.draw(c, roles=roles).save(out / "softmax_network.svg"))
    c = forward(x[:1], y[:1], w0, w1)[-1]
    print("drawn:", viz.network(c, detail="full", roles=roles).save(out / "every_number.svg"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A 3-4-3 network: ReLU, softmax, cross-entropy.")
    parser.add_argument("--out", type=Path, default=Path("runs/examples"), help="where to draw")
    main(parser.parse_args().out)
