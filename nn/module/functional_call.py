"""Calling a module with other parameters than its own, and many models as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from autodiff.extending import constant
from nn.module.base import Module
from nn.module.copies import leaves, places, put_together
from nn.module.dtypes import get_default_dtype
from nn.module.tree import Member

__all__ = ["functional_call", "stack_module_state"]

Given = Mapping[str, Any] | Sequence[Mapping[str, Any]] | Module


def functional_call(
    module: Module,
    parameter_and_buffer_dicts: Given,
    *inputs: Any,
    tie_weights: bool = True,
    strict: bool = False,
    **kwargs: Any,
) -> Any:
    """What a module gives with other parameters and buffers; its own stay as they are.

    The names are those of ``named_parameters`` and ``named_buffers``. What is not named is
    the module's own. A buffer that is given is updated in place where the module would update
    its own, such as running figures in training.

    Args:
        module: the module.
        parameter_and_buffer_dicts: tensors or arrays by name; several such dicts, of which no
            two have the same name; or a module with the same parameters, such as one that
            `autodiff.tree.map` gave.
        *inputs: what the module is called with. As in PyTorch, a single tuple is taken for all
            of them, and a dict after it for the named arguments.
        tie_weights: what is given for a shared parameter counts under all its names. There is
            only True: what is shared is one tensor.
        strict: whether every parameter and buffer must be given.
        **kwargs: named arguments of the call.

    Returns:
        What the module returns.

    Raises:
        ValueError: a name is not one of the module's, is given twice, or is missing though
            ``strict`` was said; a shared parameter is given two values.
        ShapeError: a shape is another one than the parameter's or buffer's.

    Example:
        >>> import nn
        >>> layer = nn.Linear(2, 1, rng=0)
        >>> nn.functional_call(layer, {"weight": [[1.0, 2.0]], "bias": [0.5]}, [[1.0, 1.0]])
        Tensor([[3.5]], dtype=float32)
        >>> def loss(weight):
        ...     return ad.sum(nn.functional_call(layer, {"weight": weight}, [[1.0, 1.0]]))
        >>> ad.grad(loss)(layer.weight.numpy())
        array([[1., 1.]], dtype=float32)
    """
    if not isinstance(module, Module):
        raise TypeError(
            f"functional_call() takes first a Module, not a {type(module).__name__}; then its "
            "parameters by name, then what it is called with"
        )
    if not tie_weights:
        raise ValueError(
            "functional_call() was given tie_weights=False, but what several parts of a model "
            "share is one tensor; build a model that does not share it"
        )
    args, named = _call(inputs)
    found = _found(module, _by_name(parameter_and_buffer_dicts), strict)
    return put_together(module, found)(*args, **named, **kwargs)


def _call(inputs: tuple[Any, ...]) -> tuple[tuple[Any, ...], Mapping[str, Any]]:
    """The arguments of a call, also where they were given as PyTorch wants them."""
    if not inputs or not isinstance(inputs[0], tuple):
        return inputs, {}
    if len(inputs) == 1:
        return inputs[0], {}
    if len(inputs) == 2 and isinstance(inputs[1], Mapping):
        return inputs[0], inputs[1]
    return inputs, {}


def _by_name(given: Given) -> dict[str, Any]:
    if isinstance(given, Module):
        return {name: member.value for name, member in leaves(given).items()}
    found: dict[str, Any] = {}
    for part in [given] if isinstance(given, Mapping) else given:
        for name, value in part.items():
            if name in found:
                raise ValueError(f"functional_call() was given {name!r} twice; give it once")
            found[name] = value
    return found


def _found(module: Module, given: Mapping[str, Any], strict: bool) -> dict[int, Any]:
    """What is to stand in which place, by `Member.key`."""
    own = places(module)
    kind = type(module).__name__
    unknown = [name for name in given if name not in own]
    if unknown:
        raise ValueError(
            f"functional_call() was given {_listed(unknown)}, which {kind} has not; its parameters "
            f"and buffers are {_listed(own)}"
        )
    first: dict[int, str] = {}
    for name, value in given.items():
        other = first.setdefault(own[name].key, name)
        if given[other] is not value:
            raise ValueError(
                f"functional_call() was given two values for {other!r} and {name!r}, which are "
                f"one shared tensor of {kind}; give it under one name"
            )
    missing = [name for name, member in own.items() if member.key not in first]
    if strict and missing:
        raise ValueError(
            f"functional_call() was not given {_listed(missing)} of {kind}, and strict=True was "
            "said; give them, or leave out strict for the module's own"
        )
    return {key: _fitted(name, given[name], own[name]) for key, name in first.items()}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names)) or "none"


def _fitted(name: str, value: Any, member: Member) -> Tensor:
    if not isinstance(value, Tensor):
        with ad.default_dtype(get_default_dtype()):
            # An array is not copied: a buffer is updated in place.
            given = isinstance(value, np.ndarray)
            value = constant(value.view(np.ndarray)) if given else ad.asarray(value)
    if value.shape != member.value.shape:
        raise ShapeError(
            f"functional_call() was given {name!r} of shape {value.shape}, and the module's own "
            f"has {member.value.shape}"
        )
    found: Tensor = value
    return found


def stack_module_state(
    models: Sequence[Module],
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The parameters and buffers of models of one build along a new first axis, for `vmap`.

    Args:
        models: at least one; all of the same class with the same parameters and buffers.

    Returns:
        The parameters and the buffers by name. They are constants: derivatives by them are
        those of the transforms, such as `autodiff.grad`.

    Raises:
        ValueError: there are no models, or they are not alike.

    Example:
        >>> import nn
        >>> models = [nn.Linear(2, 1, rng=seed) for seed in range(3)]
        >>> parameters, buffers = nn.stack_module_state(models)
        >>> parameters["weight"].shape, buffers
        ((3, 1, 2), {})
        >>> def call(parameters, x):
        ...     return nn.functional_call(models[0], parameters, x)
        >>> ad.vmap(call, in_axes=(0, None))(parameters, np.ones((5, 2), np.float32)).shape
        (3, 5, 1)
    """
    models = list(models)
    if not models:
        raise ValueError("stack_module_state() was given no models; give at least one")
    states = [_state(model) for model in models]
    for model, state in zip(models, states, strict=True):
        if type(model) is not type(models[0]) or _shapes(state) != _shapes(states[0]):
            raise ValueError(
                f"stack_module_state() takes models of one build, and {type(model).__name__} with "
                f"{_shapes(state)} stands beside {type(models[0]).__name__} with "
                f"{_shapes(states[0])}"
            )
    stacked = [
        {name: constant(np.stack([state[i][name].data for state in states])) for name in part}
        for i, part in enumerate(states[0])
    ]
    return stacked[0], stacked[1]


def _state(model: Module) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    parameters = dict[str, Tensor](model.named_parameters())
    return parameters, dict[str, Tensor](model.named_buffers())


def _shapes(state: tuple[dict[str, Tensor], ...]) -> dict[str, tuple[int, ...]]:
    return {name: tensor.shape for part in state for name, tensor in part.items()}
