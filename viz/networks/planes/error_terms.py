"""What a loss sends to the outputs, where that is an error that has a short form."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from viz.networks.model import Network

__all__ = ["adds_up_to_nothing", "error_term"]

ROUNDING = 1e-6
"""Up to this the numbers of a float32 network are the same."""


def error_term(network: Network, sent: Sequence[float]) -> str:
    """A template that makes of an error ``o − t`` what is sent back; empty if none does.

    Args:
        network: its outputs and targets.
        sent: the derivative of the loss by each output.

    Example:
        >>> from viz.networks.model import Layer, Loss, Neuron
        >>> outputs = Layer("outputs", (Neuron("o", 3.0),))
        >>> error_term(Network((outputs,), (), Loss("L", 4.0, targets=(1.0,))), [4.0])
        '2 ({})'
    """
    outputs = np.array([neuron.value for neuron in network.layers[-1].neurons], dtype=float)
    count = len(outputs)
    if network.loss is None or len(network.loss.targets) != count:
        return ""
    errors = outputs - np.array(network.loss.targets)
    means = {} if count == 1 else {1 / count: f"({{}}) / {count}", 2 / count: f"2 ({{}}) / {count}"}
    for times, text in {**means, 1.0: "{}", 2.0: "2 ({})"}.items():
        if np.allclose(sent, times * errors, rtol=ROUNDING, atol=ROUNDING * np.abs(errors).max()):
            return text
    return ""


def adds_up_to_nothing(sent: Sequence[float]) -> bool:
    """Whether numbers add up to zero, but for rounding."""
    return abs(float(np.sum(sent))) <= ROUNDING * float(np.abs(sent).sum())
