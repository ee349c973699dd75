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

Weights from N(0, 1) drive sigmoids to 0 and 1 and tanh to ±1, where slopes are nothing; weights
from N(0, 0.01²) leave all sigmoids at 0.5 and let tanh and ReLU fade away. The schemes with the
fans keep a signal as it is: Xavier for sigmoid and tanh, He, twice the variance, for ReLU. Batch
normalisation makes the beginning unimportant and bears ten times the learning rate.
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

SCHEMES = {
    "N(0, 1)": "normal",
    "N(0, 0.01²)": "small_normal",
    "LeCun": "lecun_normal",
    "Xavier": "xavier_normal",
    "He": "he_normal",
}
ACTIVATIONS = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}


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


def network(scheme: str, activation: type[nn.Module], norm: bool = False) -> nn.Sequential:
    """Five layers of 100 units."""
    rng, layers = np.random.default_rng(0), {}
    for number in range(1, 6):
        linear = nn.Linear(100, 100, init=scheme, rng=rng, dtype=np.float64)
        parts = [linear, *([nn.BatchNorm1d(100, dtype=np.float64)] if norm else []), activation()]
        layers[f"layer {number}"] = nn.Sequential(*parts)
    return nn.Sequential(layers)


def spread(scheme: str, activation: type[nn.Module], norm: bool = False) -> list[float]:
    """Standard deviation of the activations of ten layers, for inputs from N(0, 1)."""
    rng, widths, stds = np.random.default_rng(0), [100, 300] * 5 + [100], []
    h: Any = rng.normal(size=(200, widths[0]))
    for fan_in, fan_out in itertools.pairwise(widths):
        h = nn.Linear(fan_in, fan_out, init=scheme, rng=rng, dtype=np.float64)(h)
        h = activation()(nn.BatchNorm1d(fan_out, dtype=np.float64)(h) if norm else h)
        stds.append(float(h.numpy().std()))
    return stds


def spirals(count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Points on three arms of a spiral, and the arm of each."""
    labels, radius = rng.integers(0, 3, count), rng.random(count)
    angle = 2 * np.pi * labels / 3 + 4 * radius + rng.normal(0.0, 0.15, count)
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return points.astype(np.float32), labels


def train(norm: bool, rate: float, batch_size: int = 32, epochs: int = 30) -> list[float]:
    """The loss per epoch of four hidden ReLU layers on spirals."""
    rng, sizes, parts = np.random.default_rng(0), (2, 50, 50, 50, 50), []
    for fan_in, fan_out in itertools.pairwise(sizes):
        parts += [nn.Linear(fan_in, fan_out, init="he_normal", rng=rng)]
        parts += [nn.BatchNorm1d(fan_out)] if norm else []
        parts += [nn.ReLU()]
    model = nn.Sequential(*parts, nn.Linear(sizes[-1], 3, init="xavier_normal", rng=rng))
    optimizer = nn.optim.SGD(model.parameters(), lr=rate, momentum=0.9)
    batches = {"epochs": epochs, "batch_size": batch_size, "progress": False, "rng": rng}
    history = nn.fit(model, nn.cross_entropy, optimizer, spirals(600, rng), **batches)
    return [float(loss) for loss in history["loss"]]


def beginnings(page: viz.Page, out: Path) -> None:
    """Fans; histograms of activations and gradients under every scheme; what they show."""
    rng = np.random.default_rng(0)
    print("fans of a linear layer and of kernels in 1-D, 2-D and 3-D, (out, in, *field)")
    for shape in ((10, 256), (8, 3, 5), (8, 3, 5, 5), (8, 3, 5, 5, 5)):
        bound = np.abs(nn.init.he_uniform(shape, rng=rng)).max()
        fans = "fan_in {}, fan_out {}".format(*nn.init.calculate_fan(shape))
        print(f"  {shape}: {fans}, He uniform within {bound:.3f}")
    # The notes write kernels as (*field, in, out).
    assert nn.init.calculate_fan((5, 5, 3, 6), in_axis=2, out_axis=3) == (75, 150)
    assert nn.init.calculate_fan((4, 1, 20), in_axis=1, out_axis=2) == (4, 80)

    page.section("How weights begin").text(
        "Five layers of 100 units, inputs from N(0, 1): outputs of every layer in blue, the "
        "gradients that reach them in orange."
    )
    x, y = rng.normal(size=(500, 100)), rng.normal(size=(500, 100))
    measured: dict[tuple[str, str], Any] = {}
    for activation, kind in ACTIVATIONS.items():
        models = {name: network(scheme, kind) for name, scheme in SCHEMES.items()}
        for name, model in models.items():
            measured[activation, name] = nn.inspect.measure(model, nn.half_squared_error, x, y)
        flows = {name: measured[activation, name] for name in SCHEMES}
        chart = viz.compare(flows, title=f"Activations and gradients, {activation}")
        print("drawn:", chart.save(out / f"initialisation_{activation}.svg"))
        page.picture(chart)
    claims(x)

    print("std of the activations of layers 1, 5 and 10 (of 300, 300 and 100 units)")
    print(f"  {'':16}{'tanh':24}{'relu':24}batch norm, relu")
    rows = []
    for pattern in "normal small_normal lecun_{} xavier_{} he_{}".split():
        for scheme in dict.fromkeys(pattern.format(draw) for draw in ("normal", "uniform")):
            stds = spread(scheme, nn.Tanh), spread(scheme, nn.ReLU), spread(scheme, nn.ReLU, True)
            cells = [" ".join(f"{row[k]:.1e}" for k in (0, 4, 9)) for row in stds]
            print(f"  {scheme:16}" + " ".join(cells))
            rows.append([scheme, *(float(row[9]) for row in stds)])
    page.table(
        ["scheme", "tanh", "ReLU", "ReLU after batch norm"],
        rows,
        caption="Standard deviation of the activations of the tenth layer. Normal and uniform "
        "draws of one variance do the same.",
    )


def claims(x: Array) -> None:
    """What the notes say of the histograms, in numbers."""

    def outputs(name: str, activation: str) -> list[Array]:
        h: Any = x
        found = []
        for layer in network(SCHEMES[name], ACTIVATIONS[activation]):
            h = layer(h)
            found.append(h.numpy())
        return found

    saturated = outputs("N(0, 1)", "sigmoid")[-1]
    share = float(((saturated < 0.05) | (saturated > 0.95)).mean())
    assert share > 0.4, share
    halves = outputs("N(0, 0.01²)", "sigmoid")[-1]
    assert np.abs(halves - 0.5).max() < 0.1
    assert (np.abs(outputs("N(0, 1)", "tanh")[-1]) > 0.95).mean() > 0.7
    assert outputs("N(0, 0.01²)", "tanh")[-1].std() < 1e-4
    assert outputs("N(0, 0.01²)", "relu")[-1].std() < 1e-4
    healthy = {"sigmoid": "Xavier", "tanh": "Xavier", "relu": "He"}
    for activation, scheme in healthy.items():
        stds = [float(h.std()) for h in outputs(scheme, activation)]
        assert min(stds) > 0.08, (activation, stds)
        assert max(stds) < 1.2, (activation, stds)
    print(f"N(0, 1), sigmoid: {share:.0%} of the fifth layer within 0.05 of 0 or 1")
    print(f"N(0, 0.01^2), sigmoid: all within {np.abs(halves - 0.5).max():.3f} of 0.5")


def normalisation(page: viz.Page, out: Path) -> None:
    """The whole chain rule of batch normalisation, and what it does for training."""
    rng = np.random.default_rng(0)
    x, g = rng.normal(3.0, 2.0, (6, 4)), rng.normal(size=(6, 4))
    gamma, beta = rng.normal(size=4), rng.normal(size=4)
    steps, expected = batch_norm(x, gamma, beta), formulas(x, gamma, g)
    loss = (steps["y"] * ad.Tensor(g, name="∂L/∂y")).sum()
    loss.name = "L"
    loss.backward(retain_graph=True)
    off = {name: np.abs(steps[name].grad - value).max() for name, value in expected.items()}
    assert max(off.values()) < 1e-12, off
    print(f"batch norm, all of {len(off)} gradients: engine and formulas {max(off.values()):.1e}")
    print(f"  columns of dL/dx add up to {np.abs(steps['x'].grad.sum(axis=0)).max():.1e}")
    drawing = viz.draw(loss, roles={"x": "input"})
    print("drawn:", drawing.save(out / "batch_norm.svg"))

    rates = (0.03, 0.3)
    lines = {
        f"{'with' if norm else 'without'}, λ = {rate}": train(norm, rate)
        for norm in (True, False)
        for rate in rates
    }
    ends = {name: losses[-1] for name, losses in lines.items()}
    told = (f"{name.replace('λ', 'rate')}: {loss:.3f} " for name, loss in ends.items())
    print("loss after 30 epochs:", *told)
    assert max(ends["without, λ = 0.03"], ends["with, λ = 0.03"], ends["with, λ = 0.3"]) < 0.4
    assert ends["without, λ = 0.3"] > 1.0
    curves = viz.lines(lines, range(1, 31), x_label="epoch", y_label="loss", title="Learning rates")
    sizes = {f"batches of {size}": train(True, 0.1, size) for size in (8, 32, 128)}
    batches = viz.lines(
        sizes, range(1, 31), x_label="epoch", y_label="loss", title="Batch sizes, λ = 0.1"
    )
    print("drawn:", curves.save(out / "batch_norm_rates.svg"))
    page.section("Batch normalisation").text(
        "Every step of the forward pass is a node; each wire back carries a factor of the chain "
        f"rule. All gradients agree with the formulas to {max(off.values()):.0e}."
    ).picture(drawing).text(
        "Four hidden ReLU layers on three spirals: at a rate of 0.03 they learn with and without "
        "batch normalisation; at ten times the rate only with it. Mean and variance are those of "
        "the batch, so what is learned from small batches is noisy, and the loss stays higher."
    ).picture(curves, batches)


def chance_and_scales(page: viz.Page) -> None:
    """Dropout keeps the mean and sends gradients through its mask; two scales of data."""
    rng = np.random.default_rng(0)
    ones = ad.Tensor(np.ones((1000, 100)), requires_grad=True)
    thinned = nn.functional.dropout(ones, 0.3, training=True, rng=rng)
    thinned.sum().backward()
    assert (ones.grad == thinned.numpy()).all()
    kept = float((ones.grad > 0).mean())
    print(f"dropout 0.3 keeps {kept:.3f}, times {ones.grad.max():.3f}, mean {ones.grad.mean():.3f}")
    assert abs(kept - 0.7) < 0.01
    assert abs(ones.grad.mean() - 1.0) < 0.01

    x = rng.normal(3.0, 2.0, (200, 2))
    x[0, 1] = 300.0
    standard, scaled = nn.data.standardize(x), nn.data.min_max_scale(x)
    print(f"standardized: mean {standard.mean(axis=0).round(12) + 0.0}, std {standard.std(axis=0)}")
    print(f"min-max: from {scaled.min(axis=0)} to {scaled.max(axis=0)}")
    rest = [float(data[1:, 1].std()) for data in (standard, scaled)]
    first = [float(data[1:, 0].std()) for data in (standard, scaled)]
    print(f"beside one outlier the others spread by {rest[0]:.3f} and {rest[1]:.4f}")
    page.section("Dropout").text(
        f"With p = 0.3 a share of {kept:.3f} is kept, enlarged by 1 / 0.7: the mean stays "
        f"{ones.grad.mean():.3f}. The gradient passes the same mask, entry by entry."
    ).section("Scales").text(
        "Two features of mean 3 and standard deviation 2, one of them with a single outlier of "
        "300. Both scales suffer from it; min-max leaves the others next to nothing."
    ).table(
        ["spread of the others", "standardised", "min-max"],
        [["clean feature", *first], ["beside the outlier", *rest]],
    )


def main(out: Path) -> None:
    """Beginnings, batch normalisation, dropout and scaling; print, draw, and write a page."""
    out.mkdir(parents=True, exist_ok=True)
    page = viz.Page("How weights begin", "What layers do to a signal, and batch normalisation.")
    page.formula(
        "LeCun 1 / fan_in    Xavier 2 / (fan_in + fan_out)    He 2 / fan_in",
        "batch norm    x̂ = (x − μ) / √(σ² + ε),  y = γ x̂ + β",
        "              ∂L/∂σ² = Σ ∂L/∂x̂ (x − μ) · (−½) (σ² + ε)^(−3/2)",
        "              ∂L/∂μ  = −Σ ∂L/∂x̂ / √(σ² + ε) − ∂L/∂σ² · 2/m Σ (x − μ)",
        "              ∂L/∂x  = ∂L/∂x̂ / √(σ² + ε) + ∂L/∂σ² · 2/m (x − μ) + 1/m ∂L/∂μ",
    )
    beginnings(page, out)
    normalisation(page, out)
    chance_and_scales(page)
    print("page:", page.save(out / "initialisation.html"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Initial weights and batch normalisation.")
    parser.add_argument("--out", type=Path, default=Path("runs/examples"), help="where to draw")
    main(parser.parse_args().out)
