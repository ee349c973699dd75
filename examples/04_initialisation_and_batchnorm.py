"""How weights begin, what layers do to the size of a signal, and batch normalisation.

initial variances   LeCun 1 / fan_in,   Xavier/Glorot 2 / (fan_in + fan_out),   He 2 / fan_in
                    (a uniform draw from ±a has variance a² / 3)
fans of a kernel    fan_in, fan_out = input, output channels × size of the receptive field

batch norm forward  μ = 1/m Σ x,  σ² = 1/m Σ (x − μ)²,  x̂ = (x − μ) / √(σ² + ε),  y = γ x̂ + β
and backward        ∂L/∂γ  = Σ ∂L/∂y x̂,   ∂L/∂β = Σ ∂L/∂y,   ∂L/∂x̂ = ∂L/∂y γ
(Σ over the batch)  ∂L/∂σ² = Σ ∂L/∂x̂ (x − μ) · (−½) (σ² + ε)^(−3/2)
                    ∂L/∂μ  = −Σ ∂L/∂x̂ / √(σ² + ε) − ∂L/∂σ² · 2/m Σ (x − μ)
                    ∂L/∂x  = ∂L/∂x̂ / √(σ² + ε) + ∂L/∂σ² · 2/m (x − μ) + 1/m ∂L/∂μ

dropout             y = x ⊙ mask / (1 − p): the mean stays;   ∂L/∂x = ∂L/∂y ⊙ mask / (1 − p)
scaling of data     standardised (x − mean) / std,   min-max (x − min) / (max − min)
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path
from typing import Any

import numpy as np

import autodiff as ad
import nn
import viz

Array = np.ndarray[Any, Any]


def formulas(x: Array, gamma: Array, g: Array, eps: float = 1e-5) -> dict[str, Array]:
    """The chain rule of batch normalisation, for the cotangent g = ∂L/∂y, in plain NumPy."""
    m, centred, s = len(x), x - x.mean(axis=0), np.sqrt(x.var(axis=0) + eps)
    dxhat = g * gamma
    dvar = (dxhat * centred).sum(axis=0) * -0.5 * s**-3
    dmu = -(dxhat / s).sum(axis=0) - dvar * 2 / m * centred.sum(axis=0)
    dx = dxhat / s + dvar * 2 / m * centred + dmu / m
    dgamma = (g * centred / s).sum(axis=0)
    return {"γ": dgamma, "β": g.sum(axis=0), "σ²": dvar, "μ": dmu, "x̂": dxhat, "x": dx}


def batch_norm(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> dict[str, ad.Tensor]:
    """The forward pass from primitives, its steps by name: d = x − μ, s = √(σ² + ε)."""
    leaf, scale, move = ad.Tensor(x, requires_grad=True), nn.Parameter(gamma), nn.Parameter(beta)
    mu = leaf.mean(axis=0)
    centred = leaf - mu
    squares = ad.square(centred)
    var = squares.mean(axis=0)
    shifted = var + eps
    s = ad.sqrt(shifted)
    xhat = centred / s
    scaled = scale * xhat
    steps = {"x": leaf, "γ": scale, "β": move, "μ": mu, "d": centred, "q": squares}
    steps |= {"σ²": var, "v": shifted, "s": s, "x̂": xhat, "p": scaled, "y": scaled + move}
    for name, node in steps.items():
        node.name = name
        node.retain_grad()
    return steps


def spread(scheme: str, activation: type[nn.Module], norm: bool = False) -> list[float]:
    """Standard deviation of the activations of ten layers, for inputs from N(0, 1)."""
    rng, widths, stds = np.random.default_rng(0), [100, 300] * 5 + [100], []
    h: Any = rng.normal(size=(200, widths[0]))
    for fan_in, fan_out in itertools.pairwise(widths):
        h = nn.Linear(fan_in, fan_out, init=scheme, rng=rng, dtype=np.float64)(h)
        h = activation()(nn.BatchNorm1d(fan_out, dtype=np.float64)(h) if norm else h)
        stds.append(float(h.numpy().std()))
    return stds


def main(out: Path) -> None:
    """Fans, the size of signals, batch normalisation (drawn), dropout and scaling."""
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    print("fans of a linear layer and of kernels in 1-D, 2-D and 3-D, (out, in, *field)")
    for shape in ((10, 256), (8, 3, 5), (8, 3, 5, 5), (8, 3, 5, 5, 5)):
        bound = np.abs(nn.init.he_uniform(shape, rng=rng)).max()
        fans = "fan_in {}, fan_out {}".format(*nn.init.calculate_fan(shape))
        print(f"  {shape}: {fans}, He uniform within {bound:.3f}")

    print("std of the activations of layers 1, 5 and 10 (of 300, 300 and 100 units)")
    print(f"  {'':16}{'tanh':24}{'relu':24}batch norm, relu")
    for kind in "normal small_normal lecun_{} xavier_{} he_{}".split():
        for scheme in dict.fromkeys(kind.format(draw) for draw in ("normal", "uniform")):
            rows = spread(scheme, nn.Tanh), spread(scheme, nn.ReLU), spread(scheme, nn.ReLU, True)
            cells = (" ".join(f"{row[k]:.1e}" for k in (0, 4, 9)) for row in rows)
            print(f"  {scheme:16}" + " ".join(cells))

    x, g = rng.normal(3.0, 2.0, (6, 4)), rng.normal(size=(6, 4))
    gamma, beta = rng.normal(size=4), rng.normal(size=4)
    steps, expected = batch_norm(x, gamma, beta), formulas(x, gamma, g)
    loss = (steps["y"] * ad.Tensor(g, name="∂L/∂y")).sum()
    loss.name = "L"
    loss.backward(retain_graph=True)
    off = max(np.abs(steps[name].grad - value).max() for name, value in expected.items())
    assert off < 1e-12, off
    print(f"batch norm, all of {len(expected)} gradients: engine and formulas differ by {off:.1e}")
    print(f"  columns of dL/dx add up to {np.abs(steps['x'].grad.sum(axis=0)).max():.1e}")

    ones = ad.Tensor(np.ones((1000, 100)), requires_grad=True)
    thinned = nn.functional.dropout(ones, 0.3, training=True, rng=rng)
    thinned.sum().backward()
    assert (ones.grad == thinned.numpy()).all()
    kept = (ones.grad > 0).mean()
    print(f"dropout 0.3 keeps {kept:.3f}, times {ones.grad.max():.3f}, mean {ones.grad.mean():.3f}")
    standard, scaled = nn.data.standardize(x), nn.data.min_max_scale(x)
    print(f"standardized: mean {standard.mean(axis=0).round(12) + 0.0}, std {standard.std(axis=0)}")
    print(f"min-max: from {scaled.min(axis=0)} to {scaled.max(axis=0)}")
    drawing = viz.draw(loss, roles={"x": "input"})
    print("drawn:", drawing.save(out / "batch_norm.svg"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Initial weights and batch normalisation.")
    parser.add_argument("--out", type=Path, default=Path("runs/examples"), help="where to draw")
    main(parser.parse_args().out)
