"""Recomputing part of a forward pass in the backward pass, to keep less of it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autodiff import random
from autodiff.backends.kinds import numbers_of
from autodiff.custom.outside import used_from_before
from autodiff.custom.packing import pulled, recorded
from autodiff.errors import GlassgradError
from autodiff.functions.elementwise import elementwise
from autodiff.graph.clock import next_sequence
from autodiff.graph.modes import enable_grad, is_grad_enabled
from autodiff.graph.node import Node
from autodiff.graph.recomputing import recomputing
from autodiff.tensors.operands import gathered, to_tensor
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor
from autodiff.tensors.to_values import to_value
from autodiff.trees.tree import flatten, unflatten
from autodiff.values.value import Value

__all__ = ["checkpoint"]


def checkpoint(function: Callable[..., Any]) -> Callable[..., Any]:
    """Keep nothing of what a function computes inside; compute it again for the backward pass.

    A network of n layers in √n checkpoints needs memory for √n of them, and one more
    forward pass. Gradients are the same numbers, for the arguments and for everything else
    the function uses (the weights of a module, say), to every order.

    Args:
        function: takes and returns Tensors and Values, also in containers. It must compute
            the same when called again with the same numbers; what it draws from the
            library's random generator is drawn again alike. Tensors that it changes, such as
            the running figures of batch normalisation, are changed by the first run alone; those
            that it reads must be read after their change.

    Returns:
        The function, to be called in its place.

    Raises:
        GlassgradError: in the backward pass, if other numbers come out.

    Example:
        >>> import autodiff as ad
        >>> x = ad.Tensor([1.0, 2.0], requires_grad=True)
        >>> ad.checkpoint(lambda x: ad.exp(ad.sin(x)))(x).sum().backward()
        >>> bool(abs(x.grad[0] - 1.2534) < 1e-3)
        True
    """

    @functools.wraps(function)
    def checkpointed(*args: Any, **kwargs: Any) -> Any:
        if not is_grad_enabled():
            return function(*args, **kwargs)
        return _Segment(function, args, kwargs).run()

    return checkpointed


class _Segment:
    """One call of a checkpointed function."""

    def __init__(
        self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        self.function = function
        self.name = getattr(function, "__name__", type(function).__name__)
        self.leaves, self.structure = flatten((args, kwargs))
        nodes = (x for x in self.leaves if isinstance(x, Node) and x.requires_grad)
        self.given: list[Any] = list(dict.fromkeys(nodes))
        self.outside: list[Node] = []
        self.random = random.generator().bit_generator.state

    def run(self) -> Any:
        since = next_sequence()
        roots, leaves, structure = self.computed({x: _fresh(x) for x in self.given})
        self.outside = used_from_before(roots, since)
        results = [_tensor(y) for y in roots]
        # Of the first run only the numbers are kept.
        numbers = [constant(y._data) for y in results]
        if any(y.requires_grad for y in roots):
            self.numbers = [y._data for y in numbers]
            # What is given and closed over, too, is two operands: the uses are told apart.
            operands = [*self.given, *self.outside]
            found = recorded(f"checkpoint({self.name})", numbers, operands, self.pull)
        else:
            found = numbers
        nodes = iter(zip(found, roots, strict=True))
        return unflatten(
            structure, [_like(*next(nodes)) if isinstance(y, Node) else y for y in leaves]
        )

    def computed(self, stand_ins: dict[Node, Node]) -> tuple[list[Node], list[Any], Any]:
        """Run the function on other nodes than it was given."""
        leaves = [stand_ins.get(x, x) if isinstance(x, Node) else x for x in self.leaves]
        args, kwargs = unflatten(self.structure, leaves)
        with enable_grad():
            answer = self.function(*args, **kwargs)
            found, structure = flatten(answer)
            found = [gathered(y) for y in found]
        return [y for y in found if isinstance(y, Node)], found, structure

    def pull(
        self, gs: list[Any], ys: list[Any], wanted: Sequence[bool], graph: bool
    ) -> Sequence[Any]:
        # With a graph the stand-ins depend on what was given, but are gone no further than to.
        with enable_grad():
            stand_ins = {x: elementwise.positive(x) if graph else _fresh(x) for x in self.given}
        since = next_sequence()
        state = random.generator().bit_generator.state
        random.generator().bit_generator.state = self.random
        try:
            with recomputing(since):
                roots, _, _ = self.computed(stand_ins)
        finally:
            random.generator().bit_generator.state = state
        for before, now in zip(self.numbers, roots, strict=True):
            # Of a step being recorded, the numbers that it is recorded with.
            then, again = map(numbers_of, (before, _tensor(now)._data))
            if not np.array_equal(then, again, equal_nan=before.dtype.kind in "fc"):
                raise GlassgradError(
                    f"the checkpointed function {self.name!r} gave other numbers when it was "
                    "computed again for the backward pass; it must depend on its arguments and "
                    "on weights only (draw random numbers from autodiff.random)"
                )
        inputs = [*stand_ins.values(), *self.outside]
        needed = [x for x, needs in zip(inputs, wanted, strict=True) if needs]
        with enable_grad():
            parts = iter(pulled(roots, gs, needed, since, graph))
        return [next(parts) if needs else None for needs in wanted]


def _fresh(x: Any) -> Any:
    if isinstance(x, Value):
        return Value(x.data)
    leaf = constant(x._data)
    leaf.requires_grad = True
    return leaf


def _tensor(y: Node) -> Any:
    return y if isinstance(y, Tensor) else to_tensor(y)


def _like(found: Any, root: Node) -> Any:
    return to_value(found) if isinstance(root, Value) else found
