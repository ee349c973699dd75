"""A network that learns from an equation instead of from data (physics-informed).

    equation      u″(x) + u(x) − u(x)³ = f(x) on (−1, 1),  u(−1) = u(1) = 0
    network       u(x) = (1 − x²) N(x; θ), which is 0 at both ends whatever N is
    loss          L(θ) = mean of r², with the residual r = u″ + u − u³ − f at points inside
    its gradient  ∂L/∂θ = mean of 2 r ∂r/∂θ, in which u″ is differentiated once more

f is chosen so that the solution is u = sin πx. u″ comes from forward mode twice: the tangent of a
tangent in the direction of x, for all points at once; ∂L/∂θ goes back through both. For one hidden
layer everything can be written down,

    N = Σ v tanh(w x + b),   N′ = Σ v w (1 − t²),   N″ = −2 Σ v w² t (1 − t²),   t = tanh(w x + b),

and the engine's N″ is compared with that.

Source: Raissi, Perdikaris and Karniadakis, "Physics-informed neural networks", 2019, section 2.
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


def solution(x: Array) -> Array:
    """What is to be found."""
    return np.sin(np.pi * x)


def source(x: Array) -> Array:
    """f, for which that is the solution."""
    u = solution(x)
    return -(np.pi**2) * u + u - u**3


def second_derivative(function: Any, x: Any) -> tuple[Any, Any]:
    """The function at all points, and its second derivative there, by forward mode twice."""
    ones = np.ones(x.shape)

    def slope(points: Any) -> tuple[Any, Any]:
        return ad.jvp(function, (points,), (ones,))

    (value, _), (_, curvature) = ad.jvp(slope, (x,), (ones,))
    return value, curvature


def residual(model: nn.Module, x: Array) -> Any:
    """r at the points x, of shape (n, 1)."""
    value, curvature = second_derivative(lambda p: (1.0 - ad.square(p)) * model(p), x)
    return curvature + value - value**3 - source(x)


def loss(model: nn.Module, x: Array) -> Any:
    """L."""
    return ad.square(residual(model, x)).mean()


def network(widths: tuple[int, ...], rng: np.random.Generator) -> nn.Sequential:
    """Layers of tanh in float64, for second derivatives need digits."""
    parts: list[nn.Module] = []
    for fan_in, fan_out in zip((1, *widths), (*widths, 1), strict=True):
        linear = nn.Linear(fan_in, fan_out, init="xavier_normal", rng=rng, dtype=np.float64)
        parts += [linear, nn.Tanh()]
    return nn.Sequential(*parts[:-1])


def check_formula() -> float:
    """How far the engine's N″ is from the formula, for one hidden layer."""
    rng = np.random.default_rng(0)
    model, x = network((7,), rng), rng.uniform(-1.0, 1.0, (5, 1))
    w, b = model[0].weight.numpy(), rng.normal(size=7)
    model[0].bias.data = b
    v = model[2].weight.numpy()[0]
    t = np.tanh(x @ w.T + b)
    expected = (-2 * v * w[:, 0] ** 2 * t * (1 - t * t)).sum(axis=1)
    _, found = second_derivative(model, x)
    return float(np.abs(found.numpy()[:, 0] - expected).max())


def train(model: nn.Module, steps: int, points: int = 64) -> list[float]:
    """Adam, at a rate that falls along a cosine, on points that are drawn anew; L every step."""
    rng, losses = np.random.default_rng(1), []
    optimizer = nn.optim.Adam(model.parameters(), lr=5e-3)
    schedule = nn.optim.CosineAnnealingLR(optimizer, T_max=steps)

    @ad.compile
    def step(x: Any) -> Any:
        optimizer.zero_grad()
        value = loss(model, x)
        value.backward()
        optimizer.step()
        return value

    for _ in range(steps):
        losses.append(step(rng.uniform(-1.0, 1.0, (points, 1))).item())
        schedule.step()
    return losses


def main(out: Path, steps: int) -> None:
    """Check the formula, solve the equation, draw the solution."""
    out.mkdir(parents=True, exist_ok=True)
    off = check_formula()
    print(f"second derivative by the input: engine and formulas differ by {off:.1e}")
    assert off < 1e-12
    model = network((24, 24), np.random.default_rng(0))
    losses = train(model, steps)
    print("mean squared residual:", *(f"{losses[k]:.1e}" for k in range(0, steps, steps // 5)),
          f"{losses[-1]:.1e}")  # fmt: skip
    x = np.linspace(-1.0, 1.0, 81)[:, None]
    found = (1 - x * x) * model(x).numpy()
    error = float(np.abs(found - solution(x)).max())
    print(f"largest error against sin(pi x): {error:.1e}")
    if steps >= 1000:
        assert error < 1e-3
    chart = viz.lines(
        {"found": found[:, 0], "sin πx": solution(x)[:, 0]},
        x[:, 0],
        x_label="x",
        y_label="u",
        guides=["sin πx"],
        title="A solution of u″ + u − u³ = f, from the equation alone",
    )
    print("drawn:", chart.save(out / "physics_informed.svg"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A network that solves a differential equation.")
    parser.add_argument("--out", type=Path, default=Path("runs/examples"), help="where to draw")
    parser.add_argument("--quick", action="store_true", help="a few steps only, to try it out")
    arguments = parser.parse_args()
    main(arguments.out, 20 if arguments.quick else 3000)
