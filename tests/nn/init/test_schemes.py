"""Initial values of kernels, counted connection by connection; cut, orthogonal, sparse ones."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from nn import init

CONVOLVE = {
    False: (ad.conv1d, ad.conv2d, ad.conv3d),
    True: (ad.conv_transpose1d, ad.conv_transpose2d, ad.conv_transpose3d),
}
# Input and output channels, kernel, groups.
KERNELS: list[tuple[int, int, tuple[int, ...], int]] = [
    (6, 4, (3,), 1),
    (6, 4, (5,), 2),
    (4, 6, (3, 5), 1),
    (6, 6, (3, 3), 6),
    (4, 8, (2, 2), 4),
    (4, 2, (3, 1, 2), 1),
    (4, 6, (2, 2, 2), 2),
]


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize(("inputs", "outputs", "kernel", "groups"), KERNELS)
def test_fans_count_the_connections_of_a_convolution(
    inputs: int, outputs: int, kernel: tuple[int, ...], groups: int, transposed: bool
) -> None:
    """In the middle of an image of ones a kernel of ones counts what meets there."""
    channels = (inputs, outputs) if transposed else (outputs, inputs)
    shape = (channels[0], channels[1] // groups, *kernel)
    axes = {"in_axis": 0, "out_axis": 1} if transposed else {}
    function: Any = CONVOLVE[transposed][len(kernel) - 1]
    x = ad.Tensor(np.ones((1, inputs, *(11,) * len(kernel))), requires_grad=True)
    y = function(x, np.ones(shape), groups=groups)
    y.sum().backward()
    middle = (0, 0, *(5,) * len(kernel))
    counted = (y.data[middle], x.grad[middle])
    assert init.calculate_fan(shape, groups=groups, **axes) == counted


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("kernel", [(5,), (3, 3), (2, 3, 2)])
@pytest.mark.parametrize("groups", [1, 4])
def test_variances_of_every_scaled_scheme(
    kernel: tuple[int, ...], groups: int, transposed: bool
) -> None:
    field, inputs, outputs = math.prod(kernel), 48, 80
    fan_in, fan_out = field * inputs // groups, field * outputs // groups
    channels = (inputs, outputs // groups) if transposed else (outputs, inputs // groups)
    how: Any = {"groups": groups, "rng": 1, "dtype": np.float64}
    how |= {"in_axis": 0, "out_axis": 1} if transposed else {}
    expected = {
        "lecun": 1 / fan_in,
        "xavier": 2 / (fan_in + fan_out),
        "glorot": 2 / (fan_in + fan_out),
        "kaiming": 2 / fan_in,
        "he": 2 / fan_in,
    }
    for name, variance in expected.items():
        for kind in ("normal", "uniform"):
            values = init.SCHEMES[f"{name}_{kind}"]((*channels, *kernel), **how)
            # Five standard errors of the variance of normal draws, and of the mean.
            assert values.var() == pytest.approx(variance, rel=5 * math.sqrt(2 / values.size))
            assert abs(values.mean()) < 5 * math.sqrt(variance / values.size)
            if kind == "uniform":
                assert abs(values).max() <= math.sqrt(3 * variance)
    back = init.kaiming_normal((*channels, *kernel), mode="fan_out", **how)
    assert back.var() == pytest.approx(2 / fan_out, rel=5 * math.sqrt(2 / back.size))


@pytest.mark.parametrize("distribution", ["normal", "uniform", "truncated_normal"])
@pytest.mark.parametrize("mode", ["fan_in", "fan_out", "fan_avg", "fan_geo_avg"])
def test_variance_scaling(mode: str, distribution: str) -> None:
    fan = {"fan_in": 125, "fan_out": 500, "fan_avg": 312.5, "fan_geo_avg": 250}[mode]
    values = init.variance_scaling((100, 25, 5), 3.0, mode, distribution, rng=0, dtype=float)
    assert values.var() == pytest.approx(3 / fan, rel=5 * math.sqrt(2 / values.size))
    weight = nn.Parameter(np.zeros((5, 25, 100)))
    init.variance_scaling_(weight, 3.0, mode, distribution, 0, in_axis=1, out_axis=2)
    assert weight.data.var() == pytest.approx(3 / fan, rel=5 * math.sqrt(2 / values.size))


def density(x: float) -> float:
    return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def below(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))


@pytest.mark.parametrize(("mean", "std", "a", "b"), [
    (0.0, 1.0, -2.0, 2.0),
    (0.5, 2.0, -1.0, 4.0),
    (0.0, 0.02, -2.0, 2.0),
    (0.0, 1.0, 0.5, 0.6),
    (0.0, 1.0, 3.0, 9.0),
    (0.0, 1.0, 6.0, 1e9),
])  # fmt: skip
def test_cut_normals_have_the_moments_of_the_formula(
    mean: float, std: float, a: float, b: float
) -> None:
    low, high = (a - mean) / std, (b - mean) / std
    mass = 0.5 * (math.erfc(low / math.sqrt(2)) - math.erfc(high / math.sqrt(2)))
    shift = (density(low) - density(high)) / mass
    ends = [x * density(x) if abs(x) < 1e6 else 0.0 for x in (low, high)]
    variance = std**2 * (1 + (ends[0] - ends[1]) / mass - shift**2)
    values = init.trunc_normal((200_000,), mean, std, a, b, rng=0, dtype=np.float64)
    assert a <= values.min() <= values.max() <= b
    error = math.sqrt(variance / values.size)
    assert values.mean() == pytest.approx(mean + std * shift, abs=5 * error)
    assert values.var() == pytest.approx(variance, rel=0.03)


def test_pytorchs_order_of_arguments_means_what_it_means_there() -> None:
    weight = nn.Parameter(np.zeros(40_000))
    init.trunc_normal_(weight, 0.0, 0.02, -0.01, 0.01, rng=0)
    assert abs(weight.data).max() <= 0.01
    assert weight.data.std() == pytest.approx(0.01 / math.sqrt(3), rel=0.05)
    torch = pytest.importorskip("torch")
    theirs = torch.nn.init.trunc_normal_(torch.empty(40_000), 0.0, 0.02, -0.01, 0.01)
    assert weight.data.std() == pytest.approx(theirs.std().item(), rel=0.02)


@pytest.mark.parametrize("shape", [(5, 5), (3, 7), (7, 3), (4, 2, 3), (12, 2, 2, 2)])
def test_orthogonal_rows_or_columns(shape: tuple[int, ...]) -> None:
    w = init.orthogonal(shape, 2.0, rng=0, dtype=np.float64).reshape(shape[0], -1)
    product = w @ w.T if w.shape[0] <= w.shape[1] else w.T @ w
    np.testing.assert_allclose(product, 4 * np.eye(len(product)), atol=1e-12)


def test_orthogonal_matrices_are_drawn_evenly() -> None:
    rng = np.random.default_rng(0)
    drawn = np.array([init.orthogonal((2, 2), rng=rng, dtype=float) for _ in range(4000)])
    angles = np.arctan2(drawn[:, 1, 0], drawn[:, 0, 0])
    counts, _ = np.histogram(angles, 8, (-np.pi, np.pi))
    assert abs(counts / 500 - 1).max() < 0.2
    assert abs((np.linalg.det(drawn) > 0).mean() - 0.5) < 0.05


@pytest.mark.parametrize(
    ("shape", "groups"), [((4, 6, 3), 1), ((6, 4, 5, 3), 1), ((6, 2, 3, 3, 3), 3), ((9, 2, 4), 3)]
)
def test_dirac_is_that_of_pytorch_and_passes_channels_on(
    shape: tuple[int, ...], groups: int
) -> None:
    kernel = init.dirac(shape, groups)
    torch = pytest.importorskip("torch")
    np.testing.assert_array_equal(kernel, torch.nn.init.dirac_(torch.empty(shape), groups).numpy())
    weight = nn.Parameter(np.ones(shape))
    assert init.dirac_(weight, groups) is weight
    np.testing.assert_array_equal(weight.data, kernel)


def test_a_convolution_that_begins_with_dirac_changes_nothing() -> None:
    layer = nn.Conv2d(4, 4, 3, padding=1, groups=2, init="dirac")
    x = np.random.default_rng(0).standard_normal((2, 4, 5, 5)).astype(np.float32)
    np.testing.assert_array_equal(layer(x).data, x)


def test_the_identity_and_sparse_matrices() -> None:
    np.testing.assert_array_equal(nn.Linear(3, 3, init="eye").weight.data, np.eye(3))
    values = init.sparse((50, 400), 0.33, 2.0, rng=0, dtype=np.float64)
    assert set((values == 0).sum(axis=0)) == {17}
    assert values[values != 0].std() == pytest.approx(2, rel=0.03)
    # Each row is as likely to be left out as any other.
    assert abs((values == 0).mean(axis=1) - 0.34).max() < 0.1


@pytest.mark.parametrize("name", ["conv1d", "conv2d", "conv3d", "conv_transpose2d", "leaky_relu"])
@pytest.mark.parametrize("slope", [None, 0.3])
def test_gains_are_those_of_pytorch(name: str, slope: float | None) -> None:
    torch = pytest.importorskip("torch")
    assert init.calculate_gain(name, slope) == torch.nn.init.calculate_gain(name, slope)


WRONG: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: init.trunc_normal(3, std=0), ValueError, "must be positive, and std=0 was given"),
    (lambda: init.trunc_normal(3, a=1, b=1), ValueError, "between the bounds a=1 and b=1"),
    (lambda: init.orthogonal(3), ad.ShapeError, "with two axes or more, not (3,)"),
    (lambda: init.eye((2, 2, 2)), ad.ShapeError, "not (2, 2, 2); for kernels take dirac"),
    (lambda: init.dirac((2, 2)), ad.ShapeError, "not (2, 2); for matrices take eye"),
    (lambda: init.dirac((3, 2, 1), 2), ad.ShapeError, "3 output channels cannot be divided into 2"),
    (lambda: init.sparse(3, 0.5), ad.ShapeError, "sparse takes the shape of a matrix, not (3,)"),
    (lambda: init.sparse((3, 3), 2), ValueError, "from 0 to 1, and 2 was given"),
    (lambda: init.variance_scaling((2, 2), -1), ValueError, "scale must be a finite number, 0 or"),
    (lambda: init.variance_scaling((2, 2), mode="in"), ValueError, "'fan_geo_avg', not 'in'"),
    (lambda: init.variance_scaling((2, 2), 1, "fan_in", "t"), ValueError, "distribution must be"),
    (lambda: init.calculate_gain("leaky_relu", True), ValueError, "as negative slope, not True"),
    (lambda: getattr(init, "_calculate_fan_in_and_fan_out"), AttributeError,  # noqa: B009
     "it is nn.init.calculate_fan, which takes the weight's shape"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[row[2] for row in WRONG])
def test_what_does_not_fit_is_said(
    call: Callable[[], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)


def drawing() -> list[tuple[str, str]]:
    """Every number that a scheme takes, of which NaN or text would make weights of NaN."""
    found = []
    for name in init.__all__:
        taken = inspect.signature(getattr(init, name)).parameters if name[0].islower() else {}
        if taken and name.rstrip("_") not in ("constant", "calculate_gain"):
            found += [(name, k) for k, p in taken.items() if p.annotation == "float"]
    return found


@pytest.mark.parametrize(("name", "number"), drawing())
def test_no_weights_are_made_of_what_is_no_number(name: str, number: str) -> None:
    function = getattr(init, name)
    weight = nn.Parameter(np.zeros((3, 3)))
    given: dict[str, Any] = {"sparsity": 0.5} if name.startswith("sparse") else {}
    for wrong in (math.nan, math.inf, -math.inf, "0.1", True):
        bounds = (name.startswith("trunc_normal") and number in "ab") or number == "cut"
        if bounds and isinstance(wrong, float) and math.isinf(wrong):
            continue
        with pytest.raises((ValueError, TypeError), match=number):
            function(weight if name.endswith("_") else (3, 3), **{**given, number: wrong})


@pytest.mark.parametrize("function", [init.dirac, init.kaiming_normal, init.lecun_uniform])
def test_shapes_and_groups_are_whole(function: Any) -> None:
    for shape in ("33", (2.0, 3), 2.5):
        with pytest.raises(TypeError, match="a shape is a whole number or a tuple of them"):
            function(shape)
    with pytest.raises(TypeError, match=r"groups must be an integer, not 2\.0"):
        function((4, 2, 3), groups=2.0)
    assert function((np.int64(4), 2, 3), groups=np.int64(2)).shape == (4, 2, 3)
