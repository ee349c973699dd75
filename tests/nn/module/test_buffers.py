"""Buffers that a module changes while it runs: replaced, or in place, also in compiled steps."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.errors import BatchingError, NonDifferentiableError, ShapeError, TracingError

BATCHES = np.random.default_rng(0).normal(size=(5, 4, 3)).astype(np.float32)


def _data(m: Any, x: Any) -> None:
    m.mean.data = m.mean.data + 1


def _augmented(m: Any, x: Any) -> None:
    m.mean += 1.0
    m.mean *= 0.5
    m.count += 1


def _replaced(m: Any, x: Any) -> None:
    m.mean = 0.9 * m.mean + 0.1 * x.mean(0)
    m.count = m.count + 1


def _twice(m: Any, x: Any) -> None:
    before = m.mean
    m.mean = m.mean + 1
    m.mean = m.mean * 2 - before


def _item(m: Any, x: Any) -> None:
    m.mean[:] = x.mean(0)
    m.mean[0] = 2.0


def _shared(m: Any, x: Any) -> None:
    m.mean.copy_(x[0])
    m.mean.fill_(3) if m.count is None else m.mean.add_(x[1])


UPDATES: dict[str, Callable[[Any, Any], Any]] = {
    "data": _data,
    "augmented": _augmented,
    "replaced": _replaced,
    "twice": _twice,
    "item": _item,
    "copied": _shared,
    "copy_": lambda m, x: m.mean.copy_(x.mean(0)),
    "smaller": lambda m, x: m.mean.copy_(x[0, 0]),
    "fill_": lambda m, x: m.mean.fill_(2),
    "zero_": lambda m, x: m.mean.zero_(),
    "add_": lambda m, x: m.mean.add_(x.mean(0), alpha=0.5),
    "sub_": lambda m, x: m.mean.sub_(x.mean(0), alpha=2),
    "mul_": lambda m, x: m.mean.mul_(x.mean(0)),
    "div_": lambda m, x: m.mean.div_(2.0),
    "pow_": lambda m, x: m.mean.pow_(2),
    "lerp_": lambda m, x: m.mean.lerp_(x.mean(0), 0.25),
    "addcmul_": lambda m, x: m.mean.addcmul_(x[0], x[1], value=0.5),
    "addcdiv_": lambda m, x: m.mean.addcdiv_(x[0], m.mean * m.mean + 1, value=-1),
    "clamp_": lambda m, x: m.mean.clamp_(min=0.8, max=0.9),
    "count": lambda m, x: m.count.add_(2).mul_(3),
}
"""What a module does to its buffers; the same code for PyTorch."""


def tracked(library: Any, tensor: Any, update: Callable[[Any, Any], Any]) -> Any:
    """A module with buffers, which uses the old ones of each batch in what it gives."""

    class Tracked(library.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.scale = library.Parameter(tensor(np.ones(3, np.float32)))
            self.register_buffer("mean", tensor(np.array([1.0, 0.5, 2.0], np.float32)))
            self.register_buffer("count", tensor(np.zeros((), np.int64)))

        def forward(self, x: Any) -> Any:
            before = self.mean * 1
            update(self, x)
            return (self.scale * before + self.mean).sum() + self.count

    return Tracked()


@pytest.mark.parametrize("name", UPDATES)
def test_buffers_change_as_in_pytorch_and_in_compiled_steps(name: str) -> None:
    torch = pytest.importorskip("torch")
    theirs = tracked(torch.nn, torch.tensor, UPDATES[name])
    wanted = []
    for batch in BATCHES:
        theirs.scale.grad = None
        result = theirs(torch.tensor(batch))
        result.backward()
        wanted.append((result.item(), theirs.scale.grad.numpy()))
    for compiled in (False, True):
        ours = tracked(nn, np.asarray, UPDATES[name])

        def step(x: Any, model: Any = ours) -> Any:
            model.zero_grad()
            result = model(x)
            result.backward()
            return result

        run = ad.compile(step) if compiled else step
        for batch, (value, gradient) in zip(BATCHES, wanted, strict=True):
            result = run(ad.asarray(batch))
            np.testing.assert_allclose(result.item(), value, rtol=1e-5)
            np.testing.assert_allclose(ours.scale.grad, gradient, rtol=1e-5)
        state = theirs.state_dict()
        assert ours.state_dict().keys() == state.keys()
        for key, array in ours.state_dict().items():
            np.testing.assert_allclose(array, state[key].detach().numpy(), rtol=1e-5)
            assert array.dtype == state[key].numpy().dtype
        assert isinstance(ours.mean, nn.Buffer)
        assert not compiled or run.recordings == 1


def test_the_one_that_was_replaced_stays_as_it_was() -> None:
    """As in PyTorch the attribute gets another tensor, and who holds the old one keeps it."""
    model = tracked(nn, np.asarray, lambda m, x: None)
    before = model.mean
    y = (model.scale * before).sum()
    model.mean = np.zeros((2, 2))
    assert before.tolist() == [1.0, 0.5, 2.0]
    assert (model.mean.shape, model.mean.dtype) == ((2, 2), np.float64)
    assert model.state_dict()["mean"].shape == (2, 2)
    y.backward()
    np.testing.assert_array_equal(model.scale.grad, before.data)
    model.register_buffer("aside", np.ones(2), persistent=False)
    model.aside = model.aside + 1
    assert "aside" not in model.state_dict()
    model.count = None
    assert "count" not in dict(model.named_buffers())
    model.mean = nn.Parameter([1.0])
    assert "mean" in dict(model.named_parameters())


def test_copies_of_a_module_replace_the_buffers_of_the_original() -> None:
    model = tracked(nn, np.asarray, UPDATES["replaced"])
    twin = copy.deepcopy(model)
    for step in (ad.grad(lambda m: m(BATCHES[0])), lambda m: nn.functional_call(m, {}, BATCHES[0])):
        expected = copy.deepcopy(model)
        expected(ad.asarray(BATCHES[0]))
        step(model)
        np.testing.assert_allclose(model.mean.data, expected.mean.data, rtol=1e-6)
    assert (model.count.item(), twin.count.item()) == (2, 0)
    inner = ad.grad(lambda m: ad.sum(ad.grad(lambda k: k(BATCHES[0]))(m).scale))
    inner(model)
    assert model.count.item() == 3
    made = ad.grad(lambda m: m(BATCHES[0]))(model)
    copy.deepcopy(made)(BATCHES[0])
    assert model.count.item() == 4
    step = ad.compile(lambda x: ad.grad(lambda m: m(x))(model).scale)
    for _ in range(4):
        step(BATCHES[0])
    assert model.count.item() == 8


@pytest.mark.parametrize(
    ("update", "error", "message"),
    [
        (
            lambda m, x: setattr(m, "mean", m.mean * m.scale),
            NonDifferentiableError,
            r"Tracked.mean is a buffer.*'multiply'.*x\.detach\(\)",
        ),
        (lambda m, x: m.mean.add_(m.scale), NonDifferentiableError, r"carries a gradient"),
        (lambda m, x: m.scale.add_(1), NonDifferentiableError, r"inside `with autodiff.no_grad"),
        (lambda m, x: m.count.add_(0.5), TypeError, r"dtype int64 cannot keep the float64"),
        (lambda m, x: m.mean.copy_(np.ones(4)), ShapeError, r"shape \(3,\).*shape \(4,\)"),
        (lambda m, x: m.mean.add_(np.ones((2, 3))), ShapeError, r"shape \(2, 3\)"),
        (lambda m, x: (x + 1).copy_(m.mean), AttributeError, r"'copy_'; that is no method"),
        (lambda m, x: m.scale.data.normal_(0, 1), AttributeError, r"p\.normal_.*nn\.init"),
        (lambda m, x: m.scale.normal_(0, 1), AttributeError, r"nn\.init\.normal_\(p\)"),
    ],
)
def test_what_a_buffer_cannot_take(update: Any, error: Any, message: str) -> None:
    model = tracked(nn, np.asarray, update)
    with pytest.raises(error, match=message):
        model(ad.asarray(BATCHES[0]))
    assert model.mean.tolist() == [1.0, 0.5, 2.0]


def test_what_a_compiled_step_and_vmap_refuse() -> None:
    model = tracked(nn, np.asarray, lambda m, x: setattr(m, "mean", m.mean.astype(np.float64)))
    with pytest.raises(TracingError, match=r"buffer Tracked\.mean of shape \(3,\).*float64"):
        ad.compile(model)(BATCHES[0])
    for name in ("replaced", "copy_"):
        model = tracked(nn, np.asarray, UPDATES[name])
        with pytest.raises(BatchingError):
            ad.vmap(model)(BATCHES)


def test_parameters_are_changed_in_place_without_a_graph() -> None:
    target, source = nn.Linear(2, 1, rng=0), nn.Linear(2, 1, rng=1)
    pairs = lambda: zip(target.parameters(), source.parameters(), strict=True)  # noqa: E731
    wanted = [0.75 * a.data + 0.25 * b.data for a, b in pairs()]
    with ad.no_grad():
        for a, b in pairs():
            assert a.mul_(0.75).add_(b, alpha=0.25) is a
    for a, numbers in zip(target.parameters(), wanted, strict=True):
        np.testing.assert_allclose(a.data, numbers, rtol=1e-6)
        assert a.requires_grad
    with ad.no_grad():
        target.weight.copy_(source.weight)
        source.weight.zero_()
    assert target.weight.data.any()
    assert {"copy_", "add_"} <= set(dir(target.weight))
    assert "cuda" not in dir(target.weight)
