"""What the elementwise activations share, and the one that does nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from autodiff import live
from nn.module.declared import Declared

__all__ = ["Identity"]


class Elementwise(Declared):
    """Base of the layers that apply a function to every number by itself.

    A subclass names the function; its fields are handed to it, after the input, in their order.

    Attributes:
        bounds: between which values the function stays, if it does and flattens there.
        steepest: its greatest slope, for those with bounds.

    Example:
        >>> import autodiff as ad
        >>> class Sine(Elementwise, function=ad.sin, bounds=(-1.0, 1.0)):
        ...     '''sin x.'''
        >>> Sine()([0.0]).tolist()
        [0.0]
    """

    _function: ClassVar[Callable[..., Any]]
    _arguments: ClassVar[tuple[str, ...]] = ()
    _bounds: ClassVar[tuple[float, float] | None] = None
    steepest: ClassVar[float] = 1.0

    def __init_subclass__(
        cls,
        function: Callable[..., Any] | None = None,
        bounds: tuple[float, float] | None = None,
        steepest: float | None = None,
        **options: Any,
    ) -> None:
        super().__init_subclass__(**options)
        cls._arguments = tuple(name for name, given in cls._fields.items() if given.shown)
        if function is not None:
            type.__setattr__(cls, "_function", staticmethod(function))
        if bounds is not None:
            cls._bounds = bounds
        if steepest is not None:
            cls.steepest = steepest

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Between which values the function stays, if it does and flattens there."""
        return self._bounds

    def forward(self, input: Any) -> Any:
        """The function, entry by entry; the output has the shape of the input."""
        if not self._arguments:
            return self._function(input)
        own = vars(self)
        return self._function(input, *[live.setting(own, name) for name in self._arguments])


class Identity(Elementwise):
    """Passes its input on, whatever arguments it was made with.

    Example:
        >>> Identity(54, unused=True)([1.0, 2.0])
        [1.0, 2.0]
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def forward(self, input: Any) -> Any:
        """The input."""
        return input
