"""Two sigmoid layers, half the squared error, and the order of the updates.

    forward     h = σ(x W),  ŷ = σ(h V),  E = ½ Σ_n Σ_q (y_nq − ŷ_nq)²; samples n are rows
    backward    δ = (ŷ − y) ⊙ ŷ (1 − ŷ)          ∂E/∂V = hᵀ δ
                ε = (δ Vᵀ) ⊙ h (1 − h)           ∂E/∂W = xᵀ ε
    SGD         for one random sample: V ← V − λ hᵀ δ, then W ← W − λ xᵀ ε, from deep to shallow

Both formulas are about the same V. Sent back through the V that was just updated, δ moves W to
another place, off by λ² xᵀ((δ δᵀ h) ⊙ h (1 − h)): little for small λ, but not the gradient.

E is not convex: where the descent ends depends on where it began. Exclusive or, learned by two
hidden neurons from forty starts, has several minima, each proved one by its second derivatives,
whose smallest eigenvalue is positive.

Careful SGD: inputs on one scale, or the first weights saturate; a rate that falls, or the steps for
single samples never come to rest. With the penalty ½ μ |W|², of gradient μ W, weights stay small;
that of μ Σ|W|, μ sign W, draws those that are of no use to zero.
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

XOR = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], float), np.array([[0, 1, 1, 0.0]]).T
PENALTY = 1e-3


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


def error(x: Array, y: Array, w: Any, v: Any) -> float:
    """The mean of E over the samples."""
    return nn.half_squared_error(ad.sigmoid(ad.sigmoid(x @ w) @ v), y, "mean").item()


def sgd(x: Array, y: Array, fall: float, l1: float, l2: float) -> tuple[list[float], Array]:
    """Steps on random samples, at a rate that falls; the mean E every 100 steps, and W."""
    rng = np.random.default_rng(0)
    w, v = (ad.Tensor(rng.normal(0, 0.5, n), requires_grad=True) for n in ((8, 6), (6, 2)))
    errors = [error(x, y, w, v)]
    for t in range(3000):
        n, rate = rng.integers(len(x)), 3.0 / (1 + fall * t)
        step(x[n : n + 1], y[n : n + 1], w, v, rate)
        for p in (v, w):
            p.data = p.data - rate * (l1 * np.sign(p.data) + l2 * p.data)
        if t % 100 == 99:
            errors.append(error(x, y, w, v))
    return errors, w.numpy()


def xor_cost(theta: Any, penalty: float = PENALTY) -> ad.Tensor:
    """E of 3-2-1 networks on exclusive or (third input 1), plus ½ μ |θ|², θ being 8 weights."""
    w = theta[..., :6].reshape(*theta.shape[:-1], 3, 2)
    v = theta[..., 6:].reshape(*theta.shape[:-1], 2, 1)
    residual = ad.sigmoid(ad.sigmoid(XOR[0] @ w) @ v) - XOR[1]
    return 0.5 * (ad.square(residual).sum(axis=(-2, -1)) + penalty * ad.square(theta).sum(axis=-1))


def curvature(theta: Array) -> float:
    """The smallest eigenvalue of the second derivatives."""
    return float(np.linalg.eigvalsh(ad.hessian(xor_cost)(theta))[0])


def descents(starts: int = 40) -> Array:
    """The ways of descents from many starts, of shape (steps, starts, 8)."""
    theta = ad.Tensor(np.random.default_rng(0).normal(size=(starts, 8)), requires_grad=True)
    optimizer = nn.optim.SGD([theta], lr=1.0, momentum=0.9)
    ways = [theta.numpy().copy()]
    for _ in range(3000):
        optimizer.zero_grad()
        xor_cost(theta).sum().backward()
        optimizer.step()
        ways.append(theta.numpy().copy())
    return np.array(ways)


def minima(ways: Array) -> list[tuple[float, list[int], float]]:
    """Where the descents end: cost, which of them, smallest curvature there."""
    found: dict[float, list[int]] = {}
    for number, cost in enumerate(xor_cost(ad.Tensor(ways[-1])).numpy()):
        found.setdefault(round(float(cost), 3), []).append(number)
    return [(cost, ends, curvature(ways[-1][ends[0]])) for cost, ends in sorted(found.items())]


def landscape(ways: Array, ends: list[int]) -> viz.Chart:
    """The cost on the plane through three minima, and the ways that led to them."""
    best, second, third = (ways[-1][number] for number in ends)
    axes = np.stack([second - best, third - best])
    steps = np.linspace(-0.6, 1.6, 61)
    plane = best + steps[None, :, None] * axes[0] + steps[:, None, None] * axes[1]
    found = nn.inspect.Surface(
        steps, steps, xor_cost(ad.Tensor(plane)).numpy(), (0.0, 0.0), ("A → B", "A → C")
    )
    # The nearest point of the plane; the ways themselves lead through eight dimensions.
    onto = np.linalg.pinv(axes)
    paths = {
        name: ((ways[:, number] - best) @ onto)[::10]
        for name, number in zip("ABC", ends, strict=True)
    }
    return viz.surface(found, paths=paths, title="Three minima of exclusive or")


def order_of_updates(page: viz.Page) -> None:
    """V before W as written, beside the error sent back through the new V."""
    rng = np.random.default_rng(0)
    x, y, w0, v0 = (rng.normal(size=n) for n in ((5, 3), (5, 2), (3, 4), (4, 2)))
    dw, dv, shift = formulas(x, y, w0, v0)
    print("V before W, and the error sent back through the old V or through the new one")
    rows = []
    for rate in (1.0, 0.1, 0.01):
        w, v, w2, v2 = (ad.Tensor(p, requires_grad=True) for p in (w0, v0, w0, v0))
        step(x, y, w, v, rate)
        step(x, y, w2, v2, rate, through_new_v=True)
        apart = w2.numpy() - w.numpy()
        off = max(np.abs(a).max() for a in (w.grad - dw, v.grad - dv, apart - rate**2 * shift))
        assert off < 1e-12, off
        print(f"  rate {rate:4}: W differs by {np.abs(apart).max():.1e}, formulas to {off:.0e}")
        rows.append([f"{rate:g}", float(np.abs(apart).max()), float(rate**2 * np.abs(shift).max())])
    page.section("V before W").text(
        "The notes update from deep to shallow: V first, then W. Both gradients belong to the V "
        "of the forward pass. If the error is sent back through the V that has just been updated, "
        "W ends elsewhere, by λ² times what the formula says."
    ).table(["λ", "W differs by", "λ² · formula"], rows)


def careful(page: viz.Page, out: Path) -> None:
    """What scaled inputs, a falling rate and the penalties do to SGD on single samples."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(30, 20, (200, 8)), np.zeros((200, 2))
    y[:, 0], y[:, 1] = x[:, 0] > 30, (x[:, 0] > 30) != (x[:, 1] > 30)
    print("mean E after 3000 steps on random samples, and the weights in W below 0.02")
    plain, falling, sparse, small = (0, 0, 0), (1e-3, 0, 0), (1e-3, 1e-3, 0), (1e-3, 0, 1e-3)
    labels = "raw inputs", "standardized", "rate falls", "with L1", "with L2"
    lines, rows = {}, []
    for label, how in zip(labels, (plain, plain, falling, sparse, small), strict=True):
        errors, weights = sgd(x if label == "raw inputs" else nn.data.standardize(x), y, *how)
        lines[label], none = errors, int((np.abs(weights) < 0.02).sum())
        print(f"  {label:12} {errors[-1]:.3f} {none:3} of {weights.size}")
        rows.append([label, errors[-1], none, float(np.linalg.norm(weights))])
    final = {label: errors[-1] for label, errors in lines.items()}
    assert final["rate falls"] < 0.6 * final["raw inputs"]
    curves = viz.lines(
        lines,
        range(0, 3001, 100),
        x_label="step, one random sample each",
        y_label="mean E",
        title="Careful SGD",
    )
    print("drawn:", curves.save(out / "two_layer_sgd.svg"))
    page.section("Careful SGD").text(
        "3 000 steps, each on one random sample of 200. Two outputs depend on the first two of "
        "eight inputs, which lie around 30: raw, they saturate the hidden neurons at once."
    ).picture(curves).table(["", "mean E", "of 48 weights below 0.02", "|W|"], rows)


def local_minima(page: viz.Page, out: Path) -> None:
    """Where forty descents end, proved minima, and the land between three of them."""
    ways = descents()
    found = minima(ways)
    print("exclusive or from 40 starts: cost, times found, smallest curvature (above 0: a minimum)")
    for cost, ends, smallest in found:
        print(f"  {cost:.3f} {len(ends):3} {smallest:9.5f}")
        assert smallest > 0
    assert len(found) >= 3
    chart = landscape(ways, [found[0][1][0], found[1][1][0], found[-1][1][0]])
    print("drawn:", chart.save(out / "two_layer_minima.svg"))
    page.section("Not convex").text(
        "Exclusive or with two hidden neurons: eight weights, forty starts, and the penalty "
        f"½ μ |θ|² with μ = {PENALTY}, so that minima are at finite weights."
    ).table(
        ["cost", "descents that end there", "smallest eigenvalue of the second derivatives"],
        [[cost, len(ends), smallest] for cost, ends, smallest in found],
    ).picture(
        chart,
        caption="The cost on the plane through three of the minima. A is the best; the ways of "
        "the descents, from the ring to the dot, are drawn at their nearest points of the plane.",
    )


def main(out: Path) -> None:
    """Compare engine and formulas, change the order of the updates, try data and starts."""
    out.mkdir(parents=True, exist_ok=True)
    page = viz.Page("Two sigmoid layers", "Half the squared error, one random sample at a time.")
    page.formula(
        "forward     h = σ(x W),  ŷ = σ(h V),  E = ½ Σ_n Σ_q (y_nq − ŷ_nq)²",
        "backward    δ = (ŷ − y) ⊙ ŷ (1 − ŷ),  ∂E/∂V = hᵀ δ",
        "            ε = (δ Vᵀ) ⊙ h (1 − h),   ∂E/∂W = xᵀ ε",
        "SGD         V ← V − λ hᵀ δ,  then  W ← W − λ xᵀ ε",
    )
    order_of_updates(page)
    careful(page, out)
    local_minima(page, out)
    print("page:", page.save(out / "two_layer_sigmoid.html"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Two sigmoid layers, and SGD on single samples.")
    parser.add_argument("--out", type=Path, default=Path("runs/examples"), help="where to draw")
    main(parser.parse_args().out)
