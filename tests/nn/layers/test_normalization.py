"""Normalising layers against their formulas, against PyTorch, compiled, and what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.nn.layer_rows import Row
from tests.nn.layer_samples import of
from tests.nn.layers.beside_torch import assert_as_torch, assert_compiled_as_called

ROWS = of(
    *("BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "InstanceNorm1d", "InstanceNorm2d"),
    *("InstanceNorm3d", "GroupNorm", "LayerNorm", "LocalResponseNorm", "RMSNorm"),
)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_numbers_and_states_are_those_of_pytorch(row: Row, training: bool) -> None:
    theirs = row.build_torch(pytest.importorskip("torch"))
    mine = row.build().train(training)
    assert_as_torch(mine, theirs.train(training), *row.arrays(), rtol=1e-8, twice=True)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_compiled_steps_leave_what_ordinary_ones_leave(row: Row) -> None:
    assert_compiled_as_called(row.build(np.float32), *row.arrays(np.float32))


def standardised(x: Any, axes: tuple[int, ...], eps: float = 1e-5) -> Any:
    mean = x.mean(axes, keepdims=True)
    return (x - mean) / np.sqrt(((x - mean) ** 2).mean(axes, keepdims=True) + eps)


FORMULAS: dict[str, tuple[nn.Module, tuple[int, ...], Any]] = {
    "batch, images": (nn.BatchNorm2d(3), (4, 3, 2, 5), lambda x: standardised(x, (0, 2, 3))),
    "batch, volumes": (nn.BatchNorm3d(3), (4, 3, 2, 2, 2), lambda x: standardised(x, (0, 2, 3, 4))),
    "instance": (nn.InstanceNorm2d(3), (4, 3, 2, 5), lambda x: standardised(x, (2, 3))),
    "layer": (nn.LayerNorm((3, 5)), (4, 3, 5), lambda x: standardised(x, (1, 2))),
    "group": (
        nn.GroupNorm(2, 6),
        (4, 6, 5),
        lambda x: standardised(x.reshape(4, 2, 3, 5), (2, 3)).reshape(4, 6, 5),
    ),
    "mean square": (
        nn.RMSNorm(5, eps=0.5),
        (4, 5),
        lambda x: x / np.sqrt((x * x).mean(1, keepdims=True) + 0.5),
    ),
    "response": (
        nn.LocalResponseNorm(3, alpha=0.5, beta=1.5, k=2.0),
        (2, 4, 5),
        lambda x: np.stack(
            [
                x[:, c] / (2 + 0.5 * (x[:, max(c - 1, 0) : c + 2] ** 2).sum(1) / 3) ** 1.5
                for c in range(4)
            ],
            1,
        ),
    ),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_the_formula(name: str) -> None:
    layer, shape, formula = FORMULAS[name]
    x = np.random.default_rng(0).standard_normal(shape) * 3 + 1
    wanted = formula(x)
    np.testing.assert_allclose(layer.to(np.float64)(x).data, wanted, rtol=1e-11)
    layer.to(np.float32)
    single = ad.Tensor(x.astype(np.float32), requires_grad=True)
    y = layer(single)
    y.sum().backward()
    assert (y.dtype, single.grad.dtype) == (np.float32, np.float32)
    np.testing.assert_allclose(y.data, wanted, rtol=1e-4, atol=1e-5)


def test_running_figures_of_instances_are_means_over_the_batch() -> None:
    layer = nn.InstanceNorm1d(2, momentum=0.3, track_running_stats=True, dtype=np.float64)
    x = np.random.default_rng(0).standard_normal((4, 2, 5))
    layer(x)
    state = layer.state_dict()
    np.testing.assert_allclose(state["running_mean"], 0.3 * x.mean(2).mean(0), rtol=1e-12)
    wanted = 0.7 + 0.3 * x.var(2, ddof=1).mean(0)
    np.testing.assert_allclose(state["running_var"], wanted, rtol=1e-12)
    y = layer.eval()(x[0]).data
    mean, var = state["running_mean"][:, None], state["running_var"][:, None]
    np.testing.assert_allclose(y, (x[0] - mean) / np.sqrt(var + 1e-5), rtol=1e-12)


@pytest.mark.parametrize("row", [row for row in ROWS if "unbatched" not in row.note], ids=str)
def test_a_batch_of_nothing_gives_nothing_and_leaves_the_figures(row: Row) -> None:
    layer = row.build()
    before = {k: v for k, v in layer.state_dict().items() if "running" in k}
    (x,) = row.arrays()
    leaf = ad.Tensor(x[:0], requires_grad=True)
    y = layer(leaf)
    y.sum().backward()
    assert y.shape == leaf.grad.shape == (0, *x.shape[1:])
    for name, array in before.items():
        np.testing.assert_array_equal(array, layer.state_dict()[name])


@pytest.mark.parametrize(
    ("make", "shape", "message"),
    [
        (lambda: nn.BatchNorm2d(3), (4, 3), r"BatchNorm2d\(3\) takes .*\(N, 3, H, W\), and got"),
        (lambda: nn.BatchNorm3d(3), (4, 2, 1, 1, 1), r"\(N, 3, D, H, W\), and got \(4, 2, 1"),
        (lambda: nn.InstanceNorm1d(3), (4, 5), r"\(3, L\) or \(N, 3, L\), and got \(4, 5\)"),
        (lambda: nn.InstanceNorm2d(3), (2, 3, 1, 1), r"one element each.*give at least two"),
        (lambda: nn.LayerNorm((4, 3)), (3,), r"LayerNorm\(\(4, 3\)\) takes .*\(…, 4, 3\)"),
        (lambda: nn.RMSNorm(4), (2, 3), r"RMSNorm\(4\) takes inputs of shape \(…, 4\)"),
        (lambda: nn.GroupNorm(2, 4), (2, 3), r"GroupNorm\(2, 4\) takes .*\(N, 4\) or \(N, 4, …\)"),
        (lambda: nn.LocalResponseNorm(2), (2, 3), r"takes x of shape \(N, C, …\)"),
        (lambda: nn.BatchNorm2d(0), (), "BatchNorm2d: num_features must be a positive integer"),
        (lambda: nn.LayerNorm(()), (), "normalized_shape has no length"),
        (lambda: nn.LayerNorm((3, 0)), (), "normalized_shape must be a positive integer, not 0"),
        (lambda: nn.GroupNorm(3, 4), (), "4 channels do not divide into 3 groups"),
        *(
            (
                lambda kind=kind, args=args: getattr(nn, kind)(*args, eps=-1e-5),
                (),
                f"{kind.removeprefix('Lazy')}: eps",
            )
            for kind, args in (
                ("BatchNorm1d", (3,)),
                ("LazyBatchNorm2d", ()),
                ("InstanceNorm1d", (3,)),
                ("LayerNorm", (3,)),
                ("RMSNorm", (3,)),
                ("GroupNorm", (1, 3)),
            )
        ),
        (lambda: nn.BatchNorm1d(3, momentum=1.5), (), "momentum must be from 0 to 1, not 1.5"),
        (lambda: nn.LocalResponseNorm(0), (), "size must be a positive integer"),
        (
            lambda: nn.InstanceNorm1d(3, momentum=None, track_running_stats=True),  # type: ignore[arg-type]
            (),
            "momentum=None leaves the running figures",
        ),
    ],
)
def test_what_is_refused(make: Any, shape: tuple[int, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()(np.zeros(shape))


def test_settings_that_differ_from_the_usual_are_printed() -> None:
    printed = {
        repr(nn.BatchNorm2d(3, bias=False)): "BatchNorm2d(3, bias=False)  # 3 parameters",
        repr(nn.InstanceNorm1d(3, affine=True)): "InstanceNorm1d(3, affine=True)  # 6 parameters",
        repr(nn.LayerNorm(3, bias=False)): "LayerNorm(3, bias=False)  # 3 parameters",
        repr(nn.RMSNorm((2, 3), 0.1, False)): "RMSNorm((2, 3), eps=0.1, elementwise_affine=False)",
        repr(nn.GroupNorm(2, 4, affine=False)): "GroupNorm(2, 4, affine=False)",
    }
    assert list(printed) == list(printed.values())
