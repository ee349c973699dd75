"""One neuron, from the primitives to its picture.

    forward     p₁ = w₁ x₁,  p₂ = w₂ x₂,  s = p₁ + p₂,  z = s + b,  o = tanh z
    backward    ∂o/∂z = 1 − o²
                ∂o/∂w₁ = (1 − o²) x₁    ∂o/∂x₁ = (1 − o²) w₁
                ∂o/∂w₂ = (1 − o²) x₂    ∂o/∂x₂ = (1 − o²) w₂    ∂o/∂b = 1 − o²

Each wire of the graph knows one derivative; the chain rule multiplies along the wires and adds
where they meet. Nothing else is needed for a network of any size. The tanh may be one node or be
put together from exponentials: the wires differ, the gradients do not.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from pathlib import Path

import autodiff as ad
import viz

NUMBERS = {"x₁": 2.0, "x₂": 0.0, "w₁": -3.0, "w₂": 1.0, "b": 6.8814}


def neuron(v: dict[str, ad.Value], activation: Callable[[ad.Value], ad.Value]) -> ad.Value:
    """o = activation(w₁ x₁ + w₂ x₂ + b), every step a named node."""
    p1, p2 = v["w₁"] * v["x₁"], v["w₂"] * v["x₂"]
    s = p1 + p2
    z = s + v["b"]
    o = activation(z)
    for node, name in ((p1, "p₁"), (p2, "p₂"), (s, "s"), (z, "z"), (o, "o")):
        node.name = name
    return o


def tanh_from_exponentials(z: ad.Value) -> ad.Value:
    """Tanh z = (e²ᶻ − 1) / (e²ᶻ + 1)."""
    e = ad.exp(2 * z)
    e.name = "e"
    quotient: ad.Value = (e - 1) / (e + 1)
    return quotient


def formulas(n: dict[str, float]) -> dict[str, float]:
    """The gradients as worked out on paper."""
    o = math.tanh(n["w₁"] * n["x₁"] + n["w₂"] * n["x₂"] + n["b"])
    slope = 1 - o**2
    return {
        "x₁": slope * n["w₁"],
        "x₂": slope * n["w₂"],
        "w₁": slope * n["x₁"],
        "w₂": slope * n["x₂"],
        "b": slope,
    }


def main(out: Path) -> None:
    """Differentiate the neuron in both forms, compare with the formulas, draw them."""
    out.mkdir(parents=True, exist_ok=True)
    expected = formulas(NUMBERS)
    for label, activation, file in [
        ("tanh as one node", ad.tanh, "neuron.svg"),
        ("tanh from exponentials", tanh_from_exponentials, "neuron_exponentials.svg"),
    ]:
        inputs = {name: ad.Value(number, name=name) for name, number in NUMBERS.items()}
        o = neuron(inputs, activation)
        o.backward()

        gradients = {name: value.grad or 0.0 for name, value in inputs.items()}
        difference = max(abs(gradients[name] - expected[name]) for name in inputs)
        assert difference < 1e-12, difference
        print(f"{label}: o = {o.data:.4f}, {len(ad.topological_order(o))} nodes")
        print("  x1 {x₁:.3f}  x2 {x₂:.3f}  w1 {w₁:.3f}  w2 {w₂:.3f}  b {b:.3f}".format(**gradients))
        print(f"  largest difference between engine and formulas: {difference:.1e}")

        roles = {"x₁": "input", "x₂": "input"}
        print("  drawn:", viz.draw(o, roles=roles).save(out / file))
        told = viz.explain(o, inputs["w₁"])
        print(f"  do/dw1 as a sum over paths: {told.verdict}")
        print("  explained:", told.save(out / file.replace("neuron", "neuron_explained")))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="One neuron, from the primitives to its picture.")
    parser.add_argument("--out", type=Path, default=Path("runs/examples"), help="where to draw")
    main(parser.parse_args().out)
