"""Two sigmoid layers, half the squared error, and the order of the updates.

    forward     h = σ(x W),  ŷ = σ(h V),  E = ½ Σ_n Σ_q (y_nq − ŷ_nq)²; samples n are rows
    backward    δ = (ŷ − y) ⊙ ŷ (1 − ŷ)          ∂E/∂V = hᵀ δ
                ε = (δ Vᵀ) ⊙ h (1 − h)           ∂E/∂W = xᵀ ε
    SGD         for one random sample: V ← V − λ hᵀ δ, then W ← W − λ xᵀ ε, from deep to shallow

Both formulas are about the same V. Sent back through the V that was just updated, δ moves W to
another place, off by λ² xᵀ((δ δᵀ h) ⊙ h (1 − h)): little for small λ, but not the gradient.
E is not convex: where the descent ends depends on where it began. With the penalty ½ μ |W|², of
gradient μ W, the minima are at finite weights; that of μ Σ|W|, μ sign W, draws weights to zero.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
import nn

Array = np.ndarray[Any, Any]

XOR = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], float), np.array([[0, 1, 1, 0.0]]).T


def formulas(x: Array, y: Array, w: Array, v: Array) -> tuple[Array, Array, Array]:
    """∂E/∂W, ∂E/∂V, and by how much λ² the wrong order shifts W, in plain NumPy."""
    h = 1 / (1 + np.exp(-x @ w))
    prediction = 1 / (1 + np.exp(-h @ v))
    delta = (prediction - y) * prediction * (1 - prediction)
    epsilon = (delta @ v.T) * h * (1 - h)
    return x.T @ epsilon, h.T @ delta, x.T @ ((delta @ delta.T @ h) * h * (1 - h))


def step(x: Array, y: Array, w: Any, v: Any, rate: float, through_new_v: bool = False) -> None:
    """One step, V before W; the gradients it used are in ``grad`` afterwards."""
    w.grad = v.grad = None
    z = ad.sigmoid(x @ w) @ v
    z.retain_grad()
    nn.half_squared_error(ad.sigmoid(z), y).backward()
    v.data = v.data - rate * v.grad
    if through_new_v:
        w.grad = None
        (ad.sigmoid(x @ w) @ v.detach()).backward(z.grad)
    w.data = w.data - rate * w.grad


def sgd(x: Array, y: Array, fall: float, l1: float, l2: float) -> tuple[float, Array]:
    """Steps on random samples, at a rate that falls; the mean E at the end, and W."""
    rng = np.random.default_rng(0)
    w, v = (ad.Tensor(rng.normal(0, 0.5, n), requires_grad=True) for n in ((8, 6), (6, 2)))
    for t in range(3000):
        n, rate = rng.integers(len(x)), 3.0 / (1 + fall * t)
        step(x[n : n + 1], y[n : n + 1], w, v, rate)
        for p in (v, w):
            p.data = p.data - rate * (l1 * np.sign(p.data) + l2 * p.data)
    return nn.half_squared_error(ad.sigmoid(ad.sigmoid(x @ w) @ v), y, "mean").item(), w.numpy()


def xor_cost(theta: Any, penalty: float = 1e-3) -> ad.Tensor:
    """E of 3-2-1 networks on exclusive or (third input 1), plus ½ μ |θ|², θ being 8 weights."""
    w = theta[..., :6].reshape(*theta.shape[:-1], 3, 2)
    v = theta[..., 6:].reshape(*theta.shape[:-1], 2, 1)
    residual = ad.sigmoid(ad.sigmoid(XOR[0] @ w) @ v) - XOR[1]
    return 0.5 * (ad.square(residual).sum() + penalty * ad.square(theta).sum())


def curvature(theta: Array) -> float:
    """The smallest eigenvalue of the second derivatives, which are gradients of gradients."""
    rows = [ad.grad(lambda t, i=i: ad.grad(xor_cost)(t)[i])(theta) for i in range(len(theta))]
    return float(np.linalg.eigvalsh(rows)[0])


def minima(starts: int = 40) -> list[tuple[float, int, float]]:
    """What descents from many starts find: cost, how often, smallest curvature there."""
    theta = ad.Tensor(np.random.default_rng(0).normal(size=(starts, 8)), requires_grad=True)
    optimizer = nn.optim.SGD([theta], lr=1.0, momentum=0.9)
    for _ in range(3000):
        optimizer.zero_grad()
        xor_cost(theta).backward()
        optimizer.step()
    found: dict[float, list[Array]] = {}
    for end in theta.numpy():
        found.setdefault(round(xor_cost(ad.Tensor(end)).item(), 3), []).append(end)
    return [(cost, len(ends), curvature(ends[0])) for cost, ends in sorted(found.items())]


def main() -> None:
    """Compare engine and formulas, change the order of the updates, try data and starts."""
    rng = np.random.default_rng(0)
    x, y, w0, v0 = (rng.normal(size=n) for n in ((5, 3), (5, 2), (3, 4), (4, 2)))
    dw, dv, shift = formulas(x, y, w0, v0)
    print("V before W, and the error sent back through the old V or through the new one")
    for rate in (1.0, 0.1, 0.01):
        w, v, w2, v2 = (ad.Tensor(p, requires_grad=True) for p in (w0, v0, w0, v0))
        step(x, y, w, v, rate)
        step(x, y, w2, v2, rate, through_new_v=True)
        apart = w2.numpy() - w.numpy()
        off = max(np.abs(a).max() for a in (w.grad - dw, v.grad - dv, apart - rate**2 * shift))
        assert off < 1e-12, off
        print(f"  rate {rate:4}: W differs by {np.abs(apart).max():.1e}, formulas to {off:.0e}")

    x, y = rng.normal(30, 20, (200, 8)), np.zeros((200, 2))
    y[:, 0], y[:, 1] = x[:, 0] > 30, (x[:, 0] > 30) != (x[:, 1] > 30)
    print("mean E after 3000 steps on random samples, and the weights in W below 0.02")
    plain, falling, sparse, small = (0, 0, 0), (1e-3, 0, 0), (1e-3, 1e-3, 0), (1e-3, 0, 1e-3)
    labels = "raw inputs", "standardized", "rate falls", "with L1", "with L2"
    for label, how in zip(labels, (plain, plain, falling, sparse, small), strict=True):
        error, weights = sgd(x if label == "raw inputs" else nn.data.standardize(x), y, *how)
        print(f"  {label:12} {error:.3f} {(np.abs(weights) < 0.02).sum():3} of {weights.size}")

    print("exclusive or from 40 starts: cost, times found, smallest curvature (above 0: a minimum)")
    for cost, times, smallest in minima():
        print(f"  {cost:.3f} {times:3} {smallest:9.5f}")


if __name__ == "__main__":
    main()
