"""What holds for the code being run: whether gradients are recorded, and in which module.

The state lives in a context variable, so it is separate for every thread and for every
asynchronous task.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ContextDecorator, contextmanager
from contextvars import ContextVar, Token
from math import inf
from sys import _getframe
from types import CodeType, TracebackType
from typing import Any, NamedTuple, Protocol, TypeVar

from autodiff.graph.origin import is_library, user_frame

__all__ = [
    "ORDINARY",
    "Mappings",
    "Mode",
    "current_mode",
    "enable_grad",
    "enter",
    "inside",
    "is_grad_enabled",
    "leave",
    "no_grad",
    "scope",
    "strict",
    "strict_since",
]

Scope = tuple[tuple[str, str], ...]


class Mappings(Protocol):
    """The calls of `vmap` that are under way, outermost first; none of them where it is false.

    Examples differ within a mapping. A node from outside is the same for all of them, so it is
    used through another one that shares it, whose gradient is the sum of what they send.
    """

    def __iter__(self) -> Iterator[Any]: ...

    def __contains__(self, batch: object, /) -> bool: ...

    def share(self, operands: tuple[Any, ...], entry: Any = None) -> tuple[Any, ...]:
        """Operands of an operation, those from outside shared."""

    def shared(self, x: Any, sequence: int) -> Any:
        """A node shared in every mapping that began after a moment."""

    def spread(self, x: Any, index: Any) -> Any:
        """A node as one of its own for every example among which an index differs."""

    def without(self, others: Any) -> Mappings:
        """Those that are not among others."""

    def sum(self, g: Any, sequence: int) -> Any:
        """What the examples send to a node from outside, added up."""


class Mode(NamedTuple):
    """The state of the code being run.

    Attributes:
        grad: whether operations are recorded.
        scope: the enclosing modules, outermost first.
        anomaly: whether results are watched for NaN and infinities.
        batches: the calls of `vmap` that are under way.
        block: where recording was switched off: the user's code and the instruction in it, the
            same object for all that is computed there. None just where operations are recorded,
            so that one look tells both.
    """

    grad: bool = True
    scope: Scope = ()
    anomaly: bool = False
    batches: Mappings | tuple[()] = ()
    block: tuple[CodeType, int] | None = None


def inside(mode: Mode, mark: tuple[str, str]) -> Mode:
    """The state within one more named part of a model."""
    return Mode(mode.grad, (*mode.scope, mark), mode.anomaly, mode.batches, mode.block)


ORDINARY = Mode()
_MODE: ContextVar[Mode] = ContextVar("glassgrad_mode", default=ORDINARY)
current_mode: Callable[[], Mode] = _MODE.get
enter: Callable[[Mode], Token[Mode]] = _MODE.set
leave: Callable[[Token[Mode]], None] = _MODE.reset


_STRICT: ContextVar[float] = ContextVar("glassgrad_strict", default=inf)
strict_since: Callable[[], float] = _STRICT.get
"""From which number of the clock on a node may not become a Python number."""


@contextmanager
def strict(since: int) -> Iterator[None]:
    """For code whose results are differentiated: numbers do not leave the graph there.

    Args:
        since: nodes made before this number are not meant, nor are they where an enclosing
            block means them.
    """
    token = _STRICT.set(min(since, _STRICT.get()))
    try:
        yield
    finally:
        _STRICT.reset(token)


_Function = TypeVar("_Function", bound=Callable[..., Any])


def _entered_at() -> tuple[CodeType, int]:
    """The place in the user's code that enters a block."""
    frame = _getframe(2)
    if is_library(frame.f_code.co_filename, True):
        frame = user_frame(2)
    return frame.f_code, frame.f_lasti


class _GradMode(ContextDecorator):
    """Sets whether operations are recorded, as a context manager or a decorator."""

    _grad: bool

    def __init__(self) -> None:
        self._tokens: list[Token[Mode]] = []
        self._block: tuple[CodeType, int] | None = None

    def __call__(self, func: _Function) -> _Function:
        # The block is the function: it is where somebody wrote that nothing is recorded.
        decorator = type(self)()
        if isinstance(code := getattr(func, "__code__", None), CodeType):
            decorator._block = code, 0
        return ContextDecorator.__call__(decorator, func)

    def _recreate_cm(self) -> _GradMode:
        again = type(self)()
        again._block = self._block
        return again

    def __enter__(self) -> None:
        mode = _MODE.get()
        block = None if self._grad else self._block or _entered_at()
        state = Mode(self._grad, mode.scope, mode.anomaly, mode.batches, block)
        self._tokens.append(_MODE.set(state))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _MODE.reset(self._tokens.pop())


class no_grad(_GradMode):  # noqa: N801 - a context manager, named as in PyTorch
    """Record nothing inside: results are constants without a gradient.

    Example:
        >>> import autodiff as ad
        >>> x = ad.Tensor([1.0, 2.0], requires_grad=True)
        >>> with ad.no_grad():
        ...     y = x * 2
        >>> y.requires_grad
        False
    """

    _grad = False


class enable_grad(_GradMode):  # noqa: N801 - a context manager, named as in PyTorch
    """Record operations inside, also where an enclosing block switched that off.

    Example:
        >>> import autodiff as ad
        >>> x = ad.Tensor([1.0, 2.0], requires_grad=True)
        >>> with ad.no_grad(), ad.enable_grad():
        ...     y = x * 2
        >>> y.requires_grad
        True
    """

    _grad = True


def is_grad_enabled() -> bool:
    """Whether operations are being recorded in this thread or task.

    Example:
        >>> import autodiff as ad
        >>> ad.is_grad_enabled()
        True
    """
    return _MODE.get().grad


class scope(ContextDecorator):  # noqa: N801 - a context manager like no_grad
    """Mark the nodes made inside as belonging to a named part of a model.

    Args:
        name: the part's name within its parent, for example ``layers[0]``.
        description: what it is, for example ``Linear(2, 16)``.

    Example:
        >>> import autodiff as ad
        >>> x = ad.Tensor([1.0], requires_grad=True)
        >>> with scope("head", "Linear(1, 1)"):
        ...     y = x * 2
        >>> y.scope
        (('head', 'Linear(1, 1)'),)
    """

    __slots__ = ("_latest", "_tokens", "mark")

    def __init__(self, name: str, description: str = "") -> None:
        self.mark: tuple[str, str] = (name, description)
        self._latest = ORDINARY, inside(ORDINARY, self.mark)
        self._tokens: list[Token[Mode]] = []

    def enter(self) -> Token[Mode]:
        """Begin a part; unlike a ``with`` block, in any number of threads at once.

        Returns:
            What `leave` takes at the end of the part, also after an error.

        Example:
            >>> import autodiff as ad
            >>> head = ad.scope("head")
            >>> token = head.enter()
            >>> y = ad.exp(ad.Tensor([0.0], requires_grad=True))
            >>> head.leave(token)
            >>> y.scope
            (('head', ''),)
        """
        outer, mode = self._latest
        if outer is not current_mode():
            mode = self._within(current_mode())
        return enter(mode)

    leave: Callable[[Token[Mode]], None] = staticmethod(_MODE.reset)
    """End a part, given what `enter` returned."""

    def _within(self, outer: Mode) -> Mode:
        """The state inside, kept because it mostly is that of the next call."""
        mode = inside(outer, self.mark)
        self._latest = outer, mode
        return mode

    def _recreate_cm(self) -> scope:
        return scope(*self.mark)

    def __deepcopy__(self, memo: object) -> scope:
        return scope(*self.mark)

    def __enter__(self) -> None:
        self._tokens.append(enter(self._within(current_mode())))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        leave(self._tokens.pop())
