"""Modules that wait for their first input."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.errors import BatchingError, ShapeError, TracingError
from tests.nn.layer_rows import Row
from tests.nn.layer_samples import SAMPLES

LAZY = [row for row in SAMPLES if row.name.startswith("Lazy")]
X = np.random.default_rng(0).standard_normal((4, 3)).astype(np.float32)


def usual(row: Row) -> dict[str, bool]:
    """What PyTorch's lazy layers have as defaults, unlike the others."""
    return {"affine": True, "track_running_stats": True} if "InstanceNorm" in row.name else {}


@pytest.mark.parametrize("row", LAZY, ids=str)
def test_it_becomes_the_layer_of_that_size(row: Row) -> None:
    lazy = row.build()
    (x,) = row.arrays()
    assert repr(lazy).startswith(f"{row.name}(?")
    lazy.eval()(x)
    wanted = getattr(nn, row.name[4:])(3, *row.args, **usual(row)).double()
    wanted.load_state_dict(lazy.double().state_dict())
    assert type(lazy) is type(wanted)
    assert repr(lazy) == repr(wanted)
    np.testing.assert_allclose(lazy(x).data, wanted.eval()(x).data)
    assert not lazy.training
    fresh = row.build()
    if state := wanted.state_dict():
        fresh.load_state_dict(state)
        assert type(fresh) is type(wanted)
        np.testing.assert_allclose(fresh.eval()(x).data, wanted(x).data)


def test_the_numbers_are_those_of_the_ordinary_layer() -> None:
    lazy, plain = nn.LazyLinear(2, rng=7), nn.Linear(3, 2, rng=7)
    before = ad.random.generator().bit_generator.state
    np.testing.assert_array_equal(lazy(X).data, plain(X).data)
    assert ad.random.generator().bit_generator.state == before
    grouped = nn.LazyConv1d(4, 1, groups=2)
    grouped.load_state_dict(nn.Conv1d(6, 4, 1, groups=2).state_dict())
    assert grouped.in_channels == 6


def test_what_there_is_not_yet() -> None:
    model = nn.Sequential(nn.LazyLinear(2), nn.Tanh())
    for ask in (
        lambda: nn.optim.SGD(model.parameters(), lr=0.1),
        lambda: list(model.named_parameters()),
        lambda: model.state_dict(),
        lambda: model.double(),
        lambda: ad.grad(lambda m: ad.sum(m(X)))(model),
    ):
        with pytest.raises(RuntimeError, match=r"LazyLinear has no parameters yet.*Call the model"):
            ask()
    with pytest.raises(TracingError, match="call the model once before"):
        ad.compile(lambda x: model(x))(X)
    with pytest.raises(BatchingError, match="call the model once before"):
        ad.vmap(model)(X)
    with pytest.raises(ShapeError, match=r"axis -1 of its first input, and that has shape \(\)"):
        nn.LazyLinear(2)(1.0)
    with pytest.raises(ValueError, match="out_features must be a positive integer"):
        nn.LazyLinear(0)
    seen = []
    model[0].register_forward_hook(lambda m, a, y: seen.append(type(m)))
    twin = copy.deepcopy(model)
    assert model.eval()(X).shape == (4, 2)
    assert seen == [nn.Linear]
    assert not model[0].training
    assert len(list(model.parameters())) == 2
    model(X)
    assert len(seen) == 2
    twin.load_state_dict(model.state_dict())
    np.testing.assert_array_equal(twin(X).data, model(X).data)
    assert ad.compile(lambda x: model(x))(X).shape == (4, 2)
