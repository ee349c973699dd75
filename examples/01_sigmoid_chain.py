"""A deep chain of sigmoid layers: why its gradients vanish, and what keeps them alive.

Samples are rows, so a layer multiplies from the right:

    forward     h₀ = x,  z_k = h_{k−1} W_k,  h_k = f(z_k),  C = ½ Σ (h_L − y)²
    backward    δ_L = (h_L − y) ⊙ f′(z_L)
                δ_k = (δ_{k+1} W_{k+1}ᵀ) ⊙ f′(z_k)
    update      W_k ← W_k − λ ∂C/∂W_k,  ∂C/∂W_k = h_{k−1}ᵀ δ_k

The sigmoid's f′ = f (1 − f) is at most ¼, so |δ_k| ≤ ¼ |W_{k+1}| |δ_{k+1}|: where the weights leave
the size of a signal as it is, each layer takes three quarters of the gradient away, and after d of
them 0.25ᵈ is left. Larger weights do not help: they saturate the sigmoid, where f′ ≈ 0. The tanh
has f′ ≤ 1 and loses less. The ReLU has f′ = 1 where it is active; as half of its neurons are not,
Gaussian weights of variance 2/n, twice the usual, keep the gradient alive.
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
    "tanh": (ad.tanh, lambda h: 1 - h * h),
    "relu": (ad.relu, lambda h: (h > 0).astype(h.dtype)),
}
# The variance of the Gaussian weights, times n: what keeps the size of a signal going backward.
VARIANCES = {"sigmoid": 1.0, "tanh": 1.0, "relu": 2.0}
WIDTH, DEPTHS = 32, range(2, 21)


def gaussian_weights(
    depth: int, width: int, rng: np.random.Generator, variance: float = 2.0
) -> list[ad.Tensor]:
    """Square weights from N(0, variance / n), in float64."""
    std = np.sqrt(variance / width)
    draws = [rng.normal(0.0, std, (width, width)) for _ in range(depth)]
    return [ad.Tensor(w, requires_grad=True, name=f"W{k}") for k, w in enumerate(draws, 1)]


def cost(x: Array, y: Array, weights: list[ad.Tensor], names: list[str]) -> ad.Tensor:
    """C for a batch; the activations are given by name, layer by layer."""
    h: Any = x
    for w, name in zip(weights, names, strict=True):
        h = ACTIVATIONS[name][0](h @ w)
    return nn.half_squared_error(h, y)


def formulas(x: Array, y: Array, weights: list[Array], names: list[str]) -> list[Array]:
    """∂C/∂W_k for every layer by the δ recursion, in plain NumPy."""
    return [h.T @ delta for h, delta in deltas(x, y, weights, names)]


def deltas(x: Array, y: Array, weights: list[Array], names: list[str]) -> list[tuple[Array, Array]]:
    """h_{k−1} and δ_k for every layer k, first layer first."""
    h = [x]
    for w, name in zip(weights, names, strict=True):
        z = h[-1] @ w
        forward = {
            "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
            "tanh": np.tanh,
            "relu": lambda z: np.maximum(z, 0.0),
        }
        h.append(forward[name](z))
    found: list[tuple[Array, Array]] = []
    back = h[-1] - y
    for k in reversed(range(len(weights))):
        delta = back * ACTIVATIONS[names[k]][1](h[k + 1])
        found, back = [(h[k], delta), *found], delta @ weights[k].T
    return found


def layer_norms(depth: int, activation: str) -> tuple[list[float], float]:
    """|∂C/∂W_k| per layer, and how far the engine is from the formulas."""
    rng = np.random.default_rng(depth)
    x, y = rng.normal(size=(8, WIDTH)), rng.random((8, WIDTH))
    weights = gaussian_weights(depth, WIDTH, rng, VARIANCES[activation])
    names = [activation] * depth
    cost(x, y, weights, names).backward()
    expected = formulas(x, y, [w.numpy() for w in weights], names)
    differences = [np.abs(w.grad - g).max() for w, g in zip(weights, expected, strict=True)]
    return [float(np.linalg.norm(w.grad)) for w in weights], float(max(differences))


def shrinking(depth: int, activation: str) -> tuple[float, float]:
    """|δ₁| / |δ_d| of a chain, and the most that ¼ |W| per layer allows."""
    rng = np.random.default_rng(depth)
    x, y = rng.normal(size=(8, WIDTH)), rng.random((8, WIDTH))
    weights = [w.numpy() for w in gaussian_weights(depth, WIDTH, rng, VARIANCES[activation])]
    found = [delta for _, delta in deltas(x, y, weights, [activation] * depth)]
    most = np.prod([0.25 * np.linalg.norm(w, 2) for w in weights[1:]])
    return float(np.linalg.norm(found[0]) / np.linalg.norm(found[-1])), float(most)


def train(hidden: str, depth: int = 6, epochs: int = 30, rate: float = 0.05) -> list[float]:
    """Mini-batch SGD, sigmoid outputs; cost of the best constant, at the start, per epoch."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(256, 16))
    y = (np.tanh(x @ rng.normal(0.0, 0.5, (16, 16))) + 1) / 2
    names = [hidden] * (depth - 1) + ["sigmoid"]
    weights = gaussian_weights(depth, 16, rng, VARIANCES[hidden])
    optimizer = nn.optim.SGD(weights, lr=rate)
    costs = [0.5 * float(y.var(axis=0).sum()), cost(x, y, weights, names).item() / len(x)]
    for _ in range(epochs):
        for batch_x, batch_y in nn.data.DataLoader((x, y), batch_size=16, shuffle=True, rng=rng):
            optimizer.zero_grad()
            cost(batch_x, batch_y, weights, names).backward()
            optimizer.step()
        costs.append(cost(x, y, weights, names).item() / len(x))
    return costs


def small_chain() -> ad.Value:
    """Three sigmoid neurons in a row, with all their numbers."""
    h = ad.Value(1.0, name="x")
    for k in "₁₂₃":
        h = ad.sigmoid(h * ad.Value(1.0, name=f"w{k}"))
        h.name = f"h{k}"
    h.backward()
    return h


def vanishing(page: viz.Page, out: Path) -> None:
    """Measure what is left of the gradient after 2 … 20 layers, and draw it beside the bound."""
    print("|dC/dW1| / |dC/dWL|: what is left of the gradient in the first layer")
    results = {d: {a: layer_norms(d, a) for a in ACTIVATIONS} for d in DEPTHS}
    ratios = {a: [results[d][a][0][0] / results[d][a][0][-1] for d in DEPTHS] for a in ACTIVATIONS}
    for depth in (2, 5, 10, 20):
        told = (f"{a} {ratios[a][depth - 2]:.1e}" for a in ACTIVATIONS)
        print(f"  depth {depth:2}  ", "   ".join(told))
    off = max(norms[1] for row in results.values() for norms in row.values())
    print(f"largest difference between engine and formulas: {off:.1e}")
    assert off < 1e-12

    for depth in DEPTHS:
        ratio, most = shrinking(depth, "sigmoid")
        assert ratio <= most, (depth, ratio, most)
    # After 19 layers of it 0.25ᵈ is an understatement: f′ reaches ¼ only at z = 0.
    assert shrinking(20, "sigmoid")[0] < 0.25**19
    assert shrinking(20, "relu")[0] > 0.01
    bound = "0.25ᵈ⁻¹"
    first = viz.lines(
        {a: [shrinking(d, a)[0] for d in DEPTHS] for a in ACTIVATIONS}
        | {bound: [0.25 ** (d - 1) for d in DEPTHS]},
        DEPTHS,
        x_label="depth d",
        y_label="|δ₁| / |δ_d|",
        logarithmic=True,
        guides=[bound],
        title="What is left of the error signal in the first layer",
    )
    each = viz.lines(
        {a: results[20][a][0] for a in ACTIVATIONS},
        range(1, 21),
        x_label="layer",
        y_label="|∂C/∂W|",
        logarithmic=True,
        title="Gradients of twenty layers",
    )
    first.save(out / "sigmoid_chain_depths.svg")
    page.section("Gradients vanish with depth").text(
        "Chains of 2 to 20 layers of 32 neurons with Gaussian weights, of variance 1/n for the "
        "sigmoid and the tanh, 2/n for the ReLU. The dashed line takes a quarter per layer, the "
        "most that a sigmoid leaves; it lies below that, as σ′ is ¼ only at z = 0.",
        f"Engine and δ recursion agree to {off:.0e} in every chain.",
    ).picture(first, each, caption="The first layer against the last, and all of twenty layers.")


def causes(page: viz.Page, out: Path) -> None:
    """Say why the first of ten layers hardly learns, and show it in three neurons."""
    weights = gaussian_weights(10, 16, np.random.default_rng(10), 1.0)
    answer = viz.why(cost(np.eye(16), np.eye(16), weights, ["sigmoid"] * 10), weights[0])
    print("W1 of 10 layers:", answer.kind, answer.save(out / "sigmoid_chain_why.svg"))
    drawing = viz.draw(small_chain(), roles={"x": "input"})
    print("drawn:", drawing.save(out / "sigmoid_chain.svg"))
    page.section("Why").text(
        "Three neurons in a row: every wire back carries the factor σ′(z) · w, and the factors "
        "multiply. Below that the question put to a chain of ten layers."
    ).picture(drawing, caption="Three sigmoid neurons with all their numbers.")
    page.picture(answer, caption="`viz.why(C, W1)` names the layers that shrink the gradient.")


def cure(page: viz.Page, out: Path) -> None:
    """Train six layers with each function by mini-batch SGD and draw the curves side by side."""
    print("six layers, mini-batch SGD: cost of the best constant, at the start, every 5 epochs")
    costs = {hidden: train(hidden) for hidden in ACTIVATIONS}
    for hidden, (constant, *figures) in costs.items():
        print(f"  {hidden:8}{constant:.3f}  ", *(f"{c:.3f}" for c in figures[::5]))
    constant = costs["sigmoid"][0]
    assert abs(costs["sigmoid"][-1] / constant - 1) < 0.01
    assert costs["relu"][-1] < 0.6 * constant
    curves = viz.lines(
        {hidden: figures[1:] for hidden, figures in costs.items()}
        | {"best constant": [constant] * len(costs["relu"][1:])},
        x_label="epoch",
        y_label="cost per sample",
        guides=["best constant"],
        title="Six layers learn, or do not",
    )
    print("drawn:", curves.save(out / "sigmoid_chain_training.svg"))
    page.section("The cure").text(
        "Six layers, the last one sigmoid, trained by mini-batch SGD, W ← W − λ hᵀδ, with λ = 0.05 "
        "and batches of 16. With sigmoids only the last layers learn, which is enough for the "
        "mean of the targets and no more. With ReLU and weights of variance 2/n all of them do."
    ).picture(curves)


def main(out: Path) -> None:
    """Measure, explain and cure vanishing gradients; print, draw, and write a page."""
    out.mkdir(parents=True, exist_ok=True)
    page = viz.Page(
        "A deep chain of sigmoids", "Why its gradients vanish, and what keeps them alive."
    )
    page.formula(
        "forward     z_k = h_{k−1} W_k,   h_k = f(z_k),   C = ½ Σ (h_L − y)²",
        "backward    δ_L = (h_L − y) ⊙ f′(z_L),   δ_k = (δ_{k+1} W_{k+1}ᵀ) ⊙ f′(z_k)",
        "update      W_k ← W_k − λ h_{k−1}ᵀ δ_k",
    )
    vanishing(page, out)
    causes(page, out)
    cure(page, out)
    print("page:", page.save(out / "sigmoid_chain.html"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Vanishing gradients in a chain of sigmoids.")
    parser.add_argument("--out", type=Path, default=Path("runs/examples"), help="where to draw")
    main(parser.parse_args().out)
