"""Normalisation and attention: PyTorch's results, second order, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.images.test_pooling import normal
from tests.autodiff.reference import leaves, pull, same, weights


def compare(name: str, operands: dict[str, Any], *args: Any, **settings: Any) -> None:
    """Value and all gradients against PyTorch's function of the same name."""
    torch = pytest.importorskip("torch")
    nodes = dict(zip(operands, leaves(list(operands.values())), strict=True))
    first, *rest = operands
    y = getattr(ad, name)(nodes[first], *args, **{k: nodes[k] for k in rest}, **settings)
    theirs = {k: torch.tensor(v, requires_grad=True) for k, v in operands.items()}
    function = getattr(torch.nn.functional, name)
    settings = {k: torch.tensor(v) if isinstance(v, np.ndarray) else v for k, v in settings.items()}
    z = function(theirs[first], *args, **{k: theirs[k] for k in rest}, **settings)
    same(y.data, z.detach().numpy(), rtol=1e-11, atol=1e-13)
    z.backward(torch.tensor(weights(y.shape)))
    for k, g in zip(operands, pull(y, list(nodes.values())), strict=True):
        same(g, theirs[k].grad.numpy(), rtol=1e-10, atol=1e-12)


def test_layer_and_rms_norm_are_those_of_torch() -> None:
    for shape, last in [((3, 5), (5,)), ((2, 3, 4), (3, 4)), ((4,), (4,))]:
        x, w, b = normal(shape), normal(last, 2), normal(last, 3)
        compare("layer_norm", {"x": x}, last)
        compare("layer_norm", {"x": x, "weight": w, "bias": b}, last, eps=0.1)
        compare("rms_norm", {"x": x}, last)
        compare("rms_norm", {"x": x, "weight": w}, last, eps=0.1)


def test_group_and_instance_norm_are_those_of_torch() -> None:
    for shape in [(2, 4, 5), (3, 6, 2, 3)]:
        x, w, b = normal(shape), normal(shape[1:2], 2), normal(shape[1:2], 3)
        compare("group_norm", {"x": x}, 2)
        compare("group_norm", {"x": x, "weight": w, "bias": b}, 2, eps=0.1)
        compare("instance_norm", {"x": x})
        compare("instance_norm", {"x": x, "weight": w, "bias": b})
        kept = {"running_mean": w, "running_var": b * b, "use_input_stats": False}
        compare("instance_norm", {"x": x}, **kept)
    compare("group_norm", {"x": normal((3, 4))}, 2)


def test_running_figures_are_updated_as_by_torch() -> None:
    torch = pytest.importorskip("torch")
    x, mean, var = normal((3, 4, 5)), normal((4,), 2), np.ones(4)
    mine, theirs = (ad.Tensor(mean), ad.Tensor(var)), (torch.tensor(mean), torch.tensor(var))
    y = ad.instance_norm(x, *mine, momentum=0.3)
    torch.nn.functional.instance_norm(torch.tensor(x), *theirs, momentum=0.3)
    same(y.data, ad.instance_norm(x).data)
    for a, b in zip(mine, theirs, strict=True):
        same(a.data, b.numpy(), rtol=1e-13)


def test_local_response_norm_is_that_of_torch() -> None:
    for size in (1, 2, 3, 5):
        for shape in ((2, 4, 3), (1, 3, 2, 2)):
            compare("local_response_norm", {"x": normal(shape)}, size, 0.5, 0.6, 2.0)


def test_a_constant_sample_is_zeros_with_no_gradient() -> None:
    (x,) = leaves([np.full((1, 4), 3.0)])
    y = ad.layer_norm(x, 4)
    assert y.tolist() == [[0.0] * 4]
    g = pull(y, [x], np.array([[1.0, 2.0, 3.0, 6.0]]))[0]
    same(g, np.array([[-2.0, -1.0, 0.0, 3.0]]) / math.sqrt(1e-5), rtol=1e-12)


def test_second_derivatives_of_norms() -> None:
    x, w = normal((1, 4, 2)), normal((4,), 2)
    assert ad.gradcheck(lambda a, b: ad.group_norm(a, 2, b), x, w, order=2)
    assert ad.gradcheck(lambda a: ad.rms_norm(a, (4, 2)), x, order=2)
    assert ad.gradcheck(lambda a: ad.local_response_norm(a, 3, 0.5), x, order=2)


def test_dtypes_are_kept_and_whole_numbers_become_doubles() -> None:
    x, w = normal((2, 4, 3)).astype(np.float32), normal((4,)).astype(np.float32)
    (leaf,) = leaves([x])
    for y in (
        ad.group_norm(leaf, 2, w, w),
        ad.layer_norm(leaf, 3),
        ad.rms_norm(leaf, 3),
        ad.instance_norm(leaf, weight=w),
        ad.local_response_norm(leaf, 2),
    ):
        assert y.dtype == np.float32
        assert pull(y, [leaf])[0].dtype == np.float32
    assert ad.layer_norm(np.array([[1, 3]]), 2, eps=0.0).tolist() == [[-1.0, 1.0]]
    assert ad.group_norm(np.zeros((0, 4, 3)), 2).shape == (0, 4, 3)


ATTENTION: list[tuple[Any, dict[str, Any]]] = [
    (((4, 3), (5, 3), (5, 2)), {}),
    (((2, 3, 4, 3), (2, 3, 5, 3), (2, 3, 5, 2)), {"is_causal": True}),
    (((2, 4, 3), (2, 5, 3), (2, 5, 3)), {"scale": 0.3}),
    (((2, 4, 3), (2, 5, 3), (2, 5, 3)), {"attn_mask": np.tri(4, 5, 1, dtype=bool)}),
    (((2, 4, 3), (2, 5, 3), (2, 5, 3)), {"attn_mask": normal((2, 4, 5), 9)}),
    (((2, 4, 3), (2, 5, 3), (2, 5, 3)), {"attn_mask": np.tri(4, 5, -2, dtype=bool)}),
    (((1, 4, 2, 3), (1, 2, 5, 3), (1, 2, 5, 3)), {"enable_gqa": True}),
]


@pytest.mark.parametrize(("shapes", "settings"), ATTENTION)
def test_attention_is_that_of_torch(shapes: Any, settings: dict[str, Any]) -> None:
    q, k, v = (normal(shape, seed) for seed, shape in enumerate(shapes))
    operands = {"query": q, "key": k, "value": v}
    compare("scaled_dot_product_attention", operands, **settings)


@pytest.mark.parametrize("mask", [None, np.array([[True, False], [True, True]])])
def test_second_derivatives_of_attention(mask: Any) -> None:
    q, k, v = normal((2, 2)), normal((2, 2), 2), normal((2, 1), 3)
    assert ad.gradcheck(
        lambda *a: ad.scaled_dot_product_attention(*a, attn_mask=mask), q, k, v, order=2
    )


def test_a_query_that_sees_nothing_gets_zeros() -> None:
    q, k, v = leaves([normal((2, 3)), normal((2, 3), 2), normal((2, 3), 3)])
    mask = np.array([[True, False], [False, False]])
    y = ad.scaled_dot_product_attention(q, k, v, mask)
    same(y.data, [v.data[0], np.zeros(3)])
    assert all(np.isfinite(g).all() for g in pull(y, [q, k, v]))


def test_dropped_weights_keep_the_mean() -> None:
    q, k, v = np.zeros((1, 2)), np.zeros((2000, 2)), np.ones((2000, 1))
    y = ad.scaled_dot_product_attention(q, k, v, None, 0.25, rng=np.random.default_rng(1))
    assert y.item() == pytest.approx(1.0, abs=0.05)
    assert y.item() != 1.0
    assert ad.scaled_dot_product_attention(q, k, v, None, 1.0).item() == 0.0


def test_a_step_with_attention_and_norm_is_compiled() -> None:
    (w,) = leaves([normal((3, 3)).astype(np.float32)])

    def step(batch: Any) -> Any:
        w.zero_grad()
        x = ad.layer_norm(batch @ w, 3)
        loss = ad.sum(ad.square(ad.scaled_dot_product_attention(x, x, batch, is_causal=True)))
        loss.backward()
        return loss

    x = normal((2, 4, 3), 2).astype(np.float32)
    compiled = ad.compile(step)
    compiled(x)
    loss, g = compiled(2 * x), w.grad.copy()
    same(loss.data, step(2 * x).data, rtol=1e-5)
    same(g, w.grad, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: ad.layer_norm(x, 4), ad.ShapeError, r"normalized_shape=\(4,\); give the last"),
        (lambda x: ad.layer_norm(x, 5, np.ones(2)), ad.ShapeError, r"weight of shape \(2,\)"),
        (lambda x: ad.layer_norm(x, 5, None, np.ones(2)), ad.ShapeError, r"bias of shape \(2,\)"),
        (lambda x: ad.layer_norm(x * 1j, 5), ad.NonDifferentiableError, "complex numbers"),
        (lambda x: ad.group_norm(x, 0), ValueError, "num_groups=0"),
        (lambda x: ad.group_norm(x, 3), ad.ShapeError, "a multiple of num_groups=3"),
        (lambda x: ad.group_norm(x, 2, np.ones(3)), ad.ShapeError, "one number for each channel"),
        (lambda x: ad.instance_norm(x[0, 0]), ad.ShapeError, r"takes x of shape \(N, C, …\)"),
        (lambda x: ad.instance_norm(x, x, x), TypeError, "a ndarray was given; give tensors"),
        (lambda x: ad.instance_norm(x, use_input_stats=False), ValueError, "needs running_mean"),
        (lambda x: ad.local_response_norm(x, 0), ValueError, "size=0"),
        (lambda x: ad.local_response_norm(x[0, 0], 1), ad.ShapeError, r"\(N, C, …\)"),
        (
            lambda x: ad.scaled_dot_product_attention(x, x[..., :2], x),
            ad.ShapeError,
            r"give \(…, L, E\), \(…, S, E\)",
        ),
        (
            lambda x: ad.scaled_dot_product_attention(x, x, x, np.ones((5, 5)), is_causal=True),
            ValueError,
            "give one of them",
        ),
        (lambda x: ad.scaled_dot_product_attention(x, x, x, None, 2), ValueError, "and 2 was"),
        (
            lambda x: ad.scaled_dot_product_attention(x[0, 0], x, x, enable_gqa=True),
            ad.ShapeError,
            "must be a multiple of those of the latter",
        ),
    ],
)
def test_what_does_not_fit_is_explained(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call(normal((1, 2, 5, 5)))
