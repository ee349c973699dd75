"""Forward pass, backward pass, and the backward pass as a network of its own: digits, 256 → 10.

For the weight w from input a to neuron z the chain rule says ∂C/∂w = ∂z/∂w · ∂C/∂z:

    forward pass     ∂z/∂w = a, the input of that weight, known as soon as the layer has run
    backward pass    ∂C/∂z = σ′(z) · Σ w ∂C/∂z′, over the neurons z′ that read σ(z)
    at the output    ∂C/∂z = softmax(z) − y

The second line is a network: the same wires reversed, and each neuron an amplifier of the gain
σ′(z), a constant that the forward pass has fixed. It is linear: twice the input, twice the output.

The recogniser learns 1 797 handwritten digits, resampled to 16 × 16 = 256 pixels. As it learns, its
neurons commit themselves, σ moves away from ½, and the gains of the amplifiers fall.
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


def digits(rng: np.random.Generator) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Training and test digits: pixels from 0 to 1 of shape (N, 256), and the digits they show."""
    found = nn.data.load_digits(size=16)
    pixels = found.features.astype(np.float64) / 16.0
    train, test = nn.data.split(
        pixels, found.labels, fractions=(0.75, 0.25), stratify=found.labels, rng=rng
    )
    return (train[0], train[1]), (test[0], test[1])


def recogniser(sizes: tuple[int, ...], rng: np.random.Generator) -> nn.Sequential:
    """Sigmoid layers of these sizes; the last one gives scores."""
    parts: list[nn.Module] = []
    for fan_in, fan_out in itertools.pairwise(sizes):
        parts += [nn.Linear(fan_in, fan_out, init="xavier_normal", rng=rng, dtype=np.float64)]
        parts += [nn.Sigmoid()]
    return nn.Sequential(*parts[:-1])


class Amplifiers(nn.Module):
    """Sends ∂C/∂z′ back over the wires of a layer and multiplies by the gains σ′(z)."""

    def __init__(self, wires: Array, gains: Array) -> None:
        super().__init__()
        self.wires, self.gains = nn.Buffer(wires, name="w"), nn.Buffer(gains, name="σ′(z)")

    def forward(self, delta: Any) -> ad.Tensor:
        """∂C/∂z of the layer before."""
        return self.gains * (delta @ self.wires)

    def extra_repr(self) -> str:
        """How many neurons feed how many."""
        return "{} → {}".format(*self.wires.shape)


def forward_pass(model: nn.Sequential, x: Array) -> tuple[list[Array], nn.Sequential]:
    """The inputs a of all layers, and the backward network that they fix, last layer first."""
    layers = [layer for layer in model if isinstance(layer, nn.Linear)]
    inputs, back = [x], []
    for layer, after in itertools.pairwise(layers):
        a = 1 / (1 + np.exp(-(inputs[-1] @ layer.weight.numpy().T + layer.bias.numpy())))
        inputs.append(a)
        back.insert(0, Amplifiers(after.weight.numpy(), a * (1 - a)))
    return inputs, nn.Sequential(*back)


def formulas(back: nn.Sequential, delta: Array) -> list[Array]:
    """∂C/∂z of all layers, out of the backward network, first layer first."""
    deltas = [delta]
    for amplifiers in back:
        deltas.insert(0, amplifiers(deltas[0]).numpy())
    return deltas


def engine(model: nn.Sequential, x: Array, y: Array) -> list[Array]:
    """∂C/∂z of all layers, as the engine finds them; those of the weights are in ``grad``."""
    model.zero_grad()
    h: Any = ad.Tensor(x)
    sums = []
    for layer in model:
        h = layer(h)
        if isinstance(layer, nn.Linear):
            h.retain_grad()
            sums.append(h)
    nn.cross_entropy(h, y, reduction="sum").backward()
    return [z.grad for z in sums]


def compare(model: nn.Sequential, x: Array, y: Array) -> tuple[float, nn.Sequential, Array]:
    """How far the engine is from the formulas; the backward network, and what goes into it."""
    found = engine(model, x, y)
    inputs, back = forward_pass(model, x)
    e = np.exp(inputs[-1] @ model[-1].weight.numpy().T + model[-1].bias.numpy())
    delta = e / e.sum(axis=1, keepdims=True) - np.eye(10)[y]
    deltas = formulas(back, delta)
    off = [np.abs(mine - theirs).max() for mine, theirs in zip(found, deltas, strict=True)]
    gradients = [layer.weight.grad for layer in model if isinstance(layer, nn.Linear)]
    for gradient, d, a in zip(gradients, deltas, inputs, strict=True):
        off.append(np.abs(gradient - d.T @ a).max())
    return float(max(off)), back, delta


def one_weight(model: nn.Sequential, x: Array, y: Array) -> tuple[float, float, float]:
    """∂z/∂w, ∂C/∂z and ∂C/∂w for the weight from the brightest pixel to the first neuron."""
    deltas = engine(model, x[:1], y[:1])
    pixel = int(x[0].argmax())
    return float(x[0, pixel]), float(deltas[0][0, 0]), float(model[0].weight.grad[0, pixel])


def learn(page: viz.Page, out: Path, rng: np.random.Generator) -> tuple[nn.Sequential, Any]:
    """Train, and compare the two passes before, during and after."""
    train, test = digits(rng)
    model = recogniser((256, 30, 20, 10), rng)
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    rows = []
    for epochs in (0, 2, 18):
        nn.fit(model, nn.cross_entropy, optimizer, train, epochs=epochs, progress=False, rng=rng)
        accuracy = nn.evaluate(model, nn.cross_entropy, test, metrics=["accuracy"])["accuracy"]
        off, back, delta = compare(model, *(part[:50] for part in test))
        assert off < 1e-12, off
        print(f"after {epochs} more epochs: accuracy {accuracy:.1%}, engine and formulas {off:.1e}")
        gains = [float(amplifiers.gains.numpy().mean()) for amplifiers in back]
        print("  mean gain of 20 and of 30 neurons, at most 0.25:", *(f"{g:.3f}" for g in gains))
        assert np.allclose(back(2 * delta).numpy(), 2 * back(delta).numpy(), rtol=1e-12)
        rows.append([f"{accuracy:.1%}", *gains, float(off)])
    assert accuracy > 0.93
    assert rows[0][1] > rows[-1][1], "the gains did not fall"
    weights = viz.filters(model, "0.weight", shape=(16, 16), title="What the 30 neurons look for")
    print("drawn:", weights.save(out / "digit_weights.svg"))
    page.section("A recogniser of 256 pixels").text(
        "1 797 handwritten digits, resampled to 16 × 16 pixels; 256 → 30 → 20 → 10, sigmoids, "
        "softmax at the end. Engine and formulas are compared for every neuron and every weight, "
        "on 50 test digits."
    ).table(
        ["accuracy", "mean gain of 20 neurons", "of 30 neurons", "engine and formulas differ by"],
        rows,
        caption="Before, after 2 and after 20 epochs. No gain of a sigmoid is above 0.25.",
    ).picture(weights)
    return model, test


def two_passes(page: viz.Page, out: Path, model: nn.Sequential, test: Any) -> None:
    """One weight in numbers, and the backward network drawn beside the forward one."""
    a, delta, product = one_weight(model, *test)
    print(f"one weight: dz/dw = {a:.4f} (its input), dC/dz = {delta:.2e}, dC/dw = {product:.2e}")
    assert abs(a * delta - product) < 1e-15
    wide = viz.backward_network(model, *(part[:1] for part in test), loss=nn.cross_entropy)
    print("drawn:", wide.save(out / "backward_network.svg"))
    # A small one, in which every wire and every gain can be read.
    small = recogniser((4, 3, 3, 2), np.random.default_rng(2))
    x, y = np.array([[0.9, 0.1, 0.4, 0.7]]), np.array([1])
    mirrored = viz.backward_network(small, x, y, loss=nn.cross_entropy)
    print("drawn:", mirrored.save(out / "backward_network_small.svg"))
    page.section("Two passes for one weight").text(
        f"From the brightest pixel of the first test digit to the first neuron: ∂z/∂w is the "
        f"input, {a:.4f}; the backward pass brings ∂C/∂z = {delta:.2e}; their product is the "
        f"engine's ∂C/∂w = {product:.2e}."
    )
    page.section("The backward pass is a network").text(
        "The same wires reversed; every neuron is an amplifier whose gain σ′(z) the forward pass "
        "has fixed. What goes in at the right is softmax(z) − y."
    ).picture(mirrored, caption="A network of 4, 3, 3 and 2 neurons, and its mirror.")
    page.picture(wide, caption="The recogniser of digits; bundles stand for many wires.")


def main(out: Path) -> None:
    """Train, compare the two passes, draw the backward network; print, and write a page."""
    out.mkdir(parents=True, exist_ok=True)
    page = viz.Page("Forward pass, backward pass", "The backward pass as a network of amplifiers.")
    page.formula(
        "∂C/∂w = ∂z/∂w · ∂C/∂z",
        "forward pass     ∂z/∂w = a, the input of the weight",
        "backward pass    ∂C/∂z = σ′(z) · Σ w ∂C/∂z′",
        "at the output    ∂C/∂z = softmax(z) − y",
    )
    model, test = learn(page, out, np.random.default_rng(0))
    two_passes(page, out, model, test)
    print("page:", page.save(out / "forward_backward_pass.html"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Forward and backward pass of a 256-10 network.")
    parser.add_argument("--out", type=Path, default=Path("runs/examples"), help="where to draw")
    main(parser.parse_args().out)
