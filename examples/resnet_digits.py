"""A residual network: why a layer that adds to its input can be one of many.

    a block        y = x + F(x),  F(x) = K₂ ⋆ ReLU(K₁ ⋆ x)
    its gradient   ∂C/∂x = δ + (∂F/∂x)ᵀ δ  with  δ = ∂C/∂y
                   (∂F/∂x)ᵀ δ = K₁ ⋆ᵀ ([K₁ ⋆ x > 0] ⊙ (K₂ ⋆ᵀ δ))
    many blocks    ∂C/∂x₀ = (I + J₁)ᵀ … (I + J_d)ᵀ δ,  and without the skips  J₁ᵀ … J_dᵀ δ

The first term, δ, has passed no weight: whatever F does, the gradient arrives. The product without
skips is one of many factors, each of which shrinks it with weights as they are drawn by default:
after twenty convolutions nothing is left, and nothing is learned. With skips it is a sum over all
choices of blocks to pass through, and the choice of none is δ itself.

Shown on the handwritten digits, enlarged to 32 × 32: gradients of a deep network with skips and
without, what each of them learns, and a network as they are built: three stages, each with half
the height and width and twice the channels of the one before, normalisation, and the mean over all
places at the end. Where a stage changes the shape, a convolution of one pixel stands in the skip.

Source: He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", 2016, section 3.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import autodiff as ad
import nn
import viz

Array = np.ndarray[Any, Any]


def correlate(x: Array, kernel: Array) -> Array:
    """K ⋆ x with a margin of one zero: shapes (C, H, W) and (O, C, 3, 3) make (O, H, W)."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    return np.einsum("cijkl,ockl->oij", sliding_window_view(padded, (3, 3), (1, 2)), kernel)


def turned(kernel: Array) -> Array:
    """The kernel whose correlation is K ⋆ᵀ."""
    return kernel[:, :, ::-1, ::-1].swapaxes(0, 1)


def formulas(x: Array, first: Array, second: Array, delta: Array) -> tuple[Array, Array]:
    """The two terms of ∂C/∂x, in plain NumPy: δ and (∂F/∂x)ᵀ δ."""
    open_ = correlate(x, first) > 0
    return delta, correlate(open_ * correlate(delta, turned(second)), turned(first))


class Block(nn.Module):
    """x + F(x), or F(x) alone.

    Args:
        inputs: channels of x.
        outputs: channels of the result.
        stride: of the first convolution, and of the one in the skip.
        rng: source of the weights.
        norm: whether each convolution is normalised, and a ReLU follows the sum.
        skip: whether x is added.
        dtype: float type.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        stride: int,
        rng: np.random.Generator,
        *,
        norm: bool = True,
        skip: bool = True,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        bare = {"bias": False, "rng": rng, "dtype": dtype}
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, **bare)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, **bare)
        self.norm1 = nn.BatchNorm2d(outputs, dtype=dtype) if norm else nn.Identity()
        self.norm2 = nn.BatchNorm2d(outputs, dtype=dtype) if norm else nn.Identity()
        self.last = nn.ReLU() if norm else nn.Identity()
        self.skip: nn.Module | None = nn.Identity() if skip else None
        if skip and (stride > 1 or inputs != outputs):
            self.skip = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, **bare), nn.BatchNorm2d(outputs, dtype=dtype)
            )

    def forward(self, x: Any) -> Any:
        """The block's output, of shape (N, outputs, H / stride, W / stride)."""
        change = self.norm2(self.conv2(ad.relu(self.norm1(self.conv1(x)))))
        return self.last(change if self.skip is None else self.skip(x) + change)


def check_formulas() -> float:
    """How far the engine's gradient of a block is from the formulas."""
    rng = np.random.default_rng(0)
    block = Block(3, 3, 1, rng, norm=False, dtype=np.float64)
    x = ad.Tensor(rng.normal(size=(1, 3, 6, 6)), requires_grad=True)
    delta = rng.normal(size=x.shape)
    block(x).backward(delta)
    kernels = block.conv1.weight.numpy(), block.conv2.weight.numpy()
    return float(np.abs(x.grad[0] - sum(formulas(x.numpy()[0], *kernels, delta[0]))).max())


def resnet(width: int, blocks: int, rng: np.random.Generator) -> nn.Sequential:
    """Three stages of so many blocks, each of half the size and twice the channels."""
    parts: list[nn.Module] = [nn.Conv2d(1, width, 3, 2, 1, bias=False, rng=rng)]
    parts += [nn.BatchNorm2d(width), nn.ReLU()]
    channels = width
    for stage in range(3):
        for number in range(blocks):
            wanted, stride = width << stage, 2 if stage and not number else 1
            parts += [Block(channels, wanted, stride, rng)]
            channels = wanted
    return nn.Sequential(
        *parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10, rng=rng)
    )


def deep(depth: int, skip: bool, dtype: Any = None) -> nn.Sequential:
    """So many blocks of 8 × 8 places, all of one shape, without normalisation."""
    rng = np.random.default_rng(0)
    blocks = [Block(8, 8, 1, rng, norm=False, skip=skip, dtype=dtype) for _ in range(depth)]
    return nn.Sequential(
        nn.Conv2d(1, 8, 4, 4, rng=rng, dtype=dtype),
        *blocks,
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(8, 10, rng=rng, dtype=dtype),
    )


def gradient_norms(model: nn.Sequential, x: Array, y: Array) -> list[float]:
    """‖∂C/∂x_k‖ for the input of every block, and for the output of the last one."""
    h: Any = ad.Tensor(x)
    kept = []
    for part in model:
        if isinstance(part, Block | nn.AdaptiveAvgPool2d):
            h.retain_grad()
            kept.append(h)
        h = part(h)
    nn.cross_entropy(h, y).backward()
    return [float(np.linalg.norm(h.grad)) for h in kept]


def trained(model: nn.Sequential, train: Any, test: Any, epochs: int, rate: float) -> Any:
    """Figures after each epoch; the test digits steer nothing."""
    rng = np.random.default_rng(1)
    change = nn.data.Compose([nn.data.RandomShift(3), nn.data.RandomRotation(10.0)])
    loader = nn.data.DataLoader(
        train, 64, shuffle=True, drop_last=True, batch_transform=change, rng=rng
    )
    optimizer = nn.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.05)
    return nn.fit(
        model,
        nn.cross_entropy,
        optimizer,
        loader,
        test,
        epochs=epochs,
        metrics=["accuracy"],
        schedule=nn.optim.OneCycleLR(optimizer, rate, total_steps=epochs * len(loader) + 1),
        progress=False,
    )


def digits() -> tuple[Any, Any]:
    """Training and test images of shape (N, 1, 32, 32), from 0 to 1, each with labels."""
    found = nn.data.load_digits(size=32)
    images = found.images[:, None] / np.float32(16)
    train, test = nn.data.split(
        images, found.labels, fractions=(0.75, 0.25), stratify=found.labels, rng=0
    )
    return train, test


def how_deep(page: viz.Page, out: Path, train: Any, test: Any, depth: int, epochs: int) -> None:
    """Gradients block by block with skips and without, and what both networks learn."""
    x, y = test[0][:64].astype(np.float64), test[1][:64]
    norms, figures = {}, {}
    for name, skip in (("with skips", True), ("without", False)):
        norms[name] = gradient_norms(deep(depth, skip, np.float64), x, y)
        figures[name] = trained(deep(depth, skip), train, test, epochs, 5e-3)
        share = norms[name][0] / norms[name][-1]
        last = figures[name].last["val_accuracy"]
        print(f"  {depth} blocks {name}: {share:.0e} of the gradient arrives; learns {last:.0%}")
    assert norms["without"][0] < 1e-6 * norms["without"][-1]
    assert 0.1 < norms["with skips"][0] / norms["with skips"][-1] < 10
    if epochs > 1:
        # One in ten is what guessing gives.
        assert figures["without"].last["val_accuracy"] < 0.2
        assert figures["with skips"].last["val_accuracy"] > 0.5
    gradients = viz.lines(
        norms,
        x_label="block k",
        y_label="‖∂C/∂x_k‖",
        logarithmic=True,
        title="What is left of the gradient, before training",
    )
    learned = viz.lines(
        {name: history["val_accuracy"] for name, history in figures.items()},
        range(1, epochs + 1),
        x_label="epoch",
        y_label="accuracy on test digits",
        title=f"What {depth} blocks learn",
    )
    print("drawn:", gradients.save(out / "resnet_digits_gradients.svg"))
    print("drawn:", learned.save(out / "resnet_digits_deep.svg"))
    page.section("With skips and without").text(
        f"{depth} blocks of two convolutions on 8 × 8 places, no normalisation, the same weights."
    ).picture(gradients, learned)


def main(out: Path, epochs: int, deep_epochs: int, most: int | None = None) -> None:
    """Check the formulas, compare deep networks, train a network of three stages; draw."""
    out.mkdir(parents=True, exist_ok=True)
    page = viz.Page("A residual network", "Why a layer that adds to its input can be one of many.")
    page.formula(
        "y = x + F(x):  ∂C/∂x = δ + (∂F/∂x)ᵀ δ",
        "many blocks:   ∂C/∂x₀ = (I + J₁)ᵀ … (I + J_d)ᵀ δ",
    )
    off = check_formulas()
    print(f"gradient of a block: engine and formulas differ by {off:.0e}")
    assert off < 1e-12
    train, test = (tuple(part[:most] for part in parts) for parts in digits())
    how_deep(page, out, train, test, 12, deep_epochs)
    model = resnet(8, 2, np.random.default_rng(0))
    history = trained(model, train, test, epochs, 5e-3)
    accuracy = history.last["val_accuracy"]
    told = (f"{value:.1%}" for value in history["val_accuracy"])
    print("three stages, test digits read after each epoch:", *told)
    assert epochs == 1 or accuracy >= 0.98
    chart = viz.lines(
        {
            name: [row[of] for row in history]
            for name, of in (("train", "loss"), ("test", "val_loss"))
        },
        range(1, epochs + 1),
        x_label="epoch",
        y_label="loss",
        logarithmic=True,
        title="The network of three stages learns",
    )
    seen = viz.saliency(model, test[0][:8], title="What it looks at")
    print("drawn:", chart.save(out / "resnet_digits_training.svg"))
    print("drawn:", seen.save(out / "resnet_digits_saliency.svg"))
    page.section("A network of three stages").text(
        f"{accuracy:.1%} of {len(test[1])} test digits are read, by the network of the last epoch."
    ).picture(chart, seen)
    print("page:", page.save(out / "resnet_digits.html"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A residual network on enlarged digits.")
    parser.add_argument("--out", type=Path, default=Path("runs/examples"), help="where to draw")
    parser.add_argument("--quick", action="store_true", help="one epoch of few digits")
    arguments = parser.parse_args()
    main(arguments.out, *((1, 1, 128) if arguments.quick else (12, 6)))
