"""A network from whatever holds one: a loss, an output, or a model and what goes into it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autodiff.graph.node import Node
from autodiff.values.value import Value
from viz.networks.errors import NotANetworkError
from viz.networks.model import Network
from viz.networks.tensors import network_of_tensors
from viz.networks.values import network_of_values
from viz.read.roles import check_roles

__all__ = ["read_network"]


def read_network(
    of: Any,
    x: Any = None,
    target: Any = None,
    *,
    loss: Any = None,
    sample: int | None = None,
    roles: Mapping[Any, str] | None = None,
    gradients: bool = True,
) -> Network:
    """The network behind a node, or that of a model.

    Args:
        of: a `Value` or a `Tensor`, a loss or an output; or a model, which is called; or a
            `Network` already.
        x: what goes into the model.
        target: what the loss compares with; not given to it if `None`.
        loss: takes what the model gives, and the target.
        sample: which example; by default the one whose outputs have the largest gradients.
        roles: what leaves are, by node or by name, as for `viz.draw`.
        gradients: whether to work them out, in a sweep of its own. No ``grad`` is touched.

    A model is copied before it is called, and the copy set to evaluation, so that nothing in it
    changes and no chance is in the picture.

    Raises:
        TypeError: if it is none of these, or a model is given without ``x``.
        ValueError: if a role is unknown, or a model of Values gives several outputs and there
            is no loss.
        NotANetworkError: if the graph is no network of neurons.
        IndexError: if there is no such example.

    Example:
        >>> import numpy as np, nn
        >>> model = nn.scalar.MLP(2, [3, 1], rng=np.random.default_rng(0))
        >>> net = read_network(model, [1.0, -1.0], 1.0, loss=lambda o, t: (o - t) ** 2)
        >>> [layer.name for layer in net.layers], net.loss.formula
        (['inputs', 'layers[0]', 'layers[1]'], '(o − t)²')
    """
    if isinstance(of, Network):
        return of
    roles = dict(roles or {})
    check_roles(roles)
    names: list[str] = []
    if not isinstance(of, Node):
        model = _still(of, x)
        parameters = model.parameters() if hasattr(model, "parameters") else ()
        roles = {**dict.fromkeys(parameters, "parameter"), **roles}
        root = _judged(model(x), target, loss)
        parts = getattr(model, "layers", ())
        names = [f"layers[{number}]" for number in range(len(parts))]
    elif x is not None or loss is not None:
        raise TypeError(
            f"a {type(of).__name__} was given with x or loss, which belong to a model; give the "
            "loss alone, or the model with x and loss"
        )
    else:
        root = of
    if root.is_leaf:
        raise NotANetworkError(
            f"{root.describe()} has no graph behind it: it was made by hand, inside no_grad(), by "
            "detach(), or of nothing that needs a gradient; give a loss that was computed from "
            "weights with requires_grad=True"
        )
    read = network_of_values if isinstance(root, Value) else network_of_tensors
    found = read(root, roles=roles, sample=sample, gradients=gradients)
    if isinstance(root, Value) and len(names) == len(found.layers) - 1:
        layers = zip(found.layers[1:], names, strict=True)
        named = (replace(layer, name=name) for layer, name in layers)
        found = replace(found, layers=(found.layers[0], *named))
    return found


def _still(model: Any, x: Any) -> Any:
    """A model that can be called without a change."""
    if not callable(model):
        raise TypeError(
            f"no network can be read from a {type(model).__name__!r}; give a loss or an output, a "
            "Value or a Tensor computed from others, or a model and what goes into it: (model, x)"
        )
    if x is None:
        raise TypeError("a model was given without x; give both: (model, x)")
    if not hasattr(model, "eval"):
        return model
    twin = copy.deepcopy(model)
    twin.eval()
    return twin


def _judged(out: Any, target: Any, loss: Any) -> Any:
    if loss is not None:
        out = loss(out) if target is None else loss(out, target)
    if isinstance(out, list | tuple):
        if len(out) == 1:
            return out[0]
        raise ValueError(
            f"the model gives {len(out)} outputs; give loss=, which makes one number of them"
        )
    if not isinstance(out, Node):
        raise TypeError(f"the result is no Value or Tensor, but {type(out).__name__!r}")
    return out
