"""A small Transformer that learns a text, letter by letter.

    attention      A = softmax(Q Kᵀ / √d + M),  o = A V,  with M[i, j] = −∞ for j > i
    its gradients  ∂L/∂V = Aᵀ ∂L/∂o,   ∂L/∂S = A ⊙ (D − Σ_j A ⊙ D)  with D = ∂L/∂o Vᵀ,
                   ∂L/∂Q = ∂L/∂S K / √d,   ∂L/∂K = (∂L/∂S)ᵀ Q / √d
    positions      PE[p, 2i] = sin(p / 10000^(2i/E)),  PE[p, 2i + 1] = cos(p / 10000^(2i/E))
    loss           L = −mean of log p(next letter | the letters before)

The mask M hides what comes later, so an encoder is all that is needed: at every place it says which
letter comes next, and all places of a text are learned at once. A letter as open as the toss of a
coin costs log 2 = 0.69. Whoever knows the frequencies of letters alone pays their entropy,
−Σ p log p; whoever knows the letter before, the entropy given that. The network has to pay less.

The text is what `import this` prints, the Zen of Python by Tim Peters, in the standard library.

Source: Vaswani et al., "Attention Is All You Need", 2017, sections 3.2 and 3.5.
"""

from __future__ import annotations

import argparse
import codecs
import contextlib
import io
import itertools
import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

import autodiff as ad
import nn
import viz

Array = np.ndarray[Any, Any]


def text() -> str:
    """The Zen of Python."""
    with contextlib.redirect_stdout(io.StringIO()):
        import this
    return codecs.decode(this.s, "rot13")


def entropies(letters: str) -> tuple[float, float]:
    """What a letter costs who knows the frequencies of letters, or of pairs of letters."""

    def entropy(counts: Counter[str]) -> float:
        total = sum(counts.values())
        return -sum(n / total * math.log(n / total) for n in counts.values())

    pairs = Counter(a + b for a, b in itertools.pairwise(letters))
    return entropy(Counter(letters)), entropy(pairs) - entropy(Counter(letters[:-1]))


def formulas(q: Array, k: Array, v: Array, g: Array) -> list[Array]:
    """∂L/∂Q, ∂L/∂K and ∂L/∂V of causal attention for g = ∂L/∂o, in plain NumPy."""
    root = math.sqrt(q.shape[1])
    scores = np.where(np.tri(len(q), len(k)) > 0, q @ k.T / root, -np.inf)
    a = np.exp(scores - scores.max(axis=1, keepdims=True))
    a /= a.sum(axis=1, keepdims=True)
    d = g @ v.T
    ds = a * (d - (a * d).sum(axis=1, keepdims=True))
    return [ds @ k / root, ds.T @ q / root, a.T @ g]


def check_formulas() -> float:
    """How far the engine's gradients are from the formulas."""
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=shape) for shape in ((5, 4), (5, 4), (5, 3), (5, 3))]
    leaves = [ad.Tensor(x, requires_grad=True) for x in arrays[:3]]
    ad.scaled_dot_product_attention(*leaves, is_causal=True).backward(arrays[3])
    expected = formulas(*arrays)
    return max(float(np.abs(x.grad - e).max()) for x, e in zip(leaves, expected, strict=True))


class Reader(nn.Module):
    """Says for every place of a text which letter comes next."""

    def __init__(self, letters: int, width: int, heads: int, layers: int, rng: Any) -> None:
        super().__init__()
        self.letters = nn.Embedding(letters, width, rng=rng)
        self.positions = nn.SinusoidalPositions(width, batch_first=True)
        one = nn.TransformerEncoderLayer(
            *(width, heads, 4 * width, 0.0, "gelu"), batch_first=True, norm_first=True, rng=rng
        )
        self.layers = nn.TransformerEncoder(one, layers, nn.LayerNorm(width))
        self.next = nn.Linear(width, letters, rng=rng)
        # A copied layer begins as the other: each is drawn anew.
        for p in self.layers.parameters():
            if p.ndim > 1:
                p.data = nn.init.xavier_uniform(p.shape, rng=rng)

    def forward(self, numbers: Any) -> ad.Tensor:
        """Scores of shape (N, L, letters), for letters of shape (N, L)."""
        scores: ad.Tensor = self.next(
            self.layers(self.positions(self.letters(numbers)), is_causal=True)
        )
        return scores


def train(model: Reader, numbers: Array, steps: int, length: int, batch: int = 16) -> list[float]:
    """AdamW with one cycle of the rate, on pieces of the text; the losses."""
    rng, losses = np.random.default_rng(1), []
    optimizer = nn.optim.AdamW(model.parameters(), lr=3e-3)
    schedule = nn.optim.OneCycleLR(optimizer, 5e-3, total_steps=steps + 1)

    def step(given: Any, wanted: Any) -> ad.Tensor:
        optimizer.zero_grad()
        scores = model(given)
        loss = nn.cross_entropy(scores.reshape(-1, scores.shape[-1]), wanted)
        loss.backward()
        optimizer.step()
        return loss

    compiled = ad.compile(step)
    for _ in range(steps):
        starts = rng.integers(0, len(numbers) - length, batch)[:, None]
        pieces = numbers[starts + np.arange(length + 1)]
        losses.append(compiled(pieces[:, :-1], pieces[:, 1:].ravel()).item())
        schedule.step()
    return losses


def written(model: Reader, alphabet: str, begin: str, count: int, length: int) -> str:
    """The beginning, gone on with by letters drawn as likely as the network finds them."""
    rng, found = np.random.default_rng(2), [alphabet.index(c) for c in begin]
    with ad.no_grad():
        for _ in range(count):
            chances = ad.softmax(model(np.array([found[-length:]]))[0, -1]).numpy()
            found.append(int(rng.choice(len(alphabet), p=chances / chances.sum(dtype=float))))
    return "".join(alphabet[i] for i in found)


def main(out: Path, steps: int, width: int = 48, length: int = 48) -> None:
    """Check the formulas, read the text, compare with the entropies, and write."""
    out.mkdir(parents=True, exist_ok=True)
    off = check_formulas()
    print(f"causal attention: engine and formulas differ by {off:.1e}")
    assert off < 1e-12
    letters = text()
    alphabet = "".join(sorted(set(letters)))
    alone, pairs = entropies(letters)
    print(f"{len(letters)} letters, {len(alphabet)} different ones")
    print(f"cost of a letter by its frequency {alone:.2f}, by the one before it {pairs:.2f}")
    numbers = np.array([alphabet.index(c) for c in letters])
    model = Reader(len(alphabet), width, 4, 2, np.random.default_rng(0))
    losses = train(model, numbers, steps, length)
    tenth = max(1, steps // 10)
    told = (f"{np.mean(losses[k : k + tenth]):.2f}" for k in range(0, steps, tenth))
    print(f"cost over {steps} steps:", *told)
    model.eval()
    print("it writes:", repr(written(model, alphabet, "Beautiful is", 120, length)))
    if steps >= 400:
        assert np.mean(losses[-20:]) < pairs / 2
    lines = {"Transformer": losses}
    lines["frequencies of letters"] = [alone] * len(losses)
    lines["the letter before"] = [pairs] * len(losses)
    chart = viz.lines(
        lines, x_label="step", y_label="cost of a letter", title="A text learned by heart"
    )
    print("drawn:", chart.save(out / "transformer_text.svg"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A small Transformer that learns a text.")
    parser.add_argument("--out", type=Path, default=Path("runs/examples"), help="where to draw")
    parser.add_argument("--quick", action="store_true", help="a few steps only, to try it out")
    arguments = parser.parse_args()
    main(arguments.out, 10 if arguments.quick else 500)
