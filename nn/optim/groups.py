"""Groups of parameters for an optimizer: by what they are for, and by how deep they lie."""

from __future__ import annotations

from typing import Any

from autodiff import Tensor
from nn.module.base import Module

__all__ = ["groups_by_layer", "groups_by_role"]


def groups_by_role(model: Module, weight_decay: float, **settings: Any) -> list[dict[str, Any]]:
    """Two groups: what is to decay, and biases and scales, which are not to.

    Decay is for what multiplies inputs: parameters with two axes or more whose role is not
    ``bias``. A bias or the scale of a norm has nothing that decay could keep small.

    Args:
        model: the model.
        weight_decay: of the first group; the second has 0.
        **settings: for both.

    Returns:
        Groups as an optimizer takes them; one that would be empty is left out.

    Example:
        >>> import nn
        >>> model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
        >>> [(len(g["params"]), g["weight_decay"]) for g in groups_by_role(model, 0.1)]
        [(1, 0.1), (3, 0.0)]
        >>> optimizer = nn.optim.AdamW(groups_by_role(model, 0.1), lr=1e-3)
    """
    decayed: list[Tensor] = []
    spared: list[Tensor] = []
    for p in model.parameters():
        spare = p.ndim < 2 or getattr(p, "role", None) == "bias"
        (spared if spare else decayed).append(p)
    pairs = ((decayed, weight_decay), (spared, 0.0))
    return [{"params": ps, "weight_decay": decay, **settings} for ps, decay in pairs if ps]


def groups_by_layer(
    model: Module, lr: float, decay: float = 0.8, **settings: Any
) -> list[dict[str, Any]]:
    """A group for each part of a model, with rates that fall from the last to the first.

    The last part has ``lr``, the one before ``lr · decay``, then ``lr · decay²`` …: for
    a model that was trained before, whose first layers are to change least. Source: Howard and
    Ruder, "Universal Language Model Fine-tuning", 2018.

    Args:
        model: whose direct parts, in their order, are the layers; parameters of its own and
            parts without parameters count to none of them: the former have ``lr``.
        lr: rate of the last.
        decay: factor from a part to the one before it.
        **settings: for all.

    Returns:
        Groups as an optimizer takes them, from the first part to the last.

    Example:
        >>> import nn
        >>> model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
        >>> [(len(g["params"]), g["lr"]) for g in groups_by_layer(model, 0.1, decay=0.5)]
        [(2, 0.05), (2, 0.1)]
    """
    seen: set[int] = set()
    layers: list[list[Tensor]] = []
    names = dict.fromkeys(name.partition(".")[0] for name, _ in model.named_parameters())
    for top in names:
        found: list[Tensor] = [
            p
            for name, p in model.named_parameters()
            if name.startswith(f"{top}.") and id(p) not in seen
        ]
        seen.update(id(p) for p in found)
        layers += [found] if found else []
    own = [p for p in model.parameters() if id(p) not in seen]
    count = len(layers)
    made = [
        {"params": ps, "lr": lr * decay ** (count - 1 - number), **settings}
        for number, ps in enumerate(layers)
    ]
    return [*made, {"params": own, "lr": lr, **settings}] if own else made
