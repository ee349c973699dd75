"""Means of models, groups by role and layer, and gradients gathered over several batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from nn.optim import (
    AveragedModel,
    get_ema_avg_fn,
    get_ema_multi_avg_fn,
    get_swa_multi_avg_fn,
    groups_by_layer,
    groups_by_role,
    update_bn,
)


def model_of(seed: int) -> nn.Sequential:
    rng = np.random.default_rng(seed)
    return nn.Sequential(nn.Linear(3, 4, rng=rng), nn.BatchNorm1d(4), nn.Linear(4, 1, rng=rng))


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("ema", [False, True])
@pytest.mark.parametrize("lists", [False, True])
@pytest.mark.parametrize("use_buffers", [False, True])
def test_means_are_the_formulas(compiled: bool, ema: bool, lists: bool, use_buffers: bool) -> None:
    model = model_of(0)
    how: dict[str, Any] = {"avg_fn": get_ema_avg_fn(0.75) if ema else None}
    if lists:
        how = {"multi_avg_fn": get_ema_multi_avg_fn(0.75) if ema else get_swa_multi_avg_fn()}
    mean = AveragedModel(model, **how, use_buffers=use_buffers)
    optimizer = nn.optim.SGD(model.parameters(), 0.1)
    rng = np.random.default_rng(1)

    def train(x: Any) -> None:
        optimizer.zero_grad()
        nn.mse_loss(model(x), x[:, :1]).backward()
        optimizer.step()
        mean.update_parameters(model)

    step = ad.compile(train) if compiled else train
    states = []
    for _ in range(5):
        step(rng.standard_normal((6, 3)).astype(np.float32))
        states.append(model.state_dict())
    for name, found in mean.module.state_dict().items():
        averaged = found.dtype.kind == "f" and (use_buffers or "running" not in name)
        expected = states[-1][name]
        if averaged:
            expected = states[0][name].astype(float)
            for number, state in enumerate(states[1:], 1):
                share = 0.25 if ema else 1 / (number + 1)
                expected = expected + share * (state[name] - expected)
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6, err_msg=name)
    assert mean.n_averaged.item() == 5
    other = AveragedModel(model_of(3))
    other.load_state_dict(mean.state_dict())
    x = np.ones((2, 3), np.float32)
    np.testing.assert_array_equal(other.eval()(x).data, mean.eval()(x).data)


def test_running_figures_are_found_anew() -> None:
    model = nn.Sequential(nn.BatchNorm1d(2)).eval()
    batches = [
        (np.random.default_rng(i).standard_normal((4, 2)).astype(np.float32), 0) for i in range(3)
    ]
    update_bn(batches, model)
    means = np.mean([x.mean(0) for x, _ in batches], axis=0)
    np.testing.assert_allclose(model[0].running_mean.data, means, rtol=1e-5)
    assert (model.training, model[0].momentum) == (False, 0.1)
    with pytest.raises(ValueError, match="another structure"):
        AveragedModel(nn.Linear(1, 1)).update_parameters(nn.Linear(2, 1))
    with pytest.raises(ValueError, match="decay must be from 0 to 1, and 2"):
        get_ema_avg_fn(2)
    with pytest.raises(TypeError, match="AveragedModel takes a module, not a list"):
        AveragedModel([model])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="avg_fn must be a function, not 'cpu'"):
        AveragedModel(model, "cpu")  # type: ignore[arg-type]


def test_groups() -> None:
    model = model_of(0)
    decayed, spared = groups_by_role(model, 0.1, lr=0.5)
    assert [p.shape for p in decayed["params"]] == [(4, 3), (1, 4)]
    assert (decayed["weight_decay"], spared["weight_decay"], spared["lr"]) == (0.1, 0.0, 0.5)
    assert len(spared["params"]) == 4
    rates = [g["lr"] for g in groups_by_layer(model, 1.0, 0.5)]
    assert rates == [0.25, 0.5, 1.0]
    optimizer = nn.optim.AdamW(groups_by_layer(model, 1.0, 0.5, weight_decay=0.0))
    assert [len(g["params"]) for g in optimizer.param_groups] == [2, 2, 2]


def test_gradients_of_several_batches_add_up() -> None:
    def run(parts: int) -> Any:
        model = nn.Linear(3, 1, rng=np.random.default_rng(0))
        optimizer = nn.optim.SGD(model.parameters(), 0.1)
        x = np.random.default_rng(1).standard_normal((8, 3)).astype(np.float32)
        for part in np.split(x, parts):
            (nn.mse_loss(model(part), part[:, :1]) / parts).backward()
        optimizer.step()
        return model.weight.data

    np.testing.assert_allclose(run(4), run(1), rtol=1e-5)
