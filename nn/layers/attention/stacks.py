"""What encoder and decoder share: activations by name, copies of a layer."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

import autodiff as ad
from nn.layers import making
from nn.layers.linear_maps import Linear
from nn.layers.noise import Dropout
from nn.layers.normalization.features import LayerNorm
from nn.module.base import Module

__all__ = ["Activation", "Block", "copies"]

Activation: TypeAlias = str | Callable[[Any], Any]

_NAMED: dict[str, Callable[[Any], Any]] = {"relu": ad.relu, "gelu": ad.gelu}


class Block(Module):
    """Base of the layers of encoder and decoder: W₂ f(W₁ x), dropouts, norms before or after.

    Attributes:
        linear1, linear2: the two maps, `Linear`.
        activation: f.
        norm_first: whether each part normalises what it is given, not what it gives.
    """

    linear1: Linear
    linear2: Linear
    dropout: Dropout
    activation: Callable[[Any], Any]
    norm_first: bool

    def _feed(self, x: Any) -> Any:
        return self.linear2(self.dropout(self.activation(self.linear1(x))))

    def _made(self, name: str, activation: Activation) -> Callable[[Any], Any]:
        """The activation, by its name or as it is."""
        if isinstance(activation, str):
            if activation not in _NAMED:
                raise ValueError(
                    f"{name}: activation must be 'relu', 'gelu' or a function, not {activation!r}"
                )
            return _NAMED[activation]
        if not callable(activation):
            raise TypeError(
                f"{name}: activation must be 'relu', 'gelu' or a function, and a "
                f"{type(activation).__name__} was given"
            )
        return activation

    def _within(self, x: Any, norm: LayerNorm, part: Callable[[Any], Any]) -> Any:
        """x with what a part of the block adds to it, normalised before or after."""
        return x + part(norm(x)) if self.norm_first else norm(x + part(x))

    def extra_repr(self) -> str:
        """Nothing: the parts say all."""
        return ""


def copies(name: str, layer: Module, count: int) -> list[Module]:
    """Copies of a layer, which begin with equal parameters and share its generators."""
    if not isinstance(layer, Module):
        raise TypeError(f"{name} takes a layer, and a {type(layer).__name__} was given")
    number = making.whole(name, "num_layers", count)
    found = [
        value
        for part in layer.modules()
        for value in vars(part).values()
        if isinstance(value, np.random.Generator)
    ]
    # A copied generator would draw the same numbers in every layer.
    return [copy.deepcopy(layer, {id(rng): rng for rng in found}) for _ in range(number)]
