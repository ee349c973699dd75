"""Calling a module that has hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autodiff as ad
from autodiff import Tensor, live
from autodiff.errors import ShapeError, TracingError

if TYPE_CHECKING:
    from nn.module.base import Module
    from nn.module.hooks import Hook

__all__ = ["call"]


def call(module: Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What a module gives, with all its hooks called."""
    hooks = module._hooks
    for hook in _of(hooks, "before"):
        args, kwargs = _before(hook, module, args, kwargs)
    passing = _Passing(module, hooks)
    try:
        result = module.forward(*passing.entering(args), **kwargs)
    except Exception:
        for hook in _of(hooks, "after"):
            if hook.always:
                _after(hook, module, args, kwargs, None)
        raise
    for hook in _of(hooks, "after"):
        given = _after(hook, module, args, kwargs, result)
        result = result if given is None else given
    return passing.leaving(result)


def _of(hooks: tuple[Hook, ...], kind: str) -> list[Hook]:
    return [hook for hook in hooks if hook.kind == kind]


def _before(hook: Hook, module: Module, args: Any, kwargs: Any) -> tuple[Any, dict[str, Any]]:
    if not hook.named:
        given = hook.function(module, args)
        if given is None:
            return args, kwargs
        return (given if isinstance(given, tuple) else (given,)), kwargs
    given = hook.function(module, args, kwargs)
    if given is None:
        return args, kwargs
    if not (isinstance(given, tuple) and len(given) == 2):
        raise TypeError(
            f"a forward pre-hook of {type(module).__name__} that is given named arguments returns "
            f"None or a pair (args, kwargs), not {given!r}"
        )
    return given


def _after(hook: Hook, module: Module, args: Any, kwargs: Any, result: Any) -> Any:
    named = (kwargs,) if hook.named else ()
    return hook.function(module, args, *named, result)


class _Passing:
    """One call of a module, as far as gradients that pass it are shown to hooks.

    Inputs and outputs pass through an identity each, whose derivative calls the hooks: one for
    all inputs, so that their gradients are there together, and one for all outputs.
    """

    def __init__(self, module: Module, hooks: tuple[Hook, ...]) -> None:
        self._module = module
        self._before = _of(hooks, "backward_before")
        self._after = _of(hooks, "backward_after")
        self._outputs: tuple[Any, ...] = ()
        self._entered = False
        self._count = 0

    def entering(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The inputs, as the module computes with them."""
        self._count = len(ad.tree.leaves(args))
        if not self._after:
            return args
        found: tuple[Any, ...] = _through(args, self._gradients_left)
        self._entered = found is not args
        return found

    def leaving(self, result: Any) -> Any:
        """The outputs, as the caller gets them."""
        if not self._after and not self._before:
            return result
        return _through(result, self._gradients_entered)

    def _gradients_entered(self, found: tuple[Any, ...]) -> tuple[Any, ...]:
        for hook in self._before:
            given = hook.function(self._module, found)
            found = _checked(self._module, "backward pre-hook", given, found)
        self._outputs = found
        if not self._entered:
            self._gradients_left((None,) * self._count)
        return found

    def _gradients_left(self, found: tuple[Any, ...]) -> tuple[Any, ...]:
        outputs, self._outputs = self._outputs, ()
        for hook in self._after:
            given = hook.function(self._module, found, outputs)
            found = _checked(self._module, "backward hook", given, found)
        return found


def _checked(module: Module, what: str, given: Any, found: tuple[Any, ...]) -> tuple[Any, ...]:
    """What a hook gave, or what it was given."""
    if given is None:
        return found
    gradients: tuple[Any, ...] = given if isinstance(given, tuple) else (given,)
    if len(gradients) != len(found):
        raise ShapeError(
            f"a {what} of {type(module).__name__} returned {len(gradients)} gradient(s); return "
            f"{len(found)}, as it was given, or None"
        )
    return gradients


def _through(tree: Any, watch: Any) -> Any:
    """The same, with the gradients of all tensors in it shown together on their way back.

    Args:
        tree: inputs or outputs.
        watch: takes the gradients of all leaves, None where none is needed, and gives others.
    """
    leaves, shape = ad.tree.flatten(tree)
    places = [i for i, x in enumerate(leaves) if isinstance(x, Tensor) and x.requires_grad]
    if not places or not ad.is_grad_enabled():
        return tree

    @ad.custom_function
    def passed(*tensors: Any) -> Any:
        return tensors

    @passed.jvp
    def _forward(tangents: Any, results: Any, *tensors: Any) -> Any:
        return tangents

    @passed.vjp
    def _backward(gradients: Any, results: Any, *tensors: Any) -> Any:
        if live.RECORDER.get() is not None:
            raise TracingError(
                "a compiled step runs backward() through a module with a backward hook, which "
                "would be called at the recording only; remove the hook (handle.remove()), or "
                "leave this step uncompiled"
            )
        filled: list[Any] = [None] * len(leaves)
        for place, g in zip(places, gradients, strict=True):
            filled[place] = ad.conj(g) if g.dtype.kind == "c" else ad.asarray(g)
        found = watch(tuple(filled))
        given = [ad.asarray(found[place]) for place in places]
        back = tuple(ad.conj(g) if g.dtype.kind == "c" else g for g in given)
        return back if len(back) > 1 else back[0]

    for place, node in zip(places, passed(*(leaves[i] for i in places)), strict=True):
        leaves[place] = node
    made: tuple[Any, ...] = ad.tree.unflatten(shape, leaves)
    return made
