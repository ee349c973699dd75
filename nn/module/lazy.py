"""Modules whose sizes follow from their first input."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from autodiff import live, scope
from autodiff.errors import BatchingError, ShapeError, TracingError
from autodiff.extending import within_vmap
from nn.module.base import Module
from nn.module.dtypes import get_default_dtype

__all__ = ["LazyModule"]


class LazyModule(Module):
    """Base of modules that wait for their first input, and then become another one.

    The constructor takes the arguments of that other class but its first, the size. The first call
    makes the parameters and changes the module's class; loading a state does so, too. Until then
    there are no parameters that an optimizer could be given, which is an error.

    Attributes:
        becomes: the class, whose constructor takes the size first.
        axis: the axis of the input that has that size.
        sized_by: entries of a state with an axis each that has that size, the first that is there.
    """

    becomes: ClassVar[Any]
    axis: ClassVar[int]
    sized_by: ClassVar[Mapping[str, int]]
    _usual_here: ClassVar[Mapping[str, Any]] = {}

    def __init_subclass__(
        cls,
        becomes: type[Module],
        axis: int,
        sized_by: Mapping[str, int],
        usual: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        super().__init_subclass__(**options)
        cls.becomes, cls.axis, cls.sized_by = becomes, axis, sized_by
        constructor: Any = becomes.__init__
        this, _, *others = inspect.signature(constructor).parameters.values()
        # PyTorch's lazy normalisations have defaults of their own.
        cls._usual_here = usual or {}
        others = [p.replace(default=cls._usual_here.get(p.name, p.default)) for p in others]

        def construct(self: LazyModule, *args: Any, **kwargs: Any) -> None:
            LazyModule.__init__(self, *args, **kwargs)

        vars(construct)["__signature__"] = inspect.Signature([this, *others])
        construct.__name__, construct.__qualname__ = "__init__", f"{cls.__qualname__}.__init__"
        construct.__module__ = cls.__module__
        type.__setattr__(cls, "__init__", construct)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        wanted = inspect.signature(self.becomes).parameters
        given = inspect.signature(type(self).__init__).bind(self, *args, **kwargs).arguments
        kwargs |= {k: v for k, v in self._usual_here.items() if k not in given}
        if "dtype" in wanted and kwargs.get("dtype") is None:
            kwargs["dtype"] = get_default_dtype()
        self._settings: tuple[tuple[Any, ...], dict[str, Any]] = args, kwargs
        hidden = ("self", "dtype", "rng")
        self._shown: dict[str, Any] = {k: v for k, v in given.items() if k not in hidden}
        self._groups: int = given.get("groups", 1)
        # What is wrong is said now; the library's generator is left alone.
        seeded = {"rng": 0} if "rng" in wanted else {}
        self.becomes(self._groups if self._groups else 1, *args, **{**kwargs, **seeded})

    def has_uninitialized_params(self) -> bool:
        """Whether the parameters are still to be made."""
        return True

    def initialize_parameters(self, input: Any) -> None:
        """Make the parameters for an input, and become the other class.

        Raises:
            ShapeError: the input has too few axes.
            TracingError: a compiled step is being recorded.
            BatchingError: within `vmap`.
        """
        kind = type(self).__name__
        if live.RECORDER.get() is not None:
            raise TracingError(
                f"{kind} was to make its parameters in a compiled step; call the model once before"
            )
        if within_vmap():
            raise BatchingError(
                f"{kind} was to make its parameters within vmap; call the model once before"
            )
        shape = np.shape(input.data if hasattr(input, "data") else input)
        if not -len(shape) <= self.axis < len(shape):
            raise ShapeError(
                f"{kind} takes its size from axis {self.axis} of its first input, and that has "
                f"shape {shape}"
            )
        self._become(shape[self.axis])

    def forward(self, input: Any) -> Any:
        """Make the parameters, and compute what the other class does."""
        self.initialize_parameters(input)
        return self.forward(input)

    def _become(self, size: int) -> None:
        args, kwargs = self._settings
        made = self.becomes(size, *args, **kwargs)
        kept: dict[str, Any] = {k: vars(self)[k] for k in ("training", "_hooks") if k in vars(self)}
        place, kind = self._scope.mark[0], type(self).__name__
        vars(self).clear()
        vars(self).update(vars(made))
        vars(self).update(kept)
        self.__class__ = self.becomes
        if place != kind:
            # In a model it goes on being drawn under its name there.
            vars(self)["_scope"] = scope(place, self._scope.mark[1])

    def _sized_by(self, state: Mapping[str, Any], prefix: str) -> None:
        for name, axis in self.sized_by.items():
            if f"{prefix}{name}" in state:
                shape = np.shape(state[f"{prefix}{name}"])
                factor = self._groups if name == "weight" and axis == 1 else 1
                if axis < len(shape):
                    self._become(shape[axis] * factor)
                return

    def _refuse_parameters(self) -> None:
        raise RuntimeError(
            f"{type(self).__name__} has no parameters yet: their sizes follow from its first "
            "input. Call the model once, then ask for its parameters (and make the optimizer)"
        )

    def extra_repr(self) -> str:
        """That it waits, and its settings."""
        return ", ".join(["?", *(f"{name}={value!r}" for name, value in self._shown.items())])
