"""Which float type layers, losses and data have, whatever they are given."""

from __future__ import annotations

import doctest
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
import nn.functional as fn
from autodiff.testing import check_model, gradcheck
from tests.checkout import ROOT

FLOATS = ("float16", "float32", "float64")
REAL = (*FLOATS, "int32", "int64", "uint8", "bool")
COMPLEX = {"float16": "complex64", "float32": "complex64", "float64": "complex128"}

LAYERS: dict[str, Callable[[Any], nn.Module]] = {
    "Linear": lambda dtype: nn.Linear(4, 3, dtype=dtype),
    "Linear without bias": lambda dtype: nn.Linear(4, 3, bias=False, dtype=dtype),
    "BatchNorm1d": lambda dtype: nn.BatchNorm1d(4, dtype=dtype),
    "BatchNorm1d in use": lambda dtype: nn.BatchNorm1d(4, dtype=dtype).eval(),
    "BatchNorm1d without parameters": lambda dtype: nn.BatchNorm1d(4, affine=False, dtype=dtype),
}
WITHOUT: dict[str, nn.Module] = {
    name: getattr(nn, name)()
    for name in (
        "ELU GELU SELU Identity LeakyReLU LogSoftmax Mish ReLU SiLU Sigmoid Softmax Softplus Tanh "
        "Dropout Flatten"
    ).split()
}


def batch(kind: str) -> Any:
    return (np.arange(12).reshape(3, 4) % 5).astype(kind)


@pytest.fixture(autouse=True)
def engine_s_default_does_not_matter() -> Iterator[None]:
    with ad.default_dtype(np.float16):
        yield


@pytest.mark.parametrize("own", FLOATS)
@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_computes_in_the_type_of_its_parameters(name: str, own: str) -> None:
    layer = LAYERS[name](own)
    for kind in REAL:
        for x in (batch(kind), ad.Tensor(batch(kind)), batch(kind).tolist()):
            assert layer(x).dtype == own, (kind, type(x))
    given = ad.Tensor(batch("float64"), requires_grad=True)
    layer(given).sum().backward()
    assert given.grad.dtype == np.float64


@pytest.mark.parametrize("own", FLOATS)
def test_a_layer_takes_complex_numbers_in_the_precision_of_its_parameters(own: str) -> None:
    for kind in ("complex64", "complex128"):
        assert nn.Linear(4, 3, dtype=own)(batch(kind)).dtype == COMPLEX[own]
        with pytest.raises(TypeError, match=r"takes real numbers.*autodiff.real"):
            nn.BatchNorm1d(4, dtype=own)(batch(kind))


def test_a_layer_of_complex_parameters_takes_real_numbers_in_their_precision() -> None:
    layer = nn.Linear(4, 3, dtype=np.complex64)
    x = ad.Tensor(batch("float64"), requires_grad=True)
    assert layer(x).dtype == np.complex64
    ad.sum(ad.real(layer(x))).backward()
    assert x.grad.dtype == np.float64


@pytest.mark.parametrize("kind", FLOATS)
@pytest.mark.parametrize("name", WITHOUT)
def test_a_layer_without_parameters_keeps_the_type(name: str, kind: str) -> None:
    for mode in (True, False):
        assert WITHOUT[name].train(mode)(ad.Tensor(batch(kind))).dtype == kind


def test_dropout_makes_floats_of_integers() -> None:
    dropped = nn.Dropout(0.5)(np.ones(1000, np.int64))
    assert dropped.dtype == np.float32
    assert sorted(set(dropped.tolist())) == [0.0, 2.0]


def test_a_tensor_of_the_type_is_not_cast() -> None:
    layer, x = nn.Linear(4, 3), ad.Tensor(batch("float32"))
    assert nn.cast_input(x, layer.weight) is x
    array = batch("float32")
    kept = nn.cast_input(array, layer.weight)
    array[:] = 0
    assert kept.data.any(), "a constant was changed with the array it was made of"


def test_mixed_types_each_compute_in_their_own() -> None:
    model = nn.Sequential(
        nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2, dtype=np.float64), nn.Linear(2, 1)
    )
    x = ad.Tensor(batch("float16"), requires_grad=True)
    y = model(x)
    y.sum().backward()
    assert y.dtype == np.float32
    assert x.grad.dtype == np.float16
    assert [p.grad.dtype for p in model.parameters()] == [p.dtype for p in model.parameters()]
    assert model.to(np.float64)(batch("float32")).dtype == np.float64
    with pytest.raises(TypeError, match="take a floating dtype"):
        model.to(int)


def test_transforms_pass_through_the_cast() -> None:
    layer, x = nn.Linear(4, 3), np.random.default_rng(0).standard_normal((5, 4))
    value, moved = ad.jvp(lambda v: layer(v), (x,), (x,))
    assert value.dtype == moved.dtype == np.float32
    assert ad.vmap(lambda v: layer(v))(x).dtype == np.float32
    expected = np.broadcast_to(layer.weight.data.sum(axis=0), x.shape)
    for gradient in (
        ad.grad(lambda v: ad.sum(layer(v)))(x),
        ad.vmap(ad.grad(lambda v: ad.sum(layer(v))))(x),
        ad.jacobian(lambda v: ad.sum(layer(v)))(x),
    ):
        assert gradient.dtype == np.float64
        np.testing.assert_allclose(gradient.numpy(), expected, rtol=1e-6)
    compiled = ad.compile(lambda v: layer(v))
    for kind in REAL:
        assert compiled(batch(kind)).dtype == np.float32
    values = [ad.Value(0.1 * i) for i in range(4)]
    ad.sum(layer(values)).backward()
    assert [type(v.grad) for v in values] == [float] * 4


def test_the_name_of_an_input_survives_the_cast() -> None:
    x = ad.Tensor(batch("float64"), name="pixels")
    assert nn.cast_input(x, nn.Linear(4, 3).weight).name == "pixels"


SIGNS, SHARES = np.array([1, -1, 1]), np.array([1, 0, 1])
LOSSES: dict[str, tuple[Callable[[Any, Any], Any], Any]] = {
    "mse_loss": (fn.mse_loss, SHARES),
    "l1_loss": (fn.l1_loss, SHARES),
    "half_squared_error": (fn.half_squared_error, SHARES),
    "huber_loss": (fn.huber_loss, SHARES),
    "huber_loss weighted": (lambda z, y: fn.huber_loss(z, y, weight=y), SHARES),
    "smooth_l1_loss": (fn.smooth_l1_loss, SHARES),
    "binary_cross_entropy": (lambda z, y: fn.binary_cross_entropy(ad.sigmoid(z), y, y), SHARES),
    "binary_cross_entropy_with_logits": (
        lambda z, y: fn.binary_cross_entropy_with_logits(z, y, y, pos_weight=y),
        SHARES,
    ),
    "cross_entropy": (lambda z, y: fn.cross_entropy(z, y, weight=y), np.eye(3)[0]),
    "cross_entropy of indices": (lambda z, w: fn.cross_entropy(z, 1, weight=w), SHARES + 1),
    "nll_loss": (lambda z, w: fn.nll_loss(z, 1, weight=w), SHARES + 1),
    "multi_margin_loss": (lambda z, w: fn.multi_margin_loss(z, 1, weight=w), SHARES),
    "multilabel_soft_margin_loss": (
        lambda z, y: fn.multilabel_soft_margin_loss(z, y, weight=y),
        SHARES,
    ),
    "kl_div": (fn.kl_div, SHARES),
    "poisson_nll_loss": (lambda z, y: fn.poisson_nll_loss(z, y, full=True), SHARES),
    "gaussian_nll_loss": (lambda z, y: fn.gaussian_nll_loss(z, y, y), SHARES + 1),
    "hinge_embedding_loss": (fn.hinge_embedding_loss, np.ones(3)),
    "soft_margin_loss": (fn.soft_margin_loss, np.ones(3)),
    "margin_ranking_loss": (lambda z, y: fn.margin_ranking_loss(z, z * 2, y), np.ones(3)),
    "cosine_embedding_loss": (lambda z, y: fn.cosine_embedding_loss(z, z * 2, y[0]), SHARES),
}


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_has_the_type_of_the_prediction(name: str) -> None:
    loss, target = LOSSES[name]
    for own in FLOATS:
        for kind in REAL:
            z = ad.Tensor([0.25, -0.5, 0.75], dtype=own, requires_grad=True)
            given = np.asarray(target).astype(kind)
            value = loss(z, given)
            assert value.dtype == own, (own, kind)
            value.backward()
            assert z.grad.dtype == own


def test_losses_of_whole_numbers_are_floats() -> None:
    assert fn.mse_loss([1, 2], [0.5, 2.0]).item() == 0.125
    assert fn.cross_entropy([[2, 0]], [0]).item() == pytest.approx(0.126928, rel=1e-5)
    with pytest.raises(TypeError, match="indices of classes"):
        fn.multilabel_margin_loss([[0.5, 1.0]], [[0.0, -1.0]])


def test_parameters_buffers_and_data_have_a_default_of_their_own() -> None:
    with ad.default_dtype(np.float64):
        made = [nn.Parameter([0.5]), nn.Buffer([0.5]), nn.Parameter(0.1), nn.Linear(1, 1).weight]
        assert {tensor.dtype.name for tensor in made} == {"float32"}
    assert nn.Parameter([1j]).dtype == np.complex64
    assert nn.Parameter(np.zeros(2)).dtype == np.float64
    with nn.default_dtype(np.float64):
        assert nn.Parameter([0.5]).dtype == nn.BatchNorm1d(2).running_var.dtype == np.float64
        assert nn.data.TensorDataset([[0.5], [1.0]])[0][0].dtype == np.float64
    assert nn.data.TensorDataset([[0.5], [1.0]], np.zeros(2))[0][0].dtype == np.float32
    assert nn.data.TensorDataset([[0.5], [1.0]], np.zeros(2))[0][1].dtype == np.float64
    assert nn.data.standardize([1, 2, 3]).dtype == np.float32
    nn.set_default_dtype(np.float64)
    try:
        assert nn.init.zeros(2).dtype == np.float64
    finally:
        nn.set_default_dtype(np.float32)
    for wrong in (int, complex):
        with pytest.raises(TypeError, match="floating one, such as"):
            nn.set_default_dtype(wrong)


@pytest.mark.parametrize("name", LAYERS)
def test_a_check_sees_through_the_cast(name: str) -> None:
    layer = LAYERS[name]("float32")
    x = np.random.default_rng(0).standard_normal((3, 4))
    report = gradcheck(lambda v: layer(v), x, order=2)
    assert report.passed, str(report)
    assert layer(x).dtype == np.float32


def test_a_check_of_a_float32_model_leaves_it_bit_for_bit() -> None:
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.Tanh(), nn.Linear(5, 2))
    model[0].weight.requires_grad_(False)
    before = model.state_dict()
    for loss, y in ((nn.MSELoss(), rng.normal(size=(6, 2))), (nn.CrossEntropyLoss(), [0, 1] * 3)):
        report = check_model(model, loss, rng.normal(size=(6, 4)), y)
        assert report.passed, str(report)
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, before[name], err_msg=name)
        assert array.dtype == before[name].dtype


def test_a_compiled_function_is_recorded_anew_for_a_check() -> None:
    layer = nn.Linear(4, 3)
    compiled = ad.compile(lambda x: layer(x) * 1.0)
    x = np.random.default_rng(0).standard_normal((3, 4))
    assert compiled(x).dtype == np.float32
    with ad.dtypes.keep_precision():
        assert compiled(x).dtype == np.float64
    assert compiled(x).dtype == np.float32


def test_the_page_says_what_happens() -> None:
    page = ROOT / "docs" / "nn_dtypes.md"
    with ad.default_dtype(np.float64):
        assert doctest.testfile(str(page), module_relative=False).failed == 0
