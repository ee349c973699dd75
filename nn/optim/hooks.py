"""Functions that are called around the steps of an optimizer."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

__all__ = ["Hooks", "RemovableHandle"]

Hook = Callable[..., Any]
_numbers = count()


class RemovableHandle:
    """Ends a hook by `remove`, or at the end of a ``with`` block."""

    def __init__(self, hooks: dict[int, Hook], hook: Hook) -> None:
        self._hooks = hooks
        self.id: int = next(_numbers)
        hooks[self.id] = hook

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.id})"

    def remove(self) -> None:
        """Call the hook no more."""
        self._hooks.pop(self.id, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


class Hooks:
    """The hooks of one optimizer."""

    def __init__(self) -> None:
        self._before: dict[int, Hook] = {}
        self._after: dict[int, Hook] = {}

    def __bool__(self) -> bool:
        return bool(self._before or self._after)

    def add_before(self, hook: Hook) -> RemovableHandle:
        """One that is called before the steps."""
        return RemovableHandle(self._before, hook)

    def add_after(self, hook: Hook) -> RemovableHandle:
        """One that is called after them."""
        return RemovableHandle(self._after, hook)

    def before(self, owner: Any, args: tuple[Any, ...]) -> None:
        """Call the hooks before a step."""
        for hook in tuple(self._before.values()):
            hook(owner, args, {})

    def after(self, owner: Any, args: tuple[Any, ...]) -> None:
        """Call the hooks after a step."""
        for hook in tuple(self._after.values()):
            hook(owner, args, {})
