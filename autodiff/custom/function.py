"""Functions with derivative rules of the user's own."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_numeric
from autodiff.custom.checks import checked_cotangents, checked_tangent, shape_fitted
from autodiff.custom.closed_over import check_nothing_closed_over
from autodiff.custom.packing import pulled, recorded
from autodiff.errors import NonDifferentiableError
from autodiff.graph.clock import next_sequence
from autodiff.graph.modes import current_mode, enable_grad, strict
from autodiff.graph.node import Node
from autodiff.tensors.operands import as_operand, operands_of, to_tensor
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor
from autodiff.tensors.to_values import to_value
from autodiff.values.value import Value

__all__ = ["CustomFunction", "custom_function"]


class CustomFunction:
    """A function whose derivative is the one it is given; made by `custom_function`."""

    def __init__(self, function: Callable[..., Any]) -> None:
        functools.update_wrapper(self, function)
        self.__name__: str
        self._name: str = getattr(function, "__name__", type(function).__name__)
        self._function = function
        self._vjp: Callable[..., Any] | None = None
        self._jvp: Callable[..., Any] | None = None

    def __repr__(self) -> str:
        rules = [name for name in ("vjp", "jvp") if getattr(self, f"_{name}") is not None]
        return f"<custom function {self._name} with {' and '.join(rules) or 'no rule yet'}>"

    def vjp(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Set the reverse rule: ``rule(g, y, *args, **kwargs)``.

        Args:
            rule: takes the cotangent of the result (for several results a tuple), the
                result and the function's own arguments, and returns one cotangent for each
                positional argument (a tuple, unless there is one argument), None where
                there is none. Written with this library's functions or NumPy's it can be
                differentiated in turn; then it is given nodes, and to turn one into an array
                or a number is an error, as its dependence would be lost. Of complex numbers a
                cotangent c is what gives dL = Re(c · dz): multiply by the derivative, conjugate
                nothing.

        Returns:
            The rule, so that this serves as a decorator.
        """
        self._vjp = rule
        return rule

    def jvp(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Set the forward rule: ``rule(tangents, y, *args, **kwargs)``.

        Args:
            rule: takes the tangents of the positional arguments (a tuple, None for one
                that has none), the result and the function's own arguments, and returns
                the tangent of the result. It must be linear in the tangents. Without a
                reverse rule, that one is this one transposed.

        Returns:
            The rule, so that this serves as a decorator.
        """
        self._jvp = rule
        return rule

    def only(self, rule: str) -> CustomFunction:
        """The same function with one of its two rules, so that each can be checked.

        Args:
            rule: ``"vjp"`` or ``"jvp"``.
        """
        made = CustomFunction(self._function)
        setattr(made, f"_{rule}", getattr(self, f"_{rule}"))
        made.__name__ = f"{self._name} by its {rule} rule"
        return made

    @property
    def rules(self) -> tuple[str, ...]:
        """Which rules are set: ``"vjp"``, ``"jvp"``."""
        return tuple(name for name in ("vjp", "jvp") if getattr(self, f"_{name}") is not None)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the function as one node of the graph."""
        if not self.rules:
            raise NonDifferentiableError(
                f"the custom function {self._name!r} has no derivative rule; give it one with "
                f"@{self._name}.vjp or @{self._name}.jvp"
            )
        for name, given in kwargs.items():
            if isinstance(given, Node) and given.requires_grad:
                raise TypeError(
                    f"{self._name}() was given {name}= as a node that needs a gradient; "
                    "hand nodes over by position, so that the rule can answer for them"
                )
        places = [i for i, arg in enumerate(args) if _is_operand(arg)]
        operands = operands_of([args[i] for i in places])
        batches = current_mode().batches
        if batches:
            # The rule answers for one example, also where an operand is the same for all.
            operands = list(batches.share(tuple(operands)))
        plain = list(args)
        for i, operand in zip(places, operands, strict=True):
            plain[i] = constant(operand._data)
        # Recorded, as far as gradients are wanted at all: constants leave no trace, so what
        # needs a gradient afterwards came from somewhere else than the arguments.
        since = next_sequence()
        given = self._function(*plain, **kwargs)
        several = isinstance(given, (tuple, list))
        found = [_tensor(y) for y in (given if several else [given])]
        check_nothing_closed_over(self._function, self._name, found, since)
        results = [constant(y._data) if y.requires_grad else y for y in found]

        def rule(
            gs: list[Any], ys: list[Any], wanted: Sequence[bool], graph: bool
        ) -> Sequence[Any]:
            arguments = list(plain)
            if graph:
                for i, operand in zip(places, operands, strict=True):
                    arguments[i] = operand
            y = tuple(ys) if several else ys[0]
            if self._vjp is None:
                parts = self._transposed(gs, wanted, graph, ys, several, arguments, places, kwargs)
            else:
                filled = [_filled(g, r) for g, r in zip(gs, results, strict=True)]
                answer = self._vjp(tuple(filled) if several else filled[0], y, *arguments, **kwargs)
                parts = checked_cotangents(self._name, answer, len(args), places)
            return [
                shape_fitted(self._name, place, part, operand)
                for place, part, operand in zip(places, parts, operands, strict=True)
            ]

        def push(along: list[Any], ys: list[Any], graph: bool) -> Sequence[Any]:
            arguments = list(plain)
            tangents: list[Any] = [None] * len(plain)
            for i, operand, t in zip(places, operands, along, strict=True):
                arguments[i] = operand if graph else plain[i]
                tangents[i] = constant(np.zeros_like(operand._data)) if t is None else t
            return self._tangents(tuple(tangents), ys, several, arguments, kwargs)

        def again(*others: Any) -> Any:
            arguments = list(plain)
            for i, other in zip(places, others, strict=True):
                arguments[i] = other
            return self(*arguments, **kwargs)

        pushed = None if self._jvp is None else push
        found = recorded(self._name, results, operands, rule, push=pushed, again=again)
        values = _only_values([args[i] for i in places])
        shown = [to_value(y) if values and y.shape == () else y for y in found]
        return tuple(shown) if several else shown[0]

    def _tangents(
        self, tangents: Any, ys: Sequence[Any], several: bool, arguments: Any, kwargs: Any
    ) -> list[Any]:
        """What the forward rule gives, checked."""
        assert self._jvp is not None
        answer = self._jvp(tangents, tuple(ys) if several else ys[0], *arguments, **kwargs)
        found = answer if several else (answer,)
        checked_tangent(self._name, found, ys)
        return [as_operand(t, y) for t, y in zip(found, ys, strict=True)]

    def _transposed(
        self,
        gs: list[Any],
        wanted: Sequence[bool],
        graph: bool,
        ys: list[Any],
        several: bool,
        arguments: list[Any],
        places: list[int],
        kwargs: dict[str, Any],
    ) -> list[Any]:
        """The reverse rule that the forward rule implies."""
        since = next_sequence()
        tangents: list[Any] = [None] * len(arguments)
        leaves: dict[int, Any] = {}
        with enable_grad(), strict(since):
            for i, needed in zip(places, wanted, strict=True):
                leaf = constant(np.zeros_like(arguments[i]._data))
                if needed:
                    leaf.requires_grad = True
                    leaves[i] = leaf
                tangents[i] = leaf
            found = self._tangents(tuple(tangents), ys, several, arguments, kwargs)
            parts = pulled(found, gs, list(leaves.values()), since, graph)
        by_place = dict(zip(leaves, parts, strict=True))
        return [by_place.get(i) for i in places]


def _is_operand(x: Any) -> bool:
    if isinstance(x, Node):
        return True
    return x.__class__ is float or (is_numeric(x) and x.dtype.kind in "fc")


def _tensor(y: Any) -> Tensor:
    made: Tensor = to_tensor(y) if isinstance(y, Value) else as_operand(y)
    return made


def _filled(g: Any, like: Tensor) -> Any:
    return constant(np.zeros_like(like._data)) if g is None else g


def _only_values(args: Sequence[Any]) -> bool:
    kinds = {type(arg) for arg in args if isinstance(arg, Node)}
    return kinds == {Value}


def custom_function(function: Callable[..., Any]) -> CustomFunction:
    """Give a function derivative rules of your own; a decorator.

    The function is computed without recording, as one node; its derivative is what the
    rules say. ``gradcheck`` checks the rules that are set against differences of values,
    each on its own.

    Args:
        function: takes Tensors by position (what else it needs by position or keyword),
            returns a Tensor, an array, or a tuple of them. It may close over constants only:
            whatever else a gradient is wanted for (the weights of a module, say) has to be
            an argument of its own, so that the rule can answer for it.

    Returns:
        The function, with ``.vjp`` and ``.jvp`` to set its rules; at least one is needed.

    Raises:
        NonDifferentiableError: when called, if it has no rule, or closes over a node for
            which a gradient is wanted.

    Example:
        >>> import autodiff as ad
        >>> @ad.custom_function
        ... def log1pexp(x):
        ...     return ad.log(1 + ad.exp(x))
        >>> @log1pexp.vjp
        ... def rule(g, y, x):
        ...     return g * (1 - 1 / (1 + ad.exp(x)))
        >>> x = ad.Tensor([0.0, 80.0], requires_grad=True)
        >>> log1pexp(x).sum().backward()
        >>> x.grad
        array([0.5, 1. ])
    """
    return CustomFunction(function)
