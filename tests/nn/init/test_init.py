"""Initial values: fans, statistics, names, determinism."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from nn import init


@pytest.mark.parametrize(
    ("shape", "options", "expected"),
    [
        ((16, 2), {}, (2, 16)),
        ((8, 3, 5), {}, (15, 40)),
        ((8, 3, 5, 5), {}, (75, 200)),
        ((8, 3, 2, 3, 4), {}, (72, 192)),
        ((8, 1, 3), {"groups": 4}, (3, 6)),
        ((6, 6, 3, 3), {"groups": 1}, (54, 54)),
        ((8, 3, 5, 5), {"in_axis": 0, "out_axis": 1}, (200, 75)),
        ((5, 5, 3, 8), {"in_axis": -2, "out_axis": -1}, (75, 200)),
        ((5, 5, 3, 6), {"in_axis": 2, "out_axis": 3}, (75, 150)),
        ((4, 1, 20), {"in_axis": 1, "out_axis": 2}, (4, 80)),
    ],
)
def test_fans(shape: tuple[int, ...], options: dict[str, Any], expected: tuple[int, int]) -> None:
    assert init.calculate_fan(shape, **options) == expected


def test_fan_in_of_a_grouped_convolution_counts_what_one_output_sums_over() -> None:
    groups, channels, kernel = 4, 8, 3
    weight_shape = (16, channels // groups, kernel)
    fan_in, fan_out = init.calculate_fan(weight_shape, groups=groups)
    assert fan_in == channels // groups * kernel
    assert fan_out == 16 // groups * kernel


@pytest.mark.parametrize(
    ("shape", "options", "message"),
    [
        ((3,), {}, "shape (3,) has no fan"),
        ((), {}, "shape () has no fan"),
        ((3, 4), {"in_axis": 2}, "axis 2 does not exist"),
        ((3, 4), {"in_axis": -2}, "both axis 0"),
        ((3, 4), {"groups": 2}, "cannot be divided into 2 groups"),
        ((3, 4), {"groups": 0}, "0 groups"),
    ],
)
def test_fans_refuse(shape: tuple[int, ...], options: dict[str, Any], message: str) -> None:
    with pytest.raises(ad.ShapeError) as caught:
        init.calculate_fan(shape, **options)
    assert message in str(caught.value)


SHAPE = (300, 200)
DEVIATIONS = {
    "normal": 1.0,
    "small_normal": 0.01,
    "truncated_normal": 1.0,
    "trunc_normal": 0.8796256610342398,
    "orthogonal": math.sqrt(1 / 300),
    "variance_scaling": math.sqrt(1 / 200),
    "uniform": 1 / math.sqrt(3),
    "lecun_normal": math.sqrt(1 / 200),
    "lecun_uniform": math.sqrt(1 / 200),
    "xavier_normal": math.sqrt(2 / 500),
    "xavier_uniform": math.sqrt(2 / 500),
    "glorot_normal": math.sqrt(2 / 500),
    "glorot_uniform": math.sqrt(2 / 500),
    "he_normal": math.sqrt(2 / 200),
    "he_uniform": math.sqrt(2 / 200),
    "kaiming_normal": math.sqrt(2 / 200),
    "kaiming_uniform": math.sqrt(2 / 200),
}


@pytest.mark.parametrize("name", sorted(DEVIATIONS))
def test_statistics_of_every_scheme(name: str) -> None:
    values = init.SCHEMES[name](SHAPE, rng=np.random.default_rng(1), dtype=np.float64)
    deviation = DEVIATIONS[name]
    # Five standard errors of the mean, and of the standard deviation of a normal.
    assert abs(values.mean()) < 5 * deviation / math.sqrt(values.size)
    assert abs(values.std() / deviation - 1) < 5 / math.sqrt(2 * values.size)


def test_every_scheme_is_tested_and_unknown_ones_are_refused() -> None:
    assert set(init.SCHEMES) == {*DEVIATIONS, "zeros", "ones", "eye", "dirac"}
    with pytest.raises(ValueError, match=r"did you mean 'xavier_normal'.*choose one of zeros"):
        init.get_initializer("xavier_norml")
    assert init.get_initializer(init.zeros) is init.zeros


@pytest.mark.parametrize("name", sorted(init.SCHEMES))
def test_schemes_are_seeded_and_typed(name: str) -> None:
    scheme, shape = init.SCHEMES[name], (4, 3, 5) if name == "dirac" else (4, 3)
    first = scheme(shape, rng=np.random.default_rng(7))
    again = scheme(shape, rng=np.random.default_rng(7))
    assert first.dtype == np.float32
    np.testing.assert_array_equal(first, again)
    wide = scheme(shape, rng=np.random.default_rng(7), dtype=np.float64)
    assert wide.dtype == np.float64
    np.testing.assert_array_equal(wide.astype(np.float32), first)


def test_the_library_seed_and_the_default_dtype_rule_where_nothing_is_given() -> None:
    ad.random.seed(5)
    first = init.normal((3,))
    ad.random.seed(5)
    np.testing.assert_array_equal(init.normal((3,)), first)
    with nn.default_dtype(np.float64):
        assert init.uniform((2,)).dtype == np.float64


@pytest.mark.parametrize("cut", [1e-9, 0.005, 0.5, 1.0, 2.0, 3.0, math.inf])
def test_truncated_normal_has_the_deviation_asked_for(cut: float) -> None:
    values = init.truncated_normal(
        (400, 400), 0.3, cut=cut, rng=np.random.default_rng(0), dtype=np.float64
    )
    assert abs(values.std() / 0.3 - 1) < 0.01
    density = math.exp(-(cut**2) / 2) / math.sqrt(2 * math.pi)
    kept = cut / math.sqrt(3)
    if 0.1 < cut < math.inf:
        kept = math.sqrt(1 - 2 * cut * density / math.erf(cut / math.sqrt(2)))
    assert cut == math.inf or np.abs(values).max() <= 0.3 * cut / kept * (1 + 1e-5)


@pytest.mark.parametrize(
    ("name", "gain"),
    [("linear", 1), ("tanh", 5 / 3), ("relu", 2**0.5), ("selu", 0.75), ("sigmoid", 1)],
)
def test_gains(name: str, gain: float) -> None:
    assert init.calculate_gain(name) == pytest.approx(gain)


def test_gain_of_leaky_relu_depends_on_its_slope() -> None:
    assert init.calculate_gain("leaky_relu", 0.2) == pytest.approx(math.sqrt(2 / 1.04))
    assert init.calculate_gain("leaky_relu") == pytest.approx(math.sqrt(2 / 1.0001))
    with pytest.raises(ValueError, match="no gain is known for 'swish'"):
        init.calculate_gain("swish")


def test_kaiming_by_fan_out_and_for_other_activations() -> None:
    rng = np.random.default_rng(0)
    out = init.kaiming_normal(SHAPE, mode="fan_out", rng=rng)
    assert out.std() == pytest.approx(math.sqrt(2 / 300), rel=0.02)
    tanh = init.kaiming_uniform(SHAPE, nonlinearity="tanh", rng=rng)
    assert np.abs(tanh).max() == pytest.approx(5 / 3 * math.sqrt(3 / 200), rel=0.01)
    with pytest.raises(ValueError, match="mode must be 'fan_in' or 'fan_out', not 'in'"):
        init.kaiming_normal(SHAPE, mode="in")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: init.normal((2,), std=-1.0), ValueError, "std must be a finite number, 0 or more"),
        (lambda: init.truncated_normal((2,), -1.0), ValueError, "std must be a finite"),
        (lambda: init.truncated_normal((2,), cut=0), ValueError, "cut must be a positive"),
        (lambda: init.uniform((2,), 1.0, 0.0), ValueError, "low=1.0 is above high=0.0"),
        (lambda: init.zeros((2, -1)), ValueError, "negative length"),
        (lambda: init.zeros((2,), dtype=int), TypeError, "need a floating dtype, not int64"),
    ],
)
def test_bad_arguments(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)


IN_PLACE = [
    (init.constant_, init.constant, (0.5,)),
    (init.zeros_, init.zeros, ()),
    (init.ones_, init.ones, ()),
    (init.normal_, init.normal, (1.0, 2.0)),
    (init.uniform_, init.uniform, (-1.0, 2.0)),
    (init.trunc_normal_, init.trunc_normal, (0.5, 2.0, 0.0, 1.0)),
    (init.truncated_normal_, init.truncated_normal, (0.5,)),
    (init.eye_, init.eye, ()),
    (init.orthogonal_, init.orthogonal, (2.0,)),
    (init.sparse_, init.sparse, (0.5, 2.0)),
    (init.variance_scaling_, init.variance_scaling, (2.0, "fan_geo_avg", "truncated_normal")),
    (init.lecun_normal_, init.lecun_normal, ()),
    (init.lecun_uniform_, init.lecun_uniform, ()),
    (init.xavier_normal_, init.xavier_normal, (2.0,)),
    (init.xavier_uniform_, init.xavier_uniform, (2.0,)),
    (init.kaiming_normal_, init.kaiming_normal, (0.1, "fan_out")),
    (init.kaiming_uniform_, init.kaiming_uniform, (0.1, "fan_out")),
]


@pytest.mark.parametrize(
    ("fill", "make", "args"), IN_PLACE, ids=lambda f: getattr(f, "__name__", "")
)
def test_filling_in_place_equals_the_function(fill: Any, make: Any, args: Any) -> None:
    parameter = nn.Parameter(np.full((4, 3), 9.0, np.float64))
    drawn = "rng" in fill.__code__.co_varnames
    assert (
        fill(parameter, *args, **({"rng": np.random.default_rng(3)} if drawn else {})) is parameter
    )
    expected = make((4, 3), *args, rng=np.random.default_rng(3), dtype=np.float64)
    np.testing.assert_array_equal(parameter.data, expected)
    assert parameter.requires_grad


def test_filling_something_else_is_refused() -> None:
    with pytest.raises(TypeError, match=r"not a ndarray; for a new array call zeros\(shape\)"):
        init.zeros_(np.zeros(3))  # type: ignore[arg-type]
