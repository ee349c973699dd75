"""Layers whose parameters can be drawn anew."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from nn.module.copies import places
from nn.module.tree import Part

__all__ = ["Resettable", "remember"]

_MADE = "_made"


class _Call:
    """What a layer was made with; an object, so that nothing in it is part of a model."""

    __slots__ = ("args", "kind", "kwargs")

    def __init__(self, kind: type[Part], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.kind: type[Part] = kind
        # A table that was given is not kept a second time.
        self.args: tuple[Any, ...] = args
        self.kwargs: dict[str, Any] = {k: v for k, v in kwargs.items() if k[0] != "_"}


def remember(module: Part, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Keep what a layer was made with, for `Resettable.reset_parameters`."""
    if isinstance(module, Resettable):
        vars(module)[_MADE] = _Call(type(module), args, kwargs)


class Resettable(Part):
    """A layer that knows how its parameters begin."""

    def reset_parameters(self, *, rng: np.random.Generator | int | None = None) -> None:
        """Give parameters and buffers the values with which they begin, drawn anew.

        The tensors stay, so an optimizer goes on with them; what it knows of them stays, too.

        Args:
            rng: a generator or a seed; the library's generator if not given, whatever the layer
                was made with.

        Raises:
            ValueError: the layer was changed since it was made: a parameter was replaced by one of
                another shape, or is computed from others.

        Example:
            >>> import nn
            >>> layer = nn.Linear(2, 1)
            >>> for module in nn.Sequential(layer, nn.ReLU()).modules():
            ...     if hasattr(module, "reset_parameters"):
            ...         module.reset_parameters(rng=0)
            >>> layer.weight.tolist() == nn.Linear(2, 1, rng=0).weight.tolist()
            True
        """
        made: _Call = vars(self)[_MADE]
        kwargs = made.kwargs
        if "rng" in inspect.signature(made.kind.__init__).parameters:
            kwargs = {**kwargs, "rng": rng}
        old, new = places(self), places(made.kind(*made.args, **kwargs))
        shapes = [{n: m.value.shape for n, m in each.items()} for each in (old, new)]
        if shapes[0] != shapes[1]:
            raise ValueError(
                f"reset_parameters() of {type(self).__name__} makes {shapes[1]}, and it has "
                f"{shapes[0]} since it was changed; make a new layer instead"
            )
        for name, member in old.items():
            tensor = member.value
            tensor.data = new[name].value.numpy().astype(tensor.dtype)
