"""Convolutions: PyTorch's results, every algorithm inside, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.backends.images import products, unfolding
from tests.autodiff.reference import leaves, pull, same, weights

# Axes, shapes of input and weight, settings.
CASES: list[tuple[int, tuple[int, ...], tuple[int, ...], dict[str, Any]]] = [
    (1, (2, 3, 7), (4, 3, 3), {}),
    (1, (2, 4, 9), (6, 2, 3), {"stride": 2, "padding": 1, "dilation": 2, "groups": 2}),
    (1, (1, 1, 6), (1, 1, 4), {"padding": "same"}),
    (1, (2, 4, 9), (5, 4, 3), {"dilation": 2, "padding": 2}),
    (2, (2, 3, 5, 6), (4, 3, 3, 3), {"padding": 1}),
    (2, (2, 3, 5, 6), (4, 3, 3, 2), {"stride": (2, 1), "padding": (1, 0)}),
    (2, (2, 4, 5, 6), (4, 1, 3, 3), {"padding": "same", "groups": 4}),
    (2, (2, 2, 5, 6), (4, 1, 2, 3), {"stride": (3, 4), "groups": 2, "dilation": (2, 1)}),
    (2, (2, 8, 4, 4), (6, 8, 1, 1), {}),
    (2, (2, 8, 4, 4), (6, 4, 1, 1), {"groups": 2, "stride": 2}),
    (2, (2, 4, 9, 8), (3, 4, 3, 2), {"stride": (2, 3), "dilation": (3, 2), "padding": (3, 1)}),
    (2, (2, 6, 9, 5), (10, 3, 3, 3), {"groups": 2, "dilation": 2, "padding": 2}),
    (3, (2, 2, 3, 4, 5), (4, 2, 2, 2, 2), {"padding": (1, 0, 1)}),
    (3, (2, 2, 7, 6, 5), (3, 2, 3, 2, 2), {"stride": (2, 2, 1), "dilation": 2, "padding": 1}),
    (3, (1, 3, 3, 4, 5), (3, 1, 2, 2, 2), {"groups": 3, "stride": (1, 2, 1)}),
]


def _title(case: Any) -> str:
    return f"{case[0]}d-{case[1]}-{case[2]}"


def _operands(x: tuple[int, ...], w: tuple[int, ...], bias: int, dtype: Any = float) -> list[Any]:
    rng = np.random.default_rng(1)
    return [rng.standard_normal(shape).astype(dtype) for shape in (x, w, (bias,))]


# PyTorch remarks on its own way of padding.
@pytest.mark.filterwarnings("ignore:Using padding='same'")
@pytest.mark.parametrize("block", [1, 60, 1 << 19])
@pytest.mark.parametrize("case", CASES, ids=_title)
def test_a_convolution_is_that_of_torch(
    case: Any, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the work is cut into blocks."""
    torch = pytest.importorskip("torch")
    for module in (products, unfolding):
        monkeypatch.setattr(module, "_BLOCK", block)
    n, x, w, settings = case
    operands = _operands(x, w, w[0])
    nodes = leaves(operands)
    y = getattr(ad, f"conv{n}d")(*nodes, **settings)
    theirs = [torch.tensor(a, requires_grad=True) for a in operands]
    z = getattr(torch.nn.functional, f"conv{n}d")(*theirs, **settings)
    same(y.data, z.detach().numpy(), rtol=1e-12, atol=1e-12)
    z.backward(torch.tensor(weights(y.shape)))
    for g, t in zip(pull(y, nodes), theirs, strict=True):
        same(g, t.grad.numpy(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("n", "x", "w", "settings"),
    [
        (1, (2, 3, 4), (3, 2, 3), {"stride": 2, "output_padding": 1}),
        (1, (2, 4, 4), (4, 1, 2), {"groups": 2, "dilation": 3, "output_padding": 2}),
        (2, (2, 3, 3, 4), (3, 2, 3, 2), {"stride": (2, 1), "padding": (1, 0)}),
        (2, (2, 4, 3, 4), (4, 1, 3, 3), {"groups": 4, "padding": 1}),
        (2, (3, 3, 4), (3, 2, 1, 1), {"stride": 2}),
        (3, (1, 2, 2, 3, 2), (2, 2, 2, 2, 2), {"stride": 2, "padding": 1, "output_padding": 1}),
    ],
)
def test_a_transposed_convolution_is_that_of_torch(n: int, x: Any, w: Any, settings: Any) -> None:
    torch = pytest.importorskip("torch")
    operands = _operands(x, w, w[1] * settings.get("groups", 1))
    nodes = leaves(operands)
    y = getattr(ad, f"conv_transpose{n}d")(*nodes, **settings)
    theirs = [torch.tensor(a, requires_grad=True) for a in operands]
    z = getattr(torch.nn.functional, f"conv_transpose{n}d")(*theirs, **settings)
    same(y.data, z.detach().numpy(), rtol=1e-12, atol=1e-12)
    z.backward(torch.tensor(weights(y.shape)))
    for g, t in zip(pull(y, nodes), theirs, strict=True):
        same(g, t.grad.numpy(), rtol=1e-12, atol=1e-12)


def test_the_transpose_is_the_derivative_by_the_input() -> None:
    x, w, _ = _operands((2, 4, 6, 5), (6, 2, 3, 2), 0)
    (node,) = leaves([x])
    y = ad.conv2d(node, w, stride=2, groups=2)
    g = weights(y.shape)
    found = ad.conv_transpose2d(g, w, stride=2, groups=2, output_padding=(1, 1))
    same(pull(y, [node], g)[0], found.data, rtol=1e-12)


@pytest.mark.parametrize(("n", "shape"), [(1, (3, 6)), (2, (3, 4, 5)), (3, (3, 2, 4, 3))])
def test_gradients_of_a_single_sample(n: int, shape: tuple[int, ...]) -> None:
    x, w, b = _operands(shape, (4, 3) + (2,) * n, 4)
    for name in (f"conv{n}d", f"conv_transpose{n}d"):
        kernel = w if name == f"conv{n}d" else w.swapaxes(0, 1).copy()
        f = getattr(ad, name)
        assert f(x, kernel, b).ndim == n + 1
        assert ad.gradcheck(lambda *args, f=f: f(*args, padding=1), x, kernel, b)
    # Through the gradient of the gradient by the weight.
    node, kernel = leaves([x, w])
    y = getattr(ad, f"conv{n}d")(node, kernel)
    (y * y).sum().backward(create_graph=True)
    first = kernel.grad
    kernel.zero_grad()
    (first * first).sum().backward()
    h = 1e-5 * weights(w.shape)
    slope = []
    for sign in (1, -1):
        moved = ad.Tensor(w + sign * h, requires_grad=True)
        z = getattr(ad, f"conv{n}d")(x, moved)
        (z * z).sum().backward()
        slope.append(float((moved.grad * moved.grad).sum()))
    found = float((kernel.grad * weights(w.shape)).sum())
    assert found == pytest.approx((slope[0] - slope[1]) / 2e-5, rel=1e-6)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_dtypes_are_kept_and_half_precision_is_summed_in_single(dtype: Any) -> None:
    exact = _operands((2, 16, 6, 6), (8, 16, 3, 3), 8)
    nodes = leaves([a.astype(dtype) for a in exact])
    y = ad.conv2d(*nodes, padding=1)
    assert y.dtype == dtype
    rounded = [node.data.astype(float) for node in nodes]
    eps = float(np.finfo(dtype).eps)
    same(y.data, ad.conv2d(*rounded, padding=1).data, rtol=4 * eps, atol=200 * eps)
    assert all(g.dtype == dtype for g in pull(y, nodes))


def test_integers_are_convolved_without_gradient() -> None:
    y = ad.conv1d(np.arange(4).reshape(1, 4), np.array([[[1, 2]]]))
    assert y.dtype.kind == "i"
    assert y.tolist() == [[2, 5, 8]]


def test_no_samples_give_no_results_and_a_gradient_of_zeros() -> None:
    x, w, b = leaves([np.zeros((0, 2, 5, 5)), np.ones((3, 2, 2, 2)), np.ones(3)])
    y = ad.conv2d(x, w, b)
    assert y.shape == (0, 3, 4, 4)
    assert [g.shape for g in pull(y, [x, w, b])] == [(0, 2, 5, 5), (3, 2, 2, 2), (3,)]
    empty = ad.conv2d(np.zeros((2, 0, 3, 3)), np.zeros((1, 0, 2, 2)), np.array([7.0]))
    assert np.all(empty.data == 7)


def test_a_step_with_convolutions_is_compiled() -> None:
    x, w, b = _operands((2, 2, 5, 5), (3, 2, 3, 3), 3, np.float32)
    kernel, bias = leaves([w, b])

    def step(batch: Any) -> Any:
        kernel.zero_grad()
        bias.zero_grad()
        loss = ad.sum(ad.square(ad.conv2d(batch, kernel, bias, padding="same")))
        loss.backward()
        return loss

    compiled = ad.compile(step)
    compiled(x)
    loss = compiled(2 * x)
    grads = kernel.grad.copy(), bias.grad.copy()
    same(loss.data, step(2 * x).data, rtol=1e-6)
    same(grads[0], kernel.grad, rtol=1e-6)
    same(grads[1], bias.grad, rtol=1e-6)
    assert "convolution_weight(" in compiled.source


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x, w: ad.conv2d(x[0, 0], w), r"takes x of shape \(N, C, H, W\) or \(C, H, W\)"),
        (lambda x, w: ad.conv2d(x, w[0]), r"a weight of shape \(2, 3, 3\); give one with 4 axes"),
        (lambda x, w: ad.conv2d(x[:, :1], w), r"x with 1 channels .* must be \(O, C / groups"),
        (lambda x, w: ad.conv2d(x, w, np.ones(5)), r"bias of shape \(5,\); .* must be \(4,\)"),
        (lambda x, w: ad.conv2d(x, w, dilation=3), "a kernel of 3, which spans 7, does not fit"),
        (lambda x, w: ad.conv_transpose2d(x, w), r"the weight must be \(C, O / groups"),
        (
            lambda x, w: ad.conv_transpose2d(x, w[:2], padding=5),
            "give a smaller padding than",
        ),
    ],
)
def test_shapes_that_do_not_fit_are_explained(call: Any, message: str) -> None:
    x, w, _ = _operands((1, 2, 5, 5), (4, 2, 3, 3), 0)
    with pytest.raises(ad.ShapeError, match=message):
        call(x, w)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"stride": 0}, "stride=0; give a whole number of at least 1, or 2 of them"),
        ({"stride": (1, 1, 1)}, r"stride=\(1, 1, 1\)"),
        ({"padding": -1}, "padding=-1; give a whole number of at least 0"),
        ({"padding": 0.5}, "padding=0.5"),
        ({"padding": "full"}, "padding='valid', padding='same' or numbers, not 'full'"),
        ({"padding": "same", "stride": 2}, "needs stride 1"),
        ({"groups": 0}, "groups=0; give a positive whole number"),
    ],
)
def test_settings_out_of_range_are_explained(settings: Any, message: str) -> None:
    x, w, _ = _operands((1, 2, 5, 5), (4, 2, 3, 3), 0)
    with pytest.raises(ValueError, match=message):
        ad.conv2d(x, w, **settings)


def test_output_padding_is_less_than_the_stride() -> None:
    with pytest.raises(ValueError, match=r"must be smaller than the stride \(1,\)"):
        ad.conv_transpose1d(np.ones((1, 3)), np.ones((1, 1, 2)), output_padding=1)
