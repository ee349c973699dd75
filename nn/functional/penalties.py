"""Penalties on the size of a model's weights, to be added to a loss."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Any

import autodiff as ad
from autodiff import Tensor
from nn.module.base import Module
from nn.module.copies import leaves
from nn.module.tree import Member

__all__ = ["elastic_net", "l1_penalty", "l2_penalty"]

Names = str | Iterable[str] | None


def l1_penalty(
    model: Any, strength: float = 1.0, *, roles: Names = "weight", names: Names = None
) -> Tensor:
    """λ Σ |w|: many weights become exactly 0 where the loss hardly needs them.

    Source: Tibshirani, "Regression shrinkage and selection via the lasso", 1996.

    Args:
        model: a module, whose frozen parameters do not count; or an iterable of tensors, which
            all do.
        strength: λ, not negative.
        roles: which parameters of a module count, by their role: ``weight``, one of ``weight``,
            ``bias``, ``scale``, ``slope`` or of your own, several of them, or None for all. A
            parameter without a role has the role ``bias`` if it is called so, and else
            ``weight``.
        names: which of these count, by their names: patterns as of files, such as
            ``"encoder.*"``; all if not given.

    Returns:
        A scalar. The derivative of |w| at 0 is 0.

    Raises:
        ValueError: ``strength`` is negative, or no parameter counts.

    Example:
        >>> import nn
        >>> model = nn.Linear(2, 1, init="ones")
        >>> l1_penalty(model, 0.5).item(), l1_penalty([model.bias]).item()
        (1.0, 0.0)
    """
    return _penalty("l1_penalty", model, strength, roles, names, _absolute)


def l2_penalty(
    model: Any, strength: float = 1.0, *, roles: Names = "weight", names: Names = None
) -> Tensor:
    """½ λ Σ w²: all weights stay small.

    Its gradient is λ w, so that with `nn.optim.SGD` it does what ``weight_decay=λ`` does, to the
    parameters that count.

    Args:
        model: as for `l1_penalty`.
        strength: λ, not negative.
        roles: as for `l1_penalty`.
        names: likewise.

    Returns:
        A scalar.

    Raises:
        ValueError: ``strength`` is negative, or no parameter counts.

    Example:
        >>> import nn
        >>> model = nn.Linear(2, 1, init="ones")
        >>> loss = nn.mse_loss(model([[1.0, 1.0]]), [[2.0]]) + l2_penalty(model, 0.1)
        >>> round(loss.item(), 4)
        0.1
    """
    return _penalty("l2_penalty", model, strength, roles, names, _halved_square)


def elastic_net(
    model: Any,
    strength: float = 1.0,
    l1_ratio: float = 0.5,
    *,
    roles: Names = "weight",
    names: Names = None,
) -> Tensor:
    """λ Σ (ρ |w| + ½ (1 − ρ) w²): some weights 0, the others small.

    Source: Zou and Hastie, "Regularization and variable selection via the elastic net", 2005.

    Args:
        model: as for `l1_penalty`.
        strength: λ, not negative.
        l1_ratio: ρ, from 0 (`l2_penalty`) to 1 (`l1_penalty`).
        roles: as for `l1_penalty`.
        names: likewise.

    Returns:
        A scalar.

    Raises:
        ValueError: ``strength`` is negative, ``l1_ratio`` outside [0, 1], or no parameter counts.

    Example:
        >>> elastic_net([ad.Tensor([2.0])], 0.5, l1_ratio=0.5).item()
        1.0
    """
    if not 0 <= l1_ratio <= 1:
        raise ValueError(f"elastic_net takes an l1_ratio from 0 to 1, not {l1_ratio}")

    def size(w: Tensor) -> Tensor:
        mixed: Tensor = l1_ratio * _absolute(w) + (1.0 - l1_ratio) * _halved_square(w)
        return mixed

    return _penalty("elastic_net", model, strength, roles, names, size)


def _absolute(w: Tensor) -> Tensor:
    return ad.sum(ad.abs(w))


def _halved_square(w: Tensor) -> Tensor:
    halved: Tensor = 0.5 * ad.sum(ad.square(w))
    return halved


def _penalty(
    name: str,
    model: Any,
    strength: float,
    roles: Names,
    names: Names,
    size: Callable[[Tensor], Tensor],
) -> Tensor:
    if isinstance(strength, str) or not strength >= 0:
        raise ValueError(f"{name} takes a strength of 0 or more, not {strength!r}")
    counted = _counted(model, roles, names)
    if not counted:
        raise ValueError(f"{name}: no parameter counts; {_there(model)}")
    total = size(counted[0])
    for w in counted[1:]:
        total = total + size(w)
    weighed: Tensor = total * strength
    return weighed


def _counted(model: Any, roles: Names, names: Names) -> list[Tensor]:
    if not isinstance(model, Module):
        return [model] if isinstance(model, Tensor) else list(model)
    wanted = None if roles is None else {roles} if isinstance(roles, str) else set(roles)
    patterns = ["*"] if names is None else [names] if isinstance(names, str) else list(names)
    return [
        member.value
        for name, member in leaves(model).items()
        if wanted is None or _role(name, member) in wanted
        if any(fnmatchcase(name, pattern) for pattern in patterns)
    ]


def _role(name: str, member: Member) -> str:
    return member.role or ("bias" if name.endswith("bias") else "weight")


def _there(model: Any) -> str:
    if not isinstance(model, Module):
        return "give a module, or tensors"
    known = [f"{name} ({_role(name, member)})" for name, member in leaves(model).items()]
    return f"{type(model).__name__} trains {', '.join(known) or 'none'}"
