"""One sample of one operator: values, gradients and second-order products on both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import autodiff as ad

torch = pytest.importorskip("torch", reason="the operator database is PyTorch's")

__all__ = ["compare"]

RTOL = 2e-7


def _mapped(tree: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(tree, torch.Tensor):
        return change(tree)
    if isinstance(tree, (list, tuple)) and not isinstance(tree, torch.Size):
        return type(tree)(_mapped(x, change) for x in tree)
    if isinstance(tree, dict):
        return {key: _mapped(x, change) for key, x in tree.items()}
    return np.dtype(str(tree).partition(".")[2]) if isinstance(tree, torch.dtype) else tree


def _tensors(tree: Any) -> Iterator[Any]:
    if isinstance(tree, (torch.Tensor, ad.Tensor)):
        yield tree
    elif isinstance(tree, (list, tuple)):
        for x in tree:
            yield from _tensors(x)
    elif isinstance(tree, dict):
        for x in tree.values():
            yield from _tensors(x)


def _ours(x: Any) -> Any:
    made = ad.Tensor(x.detach().numpy())
    return made.requires_grad_() if x.requires_grad else made


def _close(what: str, found: Any, expected: Any, scale: float = 1.0) -> None:
    expected = expected.detach().numpy(force=True)
    atol = RTOL * max(
        scale, float(np.max(np.abs(expected), initial=0.0, where=np.isfinite(expected)))
    )
    found = np.asarray(found)
    assert found.shape == expected.shape, f"{what}: shape {found.shape}, expected {expected.shape}"
    np.testing.assert_allclose(found, expected, rtol=RTOL, atol=min(atol, 1e-3), err_msg=what)


def _numbers(x: Any) -> Any:
    return x.data if isinstance(x, ad.Tensor) else x


def _cotangent(rng: Any, y: Any) -> Any:
    w = rng.uniform(0.2, 1.0, y.shape)
    return w + 1j * rng.uniform(0.2, 1.0, y.shape) if y.dtype.kind == "c" else w


def compare(
    theirs: Callable[..., Any],
    ours: Callable[..., Any],
    sample: tuple[Any, tuple[Any, ...], dict[str, Any]],
    *,
    second: bool = True,
) -> int:
    """Compare one sample; the number of gradients that were compared.

    Raises:
        AssertionError: something differs.
    """
    given = sample
    mine = tuple(_mapped(part, _ours) for part in given)
    results = list(_tensors(theirs(given[0], *given[1], **given[2])))
    found = list(_tensors(ours(mine[0], *mine[1], **mine[2])))[: len(results)]
    assert found, "no result"
    results = results[: len(found)]
    for y, z in zip(found, results, strict=True):
        _close("value", y.numpy(), z)
    pairs = [(y, z) for y, z in zip(found, results, strict=True) if z.requires_grad]
    leaves = [
        (a, b)
        for a, b in zip(_tensors(mine), _tensors(given), strict=True)
        if b.requires_grad and b.is_floating_point()
    ]
    if not pairs or not leaves:
        return 0
    rng = np.random.default_rng(0)
    cotangents = [_cotangent(rng, y) for y, _ in pairs]
    inputs, others = [a for a, _ in leaves], [b for _, b in leaves]
    expected = torch.autograd.grad(
        [z for _, z in pairs],
        others,
        [torch.tensor(w) for w in cotangents],
        create_graph=second,
        allow_unused=True,
    )
    roots = [(y, w) for (y, _), w in zip(pairs, cotangents, strict=True) if y.requires_grad]
    assert roots or all(e is None or not e.abs().sum() for e in expected), "no gradient at all"
    if not roots:
        return 0
    gradients = ad.gradients(
        [y for y, _ in roots], [w for _, w in roots], inputs=inputs, create_graph=second
    )
    for (_, b), g, e in zip(leaves, gradients, expected, strict=True):
        _close("gradient", _numbers(g), torch.zeros_like(b) if e is None else e)
    if second:
        _second_order(gradients, expected, inputs, others, rng)
    return len(leaves)


def _second_order(
    gradients: Any, expected: Any, inputs: list[Any], others: list[Any], rng: Any
) -> None:
    directions = [rng.uniform(0.2, 1.0, x.shape) for x in inputs]
    used = [
        (e, torch.tensor(v))
        for e, v in zip(expected, directions, strict=True)
        if e is not None and e.requires_grad
    ]
    if not used:
        return
    try:
        again = torch.autograd.grad(
            [e for e, _ in used], others, [v for _, v in used], allow_unused=True
        )
    except RuntimeError as error:
        if "not implemented" in str(error) or "does not support" in str(error):
            return
        raise
    mine = [
        (g, v)
        for g, v in zip(gradients, directions, strict=True)
        if isinstance(g, ad.Tensor) and g.requires_grad
    ]
    if not mine:
        assert all(e is None or not e.abs().sum() for e in again), "no second order at all"
        return
    found = ad.gradients([g for g, _ in mine], [v for _, v in mine], inputs=inputs)  # type: ignore[call-overload]
    sizes = [e.detach().abs().numpy() for e in (*again, *expected) if e is not None]
    scale = max((float(np.max(e, initial=0.0, where=np.isfinite(e))) for e in sizes), default=0.0)
    scale = max(scale, 1e-3)
    for b, g, e in zip(others, found, again, strict=True):
        _close("second order", _numbers(g), torch.zeros_like(b) if e is None else e, scale)
