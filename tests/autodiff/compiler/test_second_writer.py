"""A program and the rows of its instructions are enough for a second writer."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.live import plain_number
from tests.autodiff.compiler.ssa_writer import evaluate, text


def _network() -> Any:
    layers = [nn.Linear(6, 5), nn.GELU(), nn.BatchNorm1d(5), nn.Dropout(0.5), nn.Linear(5, 3)]
    model = nn.Sequential(*layers).to(np.float64)
    optimizer = nn.optim.AdamW(model.parameters())

    def step(x: Any, labels: Any) -> Any:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), labels)
        loss.backward()
        optimizer.step()
        return loss, ad.softmax(model(x), axis=1)

    return step


def _images() -> Any:
    rng = np.random.default_rng(1)
    kernel = ad.Tensor(rng.standard_normal((2, 1, 2, 2)), requires_grad=True)
    weight = ad.Tensor(rng.standard_normal((3, 2)), requires_grad=True)
    optimizer = nn.optim.SGD([kernel, weight], lr=0.1, momentum=0.9)

    def step(x: Any, labels: Any) -> Any:
        optimizer.zero_grad()
        found = nn.functional.conv2d(ad.reshape(x, (4, 1, 2, 3)), kernel, padding=1)
        found = ad.max(nn.functional.max_pool2d(ad.relu(found), 2), axis=(2, 3)) @ weight.T
        loss = nn.functional.cross_entropy(found, labels)
        loss.backward()
        optimizer.step()
        return loss, ad.var(found, axis=1)

    return step


_STEPS = {"a network with AdamW": _network, "images with momentum": _images}


@pytest.mark.parametrize("name", _STEPS)
def test_a_second_writer_gives_what_the_compiled_step_gives(name: str) -> None:
    step = ad.compile(_STEPS[name]())
    rng = np.random.default_rng(0)
    x, labels = rng.standard_normal((4, 6)), np.array([0, 1, 2, 0])
    for _ in range(3):
        step(x, labels)
    program = step._last.program
    held = dict(zip(program.arguments, (x, labels), strict=True))
    held |= {v: v.source.data.copy() for v in program.states}
    held |= {v: v.source.grad.copy() for v in program.held}
    held |= {v: deepcopy(v.source) for v in program.constants}
    held |= {v: plain_number(v.source[0][v.source[1]], v.dtype) for v in program.lives}
    found = evaluate(program, held)
    loss, probabilities = step(x + 0, labels)
    for variable, expected in zip(program.outputs, (loss, probabilities), strict=True):
        np.testing.assert_allclose(found[variable], expected, rtol=1e-12, atol=1e-15)
    for variable in program.states:
        np.testing.assert_allclose(found[variable], variable.source.data, rtol=1e-9, atol=1e-15)


def test_its_lines_tell_versions_apart() -> None:
    w = ad.Tensor([1.0, 2.0], requires_grad=True)

    def step(x: Any) -> Any:
        w.zero_grad()
        ad.tanh(w * x).sum().backward()
        w.data -= 0.1 * w.grad
        return w * x

    compiled = ad.compile(step)
    compiled(np.ones(2, w.dtype))
    lines = text(compiled._last.program)
    assert lines[0] == "v3 = multiply(v1, v2)  # float64 (2,)"
    assert lines[1] == "v4 = tanh(v3)  # float64 (2,)"
    assert lines[-2].startswith("v1.1 = subtract(v1, ")
    # An argument is another version too: it may lie in the same memory.
    assert "multiply(v1.1, v2.1)" in lines[-1]
