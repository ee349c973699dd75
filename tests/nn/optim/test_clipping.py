"""Gradients cut down to a size: by formula, beside PyTorch's, and inside compiled steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from nn.utils import (
    clip_grad_norm_,
    clip_grad_norm_each_,
    clip_grad_value_,
    clip_grads_with_norm_,
    get_total_norm,
)

GRADIENTS = [
    np.array([[3.0, -1.0], [0.5, 2.0]]),
    np.array(-4.0),
    np.zeros((0, 2)),
    np.array([0.25]),
]


def parameters(kind: Any = np.float64) -> list[nn.Parameter]:
    made = [nn.Parameter(np.ones(g.shape, kind)) for g in GRADIENTS]
    for p, g in zip(made, GRADIENTS, strict=True):
        p.grad = g.astype(kind)
    return [*made, nn.Parameter([1.0])]


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("norm_type", [1, 2.0, 3, float("inf"), 0.5])
@pytest.mark.parametrize("most", [0.0, 0.1, 2.0, 100.0])
def test_norms_are_pytorchs(kind: Any, norm_type: float, most: float) -> None:
    torch = pytest.importorskip("torch")
    mine = parameters(kind)
    theirs = [torch.nn.Parameter(torch.tensor(np.array(p.data))) for p in mine]
    for p, q in zip(mine, theirs, strict=True):
        q.grad = None if p.grad is None or not p.size else torch.tensor(p.grad)
    found = clip_grad_norm_(mine, most, norm_type)
    wanted = torch.nn.utils.clip_grad_norm_(theirs, most, norm_type)
    tolerance = 1e-6 if kind == np.float32 else 1e-13
    assert found.item() == pytest.approx(wanted.item(), rel=tolerance)
    for p, q in zip(mine, theirs, strict=True):
        if q.grad is not None:
            np.testing.assert_allclose(p.grad, q.grad.numpy(), rtol=tolerance)
            assert p.grad.dtype == kind
    assert mine[-1].grad is None


def test_values_and_layers() -> None:
    ps = parameters()
    clip_grad_value_(ps, 1.5)
    for p, g in zip(ps, GRADIENTS, strict=False):
        np.testing.assert_array_equal(p.grad, np.clip(g, -1.5, 1.5))
    ps = parameters()
    first, rest = ps[:1], ps[1:]
    norms = clip_grad_norm_each_([first, rest, ps[4]], 2.0)
    size, others = np.sqrt((GRADIENTS[0] ** 2).sum()), np.sqrt(16 + 0.0625)
    assert [n.item() for n in norms] == [pytest.approx(size), pytest.approx(others), 0.0]
    np.testing.assert_allclose(first[0].grad, GRADIENTS[0] * 2 / size, rtol=1e-6)
    np.testing.assert_allclose(rest[0].grad, GRADIENTS[1] * 2 / others, rtol=1e-6)
    assert get_total_norm([p.grad for p in first]).item() == pytest.approx(2.0, rel=1e-5)
    clip_grads_with_norm_(rest, 1.0, get_total_norm([p.grad for p in rest[:3]]))
    assert abs(rest[0].grad) == pytest.approx(4 / others, rel=1e-5)
    layer = nn.Linear(2, 2, bias=False)
    layer.weight.grad = np.full((2, 2), 2.0, np.float32)
    assert clip_grad_norm_each_([layer], 1.0)[0].item() == 4.0


def test_one_array_for_two_parameters_is_scaled_once() -> None:
    p, q = nn.Parameter([1.0]), nn.Parameter([1.0])
    p.grad = q.grad = np.ones(1, np.float32)
    clip_grad_norm_([p, q], 1.0)
    assert p.grad.tolist() == q.grad.tolist() == [pytest.approx(0.5**0.5, rel=1e-5)]


@pytest.mark.parametrize("how", ["norm", "inf", "value", "each", "hook"])
def test_in_a_compiled_step(how: str) -> None:
    def run(compiled: bool) -> list[Any]:
        rng = np.random.default_rng(0)
        model = nn.Sequential(nn.Linear(3, 4, rng=rng), nn.Tanh(), nn.Linear(4, 1, rng=rng))
        optimizer = nn.optim.SGD(model.parameters(), 0.1, momentum=0.9)
        if how == "hook":
            optimizer.register_step_pre_hook(lambda *_: clip_grad_norm_(model.parameters(), 0.1))

        def train(x: Any, y: Any) -> Any:
            optimizer.zero_grad()
            nn.mse_loss(model(x), y).backward()
            result: Any = None
            if how in ("norm", "inf"):
                result = clip_grad_norm_(model.parameters(), 0.1, 2 if how == "norm" else np.inf)
            elif how == "value":
                clip_grad_value_(model.parameters(), 0.01)
            elif how == "each":
                result = clip_grad_norm_each_([model[0], model[2]], 0.1)[0]
            optimizer.step()
            return result

        step = ad.compile(train) if compiled else train
        norms = []
        for _ in range(5):
            x = rng.standard_normal((4, 3)).astype(np.float32)
            norm = step(x, x[:, :1])
            norms.append(0.0 if norm is None else norm.item())
        return [*norms, *(p.numpy() for p in model.parameters())]

    for a, b in zip(run(False), run(True), strict=True):
        np.testing.assert_array_equal(a, b)


def test_messages() -> None:
    p = nn.Parameter([1.0])
    p.grad = np.array([np.nan], np.float32)
    with pytest.raises(FloatingPointError, match="of order 2 of the gradients is nan"):
        clip_grad_norm_([p], 1.0, error_if_nonfinite=True)
    assert np.isnan(p.grad).all()
    with pytest.raises(TypeError, match=r"not the module Linear; write model\.parameters"):
        clip_grad_norm_(nn.Linear(1, 1), 1.0)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="number 0 is a tuple"):
        clip_grad_value_(nn.Linear(1, 1).named_parameters(), 1.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="max_norm must be a number not below 0, and -1"):
        clip_grad_norm_([p], -1)
    with pytest.raises(ValueError, match="clip_value must be a number not below 0, and nan"):
        clip_grad_value_([p], float("nan"))
    with pytest.raises(ValueError, match="norm_type must be above 0"):
        clip_grad_norm_([p], 1.0, 0)
    with pytest.raises(AttributeError, match=r"it is nn\.utils\.clip_grad_norm_"):
        nn.optim.clip_grad_norm_  # noqa: B018
    assert get_total_norm([]).item() == 0.0
