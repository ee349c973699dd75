"""Forward pass, backward pass, and the backward pass as a network of its own: digits, 256 → 10.

For the weight w from input a to neuron z the chain rule says ∂C/∂w = ∂z/∂w · ∂C/∂z:

    forward pass     ∂z/∂w = a, the input of that weight, known as soon as the layer has run
    backward pass    ∂C/∂z = σ′(z) · Σ w ∂C/∂z′, over the neurons z′ that read σ(z)
    at the output    ∂C/∂z = softmax(z) − y

The second line is a network: the same wires reversed, and each neuron an amplifier of the gain
σ′(z), a constant that the forward pass has fixed. It is linear: twice the input, twice the output.
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

# The digits 0 to 9 of a 5 × 7 display, each row a number whose bits are the pixels.
DISPLAY = (
    "0E11131519110E 040C040404040E 0E11010204081F 1F02040201110E 02060A121F0202 "
    "1F101E0101110E 0608101E11110E 1F010204080808 0E11110E11110E 0E11110F01020C"
)


def digits(count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Images of shape (count, 256), shifted and noisy, and the digits that they show."""
    rows = np.array([list(bytes.fromhex(digit)) for digit in DISPLAY.split()])[..., None]
    pixels = (rows >> np.arange(4, -1, -1)) & 1
    labels = rng.integers(0, 10, count)
    images = rng.normal(0.0, 0.3, (count, 16, 16))
    for image, label in zip(images, labels, strict=True):
        top, left = rng.integers(0, 3), rng.integers(1, 6)
        image[top : top + 14, left : left + 10] += np.kron(pixels[label], np.ones((2, 2)))
    return images.reshape(count, 256), labels


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


def formulas(inputs: list[Array], back: nn.Sequential, delta: Array) -> list[Array]:
    """∂C/∂W of all layers: ∂C/∂z out of the backward network, times the input of the weight."""
    deltas = [delta]
    for amplifiers in back:
        deltas.insert(0, amplifiers(deltas[0]).numpy())
    return [d.T @ a for d, a in zip(deltas, inputs, strict=True)]


def compare(model: nn.Sequential, x: Array, y: Array) -> tuple[float, nn.Sequential, Array]:
    """How far the engine is from the formulas; the backward network, and what goes into it."""
    model.zero_grad()
    nn.cross_entropy(model(x), y, reduction="sum").backward()
    inputs, back = forward_pass(model, x)
    e = np.exp(inputs[-1] @ model[-1].weight.numpy().T + model[-1].bias.numpy())
    delta = e / e.sum(axis=1, keepdims=True) - np.eye(10)[y]
    gradients = [layer.weight.grad for layer in model if isinstance(layer, nn.Linear)]
    pairs = zip(gradients, formulas(inputs, back, delta), strict=True)
    return max(float(np.abs(g - f).max()) for g, f in pairs), back, delta


def main(out: Path) -> None:
    """Train, compare the two passes before, during and after, draw the backward network."""
    out.mkdir(parents=True, exist_ok=True)
    rng, parts = np.random.default_rng(0), []
    train, test = digits(2000, rng), digits(500, rng)
    for n, m in ((256, 30), (30, 20), (20, 10)):
        parts += [nn.Linear(n, m, init="xavier_normal", rng=rng, dtype=np.float64), nn.Sigmoid()]
    model = nn.Sequential(*parts[:-1])
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for epochs in (0, 1, 9):
        nn.fit(model, nn.cross_entropy, optimizer, train, epochs=epochs, progress=False, rng=rng)
        accuracy = nn.evaluate(model, nn.cross_entropy, test, metrics=["accuracy"])["accuracy"]
        off, back, delta = compare(model, *(part[:50] for part in test))
        assert off < 1e-12, off
        print(f"after {epochs} more epochs: accuracy {accuracy:.1%}, engine and formulas {off:.1e}")
        gains = (f"{amplifiers.gains.numpy().mean():.3f}" for amplifiers in back)
        print("  mean gain of 20 and of 30 neurons, at most 0.25:", *gains)
        assert np.allclose(back(2 * delta).numpy(), 2 * back(delta).numpy(), rtol=1e-12)

    picture = viz.backward_network(model, *(part[:1] for part in test), loss=nn.cross_entropy)
    print("drawn:", picture.save(out / "backward_network.svg"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Forward and backward pass of a 256-10 network.")
    parser.add_argument("--out", type=Path, default=Path("runs/examples"), help="where to draw")
    main(parser.parse_args().out)
