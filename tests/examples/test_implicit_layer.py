"""The layer that is a fixed point: engine, formulas, steps, difference quotients."""

from __future__ import annotations

import numpy as np
import pytest

import autodiff as ad
from autodiff.testing import gradcheck
from tests.examples.scripts import load

example = load("implicit_layer")


@pytest.mark.parametrize("seed", range(3))
def test_engine_formulas_and_steps_agree(seed: int) -> None:
    numbers = example.weights(seed)
    target = np.linspace(-0.5, 0.5, example.STATES)
    expected = example.formulas(numbers, target)
    found, _ = example.gradients(numbers, target)
    assert example.largest_difference(found, expected) < 1e-12
    stepwise, _ = example.gradients(numbers, target, 120)
    assert example.largest_difference(stepwise, expected) < 1e-12


def test_formulas_against_differences() -> None:
    numbers = example.weights(1)
    report = gradcheck(
        lambda w, x: example.settled({**numbers, "W": w, "x": x}), numbers["W"], numbers["x"]
    )
    assert report.passed


def test_the_graph_does_not_grow_with_the_steps() -> None:
    numbers = example.weights(0)
    target = np.zeros(example.STATES)
    _, implicit = example.gradients(numbers, target)
    _, stepwise = example.gradients(numbers, target, 80)
    assert len(ad.topological_order(implicit)) < 15 < 400 < len(ad.topological_order(stepwise))


def test_kepler() -> None:
    assert example.kepler() < 1e-14
