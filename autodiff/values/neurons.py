"""A layer of neurons over Values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autodiff.graph.origin import user_frame
from autodiff.values.functions import placed_functions
from autodiff.values.fusions import weighted_sums
from autodiff.values.value import Value, lift

__all__ = ["neurons"]


def neurons(
    weights: Iterable[Sequence[Any]],
    inputs: Iterable[Any],
    biases: Iterable[Any],
    activations: Iterable[str | None],
) -> list[Value]:
    """Activations of weighted sums of the same inputs: what the neurons of a layer compute.

    It gives what `weighted_sum` and the function give one by one, with the user's line looked
    for only once.

    Args:
        weights: those of each neuron, as many as inputs.
        inputs: Values and numbers.
        biases: a Value or a number for each neuron.
        activations: the name of an elementwise function for each neuron, such as ``"relu"``;
            None for the sum itself.

    Returns:
        A `Value` for each neuron.

    Raises:
        ShapeError: a neuron has not as many weights as there are inputs.

    Example:
        >>> w, b = [[Value(2.0), Value(1.0)]], [Value(-10.0)]
        >>> neurons(w, [3.0, 1.0], b, ["relu"])[0].data, neurons(w, [3.0, 1.0], b, [None])[0].data
        (0.0, -3.0)
    """
    frame = user_frame(2)
    code, instruction = frame.f_code, frame.f_lasti
    sums = weighted_sums(weights, [lift(x) for x in inputs], biases, code, instruction)
    return [
        z if name is None else placed_functions[name](z, code, instruction)
        for z, name in zip(sums, activations, strict=True)
    ]
