"""Settings that decide a step's course or enter it as numbers, changed between calls."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff import live
from tests.autodiff.compiler.twins import Step, Twins, assert_same

_X = np.random.default_rng(1).standard_normal((6, 4)).astype(np.float32)
_Y = np.array([0, 1, 2, 0, 1, 2])
_rate = 0.5


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        (nn.optim.SGD, {"momentum": 0.9, "weight_decay": 0.1}),
        (nn.optim.Adam, {"weight_decay": 0.1}),
        (nn.optim.AdamW, {}),
    ],
)
def test_settings_of_optimizers(kind: Any, settings: dict[str, Any]) -> None:
    """Rates may change at any time, and cost no new recording."""
    rules = []

    def build() -> tuple[Step, list[ad.Tensor]]:
        layer = nn.Linear(4, 3)
        rule = kind(layer.parameters(), lr=0.1, **settings)
        rules.append(rule)

        def step(x: Any, y: Any) -> Any:
            rule.zero_grad()
            loss = nn.functional.cross_entropy(layer(x), y)
            loss.backward()
            rule.step()
            return loss

        return step, list(layer.parameters())

    twins = Twins(build)
    for number in range(1, 9):
        twins.call(_X, _Y)
        for rule in rules:
            group = rule.param_groups[0]
            group["lr"] = 0.1 / number
            group["weight_decay"] = 0.01 * number
            if "betas" in group:
                group["betas"], group["eps"] = (0.9 - 0.01 * number, 0.99), 1e-6
            else:
                group["momentum"] = 0.9 - 0.05 * number
    assert twins.compiled.recordings == 1
    for rule in rules:
        rule.param_groups[0]["weight_decay"] = 0.0
    for _ in range(4):
        twins.call(_X, _Y)
    assert twins.compiled.recordings == 2


def test_training_and_evaluation() -> None:
    """`eval()` and `train()` between calls choose between two recordings."""
    models = []

    def build() -> tuple[Step, list[ad.Tensor]]:
        rng = np.random.default_rng(4)
        model = nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.Dropout(0.3, rng=rng))
        models.append(model)
        return model, [*model.parameters(), *model.buffers()]

    twins = Twins(build)
    for number in range(12):
        for model in models:
            model.train(number % 4 != 3)
        twins.call(_X)
    assert twins.compiled.recordings == 2


def test_the_share_of_dropout() -> None:
    """`p` of a dropout layer is read anew."""
    layers = []

    def build() -> tuple[Step, list[ad.Tensor]]:
        layers.append(nn.Dropout(0.5, rng=np.random.default_rng(4)))
        return layers[-1], []

    twins = Twins(build)
    for p in (0.5, 0.5, 0.2, 0.8, 0.0, 0.0, 0.3):
        for layer in layers:
            layer.p = p
        twins.call(_X)


def test_live_numbers_and_truths() -> None:
    """The functions of `autodiff.live` in a user's own step."""
    settings: dict[str, Any] = {"scale": 2.0, "square": False}

    def step(x: Any) -> Any:
        y = x * live.number(settings, "scale", np.float32)
        return y * y if live.truth(settings, "square") else y

    twins = Twins(lambda: (step, []))
    for scale, square in ((2.0, False), (3.0, False), (4.0, True), (5.0, True), (6.0, False)) * 2:
        settings.update(scale=scale, square=square)
        found = twins.call(ad.Tensor([1.0, -3.0], dtype=np.float32))
        assert found.tolist()[0] == (scale**2 if square else scale)
    assert twins.compiled.recordings == 2


def test_names_that_stand_for_something_else() -> None:
    """Globals and closure variables may be given new values between calls."""
    global _rate
    factor = 1.0
    model = nn.Linear(4, 2)

    def step(x: Any) -> Any:
        return model(x) * factor * _rate

    compiled = ad.compile(step)
    try:
        for _ in range(3):
            assert_same(step(_X), compiled(_X))
        factor = 3.0
        assert_same(step(_X), compiled(_X))
        _rate = 0.25
        assert_same(step(_X), compiled(_X))
        model = nn.Linear(4, 2)
        assert_same(step(_X), compiled(_X))
    finally:
        _rate = 0.5
    assert compiled.recordings == 4


def test_no_grad_around_the_call() -> None:
    """Without recording of gradients the step is another one."""
    w = ad.Tensor([1.0, 2.0], requires_grad=True)

    @ad.compile
    def step(x: Any) -> Any:
        y = (w * x).sum()
        if ad.is_grad_enabled():
            w.zero_grad()
            y.backward()
        return y

    for number in range(6):
        x = np.full(2, number, np.float32)
        step(x)
        assert w.grad.tolist() == [number, number]
        with ad.no_grad():
            assert step(x + 1).item() == 3 * (number + 1)
        assert w.grad.tolist() == [number, number]
    assert step.recordings == 2


def test_the_default_dtype_around_the_call() -> None:
    """Python floats in a step take the default dtype of the call."""
    step = ad.compile(lambda: ad.Tensor([0.1, 0.2]) * 3.0)
    for _ in range(3):
        assert step().dtype == np.float64
        with ad.default_dtype(np.float32):
            assert step().dtype == np.float32


def test_a_step_inside_a_step() -> None:
    """A compiled function called in a step that is being recorded becomes part of it."""
    inner = ad.compile(lambda x: ad.tanh(x) * 2.0)
    twins = Twins(lambda: (lambda x: inner(x) + inner(x * 0.5), []))
    for number in range(4):
        twins.call(ad.Tensor([0.1, number]))


def test_frozen_parameters() -> None:
    """Parameters that are frozen or released between calls make another recording."""
    layers = []

    def build() -> tuple[Step, list[ad.Tensor]]:
        layer = nn.Linear(4, 3)
        layers.append(layer)
        rule = nn.optim.SGD(layer.parameters(), lr=0.1)

        def step(x: Any, y: Any) -> Any:
            rule.zero_grad()
            loss = nn.functional.cross_entropy(layer(x), y)
            loss.backward()
            rule.step()
            return loss

        return step, list(layer.parameters())

    twins = Twins(build)
    for number in range(9):
        for layer in layers:
            layer.weight.requires_grad_(number % 3 != 2)
        twins.call(_X, _Y)
    assert twins.compiled.recordings == 2


def test_parameters_given_to_the_optimizer_later() -> None:
    """A group added between calls takes part from then on."""
    rules = []

    def build() -> tuple[Step, list[ad.Tensor]]:
        first, second = nn.Linear(4, 4), nn.Linear(4, 3)
        rule = nn.optim.SGD(first.parameters(), lr=0.1, momentum=0.9)
        rules.append((rule, second))

        def step(x: Any, y: Any) -> Any:
            first.zero_grad()
            second.zero_grad()
            loss = nn.functional.cross_entropy(second(first(x)), y)
            loss.backward()
            rule.step()
            return loss

        return step, [*first.parameters(), *second.parameters()]

    twins = Twins(build)
    for number in range(8):
        twins.call(_X, _Y)
        if number == 3:
            for rule, layer in rules:
                rule.add_param_group({"params": list(layer.parameters()), "lr": 0.2})


def test_settings_that_decide() -> None:
    """`live.setting` records anew for each value, however often it is read."""
    options: dict[str, Any] = {"axis": 0}

    def step(x: Any) -> Any:
        return x.sum(axis=live.setting(options, "axis")) * live.setting(options, "axis")

    twins = Twins(lambda: (step, []))
    for axis in (0, 0, 0, 1, 1, 1, 0):
        options["axis"] = axis
        twins.call(ad.Tensor(_X))
    assert twins.compiled.recordings == 2
