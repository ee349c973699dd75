"""Functions of a user's that are called when a module is, and when gradients pass it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import ref

from autodiff.extending import hooks_changed
from nn.module.lookup import Lookup

if TYPE_CHECKING:
    pass

__all__ = ["Hook", "Hooked", "RemovableHandle"]

_numbers = count()


class Hook(NamedTuple):
    """One hook of a module.

    Attributes:
        number: tells it apart.
        kind: ``before``, ``after``, ``backward_before`` or ``backward_after``.
        function: what is called.
        named: whether it is given the named arguments, too.
        always: whether it is called when ``forward`` raises.
    """

    number: int
    kind: str
    function: Callable[..., Any]
    named: bool = False
    always: bool = False


class RemovableHandle:
    """What registering a hook gives back, to end it; also at the end of a ``with`` block.

    Example:
        >>> import nn
        >>> layer = nn.ReLU()
        >>> with layer.register_forward_hook(lambda module, args, output: output + 1):
        ...     layer([0.0]).tolist()
        [1.0]
        >>> layer([0.0]).tolist()
        [0.0]
    """

    def __init__(self, module: Hooked, number: int) -> None:
        self._module = ref(module)
        self.id: int = number

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.id})"

    def remove(self) -> None:
        """End the registration; a second time does nothing."""
        module = self._module()
        if module is not None:
            module._hooks = tuple(hook for hook in module._hooks if hook.number != self.id)
            hooks_changed()

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.remove()


class Hooked(Lookup):
    """A module as far as hooks are set on it.

    A copy of a module, also one that a transform makes, has the hooks that were set before.
    While a compiled step is recorded, what forward hooks compute is recorded with the rest; hooks
    that gradients would have to call are refused.
    """

    _hooks: tuple[Hook, ...] = ()

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Have a function called before ``forward``: ``hook(module, args)``.

        Args:
            hook: returns None, or what ``forward`` is called with instead: a tuple of
                arguments, or a single one.
            prepend: whether it is called before those that were set earlier.
            with_kwargs: the call is ``hook(module, args, kwargs)``, and what it returns is None
                or a pair of both.

        Returns:
            A handle; ``handle.remove()`` ends the registration.
        """
        return self._register(hook, "before", prepend, named=with_kwargs)

    def register_forward_hook(
        self,
        hook: Callable[..., Any],
        *,
        prepend: bool = False,
        with_kwargs: bool = False,
        always_call: bool = False,
    ) -> RemovableHandle:
        """Have a function called after ``forward``: ``hook(module, args, output)``.

        Args:
            hook: returns None, or what the module gives instead of its output.
            prepend: whether it is called before those that were set earlier.
            with_kwargs: the call is ``hook(module, args, kwargs, output)``.
            always_call: whether it is called with None for the output if ``forward`` raises.

        Returns:
            A handle; ``handle.remove()`` ends the registration.

        Example:
            >>> import nn
            >>> model, shapes = nn.Sequential(nn.Linear(2, 3), nn.Tanh()), []
            >>> handle = model[0].register_forward_hook(
            ...     lambda module, args, output: shapes.append(output.shape)
            ... )
            >>> model([[1.0, 2.0]]).shape, shapes
            ((1, 3), [(1, 3)])
        """
        return self._register(hook, "after", prepend, named=with_kwargs, always=always_call)

    def register_full_backward_pre_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Have a function called before gradients enter: ``hook(module, grad_output)``.

        Args:
            hook: is given a tuple with the gradient of each tensor that the module gave and that
                needs one, None for the others; returns None, or a tuple to go on with.
            prepend: whether it is called before those that were set earlier.

        Returns:
            A handle; ``handle.remove()`` ends the registration.
        """
        return self._register(hook, "backward_before", prepend)

    def register_full_backward_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Have a function called with gradients: ``hook(module, grad_input, grad_output)``.

        It is called once the gradients of all inputs are known, or, if none of them needs one,
        when those of the outputs are.

        Args:
            hook: is given two tuples: for each input by position, and for each output, the
                gradient, None for what needs none. It returns None, or gradients of the inputs to
                go on with. With ``create_graph=True`` they are nodes.
            prepend: whether it is called before those that were set earlier.

        Returns:
            A handle; ``handle.remove()`` ends the registration.

        Raises:
            TracingError: when a compiled step would have to call it.

        Example:
            >>> import autodiff as ad
            >>> import nn
            >>> layer = nn.ReLU()
            >>> handle = layer.register_full_backward_hook(lambda module, gi, go: (10 * gi[0],))
            >>> x = ad.Tensor([1.0, -1.0], requires_grad=True)
            >>> layer(x).sum().backward()
            >>> x.grad.tolist()
            [10.0, 0.0]
        """
        return self._register(hook, "backward_after", prepend)

    def _forget_hooks(self) -> None:
        """End all registrations, of a copy that is looked at."""
        self._hooks = ()

    def _register(
        self, hook: Any, kind: str, prepend: bool, *, named: bool = False, always: bool = False
    ) -> RemovableHandle:
        if not callable(hook):
            raise TypeError(f"a hook is a function, not {hook!r}")
        if not self._is_called:
            raise TypeError(
                f"a {type(self).__name__} is never called itself, and so would the hook be; set it "
                "on the modules in it"
            )
        made = Hook(next(_numbers), kind, hook, named, always)
        self._hooks = (made, *self._hooks) if prepend else (*self._hooks, made)
        hooks_changed()
        return RemovableHandle(self, made.number)
