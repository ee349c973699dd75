"""A network that learns a text letter by letter: an LSTM reads the Zen of Python.

    gates       (i, f, g, o) = W x_t + U h_{t−1} + b,   σ for i, f, o,   tanh for g
    states      c_t = f ⊙ c_{t−1} + i ⊙ g,   h_t = o ⊙ tanh(c_t)
    backward    ∂h_t = ∂L/∂h_t + Uᵀ δ_{t+1}
                ∂c_t = ∂h_t ⊙ o ⊙ (1 − tanh²(c_t)) + f_{t+1} ⊙ ∂c_{t+1}
                δ_t = (∂c_t ⊙ g ⊙ i(1 − i),  ∂c_t ⊙ c_{t−1} ⊙ f(1 − f),
                       ∂c_t ⊙ i ⊙ (1 − g²),  ∂h_t ⊙ tanh(c_t) ⊙ o(1 − o))
    weights     ∂L/∂W = Σ δ_t x_tᵀ,   ∂L/∂U = Σ δ_t h_{t−1}ᵀ,   ∂L/∂b = Σ δ_t

The cell state c passes from step to step by ⊙ f alone, so a gradient survives where f is near 1.
The loss is the mean of −log₂ p(next letter) in bits. Who knows only how often each letter occurs
needs the entropy of the letters, 4.5 bits; the network, which remembers what came before, gets far
below that. Its own predictions, drawn one after the other, write the text again.
"""

from __future__ import annotations

import argparse
import contextlib
import io
from pathlib import Path
from typing import Any

import numpy as np

import autodiff as ad
import nn
import viz

STEPS, SEQUENCES, HIDDEN = 48, 24, 96


def zen() -> str:
    """The text that `import this` prints."""
    with contextlib.redirect_stdout(io.StringIO()):
        import this
    return "".join(this.d.get(letter, letter) for letter in this.s)


def sigma(x: Any) -> Any:
    """The logistic function."""
    return 1 / (1 + np.exp(-x))


def formulas(w: Any, u: Any, b: Any, x: Any, target: Any) -> dict[str, Any]:
    """Gradients of L = ½ Σ (h_t − target)² of one sequence as worked out on paper."""
    size = u.shape[1]
    h, c, seen = np.zeros(size), np.zeros(size), []
    for x_t in x:
        i, f, g, o = np.split(w @ x_t + u @ h + b, 4)
        i, f, g, o = sigma(i), sigma(f), np.tanh(g), sigma(o)
        before, c = (h, c), f * c + i * g
        h = o * np.tanh(c)
        seen.append((x_t, *before, i, f, g, o, c, h))
    found = {"W": np.zeros_like(w), "U": np.zeros_like(u), "b": np.zeros_like(b)}
    delta, carried = np.zeros(4 * size), np.zeros(size)
    for (x_t, h_before, c_before, i, f, g, o, c, h), wanted in zip(
        reversed(seen), target[::-1], strict=True
    ):
        dh = (h - wanted) + u.T @ delta
        dc = dh * o * (1 - np.tanh(c) ** 2) + carried
        delta = np.concatenate(
            [
                dc * g * i * (1 - i),
                dc * c_before * f * (1 - f),
                dc * i * (1 - g**2),
                dh * np.tanh(c) * o * (1 - o),
            ]
        )
        found["W"] += np.outer(delta, x_t)
        found["U"] += np.outer(delta, h_before)
        found["b"] += delta
        carried = f * dc
    return found


def largest_difference(seed: int = 0) -> float:
    """How far the engine's gradients are from the formulas'."""
    rng = np.random.default_rng(seed)
    layer = nn.LSTM(3, 4, dtype=np.float64, rng=rng)
    x, target = rng.standard_normal((7, 3)), rng.standard_normal((7, 4))
    outputs, _ = layer(x)
    (((outputs - target) ** 2).sum() / 2).backward()
    p = {name: q.numpy() for name, q in layer.named_parameters()}
    expected = formulas(
        p["weight_ih_l0"], p["weight_hh_l0"], p["bias_ih_l0"] + p["bias_hh_l0"], x, target
    )
    names = {"weight_ih_l0": "W", "weight_hh_l0": "U", "bias_ih_l0": "b", "bias_hh_l0": "b"}
    pairs = [(q.grad, expected[names[name]]) for name, q in layer.named_parameters()]
    return max(float(np.max(np.abs(a - b))) for a, b in pairs)


class Reader(nn.Module):
    """From letters, as numbers of shape (T, N), to scores of the next ones."""

    def __init__(self, letters: int, rng: np.random.Generator) -> None:
        super().__init__()
        self.embedding = nn.Embedding(letters, 24, rng=rng)
        self.lstm = nn.LSTM(24, HIDDEN, rng=rng)
        self.scores = nn.Linear(HIDDEN, letters, rng=rng)

    def forward(self, x: Any, states: Any = None) -> Any:
        """Scores (T, N, letters), and the states after the last step."""
        outputs, states = self.lstm(self.embedding(x), states)
        return self.scores(outputs), states


def entropy(text: str) -> float:
    """Bits per letter of somebody who knows only how often each occurs."""
    _, counts = np.unique(list(text), return_counts=True)
    share = counts / counts.sum()
    return float(-np.sum(share * np.log2(share)))


def train(model: Reader, numbers: Any, steps: int, rng: np.random.Generator) -> list[float]:
    """Learn from pieces of the text that begin anywhere; the loss of each step in bits."""
    optimizer = nn.optim.Adam(model.parameters(), lr=0.01)

    @ad.compile
    def step(x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        scores, _ = model(x)
        loss = nn.cross_entropy(scores.reshape(-1, scores.shape[-1]), y.reshape(-1))
        loss.backward()
        optimizer.step()
        return loss

    losses = []
    for k in range(steps):
        optimizer.param_groups[0]["lr"] = 0.01 * (1 - k / steps)
        starts = rng.integers(0, len(numbers) - STEPS, SEQUENCES)
        piece = numbers[starts + np.arange(STEPS + 1)[:, None]]
        losses.append(step(piece[:-1], piece[1:]).item() / np.log(2))
    return losses


def sample(model: Reader, alphabet: str, start: str, length: int, rng: Any) -> str:
    """Text that the network goes on with, each letter drawn from what it predicts."""
    written, states = start, None
    given = [alphabet.index(letter) for letter in start]
    with ad.no_grad():
        for _ in range(length):
            scores, states = model(np.array(given)[:, None], states)
            p = nn.functional.softmax(scores[-1, 0] * 2.0).numpy().astype(np.float64)
            given = [int(rng.choice(len(alphabet), p=p / p.sum()))]
            written += alphabet[given[0]]
    return written


def main(out: Path, steps: int) -> None:
    """Compare one sequence with its formulas; learn the text; write; draw the loss."""
    out.mkdir(parents=True, exist_ok=True)
    difference = max(largest_difference(seed) for seed in range(3))
    assert difference < 1e-12, difference
    print(f"back through 7 steps: largest difference between engine and formulas {difference:.1e}")

    text, rng = zen(), np.random.default_rng(0)
    alphabet = "".join(sorted(set(text)))
    numbers = np.array([alphabet.index(letter) for letter in text])
    model = Reader(len(alphabet), rng)
    bound = entropy(text)
    print(f"{len(text)} letters, {len(alphabet)} different ones: {bound:.2f} bits by frequency")
    losses = train(model, numbers, steps, rng)
    for k in sorted({0, steps // 8, steps // 4, steps // 2, steps - 1}):
        print(f"  step {k + 1:4d}: {losses[k]:.2f} bits per letter")
    reached = float(np.mean(losses[-20:]))
    assert losses[0] > bound
    assert reached < (bound if steps < 300 else 0.5), reached
    print(f"reached {reached:.2f} bits beside {bound:.2f}; it writes:")
    print("  " + sample(model, alphabet, "Beautiful", 220, rng).replace("\n", "\n  "))
    lines = {"the network": losses, "by frequency of letters": [bound] * steps}
    chart = viz.lines(
        lines,
        x_label="step",
        y_label="bits per letter",
        guides=["by frequency of letters"],
        title="An LSTM reads the Zen of Python",
    )
    print("  drawn:", chart.save(out / "char_lstm.svg"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="An LSTM learns a text letter by letter.")
    parser.add_argument("--out", type=Path, default=Path("runs/examples"), help="where to draw")
    parser.add_argument("--quick", action="store_true", help="a few steps only, to try it out")
    arguments = parser.parse_args()
    main(arguments.out, 40 if arguments.quick else 400)
