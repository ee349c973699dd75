"""`nn` is written with public names only, and a user's own optimizer is as good as ours."""

from __future__ import annotations

import ast
import doctest
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.import_contracts import ROOT

PUBLIC = {
    f"autodiff{name}"
    for name in (
        "",
        ".dtypes",
        ".errors",
        ".extending",
        ".fft",
        ".linalg",
        ".live",
        ".random",
        ".special",
        ".testing",
        ".tree",
    )
}
OF_PYTHON = {"_SubParsersAction", "_actions", "_replace", "_getframe"}
FILES = sorted((ROOT / "nn").rglob("*.py"))


def _own_names(trees: Iterable[ast.Module]) -> set[str]:
    """Names with an underscore that nn itself gives: methods, attributes of self, variables."""
    found: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            match node:
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    found.add(name)
                case ast.Name(id=name, ctx=ast.Store()):
                    found.add(name)
                case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                    found.add(name)
    return found


TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
OWN = _own_names(TREES.values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_private_of_the_engine_is_used(path: Path) -> None:
    wrong = []
    for node in ast.walk(TREES[path]):
        match node:
            case ast.Attribute(attr=name) if name.startswith("_") and not name.startswith("__"):
                if name not in OWN | OF_PYTHON:
                    wrong.append(f"{node.lineno}: .{name}")
            case ast.Import(names=names):
                inside = [a.name for a in names if a.name.startswith("autodiff.")]
                wrong += [f"{node.lineno}: {name}" for name in inside if name not in PUBLIC]
            case ast.ImportFrom(module=str(module), names=names) if (
                module.partition(".")[0] == "autodiff"
            ):
                given = set(import_module(module).__all__) if module in PUBLIC else set()
                wrong += [f"{node.lineno}: {module}.{a.name}" for a in names if a.name not in given]
    assert not wrong


class RMSprop:
    """v ← α v + (1 − α) g², p ← p − lr g / (√v + ε), as a user writes it."""

    def __init__(self, params: Iterable[ad.Tensor], lr: float = 0.01) -> None:
        self.params, self.lr = list(params), lr
        self.squares = [ad.zeros_like(p) for p in self.params]

    def step(self) -> None:
        with ad.no_grad():
            for p, v in zip(self.params, self.squares, strict=True):
                lr = ad.live.number(vars(self), "lr", p.dtype)
                v *= 0.9
                v += 0.1 * p.grad * p.grad
                p -= lr * p.grad / (ad.sqrt(v) + 1e-8)


class Lion:
    """p ← p − lr sign(β₁ m + (1 − β₁) g), m ← β₂ m + (1 − β₂) g; Chen et al., 2023."""

    def __init__(self, params: Iterable[ad.Tensor], lr: float = 0.01) -> None:
        self.params, self.lr = list(params), lr
        self.means = [ad.zeros_like(p) for p in self.params]

    def step(self) -> None:
        with ad.no_grad():
            for p, m in zip(self.params, self.means, strict=True):
                p -= self.lr * ad.sign(0.9 * m + 0.1 * p.grad)
                m *= 0.99
                m += 0.01 * p.grad


class InPlace(RMSprop):
    """The same as `RMSprop`, without a new array, as the optimizers of nn are written."""

    def step(self) -> None:
        raw = ad.extending.raw
        for p, v in zip(self.params, self.squares, strict=True):
            lr = ad.live.number(vars(self), "lr", p.dtype)
            data, square, g = raw(p), raw(v), p.grad
            kept = np.multiply(square, 0.9, out=square)
            v.data = np.add(kept, np.multiply(np.multiply(0.1, g), g), out=square)
            step = np.divide(np.multiply(lr, g), np.add(np.sqrt(square), 1e-8))
            p.data = np.subtract(data, step, out=data)


def _trained(
    make: Callable[..., Any], compiled: bool, rates: tuple[float, ...] = (0.01, 0.05)
) -> tuple[list[float], list[Any]]:
    """Losses and parameters after some steps at each learning rate."""
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(4, 8, rng=rng), nn.Tanh(), nn.Linear(8, 3, rng=rng))
    optimizer = make(model.parameters(), lr=rates[0])
    x, y = rng.standard_normal((6, 4)).astype(np.float32), np.arange(6) % 3

    def train(x: Any, y: Any) -> Any:
        model.zero_grad()
        loss = nn.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    step = ad.compile(train) if compiled else train
    losses = []
    for rate in rates:
        optimizer.lr = rate
        losses += [float(step(x, y).item()) for _ in range(10)]
    return losses, [p.numpy() for p in model.parameters()]


@pytest.mark.parametrize("make", [RMSprop, Lion, InPlace])
def test_an_optimizer_of_ones_own_trains_the_same_when_compiled(make: Callable[..., Any]) -> None:
    eager, parameters = _trained(make, False)
    recorded, others = _trained(make, True)
    assert eager == recorded
    assert eager[-1] < eager[0]
    for one, other in zip(parameters, others, strict=True):
        np.testing.assert_array_equal(one, other)
    same_rate, _ = _trained(make, True, (0.01, 0.01))
    assert same_rate[:10] == recorded[:10]
    assert same_rate[-1] != recorded[-1]


def test_formulas_and_ufuncs_in_place_give_the_same_bits() -> None:
    assert _trained(RMSprop, False)[0] == _trained(InPlace, False)[0]


def test_the_page_runs() -> None:
    page = ROOT / "docs" / "extending.md"
    assert doctest.testfile(str(page), module_relative=False, encoding="utf-8").failed == 0
