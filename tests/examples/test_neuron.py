"""The single neuron: engine, formulas, difference quotients."""

from __future__ import annotations

import math

import pytest

import autodiff as ad
from tests.examples.scripts import load

example = load("neuron")

NUMBERS = {"x₁": 0.7, "x₂": -1.1, "w₁": 0.4, "w₂": 0.9, "b": 0.2}


def output(numbers: dict[str, float]) -> float:
    x1, x2, w1, w2, b = (numbers[name] for name in NUMBERS)
    return math.tanh(w1 * x1 + w2 * x2 + b)


@pytest.mark.parametrize("activation", [ad.tanh, example.tanh_from_exponentials])
def test_engine_and_formulas_agree(activation: object) -> None:
    inputs = {name: ad.Value(number, name=name) for name, number in NUMBERS.items()}
    o = example.neuron(inputs, activation)
    o.backward()
    assert o.data == pytest.approx(output(NUMBERS), rel=1e-14)
    for name, formula in example.formulas(NUMBERS).items():
        assert inputs[name].grad == pytest.approx(formula, rel=0, abs=1e-12)
        up, down = ({**NUMBERS, name: NUMBERS[name] + step} for step in (1e-5, -1e-5))
        assert formula == pytest.approx((output(up) - output(down)) / 2e-5, rel=1e-8)


def test_an_input_of_zero_leaves_its_weight_without_gradient() -> None:
    assert example.formulas(example.NUMBERS)["w₂"] == 0.0
    assert example.formulas(example.NUMBERS)["w₁"] == pytest.approx(1.0, abs=1e-4)
