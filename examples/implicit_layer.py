"""A layer of any depth: the fixed point of a recurrent network, differentiated without its steps.

    layer       z = tanh(W z + U x + b)        the state in which the recurrence settles
    gains       s = 1 − z²,   J = diag(s) W    the Jacobian of one step at that state
    backward    w = g + Jᵀ w                   what all the steps together send back: (I − Jᵀ)⁻¹ g
                δ = s ⊙ w
                ∂L/∂W = δ zᵀ    ∂L/∂U = δ xᵀ    ∂L/∂b = δ    ∂L/∂x = Uᵀ δ

The state is found by iteration, of which nothing is kept: the graph has one node for the layer,
be it found in 10 steps or in 1000. The same gradients come out of a network unrolled into all
its steps, which has to keep them all. A root is differentiated likewise: Kepler's equation
E − e sin E = M gives ∂E/∂M = 1 / (1 − e cos E) and ∂E/∂e = sin E / (1 − e cos E).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

import autodiff as ad
import viz

STATES, INPUTS = 8, 3


def weights(seed: int = 0) -> dict[str, Any]:
    """W small enough for the recurrence to settle, U, b and an input x, in float64."""
    rng = np.random.default_rng(seed)
    w = rng.standard_normal((STATES, STATES))
    return {
        "W": 0.7 * w / np.linalg.norm(w, 2),
        "U": rng.standard_normal((STATES, INPUTS)),
        "b": 0.1 * rng.standard_normal(STATES),
        "x": rng.standard_normal(INPUTS),
    }


def step(z: Any, p: dict[str, Any]) -> Any:
    """One step of the recurrence."""
    return ad.tanh(p["W"] @ z + p["U"] @ p["x"] + p["b"])


def settled(p: dict[str, Any]) -> ad.Tensor:
    """The state in which the recurrence settles, as one node."""
    return ad.fixed_point(lambda z: step(z, p), np.zeros(STATES))


def unrolled(p: dict[str, Any], steps: int) -> Any:
    """The same by steps that are all recorded."""
    z: Any = ad.Tensor(np.zeros(STATES))
    for _ in range(steps):
        z = step(z, p)
    return z


def formulas(p: dict[str, Any], target: Any) -> dict[str, Any]:
    """Gradients of L = ½ Σ (z − target)² as worked out on paper."""
    z = np.zeros(STATES)
    for _ in range(2000):
        z = np.tanh(p["W"] @ z + p["U"] @ p["x"] + p["b"])
    s = 1 - z**2
    w = np.linalg.solve(np.eye(STATES) - (s[:, None] * p["W"]).T, z - target)
    delta = s * w
    outer = {"W": np.outer(delta, z), "U": np.outer(delta, p["x"])}
    return outer | {"b": delta, "x": p["U"].T @ delta}


def gradients(numbers: dict[str, Any], target: Any, steps: int | None = None) -> tuple[Any, Any]:
    """The engine's gradients of the loss, and the loss; with ``steps`` of the unrolled network."""
    p = {name: ad.Tensor(x, requires_grad=True, name=name) for name, x in numbers.items()}
    z = settled(p) if steps is None else unrolled(p, steps)
    loss = ((z - target) ** 2).sum() / 2
    return dict(zip(p, ad.gradients(loss, inputs=list(p.values())), strict=True)), loss


def largest_difference(found: dict[str, Any], expected: dict[str, Any]) -> float:
    """The largest difference between two sets of gradients."""
    return max(float(np.max(np.abs(found[k] - expected[k]))) for k in expected)


def kepler() -> float:
    """Largest difference between the engine's derivatives of E and the formulas."""
    m, e = (ad.Tensor(v, dtype="float64", requires_grad=True) for v in (0.8, 0.3))
    found = ad.find_root(lambda x: x - e * ad.sin(x) - m, 1.0)
    by_m, by_e = ad.gradients(found, inputs=[m, e])
    slope = 1 / (1 - 0.3 * np.cos(found.item()))
    return float(max(abs(by_m - slope), abs(by_e - slope * np.sin(found.item()))))


def main(out: Path) -> None:
    """Compare the implicit layer with its formulas and with its steps; train it; draw it."""
    out.mkdir(parents=True, exist_ok=True)
    numbers, target = weights(), np.linspace(-0.5, 0.5, STATES)
    expected = formulas(numbers, target)

    found, loss = gradients(numbers, target)
    difference = largest_difference(found, expected)
    assert difference < 1e-12, difference
    print(f"fixed point: L = {loss.item():.6f}, {len(ad.topological_order(loss))} nodes")
    print(f"  largest difference between engine and formulas: {difference:.1e}")

    for steps in (5, 20, 80):
        stepwise, last = gradients(numbers, target, steps)
        nodes, off = len(ad.topological_order(last)), largest_difference(stepwise, expected)
        print(f"  unrolled into {steps:2d} steps: {nodes:3d} nodes, gradients off by {off:.1e}")
    print(f"Kepler's equation: derivatives off by {kepler():.1e}")
    for _ in range(100):
        found, last = gradients(numbers, target)
        numbers |= {name: numbers[name] - 0.1 * found[name] for name in ("W", "U", "b")}
    print(f"gradient descent through the fixed point: L {loss.item():.4f} -> {last.item():.6f}")
    print("  drawn:", viz.draw(loss).save(out / "implicit_layer.svg"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A fixed point as a layer of a network.")
    parser.add_argument("--out", type=Path, default=Path("runs/examples"), help="where to draw")
    main(parser.parse_args().out)
