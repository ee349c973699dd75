"""All parameters as one vector; batch normalisation taken into the weights before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.errors import ShapeError
from nn import utils


def test_a_vector_of_all_parameters_and_back() -> None:
    model = nn.Sequential(nn.Linear(2, 3, rng=0), nn.Linear(3, 1, rng=1, dtype=np.float64))
    state, kept = model.state_dict(), list(model.parameters())
    vector = utils.parameters_to_vector(model.parameters())
    np.testing.assert_array_equal(vector.data, np.concatenate([p.ravel() for p in state.values()]))
    ad.sum(vector * vector).backward()
    np.testing.assert_array_equal(kept[0].grad, 2 * state["0.weight"])
    utils.vector_to_parameters(2 * vector, model.parameters())
    for p, (name, old) in zip(kept, state.items(), strict=True):
        np.testing.assert_array_equal(model.get_parameter(name).data, 2 * old)
        assert model.get_parameter(name) is p
        assert p.dtype == old.dtype
    held = vector.numpy().copy()
    utils.vector_to_parameters(held, model.parameters())
    held[:] = 0
    assert kept[0].data.any()
    with pytest.raises(ShapeError, match=r"shape \(3,\).*take \(13,\)"):
        utils.vector_to_parameters(np.ones(3), model.parameters())
    with pytest.raises(ValueError, match="no parameters"):
        utils.parameters_to_vector([])


FUSED: dict[str, tuple[Callable[[], Any], Callable[[], Any], tuple[int, ...], bool]] = {
    "Linear": (lambda: nn.Linear(3, 4), lambda: nn.BatchNorm1d(4), (5, 3), False),
    "without bias": (lambda: nn.Linear(3, 4, bias=False), lambda: nn.BatchNorm1d(4), (5, 3), False),
    "Conv1d": (
        lambda: nn.Conv1d(2, 4, 3, groups=2),
        lambda: nn.BatchNorm1d(4, affine=False),
        (5, 2, 6),
        False,
    ),
    "Conv2d": (lambda: nn.Conv2d(2, 3, 3), lambda: nn.BatchNorm2d(3), (2, 2, 5, 5), False),
    "transposed": (
        lambda: nn.ConvTranspose2d(2, 3, 2, bias=False),
        lambda: nn.BatchNorm2d(3),
        (2, 2, 4, 4),
        True,
    ),
}


@pytest.mark.parametrize("name", FUSED)
def test_a_layer_and_batch_normalisation_are_one_layer(name: str) -> None:
    make, normalise, shape, transpose = FUSED[name]
    layer, bn = make(), normalise()
    x = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    for parameter in bn.parameters():
        parameter.data = np.random.default_rng(1).normal(size=parameter.shape)
    for _ in range(3):
        bn(layer(x))
    linear = isinstance(layer, nn.Linear)
    fuse: Any = utils.fuse_linear_bn_eval if linear else utils.fuse_conv_bn_eval
    extra = {} if linear else {"transpose": transpose}
    with pytest.raises(ValueError, match=r"in training.*eval\(\)"):
        fuse(layer, bn, **extra)
    layer.eval(), bn.eval()
    made, before = fuse(layer, bn, **extra), layer.state_dict()
    np.testing.assert_allclose(made(x).data, bn(layer(x)).data, rtol=1e-4, atol=1e-5)
    assert type(made) is type(layer)
    for key, array in layer.state_dict().items():
        np.testing.assert_array_equal(array, before[key])
    with pytest.raises(ValueError, match="no running figures"):
        fuse(layer, nn.BatchNorm1d(4, track_running_stats=False).eval(), **extra)


def test_fused_weights_are_those_of_pytorch() -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    w, b, mean, gamma, beta = rng.normal(size=(4, 3, 2)), *rng.normal(size=(4, 4))
    var = rng.uniform(0.5, 2, 4)
    given = (w, b, mean, var, 1e-3, gamma, beta)
    ours = utils.fuse_conv_bn_weights(*(x if np.isscalar(x) else ad.asarray(x) for x in given))
    tensors = [x if np.isscalar(x) else torch.tensor(x) for x in given]
    for mine, wanted in zip(ours, torch.nn.utils.fuse_conv_bn_weights(*tensors), strict=True):
        np.testing.assert_allclose(mine.data, wanted.detach().numpy(), rtol=1e-12)
