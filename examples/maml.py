"""Learning to learn: weights from which a few steps of gradient descent are enough (MAML).

    one task      θ′ = θ − α ∂L(θ)/∂θ, with the loss L on a few samples of the task
    all tasks     min over θ of M(θ) = Σ L*(θ′), with the loss L* on other samples of each task
    its gradient  ∂M/∂θ = Σ (I − α H) ∂L*(θ′)/∂θ′, with H the second derivatives of L at θ

The step is part of the computation: its gradient contains second derivatives. A module is a tree of
parameters here, so θ′ is a module of the same kind, made by one line; `ad.grad` of the whole gives
∂M/∂θ as another. Tasks are sine waves of random amplitude and phase, a few points of each.

Source: Finn, Abbeel and Levine, "Model-Agnostic Meta-Learning for Fast Adaptation of Deep
Networks", 2017, algorithm 2 and section 5.1.
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
Task = tuple[Array, Array, Array, Array]  # each of shape (count, 1), or (tasks, count, 1)

INNER_RATE = 0.02


def task(rng: np.random.Generator, count: int = 10) -> Task:
    """Points of one sine wave: inputs and values to adapt to, and others to judge by."""
    amplitude, phase = rng.uniform(0.5, 3.0), rng.uniform(0.0, np.pi)
    x = rng.uniform(-4.0, 4.0, (2 * count, 1))
    y = amplitude * np.sin(x + phase)
    return x[:count], y[:count], x[count:], y[count:]


def adapted(model: nn.Module, x: Any, y: Any, rate: float = INNER_RATE) -> nn.Module:
    """θ′ = θ − α ∂L/∂θ, as a module."""
    slopes = ad.grad(lambda m: nn.mse_loss(m(x), y))(model)
    stepped: nn.Module = ad.tree.map(lambda p, g: p - rate * g, model, slopes)
    return stepped


def meta_loss(model: nn.Module, tasks: Task) -> Any:
    """The mean of L* after one step, over some tasks at once."""

    def one(x: Any, y: Any, tx: Any, ty: Any) -> Any:
        return nn.mse_loss(adapted(model, x, y)(tx), ty)

    return ad.vmap(one)(*tasks).mean()


def several(count: int, rng: np.random.Generator) -> Task:
    """Tasks side by side."""
    x, y, tx, ty = zip(*(task(rng) for _ in range(count)), strict=True)
    return np.stack(x), np.stack(y), np.stack(tx), np.stack(ty)


def check_formula() -> float:
    """How far ∂M/∂θ is from (I − α H) ∂L*/∂θ′, for a linear model, whose H is known."""
    rng = np.random.default_rng(3)
    x, y, tx, ty = (rng.normal(size=n) for n in ((6, 3), (6, 1), (5, 3), (5, 1)))
    model = nn.Linear(3, 1, bias=False, rng=rng, dtype=np.float64)
    found = ad.grad(meta_loss)(model, (x[None], y[None], tx[None], ty[None])).weight.numpy()
    theta = model.weight.numpy().T
    hessian = 2 / len(x) * x.T @ x
    stepped = theta - INNER_RATE * (2 / len(x) * x.T @ (x @ theta - y))
    outer = 2 / len(tx) * tx.T @ (tx @ stepped - ty)
    expected = (np.eye(3) - INNER_RATE * hessian) @ outer
    return float(np.abs(found - expected.T).max())


def train(model: nn.Module, steps: int, per_step: int = 10) -> list[float]:
    """Adam on M; its values."""
    rng, losses = np.random.default_rng(1), []
    optimizer = nn.optim.Adam(model.parameters(), lr=3e-3)
    # One program of NumPy calls for the gradient of a step of gradient descent of ten networks.
    step = ad.compile(ad.value_and_grad(meta_loss))
    for _ in range(steps):
        value, slopes = step(model, several(per_step, rng))
        for parameter, slope in zip(model.parameters(), slopes.parameters(), strict=True):
            parameter.grad = slope.numpy()
        optimizer.step()
        losses.append(value.item())
    return losses


def after_steps(model: nn.Module, steps: int, tasks: Task) -> list[float]:
    """The mean loss L* after 0, 1, … steps of gradient descent on each task."""
    found = np.zeros(steps + 1)
    for x, y, tx, ty in zip(*tasks, strict=True):
        own = model
        for number in range(steps + 1):
            found[number] += nn.mse_loss(own(tx), ty).item() / len(tasks[0])
            own = adapted(own, x, y)
    return [float(loss) for loss in found]


def network(rng: np.random.Generator) -> nn.Sequential:
    """Two hidden layers of 40 units."""
    sizes = ((1, 40), (40, 40), (40, 1))
    layers = [nn.Linear(a, b, rng=rng, dtype=np.float64) for a, b in sizes]
    return nn.Sequential(layers[0], nn.Tanh(), layers[1], nn.Tanh(), layers[2])


def main(out: Path, steps: int) -> None:
    """Check the formula, learn to learn, and compare with weights that only learned."""
    out.mkdir(parents=True, exist_ok=True)
    off = check_formula()
    print(f"gradient through a step: engine and formulas differ by {off:.1e}")
    assert off < 1e-12
    fresh, model = network(np.random.default_rng(0)), network(np.random.default_rng(0))
    losses = train(model, steps)
    tenth = max(1, steps // 10)
    told = (f"{np.mean(losses[k : k + tenth]):.2f}" for k in range(0, steps, tenth))
    print(f"loss after one step, over {steps} steps of Adam:", *told)
    rng = np.random.default_rng(2)
    judged = several(50, rng)
    lines = {"learned to learn": after_steps(model, 5, judged)}
    lines["from the first weights"] = after_steps(fresh, 5, judged)
    for name, line in lines.items():
        print(f"  {name:24} after 0 to 5 steps:", *(f"{loss:.2f}" for loss in line))
    if steps >= 1000:
        assert lines["learned to learn"][1] < 0.5 * lines["from the first weights"][5]
    chart = viz.lines(
        lines, x_label="steps on a new task", y_label="loss on other points of it", title="MAML"
    )
    print("drawn:", chart.save(out / "maml.svg"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Learning to learn sine waves.")
    parser.add_argument("--out", type=Path, default=Path("runs/examples"), help="where to draw")
    parser.add_argument("--quick", action="store_true", help="a few steps only, to try it out")
    arguments = parser.parse_args()
    main(arguments.out, 20 if arguments.quick else 1500)
