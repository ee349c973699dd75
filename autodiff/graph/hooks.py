"""Functions that are called with the gradient of a node while `backward` runs."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any
from weakref import ref

import numpy as np

from autodiff.backends.kinds import is_plain, is_recorded
from autodiff.dtypes import as_array
from autodiff.errors import NonDifferentiableError, ShapeError, TracingError
from autodiff.graph.conjugation import conjugated
from autodiff.graph.extras import extras_of, own_extras
from autodiff.graph.switches import Use

__all__ = ["REGISTRATIONS", "Handle", "after_accumulation", "hooked", "register"]

REGISTRATIONS: dict[str, int] = {"count": 0}
"""How often a hook was set or removed, for steps that were recorded before."""

_numbers = count()


class Hooks:
    """The hooks of one node, in the order in which they were set."""

    __slots__ = ("__weakref__", "_use", "accumulated", "gradient")

    def __init__(self) -> None:
        self.gradient: dict[int, Callable[..., Any]] = {}
        self.accumulated: dict[int, Callable[..., Any]] = {}
        self._use: Use | None = None

    def note(self) -> None:
        """Say to the sweeps whether anything is left to be called."""
        REGISTRATIONS["count"] += 1
        left = self.gradient or self.accumulated
        self._use = (self._use or Use()) if left else None


class Handle:
    """What a registration gives back, to end it.

    Example:
        >>> import autodiff as ad
        >>> x = ad.Value(2.0)
        >>> handle = x.register_hook(lambda g: 10 * g)
        >>> (x * 3).backward()
        >>> handle.remove()
        >>> (x * 3).backward()
        >>> x.grad
        33.0
    """

    __slots__ = ("_hooks", "_kind", "_number")

    def __init__(self, hooks: Hooks, kind: str, number: int) -> None:
        # Weakly: the handle keeps no node's hooks alive.
        self._hooks, self._kind, self._number = ref(hooks), kind, number

    def remove(self) -> None:
        """End the registration; a second time does nothing."""
        hooks = self._hooks()
        if hooks is not None and getattr(hooks, self._kind).pop(self._number, None):
            hooks.note()


def register(node: Any, hook: Callable[..., Any], kind: str) -> Handle:
    """Set a hook; ``kind`` is ``"gradient"`` or ``"accumulated"``.

    Raises:
        TypeError: the hook cannot be called.
        NonDifferentiableError: the node gets no gradient.
    """
    if not callable(hook):
        raise TypeError(f"a hook is a function of the gradient, not {hook!r}")
    if not node.requires_grad:
        raise NonDifferentiableError(
            f"a hook was set on {node.describe()}, which needs no gradient, so it would never be "
            "called; make the leaf with requires_grad=True"
        )
    hooks = extras_of(node).get("hooks")
    if hooks is None:
        hooks = Hooks()
        own_extras(node)["hooks"] = hooks
    number = next(_numbers)
    getattr(hooks, kind)[number] = hook
    hooks.note()
    return Handle(hooks, kind, number)


def hooked(node: Any, g: Any) -> Any:
    """The gradient of a node after its hooks: what the last one gave that gave something.

    Args:
        node: the node.
        g: its gradient; an array, a float, or a node where a graph of gradients is made.

    Raises:
        ShapeError: a hook gave something of another shape.
        TracingError: a step is being recorded, which would not call the hook again.
    """
    hooks = extras_of(node).get("hooks")
    if hooks is None:
        return g
    if isinstance(g, np.generic):
        # Of a tensor without axes; the gradient of a Value is a Python number.
        g = np.asarray(g)
    for hook in list(hooks.gradient.values()):
        if is_recorded(g):
            raise _not_recorded(node)
        given = hook(_shown(conjugated(g)))
        if given is not None:
            g = conjugated(_checked(node, given, g))
    return g


def after_accumulation(node: Any) -> None:
    """Call the hooks that wait for the gradient of a leaf to be stored."""
    hooks = extras_of(node).get("hooks")
    for hook in list(hooks.accumulated.values()) if hooks is not None else ():
        if is_recorded(node._grad):
            raise _not_recorded(node)
        hook(node)


def _shown(g: Any) -> Any:
    """What a hook is given: arrays may be shared between nodes, so they are read-only."""
    if not is_plain(g):
        return g
    view = g.view()
    view.flags.writeable = False
    return view


def _checked(node: Any, given: Any, g: Any) -> Any:
    like = getattr(g, "_data", g)
    if hasattr(given, "requires_grad"):
        if hasattr(g, "requires_grad"):
            return given
        given = given.data
    if isinstance(like, float):
        try:
            plain: Any = float(given)
        except (TypeError, ValueError):
            raise ShapeError(
                f"a hook of {node.describe()} returned {given!r}; return one number or None"
            ) from None
    else:
        plain = as_array(given, like.dtype)
        if plain.shape != like.shape:
            raise ShapeError(
                f"a hook of {node.describe()} returned a gradient of shape {plain.shape}; return "
                f"one of the node's shape {like.shape}, or None"
            )
    return type(g)(plain) if hasattr(g, "requires_grad") else plain


def _not_recorded(node: Any) -> TracingError:
    return TracingError(
        f"a compiled step runs backward() through {node.describe()}, which has a hook; it would be "
        "called at the recording only. Remove the hook (handle.remove()), or leave this step "
        "uncompiled"
    )
