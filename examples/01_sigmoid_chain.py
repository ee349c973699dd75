"""A deep chain of sigmoid layers, and why its gradients vanish.

Samples are rows, so a layer multiplies from the right:

    forward     h₀ = x,  z_k = h_{k−1} W_k,  h_k = f(z_k),  C = ½ Σ (h_L − y)²
    backward    δ_L = (h_L − y) ⊙ f′(z_L)
                δ_k = (δ_{k+1} W_{k+1}ᵀ) ⊙ f′(z_k)
    update      W_k ← W_k − λ ∂C/∂W_k,  ∂C/∂W_k = h_{k−1}ᵀ δ_k

The sigmoid's f′ = f (1 − f) ≤ ¼ makes |δ_k| ≤ ¼ |W_{k+1}| |δ_{k+1}|: with weights of size 1 each
layer takes at least three quarters of the gradient away, and large weights saturate it (f′ ≈ 0).
The ReLU has f′ = 1 where it is active: with Gaussian weights of variance 2/n the gradient lives.
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

# A function, and its derivative written with the function's value h.
ACTIVATIONS = {
    "sigmoid": (ad.sigmoid, lambda h: h * (1 - h)),
    "relu": (ad.relu, lambda h: (h > 0).astype(h.dtype)),
}


def gaussian_weights(depth: int, width: int, rng: np.random.Generator) -> list[ad.Tensor]:
    """Square weights from N(0, 2/n), in float64."""
    draws = [nn.init.he_normal((width, width), rng=rng, dtype=np.float64) for _ in range(depth)]
    return [ad.Tensor(w, requires_grad=True, name=f"W{k}") for k, w in enumerate(draws, 1)]


def cost(x: Array, y: Array, weights: list[ad.Tensor], names: list[str]) -> ad.Tensor:
    """C for a batch; the activations are given by name, layer by layer."""
    h: Any = x
    for w, name in zip(weights, names, strict=True):
        h = ACTIVATIONS[name][0](h @ w)
    return nn.half_squared_error(h, y)


def formulas(x: Array, y: Array, weights: list[Array], names: list[str]) -> list[Array]:
    """∂C/∂W_k for every layer by the δ recursion, in plain NumPy."""
    h = [x]
    for w, name in zip(weights, names, strict=True):
        z = h[-1] @ w
        h.append(1 / (1 + np.exp(-z)) if name == "sigmoid" else np.maximum(z, 0.0))
    gradients: list[Array] = []
    back = h[-1] - y
    for k in reversed(range(len(weights))):
        delta = back * ACTIVATIONS[names[k]][1](h[k + 1])
        gradients, back = [h[k].T @ delta, *gradients], delta @ weights[k].T
    return gradients


def layer_norms(depth: int, activation: str) -> tuple[list[float], float]:
    """|∂C/∂W_k| per layer, and how far the engine is from the formulas."""
    rng = np.random.default_rng(depth)
    x, y = rng.random((8, 16)), rng.random((8, 16))
    weights, names = gaussian_weights(depth, 16, rng), [activation] * depth
    cost(x, y, weights, names).backward()
    expected = formulas(x, y, [w.numpy() for w in weights], names)
    differences = [np.abs(w.grad - g).max() for w, g in zip(weights, expected, strict=True)]
    return [float(np.linalg.norm(w.grad)) for w in weights], float(max(differences))


def train(hidden: str, depth: int = 6, epochs: int = 30, rate: float = 0.05) -> list[float]:
    """Mini-batch SGD, sigmoid outputs; cost of the best constant, at the start, per epoch."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(256, 16))
    y = (np.tanh(x @ rng.normal(0.0, 0.5, (16, 16))) + 1) / 2
    weights, names = gaussian_weights(depth, 16, rng), [hidden] * (depth - 1) + ["sigmoid"]
    optimizer = nn.optim.SGD(weights, lr=rate)
    costs = [0.5 * float(y.var(axis=0).sum()), cost(x, y, weights, names).item() / len(x)]
    for _ in range(epochs):
        for batch_x, batch_y in nn.data.DataLoader((x, y), batch_size=16, shuffle=True, rng=rng):
            optimizer.zero_grad()
            cost(batch_x, batch_y, weights, names).backward()
            optimizer.step()
        costs.append(cost(x, y, weights, names).item() / len(x))
    return costs


def main(out: Path) -> None:
    """Print the gradients of chains of depth 2 to 10, say why, train two, draw a small one."""
    out.mkdir(parents=True, exist_ok=True)
    print("first layer's gradient over the last layer's, |dC/dW1| / |dC/dWL|")
    results = {depth: [layer_norms(depth, a) for a in ACTIVATIONS] for depth in range(2, 11)}
    for depth, pair in results.items():
        sigmoid, relu = (norms[0] / norms[-1] for norms, _ in pair)
        print(f"  depth {depth:2}   sigmoid {sigmoid:.1e}   relu {relu:.2f}")
    off = max(difference for pair in results.values() for _, difference in pair)
    print(f"largest difference between engine and formulas: {off:.1e}")
    assert off < 1e-12
    print("six layers, mini-batch SGD: cost of the best constant, at the start, every 5 epochs")
    for hidden in ACTIVATIONS:
        constant, *costs = train(hidden)
        print(f"  {hidden:8}{constant:.3f}  ", *(f"{c:.3f}" for c in costs[::5]))
    weights = gaussian_weights(10, 16, np.random.default_rng(10))
    answer = viz.why(cost(np.eye(16), np.eye(16), weights, ["sigmoid"] * 10), weights[0])
    print("W1 of 10 layers:", answer.kind, answer.save(out / "sigmoid_chain_why.svg"))
    h = ad.Value(1.0, name="x")
    for k in "₁₂₃":
        h = ad.sigmoid(h * ad.Value(1.0, name=f"w{k}"))
    h.backward()
    print("drawn:", viz.draw(h, roles={"x": "input"}).save(out / "sigmoid_chain.svg"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Vanishing gradients in a chain of sigmoids.")
    parser.add_argument("--out", type=Path, default=Path("runs/examples"), help="where to draw")
    main(parser.parse_args().out)
