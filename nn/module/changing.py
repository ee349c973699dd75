"""Changing a module as a whole: its mode, its dtype, what is trained in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from nn.module.moving import wanted_dtype
from nn.module.registering import Registering

if TYPE_CHECKING:
    from nn.module.base import Module

__all__ = ["Changing"]


class Changing(Registering):
    """A module as far as it is changed as a whole."""

    def train(self, mode: bool = True) -> Self:
        """Switch this module and all below it to training (or, if false, to use)."""
        if not isinstance(mode, bool):
            raise TypeError(
                f"train(mode) takes True or False, not a {type(mode).__name__}; "
                "to fit a model to data call nn.fit(model, ...)"
            )
        for module in self.modules():
            if vars(module).get("training") is not mode:
                module.training = mode
        return self

    def eval(self) -> Self:
        """Switch this module and all below it to use: dropout off, running statistics on."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Freeze (false) or release (true) all parameters."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or set those there are to zero."""
        for parameter in self.parameters():
            keep = not set_to_none and parameter.grad is not None
            parameter.grad = np.zeros(parameter.shape, parameter.dtype) if keep else None

    def to(self, *args: Any, **kwargs: Any) -> Self:
        """Change the dtype of all floating parameters and buffers: ``to(numpy.float64)``.

        As in PyTorch it takes a dtype, a device, both, or a tensor whose dtype is to be taken. The
        only device is ``"cpu"``, where everything is. ``non_blocking``, ``copy`` and
        ``memory_format`` are without meaning here.

        Raises:
            TypeError: the dtype is not a floating one, or something else was given.
            ValueError: the device is another one.

        Example:
            >>> import numpy as np
            >>> import nn
            >>> nn.Linear(2, 1).to("cpu", np.float64).weight.dtype
            dtype('float64')
        """
        dtype = wanted_dtype(args, kwargs)
        if dtype is None:
            return self
        for _, tensor in (*self.named_parameters(), *self.named_buffers()):
            if tensor.dtype.kind == "f":
                tensor.cast_(dtype)
        return self

    def type(self, dst_type: Any) -> Self:
        """The same as ``to(dtype)``."""
        return self.to(dtype=dst_type)

    def cpu(self) -> Self:
        """This module, which is on the CPU, as all are."""
        return self

    def float(self) -> Self:
        """The same as ``to(numpy.float32)``."""
        return self.to(np.float32)

    def double(self) -> Self:
        """The same as ``to(numpy.float64)``."""
        return self.to(np.float64)

    def half(self) -> Self:
        """The same as ``to(numpy.float16)``, which saves memory and costs time."""
        return self.to(np.float16)

    def apply(self, fn: Callable[[Module], Any]) -> Self:
        """Call a function with every module, inner ones first; for example to initialise."""
        for module in reversed(list(self.modules())):
            fn(module)
        return self
