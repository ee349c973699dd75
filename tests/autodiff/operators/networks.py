"""Operators of neural networks: activations, pooling, normalisation, losses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff as ad
from tests.autodiff.operators.elementwise import whole

__all__ = ["ADAPTERS"]


def _pooled(function: Callable[..., Any]) -> Callable[..., Any]:
    def pool(x: Any, kernel_size: Any, stride: Any = None, *args: Any, **kwargs: Any) -> Any:
        return function(x, kernel_size, stride if stride != () else None, *args, **kwargs)

    return pool


def _reduced(losses: Any, reduction: str) -> Any:
    return {"none": lambda x: x, "mean": ad.mean, "sum": ad.sum}[reduction](losses)


def _loss(function: Callable[..., Any]) -> Callable[..., Any]:
    def loss(a: Any, b: Any, *args: Any, reduction: str = "mean", **kwargs: Any) -> Any:
        kwargs.pop("size_average", None)
        kwargs.pop("reduce", None)
        return _reduced(function(a, b, *args, **kwargs), reduction)

    return loss


def _loss_of_three(function: Callable[..., Any]) -> Callable[..., Any]:
    def loss(a: Any, b: Any, c: Any, *args: Any, reduction: str = "mean", **kwargs: Any) -> Any:
        return _reduced(function(a, b, c, *args, **kwargs), reduction)

    return loss


def _renamed(options: dict[str, Any]) -> dict[str, Any]:
    return {{"p": "norm"}.get(key, key): value for key, value in options.items()}


def _huber(a: Any, b: Any, delta: float = 1.0) -> Any:
    error = ad.abs(a - b)
    return ad.where(whole(error) < delta, error**2 / 2, delta * (error - delta / 2))


def _smooth_l1(a: Any, b: Any, beta: float = 1.0) -> Any:
    error = ad.abs(a - b)
    return (
        error
        if not beta
        else ad.where(whole(error) < beta, error**2 / (2 * beta), error - beta / 2)
    )


def _kl(x: Any, target: Any, reduction: str = "mean", log_target: bool = False) -> Any:
    losses = ad.exp(target) * (target - x) if log_target else ad.xlogy(target, target) - target * x
    if reduction == "batchmean":
        return losses.sum() / (x.shape[0] if x.ndim else 1)
    return _reduced(losses, reduction)


def _cross_entropy_of_probabilities(x: Any, y: Any, weight: Any = None) -> Any:
    losses = -(y * ad.maximum(ad.log(x), -100.0) + (1 - y) * ad.maximum(ad.log(1 - x), -100.0))
    return losses if weight is None else losses * weight


def _with_logits(x: Any, y: Any, weight: Any = None, pos_weight: Any = None) -> Any:
    factor = 1.0 if pos_weight is None else pos_weight
    losses = factor * y * ad.softplus(-x) + (1 - y) * ad.softplus(x)
    return losses if weight is None else losses * weight


def _chosen(log_probabilities: Any, target: Any, weight: Any, ignore: int, smoothing: float) -> Any:
    """Losses of classes along axis 1, and the weights to average them with."""
    classes = log_probabilities.shape[min(log_probabilities.ndim - 1, 1)]
    every = ad.Tensor(np.ones(classes)) if weight is None else weight
    last = (
        ad.moveaxis(log_probabilities, 1, -1) if log_probabilities.ndim > 1 else log_probabilities
    )
    if target.dtype.kind == "f":
        target = ad.moveaxis(target, 1, -1) if target.ndim > 1 else target
        target = target * (1 - smoothing) + smoothing / classes
        losses = -(last * target * every).sum(axis=-1)
        return losses, np.full(losses.shape, 1.0)
    index = whole(target)
    kept = index != ignore
    safe = np.where(kept, index, 0)
    own = ad.take_along_axis(last, safe[..., None], axis=-1)[..., 0]
    scale = every[safe] * kept
    losses = -own * scale * (1 - smoothing)
    if smoothing:
        losses = losses - (last * every).sum(axis=-1) * kept * smoothing / classes
    return losses, scale


def _averaged(losses: Any, scale: Any, reduction: str) -> Any:
    if reduction != "mean":
        return _reduced(losses, reduction)
    count = scale.sum() if isinstance(scale, ad.Tensor) else losses.size
    return losses.sum() / count


def _nll(
    x: Any, target: Any, weight: Any = None, *, ignore_index: int = -100, reduction: str = "mean"
) -> Any:
    return _averaged(*_chosen(x, target, weight, ignore_index, 0.0), reduction)


def _cross_entropy(
    x: Any,
    target: Any,
    weight: Any = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    logs = ad.log_softmax(x, axis=min(x.ndim - 1, 1))
    losses, scale = _chosen(logs, target, weight, ignore_index, label_smoothing)
    return _averaged(losses, scale, reduction)


def _poisson(x: Any, y: Any, log_input: bool = True, full: bool = False, eps: float = 1e-8) -> Any:
    losses = ad.exp(x) - y * x if log_input else x - y * ad.log(x + eps)
    if full:
        extra = y * ad.log(ad.maximum(y, 1.0)) - y + 0.5 * ad.log(2 * np.pi * ad.maximum(y, 1.0))
        losses = losses + ad.where(whole(y) > 1, extra, 0.0)
    return losses


def _gaussian(x: Any, y: Any, var: Any, full: bool = False, eps: float = 1e-6) -> Any:
    if var.ndim and var.shape != x.shape and x.shape[:-1] == var.shape:
        var = var[..., None]
    # The bound is passed over by gradients, as the database has it.
    var = var + np.maximum(eps - whole(var), 0.0)
    return 0.5 * (ad.log(var) + (x - y) ** 2 / var) + (0.5 * np.log(2 * np.pi) if full else 0.0)


def _hinge(x: Any, y: Any, margin: float = 1.0) -> Any:
    sign = whole(y)
    return ad.where(sign != -1, x, 0.0) + ad.where(sign != 1, ad.relu(margin - x), 0.0)


def _cosine_loss(a: Any, b: Any, y: Any, margin: float = 0.0) -> Any:
    tiny = np.finfo(float).eps
    squares = [(v * v).sum(axis=-1) + tiny for v in (a, b)]
    cosine = (a * b).sum(axis=-1) / ad.sqrt(squares[0] * squares[1])
    sign = whole(y)
    return ad.where(sign == 1, 1 - cosine, 0.0) + ad.where(
        sign == -1, ad.relu(cosine - margin), 0.0
    )


def _triplet(
    a: Any,
    p: Any,
    n: Any,
    margin: float = 1.0,
    norm: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
) -> Any:
    near, far = ad.pairwise_distance(a, p, norm, eps), ad.pairwise_distance(a, n, norm, eps)
    if swap:
        far = ad.minimum(far, ad.pairwise_distance(p, n, norm, eps))
    return ad.relu(margin + near - far)


def _linear(x: Any, weight: Any, bias: Any = None) -> Any:
    y = ad.inner(x, weight)
    return y if bias is None else y + bias


def _similarity(a: Any, b: Any, dim: int = 1, eps: float = 1e-8) -> Any:
    if not a.ndim and not b.ndim:
        a, b = a.reshape(1), b.reshape(1)
    return ad.cosine_similarity(a, b, dim, eps)


def _by_own_statistics(x: Any, running_mean: Any = None, running_var: Any = None, **o: Any) -> Any:
    return ad.instance_norm(x, **{k: v for k, v in o.items() if k != "momentum"})


def _bags(weight: Any, indices: Any, **options: Any) -> Any:
    return ad.embedding_bag(whole(indices), weight, **options)


def _prelu(x: Any, weight: Any) -> Any:
    if weight.ndim and x.ndim > 1:
        weight = weight.reshape(-1, *(1,) * (x.ndim - 2)) if weight.size > 1 else weight.reshape(())
    return ad.prelu(x, weight if x.ndim or not weight.ndim else weight.reshape(()))


def _embedding(indices: Any, weight: Any, padding_idx: int | None = None, **options: Any) -> Any:
    return ad.embedding(whole(indices), weight, padding_idx)


def _attention(
    q: Any, k: Any, v: Any, attn_mask: Any = None, dropout_p: float = 0.0, **options: Any
) -> Any:
    return ad.scaled_dot_product_attention(q, k, v, attn_mask, **options)


def _sampled(x: Any, grid: Any, *args: Any, **kwargs: Any) -> Any:
    return ad.grid_sample(x, grid, *args, **kwargs)


def _sampled_by_number(x: Any, grid: Any, mode: int, padding: int, align_corners: bool) -> Any:
    modes, paddings = ("bilinear", "nearest", "bicubic"), ("zeros", "border", "reflection")
    return ad.grid_sample(x, grid, modes[mode], paddings[padding], align_corners)


def late(name: str) -> Callable[..., Any]:
    """A function of the same arguments."""
    return lambda *args, **kwargs: getattr(ad, name)(*args, **_without(kwargs))


def _without(options: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in options.items() if key != "inplace"}


_SAME = (
    "celu elu glu hardshrink hardsigmoid hardswish hardtanh leaky_relu mish relu relu6 selu silu "
    "softshrink softsign tanhshrink threshold pixel_shuffle pixel_unshuffle channel_shuffle "
    "local_response_norm max_unpool1d max_unpool2d max_unpool3d grid_sample"
).split()

ADAPTERS: dict[str, Callable[..., Any]] = {
    **{f"nn.functional.{name}": late(name) for name in _SAME},
    "nn.functional.cosine_similarity": _similarity,
    "nn.functional.embedding": lambda weight, indices, **o: _embedding(indices, weight, **o),
    "nn.functional.embedding_bag": _bags,
    "nn.functional.instance_norm": _by_own_statistics,
    "nn.functional.cosine_embedding_loss": _loss_of_three(_cosine_loss),
    "nn.functional.cross_entropy": _cross_entropy,
    "nn.functional.gaussian_nll_loss": _loss_of_three(_gaussian),
    "nn.functional.hinge_embedding_loss": _loss(_hinge),
    "nn.functional.margin_ranking_loss": _loss_of_three(
        lambda a, b, y, margin=0.0: ad.relu(-y * (a - b) + margin)
    ),
    "nn.functional.nll_loss": _nll,
    "nn.functional.poisson_nll_loss": _loss(_poisson),
    "nn.functional.prelu": _prelu,
    "nn.functional.scaled_dot_product_attention": _attention,
    "nn.functional.triplet_margin_loss": _loss_of_three(
        lambda a, p, n, margin=1.0, **o: _triplet(a, p, n, margin, **_renamed(o))
    ),
    "nn.functional.upsample_bilinear": lambda x, size=None, scale_factor=None: ad.interpolate(
        x, size, scale_factor, "bilinear", align_corners=True
    ),
    "nn.functional.upsample_nearest": lambda x, size=None, scale_factor=None: ad.interpolate(
        x, size, scale_factor, "nearest"
    ),
    "grid_sampler_2d": _sampled_by_number,
    "grid_sampler_3d": _sampled_by_number,
    **{
        f"nn.functional.{kind}_pool{n}d": _pooled(getattr(ad, f"{kind}_pool{n}d"))
        for kind in ("avg", "max")
        for n in (1, 2, 3)
    },
    "nn.functional.binary_cross_entropy": _loss(_cross_entropy_of_probabilities),
    "nn.functional.binary_cross_entropy_with_logits": _loss(_with_logits),
    "nn.functional.huber_loss": _loss(_huber),
    "nn.functional.kl_div": _kl,
    "nn.functional.l1_loss": _loss(lambda a, b: ad.abs(a - b)),
    "nn.functional.linear": _linear,
    "nn.functional.mse_loss": _loss(lambda a, b: (a - b) ** 2),
    "nn.functional.smooth_l1_loss": _loss(_smooth_l1),
    "nn.functional.soft_margin_loss": _loss(lambda x, y: ad.softplus(-y * x)),
}
