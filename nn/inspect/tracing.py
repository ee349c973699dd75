"""One pass through a copy of a model: what each module gave, and what the graph holds."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.extending import raw
from nn.inspect.products import UNCOUNTED, multiply_adds
from nn.module.base import Module

__all__ = ["Pass", "as_inputs", "passed"]

Path = tuple[tuple[str, str], ...]


@dataclass
class Pass:
    """What was seen.

    Attributes:
        model: the copy that was called.
        shapes: of each module that was called, by its id, the shapes of its first result.
        calls: how often each was called.
        products: multiply-adds of each, those of its parts not included.
        activations: bytes of the arrays that the graph holds beside parameters and inputs.
        uncounted: operations whose multiply-adds are not counted.
    """

    model: Module
    shapes: dict[int, Any] = field(default_factory=dict)
    calls: dict[int, int] = field(default_factory=dict)
    products: dict[int, int] = field(default_factory=dict)
    activations: int = 0
    uncounted: set[str] = field(default_factory=set)


def as_inputs(given: tuple[Any, ...], dtype: Any, like: Any) -> list[Any]:
    """Arrays of random numbers for shapes; everything else as it is.

    Raises:
        ValueError: a shape has a negative length.
    """
    rng = np.random.default_rng(0)
    kind = np.dtype(like if dtype is None else dtype)
    found: list[Any] = []
    for one in given:
        if isinstance(one, tuple) and all(isinstance(n, int | np.integer) for n in one):
            if any(n < 0 for n in one):
                raise ValueError(f"a shape has no negative lengths, and {one} was given")
            draws = rng.standard_normal(one) if kind.kind in "fc" else np.zeros(one)
            found.append(draws.astype(kind))
        else:
            found.append(one)
    return found


def passed(model: Module, inputs: list[Any]) -> Pass:
    """Call a copy of a model, in use and not in training, and look at its graph.

    Raises:
        Exception: whatever the model raises, with a note that names the module.
    """
    twin = copy.deepcopy(model).eval()
    found = Pass(twin)
    stack: list[Module] = []
    places: dict[Path, int] = {}
    names = {id(module): name for name, module in twin.named_modules()}

    def before(module: Module, args: Any) -> None:
        stack.append(module)
        places[tuple(part._scope.mark for part in stack)] = id(module)

    def after(module: Module, args: Any, result: Any) -> None:
        stack.pop()
        found.shapes.setdefault(id(module), _shapes(result))
        found.calls[id(module)] = found.calls.get(id(module), 0) + 1

    for module in twin.modules():
        module._forget_hooks()
        if not module._is_called:
            continue
        module.register_forward_pre_hook(before)
        module.register_forward_hook(after)
    library = ad.random.generator().bit_generator
    state = library.state
    try:
        result = twin(*(_wanted(one) for one in inputs))
    except Exception as error:
        if stack:
            where = names[id(stack[-1])] or "the model itself"
            error.add_note(f"(in {where}: {type(stack[-1]).__name__})")
        raise
    finally:
        library.state = state
    _look(found, result, places)
    return found


def _wanted(one: Any) -> Any:
    """An input, with a gradient where it can have one, so that a frozen model has a graph."""
    array = np.asarray(one.data if isinstance(one, Tensor) else one)
    if array.dtype.kind in "fc":
        return Tensor(array, requires_grad=True)
    return one


def _shapes(result: Any) -> Any:
    if isinstance(result, Tensor | np.ndarray):
        return tuple(result.shape)
    if isinstance(result, tuple | list):
        return [_shapes(part) for part in result]
    if isinstance(result, dict):
        return {key: _shapes(part) for key, part in result.items()}
    return "None" if result is None else type(result).__name__


def _look(found: Pass, result: Any, places: dict[Path, int]) -> None:
    own = [*found.model.parameters(), *found.model.buffers()]
    nodes = list(_graph(result))
    leaves = [node for node in nodes if node.op is None]
    owners = {id(_base(raw(tensor))) for tensor in (*own, *leaves)}
    held: dict[int, int] = {}
    for node in nodes:
        if node.op is None:
            continue
        name = node.op.name
        if name in UNCOUNTED:
            found.uncounted.add(name)
        owner = places.get(tuple(node.scope))
        if owner is not None:
            found.products[owner] = found.products.get(owner, 0) + multiply_adds(node)
        base = _base(raw(node))
        if id(base) not in owners:
            held[id(base)] = int(base.nbytes)
    found.activations = sum(held.values())


def _base(array: Any) -> Any:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _graph(result: Any) -> Iterator[Tensor]:
    """Every node behind the results, operands first."""
    todo = [node for node in ad.tree.leaves(result) if isinstance(node, Tensor)]
    seen: set[int] = set()
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        todo += [parent for parent in node.parents if isinstance(parent, Tensor)]
