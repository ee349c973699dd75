"""Penalties on weights: their formulas, which parameters count, and weight decay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn

F = nn.functional


def network() -> nn.Sequential:
    rng = np.random.default_rng(0)
    layers = [nn.Linear(3, 4, rng=rng), nn.BatchNorm1d(4), nn.PReLU(), nn.Linear(4, 2, rng=rng)]
    return nn.Sequential(*layers).to(np.float64)


X = np.random.default_rng(1).standard_normal((8, 3))
Y = np.random.default_rng(2).integers(0, 2, 8)


def weights(model: nn.Module) -> list[Any]:
    return [model[0].weight.data, model[3].weight.data]  # type: ignore[index]


def test_only_weights_count_unless_more_is_asked_for() -> None:
    model = network()
    absolute = sum(np.abs(w).sum() for w in weights(model))
    squares = sum((w**2).sum() for w in weights(model))
    assert F.l1_penalty(model, 0.3).item() == pytest.approx(0.3 * absolute)
    assert F.l2_penalty(model, 0.3).item() == pytest.approx(0.15 * squares)
    mixed = F.elastic_net(model, 0.3, l1_ratio=0.2).item()
    assert mixed == pytest.approx(0.3 * (0.2 * absolute + 0.4 * squares))
    first = (weights(model)[0] ** 2).sum() / 2
    assert F.l2_penalty(model, names="0.*").item() == pytest.approx(first)
    assert F.l2_penalty(model, roles=["scale", "slope"]).item() == pytest.approx(2 + 0.25**2 / 2)
    everything = sum((p.data**2).sum() for p in model.parameters()) / 2
    assert F.l2_penalty(model, roles=None).item() == pytest.approx(everything)
    assert F.l2_penalty(list(model.parameters())).item() == pytest.approx(everything)
    model[3].requires_grad_(False)
    assert F.l2_penalty(model).item() == pytest.approx(first)


def test_parameters_without_a_role_go_by_their_names_and_shared_ones_count_once() -> None:
    class Own(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w = nn.Parameter([1.0, 2.0])
            self.bias = nn.Parameter([5.0])
            self.again = self.w

    assert F.l1_penalty(Own()).item() == 3.0
    assert F.l1_penalty(Own(), roles="bias").item() == 5.0


def test_roles_are_known_within_transforms() -> None:
    model = network()
    found = ad.grad(lambda m: F.l2_penalty(m, 0.3))(model)
    for (name, p), (_, g) in zip(model.named_parameters(), found.named_parameters(), strict=True):
        counts = name in ("0.weight", "3.weight")
        np.testing.assert_allclose(g.data, 0.3 * p.data if counts else 0 * p.data)


@pytest.mark.parametrize("options", [{}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}])
def test_the_square_is_weight_decay_in_sgd(options: dict[str, Any]) -> None:
    """Whether added to the loss or to the gradient, and whether the step is recorded or not."""

    def trained(in_loss: bool, compiled: bool) -> list[Any]:
        model, decay = network(), 0.05
        on = [model[0].weight, model[3].weight]
        off = [p for p in model.parameters() if all(p is not w for w in on)]
        groups = [{"params": on, "weight_decay": 0.0 if in_loss else decay}, {"params": off}]
        optimizer = nn.optim.SGD(groups, lr=0.1, **options)

        def step() -> ad.Tensor:
            optimizer.zero_grad()
            loss = nn.cross_entropy(model(X), Y)
            if in_loss:
                loss = loss + F.l2_penalty(model, decay)
            loss.backward()
            optimizer.step()
            return loss

        run = ad.compile(step) if compiled else step
        for _ in range(6):
            run()
        return [p.data for p in model.parameters()]

    expected = trained(False, False)
    for compiled in (False, True):
        for found, wanted in zip(trained(True, compiled), expected, strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-14)


def test_absolute_values_make_weights_zero() -> None:
    model = nn.Linear(20, 1, rng=0)
    x = np.random.default_rng(0).standard_normal((200, 20)).astype(np.float32)
    y = x[:, :1] - 2 * x[:, 1:2]
    optimizer = nn.optim.SGD(model.parameters(), lr=0.02)
    for _ in range(300):
        optimizer.zero_grad()
        (nn.mse_loss(model(x), y) + F.l1_penalty(model, 0.2)).backward()
        optimizer.step()
    found = abs(model.weight.data[0])
    assert found[2:].max() < 0.02
    assert found[:2].min() > 0.5


WRONG: list[tuple[Callable[[], Any], str]] = [
    (lambda: F.l2_penalty(network(), -1), "l2_penalty takes a strength of 0 or more, not -1"),
    (lambda: F.elastic_net(network(), 1, 2), "an l1_ratio from 0 to 1, not 2"),
    (lambda: F.l1_penalty(nn.Linear(2, 1), roles="scale"), "weight (weight), bias (bias)"),
    (lambda: F.l1_penalty(nn.ReLU()), "no parameter counts; ReLU trains none"),
    (lambda: F.l1_penalty([]), "no parameter counts; give a module, or tensors"),
]


@pytest.mark.parametrize(("call", "message"), WRONG, ids=[row[1] for row in WRONG])
def test_what_does_not_fit_is_said(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=r"strength|ratio|counts") as caught:
        call()
    assert message in str(caught.value)
