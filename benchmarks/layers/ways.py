"""The ways in which a row is worked at: PyTorch's, ours, ours compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

import autodiff as ad
import nn
from benchmarks.layers.row import Row
from benchmarks.peer import Job, Line, Outcome, arrays

# A compiled step records at its first call and compares at its second.
_FIRST_CALLS = 3


def _first(output: Any) -> Any:
    """A layer's main output, where it has several."""
    while isinstance(output, tuple):
        output = output[0]
    return output


def _outcome(y: Any, inputs: list[Any], parameters: dict[str, Any]) -> Outcome:
    """Output and gradients of a step; parameters in the order of their names."""
    leaves = [*inputs, *(parameters[name] for name in sorted(parameters))]
    gradients = [np.asarray(leaf.grad) for leaf in leaves if leaf.grad is not None]
    return Outcome(float(np.linalg.norm(y)), arrays([y, *gradients]), [])


def pytorch(row: Row) -> Job:
    """PyTorch, eager."""
    layer = row.make(torch.nn)
    layer.load_state_dict({name: torch.tensor(value) for name, value in row.state.items()})
    inputs = [torch.tensor(x, requires_grad=x.dtype == np.float32) for x in row.arrays]
    cotangent = torch.tensor(row.cotangent(tuple(_first(layer(*inputs)).shape)))
    leaves = [*inputs, *layer.parameters()]
    output = [cotangent]

    def step() -> None:
        for leaf in leaves:
            leaf.grad = None
        y = _first(layer(*inputs))
        y.backward(cotangent)
        output[0] = y.detach()

    def outcome() -> Outcome:
        named = dict(layer.named_parameters())
        return _outcome(output[0].numpy(), inputs, named)

    return Job(step, None if row.random else outcome)


def ours(row: Row, wrap: Callable[[Any], Any] = lambda step: step, warm: int = 0) -> Job:
    """Our own, as it is or wrapped, after some steps that are not counted."""
    layer = row.make(nn)
    layer.load_state_dict(row.state)
    inputs = [ad.Tensor(x, requires_grad=x.dtype == np.float32) for x in row.arrays]
    cotangent = row.cotangent(_first(layer(*inputs)).shape)
    leaves = [*inputs, *layer.parameters()]
    output: list[Any] = [None]

    def step() -> Any:
        for leaf in leaves:
            leaf.grad = None
        y = _first(layer(*inputs))
        y.backward(cotangent)
        return y

    run = wrap(step)

    def timed() -> None:
        output[0] = run()

    def outcome() -> Outcome:
        named = dict(layer.named_parameters())
        return _outcome(output[0].numpy(), inputs, named)

    for _ in range(warm):
        run()
    return Job(timed, None if row.random else outcome)


PYTORCH = Line("PyTorch", "", Row, pytorch, False)
EAGER = Line("eager", "", Row, ours, True)
COMPILED = Line("compiled", "", Row, lambda row: ours(row, ad.compile, _FIRST_CALLS), True)
