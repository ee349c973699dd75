"""A network that draws digits: a variational autoencoder.

    encoder     μ, log σ² = E(x; φ);   z = μ + σ ⊙ ε with ε from N(0, 1)
    decoder     x̂ = sigmoid(D(z; θ))
    loss        L = −Σ x log x̂ + (1 − x) log(1 − x̂)  +  ½ Σ (μ² + σ² − log σ² − 1)

The second sum is the divergence of N(μ, σ²) from N(0, 1), by which its gradients are

    ∂KL/∂μ = μ,    ∂KL/∂log σ² = ½ (σ² − 1),

and a draw of z lets gradients through as the factors 1 and ½ σ ε:

    ∂L/∂μ = ∂L/∂z + μ,    ∂L/∂log σ² = ½ σ ε ⊙ ∂L/∂z + ½ (σ² − 1).

Two numbers stand for a digit, so what the decoder makes of every point of the plane can be shown.

Source: Kingma and Welling, "Auto-Encoding Variational Bayes", 2014, section 3 and appendix B.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import autodiff as ad
import nn
import viz

Array = np.ndarray[Any, Any]


class Parts(NamedTuple):
    """What one pass computes: the loss and what it is made of, and the steps between."""

    loss: Any
    reconstruction: Any
    divergence: Any
    mean: Any
    log_variance: Any
    code: Any


class Autoencoder(nn.Module):
    """Encoder and decoder of one hidden layer each.

    Args:
        pixels: how many numbers an image has.
        hidden: the width of the hidden layers.
        latent: how many numbers stand for an image.
        rng: source of randomness.
        dtype: float type.
    """

    def __init__(
        self, pixels: int, hidden: int, latent: int, rng: np.random.Generator, dtype: Any = None
    ) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden, rng=rng, dtype=dtype), nn.ReLU())
        self.mean = nn.Linear(hidden, latent, rng=rng, dtype=dtype)
        self.log_variance = nn.Linear(hidden, latent, rng=rng, dtype=dtype)
        self.decoder = nn.Sequential(
            nn.Linear(latent, hidden, rng=rng, dtype=dtype),
            nn.ReLU(),
            nn.Linear(hidden, pixels, rng=rng, dtype=dtype),
        )

    def forward(self, x: Any, noise: Any) -> Parts:
        """One pass over images of shape (N, pixels), with the draws ε of shape (N, latent)."""
        h = self.encoder(x)
        mean, log_variance = self.mean(h), self.log_variance(h)
        code = mean + ad.exp(0.5 * log_variance) * noise
        scores = self.decoder(code)
        reconstruction = nn.functional.binary_cross_entropy_with_logits(
            scores, x, reduction="sum"
        ) / len(x)
        spread = ad.exp(log_variance)
        divergence = 0.5 * (ad.square(mean) + spread - log_variance - 1.0).sum() / len(x)
        return Parts(
            reconstruction + divergence, reconstruction, divergence, mean, log_variance, code
        )


def check_formulas() -> float:
    """How far the engine's gradients by μ and log σ² are from the formulas."""
    rng = np.random.default_rng(0)
    model = Autoencoder(12, 9, 2, rng, np.float64)
    x, noise = rng.random((1, 12)), rng.normal(size=(1, 2))
    parts = model(x, noise)
    for node in (parts.mean, parts.log_variance, parts.code):
        node.retain_grad()
    parts.loss.backward()
    mean, log_variance = parts.mean.numpy(), parts.log_variance.numpy()
    back = parts.code.grad
    by_mean = back + mean
    by_log = 0.5 * np.exp(0.5 * log_variance) * noise * back + 0.5 * (np.exp(log_variance) - 1)
    found = parts.mean.grad, parts.log_variance.grad
    return max(float(np.abs(a - b).max()) for a, b in zip(found, (by_mean, by_log), strict=True))


def train(model: Autoencoder, images: Array, epochs: int) -> dict[str, list[float]]:
    """Adam on mini-batches; the parts of the loss per epoch."""
    rng = np.random.default_rng(1)
    optimizer = nn.optim.Adam(model.parameters(), lr=2e-3)

    @ad.compile
    def step(x: Any, noise: Any) -> tuple[Any, Any]:
        optimizer.zero_grad()
        parts = model(x, noise)
        parts.loss.backward()
        optimizer.step()
        return parts.reconstruction, parts.divergence

    history: dict[str, list[float]] = {"reconstruction": [], "divergence": []}
    loader = nn.data.DataLoader((images,), batch_size=64, shuffle=True, drop_last=True, rng=rng)
    for _ in range(epochs):
        figures = [step(x, rng.normal(size=(64, 2)).astype(np.float32)) for (x,) in loader]
        for name, values in zip(history, zip(*figures, strict=True), strict=True):
            history[name].append(float(np.mean([value.item() for value in values])))
    return history


def entropy(pixels: Array) -> Any:
    """−Σ x log x + (1 − x) log(1 − x), of every image."""
    x = np.clip(pixels.astype(np.float64), 1e-12, 1 - 1e-12)
    return -(x * np.log(x) + (1 - x) * np.log1p(-x)).sum(axis=-1)


def plane(model: Autoencoder, side: int = 8) -> viz.Chart:
    """What the decoder makes of points of the plane, at equal shares of the normal law."""
    shares = (np.arange(side) + 0.5) / side
    # The normal law's quantiles, by bisection of its distribution function.
    low, high = np.full(side, -4.0), np.full(side, 4.0)
    for _ in range(40):
        middle = (low + high) / 2
        below = 0.5 * (1 + ad.erf(middle / np.sqrt(2.0)).numpy()) < shares
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    points = np.stack(np.meshgrid(low, -low), axis=-1).reshape(-1, 2).astype(np.float32)
    images = ad.sigmoid(model.decoder(points)).numpy().reshape(-1, 8, 8)
    found = nn.inspect.Filters("the plane of codes", images, None)
    return viz.filters(found, title="What the decoder draws")


def main(out: Path, epochs: int) -> None:
    """Check the formulas, learn digits, draw what the decoder makes of the plane."""
    out.mkdir(parents=True, exist_ok=True)
    off = check_formulas()
    print(f"gradients through a draw: engine and formulas differ by {off:.1e}")
    assert off < 1e-12
    images = nn.data.load_digits().features / np.float32(16)
    model = Autoencoder(64, 128, 2, np.random.default_rng(0))
    history = train(model, images, epochs)
    for name, values in history.items():
        chosen = values[:: max(1, epochs // 5)]
        print(f"  {name:14} per epoch:", *(f"{value:.2f}" for value in chosen), f"{values[-1]:.2f}")
    # Grey pixels cost their own entropy, however well they are drawn.
    least, constant = entropy(images).mean(), entropy(images.mean(axis=0))
    final = history["reconstruction"][-1] + history["divergence"][-1]
    share = (final - least) / (constant - least)
    print(f"  loss {final:.2f}; of one picture for all {constant:.2f}, the least {least:.2f}")
    print(f"  so {share:.0%} of what one picture for all loses is still lost")
    if epochs >= 50:
        assert share < 0.85
    chart = plane(model)
    print("drawn:", chart.save(out / "variational_autoencoder.svg"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A network that draws digits.")
    parser.add_argument("--out", type=Path, default=Path("runs/examples"), help="where to draw")
    parser.add_argument("--quick", action="store_true", help="one epoch only, to try it out")
    arguments = parser.parse_args()
    main(arguments.out, 1 if arguments.quick else 100)
